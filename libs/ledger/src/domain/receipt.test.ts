import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { canonical } from '@hub/kernel';
import {
  decodeLeaf,
  encodeLeaf,
  type KeyLeaf,
  type NationalLeaf,
  type Leaf,
  type PublicationLeaf,
  type PurgeLeaf,
  type SubmissionLeaf,
} from './leaf';
import { append, leafHash, nodesToRead } from './merkle';
import { formatCheckpoint, signNote, verifierKeyLine } from './note';
import { formatReceipt, parseReceipt, ReceiptInvalid, verifyReceipt, verifyRecord } from './receipt';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const hubKey = verifierKeyLine('hub.example', publicKey);
const leaf: SubmissionLeaf = {
  v: 1,
  kind: 'submission',
  hub: 'hub.example',
  authority: 'E06000001',
  dataset: { code: 'safeguarding-quarterly', version: '1.0' },
  period: '2025-Q1',
  agreement: { id: 'north-east-benchmarking', version: 1 },
  version: 1,
  envelope: 'ab'.repeat(32),
  acceptedAt: '2025-07-31T09:00:00.000Z',
};
const { acceptedAt, ...about } = leaf;
const purge: PurgeLeaf = {
  ...about,
  kind: 'purge',
  what: ['envelope', 'cells'],
  clause: '/retention/atEnd',
  purgedAt: acceptedAt,
};

/** The receipt of the last of `size` entries. */
function receiptOf(content: Leaf, size: number, origin = 'hub.example', keyName = 'hub.example', key = privateKey) {
  const stored = new Map<string, Buffer>();
  const add = (n: number, hash: Buffer) => {
    const added = append(
      n,
      nodesToRead(n).map(({ level, index }) => stored.get(`${level}/${index}`)!),
      hash,
    );
    for (const node of added.newNodes) stored.set(`${node.level}/${node.index}`, node.hash);
    return added;
  };
  for (let n = 0; n < size - 1; n++) add(n, leafHash(Buffer.of(n)));
  const bytes = encodeLeaf(content);
  const { root, inclusionProof } = add(size - 1, leafHash(bytes));
  const checkpoint = signNote(formatCheckpoint({ origin, size, root }), keyName, key);
  return formatReceipt({ leaf: bytes, index: size - 1, proof: inclusionProof, checkpoint });
}
const receipt = receiptOf(leaf, 6);
const reasonOf = (text: string | Uint8Array, key: string | readonly string[] = hubKey) => {
  try {
    verifyReceipt(text, key);
    return 'accepted';
  } catch (error) {
    return error instanceof ReceiptInvalid ? error.reason : String(error);
  }
};

test('a receipt verifies with the key line alone and says what was recorded', () => {
  expect(verifyReceipt(receipt, hubKey)).toEqual(leaf);
  expect(verifyReceipt(Buffer.from(receipt), hubKey)).toEqual(leaf);
  expect(Buffer.byteLength(receipt)).toBeLessThan(4096);
  expect(receipt).toMatch(
    /^c2sp\.org\/tlog-proof@v1\nextra \S+\nindex 5\n(\S{44}\n){2}\nhub\.example\n6\n\S{44}\n\n— hub\.example \S+\n$/,
  );
  expect(formatReceipt(parseReceipt(receipt))).toBe(receipt);
});

test('the receipt of a purge verifies as a record, and never passes for that of a submission', () => {
  const ofPurge = receiptOf(purge, 6);
  expect(verifyRecord(ofPurge, hubKey)).toEqual(purge);
  expect(reasonOf(ofPurge)).toBe('leaf');
  expect(verifyRecord(receipt, hubKey)).toEqual(leaf);
});

test('the only entry of a ledger has a proof of no hashes', () =>
  expect(reasonOf(receiptOf(leaf, 1))).toBe('accepted'));

test('every change of one byte is refused, at every place', () => {
  const bytes = Buffer.from(receipt);
  const accepted: string[] = [];
  for (let at = 0; at < bytes.length; at++) {
    for (const change of [1, 2, 16, 32, 64, 128, 255]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= change;
      if (reasonOf(changed) === 'accepted') accepted.push(`${at} ^ ${change}`);
    }
    if (reasonOf(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])) === 'accepted')
      accepted.push(`${at} left out`);
    for (const more of [0x0a, 0x20, 0x41]) {
      const longer = Buffer.concat([bytes.subarray(0, at), Buffer.of(more), bytes.subarray(at)]);
      if (reasonOf(longer) === 'accepted') accepted.push(`${at} + ${more}`);
    }
  }
  expect(accepted).toEqual([]);
});

