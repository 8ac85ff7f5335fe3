import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import * as fc from 'fast-check';
import { Refusal, sha256 } from '@hub/kernel';
import {
  assertAudience,
  assertFresh,
  assertNotOlder,
  ENVELOPE_TYPE,
  parseEnvelope,
  signedAt,
  verifySignatures,
} from './envelope';
import { endOfOverlap, signingInput, type Algorithm } from '@hub/identity/domain';
import type { RegisteredKey } from '@hub/identity/domain';
import { limits } from './limits';

const b64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64url');
const pairs = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
const rawSign = (alg: Algorithm, input: Buffer, key: KeyObject = pairs[alg].privateKey) =>
  sign(alg === 'EdDSA' ? null : 'sha256', input, { key, dsaEncoding: 'ieee-p1363' });
const registered = (alg: Algorithm, more: Partial<RegisteredKey> = {}): RegisteredKey => ({
  kid: `key-${alg}`,
  organisation: 'E06000001',
  alg,
  jwk: pairs[alg].publicKey.export({ format: 'jwk' }),
  approvedAt: new Date('2025-01-01'),
  until: null,
  revokedAt: null,
  ...more,
});
const now = new Date('2025-07-10T12:00:00Z');
const iat = now.getTime() / 1000;
const header = (alg: string, more: object = {}) => ({
  alg,
  kid: `key-${alg}`,
  typ: ENVELOPE_TYPE,
  iat,
  jti: 'AAAAAAAAAAAAAAAAAAAAAA',
  aud: 'hub.example',
  ...more,
});
const payload = b64('{"rows":[]}');
/** One signature over the payload, with any header text. */
const signed = (head: string, alg: Algorithm = 'EdDSA') => ({
  protected: b64(head),
  signature: b64(rawSign(alg, signingInput(b64(head), payload))),
});
const flattened = (more: object = {}, alg: Algorithm = 'EdDSA') => ({
  payload,
  ...signed(JSON.stringify(header(alg, more)), alg),
});
const bytesOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const parsed = (value: unknown) => parseEnvelope(bytesOf(value));
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return error instanceof Refusal ? `${error.code} ${error.more.pointer ?? ''}`.trim() : String(error);
  }
};
const verifiedCode = async (value: unknown, keys: readonly RegisteredKey[]): Promise<string> =>
  verifySignatures(parsed(value), async (kid) => keys.find((key) => key.kid === kid) ?? null, now).then(
    () => 'accepted',
    (error: unknown) =>
      codeOf(() => {
        throw error;
      }),
  );
const both = {
  payload,
  signatures: [signed(JSON.stringify(header('EdDSA'))), signed(JSON.stringify(header('ES256')), 'ES256')],
};

test('a flattened and a general envelope are read, and the payload is left alone', async () => {
  const bytes = bytesOf(flattened());
  const envelope = parseEnvelope(bytes);
  expect(envelope).toMatchObject({
    jti: 'AAAAAAAAAAAAAAAAAAAAAA',
    aud: 'hub.example',
    digest: sha256(bytes).toString('hex'),
  });
  expect(envelope.payloadBytes.toString()).toBe('{"rows":[]}');
  expect(await verifiedCode(flattened(), [registered('EdDSA')])).toBe('accepted');
  expect(await verifiedCode(flattened({}, 'ES256'), [registered('ES256')])).toBe('accepted');
  expect(await verifiedCode(both, [registered('EdDSA'), registered('ES256')])).toBe('accepted');
  const garbage = { ...flattened(), payload: b64(Buffer.of(0xff, 0x00)) };
  expect(codeOf(() => parsed(garbage))).toBe('accepted');
});

test('one with a byte order mark before it is told so by its name', () => {
  expect(() => parsed(`\uFEFF${JSON.stringify(flattened())}`)).toThrow(
    expect.objectContaining({
      code: 'ENVELOPE_MALFORMED',
      facts: { expected: 'JSON in UTF-8 without a byte order mark before it' },
    }),
  );
});

