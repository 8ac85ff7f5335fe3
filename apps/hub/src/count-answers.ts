import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { counted } from '@hub/platform';

const paths: readonly [begins: string, route: string][] = [
  ['/graphql', 'graphql'],
  ['/submissions', 'submissions'],
  ['/ledger', 'ledger'],
  ['/health', 'health'],
  ['/.well-known', 'about'],
];

/** The kind of a request, one of few: never the path, which holds ids. A return that is sent is a kind of its own. */
function routeOf({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): string {
  const route = paths.find(([begins]) => url.startsWith(begins))?.[1] ?? 'other';
  return route === 'submissions' && method === 'POST' ? 'submit' : route;
}

/** Counts every answer of the server for who runs the hub; what was cut off before its end counts as `cut`. */
export function countAnswers(server: Server): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const [route, from] = [routeOf(request), performance.now()];
    response.once('close', () => {
      const status = response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'cut';
      counted.answers.inc({ route, status });
      if (route === 'graphql' || route === 'submit')
        counted.seconds.observe({ route }, (performance.now() - from) / 1000);
    });
  });
}