test('any other byte anywhere, and any tail, is refused', () => {
  const bytes = Buffer.from(receipt);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(bytes);
      changed[at]! ^= change;
      return reasonOf(changed) !== 'accepted';
    }),
    { numRuns: 500 },
  );
  fc.assert(fc.property(fc.string({ minLength: 1 }), (tail) => reasonOf(receipt + tail) !== 'accepted'));
});

test('the reason says which part does not hold', () => {
  const stranger = generateKeyPairSync('ed25519');
  expect(reasonOf('')).toBe('malformed');
  expect(reasonOf(Buffer.of(0xff))).toBe('malformed');
  expect(reasonOf(receipt, 'nonsense')).toBe('hubKey');
  expect(reasonOf(receipt, verifierKeyLine('hub.example', stranger.publicKey))).toBe('signer');
  expect(reasonOf(receipt.replace('\n6\n', '\n7\n'))).toBe('signature');
  expect(reasonOf(receipt.replace('index 5', 'index 4'))).toBe('inclusion');
  expect(reasonOf(receiptOf({ ...leaf, hub: 'sister.example' }, 6))).toBe('hub');
  expect(reasonOf(receiptOf(leaf, 6, 'sister.example'))).toBe('hub');
  const more = signNote(
    receipt.slice(receipt.indexOf('\n\n') + 2, receipt.lastIndexOf('\n\n') + 1),
    'x.example',
    stranger.privateKey,
  );
  expect(reasonOf(receipt + more.slice(more.indexOf('— ')))).toBe('signer');
  const swapped = formatReceipt({ ...parseReceipt(receipt), leaf: encodeLeaf({ ...leaf, version: 2 }) });
  expect(reasonOf(swapped)).toBe('inclusion');
  expect(reasonOf(formatReceipt({ ...parseReceipt(receipt), leaf: Buffer.from('{}') }))).toBe('leaf');
});

test('of several keys of the hub any may have signed, and it must be one for that hub', () => {
  const next = generateKeyPairSync('ed25519');
  const nextKey = verifierKeyLine('hub.example', next.publicKey);
  const later = receiptOf(leaf, 7, 'hub.example', 'hub.example', next.privateKey);
  for (const keys of [
    [hubKey, nextKey],
    [nextKey, hubKey],
    [hubKey, hubKey, nextKey],
  ]) {
    expect([reasonOf(receipt, keys), reasonOf(later, keys)]).toEqual(['accepted', 'accepted']);
  }
  expect([reasonOf(receipt, [nextKey]), reasonOf(later, [hubKey])]).toEqual(['signer', 'signer']);
  expect(reasonOf(receipt, [])).toBe('hubKey');
  expect(reasonOf(receipt, [hubKey, 'nonsense'])).toBe('hubKey');
  // The key of a sister hub, listed beside, vouches for the sister's leaves alone.
  const sister = verifierKeyLine('sister.example', next.publicKey);
  expect(reasonOf(receiptOf(leaf, 6, 'hub.example', 'sister.example', next.privateKey), [hubKey, sister])).toBe('hub');
  // Two signatures, both known: a further line is still one that nobody asked for.
  const both = signNote(
    receipt.slice(receipt.indexOf('\n\n') + 2, receipt.lastIndexOf('\n\n') + 1),
    'hub.example',
    next.privateKey,
  );
  expect(reasonOf(receipt + both.slice(both.indexOf('— ')), [hubKey, nextKey])).toBe('signer');
});

