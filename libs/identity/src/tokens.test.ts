import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import {
  base64url,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose';
import { nobodyListens } from '../../../test/support/nobody';
import { TokenVerifier } from './tokens';

/** An issuer that may take its keys back, lose them, or name itself otherwise. */
let server: Server;
let issuer: string;
let keys: JWK[] = [];
let calls = 0;
let fault: 'none' | 'other name' | 'no keys' | 'broken keys' | 'hangs up' = 'none';
let one: { publicKey: CryptoKey; privateKey: CryptoKey };
const algorithms = ['ES256', 'EdDSA', 'RS256', 'PS256'];
const pairs = new Map<string, { publicKey: CryptoKey; privateKey: CryptoKey }>();

beforeAll(async () => {
  server = createServer((request, response) => {
    calls++;
    if (fault === 'hangs up') return void request.socket.destroy();
    response.setHeader('content-type', 'application/json');
    if (request.url !== '/jwks') {
      const discovery = {
        issuer: fault === 'other name' ? 'https://elsewhere.example' : issuer,
        jwks_uri: `${issuer}/jwks`,
      };
      return void response.end(JSON.stringify(discovery));
    }
    if (fault === 'no keys') response.statusCode = 503;
    response.end(fault === 'broken keys' ? '<html>' : JSON.stringify({ keys }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  for (const alg of algorithms) pairs.set(alg, await generateKeyPair(alg, { extractable: true }));
  one = pairs.get('ES256')!;
  keys = await Promise.all(
    algorithms.map(async (alg) => ({
      ...(await exportJWK(pairs.get(alg)!.publicKey)),
      kid: alg === 'ES256' ? 'one' : alg,
      alg,
    })),
  );
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => {
  fault = 'none';
  jest.useRealTimers();
});

const now = () => Math.floor(Date.now() / 1000);
/** A token as the issuer makes it, but for what is said otherwise; `undefined` leaves a claim out. */
const token = (
  claims: Record<string, unknown> = {},
  header: Partial<JWTHeaderParameters> = {},
  key: CryptoKey | Uint8Array = one.privateKey,
) =>
  new SignJWT({ iss: issuer, aud: 'hub', sub: 'a', exp: now() + 300, ...claims } as JWTPayload)
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt', ...header })
    .sign(key, { crit: { x: true } });
const later = (seconds: number) =>
  jest.useFakeTimers({
    advanceTimers: true,
    now: Date.now() + seconds * 1000,
    doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'clearTimeout'],
  });
const part = (value: object) => base64url.encode(JSON.stringify(value));

const invalid = { code: 'TOKEN_INVALID' };
const unavailable = { code: 'UNAVAILABLE' };

describe('a token of the issuer for this hub', () => {
  test.each(algorithms)('signed with %s says whose it is', async (alg) => {
    const signed = await token({}, { alg, kid: alg === 'ES256' ? 'one' : alg }, pairs.get(alg)!.privateKey);
    expect(await new TokenVerifier(issuer, 'hub').verify(signed)).toEqual({ issuer, subject: 'a' });
  });

  test('may name several audiences, and its type in full', async () => {
    const verifier = new TokenVerifier(issuer, 'hub');
    expect(await verifier.verify(await token({ aud: ['other', 'hub'] }))).toEqual({ issuer, subject: 'a' });
    expect(await verifier.verify(await token({}, { typ: 'application/at+jwt' }))).toEqual({ issuer, subject: 'a' });
  });

  test('gives nothing but issuer and subject: roles in it are not read', async () => {
    const claims = { roles: ['regional-lead'], scope: 'admin', authority: 'E06000001' };
    expect(await new TokenVerifier(issuer, 'hub').verify(await token(claims))).toEqual({ issuer, subject: 'a' });
  });

  test('is still good within the five seconds by which clocks differ', async () => {
    expect(await new TokenVerifier(issuer, 'hub').verify(await token({ exp: now() - 2 }))).toEqual({
      issuer,
      subject: 'a',
    });
  });
});

describe('a token is refused', () => {
  const refused: [string, () => Promise<string>][] = [
    ['of another issuer', () => token({ iss: 'https://elsewhere.example' })],
    ['of an issuer that only begins alike', () => token({ iss: `${issuer}/tenant` })],
    ['without an issuer', () => token({ iss: undefined })],
    ['for another audience', () => token({ aud: 'another-hub' })],
    ['for no audience', () => token({ aud: undefined })],
    ['that has expired', () => token({ exp: now() - 60 })],
    ['that never expires', () => token({ exp: undefined })],
    ['that is not valid yet', () => token({ nbf: now() + 60 })],
    ['without a subject', () => token({ sub: undefined })],
    ['of type JWT, such as an ID token', () => token({}, { typ: 'JWT' })],
    ['of no type', () => token({}, { typ: undefined })],
    ['with a header that must be understood and is not', () => token({}, { crit: ['x'], x: 1 })],
    ['under an unknown key', async () => token({}, { kid: 'another' }, (await generateKeyPair('ES256')).privateKey)],
    ['of another key under a known name', async () => token({}, {}, (await generateKeyPair('ES256')).privateKey)],
    [
      'that brings its own key',
      async () => {
        const own = await generateKeyPair('ES256', { extractable: true });
        return token({}, { kid: undefined, jwk: await exportJWK(own.publicKey) }, own.privateKey);
      },
    ],
    ['under a known key of another algorithm', () => token({}, { kid: 'RS256' })],
    ['with an HMAC of the public key in PEM', async () => hmac(Buffer.from(await exportSPKI(one.publicKey)))],
    ['with an HMAC of the public key as JSON', async () => hmac(Buffer.from(JSON.stringify(keys[0])))],
    ['with an HMAC of the public point', async () => hmac(Buffer.from(keys[0]!.x!, 'base64url'))],
    ['that nobody signed', async () => `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims())}.`],
    [
      'that nobody signed, under a known key',
      async () => `${part({ alg: 'none', typ: 'at+jwt', kid: 'one' })}.${part(claims())}.AA`,
    ],
    ['whose signature was left out', async () => (await token()).replace(/\.[^.]*$/, '.')],
    ['that is nothing of the kind', async () => 'hunter2'],
    ['of three nothings', async () => '..'],
    ['with a part too many', async () => `${await token()}.AA`],
    ['that is random', async () => [8, 80, 64].map((n) => randomBytes(n).toString('base64url')).join('.')],
  ];
  const claims = () => ({ iss: issuer, aud: 'hub', sub: 'a', exp: now() + 300 });
  const hmac = (secret: Uint8Array) =>
    token({}, { alg: 'HS256' }, Buffer.concat([secret, Buffer.alloc(Math.max(0, 32 - secret.length))]));

  test.each(refused)('%s', async (_what, make) => {
    const text = await make();
    const error = await new TokenVerifier(issuer, 'hub').verify(text).then(
      () => null,
      (seen: { code: string; facts: object; message: string }) => seen,
    );
    expect(error).toMatchObject(invalid);
    expect(JSON.stringify([error!.facts, error!.message])).not.toContain('hunter2');
  });

  test('by a hub without an issuer or an audience, whatever it says', async () => {
    const good = await token();
    await expect(new TokenVerifier(null, 'hub').verify(good)).rejects.toMatchObject(invalid);
    await expect(new TokenVerifier(issuer, null).verify(good)).rejects.toMatchObject(invalid);
    expect(await new TokenVerifier(null, null).reachable()).toBe(false);
  });

  test('when one character of it is changed, whatever was verified before', async () => {
    const verifier = new TokenVerifier(issuer, 'hub');
    const good = await token();
    await verifier.verify(good);
    const [head, , signature] = good.split('.');
    await expect(verifier.verify(`${head}.${part({ ...claims(), sub: 'b' })}.${signature}`)).rejects.toMatchObject(
      invalid,
    );
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const [place, before] of [...good].entries()) {
      // Of the last character of a part the lowest bits may be spare.
      const next = alphabet[alphabet.indexOf(before) ^ 1] ?? 'A';
      for (const other of place === good.length - 1 ? alphabet.replace(before, '') : next)
        await expect(verifier.verify(good.slice(0, place) + other + good.slice(place + 1))).rejects.toMatchObject(
          invalid,
        );
    }
    for (const more of ['=', ' ', '\n']) await expect(verifier.verify(good + more)).rejects.toMatchObject(invalid);
  });
});

describe('an issuer that does not answer is said to be so, and not that the token is bad', () => {
  test.each(['hangs up', 'other name'] as const)('from the beginning: %s', async (what) => {
    const verifier = new TokenVerifier(issuer, 'hub');
    fault = what;
    await expect(verifier.verify(await token())).rejects.toMatchObject(unavailable);
    expect(await verifier.reachable()).toBe(false);
    fault = 'none';
    expect(await verifier.verify(await token())).toEqual({ issuer, subject: 'a' });
    expect(await verifier.reachable()).toBe(true);
  });

  test.each(['no keys', 'broken keys', 'hangs up'] as const)('when its keys are asked for: %s', async (what) => {
    const verifier = new TokenVerifier(issuer, 'hub');
    expect(await verifier.reachable()).toBe(true);
    fault = what;
    later(700);
    await expect(verifier.verify(await token())).rejects.toMatchObject(unavailable);
    expect(await verifier.reachable()).toBe(false);
    // What can be judged without a key is still judged.
    await expect(verifier.verify('hunter2')).rejects.toMatchObject(invalid);
    fault = 'none';
    expect(await verifier.verify(await token())).toEqual({ issuer, subject: 'a' });
    expect(await verifier.reachable()).toBe(true);
  });

  test('and is asked once in five seconds, however often somebody looks', async () => {
    const verifier = new TokenVerifier(issuer, 'hub');
    expect(await verifier.reachable()).toBe(true);
    const before = calls;
    fault = 'hangs up';
    for (let i = 0; i < 5; i++) expect(await verifier.reachable()).toBe(true);
    expect(calls).toBe(before);
    later(6);
    expect(await verifier.reachable()).toBe(false);
    // What was known goes on.
    expect(await verifier.verify(await token())).toEqual({ issuer, subject: 'a' });
  });

  test('and a server that is not there at all', async () => {
    const nobody = await nobodyListens();
    const verifier = new TokenVerifier(nobody, 'hub');
    await expect(verifier.verify(await token({ iss: nobody }))).rejects.toMatchObject(unavailable);
  });
});

describe('what is remembered', () => {
  test('a token that was verified holds until it expires and no longer', async () => {
    const verifier = new TokenVerifier(issuer, 'hub');
    const short = await token({ exp: now() + 30 });
    expect(await verifier.verify(short)).toEqual({ issuer, subject: 'a' });
    const before = calls;
    later(20);
    expect(await verifier.verify(short)).toEqual({ issuer, subject: 'a' });
    expect(calls).toBe(before);
    later(20);
    await expect(verifier.verify(short)).rejects.toMatchObject(invalid);
  });

  test('a refused token is not', async () => {
    const verifier = new TokenVerifier(issuer, 'hub');
    const early = await token({ nbf: now() + 20, exp: now() + 100 });
    await expect(verifier.verify(early)).rejects.toMatchObject(invalid);
    later(30);
    expect(await verifier.verify(early)).toEqual({ issuer, subject: 'a' });
  });

  test('an issuer that takes its key back is heard within a minute and a refresh of its keys', async () => {
    const verifier = new TokenVerifier(issuer, 'hub');
    const long = await token({ exp: now() + 3600 });
    await verifier.verify(long);
    const taken = keys;
    keys = [];
    try {
      later(30);
      expect(await verifier.verify(long)).toEqual({ issuer, subject: 'a' });
      later(11 * 60);
      await expect(verifier.verify(long)).rejects.toMatchObject(invalid);
    } finally {
      keys = taken;
    }
  });

  test('unknown keys do not make the hub ask the issuer at every request', async () => {
    const verifier = new TokenVerifier(issuer, 'hub');
    await verifier.verify(await token());
    const before = calls;
    for (let n = 0; n < 5; n++)
      await expect(verifier.verify(await token({}, { kid: `made-up-${n}` }))).rejects.toMatchObject(invalid);
    expect(calls - before).toBeLessThanOrEqual(1);
  });
});
