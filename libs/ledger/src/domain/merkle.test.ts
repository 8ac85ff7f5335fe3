import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import {
  append,
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  nodesOf,
  nodesToRead,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle';

const vectors = resolve(__dirname, '../../../../../shared/data/vectors');
const maybe = existsSync(vectors) ? test : test.skip;
const read = <T>(name: string) => JSON.parse(readFileSync(resolve(vectors, name), 'utf8')) as T;
const bytes = (text: string | null) => Buffer.from(text ?? '', 'base64');

maybe('published vectors: hashes of RFC 6962', () => {
  type Vector = { kind: 'empty' | 'leaf' | 'node'; input?: string; left?: string; right?: string; hash: string };
  for (const { kind, input, left, right, hash } of read<Vector[]>('rfc6962-hasher.json')) {
    const ours = {
      empty: () => emptyRoot,
      leaf: () => leafHash(Buffer.from(input!)),
      node: () => nodeHash(Buffer.from(left!), Buffer.from(right!)),
    };
    expect(ours[kind]().toString('hex')).toBe(hash);
  }
});

maybe('published vectors: 98 inclusion proofs, 6 of them good', () => {
  type Vector = {
    leafIdx: number;
    treeSize: number;
    root: string;
    leafHash: string;
    proof: string[] | null;
    wantErr: boolean;
    file: string;
  };
  const cases = read<Vector[]>('merkle-proofs/inclusion.json');
  const wrong = cases.filter(
    ({ leafIdx, treeSize, root, leafHash: leaf, proof, wantErr }) =>
      verifyInclusion(leafIdx, treeSize, bytes(leaf), (proof ?? []).map(bytes), bytes(root)) === wantErr,
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
  expect([cases.length, cases.filter(({ wantErr }) => !wantErr).length]).toEqual([98, 6]);
});

maybe('published vectors: 98 consistency proofs, 6 of them good', () => {
  type Vector = {
    size1: number;
    size2: number;
    root1: string;
    root2: string;
    proof: string[] | null;
    wantErr: boolean;
    file: string;
  };
  const cases = read<Vector[]>('merkle-proofs/consistency.json');
  const wrong = cases.filter(
    ({ size1, size2, root1, root2, proof, wantErr }) =>
      verifyConsistency(size1, size2, bytes(root1), bytes(root2), (proof ?? []).map(bytes)) === wantErr,
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
  expect([cases.length, cases.filter(({ wantErr }) => !wantErr).length]).toEqual([98, 6]);
});

/** RFC 6962 section 2.1 word for word, to compare with. */
function naiveRoot(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return emptyRoot;
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** A tree grown leaf by leaf, reading nothing but the peaks; and what was found on the way. */
function grow(size: number) {
  const leaves: Buffer[] = [];
  const stored = new Map<string, Buffer>();
  const nodeAt = (level: number, index: number) => {
    const hash = stored.get(`${level}/${index}`);
    if (!hash) throw new Error(`node ${level}/${index} is not stored`);
    return hash;
  };
  for (let n = 0; n < size; n++) {
    const leaf = leafHash(Buffer.from(`entry ${n}`));
    leaves.push(leaf);
    const added = append(
      n,
      nodesToRead(n).map(({ level, index }) => nodeAt(level, index)),
      leaf,
    );
    for (const { level, index, hash } of added.newNodes) {
      if (stored.has(`${level}/${index}`)) throw new Error('a node is stored twice');
      stored.set(`${level}/${index}`, hash);
    }
    expect(added.root).toEqual(naiveRoot(leaves));
    expect(verifyInclusion(n, n + 1, leaf, added.inclusionProof, added.root)).toBe(true);
    expect(added.inclusionProof).toEqual(inclusionProof(n, n + 1, nodeAt));
  }
  return { leaves, nodeAt, stored };
}

test('an append that reads only the peaks gives the tree of RFC 6962, for 1 to 70 leaves', () => {
  const { leaves, nodeAt, stored } = grow(70);
  for (let size = 0; size <= 70; size++) expect(rootOf(size, nodeAt)).toEqual(naiveRoot(leaves.slice(0, size)));
  // Complete subtrees alone are stored: 70 + 35 + 17 + 8 + 4 + 2 + 1.
  expect(stored.size).toBe(137);
});

test('every leaf of every size has a proof that holds, and for no other place, leaf or root', () => {
  const { leaves, nodeAt } = grow(33);
  for (let size = 1; size <= 33; size++) {
    const root = rootOf(size, nodeAt);
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(index, size, nodeAt);
      expect(verifyInclusion(index, size, leaves[index]!, proof, root)).toBe(true);
      expect(verifyInclusion((index + 1) % size, size, leaves[index]!, proof, root)).toBe(size === 1);
      expect(verifyInclusion(index, size, emptyRoot, proof, root)).toBe(false);
      expect(verifyInclusion(index, size, leaves[index]!, proof, emptyRoot)).toBe(false);
      expect(verifyInclusion(index, size, leaves[index]!, [...proof, emptyRoot], root)).toBe(false);
    }
  }
});

test('every two sizes have a consistency proof that holds, and not for another root', () => {
  const { nodeAt } = grow(33);
  for (let second = 1; second <= 33; second++) {
    for (let first = 1; first <= second; first++) {
      const proof = consistencyProof(first, second, nodeAt);
      const [a, b] = [rootOf(first, nodeAt), rootOf(second, nodeAt)];
      expect(verifyConsistency(first, second, a, b, proof)).toBe(true);
      expect(verifyConsistency(first, second, emptyRoot, b, proof)).toBe(false);
      expect(verifyConsistency(first, second, a, emptyRoot, proof)).toBe(false);
    }
  }
});

test('nothing is consistent with a beginning of nothing', () => {
  const { nodeAt } = grow(2);
  expect(verifyConsistency(0, 2, emptyRoot, rootOf(2, nodeAt), [])).toBe(false);
  expect(verifyConsistency(-1, 2, emptyRoot, rootOf(2, nodeAt), [])).toBe(false);
  expect(() => consistencyProof(0, 2, nodeAt)).toThrow(RangeError);
});

test('one changed bit in a proof is refused', () => {
  const { leaves, nodeAt } = grow(50);
  fc.assert(
    fc.property(fc.nat(49), fc.nat(1000), fc.nat(255), (index, step, bit) => {
      const proof = inclusionProof(index, 50, nodeAt).map((hash) => Buffer.from(hash));
      const hash = proof[step % proof.length]!;
      hash[bit >> 3]! ^= 1 << (bit & 7);
      return !verifyInclusion(index, 50, leaves[index]!, proof, rootOf(50, nodeAt));
    }),
  );
});

test('the nodes of a proof can be asked for beforehand', () => {
  expect(nodesOf((nodeAt) => inclusionProof(2, 7, nodeAt))).toEqual([
    { level: 0, index: 3 },
    { level: 1, index: 0 },
    { level: 1, index: 2 },
    { level: 0, index: 6 },
  ]);
  expect(nodesToRead(2 ** 40 + 5)).toEqual([
    { level: 40, index: 0 },
    { level: 2, index: 2 ** 38 },
    { level: 0, index: 2 ** 40 + 4 },
  ]);
  expect(() => append(3, [emptyRoot], emptyRoot)).toThrow(RangeError);
});
