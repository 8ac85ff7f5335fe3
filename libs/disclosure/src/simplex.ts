import { Deadline } from './deadline';
import type { Folded } from './fold';

/** A linear program over the bundles of a folded model: every change costs its price for each unit, up or down. */
export interface Program {
  /** How far each bundle may go down (0 or less) and up (0 or more). */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Of a unit of change, above 0. */
  readonly price: Float64Array;
  /** The bundle that has to change, and how: `direction` · at least `amount`. */
  readonly bundle: number;
  readonly direction: 1 | -1;
  readonly amount: number;
  /** Instead: as far as `amount`, each unit of it being worth 1. */
  readonly furthest: boolean;
  /** What it may cost; not for `furthest`. */
  readonly limit: number;
}

/** The change of each bundle that changes; `impossible` when it is proved, `unknown` when the steps ran out or it costs too much. */
export type Outcome =
  { readonly bundles: readonly number[]; readonly changes: readonly number[] } | 'impossible' | 'unknown';

const SMALL = 1e-9;
const TINY = 1e-11;
/** Rows of about one length share their memory between models: all zeros while they are not in use. */
const ROUND = 128;
const spares = new Map<number, Written[]>();

/** A row written out: dense, with a list of the columns that may not be 0. */
class Written {
  readonly entries: Float64Array;
  private readonly isListed: Uint8Array;
  readonly list: Int32Array;
  many = 0;

  constructor(width: number) {
    this.entries = new Float64Array(width);
    this.isListed = new Uint8Array(width);
    this.list = new Int32Array(width);
  }

  /** Has to be called before an entry that may be 0 becomes something else. */
  note(column: number): void {
    if (this.isListed[column]) return;
    this.isListed[column] = 1;
    this.list[this.many++] = column;
  }

  /**
   * Takes a multiple of another row away.
   * @param columns, values  where that row is not 0, and what it has there: the first `many` of them
   * @returns by how much the square of this row's length grows
   */
  subtract(factor: number, columns: Int32Array, values: Float64Array, many: number): number {
    const { entries } = this;
    let growth = 0;
    for (let k = 0; k < many; k++) {
      const column = columns[k]!;
      const was = entries[column]!;
      if (was === 0) this.note(column);
      let now = was - factor * values[k]!;
      if (Math.abs(now) < TINY) now = 0;
      entries[column] = now;
      growth += now * now - was * was;
    }
    return growth;
  }

  clear(): void {
    for (let k = 0; k < this.many; k++) {
      this.entries[this.list[k]!] = 0;
      this.isListed[this.list[k]!] = 0;
    }
    this.many = 0;
  }
}

/** What a solve works with, kept from one to the next. */
class Work {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly value: Float64Array;
  readonly dual: Float64Array;
  readonly isBasic: Uint8Array;
  readonly basic: Int32Array;
  readonly beta: Float64Array;
  readonly pieceLow: Float64Array;
  readonly pieceHigh: Float64Array;
  readonly norm: Float64Array;
  readonly isActive: Uint8Array;
  /** Where the row of the moment is not 0, and what it has there. */
  readonly places: Int32Array;
  readonly entries: Float64Array;

  constructor(columns: number, rows: number) {
    this.low = new Float64Array(columns);
    this.high = new Float64Array(columns);
    this.left = new Float64Array(columns);
    this.right = new Float64Array(columns);
    this.value = new Float64Array(columns);
    this.dual = new Float64Array(columns);
    this.isBasic = new Uint8Array(columns);
    this.basic = new Int32Array(rows);
    this.beta = new Float64Array(rows);
    this.pieceLow = new Float64Array(rows);
    this.pieceHigh = new Float64Array(rows);
    this.norm = new Float64Array(rows);
    this.isActive = new Uint8Array(rows);
    this.places = new Int32Array(columns);
    this.entries = new Float64Array(columns);
  }
}

