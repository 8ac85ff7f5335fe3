import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseAddress, HubClient, HubProblem, requestToken, Unreachable } from '@hub/client';
import { roles } from '@hub/identity/domain';
import { UsageError, type Command, type Values } from './command';
import { hubAddress } from './connection';
import { readKey } from './keys';

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

/** A member of the development world, by the secret that its issuer shares with nobody else. */
async function ofDevelopment(values: Values): Promise<string> {
  for (const name of ['as', 'of']) if (!values.has(name)) throw new UsageError(`--${name} is missing.`);
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
  const { token_endpoint: endpoint } = await call(`${baseAddress(issuer)}/.well-known/openid-configuration`);
  // A secret goes nowhere but to the issuer itself.
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint) || new URL(endpoint).origin !== new URL(issuer).origin) {
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
      next: `Check --of, and that --as is one of ${roles.join(', ')}; the second holder of a role is ROLE-2.`,
    });
  }
  return token;
}

/** A system, by the key that the issuer has of it. */
async function ofClient(values: Values): Promise<string> {
  const key = readKey(values.the('key'));
  const said = values.has('issuer') && values.has('audience') ? null : await hubOfUrl(values).describe();
  const [issuer, audience] = [values.get('issuer') ?? said?.issuer, values.get('audience') ?? said?.audience];
  if (typeof issuer !== 'string' || typeof audience !== 'string') {
    throw new Unreachable('The hub names no token issuer and audience: it takes no tokens.');
  }
  const more = { scope: values.get('scope'), assertionAudience: values.get('assertion-audience') };
  const asked = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
  return (await requestToken({ issuer, audience, client: values.the('client'), key, ...asked })).token;
}

function hubOfUrl(values: Values): HubClient {
  const url = values.get('url');
  if (url === undefined) throw new UsageError('--url is missing (or --issuer and --audience).');
  return new HubClient({ url: hubAddress(url) });
}

export const tokenCommands: readonly Command[] = [
  {
    name: 'token',
    usage:
      '--client ID --key FILE (--url HUB | --issuer URL --audience TEXT) [--scope TEXT] [--assertion-audience TEXT]',
    summary: 'An access token for a system, alone on stdout: its own key shows the issuer who it is.',
    options: {
      client: 'optional',
      key: 'optional',
      url: 'optional',
      issuer: 'optional',
      audience: 'optional',
      scope: 'optional',
      'assertion-audience': 'optional',
      as: 'optional',
      of: 'optional',
    },
    more: [
      'Client credentials with private_key_jwt (RFC 7523). Issuer and audience are those that the hub names in hub.json. The key',
      'is made with `hub keys new`; its public half is registered at the issuer. It is another one than the key that signs',
      'returns. --assertion-audience is for issuers that want their token endpoint as the assertion’s audience.',
      '',
      'With the development issuer of `npm run dev`, a member of its world: hub token --as ROLE --of CODE',
      `ROLE is ${roles.join(', ')},`,
      'and the second holder of one is ROLE-2: authority-approver-2.',
    ].join('\n'),
    async run(values) {
      if (values.has('client') === values.has('as')) throw new UsageError('Give --client and --key, or --as and --of.');
      if (values.has('client') && !values.has('key')) throw new UsageError('--key is missing.');
      const token = await (values.has('client') ? ofClient(values) : ofDevelopment(values));
      return { text: `${token}\n`, json: { token } };
    },
  },
];
