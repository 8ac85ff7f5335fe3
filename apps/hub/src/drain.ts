import type { Server, ServerResponse } from 'node:http';

/**
 * Lets a server come to its end while clients go on asking: every answer from then on is the last of its connection, and
 * says so, those that are just being made too. Without it a connection that is kept alive and always busy never ends.
 * @returns what begins the end
 */
export function drainable(server: Server): () => void {
  const answering = new Set<ServerResponse>();
  let ending = false;
  const last = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('Connection', 'close');
  };
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (ending) return last(response);
    answering.add(response);
    response.once('close', () => answering.delete(response));
  });
  return () => {
    ending = true;
    answering.forEach(last);
    server.closeIdleConnections();
  };
}