/**
 * A dual simplex for cheapest moves. It starts where nothing changes and no bundle is basic: that is dual feasible for
 * any prices, and only the wanted bundle is out of place. A move touches few cells, so a few dozen steps end it, and
 * only the rows that a step touches are ever written out; all others stay as sparse as the table gave them.
 *
 * Each bundle costs |change| · price, with a kink at 0: one column for both ways. A basic bundle lies in one piece, left
 * or right of 0; one that is not basic rests at 0 or at a bound.
 */
export class Simplex {
  private readonly columns: number;
  private readonly rows: number;
  private readonly width: number;
  /** The rows as given, by row and by column: r − Σ coefficient · change = 0 with lo ≤ r ≤ hi. */
  private readonly rowTerms: readonly (readonly (readonly [number, number])[])[];
  private readonly columnTerms: (readonly [number, number])[][];
  private readonly rowLow: Float64Array;
  private readonly rowHigh: Float64Array;
  /** For each row the column of its slack, -1 for equations: their slack never comes back. */
  private readonly slackOf: Int32Array;
  /** Rows written out in this solve. */
  private readonly written: (Written | undefined)[];
  /** What a solve starts from: 1 for the slacks of rows, and for each row the square of its length. */
  private readonly isSlack: Uint8Array;
  private readonly norms: Float64Array;
  private readonly spare: Written[];
  /** What a solve works with, by column and by row; see `run`. */
  private work: Work | undefined;
  /** Steps of all solves so far. */
  steps = 0;

  constructor(
    { bundles, rows }: Folded,
    private readonly deadline = Deadline.none,
  ) {
    const slacked = rows.filter(({ lo, hi }) => lo !== 0 || hi !== 0).length;
    this.columns = bundles.length + slacked;
    this.rows = rows.length;
    this.rowTerms = rows.map(({ terms }) => terms);
    this.columnTerms = Array.from({ length: this.columns }, () => []);
    this.rowLow = Float64Array.from(rows, ({ lo }) => lo);
    this.rowHigh = Float64Array.from(rows, ({ hi }) => hi);
    this.slackOf = new Int32Array(rows.length).fill(-1);
    let slack = bundles.length;
    rows.forEach(({ terms, lo, hi }, row) => {
      for (const [bundle, coefficient] of terms) this.columnTerms[bundle]!.push([row, -coefficient]);
      if (lo !== 0 || hi !== 0) {
        this.slackOf[row] = slack;
        this.columnTerms[slack]!.push([row, 1]);
        slack++;
      }
    });
    this.written = rows.map(() => undefined);
    this.isSlack = new Uint8Array(this.columns).fill(1, bundles.length);
    this.norms = Float64Array.from(rows, ({ terms }) => terms.length + 1);
    this.width = Math.ceil(this.columns / ROUND) * ROUND;
    this.spare = spares.get(this.width) ?? [];
    spares.set(this.width, this.spare);
  }

  /** Writes a row out, so that it can be changed. */
  private write(row: number, used: number[]): Written {
    const known = this.written[row];
    if (known) return known;
    const written = this.spare.pop() ?? new Written(this.width);
    const { entries } = written;
    const { low, high } = this.work!;
    for (const [column, coefficient] of this.rowTerms[row]!) {
      if (low[column] === 0 && high[column] === 0) continue; // it stands still
      written.note(column);
      entries[column] = -coefficient;
    }
    const slack = this.slackOf[row]!;
    if (slack >= 0) {
      written.note(slack);
      entries[slack] = 1;
    }
    this.written[row] = written;
    used.push(row);
    return written;
  }

  /** @throws OutOfTime */
  solve(program: Program): Outcome {
    const used: number[] = [];
    try {
      return this.run(program, used);
    } finally {
      for (const row of used) {
        const written = this.written[row]!;
        written.clear();
        this.spare.push(written);
        this.written[row] = undefined;
      }
    }
  }

