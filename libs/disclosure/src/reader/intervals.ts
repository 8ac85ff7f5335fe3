import type { Highs, Model } from 'highs';
import { withSolver } from '../highs';
import type { PrintedTable } from './printed';
import { systemOf, type Row, type System } from './system';

/** From the least count that a hidden cell may have to the largest; null: no end above. */
export type Interval = readonly [low: number, high: number | null];

/** A count is what the solver says within this. */
const EXACT = 1e-6;

/**
 * For every hidden cell the interval that the printed table leaves of it: the bound of a linear program, rounded to whole
 * numbers inside it. It always holds the true count, and may be wider than what whole-number reasoning leaves. It is a
 * function of the print, so showing it tells nobody anything new.
 *
 * No end is the solver's word: it gives multipliers of the rules, which are rounded to fractions and added up in whole
 * numbers; an end that cannot be shown so is replaced by a wider one that follows from single rules.
 * @returns by id, in ascending order of ids; cells that nobody prints are left out
 */
export function outerIntervals(printed: PrintedTable): Promise<Readonly<Record<string, Interval>>> {
  return withSolver((solver) => {
    const system = systemOf(printed);
    const low = Float64Array.from(system.low);
    const high = Float64Array.from(system.high);
    const unknownOf = new Map(system.ids.map((id, at) => [id, at]));
    const marked = printed.cells.flatMap((cell) =>
      'hidden' in cell && cell.hidden === 'marked' ? [unknownOf.get(cell.id)!] : [],
    );
    const isMarked = new Set(marked);
    for (const members of system.components) {
      const polytope = new Polytope(solver, system, members);
      try {
        polytope.widest(low, high, isMarked);
      } finally {
        polytope.dispose();
      }
    }
    return Object.fromEntries(
      marked.map((at) => [system.ids[at]!, [low[at]!, high[at] === Infinity ? null : high[at]!]]),
    );
  });
}

/** One connected part of the unknowns, as a model of which only the question changes. */
class Polytope {
  private readonly rows: Row[];
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private readonly cost: Float64Array;
  private readonly model: Model;

  constructor(
    private readonly solver: Highs,
    system: System,
    private readonly members: readonly number[],
  ) {
    this.rows = rowsWithin(system, members);
    this.low = Float64Array.from(members, (unknown) => system.low[unknown]!);
    this.high = Float64Array.from(members, (unknown) => system.high[unknown]!);
    this.cost = new Float64Array(members.length);
    this.model = modelOf(solver, this.rows, this.cost, this.low, this.high);
  }

  dispose(): void {
    this.model.dispose();
  }

  /** Writes the ends of the members that are asked for into `low` and `high`. */
  widest(low: Float64Array, high: Float64Array, isAsked: ReadonlySet<number>): void {
    const n = this.members.length;
    const open = openAbove(this.solver, this.rows, this.high);
    // An end that some table reaches, and that follows from single rules, needs no program of its own.
    const reached = { low: new Uint8Array(n), high: new Uint8Array(n) };
    const ask = (sign: 1 | -1, places: readonly number[]): Float64Array | undefined => {
      this.cost.fill(0);
      for (const k of places) this.cost[k] = sign;
      this.model.changeColsCost({ kind: 'range', from: 0, to: n - 1 }, this.cost);
      if (this.model.run().modelStatus !== this.solver.constants.modelStatus.optimal) return undefined;
      const { colValue, rowDual } = this.model.getSolution();
      for (let k = 0; k < n; k++) {
        if (colValue[k]! < this.low[k]! + EXACT) reached.low[k] = 1;
        if (colValue[k]! > this.high[k]! - EXACT) reached.high[k] = 1;
      }
      return rowDual;
    };
    const asked = [...this.members.keys()].filter((k) => isAsked.has(this.members[k]!));
    const closed = asked.filter((k) => !open[k]);
    // All at once, then those that this has not brought to their ends, for as long as that brings more than one there.
    for (const [sign, places, done] of [
      [1, asked, reached.low],
      [-1, closed, reached.high],
    ] as const)
      for (let [before, left] = [Infinity, places]; left.length > 1 && left.length < before - 1;) {
        before = left.length;
        ask(sign, left);
        left = left.filter((k) => !done[k]);
      }
    asked.forEach((k) => {
      const unknown = this.members[k]!;
      if (!reached.low[k]) low[unknown] = Math.max(this.low[k]!, this.proved(1, k, ask(1, [k])));
      if (open[k]) high[unknown] = Infinity;
      else if (!reached.high[k]) high[unknown] = Math.min(this.high[k]!, -this.proved(-1, k, ask(-1, [k])));
    });
  }

