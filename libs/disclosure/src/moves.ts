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

/** What making moves of a part works with: all zeros while nobody does. */
interface Scratch {
  /** How far the sum of each row moves. */
  readonly sums: Float64Array;
  readonly isTouched: Uint8Array;
  readonly touched: Int32Array;
  /** How far each cell moves. */
  readonly changes: Float64Array;
}
const scratches = new WeakMap<Part, Scratch>();

function scratchOf(part: Part): Scratch {
  let scratch = scratches.get(part);
  if (!scratch) {
    const rows = part.rowLo.length;
    scratch = {
      sums: new Float64Array(rows),
      isTouched: new Uint8Array(rows),
      touched: new Int32Array(rows),
      changes: new Float64Array(part.ids.length),
    };
    scratches.set(part, scratch);
  }
  return scratch;
}

/** Makes a move of whole changes, or undefined where they break an equation, a range or a bound. */
export function moveOf(part: Part, cells: ArrayLike<number>, changes: ArrayLike<number>): Move | undefined {
  const { down, toldDown, toldUp, words, knows } = part;
  let told = true;
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k]!;
    const change = changes[k]!;
    if (!Number.isSafeInteger(change) || change < down[cell]!) return undefined;
    if (change < toldDown[cell]! || change > toldUp[cell]!) told = false;
  }
  if (!keepsRows(part, cells, changes)) return undefined;
  const touch = new Uint32Array(words);
  for (let k = 0; k < cells.length; k++) {
    for (let w = 0, at = cells[k]! * words; w < words; w++, at++) touch[w]! |= knows[at]!;
  }
  return { cells: Int32Array.from(cells), change: Float64Array.from(changes), touch, told };
}

/** Whether changes of some cells, each named once, keep every equation and range. */
function keepsRows(part: Part, cells: ArrayLike<number>, changes: ArrayLike<number>): boolean {
  const { cellStart, cellRow, cellCoef, rowLo, rowHi } = part;
  const { sums, isTouched, touched } = scratchOf(part);
  let many = 0;
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k]!;
    const change = changes[k]!;
    for (let e = cellStart[cell]!; e < cellStart[cell + 1]!; e++) {
      const row = cellRow[e]!;
      if (!isTouched[row]) {
        isTouched[row] = 1;
        touched[many++] = row;
      }
      sums[row]! += cellCoef[e]! * change;
    }
  }
  let keeps = true;
  for (let k = 0; k < many; k++) {
    const row = touched[k]!;
    const sum = sums[row]!;
    if (!Number.isSafeInteger(sum) || sum < rowLo[row]! || sum > rowHi[row]!) keeps = false;
    sums[row] = 0;
    isTouched[row] = 0;
  }
  return keeps;
}

/**
 * Two moves put together so that a cell which both touch stands still; undefined where that is none, or breaks a bound.
 */
export function joined(part: Part, a: Move, b: Move, still: number): Move | undefined {
  const [x, y] = [changeAt(a, still), changeAt(b, still)];
  const common = divisor(Math.abs(x), Math.abs(y));
  const [timesA, timesB] = [Math.abs(y) / common, (-Math.sign(x) * Math.sign(y) * Math.abs(x)) / common];
  const { changes } = scratchOf(part);
  for (let k = 0; k < a.cells.length; k++) changes[a.cells[k]!]! += timesA * a.change[k]!;
  for (let k = 0; k < b.cells.length; k++) changes[b.cells[k]!]! += timesB * b.change[k]!;
  const cells: number[] = [];
  const values: number[] = [];
  let fits = true;
  for (const { cells: members } of [a, b]) {
    for (let k = 0; k < members.length; k++) {
      const cell = members[k]!;
      const change = changes[cell]!;
      if (change === 0) continue;
      if (change < part.down[cell]!) fits = false;
      cells.push(cell);
      values.push(change);
      changes[cell] = 0;
    }
  }
  return fits && cells.length > 0 ? moveOf(part, cells, values) : undefined;
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
