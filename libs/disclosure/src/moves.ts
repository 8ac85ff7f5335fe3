import type { Highs, Model } from 'highs';
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

/** What is asked of a move. */
export interface Wanted {
  /** The cell that has to change, and how: `direction` · at least `amount` (exactly, where `exactly`). */
  readonly cell: number;
  readonly direction: 1 | -1;
  readonly amount: number;
  /** As far as possible instead of as cheaply as possible; `amount` is then the furthest that is of use. */
  readonly furthest?: boolean;
  /** Attackers to convince: no cell that one of them knows may move. */
  readonly avoid: Uint32Array;
  /** 1 for each hidden cell. */
  readonly hidden: Uint8Array;
  /** Whether printed cells may be taken (they become hidden). */
  readonly mayHide: boolean;
  readonly told: boolean;
}

/** `impossible` only where the solver finished with that answer; `unknown` where no whole move was found. */
export type Found = Move | 'impossible' | 'unknown';

/** The price of a unit of change in a cell that is hidden already: small, so that moves stay short, but not nothing. */
const HIDDEN_PRICE = 1e-4;
const INTEGRAL = 1e-6;

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

/** The change that a move makes to a cell. */
export function changeAt(move: Move, cell: number): number {
  const at = move.cells.indexOf(cell);
  return at < 0 ? 0 : move.change[at]!;
}

/**
 * Finds cheapest moves among some cells of a part. Two columns per cell, up and down; one model kept in the solver,
 * of which only bounds and prices change. Dual simplex from the slack basis: that basis is dual feasible and only the
 * wanted cell is out of place, which is several times faster than starting from the last answer.
 * Must be disposed: the solver's memory is not collected.
 */
export class MoveFinder {
  private readonly model: Model;
  private readonly at: Int32Array;
  private readonly upper: Float64Array;
  private readonly price: Float64Array;
  private lower = -1;
  /** Linear programs solved so far: the measure of effort, so that answers do not depend on the machine. */
  solved = 0;

  constructor(
    private readonly solver: Highs,
    private readonly part: Part,
    /** Cells that may move, ascending; all others stay. */
    readonly cells: Int32Array,
  ) {
    const n = cells.length;
    this.at = new Int32Array(part.ids.length).fill(-1);
    cells.forEach((cell, k) => (this.at[cell] = k));
    this.upper = new Float64Array(2 * n);
    this.price = new Float64Array(2 * n).fill(1);
    this.model = solver.createModel(this.matrix());
    this.model.options.set({ output_flag: false, presolve: 'off', solver: 'simplex', simplex_strategy: 1 });
  }

  dispose(): void {
    this.model.dispose();
  }

  private matrix(integral = false) {
    const { part, cells } = this;
    const n = cells.length;
    const starts = new Int32Array(2 * n + 1);
    const indices: number[] = [];
    const values: number[] = [];
    const rowAt = new Map<number, number>();
    const rowLower: number[] = [];
    const rowUpper: number[] = [];
    for (let k = 0; k < n; k++) {
      const cell = cells[k]!;
      const entries: [number, number][] = [];
      for (let e = part.cellStart[cell]!; e < part.cellStart[cell + 1]!; e++) {
        const row = part.cellRow[e]!;
        let local = rowAt.get(row);
        if (local === undefined) {
          local = rowLower.length;
          rowAt.set(row, local);
          rowLower.push(Math.max(part.rowLo[row]!, -this.solver.infinity));
          rowUpper.push(Math.min(part.rowHi[row]!, this.solver.infinity));
        }
        entries.push([local, part.cellCoef[e]!]);
      }
      entries.sort((a, b) => a[0] - b[0]);
      for (const sign of [1, -1]) {
        for (const [row, coefficient] of entries) {
          indices.push(row);
          values.push(sign * coefficient);
        }
        starts[2 * k + (sign === 1 ? 1 : 2)] = indices.length;
      }
    }
    return {
      numCols: 2 * n,
      numRows: rowLower.length,
      colCost: this.price,
      colLower: new Float64Array(2 * n),
      colUpper: this.upper,
      rowLower,
      rowUpper,
      matrix: {
        format: 'csc' as const,
        numRows: rowLower.length,
        numCols: 2 * n,
        starts,
        indices: Int32Array.from(indices),
        values: Float64Array.from(values),
      },
      ...(integral ? { integrality: new Int32Array(2 * n).fill(this.solver.constants.variableType.integer) } : {}),
    };
  }

