import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import {
  agreementDigest,
  readAgreement,
  signAgreement,
  signNotice,
  verifyAgreement,
  type SignatureMade,
} from './agreements';
import { newKey, NotSignable, publicOf, type PrivateJwk } from './signing';

const text = readFileSync(join(contractsFolder, 'agreements', 'north-east-benchmarking.v1.json'), 'utf8');
const document = readAgreement(text);
const [first, second] = document.parties.map(({ authority }) => authority) as [never, never];
let keys: Record<string, PrivateJwk>;
let signatures: SignatureMade[];
beforeAll(async () => {
  keys = { [first]: await newKey('first-1'), [second]: await newKey('second-1', 'ES256') };
  signatures = await Promise.all([first, second].map(async (authority) => made(authority)));
});
const made = async (authority: never, key = keys[authority]!, of = document): Promise<SignatureMade> => ({
  authority,
  what: 'signature',
  jws: await signAgreement({ document: of, key }),
  kid: key.kid,
  jwk: publicOf(key),
});
const brokenBy = async (...made: SignatureMade[]) => (await verifyAgreement({ document, signatures: made })).broken;

test('spaces and the order of members make no other agreement; a word does', () => {
  const { v, ...rest } = document;
  expect(agreementDigest(readAgreement(JSON.stringify({ ...rest, v }, null, 7)))).toBe(agreementDigest(document));
  expect(agreementDigest({ ...document, title: `${document.title} ` })).not.toBe(agreementDigest(document));
});

test('only the agreed words are signed, where their digest is known', async () => {
  const key = keys[first]!;
  await expect(signAgreement({ document, key, digest: '0'.repeat(64) })).rejects.toThrow(NotSignable);
  await expect(signAgreement({ document, key, digest: agreementDigest(document) })).resolves.toContain('protected');
});

test('who has signed is seen of the document, its signatures and the keys alone', async () => {
  const { parties, broken, digest } = await verifyAgreement({ document, signatures });
  expect([broken, digest, parties.length]).toEqual([undefined, agreementDigest(document), 12]);
  expect(parties.filter(({ signature }) => signature).map(({ authority }) => authority)).toEqual([first, second]);
  expect(parties[0]!.signature).toMatchObject({ kid: 'first-1', what: 'signature' });
});

test('a notice says from which day, and is a notice of that party about that version alone', async () => {
  const notice = async (more: object = {}): Promise<SignatureMade> => ({
    ...signatures[0]!,
    what: 'withdrawal',
    jws: await signNotice({ agreement: document, authority: first, from: '2027-01-01', key: keys[first]!, ...more }),
  });
  const { parties, broken } = await verifyAgreement({ document, signatures: [...signatures, await notice()] });
  expect([broken, parties[0]!.withdrawal!.from, parties[1]!.withdrawal]).toEqual([undefined, '2027-01-01', undefined]);
  expect(await brokenBy(await notice({ authority: second }))).toMatchObject({ refusal: { code: 'SIGNATURE_INVALID' } });
  expect(await brokenBy(await notice({ agreement: { ...document, version: 2 } }))).toMatchObject({
    what: 'withdrawal',
    refusal: { code: 'SIGNATURE_INVALID' },
  });
  expect(await brokenBy({ ...(await notice()), what: 'signature' })).toMatchObject({
    refusal: { code: 'AGREEMENT_SIGNATURE_MALFORMED' },
  });
});

test.each<[string, (good: SignatureMade) => Promise<SignatureMade> | SignatureMade, string]>([
  ['of other words', () => made(first, keys[first], { ...document, handling: 'For everybody.' }), 'SIGNATURE_INVALID'],
  [
    'beside another key of that name',
    async (good) => ({ ...good, jwk: publicOf(await newKey('first-1')) }),
    'SIGNATURE_INVALID',
  ],
  ['beside a key of another name', (good) => ({ ...good, jwk: publicOf(keys[second]!) }), 'KEY_UNKNOWN'],
  ['beside a private key', (good) => ({ ...good, jwk: keys[first] }), 'KEY_MALFORMED'],
  ['of one that is no party', (good) => ({ ...good, authority: 'E09000001' as never }), 'AGREEMENT_NOT_A_PARTY'],
  ['that is none', (good) => ({ ...good, jws: '{}' }), 'AGREEMENT_SIGNATURE_MALFORMED'],
])('a signature %s does not hold', async (_what, change, code) => {
  expect(await brokenBy(await change(signatures[0]!), signatures[1]!)).toMatchObject({ refusal: { code } });
});

test('where an authority has said which keys are its own, no other counts', async () => {
  const keysOf = () => [publicOf(keys[first]!)];
  const { broken, parties } = await verifyAgreement({ document, signatures }, keysOf);
  expect(broken).toMatchObject({ authority: second, refusal: { code: 'KEY_UNKNOWN' } });
  expect(parties[0]!.signature).toBeDefined();
});
