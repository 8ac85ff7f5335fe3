import { sha256 } from '@hub/kernel';

/**
 * The Merkle tree of RFC 6962 (section 2, unchanged in RFC 9162). Sizes and indices are whole numbers below 2^53; they
 * are halved by division, for the bit operators of the language stop at 32 bits. Hashes are 32 bytes.
 */

/** A complete subtree: `index` counts subtrees of 2^level leaves from the left. Level 0 are the leaf hashes. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}
export interface Node extends NodeId {
  readonly hash: Buffer;
}
/** Reads the hash of a complete subtree. */
export type NodeAt = (level: number, index: number) => Buffer;

const half = (n: number) => Math.floor(n / 2);
const isOdd = (n: number) => n % 2 === 1;
/** The level of a complete tree of n leaves; undefined when n is not a power of two. */
function levelOf(n: number): number | undefined {
  let level = 0;
  for (let k = 1; k < n; k *= 2) level++;
  return 2 ** level === n ? level : undefined;
}
/** The largest power of two below n, for n of at least 2. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
function wholeSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('a tree size is a whole number of 0 or more');
}

/** SHA-256(0x00 ‖ entry) */
export const leafHash = (entry: Uint8Array): Buffer => sha256(Buffer.of(0), entry);
/** SHA-256(0x01 ‖ left ‖ right) */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);
/** The root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Buffer = sha256();

/**
 * The peaks of a tree of `size` leaves: the complete subtrees that it falls into, the largest (leftmost) first. They are
 * all that an append has to read. Empty for an empty tree.
 */
export function nodesToRead(size: number): NodeId[] {
  wholeSize(size);
  const peaks: NodeId[] = [];
  for (let level = 0, rest = size; rest > 0; level++, rest = half(rest)) {
    if (isOdd(rest)) peaks.unshift({ level, index: rest - 1 });
  }
  return peaks;
}

/** What an append adds: the nodes to store, the root of the tree of `size + 1`, and the new leaf's proof in it. */
export interface Appended {
  readonly newNodes: readonly Node[];
  readonly root: Buffer;
  readonly inclusionProof: readonly Buffer[];
}

/**
 * Adds one leaf to a tree of `size` leaves, whose new index is therefore `size`.
 * @param peaks  the hashes of `nodesToRead(size)`, in that order
 * @throws RangeError when the peaks are not as many as that tree has
 */
export function append(size: number, peaks: readonly Buffer[], leaf: Buffer): Appended {
  if (peaks.length !== nodesToRead(size).length) throw new RangeError('the peaks do not belong to a tree of this size');
  const waiting = [...peaks];
  const newNodes: Node[] = [{ level: 0, index: size, hash: leaf }];
  let hash = leaf;
  // Every odd index completes a subtree with the peak at its left.
  for (let level = 1, index = size; isOdd(index); level++) {
    hash = nodeHash(waiting.pop()!, hash);
    index = half(index);
    newNodes.push({ level, index, hash });
  }
  const root = waiting.reduceRight<Buffer>((right, left) => nodeHash(left, right), hash);
  // All that stands beside the path of the last leaf stands at its left: the peaks, the nearest first.
  return { newNodes, root, inclusionProof: [...peaks].reverse() };
}

/** The hash over leaves from…until−1 where `from` is a multiple of the power of two at or above their number. */
function hashOf(from: number, until: number, nodeAt: NodeAt): Buffer {
  const size = until - from;
  const level = levelOf(size);
  if (level !== undefined) return nodeAt(level, from / size);
  const middle = from + splitOf(size);
  return nodeHash(hashOf(from, middle, nodeAt), hashOf(middle, until, nodeAt));
}

/** The root of the tree of the first `size` leaves. */
export function rootOf(size: number, nodeAt: NodeAt): Buffer {
  wholeSize(size);
  return size === 0 ? emptyRoot : hashOf(0, size, nodeAt);
}

/**
 * The inclusion proof of leaf `index` in the tree of the first `size` leaves, nearest sibling first (RFC 9162, 2.1.3.1).
 * @throws RangeError when there is no such leaf
 */
export function inclusionProof(index: number, size: number, nodeAt: NodeAt): Buffer[] {
  wholeSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('no such leaf in this tree');
  const path = (from: number, until: number): Buffer[] => {
    if (until - from === 1) return [];
    const middle = from + splitOf(until - from);
    return index < middle
      ? [...path(from, middle), hashOf(middle, until, nodeAt)]
      : [...path(middle, until), hashOf(from, middle, nodeAt)];
  };
  return path(0, size);
}

/**
 * The proof that the tree of `first` leaves is the beginning of the tree of `second` leaves (RFC 9162, 2.1.4.1).
 * @throws RangeError unless 0 < first ≤ second
 */
export function consistencyProof(first: number, second: number, nodeAt: NodeAt): Buffer[] {
  wholeSize(second);
  if (!Number.isSafeInteger(first) || first <= 0 || first > second) throw new RangeError('needs 0 < first ≤ second');
  const path = (from: number, until: number, known: boolean): Buffer[] => {
    if (first === until) return known ? [] : [hashOf(from, until, nodeAt)];
    const middle = from + splitOf(until - from);
    return first <= middle
      ? [...path(from, middle, known), hashOf(middle, until, nodeAt)]
      : [...path(middle, until, false), hashOf(from, middle, nodeAt)];
  };
  return path(0, second, true);
}

/** The stored nodes that a computation asks for, so that they can be read in one statement before it. */
export function nodesOf(computation: (nodeAt: NodeAt) => unknown): NodeId[] {
  const asked: NodeId[] = [];
  computation((level, index) => {
    asked.push({ level, index });
    return emptyRoot;
  });
  return asked;
}

const isHash = (hash: Uint8Array) => hash.length === 32;
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** Whether `proof` shows that `leaf` is number `index` in the tree of `size` leaves with that root (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  if (![leaf, root, ...proof].every(isHash)) return false;
  let [here, last] = [index, size - 1];
  let hash: Uint8Array = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(here) || here === last) {
      hash = nodeHash(sibling, hash);
      // A last node without a right neighbour moves up until it has a left one.
      while (!isOdd(here) && here !== 0) [here, last] = [half(here), half(last)];
    } else hash = nodeHash(hash, sibling);
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && same(hash, root);
}

/**
 * Whether `proof` shows that the tree of `first` leaves is the beginning of the tree of `second` leaves (RFC 9162,
 * 2.1.4.2). A first size of 0 is refused: every tree begins with nothing, so it would show nothing.
 */
export function verifyConsistency(
  first: number,
  second: number,
  firstRoot: Uint8Array,
  secondRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second) || first <= 0 || first > second) return false;
  if (first === second) return proof.length === 0 && same(firstRoot, secondRoot);
  if (![firstRoot, secondRoot, ...proof].every(isHash)) return false;
  if (proof.length === 0) return false;
  const [start, ...rest] = levelOf(first) !== undefined ? [firstRoot, ...proof] : proof;
  let [here, last] = [first - 1, second - 1];
  while (isOdd(here)) [here, last] = [half(here), half(last)];
  let [firstHash, secondHash] = [start!, start!];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(here) || here === last) {
      firstHash = nodeHash(sibling, firstHash);
      secondHash = nodeHash(sibling, secondHash);
      while (!isOdd(here) && here !== 0) [here, last] = [half(here), half(last)];
    } else secondHash = nodeHash(secondHash, sibling);
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && same(firstHash, firstRoot) && same(secondHash, secondRoot);
}