describe('leaf', () => {
  test('has one form, RFC 8785', () => {
    expect(encodeLeaf(leaf).toString()).toBe(canonical(leaf));
    expect(decodeLeaf(encodeLeaf(leaf))).toEqual(leaf);
    expect(() => decodeLeaf(Buffer.from(JSON.stringify(leaf)))).toThrow('leaf');
  });
  test.each([
    ['v', { v: 2 }],
    ['kind', { kind: 'figure' }],
    // All that a key's entry has to say is missing.
    ['organisation', { kind: 'key' }],
    ['kind', { kind: ['submission'] }],
    ['kind', { kind: 'toString' }],
    // All that a purge has to say is missing.
    ['what', { kind: 'purge' }],
    ['hub', { hub: 'a b' }],
    ['authority', { authority: 'E1' }],
    ['dataset', { dataset: { code: 'x', version: '1' } }],
    ['dataset', { dataset: { code: 'x', version: '1.0', more: 1 } }],
    ['period', { period: '2025-Q5' }],
    ['agreement', { agreement: { id: 'x', version: 0 } }],
    ['version', { version: 1.5 }],
    ['envelope', { envelope: 'AB'.repeat(32) }],
    ['acceptedAt', { acceptedAt: '2025-02-30T09:00:00.000Z' }],
    ['leaf', { more: 1 }],
  ])('is refused for its %s', (member, change) => {
    const broken = { ...leaf, ...change } as unknown as Leaf;
    expect(() => encodeLeaf(broken)).toThrow(`: ${member}`);
    expect(() => decodeLeaf(Buffer.from(canonical(broken)))).toThrow(`: ${member}`);
  });
  test.each([
    ['what', { what: [] }],
    ['what', { what: ['cells', 'envelope'] }],
    ['what', { what: ['cells', 'cells'] }],
    ['what', { what: ['figures'] }],
    ['what', { what: 'cells' }],
    ['clause', { clause: 'retention' }],
    ['purgedAt', { purgedAt: '2025-07-31' }],
    ['leaf', { acceptedAt }],
    ['acceptedAt', { kind: 'submission' }],
  ])('of a purge is refused for its %s', (member, change) => {
    expect(decodeLeaf(encodeLeaf(purge))).toEqual(purge);
    const broken = { ...purge, ...change } as unknown as Leaf;
    expect(() => encodeLeaf(broken)).toThrow(`: ${member}`);
    expect(() => decodeLeaf(Buffer.from(canonical(broken)))).toThrow(`: ${member}`);
  });
  const key: KeyLeaf = {
    v: 1,
    kind: 'key',
    hub: 'hub.example',
    organisation: 'agy-cleveland-police',
    kid: 'a:1',
    event: 'replaced',
    digest: 'ab'.repeat(32),
    until: acceptedAt,
    at: acceptedAt,
  };
  const publication: PublicationLeaf = {
    v: 1,
    kind: 'publication',
    hub: 'hub.example',
    region: 'E12000001',
    dataset: leaf.dataset,
    period: '2025-Q1',
    publication: 'pub_hub.example_1',
    number: 1,
    event: 'published',
    digest: 'ab'.repeat(32),
    at: acceptedAt,
  };
  const national: NationalLeaf = {
    v: 1,
    kind: 'national',
    hub: 'hub.example',
    dataset: leaf.dataset,
    period: '2024-FY',
    release: 'children-in-need-referrals',
    digest: 'ab'.repeat(32),
    loadedBy: '01900000-0000-7000-8000-000000000001',
    confirmedBy: '01900000-0000-7000-8000-000000000002',
    at: acceptedAt,
  };
  test.each<[string, Leaf, object]>([
    ['release', national, { release: 'Children in need' }],
    ['digest', national, { digest: '' }],
    ['loadedBy', national, { loadedBy: 'a steward' }],
    ['confirmedBy', national, { confirmedBy: national.loadedBy }],
    ['confirmedBy', national, { confirmedBy: undefined }],
    ['leaf', national, { event: 'confirmed' }],
    ['organisation', key, { organisation: 'hartlepool' }],
    ['kid', key, { kid: 'a b' }],
    ['event', key, { event: 'registered' }],
    ['event', key, { event: ['approved'] }],
    ['digest', key, { digest: '' }],
    ['until', key, { until: '2025-07-31' }],
    ['until', key, { until: undefined }],
    ['until', key, { event: 'revoked' }],
    ['at', key, { at: undefined }],
    ['leaf', key, { reason: 'lost' }],
    ['region', publication, { region: 'E06000001' }],
    ['dataset', publication, { dataset: { code: 'x' } }],
    ['publication', publication, { publication: 'sub_1' }],
    ['number', publication, { number: 0 }],
    ['event', publication, { event: 'held' }],
    ['because', publication, { event: 'withdrawn' }],
    ['because', publication, { because: 'figuresWrong' }],
    ['because', { ...publication, event: 'withdrawn', because: 'figuresWrong' }, { because: 'a count of 3 is wrong' }],
    ['digest', publication, { digest: 'AB'.repeat(32) }],
    ['leaf', publication, { authority: 'E06000001' }],
  ])('is refused for its %s: a key’s, a publication’s or a national release’s', (member, good, change) => {
    expect(decodeLeaf(encodeLeaf(good))).toEqual(good);
    const broken = JSON.parse(JSON.stringify({ ...good, ...change })) as Leaf;
    expect(() => encodeLeaf(broken)).toThrow(`: ${member}`);
    expect(() => decodeLeaf(Buffer.from(canonical(broken)))).toThrow(`: ${member}`);
  });
  test('no bytes crash it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
        expect(() => decodeLeaf(bytes)).toThrow('not a leaf');
      }),
    );
  });
});