  private run(program: Program, used: number[]): Outcome {
    const { columns, rows, slackOf, rowLow, rowHigh } = this;
    const n = program.low.length;
    // Where a column may be, the price of a unit left and right of its kink, and where the kink is.
    const work = (this.work ??= new Work(columns, rows));
    const {
      low,
      high,
      left,
      right,
      value,
      dual,
      basic,
      isBasic,
      beta,
      pieceLow,
      pieceHigh,
      norm,
      isActive,
      places,
      entries,
    } = work;
    low.set(program.low);
    high.set(program.high);
    for (let j = 0; j < n; j++) {
      right[j] = program.price[j]!;
      left[j] = -right[j]!;
    }
    for (let row = 0; row < rows; row++) {
      const j = slackOf[row]!;
      if (j < 0) continue;
      low[j] = rowLow[row]!;
      high[j] = rowHigh[row]!;
    }
    left.fill(0, n);
    right.fill(0, n);
    value.fill(0);
    const wanted = program.bundle;
    const slope = program.furthest ? -program.direction : program.direction * program.price[wanted]!;
    left[wanted] = slope;
    right[wanted] = slope;
    const end = program.direction * program.amount;
    if (program.direction === 1) {
      if (program.furthest) [low[wanted], high[wanted]] = [0, Math.min(high[wanted]!, end)];
      else low[wanted] = end;
    } else if (program.furthest) [low[wanted], high[wanted]] = [Math.max(low[wanted]!, end), 0];
    else high[wanted] = end;
    if (low[wanted]! > high[wanted]!) return 'impossible';
    value[wanted] = program.furthest === (program.direction === 1) ? high[wanted]! : low[wanted]!;

    dual.fill(0);
    // The basic column of each row (-1: the slack of an equation), its value and the piece in which it lies.
    basic.set(slackOf);
    isBasic.set(this.isSlack);
    beta.fill(0);
    pieceLow.set(rowLow);
    pieceHigh.set(rowHigh);
    // The square of each row's length: of the rows that are out of place a short one goes first, for it fills little.
    norm.set(this.norms);
    isActive.fill(0);
    /** Rows that may be out of place. */
    const active: number[] = [];
    const activate = (row: number) => {
      if (isActive[row] || (beta[row]! >= pieceLow[row]! - SMALL && beta[row]! <= pieceHigh[row]! + SMALL)) return;
      isActive[row] = 1;
      active.push(row);
    };
    for (const [row, coefficient] of this.columnTerms[wanted]!) {
      beta[row] = -coefficient * value[wanted]!;
      activate(row);
    }
    /** The slopes beside the resting place of a column: no way beyond a bound. */
    const slopeLeft = (j: number, at: number) =>
      at <= low[j]! ? -Infinity : at > 0 || j === wanted ? right[j]! : left[j]!;
    const slopeRight = (j: number, at: number) => (at >= high[j]! ? Infinity : at < 0 ? left[j]! : right[j]!);

    // What the answer costs at least: it only grows.
    let cost = program.furthest ? -Infinity : program.amount * program.price[wanted]!;
    const most = 50 + 10 * (rows + 20);
    for (let step = 0; step < most; step++) {
      this.steps++;
      this.deadline.check();
      let row = -1;
      let worst = 0;
      for (let k = active.length - 1; k >= 0; k--) {
        const i = active[k]!;
        const off = Math.max(pieceLow[i]! - beta[i]!, beta[i]! - pieceHigh[i]!);
        if (off <= SMALL) {
          isActive[i] = 0;
          active[k] = active[active.length - 1]!;
          active.pop();
        } else if (off / norm[i]! > worst) {
          row = i;
          worst = off / norm[i]!;
        }
      }
      if (row < 0) return this.read(n, value, basic, beta);
      const pivot = this.write(row, used);
      const { entries: pivotRow, list } = pivot;
      const leaving = basic[row]!;
      const isAbove = beta[row]! > pieceHigh[row]!;
      const sign = isAbove ? 1 : -1;
      const bound = isAbove ? pieceHigh[row]! : pieceLow[row]!;
      let entering = -1;
      let ratio = Infinity;
      let size = 0;
      for (let k = 0; k < pivot.many; k++) {
        const j = list[k]!;
        const alpha = pivotRow[j]!;
        if (alpha === 0 || isBasic[j]) continue;
        const toRight = sign * alpha > 0;
        const edge = toRight ? slopeRight(j, value[j]!) : slopeLeft(j, value[j]!);
        if (edge === Infinity || edge === -Infinity) continue;
        const each = Math.abs(alpha);
        const step = Math.max(0, (toRight ? edge - dual[j]! : dual[j]! - edge) / each);
        if (step > ratio + TINY) continue;
        // Of equals the one that stands first, so that the answer does not depend on the order of the list.
        if (step >= ratio - TINY && (each < size || (each === size && j > entering))) continue;
        entering = j;
        ratio = step;
        size = each;
      }
      // A basic bundle may also pass its kink: it then stays, at another price.
      const beyond =
        leaving < 0
          ? Infinity
          : sign * ((isAbove ? slopeRight(leaving, bound) : slopeLeft(leaving, bound)) - dual[leaving]!);
      if (entering < 0 && beyond === Infinity) return 'impossible';
      cost += Math.min(beyond, ratio) * Math.abs(beta[row]! - bound);
      if (cost > program.limit) return 'unknown';
      if (beyond <= ratio) {
        for (let k = 0; k < pivot.many; k++) dual[list[k]!]! += sign * beyond * pivotRow[list[k]!]!;
        [pieceLow[row], pieceHigh[row]] = isAbove ? [bound, high[leaving]!] : [low[leaving]!, bound];
        continue;
      }
      const entry = pivotRow[entering]!;
      const toRight = sign * entry > 0;
      const change = (beta[row]! - bound) / entry;
      const scale = 1 / entry;
      let length = 1;
      let many = 0;
      for (let k = 0; k < pivot.many; k++) {
        const j = list[k]!;
        const was = pivotRow[j]!;
        if (was === 0) continue;
        dual[j]! += sign * ratio * was;
        const scaled = was * scale;
        pivotRow[j] = scaled;
        length += scaled * scaled;
        if (j === entering) continue;
        places[many] = j;
        entries[many++] = scaled;
      }
      pivotRow[entering] = 1;
      norm[row] = length;
      const reduce = (other: number, factor: number) => {
        beta[other]! -= factor * change;
        activate(other);
        const target = this.write(other, used);
        const growth = target.subtract(factor, places, entries, many) - target.entries[entering]! ** 2;
        target.entries[entering] = 0;
        norm[other] = Math.max(1, norm[other]! + growth);
      };
      // Rows written out have to be looked at; the others are still as given.
      for (let at = 0, end = used.length; at < end; at++) {
        const other = used[at]!;
        const factor = other === row ? 0 : this.written[other]!.entries[entering]!;
        if (factor !== 0) reduce(other, factor);
      }
      for (const [other, factor] of this.columnTerms[entering]!) if (!this.written[other]) reduce(other, factor);
      const from = value[entering]!;
      [pieceLow[row], pieceHigh[row]] = toRight
        ? [from, entering === wanted || from >= 0 ? high[entering]! : 0]
        : [entering === wanted || from <= 0 ? low[entering]! : 0, from];
      beta[row] = from + change;
      basic[row] = entering;
      isBasic[entering] = 1;
      if (leaving >= 0) {
        isBasic[leaving] = 0;
        value[leaving] = bound;
      }
    }
    return 'unknown';
  }

  private read(n: number, value: Float64Array, basic: Int32Array, beta: Float64Array): Outcome {
    for (let row = 0; row < basic.length; row++) if (basic[row]! >= 0) value[basic[row]!] = beta[row]!;
    const bundles: number[] = [];
    const changes: number[] = [];
    for (let j = 0; j < n; j++) {
      if (Math.abs(value[j]!) <= 1e-7) continue;
      bundles.push(j);
      changes.push(value[j]!);
    }
    return { bundles, changes };
  }
}
