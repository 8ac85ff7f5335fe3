import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { parsePublicJwk, verifyKeyProof, type PublicJwk } from '@hub/identity/domain';
import { Refusal } from '@hub/kernel';
import { leafHash, ReceiptInvalid, verifyReceipt } from '@hub/ledger/domain';
import { assertAudience, assertFresh, parseEnvelope, verifySignatures } from '@hub/submissions/domain';
import { parsePrivateJwk, publicOf, signEnvelope } from '../signing';

const read = <T>(name: string) => JSON.parse(readFileSync(join(contractsFolder, 'vectors', name), 'utf8')) as T;
const verdictOf = async (work: () => unknown, good: string): Promise<string> => {
  try {
    await work();
    return good;
  } catch (error) {
    return error instanceof Refusal ? error.code : error instanceof ReceiptInvalid ? error.reason : String(error);
  }
};

const envelopes = read<{
  hubId: string;
  now: number;
  keys: (PublicJwk & { d: string; registered: boolean })[];
  payload: string;
  cases: { name: string; expected: string; digest: string; envelope: string }[];
}>('envelope.json');
const keyOf = (kid: string) => {
  const found = envelopes.keys.find((key) => key.kid === kid);
  if (!found) return null;
  const { registered: _registered, d: _private, ...jwk } = found;
  const history = { approvedAt: new Date(0), until: null, revokedAt: null };
  return { kid, organisation: 'E06000001', alg: jwk.alg, jwk: parsePublicJwk(jwk), ...history };
};

test.each(envelopes.cases)('published envelope: $name is $expected', async ({ envelope, expected, digest }) => {
  const verdict = verdictOf(async () => {
    const parsed = parseEnvelope(Buffer.from(envelope));
    expect(parsed.digest).toBe(digest);
    assertAudience(parsed, envelopes.hubId);
    const now = new Date(envelopes.now * 1000);
    await verifySignatures(parsed, async (kid) => keyOf(kid), now);
    assertFresh(parsed, now);
    expect(parsed.payloadBytes.toString()).toBe(envelopes.payload);
  }, 'accepted');
  expect(await verdict).toBe(expected);
});

test('an Ed25519 client that follows the published header order makes the very same envelope', async () => {
  const { registered: _registered, ...key } = envelopes.keys[0]!;
  const [first] = envelopes.cases;
  const { header } = parseEnvelope(Buffer.from(first!.envelope)).signatures[0]!;
  expect(
    await signEnvelope({
      payload: envelopes.payload,
      key: parsePrivateJwk(key),
      aud: header.aud,
      jti: header.jti,
      iat: header.iat,
    }),
  ).toBe(first!.envelope);
});

const proofs = read<{
  authority: string;
  jwk: PublicJwk;
  privateJwk: unknown;
  cases: { name: string; expected: string; proof: string }[];
}>('key-proof.json');
test.each(proofs.cases)('published key proof: $name is $expected', async ({ proof, expected }) => {
  expect(await verdictOf(() => verifyKeyProof(proof, parsePublicJwk(proofs.jwk), proofs.authority), 'accepted')).toBe(
    expected,
  );
  expect(publicOf(parsePrivateJwk(proofs.privateJwk))).toEqual(proofs.jwk);
});

const receipts = read<{
  hubKey: string;
  entries: { leaf: string; leafHash: string }[];
  cases: { name: string; expected: string; receipt: string }[];
}>('receipt.json');
test.each(receipts.cases)('published receipt: $name: $expected', async ({ receipt, expected }) => {
  expect(await verdictOf(() => verifyReceipt(receipt, receipts.hubKey), 'holds')).toBe(expected);
});
test('published leaves hash as they say', () => {
  for (const { leaf, leafHash: hash } of receipts.entries)
    expect(leafHash(Buffer.from(leaf)).toString('base64')).toBe(hash);
});
