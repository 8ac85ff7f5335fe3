import { createRemoteJWKSet, jwtVerify } from 'jose';
import { newKey, publicOf, requestToken } from '@hub/client';
import { askForToken, startIssuer, type Issuer } from '../issuer/issuer';

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer({ audience: 'https://hub.example/graphql', ttl: 60 });
});
afterAll(() => issuer.stop());

test('the development issuer gives access tokens of RFC 9068, checked by its published keys', async () => {
  const discovery = (await (await fetch(`${issuer.issuer}/.well-known/openid-configuration`)).json()) as Record<
    string,
    string
  >;
  expect(discovery.issuer).toBe(issuer.issuer);
  const keys = createRemoteJWKSet(new URL(discovery.jwks_uri!));
  for (const [role, code] of [
    ['regional-lead', 'E12000001'],
    ['authority-system', 'E06000061 / E06000062'],
    ['authority-approver-2', 'E06000001'],
    ['steward', 'hub'],
  ] as const) {
    const { payload } = await jwtVerify(await issuer.tokenFor(role, code), keys, {
      issuer: issuer.issuer,
      audience: 'https://hub.example/graphql',
      typ: 'at+jwt',
      algorithms: ['ES256'],
    });
    expect(payload.sub).toBe(`${role}@${code}`);
    expect(payload.exp! - payload.iat!).toBe(60);
  }
});

test('it gives none for a role that does not exist, nor without its secret', async () => {
  await expect(issuer.tokenFor('king', 'E12000001')).rejects.toThrow('invalid_client');
  await expect(issuer.tokenFor('regional-lead', 'Leeds')).rejects.toThrow('invalid_client');
  await expect(askForToken(issuer.issuer, 'guess', 'steward', 'hub')).rejects.toThrow('invalid_client');
});

test('a client with a key of its own shows who it is by private_key_jwt, each time anew', async () => {
  const key = await newKey('system-1', 'ES256');
  const client = await issuer.registerClient(publicOf(key));
  const sent = jest.spyOn(globalThis, 'fetch');
  const { token } = await requestToken({ issuer: issuer.issuer, audience: issuer.audience, client, key });
  const [endpoint, request] = sent.mock.calls.at(-1)!;
  sent.mockRestore();
  const keys = createRemoteJWKSet(new URL(`${issuer.issuer}/jwks`));
  const { payload } = await jwtVerify(token, keys, { audience: issuer.audience, typ: 'at+jwt' });
  expect(payload).toMatchObject({ sub: client, client_id: client });
  // Who has seen the assertion can do nothing with it: it works once.
  const again = await fetch(endpoint, request && { method: 'POST', body: request.body });
  expect(await again.json()).toMatchObject({ error: 'invalid_client' });
  await expect(askForToken(issuer.issuer, 'guess', 'steward', 'hub')).rejects.toThrow('invalid_client');
});

test('it ends when it is told to, and then gives no tokens', async () => {
  const short = await startIssuer({ audience: 'https://other.example' });
  expect(await short.tokenFor('auditor', 'hub')).toMatch(/^ey/);
  await short.stop();
  await expect(short.tokenFor('auditor', 'hub')).rejects.toThrow();
});
