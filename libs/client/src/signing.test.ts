import { flattenedVerify, importJWK } from 'jose';
import { Refusal } from '@hub/kernel';
import { parsePublicJwk, verifyKeyProof, type RegisteredKey } from '@hub/identity/domain';
import { parseEnvelope, verifySignatures } from '@hub/submissions/domain';
import { keyProof, newKey, NotSignable, parsePrivateJwk, publicOf, signEnvelope, type PrivateJwk } from './signing';

const registered = (key: PrivateJwk): RegisteredKey => ({
  kid: key.kid,
  organisation: 'E06000001',
  alg: key.alg,
  jwk: publicOf(key),
  approvedAt: new Date(0),
  until: null,
  revokedAt: null,
});
const payload = '{ "rows": [],\n  "authority": "E06000001" }';
const verifiedBy = (envelope: string, ...keys: PrivateJwk[]) =>
  verifySignatures(
    parseEnvelope(Buffer.from(envelope)),
    async (kid) => keys.map(registered).find((key) => key.kid === kid) ?? null,
    new Date(),
  );

test.each(['EdDSA', 'ES256'] as const)('what %s signs the hub verifies, and so does another library', async (alg) => {
  const key = await newKey('hartlepool-2025', alg);
  const envelope = await signEnvelope({ payload, key, aud: 'hub.example' });
  expect(parseEnvelope(Buffer.from(envelope)).payloadBytes.toString()).toBe(payload);
  await expect(verifiedBy(envelope, key)).resolves.toHaveLength(1);
  await expect(
    flattenedVerify(JSON.parse(envelope) as never, await importJWK({ ...publicOf(key) }, alg)),
  ).resolves.toBeDefined();
});

test('jti and iat are those given, else new and now', async () => {
  const key = await newKey('a');
  const given = parseEnvelope(
    Buffer.from(await signEnvelope({ payload, key, aud: 'hub.example', jti: 'B'.repeat(22), iat: 1752148800 })),
  );
  expect(given.signatures[0]!.header).toEqual({
    alg: 'EdDSA',
    kid: 'a',
    typ: 'safeguarding-submission+jws;v=1',
    iat: 1752148800,
    jti: 'B'.repeat(22),
    aud: 'hub.example',
  });
  const [one, two] = await Promise.all(
    [1, 2].map(async () => parseEnvelope(Buffer.from(await signEnvelope({ payload, key, aud: 'hub.example' })))),
  );
  expect(one!.jti).not.toBe(two!.jti);
  expect(Buffer.from(one!.jti, 'base64url')).toHaveLength(16);
  expect(Math.abs(one!.signatures[0]!.header.iat - Date.now() / 1000)).toBeLessThan(10);
});

test('an approver signs the same bytes under the same jti', async () => {
  const [system, approver] = [await newKey('system'), await newKey('approver', 'ES256')];
  const first = await signEnvelope({ payload, key: system, aud: 'hub.example' });
  const both = await signEnvelope({ payload, key: approver, aud: 'hub.example', also: first });
  expect((await verifiedBy(both, system, approver)).map(({ kid }) => kid)).toEqual(['system', 'approver']);
  await expect(signEnvelope({ payload: '{}', key: approver, aud: 'hub.example', also: first })).rejects.toThrow(
    NotSignable,
  );
  await expect(signEnvelope({ payload, key: approver, aud: 'sister.example', also: first })).rejects.toThrow(
    NotSignable,
  );
  await expect(signEnvelope({ payload, key: system, aud: 'hub.example', also: first })).rejects.toMatchObject({
    code: 'ENVELOPE_HEADER',
  });
});

test('what the hub would not read is not signed', async () => {
  const key = await newKey('a');
  await expect(signEnvelope({ payload: '{"a":1,"a":2}', key, aud: 'hub.example' })).rejects.toThrow('not strict JSON');
  await expect(signEnvelope({ payload, key, aud: '' })).rejects.toMatchObject({ code: 'ENVELOPE_HEADER' });
  await expect(signEnvelope({ payload, key, aud: 'hub.example', jti: 'short' })).rejects.toMatchObject({
    code: 'ENVELOPE_HEADER',
  });
  await expect(newKey('a b')).rejects.toBeInstanceOf(Refusal);
});

test('a key proves itself', async () => {
  const key = await newKey('a', 'ES256');
  const proof = await keyProof({ key, authority: 'E06000001', aud: 'hub.example' });
  await expect(verifyKeyProof(proof, parsePublicJwk(publicOf(key)), 'E06000001')).resolves.toMatchObject({
    aud: 'hub.example',
  });
});

test('a private key is read back, and only with its own other half', async () => {
  for (const alg of ['EdDSA', 'ES256'] as const) {
    const [key, other] = [await newKey('a', alg), await newKey('a', alg)];
    expect(parsePrivateJwk(JSON.stringify(key))).toEqual(key);
    expect(() => parsePrivateJwk({ ...key, d: other.d })).toThrow(NotSignable);
    expect(() => parsePrivateJwk(publicOf(key))).toThrow(NotSignable);
    expect(publicOf(key)).not.toHaveProperty('d');
  }
  expect(() => parsePrivateJwk('nonsense')).toThrow(NotSignable);
});