  /** Bounds and prices for what is wanted; `jitter` shakes the prices. */
  private bounds(wanted: Wanted, jitter?: () => number, attempt = 0): { upper: Float64Array; price: Float64Array } {
    const { part, cells } = this;
    const n = cells.length;
    const upper = new Float64Array(2 * n);
    const price = new Float64Array(2 * n);
    for (let k = 0; k < n; k++) {
      const cell = cells[k]!;
      const free = wanted.hidden[cell] === 1;
      // A little dearer with each id, so that of equal answers the one with the smaller ids is taken.
      // Long ways through hidden cells are where fractions come from: at each new attempt they cost more.
      const passing = HIDDEN_PRICE * 30 ** Math.min(attempt, 3);
      let each = (free ? passing : Math.max(part.cost[cell]!, 2 * passing)) * (1 + (1e-3 * k) / n);
      if (jitter) each *= 1 + jitter();
      if (wanted.furthest && wanted.mayHide) each = 1e-6; // here only the distance counts
      price[2 * k] = each;
      price[2 * k + 1] = each;
      if ((!free && !wanted.mayHide) || overlaps(part.knows, cell * part.words, wanted.avoid)) continue;
      upper[2 * k] = wanted.told ? Math.min(part.toldUp[cell]!, this.solver.infinity) : this.solver.infinity;
      upper[2 * k + 1] = -(wanted.told ? Math.max(part.toldDown[cell]!, part.down[cell]!) : part.down[cell]!);
    }
    return { upper, price };
  }

  /** Sends only what differs from the model's present state. */
  private send(upper: Float64Array, price: Float64Array): void {
    const cols: number[] = [];
    const priced: number[] = [];
    for (let c = 0; c < upper.length; c++) {
      if (upper[c] !== this.upper[c]) cols.push(c);
      if (price[c] !== this.price[c]) priced.push(c);
    }
    if (cols.length > 0) {
      this.model.changeColsBounds(
        { kind: 'set', indices: cols },
        new Float64Array(cols.length),
        cols.map((c) => upper[c]!),
      );
      this.upper.set(upper);
    }
    if (priced.length > 0) {
      this.model.changeColsCost(
        { kind: 'set', indices: priced },
        priced.map((c) => price[c]!),
      );
      this.price.set(price);
    }
  }

