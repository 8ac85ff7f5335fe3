import type { Part } from './parts';

/**
 * A whole-number change of the table that keeps every equation and range and touches only cells that are (or then
 * become) hidden. It is a second table for every cell it touches, against everyone who knows none of its cells.
 */
export interface Move {
  readonly cells: Int32Array;
  readonly change: Float64Array;
  /** Attackers who know a cell that it touches: it says nothing to them. */
  readonly touch: Uint32Array;
  /** Also possible for an attacker who was told which hidden counts are small. */
  readonly told: boolean;
}

export const overlaps = (a: Uint32Array, at: number, b: Uint32Array): boolean => {
  for (let w = 0; w < b.length; w++) if (a[at + w]! & b[w]!) return true;
  return false;
};

/** Makes a move of whole changes, or undefined where they break an equation, a range or a bound. */
export function moveOf(part: Part, cells: readonly number[], changes: readonly number[]): Move | undefined {
  const touch = new Uint32Array(part.words);
  const rowsTouched = new Set<number>();
  let told = true;
  const changeOf = new Map<number, number>();
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k]!;
    const change = changes[k]!;
    if (!Number.isSafeInteger(change) || change < part.down[cell]!) return undefined;
    if (change < part.toldDown[cell]! || change > part.toldUp[cell]!) told = false;
    changeOf.set(cell, change);
    for (let w = 0; w < part.words; w++) touch[w]! |= part.knows[cell * part.words + w]!;
    for (let e = part.cellStart[cell]!; e < part.cellStart[cell + 1]!; e++) rowsTouched.add(part.cellRow[e]!);
  }
  for (const row of rowsTouched) {
    let sum = 0;
    for (let e = part.rowStart[row]!; e < part.rowStart[row + 1]!; e++) {
      sum += part.rowCoef[e]! * (changeOf.get(part.rowCell[e]!) ?? 0);
    }
    if (!Number.isSafeInteger(sum) || sum < part.rowLo[row]! || sum > part.rowHi[row]!) return undefined;
  }
  return { cells: Int32Array.from(cells), change: Float64Array.from(changes), touch, told };
}

/**
 * Two moves put together so that a cell which both touch stands still; undefined where that is none, or breaks a bound.
 */
export function joined(part: Part, a: Move, b: Move, still: number): Move | undefined {
  const [x, y] = [changeAt(a, still), changeAt(b, still)];
  const common = divisor(Math.abs(x), Math.abs(y));
  const [timesA, timesB] = [Math.abs(y) / common, (-Math.sign(x) * Math.sign(y) * Math.abs(x)) / common];
  const changes = new Map<number, number>();
  a.cells.forEach((cell, k) => changes.set(cell, timesA * a.change[k]!));
  b.cells.forEach((cell, k) => {
    const sum = (changes.get(cell) ?? 0) + timesB * b.change[k]!;
    if (sum === 0) changes.delete(cell);
    else changes.set(cell, sum);
  });
  for (const [cell, change] of changes) if (change < part.down[cell]!) return undefined;
  return changes.size === 0 ? undefined : moveOf(part, [...changes.keys()], [...changes.values()]);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** The change that a move makes to a cell. */
export function changeAt(move: Move, cell: number): number {
  const at = move.cells.indexOf(cell);
  return at < 0 ? 0 : move.change[at]!;
}

/** A small generator of numbers in [0, 1), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
