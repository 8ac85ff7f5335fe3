import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { Refusal } from '@hub/kernel';
import { KEY_PROOF_TYPE, parsePublicJwk, verifyKeyProof } from './key';

const okp = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const okpJwk = { ...okp.publicKey.export({ format: 'jwk' }), kid: 'hartlepool-2025', alg: 'EdDSA' };
const ecJwk = { ...ec.publicKey.export({ format: 'jwk' }), kid: 'hartlepool-2025', alg: 'ES256' };

test('public keys of the two kinds are read, from text or value, and nothing else is kept', () => {
  expect(parsePublicJwk(okpJwk)).toEqual(okpJwk);
  expect(parsePublicJwk(JSON.stringify({ ...ecJwk, use: 'sig', key_ops: ['verify'] }))).toEqual(ecJwk);
});

const little = (y: bigint) => Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse().toString('base64url');
const P = 2n ** 255n - 19n;
test.each<[string, unknown]>([
  ['not JSON', 'x'],
  ['a member twice', JSON.stringify(okpJwk).replace('{', '{"kid":"other",')],
  ['null', null],
  ['an array', [okpJwk]],
  ['a private Ed25519 key', { ...okpJwk, d: okp.privateKey.export({ format: 'jwk' }).d }],
  ['a private P-256 key', { ...ecJwk, d: ec.privateKey.export({ format: 'jwk' }).d }],
  ['no kid', { ...okpJwk, kid: undefined }],
  ['a kid with a space', { ...okpJwk, kid: 'a b' }],
  ['a long kid', { ...okpJwk, kid: 'a'.repeat(65) }],
  ['no alg', { ...okpJwk, alg: undefined }],
  ['the other alg', { ...okpJwk, alg: 'ES256' }],
  [
    'P-384',
    {
      ...generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' }),
      kid: 'a',
      alg: 'ES256',
    },
  ],
  ['X25519', { ...generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'EdDSA' }],
  ['a secret', { kty: 'oct', k: 'AAAA', kid: 'a', alg: 'HS256' }],
  ['use enc', { ...okpJwk, use: 'enc' }],
  ['key_ops sign', { ...okpJwk, key_ops: ['sign'] }],
  ['a further member', { ...okpJwk, x5c: [] }],
  ['padding', { ...okpJwk, x: `${okpJwk.x}=` }],
  ['a short coordinate', { ...okpJwk, x: okpJwk.x!.slice(4) }],
  ['a point off the curve', { ...ecJwk, y: ecJwk.x }],
  ['the zero point', { ...okpJwk, x: little(0n) }],
  ['the neutral point', { ...okpJwk, x: little(1n) }],
  ['the neutral point with its sign', { ...okpJwk, x: little(1n + 2n ** 255n) }],
  ['a point of order two', { ...okpJwk, x: little(P - 1n) }],
  [
    'a point of order eight',
    {
      ...okpJwk,
      x: Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex').toString('base64url'),
    },
  ],
  [
    'its opposite',
    {
      ...okpJwk,
      x: Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex').toString('base64url'),
    },
  ],
  ['a coordinate beyond the field', { ...okpJwk, x: little(P + 3n) }],
])('not a key to register: %s', (_what, input) =>
  expect(() => parsePublicJwk(input)).toThrow(expect.objectContaining({ code: 'KEY_MALFORMED' })),
);

const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const proofOf = (jwk: { kid: string; alg: string }, key: KeyObject, head: object = {}, claim: object = {}) => {
  const header = {
    alg: jwk.alg,
    kid: jwk.kid,
    typ: KEY_PROOF_TYPE,
    iat: 1752148800,
    jti: 'A'.repeat(22),
    aud: 'hub.example',
  };
  const [protectedText, payload] = [
    b64({ ...header, ...head }),
    b64({ authority: 'E06000001', kid: jwk.kid, ...claim }),
  ];
  const input = Buffer.from(`${protectedText}.${payload}`);
  const signature = sign(jwk.alg === 'EdDSA' ? null : 'sha256', input, { key, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  );
  return JSON.stringify({ payload, protected: protectedText, signature });
};
const codeOf = async (proof: string, authority = 'E06000001') =>
  verifyKeyProof(proof, parsePublicJwk(okpJwk), authority).then(
    ({ aud }) => aud,
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );

test('the holder of the private key can show it, for one authority', async () => {
  expect(await codeOf(proofOf(okpJwk, okp.privateKey))).toBe('hub.example');
  expect(await codeOf(proofOf(okpJwk, okp.privateKey), 'E06000002')).toBe('KEY_PROOF_INVALID');
  await expect(
    verifyKeyProof(proofOf(ecJwk, ec.privateKey), parsePublicJwk(ecJwk), 'E06000001'),
  ).resolves.toMatchObject({ iat: 1752148800 });
});

test.each<[string, string]>([
  ['by another key', proofOf(okpJwk, generateKeyPairSync('ed25519').privateKey)],
  ['of another kid', proofOf({ ...okpJwk, kid: 'other' }, okp.privateKey)],
  ['with another kid in the payload', proofOf(okpJwk, okp.privateKey, {}, { kid: 'other' })],
  ['with more in the payload', proofOf(okpJwk, okp.privateKey, {}, { more: 1 })],
  ['that is a submission', proofOf(okpJwk, okp.privateKey, { typ: 'safeguarding-submission+jws;v=1' })],
  ['with jwk in the header', proofOf(okpJwk, okp.privateKey, { jwk: okpJwk })],
  ['by none', proofOf(okpJwk, okp.privateKey, { alg: 'none' })],
  ['in compact form', 'a.b.c'],
  ['with padding', proofOf(okpJwk, okp.privateKey).replace('"}', '="}')],
  ['that is nothing', ''],
])('no proof: one %s', async (_what, proof) => expect(await codeOf(proof)).toBe('KEY_PROOF_INVALID'));