const good = flattened();
const headed = (head: unknown) => ({ payload, ...signed(typeof head === 'string' ? head : JSON.stringify(head)) });
test.each<[string, unknown, string]>([
  ['not JSON', 'hello', 'ENVELOPE_MALFORMED'],
  ['nothing', '', 'ENVELOPE_MALFORMED'],
  ['compact serialization', `${good.protected}.${payload}.${good.signature}`, 'ENVELOPE_MALFORMED'],
  ['an array', [good], 'ENVELOPE_MALFORMED'],
  ['null', 'null', 'ENVELOPE_MALFORMED'],
  ['not a JWS', { rows: [] }, 'ENVELOPE_MALFORMED'],
  ['a member twice', JSON.stringify(good).replace('{', '{"payload":"e30",'), 'ENVELOPE_MALFORMED'],
  ['depth 10,000', '['.repeat(10_000) + ']'.repeat(10_000), 'ENVELOPE_MALFORMED'],
  ['a further member', { ...good, note: 1 }, 'ENVELOPE_MALFORMED'],
  ['no signature', { payload, protected: good.protected }, 'ENVELOPE_MALFORMED'],
  ['no protected header', { payload, signature: good.signature }, 'ENVELOPE_MALFORMED'],
  ['both serializations', { ...both, signature: good.signature, protected: good.protected }, 'ENVELOPE_MALFORMED'],
  ['no signatures', { payload, signatures: [] }, 'ENVELOPE_MALFORMED /signatures'],
  ['five signatures', { payload, signatures: Array(5).fill(both.signatures[0]) }, 'ENVELOPE_MALFORMED /signatures'],
  ['a number as payload', { ...good, payload: 1 }, 'ENVELOPE_MALFORMED'],
  ['padding in the payload', { ...good, payload: `${b64('{}')}=` }, 'ENVELOPE_MALFORMED /payload'],
  [
    'spaces in the payload',
    { ...good, payload: `${payload.slice(0, 3)} ${payload.slice(3)}` },
    'ENVELOPE_MALFORMED /payload',
  ],
  ['spare bits in the payload', { ...good, payload: 'e31' }, 'ENVELOPE_MALFORMED /payload'],
  ['base64 for base64url', { ...good, signature: `${good.signature.slice(0, -1)}+` }, 'ENVELOPE_MALFORMED /signature'],
  ['loose base64 in the header', { ...good, protected: `${good.protected}\n` }, 'ENVELOPE_MALFORMED /protected'],
  ['an unprotected header', { ...good, header: { kid: 'x' } }, 'ENVELOPE_HEADER /header'],
  [
    'an unprotected header beside a signature',
    { payload, signatures: [{ ...both.signatures[0], header: {} }] },
    'ENVELOPE_HEADER /signatures/0/header',
  ],
  [
    'algorithm none',
    { payload, protected: b64(JSON.stringify(header('none'))), signature: '' },
    'ENVELOPE_ALGORITHM /protected',
  ],
  ['HMAC with the public key', headed(header('HS256')), 'ENVELOPE_ALGORITHM /protected'],
  ['RSA', headed(header('RS256')), 'ENVELOPE_ALGORITHM /protected'],
  ['an algorithm that is no text', headed({ ...header('EdDSA'), alg: ['EdDSA'] }), 'ENVELOPE_ALGORITHM /protected'],
  ['no algorithm', headed({ ...header('EdDSA'), alg: undefined }), 'ENVELOPE_HEADER /protected'],
  ['jwk in the header', headed(header('EdDSA', { jwk: registered('EdDSA').jwk })), 'ENVELOPE_HEADER /protected'],
  ['jku in the header', headed(header('EdDSA', { jku: 'https://evil.example' })), 'ENVELOPE_HEADER /protected'],
  ['x5c in the header', headed(header('EdDSA', { x5c: [] })), 'ENVELOPE_HEADER /protected'],
  ['crit', headed(header('EdDSA', { crit: ['exp'] })), 'ENVELOPE_HEADER /protected'],
  ['b64 false', headed(header('EdDSA', { b64: false })), 'ENVELOPE_HEADER /protected'],
  ['another typ', headed(header('EdDSA', { typ: 'JWT' })), 'ENVELOPE_HEADER /protected'],
  ['iat as text', headed(header('EdDSA', { iat: '1' })), 'ENVELOPE_HEADER /protected'],
  ['iat with a fraction', headed(header('EdDSA', { iat: 1.5 })), 'ENVELOPE_HEADER /protected'],
  ['a short jti', headed(header('EdDSA', { jti: 'A'.repeat(19) })), 'ENVELOPE_HEADER /protected'],
  ['a long jti', headed(header('EdDSA', { jti: 'A'.repeat(65) })), 'ENVELOPE_HEADER /protected'],
  ['a kid with a space', headed(header('EdDSA', { kid: 'a b' })), 'ENVELOPE_HEADER /protected'],
  ['aud as a list', headed(header('EdDSA', { aud: ['hub.example'] })), 'ENVELOPE_HEADER /protected'],
  [
    'a header member twice',
    headed(JSON.stringify(header('EdDSA')).replace('{', '{"alg":"none",')),
    'ENVELOPE_HEADER /protected',
  ],
  ['a header that is no object', headed('[]'), 'ENVELOPE_HEADER /protected'],
  [
    'two jti',
    {
      payload,
      signatures: [both.signatures[0], signed(JSON.stringify(header('ES256', { jti: 'B'.repeat(22) })), 'ES256')],
    },
    'ENVELOPE_HEADER /signatures/1/protected',
  ],
  [
    'two audiences',
    {
      payload,
      signatures: [both.signatures[0], signed(JSON.stringify(header('ES256', { aud: 'sister.example' })), 'ES256')],
    },
    'ENVELOPE_HEADER /signatures/1/protected',
  ],
  [
    'one key twice',
    { payload, signatures: [both.signatures[0], both.signatures[0]] },
    'ENVELOPE_HEADER /signatures/1/protected',
  ],
])('refused: %s', (_what, value, code) => expect(codeOf(() => parsed(value))).toBe(code));

