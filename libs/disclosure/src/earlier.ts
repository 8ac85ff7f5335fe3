import { moveOf, type Move } from './moves';
import type { Part } from './parts';
import type { Certificate } from './problem';

/**
 * What an earlier certificate moved in each of some parts, as far as it still keeps every equation, range and bound;
 * each move once. Only cells that are hidden may move.
 * @param hidden  ids
 */
export function earlierMoves(parts: readonly Part[], hidden: ReadonlySet<string>, certificate?: Certificate): Move[][] {
  const places = new Map<string, readonly [part: number, cell: number]>();
  parts.forEach((part, at) =>
    part.ids.forEach((id, cell) => {
      if (hidden.has(id) || part.hidden[cell]) places.set(id, [at, cell]);
    }),
  );
  const moves: Move[][] = parts.map(() => []);
  const known = new Map<number, Move[]>();
  for (const values of new Set((certificate?.witnesses ?? []).map((witness) => witness.values))) {
    const table = inOnePart(values, places, parts);
    const move = table && moveOf(parts[table.at]!, table.cells, table.changes);
    if (!move) continue;
    const key = hashOf(table.at, move);
    const alike = known.get(key) ?? [];
    known.set(key, alike);
    if (alike.some((other) => isSame(other, move))) continue;
    alike.push(move);
    moves[table.at]!.push(move);
  }
  return moves;
}

/** The changes that a table makes, where all of them lie in one part. */
function inOnePart(
  values: Readonly<Record<string, number>>,
  places: ReadonlyMap<string, readonly [part: number, cell: number]>,
  parts: readonly Part[],
): { at: number; cells: readonly number[]; changes: readonly number[] } | undefined {
  let at = -1;
  const cells: number[] = [];
  const changes: number[] = [];
  let isInOrder = true;
  for (const id of Object.keys(values)) {
    const place = places.get(id);
    // What is printed now, or gone, does not move: the others may still fit.
    if (!place) continue;
    if (at >= 0 && at !== place[0]) return undefined;
    at = place[0];
    const cell = place[1];
    const change = values[id]! - parts[at]!.value[cell]!;
    if (change === 0) continue;
    isInOrder &&= cells.length === 0 || cells.at(-1)! < cell;
    cells.push(cell);
    changes.push(change);
  }
  if (cells.length === 0) return undefined;
  if (isInOrder) return { at, cells, changes };
  const order = [...cells.keys()].sort((a, b) => cells[a]! - cells[b]!);
  return { at, cells: order.map((k) => cells[k]!), changes: order.map((k) => changes[k]!) };
}

function hashOf(at: number, { cells, change }: Move): number {
  let hash = at;
  for (let k = 0; k < cells.length; k++) hash = Math.imul(hash, 31) + cells[k]! * 7919 + change[k]!;
  return hash | 0;
}

const isSame = (a: Move, b: Move): boolean =>
  a.cells.length === b.cells.length && a.cells.every((cell, k) => cell === b.cells[k] && a.change[k] === b.change[k]);
