import type { Deadline } from '../deadline';
import type { Part } from '../parts';

/** Smaller entries of a tableau are 0. */
export const ZERO = 1e-9;

/** The equations of a part, solved: bound cells follow free ones. Behind the cells come the slacks of ranges. */
export interface Solved {
  /** Bound cells by row, free ones by column. */
  readonly bound: Int32Array;
  readonly free: Int32Array;
  /** tableau[row · width + column]: what a unit of a free cell does to a bound one. */
  readonly tableau: Float64Array;
  /** The rows of the part that are ranges, in the order of their slacks. */
  readonly ranges: readonly number[];
}

/**
 * Solves the equations of a part by elimination, short ones first.
 * @throws OutOfTime
 */
export function eliminate(part: Part, deadline: Deadline): Solved {
  const cells = part.ids.length;
  const ranges: number[] = [];
  const many = part.rowLo.length;
  for (let row = 0; row < many; row++) if (part.rowLo[row] !== 0 || part.rowHi[row] !== 0) ranges.push(row);
  const all = cells + ranges.length;
  const rows = Array.from({ length: many }, (_, row) => {
    const dense = new Float64Array(all);
    for (let e = part.rowStart[row]!; e < part.rowStart[row + 1]!; e++) dense[part.rowCell[e]!] = part.rowCoef[e]!;
    return dense;
  });
  ranges.forEach((row, at) => (rows[row]![cells + at] = -1));
  const pivots = new Int32Array(many).fill(-1);
  const isBound = new Uint8Array(all);
  const count = new Int32Array(all);
  for (const dense of rows) for (let j = 0; j < all; j++) if (dense[j] !== 0) count[j]!++;
  const filled = new Int32Array(all);
  const order = [...rows.keys()].sort(
    (a, b) => part.rowStart[a + 1]! - part.rowStart[a]! - (part.rowStart[b + 1]! - part.rowStart[b]!) || a - b,
  );
  for (const row of order) {
    deadline.check();
    const dense = rows[row]!;
    let pivot = -1;
    let many = 0;
    for (let j = 0; j < all; j++) {
      if (dense[j] === 0) continue;
      filled[many++] = j;
      // A slack has no other use; else the cell that stands in the fewest rows, with a unit before it if there is one.
      const rank = (k: number) => (k >= cells ? 0 : count[k]! + (Math.abs(dense[k]!) === 1 ? 0 : 1e6));
      if (pivot < 0 || rank(j) < rank(pivot)) pivot = j;
    }
    if (pivot < 0) continue; // it follows from the others
    const scale = 1 / dense[pivot]!;
    for (let k = 0; k < many; k++) dense[filled[k]!]! *= scale;
    dense[pivot] = 1;
    for (const other of rows) {
      const factor = other === dense ? 0 : other[pivot]!;
      if (factor === 0) continue;
      for (let k = 0; k < many; k++) {
        const j = filled[k]!;
        const was = other[j]!;
        let now = was - factor * dense[j]!;
        if (now < ZERO && now > -ZERO) now = 0;
        if ((was === 0) !== (now === 0)) count[j]! += now === 0 ? -1 : 1;
        other[j] = now;
      }
      other[pivot] = 0;
    }
    pivots[row] = pivot;
    isBound[pivot] = 1;
  }
  const free = Int32Array.from([...Array(all).keys()].filter((j) => !isBound[j]));
  const kept = [...rows.keys()].filter((row) => pivots[row]! >= 0);
  const tableau = new Float64Array(kept.length * free.length);
  kept.forEach((row, i) => {
    for (let k = 0; k < free.length; k++) tableau[i * free.length + k] = 0 - rows[row]![free[k]!]!;
  });
  return { bound: Int32Array.from(kept, (row) => pivots[row]!), free, tableau, ranges };
}
