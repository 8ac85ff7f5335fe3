import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HubProblem, Unreachable } from '@hub/client';
import { UsageError, type Command } from './command';

function read(file: string): Record<string, unknown> {
  const path = join(process.env['HUB_DATA_DIR'] ?? '.data', file);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch {
    throw new UsageError(
      `${path} is not there: only the development issuer of \`npm run dev\` gives tokens in this way.`,
    );
  }
}

async function call(url: string, body?: URLSearchParams): Promise<Record<string, unknown>> {
  try {
    const answer = await fetch(url, {
      signal: AbortSignal.timeout(10_000),
      redirect: 'error',
      ...(body ? { method: 'POST', body } : {}),
    });
    return (await answer.json()) as Record<string, unknown>;
  } catch {
    throw new Unreachable(`No answer from the issuer at ${new URL(url).origin}.`);
  }
}

export const tokenCommands: readonly Command[] = [
  {
    name: 'token',
    usage: '--as ROLE --of CODE',
    summary: 'An access token for a member of the development world, alone on stdout. Development issuer only.',
    options: { as: 'required', of: 'required' },
    async run(values) {
      const { issuer, audience } = read('dev.json');
      const { clientSecret } = read('dev-issuer.json');
      if (
        typeof issuer !== 'string' ||
        !URL.canParse(issuer) ||
        typeof audience !== 'string' ||
        typeof clientSecret !== 'string'
      ) {
        throw new UsageError('dev.json and dev-issuer.json do not name issuer, audience and clientSecret.');
      }
      const { token_endpoint: endpoint } = await call(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`);
      // A secret goes nowhere but to the issuer itself.
      if (
        typeof endpoint !== 'string' ||
        !URL.canParse(endpoint) ||
        new URL(endpoint).origin !== new URL(issuer).origin
      ) {
        throw new Unreachable('The issuer does not name its token endpoint.');
      }
      const answer = await call(
        endpoint,
        new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: `${values.the('as')}@${values.the('of')}`,
          client_secret: clientSecret,
          resource: audience,
        }),
      );
      const token = answer['access_token'];
      if (typeof token !== 'string') {
        throw new HubProblem('NOT_FOR_THIS_ROLE', 'The issuer knows no such member', {
          status: 400,
          next: 'Check --as and --of.',
        });
      }
      return { text: `${token}\n`, json: { token } };
    },
  },
];
