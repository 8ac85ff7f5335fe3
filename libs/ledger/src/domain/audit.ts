import { consistencyProof, emptyRoot, nodesOf, rootOf, verifyConsistency, type NodeId } from './merkle';
import { NoteInvalid, openNote, parseCheckpoint, parseVerifierKey, type Checkpoint, type VerifierKey } from './note';
import { HASH, nodeInTile, nodesOver, TILE, tileHash, tileOfNode, tilePath, tilesOf, type TileId } from './tiles';

/** Where a ledger is read from: what the hub serves to anybody. Undefined is what it does not have. */
export interface LedgerSource {
  /** The newest checkpoint, or the one that was signed when there were so many entries: a signed note. */
  checkpoint(size?: number): Promise<string | undefined>;
  /** Its hashes, one after the other. */
  tile(tile: TileId): Promise<Buffer | undefined>;
}

/** Whose ledger it is: the hub's id, and the verifier keys that it ever had. */
export interface LedgerOwner {
  readonly hub: string;
  readonly keys: readonly VerifierKey[];
}
export const ledgerOwner = (hub: string, lines: readonly string[]): LedgerOwner => ({
  hub,
  keys: lines.map(parseVerifierKey),
});

/** A ledger that is not what the hub has signed. `first` is the first entry concerned, counted from 0. */
export class LedgerBroken extends Error {
  override readonly name = 'LedgerBroken';
  constructor(
    readonly fault:
      | 'unsigned' // the newest checkpoint is not signed by this hub
      | 'shrunk' // fewer entries than a checkpoint seen before; the first that is gone
      | 'forked' // another ledger than that of a checkpoint seen before; the first that can differ
      | 'missing' // an entry is not there
      | 'altered' // an entry is not the one that was signed
      | 'unrecorded' // an entry stands behind the last one that was signed
      | 'node', // a stored node does not belong to the entries under it
    readonly first: number,
    /** Where only a span is known: the entries from `first` up to this one, this one not among them. */
    readonly until: number = first + 1,
    /** The signed notes that show it, the earlier one first. */
    readonly evidence: readonly string[] = [],
  ) {
    super(`the ledger does not hold: ${fault} at entry ${first}`);
  }
}

/** @throws NoteInvalid unless it is a checkpoint of that hub, signed by one of its keys */
export function openCheckpoint(note: string, { hub, keys }: LedgerOwner): Checkpoint {
  const { text, signers } = openNote(note, keys);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== hub || !signers.some(({ name }) => name === hub)) throw new NoteInvalid('unknownKey');
  return checkpoint;
}

interface Seen extends Checkpoint {
  readonly note: string;
}
async function newestOf(source: LedgerSource, owner: LedgerOwner): Promise<Seen> {
  const note = await source.checkpoint();
  try {
    return { note: note!, ...openCheckpoint(note ?? '', owner) };
  } catch (error) {
    if (error instanceof NoteInvalid) throw new LedgerBroken('unsigned', 0, 0, note ? [note] : []);
    throw error;
  }
}
const bySize = (notes: readonly string[], owner: LedgerOwner): Seen[] =>
  notes.map((note) => ({ note, ...openCheckpoint(note, owner) })).sort((a, b) => a.size - b.size);

/**
 * Whether what the hub shows now continues what it showed before; reads a few tiles, however long the ledger is.
 * @param before  checkpoints seen earlier, signed notes in any order
 * @returns the newest checkpoint
 * @throws LedgerBroken unsigned | shrunk | forked | missing; NoteInvalid when one of `before` is not of this hub
 */
export async function watchLedger(
  source: LedgerSource,
  owner: LedgerOwner,
  before: readonly string[],
): Promise<Checkpoint & { readonly note: string }> {
  const known = bySize(before, owner);
  const now = await newestOf(source, owner);
  const last = known.at(-1);
  if (!last || last.size === 0) return now;
  assertNotShorter(now, last);
  if (await continues(source, last, now)) return now;
  const other = await firstThat(known, async (seen) => !(await continues(source, seen, now)));
  throw forked(known, other, now);
}

async function continues(source: LedgerSource, first: Checkpoint, second: Checkpoint): Promise<boolean> {
  if (first.size === 0) return true;
  if (first.size === second.size) return first.root.equals(second.root);
  const nodes = await readNodes(
    source,
    nodesOf((nodeAt) => consistencyProof(first.size, second.size, nodeAt)),
    second.size,
  );
  const proof = consistencyProof(first.size, second.size, (level, index) => nodes.get(`${level}/${index}`)!);
  return verifyConsistency(first.size, second.size, first.root, second.root, proof);
}

async function readNodes(source: LedgerSource, ids: readonly NodeId[], size: number): Promise<Map<string, Buffer>> {
  const nodes = new Map<string, Buffer>();
  const tiles = new Map<string, Buffer>();
  for (const id of ids) {
    const tile = tileOfNode(id, size);
    const path = tilePath(tile);
    const hashes = tiles.get(path) ?? (await wholeTile(source, tile));
    tiles.set(path, hashes);
    nodes.set(`${id.level}/${id.index}`, nodeInTile(id, hashes));
  }
  return nodes;
}

function assertNotShorter(now: Seen, last: Seen): void {
  if (now.size < last.size) throw new LedgerBroken('shrunk', now.size, last.size, [last.note, now.note]);
}
function forked(known: readonly Seen[], at: number, now: Seen): LedgerBroken {
  const [agreed, other] = [known[at - 1]?.size ?? 0, known[at]!];
  return new LedgerBroken('forked', agreed, other.size, [other.note, now.note]);
}
async function firstThat<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<number> {
  for (const [i, item] of items.entries()) if (await holds(item)) return i;
  return items.length - 1;
}

