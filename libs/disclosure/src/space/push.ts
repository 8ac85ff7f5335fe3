import type { Deadline } from '../deadline';
import { ZERO } from './eliminate';
import { SMALL, type View } from './view';

/** How many columns may wait for one without fractions. */
const WAITING = 8;
/** Steps without a gain after which the rule that cannot circle takes over. */
const IDLE = 40;

/**
 * A primal simplex in a view: pushes one kind as far as it goes, from where nothing changes, and steps in whole numbers as long as it
 * can. What it has exchanged stays so in the view. Its functions are short: a compiler has done with them before a small table is.
 */
export class Push {
  /** How far each kind is. */
  readonly at: Float64Array;
  /** The same before there could be fractions; undefined where there are none. */
  whole: Float64Array | undefined;
  /** Linear programming gets no further. */
  isProved = false;
  /** The kinds by column, and what a unit of each does to the wanted one. */
  readonly free: Int32Array;
  readonly gains: Float64Array;
  /** The work done, in entries of the matrix. */
  effort = 0;

  private readonly rows: number;
  private readonly columns: number;
  private readonly matrix: Float64Array;
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  /** The kinds by row. */
  private readonly bound: Int32Array;
  /** The row of the wanted kind; below 0 while it is free. */
  private objective: number;
  /** Columns whose exchange would bring fractions in: they wait. */
  private readonly waits: Uint8Array;
  private waiting = 0;
  private idle = 0;
  /** Rows at the upper end of their kinds, and at the lower one: the first ones of each. */
  private atHigh: Int32Array = NONE;
  private atLow: Int32Array = NONE;
  private manyHigh = 0;
  private manyLow = 0;
  /** The row that stops the column of the moment, and its entry there, without its sign. */
  private blocking = -1;
  private size = 0;

  /** @param favour  of each kind: of two that gain alike the greater is taken */
  constructor(
    view: View,
    private readonly wanted: number,
    private readonly direction: 1 | -1,
    private readonly amount: number,
    told: boolean,
    private readonly favour: Float64Array,
  ) {
    const { rows, columns } = view;
    this.rows = rows;
    this.columns = columns;
    this.low = view.ends[Number(told)]!.low;
    this.high = view.ends[Number(told)]!.high;
    ({ matrix: this.matrix, free: this.free, bound: this.bound } = view.exchanged);
    this.at = new Float64Array(columns + rows);
    this.objective = this.bound.indexOf(wanted);
    this.waits = new Uint8Array(columns);
    this.gains = new Float64Array(columns);
    this.readGains();
  }

  /** @throws OutOfTime */
  run(deadline: Deadline): void {
    const { direction, free, gains, waits } = this;
    const most = 100 + 4 * (this.rows + this.columns);
    let next = -1;
    for (let step = 0; step < most; step++) {
      deadline.check();
      const isForced = next >= 0;
      const column = this.objective < 0 ? free.indexOf(this.wanted) : isForced ? next : this.pick();
      next = -1;
      if (column < 0 && this.waiting > 0) {
        next = waits.indexOf(1);
        continue;
      }
      if (column < 0) {
        this.isProved = true;
        return;
      }
      const sign = this.objective < 0 ? direction : direction * Math.sign(gains[column]!);
      const far = this.room(column, sign);
      const isUneven = this.blocking >= 0 && Math.abs(this.size - 1) > SMALL;
      if (isUneven && !isForced && this.objective >= 0) {
        waits[column] = 1;
        if (++this.waiting >= WAITING) next = waits.indexOf(1);
        continue;
      }
      if (this.waiting > 0) waits.fill((this.waiting = 0));
      // From here on there may be fractions: what is reached in whole numbers is kept.
      if (isUneven) this.whole ??= this.at.slice();
      this.go(column, sign, far);
      if (direction * this.at[this.wanted]! >= this.amount - SMALL) return;
      if (this.blocking >= 0) this.exchange(this.blocking, column);
    }
  }

  private readGains(): void {
    const { gains, matrix, rows, columns, objective } = this;
    if (objective < 0) return;
    for (let k = 0, from = objective; k < columns; k++, from += rows) gains[k] = matrix[from]!;
  }

  /** Notes the rows that stop at once whatever would take them up or down. */
  private noteTight(): void {
    const { rows, bound, at, low, high, objective } = this;
    const small = SMALL; // what another file exports is asked for anew at each use
    [this.atHigh, this.atLow] = tightOf(rows);
    this.manyHigh = this.manyLow = 0;
    for (let i = 0; i < rows; i++) {
      if (i === objective) continue;
      const kind = bound[i]!;
      const value = at[kind]!;
      if (high[kind]! - value <= small) this.atHigh[this.manyHigh++] = i;
      if (value - low[kind]! <= small) this.atLow[this.manyLow++] = i;
    }
  }

  /** The column that gains most, those first that nothing stops at once; -1 where none gains. */
  private pick(): number {
    const { direction, gains, waits, free, favour, at, low, high, columns } = this;
    const small = SMALL;
    const isCareful = this.idle > IDLE;
    if (!isCareful) this.noteTight();
    let column = -1;
    let best = 0;
    let isOpen = false;
    for (let k = 0; k < columns; k++) {
      const gain = direction * gains[k]!;
      if ((gain <= small && gain >= -small) || waits[k] === 1) continue;
      const own = free[k]!;
      if (gain > 0 ? at[own]! >= high[own]! - small : at[own]! <= low[own]! + small) continue;
      if (isCareful) {
        if (column < 0 || own < free[column]!) column = k;
        continue;
      }
      const size = (gain > 0 ? gain : -gain) * favour[own]!;
      if (isOpen && size <= best) continue;
      const goes = this.goes(k, gain > 0 ? 1 : -1);
      if (goes === isOpen && size <= best) continue;
      if (isOpen && !goes) continue;
      column = k;
      best = size;
      isOpen = goes;
    }
    return column;
  }

