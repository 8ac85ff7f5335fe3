import { ZERO } from './eliminate';

/** Differences up to here come from the arithmetic. */
export const SMALL = 1e-6;
/** A weight of each column, to tell rows apart by their weighted sums. */
const weights: number[] = [];

/**
 * The part of a tableau that moves. Cells that move alike are one kind: first come the kinds that are free, by columns, then those that
 * follow, by rows.
 */
export interface View {
  readonly rows: number;
  readonly columns: number;
  /** What a unit of a free kind does to a bound one, by columns. */
  readonly matrix: Float64Array;
  /** The same after the exchanges of the pushes so far, and the kinds that are free and bound then: there the next push begins. */
  readonly exchanged: { readonly matrix: Float64Array; readonly free: Int32Array; readonly bound: Int32Array };
  /** The kind of each cell, -1 where it stands still, and what a unit of the kind does to it. */
  readonly kindOf: Int32Array;
  readonly factorOf: Float64Array;
  /** How far each kind goes down and up in whole units, for someone who was not told and for someone who was. */
  ends: readonly { readonly low: Float64Array; readonly high: Float64Array }[];
}

/** Bounds by cell, slacks behind them, for someone who was not told (0) and for someone who was (1). */
export interface Bounds {
  readonly low: readonly [Float64Array, Float64Array];
  readonly high: readonly [Float64Array, Float64Array];
}

/**
 * Reads off a tableau what moves.
 * @param moving  how many columns move, the first ones
 * @param cells   how many cells and slacks there are
 */
export function viewOf(
  tableau: Float64Array,
  bound: Int32Array,
  free: Int32Array,
  moving: number,
  cells: number,
): View {
  const width = free.length;
  const kindOf = new Int32Array(cells).fill(-1);
  const factorOf = new Float64Array(kindOf.length);
  for (let k = weights.length; k < moving; k++) weights.push(Math.sin(k + 1));
  for (let k = 0; k < moving; k++) {
    kindOf[free[k]!] = k;
    factorOf[free[k]!] = 1;
  }
  // The rows that differ, each by where it lies in the tableau and the sign of its first entry.
  const starts: number[] = [];
  const signs: number[] = [];
  const byHash = new Map<number, number[]>();
  for (let row = 0, at = 0; row < bound.length; row++, at += width) {
    let first = -1;
    let many = 0;
    let hash = 0;
    for (let k = 0; k < moving; k++) {
      const entry = tableau[at + k]!;
      if (entry === 0) continue;
      if (many++ === 0) first = k;
      hash += entry * weights[k]!;
    }
    if (many === 0) continue;
    const cell = bound[row]!;
    // A cell that follows one free cell alone only narrows it; cells that follow alike are one row.
    if (many === 1) {
      kindOf[cell] = first;
      factorOf[cell] = tableau[at + first]!;
      continue;
    }
    const sign = tableau[at + first]! < 0 ? -1 : 1;
    const key = Math.round(hash * sign * 1e6);
    let alike = byHash.get(key);
    if (!alike) byHash.set(key, (alike = []));
    let same = alike.find((each) => areAlike(tableau, starts[each]!, at, sign * signs[each]!, moving));
    if (same === undefined) {
      alike.push((same = starts.length));
      starts.push(at);
      signs.push(sign);
    }
    kindOf[cell] = moving + same;
    factorOf[cell] = sign;
  }
  const rows = starts.length;
  const matrix = new Float64Array(rows * moving);
  for (let i = 0; i < rows; i++) {
    const from = starts[i]!;
    const sign = signs[i]!;
    for (let k = 0; k < moving; k++) {
      const entry = tableau[from + k]!;
      if (entry !== 0) matrix[k * rows + i] = sign * entry;
    }
  }
  const exchanged = {
    matrix: new Float64Array(matrix.length),
    free: new Int32Array(moving),
    bound: new Int32Array(rows),
  };
  const view: View = { rows, columns: moving, matrix, exchanged, kindOf, factorOf, ends: [] };
  startAfresh(view);
  return view;
}

/** Takes all exchanges back. */
export function startAfresh({ rows, columns, matrix, exchanged }: View): void {
  exchanged.matrix.set(matrix);
  for (let k = 0; k < columns; k++) exchanged.free[k] = k;
  for (let i = 0; i < rows; i++) exchanged.bound[i] = columns + i;
}

/** Whether two rows are the same, one of them times 1 or -1. */
function areAlike(tableau: Float64Array, a: number, b: number, sign: number, many: number): boolean {
  const zero = ZERO; // what another file exports is asked for anew at each use
  for (let k = 0; k < many; k++) {
    const off = tableau[a + k]! - sign * tableau[b + k]!;
    if (off > zero || off < -zero) return false;
  }
  return true;
}

/**
 * Gives the kinds of a view the bounds of their cells.
 * @param still  a cell that stands still all the same; -1 where there is none
 */
export function bind(view: View, { low, high }: Bounds, still: number): void {
  const { kindOf, factorOf, rows, columns } = view;
  view.ends = ([0, 1] as const).map((told) => {
    const ends = {
      low: new Float64Array(columns + rows).fill(-Infinity),
      high: new Float64Array(columns + rows).fill(Infinity),
    };
    for (let cell = 0; cell < kindOf.length; cell++) {
      const kind = kindOf[cell]!;
      if (kind < 0) continue;
      const factor = factorOf[cell]!;
      const [a, b] = [low[told][cell]! / factor, high[told][cell]! / factor];
      ends.low[kind] = Math.max(ends.low[kind]!, Math.ceil(Math.min(a, b) - SMALL));
      ends.high[kind] = Math.min(ends.high[kind]!, Math.floor(Math.max(a, b) + SMALL));
    }
    if (still >= 0 && kindOf[still]! >= 0) ends.low[kindOf[still]!] = ends.high[kindOf[still]!] = 0;
    return ends;
  });
}