  /**
   * The least whole number that sign · unknown k is shown to reach by these multipliers of the rows: each row times its
   * multiplier, added up, says so. −Infinity where they show nothing.
   */
  private proved(sign: 1 | -1, k: number, multipliers: Float64Array | undefined): number {
    if (!multipliers) return -Infinity;
    const whole = new Float64Array(this.rows.length);
    for (const factor of [1, 2, 3, 4, 5, 6, 8, 10, 12, 24, 60, 120]) {
      let isWhole = true;
      for (let r = 0; r < whole.length && isWhole; r++) {
        whole[r] = Math.round(multipliers[r]! * factor);
        isWhole = Math.abs(multipliers[r]! * factor - whole[r]!) < EXACT * factor;
      }
      if (!isWhole) continue;
      const left = new Float64Array(this.members.length);
      left[k] = sign * factor;
      let sum = 0;
      this.rows.forEach(({ terms, lo, hi }, r) => {
        const y = whole[r]!;
        if (y === 0) return;
        sum += y * (y > 0 ? lo : hi);
        for (const [place, coefficient] of terms) left[place]! -= y * coefficient;
      });
      left.forEach((each, place) => {
        if (each !== 0) sum += each * (each > 0 ? this.low[place]! : this.high[place]!);
      });
      if (Number.isSafeInteger(sum)) return Math.ceil(sum / factor - 0.5 / factor);
    }
    return -Infinity;
  }
}

/** The rows that touch these unknowns, over their places; what is settled elsewhere is put in. */
export function rowsWithin({ rows, low }: System, members: readonly number[]): Row[] {
  const placeOf = new Map(members.map((unknown, place) => [unknown, place]));
  const within: Row[] = [];
  for (const { terms, lo, hi } of rows) {
    const open: [number, number][] = [];
    let settled = 0;
    for (const [unknown, coefficient] of terms) {
      const place = placeOf.get(unknown);
      // Whoever stands in a row with a member and is none is settled: its bounds meet.
      if (place === undefined) settled += coefficient * low[unknown]!;
      else open.push([place, coefficient]);
    }
    if (open.length > 0) within.push({ terms: open, lo: lo - settled, hi: hi - settled });
  }
  return within;
}

/** A model over some columns. Fixed options: the same print gives the same run. */
export function modelOf(
  solver: Highs,
  rows: readonly Row[],
  cost: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  integral = false,
): Model {
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { terms } of rows) {
    for (const [place, coefficient] of terms) {
      indices.push(place);
      values.push(coefficient);
    }
    starts.push(indices.length);
  }
  const n = cost.length;
  const finite = (bound: number) => Math.min(Math.max(bound, -solver.infinity), solver.infinity);
  const model = solver.createModel({
    numCols: n,
    numRows: rows.length,
    colCost: cost,
    colLower: lower.map(finite),
    colUpper: upper.map(finite),
    rowLower: rows.map(({ lo }) => finite(lo)),
    rowUpper: rows.map(({ hi }) => finite(hi)),
    matrix: { format: 'csr', numRows: rows.length, numCols: n, starts, indices, values },
    ...(integral ? { integrality: new Int32Array(n).fill(solver.constants.variableType.integer) } : {}),
  });
  model.options.set({ output_flag: false, random_seed: 0 });
  // A limit of nodes, never of seconds: a slow machine must not give another answer.
  if (integral) model.options.set({ mip_max_nodes: 2000, mip_rel_gap: 0.5 });
  else model.options.set({ presolve: 'off', solver: 'simplex' });
  return model;
}

/** Which unknowns have no end above: one program finds every direction in which the table goes on for ever. */
function openAbove(solver: Highs, rows: readonly Row[], high: Float64Array): Uint8Array {
  const open = new Uint8Array(high.length);
  const free = [...high.keys()].filter((k) => high[k] === Infinity);
  if (free.length === 0) return open;
  // How far an unknown goes in the direction: up to one unit counts, more is free.
  const at = new Map(free.map((k, place) => [k, place]));
  const directions = rows
    .map(({ terms, lo, hi }) => ({
      terms: terms.flatMap(([k, coefficient]) => {
        const place = at.get(k);
        return place === undefined ? [] : [[2 * place, coefficient] as const, [2 * place + 1, coefficient] as const];
      }),
      lo: lo === -Infinity ? -Infinity : 0,
      hi: hi === Infinity ? Infinity : 0,
    }))
    .filter(({ terms }) => terms.length > 0);
  const n = 2 * free.length;
  const cost = new Float64Array(n).map((_, column) => (column % 2 === 0 ? -1 : 0));
  const upper = new Float64Array(n).map((_, column) => (column % 2 === 0 ? 1 : Infinity));
  const model = modelOf(solver, directions, cost, new Float64Array(n), upper);
  try {
    const isDone = model.run().modelStatus === solver.constants.modelStatus.optimal;
    const { colValue } = model.getSolution();
    // Without an answer nothing is known of any end, and none is given.
    free.forEach((k, place) => (open[k] = Number(!isDone || colValue[2 * place]! > 0.5)));
  } finally {
    model.dispose();
  }
  return open;
}
