import { nodeHash, type NodeAt, type NodeId } from './merkle';

/**
 * The tree cut into tiles of 256 hashes (C2SP tlog-tiles): what anybody may fetch, and may keep for ever, for the hashes of
 * a complete subtree never change. A tile of level L holds complete subtrees of 256^L entries; level 0 are the hashes of
 * the entries. Only the last tile of a level is narrower than 256.
 */
export interface TileId {
  readonly level: number;
  readonly index: number;
  /** 1 to 256 hashes. */
  readonly width: number;
}

/** Hashes of a whole tile. */
export const TILE = 256;
const HEIGHT = 8;
/** Bytes of a hash. */
export const HASH = 32;
/** No tree below 2^53 entries is higher. */
const HIGHEST = 6;

/** The tile's path behind `tile/`: `0/x001/067`, and `0/x001/067.p/5` where it is narrower than 256. */
export function tilePath({ level, index, width }: TileId): string {
  const groups: string[] = [];
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`${groups.length ? 'x' : ''}${String(rest % 1000).padStart(3, '0')}`);
  }
  return `${level}/${groups.join('/')}${width < TILE ? `.p/${width}` : ''}`;
}

/** The tile of a path, or undefined unless it is the one path of a tile. */
export function parseTilePath(path: string): TileId | undefined {
  const match = /^(\d)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (!match) return undefined;
  const index = Number(match[2]!.replace(/[x/]/g, ''));
  const tile = { level: Number(match[1]), index, width: match[3] === undefined ? TILE : Number(match[3]) };
  const isOne = tile.level <= HIGHEST && tile.width >= 1 && Number.isSafeInteger((index + 1) * TILE);
  return isOne && tilePath(tile) === path ? tile : undefined;
}

/** How many hashes of that tile a tree of `size` entries has. */
export function tileWidth(level: number, index: number, size: number): number {
  return Math.max(0, Math.min(TILE, Math.floor(size / TILE ** level) - index * TILE));
}

/** The tiles of that level, from the left. */
export function tilesOf(level: number, size: number): TileId[] {
  const count = Math.ceil(Math.floor(size / TILE ** level) / TILE);
  return Array.from({ length: count }, (_, index) => ({ level, index, width: tileWidth(level, index, size) }));
}

/** The tile of a tree of `size` entries out of which that node can be computed. */
export function tileOfNode(node: NodeId, size: number): TileId {
  const level = Math.floor(node.level / HEIGHT);
  const index = Math.floor((node.index * 2 ** (node.level - level * HEIGHT)) / TILE);
  return { level, index, width: tileWidth(level, index, size) };
}

/** The hash of a complete subtree whose tile is at hand: `tileOfNode` says which. */
export function nodeInTile({ level, index }: NodeId, tile: Uint8Array): Buffer {
  const within = level % HEIGHT;
  const first = (index * 2 ** within) % TILE;
  return joined(tile, first, 2 ** within);
}

function joined(tile: Uint8Array, first: number, count: number): Buffer {
  if (count === 1) return Buffer.from(tile.subarray(first * HASH, (first + 1) * HASH));
  return nodeHash(joined(tile, first, count / 2), joined(tile, first + count / 2, count / 2));
}

/** The hash of the complete subtree that a whole tile is. */
export const tileHash = (tile: Uint8Array): Buffer => joined(tile, 0, TILE);

/**
 * Nodes of the tree over the tiles of level 0: `whole` are the hashes of the complete ones, from the left, `ending` is the
 * one in which the tree ends.
 */
export function nodesOver(whole: readonly Buffer[], ending: Uint8Array): NodeAt {
  const nodeAt: NodeAt = (level, index) => {
    if (level < HEIGHT) return nodeInTile({ level, index }, ending);
    if (level === HEIGHT) return whole[index]!;
    return nodeHash(nodeAt(level - 1, index * 2), nodeAt(level - 1, index * 2 + 1));
  };
  return nodeAt;
}