/**
 * Reads the hash of every entry, builds the tree anew out of these alone, and holds it against what the hub has signed now,
 * against every checkpoint seen before, and against the nodes that the hub keeps.
 * @param before  checkpoints seen earlier, signed notes in any order
 * @returns the newest checkpoint
 * @throws LedgerBroken for the first entry that is not as it was signed; NoteInvalid when one of `before` is not of this hub
 */
export async function auditLedger(
  source: LedgerSource,
  owner: LedgerOwner,
  before: readonly string[] = [],
): Promise<Checkpoint & { readonly note: string }> {
  const known = bySize(before, owner);
  const now = await newestOf(source, owner);
  const last = known.at(-1);
  if (last) assertNotShorter(now, last);

  // Of each tile that is complete only its hash is kept: a million entries are 4,000 hashes.
  const whole: Buffer[] = [];
  let there = 0;
  for (const tile of tilesOf(0, now.size)) {
    const { hashes, width } = await asFarAsServed(source, tile);
    there += width;
    if (width === TILE) whole.push(tileHash(hashes));
    if (width < tile.width) break;
  }
  // A root needs one tile beside the complete ones: the one in which that many entries end.
  const rootAt = async (size: number): Promise<Buffer> => {
    const index = Math.floor(size / TILE);
    const ending = size % TILE ? await wholeTile(source, { level: 0, index, width: size % TILE }) : Buffer.of();
    return rootOf(size, nodesOver(whole, ending));
  };
  const asSigned = async (size: number): Promise<boolean> => {
    const { root } = size === now.size ? now : await signedAt(source, owner, size);
    return root?.equals(await rootAt(size)) ?? false;
  };

  if (!(await asSigned(there))) {
    // Up to the altered entry everything fits what was signed then, and nothing does from it on.
    let [fits, breaks] = [0, there];
    while (breaks - fits > 1) {
      const middle = Math.floor((fits + breaks) / 2);
      if (await asSigned(middle)) fits = middle;
      else breaks = middle;
    }
    throw new LedgerBroken('altered', fits, fits + 1, [now.note]);
  }
  if (there < now.size) throw new LedgerBroken('missing', there, there + 1, [now.note]);
  for (const [i, seen] of known.entries()) {
    if (!(await rootAt(seen.size)).equals(seen.root)) throw forked(known, i, now);
  }
  await assertNodes(source, now.size, whole);
  await assertNothingBehind(source, owner, now);
  return now;
}

/** The tile, or as much of its left as is served: a narrower one is as long as there is no gap in it. */
async function asFarAsServed(source: LedgerSource, tile: TileId): Promise<{ hashes: Buffer; width: number }> {
  const at = async (width: number) => {
    const hashes = await source.tile({ ...tile, width });
    return hashes?.length === width * HASH ? hashes : undefined;
  };
  const all = await at(tile.width);
  if (all) return { hashes: all, width: tile.width };
  let [hashes, width, gap]: [Buffer, number, number] = [Buffer.of(), 0, tile.width];
  while (gap - width > 1) {
    const middle = Math.floor((width + gap) / 2);
    const narrower = await at(middle);
    if (narrower) [hashes, width] = [narrower, middle];
    else gap = middle;
  }
  return { hashes, width };
}

/** @throws LedgerBroken where the tile is not served as a whole: missing for entries, node for what is built over them */
async function wholeTile(source: LedgerSource, tile: TileId): Promise<Buffer> {
  const { hashes, width } = await asFarAsServed(source, tile);
  if (width === tile.width) return hashes;
  const span = TILE ** tile.level;
  const first = (tile.index * TILE + width) * span;
  throw new LedgerBroken(tile.level === 0 ? 'missing' : 'node', first, first + span);
}

/** What was signed when there were so many entries; nothing where no such checkpoint is served. */
async function signedAt(source: LedgerSource, owner: LedgerOwner, size: number): Promise<{ readonly root?: Buffer }> {
  if (size === 0) return { root: emptyRoot };
  try {
    const signed = openCheckpoint((await source.checkpoint(size)) ?? '', owner);
    return signed.size === size ? signed : {};
  } catch (error) {
    if (error instanceof NoteInvalid) return {};
    throw error;
  }
}

/** The nodes that the hub keeps, as far as it serves them, against those of the entries. */
async function assertNodes(source: LedgerSource, size: number, whole: readonly Buffer[]): Promise<void> {
  const nodeAt = nodesOver(whole, Buffer.of());
  for (let level = 1; TILE ** level <= size; level++) {
    for (const tile of tilesOf(level, size)) {
      const hashes = await wholeTile(source, tile);
      for (let i = 0; i < tile.width; i++) {
        const index = tile.index * TILE + i;
        if (!nodeInTile({ level: 8 * level, index }, hashes).equals(nodeAt(8 * level, index)))
          throw new LedgerBroken('node', index * TILE ** level, (index + 1) * TILE ** level);
      }
    }
  }
}

async function assertNothingBehind(source: LedgerSource, owner: LedgerOwner, now: Seen): Promise<void> {
  const index = Math.floor(now.size / TILE);
  if (!(await source.tile({ level: 0, index, width: (now.size % TILE) + 1 }))) return;
  // Or it was recorded while we read: then it is signed by now.
  if ((await newestOf(source, owner)).size <= now.size) throw new LedgerBroken('unrecorded', now.size);
}