test('the size is looked at before anything else', () => {
  const tooLarge = Buffer.alloc(limits.envelopeBytes + 1, 0x5b);
  expect(codeOf(() => parseEnvelope(tooLarge))).toBe('ENVELOPE_TOO_LARGE');
  expect(codeOf(() => parseEnvelope(tooLarge.subarray(1)))).toBe('ENVELOPE_MALFORMED');
});

test('a refusal holds nothing of the text', () => {
  const secret = 'Jane Doe 943 476 5919';
  for (const value of [
    secret,
    { [secret]: 1 },
    { ...good, payload: secret },
    headed(header('EdDSA', { [secret]: secret })),
    headed(header(secret)),
  ]) {
    try {
      parsed(value);
      throw new Error('accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      expect(JSON.stringify({ ...(error as object), text: String(error) })).not.toContain('Jane');
    }
  }
});

test.each<[string, unknown, RegisteredKey[], string]>([
  ['an unregistered key', good, [], 'KEY_UNKNOWN'],
  ['a key that is not approved yet', good, [registered('EdDSA', { approvedAt: null })], 'KEY_UNKNOWN'],
  ['a revoked key', good, [registered('EdDSA', { revokedAt: now })], 'KEY_REVOKED'],
  ['a key that another has replaced', good, [registered('EdDSA', { until: now })], 'KEY_RETIRED'],
  [
    'an algorithm other than the key’s',
    good,
    [registered('ES256', { kid: 'key-EdDSA' })],
    'ENVELOPE_ALGORITHM /protected',
  ],
  [
    'a key of another shape than its algorithm',
    good,
    [registered('EdDSA', { jwk: registered('ES256').jwk })],
    'SIGNATURE_INVALID /signature',
  ],
  [
    'a changed payload',
    { ...good, payload: b64('{"rows":[1]}') },
    [registered('EdDSA')],
    'SIGNATURE_INVALID /signature',
  ],
  ['an empty signature', { ...good, signature: '' }, [registered('EdDSA')], 'SIGNATURE_INVALID /signature'],
  [
    'a DER signature',
    {
      ...flattened({}, 'ES256'),
      signature: b64(sign('sha256', signingInput(flattened({}, 'ES256').protected, payload), pairs.ES256.privateKey)),
    },
    [registered('ES256')],
    'SIGNATURE_INVALID /signature',
  ],
  [
    'a bad second signature',
    { ...both, signatures: [both.signatures[0], { ...both.signatures[1], signature: good.signature }] },
    [registered('EdDSA'), registered('ES256')],
    'SIGNATURE_INVALID /signatures/1/signature',
  ],
])('not verified: %s', async (_what, value, keys, code) => expect(await verifiedCode(value, keys)).toBe(code));

test('any one changed byte of header, payload or signature is refused', async () => {
  const text = JSON.stringify(good);
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(text);
      bytes[at]! ^= change;
      let envelope;
      try {
        envelope = parseEnvelope(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
        return;
      }
      await expect(verifySignatures(envelope, async () => registered('EdDSA'), now)).rejects.toBeInstanceOf(Refusal);
    }),
    { numRuns: 400 },
  );
});

