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
  const changes: [cell: number, change: number][] = [];
  for (const id of Object.keys(values)) {
    const place = places.get(id);
    // What is printed now, or gone, does not move: the others may still fit.
    if (!place) continue;
    if (at >= 0 && at !== place[0]) return undefined;
    at = place[0];
    const change = values[id]! - parts[at]!.value[place[1]]!;
    if (change !== 0) changes.push([place[1], change]);
  }
  if (changes.length === 0) return undefined;
  changes.sort((a, b) => a[0] - b[0]);
  return { at, cells: changes.map(([cell]) => cell), changes: changes.map(([, change]) => change) };
}

function hashOf(at: number, { cells, change }: Move): number {
  let hash = at;
  for (let k = 0; k < cells.length; k++) hash = Math.imul(hash, 31) + cells[k]! * 7919 + change[k]!;
  return hash | 0;
}

const isSame = (a: Move, b: Move): boolean =>
  a.cells.length === b.cells.length && a.cells.every((cell, k) => cell === b.cells[k] && a.change[k] === b.change[k]);
