import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { TokenVerifier } from './tokens';

/** An issuer that counts how often its keys are asked for, and may take them back. */
let server: Server;
let issuer: string;
let keys: JWK[] = [];
let privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

beforeAll(async () => {
  server = createServer((request, response) => {
    const discovery = { issuer, jwks_uri: `${issuer}/jwks` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/jwks' ? { keys } : discovery));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const pair = await generateKeyPair('ES256', { extractable: true });
  privateKey = pair.privateKey;
  keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => jest.useRealTimers());

const token = (seconds: number) =>
  new SignJWT({ sub: 'a' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience('hub')
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(privateKey);
const later = (seconds: number) =>
  jest.useFakeTimers({ advanceTimers: true, now: Date.now() + seconds * 1000, doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'clearTimeout'] }); // prettier-ignore

test('a token that was verified holds until it expires and no longer', async () => {
  const verifier = new TokenVerifier(issuer, 'hub');
  const short = await token(30);
  expect(await verifier.verify(short)).toEqual({ issuer, subject: 'a' });
  later(20);
  expect(await verifier.verify(short)).toEqual({ issuer, subject: 'a' });
  later(20);
  await expect(verifier.verify(short)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
});

test('one changed character is another token, whatever was verified before', async () => {
  const verifier = new TokenVerifier(issuer, 'hub');
  const good = await token(30);
  await verifier.verify(good);
  const [head, , signature] = good.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'b', iss: issuer, aud: 'hub', exp: 9_999_999_999 })).toString(
    'base64url',
  );
  await expect(verifier.verify(`${head}.${claims}.${signature}`)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
});

test('an issuer that takes its key back is heard within a minute and a refresh of its keys', async () => {
  const verifier = new TokenVerifier(issuer, 'hub');
  const long = await token(3600);
  await verifier.verify(long);
  const taken = keys;
  keys = [];
  try {
    later(30);
    expect(await verifier.verify(long)).toEqual({ issuer, subject: 'a' });
    later(11 * 60);
    await expect(verifier.verify(long)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  } finally {
    keys = taken;
  }
});