  /**
   * The cheapest move of the wanted kind, by linear programming, checked in whole numbers outside the solver.
   * @param tries  how often fractional answers are asked for again with shaken prices
   */
  find(wanted: Wanted, tries: number): Found {
    const k = this.at[wanted.cell]!;
    if (k < 0) return 'impossible';
    const column = wanted.direction === 1 ? 2 * k : 2 * k + 1;
    let random: (() => number) | undefined;
    const support = new Set<number>([wanted.cell]);
    for (let attempt = 0; attempt <= tries; attempt++) {
      const { upper, price } = this.bounds(wanted, random, attempt);
      if (upper[column]! < (wanted.furthest ? 1 : wanted.amount)) return 'impossible';
      upper[column === 2 * k ? 2 * k + 1 : 2 * k] = 0;
      if (wanted.furthest) {
        upper[column] = Math.min(upper[column]!, wanted.amount);
        price[column] = -1;
      }
      // Columns whose lower bound was lifted by the last search go back first.
      if (this.lower >= 0) this.model.changeColBounds(this.lower, 0, this.upper[this.lower]!);
      this.lower = -1;
      this.send(upper, price);
      if (!wanted.furthest) {
        this.model.changeColBounds(column, wanted.amount, upper[column]!);
        this.lower = column;
      }
      this.model.setLogicalBasis();
      this.solved++;
      const { modelStatus } = this.model.run();
      const { optimal, infeasible } = this.solver.constants.modelStatus;
      if (modelStatus === infeasible) return 'impossible';
      if (modelStatus !== optimal) return 'unknown';
      const columns = this.model.getSolution().colValue;
      const move = this.whole(columns, wanted);
      if (move) return move;
      this.cells.forEach((cell, at) => {
        if (columns[2 * at]! + columns[2 * at + 1]! > INTEGRAL) support.add(cell);
      });
      random = seeded(wanted.cell * 31 + attempt);
    }
    // A whole-number program over no more than the cells of the fractional answers: small, and often enough.
    const few = new MoveFinder(this.solver, this.part, Int32Array.from(support).sort());
    try {
      const found = few.findWhole(wanted, 1);
      return typeof found === 'string' ? 'unknown' : found;
    } finally {
      few.dispose();
    }
  }

  /** The solver's answer, times a small factor where it is fractional, as a move of the wanted kind. */
  private whole(columns: Float64Array, wanted: Wanted): Move | undefined {
    const cells: number[] = [];
    const changes: number[] = [];
    for (let k = 0; k < this.cells.length; k++) {
      const change = columns[2 * k]! - columns[2 * k + 1]!;
      if (Math.abs(change) <= INTEGRAL) continue;
      cells.push(this.cells[k]!);
      changes.push(change);
    }
    for (let factor = 1; factor <= 6; factor++) {
      if (changes.some((each) => Math.abs(each * factor - Math.round(each * factor)) > INTEGRAL * factor)) continue;
      const move = moveOf(
        this.part,
        cells,
        changes.map((each) => Math.round(each * factor)),
      );
      if (move && (move.told || !wanted.told) && reaches(move, wanted)) return move;
    }
    return undefined;
  }

  /**
   * The same question with whole columns: slow, exact, for the few pairs where the linear programs do not decide.
   * @param seconds  after which the answer is `unknown`
   */
  findWhole(wanted: Wanted, seconds: number): Found {
    const k = this.at[wanted.cell]!;
    if (k < 0) return 'impossible';
    const column = wanted.direction === 1 ? 2 * k : 2 * k + 1;
    const { upper, price } = this.bounds(wanted);
    if (upper[column]! < (wanted.furthest ? 1 : wanted.amount)) return 'impossible';
    upper[column === 2 * k ? 2 * k + 1 : 2 * k] = 0;
    const lower = new Float64Array(upper.length);
    if (wanted.furthest) {
      upper[column] = Math.min(upper[column]!, wanted.amount);
      price[column] = -1;
    } else lower[column] = wanted.amount;
    const model = this.solver.createModel({ ...this.matrix(true), colCost: price, colLower: lower, colUpper: upper });
    try {
      model.options.set({
        output_flag: false,
        time_limit: Math.max(0.1, seconds),
        mip_rel_gap: wanted.furthest ? 0 : 0.5,
      });
      this.solved += 10;
      const { modelStatus } = model.run();
      const { optimal, infeasible } = this.solver.constants.modelStatus;
      if (modelStatus === infeasible) return 'impossible';
      if (modelStatus !== optimal) return 'unknown';
      const solution = model.getSolution().colValue.map((each) => Math.round(each));
      const move = this.whole(solution, wanted);
      if (move) return move;
      return wanted.furthest && solution[column] === 0 ? 'impossible' : 'unknown';
    } finally {
      model.dispose();
    }
  }
}

const reaches = (move: Move, wanted: Wanted): boolean =>
  changeAt(move, wanted.cell) * wanted.direction >= (wanted.furthest ? 1 : wanted.amount);

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
