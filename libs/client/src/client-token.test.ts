import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signatureHolds, signingInput } from '@hub/identity/domain';
import { nobodyListens } from '../../../test/support/nobody';
import { clientToken, requestToken, type ClientCredentials } from './client-token';
import { HubClient } from './hub-client';
import { HubProblem, Unreachable } from './problem';
import { newKey, publicOf, type PrivateJwk } from './signing';

let server: Server;
let issuer: string;
let key: PrivateJwk;
let discovery: Record<string, unknown>;
/** What the token endpoint answers, and what it was asked with. */
let answer: { status: number; body: unknown };
let asked: URLSearchParams[];
let authorization: (string | undefined)[];

beforeAll(async () => {
  key = await newKey('system-1');
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const say = (status: number, what: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(what));
      if (request.url === '/moved') return response.writeHead(307, { location: `${issuer}/token` }).end();
      if (request.url?.startsWith('/.well-known/openid')) return say(200, discovery);
      if (request.url?.startsWith('/.well-known/hub')) {
        authorization.push(request.headers.authorization);
        return say(200, { hubId: 'hub' });
      }
      asked.push(new URLSearchParams(body));
      return say(answer.status, answer.body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [asked, authorization] = [[], []];
  discovery = { issuer, token_endpoint: `${issuer}/token` };
  gives('T1');
});
const gives = (token: string, seconds: number | undefined = 300) =>
  (answer = { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: seconds } });
const credentials = (more: Partial<ClientCredentials> = {}): ClientCredentials => ({
  issuer,
  client: 'client-1',
  key,
  audience: 'https://hub.example/graphql',
  ...more,
});
const part = (assertion: string, i: number) =>
  JSON.parse(Buffer.from(assertion.split('.')[i]!, 'base64url').toString()) as Record<string, unknown>;
const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => error,
  );

test.each(['EdDSA', 'ES256'] as const)('shows who it is by an assertion signed with %s, new each time', async (alg) => {
  const own = await newKey('system-2', alg);
  const now = Date.UTC(2026, 0, 1);
  for (let i = 0; i < 2; i++) {
    expect(await requestToken(credentials({ key: own }), now)).toEqual({ token: 'T1', seconds: 300 });
  }
  const [{ client_assertion: one, ...form }, { client_assertion: other }] = asked.map((one) =>
    Object.fromEntries(one),
  ) as [Record<string, string>, Record<string, string>];
  expect(form).toEqual({
    grant_type: 'client_credentials',
    client_id: 'client-1',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    resource: 'https://hub.example/graphql',
  });
  expect(part(one!, 0)).toEqual({ alg, kid: 'system-2', typ: 'JWT' });
  const seconds = now / 1000;
  const claims = { iss: 'client-1', sub: 'client-1', aud: issuer, iat: seconds, exp: seconds + 60 };
  expect(part(one!, 1)).toMatchObject(claims);
  expect(part(one!, 1)['jti']).not.toBe(part(other!, 1)['jti']);
  const [head, body, signature] = one!.split('.') as [string, string, string];
  const holds = signatureHolds(alg, publicOf(own), signingInput(head, body), Buffer.from(signature, 'base64url'));
  expect(holds).toBe(true);
});

test('takes an issuer’s own wishes', async () => {
  await requestToken(credentials({ scope: 'hub', assertionAudience: `${issuer}/token` }));
  expect(asked[0]!.get('scope')).toBe('hub');
  expect(part(asked[0]!.get('client_assertion')!, 1)['aud']).toBe(`${issuer}/token`);
});

test('what the issuer does not give is a problem with a code, and its text is not repeated', async () => {
  answer = { status: 401, body: { error: 'invalid_client', error_description: 'zqbroken' } };
  const told = (await failure(requestToken(credentials()))) as HubProblem;
  expect(told).toBeInstanceOf(HubProblem);
  expect(told).toMatchObject({ code: 'TOKEN_REFUSED', more: { status: 401, facts: { reason: 'invalid_client' } } });
  expect(JSON.stringify([told, told.message])).not.toContain('zqbroken');
  answer = { status: 400, body: { error: 'zqbroken' } };
  expect(((await failure(requestToken(credentials()))) as HubProblem).more.facts).toBeUndefined();
  for (const body of [
    { access_token: 'a b', token_type: 'Bearer' },
    { access_token: 'T', token_type: 'mac' },
    {},
    null,
  ]) {
    answer = { status: 200, body };
    expect(await failure(requestToken(credentials()))).toMatchObject({ code: 'TOKEN_REFUSED' });
  }
});

test.each<[string, () => Partial<ClientCredentials> | Promise<Partial<ClientCredentials>>]>([
  ['names another issuer', () => ((discovery = { ...discovery, issuer: 'https://elsewhere.example' }), {})],
  ['names no token endpoint', () => ((discovery = { issuer }), {})],
  ['names an endpoint in the open', () => ((discovery = { issuer, token_endpoint: 'http://elsewhere.example' }), {})],
  ['sends the caller elsewhere', () => ((discovery = { issuer, token_endpoint: `${issuer}/moved` }), {})],
  ['is not there', async () => ({ issuer: await nobodyListens() })],
  ['is asked in the open', () => ({ issuer: 'http://issuer.example' })],
  ['fails', () => ((answer = { status: 503, body: {} }), {})],
])('an issuer that %s cannot be reached, and gets no assertion', async (what, change) => {
  expect(await failure(requestToken(credentials(await change())))).toBeInstanceOf(Unreachable);
  expect(asked).toHaveLength(what === 'fails' ? 1 : 0);
});

describe('a source of tokens', () => {
  let now: number;
  const source = () => {
    now = 1_000_000;
    return clientToken(credentials(), () => now);
  };

  test('keeps a token and renews it before it ends', async () => {
    const token = source();
    expect([await token(), await token()]).toEqual(['T1', 'T1']);
    gives('T2');
    now += 239_000;
    expect([await token(), asked.length]).toEqual(['T1', 1]);
    now += 1_000;
    expect([await token(), await token(), asked.length]).toEqual(['T2', 'T2', 2]);
  });

  test('renews a short one after four fifths of its life', async () => {
    gives('T1', 10);
    const token = source();
    await token();
    now += 7_900;
    expect([await token(), asked.length]).toEqual(['T1', 1]);
    now += 200;
    await token();
    expect(asked).toHaveLength(2);
  });

  test('asks once for all who wait', async () => {
    const token = source();
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => token())))).toEqual(new Set(['T1']));
    expect(asked).toHaveLength(1);
  });

  test('uses a token on while it holds where the renewal fails, and says so when it does not', async () => {
    const token = source();
    await token();
    answer = { status: 503, body: {} };
    now += 299_000;
    expect(await token()).toBe('T1');
    now += 1_000;
    await expect(token()).rejects.toBeInstanceOf(Unreachable);
    gives('T3');
    expect(await token()).toBe('T3');
  });

  test('stands behind every call of the client', async () => {
    const hub = new HubClient({ url: issuer, token: source() });
    await hub.describe();
    gives('T2');
    now += 300_000;
    await hub.describe();
    expect(authorization).toEqual(['Bearer T1', 'Bearer T2']);
  });
});