  /** Whether no row stops a column at once. */
  private goes(column: number, sign: number): boolean {
    const { matrix, atHigh, atLow, manyHigh, manyLow } = this;
    const small = SMALL;
    const from = column * this.rows;
    for (let k = 0; k < manyHigh; k++) if (sign * matrix[from + atHigh[k]!]! > small) return false;
    for (let k = 0; k < manyLow; k++) if (sign * matrix[from + atLow[k]!]! < -small) return false;
    return true;
  }

  /** How far a column goes: no further than the wanted kind has to go, but in whole steps. Sets what stops it. */
  private room(column: number, sign: number): number {
    const { matrix, rows, bound, at, low, high, objective } = this;
    const small = SMALL;
    const isCareful = this.idle > IDLE;
    const own = this.free[column]!;
    let far = sign > 0 ? high[own]! - at[own]! : at[own]! - low[own]!;
    let blocking = -1;
    let size = 0;
    for (let i = 0, from = column * rows; i < rows; i++, from++) {
      const entry = matrix[from]!;
      if (entry === 0 || i === objective) continue;
      const rate = sign * entry;
      const each = rate > 0 ? rate : -rate;
      if (each <= small) continue;
      const other = bound[i]!;
      const room = rate > 0 ? high[other]! - at[other]! : at[other]! - low[other]!;
      const reach = room <= 0 ? 0 : room / each;
      if (reach > far + small) continue;
      if (reach >= far - small) {
        if (blocking < 0 || (isCareful ? other > bound[blocking]! : each <= size + small)) continue;
      }
      blocking = i;
      size = each;
      if (reach < far) far = reach;
    }
    const speed = objective < 0 ? 1 : Math.abs(this.gains[column]!);
    const enough = Math.ceil((this.amount - this.direction * at[this.wanted]!) / speed - small);
    const isEnough = enough <= far + small;
    this.blocking = isEnough ? -1 : blocking;
    this.size = size;
    return isEnough ? enough : far;
  }

  private go(column: number, sign: number, far: number): void {
    const { matrix, rows, bound, at } = this;
    this.effort += rows;
    if (far <= SMALL) {
      this.idle++;
      return;
    }
    this.idle = 0;
    at[this.free[column]!]! += sign * far;
    for (let i = 0, from = column * rows; i < rows; i++, from++) {
      if (matrix[from] !== 0) at[bound[i]!]! += sign * far * matrix[from]!;
    }
  }

  /** Exchanges a bound kind and a free one. */
  private exchange(row: number, column: number): void {
    this.turn(row, column);
    const own = this.free[column]!;
    if (own === this.wanted) this.objective = row;
    this.free[column] = this.bound[row]!;
    this.bound[row] = own;
    this.readGains();
  }

  private turn(row: number, column: number): void {
    const { matrix, rows, columns } = this;
    const from = column * rows;
    const inverse = 1 / matrix[from + row]!;
    // The places and values of the column that are not 0.
    const [filled, entries] = scratchOf(rows);
    let many = 0;
    for (let i = 0; i < rows; i++) {
      const entry = matrix[from + i]!;
      if (entry === 0 || i === row) continue;
      entries[many] = entry;
      filled[many++] = i;
    }
    for (let k = 0, to = 0; k < columns; k++, to += rows) {
      if (k === column || matrix[to + row] === 0) continue;
      const factor = -matrix[to + row]! * inverse;
      matrix[to + row] = factor;
      this.effort += many;
      add(matrix, to, factor, filled, entries, many);
    }
    for (let m = 0; m < many; m++) matrix[from + filled[m]!]! *= inverse;
    matrix[from + row] = inverse;
  }
}

/** Adds a multiple of a column to the one that begins at `to`. */
function add(
  matrix: Float64Array,
  to: number,
  factor: number,
  filled: Int32Array,
  entries: Float64Array,
  many: number,
): void {
  const zero = ZERO; // what another file exports is asked for anew at each use
  for (let m = 0; m < many; m++) {
    const at = to + filled[m]!;
    const now = matrix[at]! + factor * entries[m]!;
    const whole = Math.round(now);
    matrix[at] = Math.abs(now - whole) < zero ? whole : now;
  }
}

const NONE = new Int32Array(0);
let filled = NONE;
let entries = new Float64Array(0);
let tight = [NONE, NONE] as const;

/** Two lists of rows, for so many. */
function tightOf(rows: number): readonly [Int32Array, Int32Array] {
  if (tight[0].length < rows) tight = [new Int32Array(2 * rows), new Int32Array(2 * rows)];
  return tight;
}

/** What an exchange works with, for so many rows. */
function scratchOf(rows: number): readonly [Int32Array, Float64Array] {
  if (filled.length < rows) [filled, entries] = [new Int32Array(2 * rows), new Float64Array(2 * rows)];
  return [filled, entries];
}
