import { ZERO } from './eliminate';

/** Differences up to here come from the arithmetic. */
export const SMALL = 1e-6;
/** A weight of each column, to tell rows apart by their weighted sums. */
const weights: number[] = [];

/** Cells that move as one, each by its factor. */
export interface Kind {
  readonly cells: number[];
  readonly factors: number[];
}

/** The part of a tableau that moves: first the kinds that are free, then those that follow, by columns. */
export interface View {
  readonly matrix: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly kinds: readonly Kind[];
  /** Bounds of each kind, for someone who was not told and for someone who was. */
  readonly ends: readonly { readonly low: Float64Array; readonly high: Float64Array }[];
  readonly kindOf: ReadonlyMap<number, readonly [kind: number, factor: number]>;
}

/** Bounds by cell, slacks behind them, for someone who was not told (0) and for someone who was (1). */
export interface Bounds {
  readonly low: readonly [Float64Array, Float64Array];
  readonly high: readonly [Float64Array, Float64Array];
}

/**
 * Reads off a tableau what moves. Cells that move alike are one kind.
 * @param moving  how many columns move, the first ones
 */
export function viewOf(
  tableau: Float64Array,
  bound: Int32Array,
  free: Int32Array,
  moving: number,
  bounds: Bounds,
): View {
  const width = free.length;
  const kinds: Kind[] = [];
  const add = (cell: number, factor: number, kind: Kind) => {
    kind.cells.push(cell);
    kind.factors.push(factor);
  };
  for (let k = 0; k < moving; k++) kinds.push({ cells: [free[k]!], factors: [1] });
  for (let k = weights.length; k < moving; k++) weights.push(Math.sin(k + 1));
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
    // A cell that follows one free cell alone only narrows it; cells that follow alike are one row.
    if (many === 1) {
      add(bound[row]!, tableau[at + first]!, kinds[first]!);
      continue;
    }
    const sign = tableau[at + first]! < 0 ? -1 : 1;
    const key = Math.round(hash * sign * 1e6);
    let alike = byHash.get(key);
    if (!alike) byHash.set(key, (alike = []));
    const same = alike.find((each) => {
      const from = starts[each]!;
      const turn = sign * signs[each]!;
      for (let k = 0; k < moving; k++) if (Math.abs(turn * tableau[at + k]! - tableau[from + k]!) > ZERO) return false;
      return true;
    });
    if (same !== undefined) add(bound[row]!, sign, kinds[moving + same]!);
    else {
      alike.push(starts.length);
      starts.push(at);
      signs.push(sign);
      kinds.push({ cells: [bound[row]!], factors: [sign] });
    }
  }
  const rows = starts.length;
  const matrix = new Float64Array(rows * moving);
  for (let i = 0; i < rows; i++) {
    const from = starts[i]!;
    const sign = signs[i]!;
    for (let k = 0, to = i; k < moving; k++, to += rows) matrix[to] = sign * tableau[from + k]!;
  }
  const ends = [0, 1].map((told) => {
    const low = new Float64Array(kinds.length).fill(-Infinity);
    const high = new Float64Array(kinds.length).fill(Infinity);
    kinds.forEach(({ cells, factors }, kind) => {
      cells.forEach((cell, m) => {
        const factor = factors[m]!;
        const [a, b] = [bounds.low[told]![cell]! / factor, bounds.high[told]![cell]! / factor];
        low[kind] = Math.max(low[kind]!, Math.ceil(Math.min(a, b) - SMALL));
        high[kind] = Math.min(high[kind]!, Math.floor(Math.max(a, b) + SMALL));
      });
    });
    return { low, high };
  });
  const kindOf = new Map<number, readonly [kind: number, factor: number]>();
  kinds.forEach(({ cells, factors }, kind) => cells.forEach((cell, m) => kindOf.set(cell, [kind, factors[m]!])));
  return { matrix, rows, columns: moving, kinds, ends, kindOf };
}