test.each(['1752148800.5', '1752148800.123456', '1752148800.0', '1.7521488e9'])(
  'of iat %s it is said that seconds are whole',
  (text) => {
    const head = JSON.stringify(header('EdDSA')).replace(`"iat":${iat}`, `"iat":${text}`);
    expect(() => parsed(headed(head))).toThrow(
      expect.objectContaining({ facts: { expected: 'iat in whole seconds since 1970' } }),
    );
  },
);

test('an envelope is for one hub, and for a while', () => {
  const at = (seconds: number) => parsed(flattened({ iat: iat + seconds }));
  expect(codeOf(() => assertAudience(parsed(good), 'hub.example'))).toBe('accepted');
  expect(codeOf(() => assertAudience(parsed(good), 'sister.example'))).toBe('ENVELOPE_AUDIENCE');
  expect(codeOf(() => assertFresh(at(300), now))).toBe('accepted');
  expect(codeOf(() => assertFresh(at(301), now))).toBe('ENVELOPE_STALE');
  expect(codeOf(() => assertFresh(at(-14 * 86400), now))).toBe('accepted');
  expect(codeOf(() => assertFresh(at(-14 * 86400 - 1), now))).toBe('ENVELOPE_STALE');
});

test('a return is as old as its first signature, and leaves nothing in a period that has a younger one', () => {
  const [first, second] = [parsed(flattened({ iat: iat + 9 })), parsed(flattened({ iat }))];
  expect(signedAt({ signatures: [...first.signatures, ...second.signatures] })).toBe(iat);
  const latest = new Map([['2025-Q1', iat]]);
  const [q1, q2] = [{ text: '2025-Q1' }, { text: '2025-Q2' }];
  expect(codeOf(() => assertNotOlder(iat, [q2, q1], latest))).toBe('accepted');
  expect(codeOf(() => assertNotOlder(iat - 1, [q2], latest))).toBe('accepted');
  expect(codeOf(() => assertNotOlder(iat - 1, [q2, q1], latest))).toBe('SUBMISSION_OLDER');
});

test('no text makes it do anything but refuse', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string(),
        fc.record({ payload: fc.string(), protected: fc.base64String(), signature: fc.string() }),
      ),
      (value) => {
        expect(codeOf(() => parsed(value))).toMatch(/^ENVELOPE_/);
      },
    ),
  );
});

test('what was signed before its key was replaced grows too old before the key ends', () => {
  expect(endOfOverlap(now).getTime() - now.getTime()).toBeGreaterThan(limits.iatPastSeconds * 1000);
});
