import { Deadline } from './deadline';
import type { Folded } from './fold';
import { Written, spareRows } from './written';

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

/** The change of each bundle that changes; `impossible` when it is proved, `too dear` when it costs too much. */
export type Outcome =
  | { readonly bundles: readonly number[]; readonly changes: readonly number[] }
  | 'impossible'
  | 'too dear'
  | 'steps ran out';

/** Steps of one solve at most: rows fill, each step costs more than the one before, and then a solver that starts over is faster. */
const MOST_STEPS = 1000;
const SMALL = 1e-9;
const TINY = 1e-11;

/**
 * A dual simplex for cheapest moves. It starts where nothing changes and no bundle is basic: that is dual feasible for
 * any prices, and only the wanted bundle is out of place. A move touches few cells, so a few dozen steps end it, and
 * only the rows that a step touches are ever written out; all others stay as sparse as the table gave them.
 *
 * Each bundle costs |change| · price, with a kink at 0: one column for both ways. A basic bundle lies in one piece, left
 * or right of 0; one that is not basic rests at 0 or at a bound.
 *
 * Its functions are short: a compiler has done with them before a small table is.
 */
export class Simplex {
  private readonly rows: number;
  /** The rows as given, by row and by column: r − Σ coefficient · change = 0 with lo ≤ r ≤ hi. */
  private readonly byRow: Terms;
  private readonly byColumn: Terms;
  private readonly rowLow: Float64Array;
  private readonly rowHigh: Float64Array;
  /** For each row the column of its slack, -1 for equations: their slack never comes back. */
  private readonly slackOf: Int32Array;
  /** What a solve starts from: 1 for the slacks of rows, and for each row the square of its length. */
  private readonly isSlack: Uint8Array;
  private readonly norms: Float64Array;
  private readonly spare: Written[];
  private readonly width: number;

  /** Rows written out in this solve: by number, and which. */
  private readonly written: (Written | undefined)[];
  private readonly used: Int32Array;
  private usedMany = 0;
  /** Where each column may be, the price of a unit left and right of its kink, and where it is. */
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private readonly left: Float64Array;
  private readonly right: Float64Array;
  private readonly value: Float64Array;
  private readonly dual: Float64Array;
  private readonly isBasic: Uint8Array;
  /** The basic column of each row (-1: the slack of an equation), its value and the piece in which it lies. */
  private readonly basic: Int32Array;
  private readonly beta: Float64Array;
  private readonly pieceLow: Float64Array;
  private readonly pieceHigh: Float64Array;
  /** The square of each row's length: of the rows that are out of place a short one goes first, for it fills little. */
  private readonly norm: Float64Array;
  /** Rows that may be out of place: which, and 1 for each of them. */
  private readonly active: Int32Array;
  private activeMany = 0;
  private readonly isActive: Uint8Array;
  /** Where the row of the moment is not 0, and what it has there. */
  private readonly places: Int32Array;
  private readonly entries: Float64Array;
  private wanted = -1;
  /** How far the price of the moment goes before the next column enters. */
  private ratio = Infinity;
  /** Steps of all solves so far. */
  steps = 0;

  constructor(
    { bundles, rows }: Folded,
    private readonly deadline = Deadline.none,
  ) {
    const n = bundles.length;
    this.rows = rows.length;
    this.rowLow = Float64Array.from(rows, ({ lo }) => lo);
    this.rowHigh = Float64Array.from(rows, ({ hi }) => hi);
    this.slackOf = new Int32Array(rows.length).fill(-1);
    this.norms = Float64Array.from(rows, ({ terms }) => terms.length + 1);
    let columns = n;
    for (let row = 0; row < rows.length; row++)
      if (this.rowLow[row] !== 0 || this.rowHigh[row] !== 0) this.slackOf[row] = columns++;
    this.byRow = termsOf(rows, this.slackOf);
    this.byColumn = turned(this.byRow, columns);
    this.isSlack = new Uint8Array(columns).fill(1, n);
    this.width = columns;
    this.spare = spareRows(columns);
    this.written = new Array<Written | undefined>(rows.length).fill(undefined);
    this.used = new Int32Array(rows.length);
    this.low = new Float64Array(columns);
    this.high = new Float64Array(columns);
    this.left = new Float64Array(columns);
    this.right = new Float64Array(columns);
    this.value = new Float64Array(columns);
    this.dual = new Float64Array(columns);
    this.isBasic = new Uint8Array(columns);
    this.basic = new Int32Array(rows.length);
    this.beta = new Float64Array(rows.length);
    this.pieceLow = new Float64Array(rows.length);
    this.pieceHigh = new Float64Array(rows.length);
    this.norm = new Float64Array(rows.length);
    this.active = new Int32Array(rows.length);
    this.isActive = new Uint8Array(rows.length);
    this.places = new Int32Array(columns);
    this.entries = new Float64Array(columns);
  }

  /** @throws OutOfTime */
  solve(program: Program): Outcome {
    if (!this.begin(program)) return 'impossible';
    try {
      return this.run(program);
    } finally {
      for (let k = 0; k < this.usedMany; k++) {
        const row = this.used[k]!;
        const written = this.written[row]!;
        written.clear();
        this.spare.push(written);
        this.written[row] = undefined;
      }
      this.usedMany = 0;
    }
  }

  /** Puts everything where nothing changes, but the wanted bundle where it has to be; false where it may not be there. */
  private begin({ low: lows, high: highs, price, bundle: wanted, direction, amount, furthest }: Program): boolean {
    const { low, high, left, right, value, slackOf, rowLow, rowHigh } = this;
    const n = lows.length;
    low.set(lows);
    high.set(highs);
    for (let j = 0; j < n; j++) {
      right[j] = price[j]!;
      left[j] = -price[j]!;
    }
    for (let row = 0; row < slackOf.length; row++) {
      const j = slackOf[row]!;
      if (j < 0) continue;
      low[j] = rowLow[row]!;
      high[j] = rowHigh[row]!;
    }
    left.fill(0, n);
    right.fill(0, n);
    value.fill(0);
    const slope = furthest ? -direction : direction * price[wanted]!;
    left[wanted] = slope;
    right[wanted] = slope;
    const end = direction * amount;
    if (!furthest) (direction === 1 ? low : high)[wanted] = end;
    else {
      low[wanted] = direction === 1 ? 0 : Math.max(low[wanted]!, end);
      high[wanted] = direction === 1 ? Math.min(high[wanted]!, end) : 0;
    }
    if (low[wanted]! > high[wanted]!) return false;
    value[wanted] = furthest === (direction === 1) ? high[wanted]! : low[wanted]!;
    this.wanted = wanted;
    this.dual.fill(0);
    this.basic.set(slackOf);
    this.isBasic.set(this.isSlack);
    this.beta.fill(0);
    this.pieceLow.set(rowLow);
    this.pieceHigh.set(rowHigh);
    this.norm.set(this.norms);
    this.isActive.fill(0);
    this.activeMany = 0;
    const { start, at, coefficient } = this.byColumn;
    for (let e = start[wanted]!; e < start[wanted + 1]!; e++) {
      this.beta[at[e]!] = -coefficient[e]! * value[wanted]!;
      this.activate(at[e]!);
    }
    return true;
  }

  private run({ furthest, amount, price, limit, low }: Program): Outcome {
    const { basic, beta, pieceLow, pieceHigh, value } = this;
    // What the answer costs at least: it only grows.
    let cost = furthest ? -Infinity : amount * price[this.wanted]!;
    const most = Math.min(MOST_STEPS, 50 + 10 * (this.rows + 20));
    for (let step = 0; step < most; step++) {
      this.steps++;
      this.deadline.check();
      const row = this.leavingRow();
      if (row < 0) return this.read(low.length);
      const pivot = this.write(row);
      const leaving = basic[row]!;
      const isAbove = beta[row]! > pieceHigh[row]!;
      const sign = isAbove ? 1 : -1;
      const bound = isAbove ? pieceHigh[row]! : pieceLow[row]!;
      const entering = this.enteringColumn(pivot, sign);
      // A basic bundle may also pass its kink: it then stays, at another price.
      const beyond = leaving < 0 ? Infinity : this.beyond(leaving, bound, isAbove);
      if (entering < 0 && beyond === Infinity) return 'impossible';
      cost += Math.min(beyond, this.ratio) * Math.abs(beta[row]! - bound);
      if (cost > limit) return 'too dear';
      if (beyond <= this.ratio) {
        this.reprice(pivot, sign * beyond);
        pieceLow[row] = isAbove ? bound : this.low[leaving]!;
        pieceHigh[row] = isAbove ? this.high[leaving]! : bound;
        continue;
      }
      this.exchange(row, pivot, entering, sign, bound);
      if (leaving >= 0) {
        this.isBasic[leaving] = 0;
        value[leaving] = bound;
      }
    }
    return 'steps ran out';
  }

  private activate(row: number): void {
    const at = this.beta[row]!;
    if (this.isActive[row] === 1) return;
    if (at >= this.pieceLow[row]! - SMALL && at <= this.pieceHigh[row]! + SMALL) return;
    this.isActive[row] = 1;
    this.active[this.activeMany++] = row;
  }

  /** The row furthest out of place for its length; -1 where none is. */
  private leavingRow(): number {
    const { active, isActive, beta, pieceLow, pieceHigh, norm } = this;
    let row = -1;
    let worst = 0;
    for (let k = this.activeMany - 1; k >= 0; k--) {
      const i = active[k]!;
      const off = Math.max(pieceLow[i]! - beta[i]!, beta[i]! - pieceHigh[i]!);
      if (off <= SMALL) {
        isActive[i] = 0;
        active[k] = active[--this.activeMany]!;
      } else if (off / norm[i]! > worst) {
        row = i;
        worst = off / norm[i]!;
      }
    }
    return row;
  }

  /** The column whose price is met first, with the ratio at which it is; -1 and infinite where none can move. */
  private enteringColumn(pivot: Written, sign: number): number {
    const { isBasic, value, dual } = this;
    const { entries, list, many } = pivot;
    let entering = -1;
    let ratio = Infinity;
    let size = 0;
    for (let k = 0; k < many; k++) {
      const j = list[k]!;
      const alpha = entries[j]!;
      if (alpha === 0 || isBasic[j] === 1) continue;
      const toRight = sign * alpha > 0;
      const edge = toRight ? this.slopeRight(j, value[j]!) : this.slopeLeft(j, value[j]!);
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
    this.ratio = ratio;
    return entering;
  }

  /** The slopes beside the resting place of a column: no way beyond a bound. */
  private slopeLeft(j: number, at: number): number {
    if (at <= this.low[j]!) return -Infinity;
    return at > 0 || j === this.wanted ? this.right[j]! : this.left[j]!;
  }
  private slopeRight(j: number, at: number): number {
    if (at >= this.high[j]!) return Infinity;
    return at < 0 ? this.left[j]! : this.right[j]!;
  }

  /** How far the price goes before a basic bundle passes its kink. */
  private beyond(leaving: number, bound: number, isAbove: boolean): number {
    return isAbove
      ? this.slopeRight(leaving, bound) - this.dual[leaving]!
      : this.dual[leaving]! - this.slopeLeft(leaving, bound);
  }

  private reprice({ entries, list, many }: Written, by: number): void {
    for (let k = 0; k < many; k++) this.dual[list[k]!]! += by * entries[list[k]!]!;
  }

  /** Makes a column basic in a row, whose basic column goes to a bound. */
  private exchange(row: number, pivot: Written, entering: number, sign: number, bound: number): void {
    const { low, high, value, beta, wanted } = this;
    const entry = pivot.entries[entering]!;
    const change = (beta[row]! - bound) / entry;
    this.reprice(pivot, sign * this.ratio);
    const many = this.normalise(row, pivot, entering);
    // Rows written out have to be looked at; the others are still as given.
    for (let k = 0, end = this.usedMany; k < end; k++) {
      const other = this.used[k]!;
      const factor = other === row ? 0 : this.written[other]!.entries[entering]!;
      if (factor !== 0) this.reduce(other, factor, entering, change, many);
    }
    const { start, at, coefficient } = this.byColumn;
    for (let e = start[entering]!; e < start[entering + 1]!; e++)
      if (!this.written[at[e]!]) this.reduce(at[e]!, coefficient[e]!, entering, change, many);
    const from = value[entering]!;
    const toRight = sign * entry > 0;
    this.pieceLow[row] = toRight ? from : entering === wanted || from <= 0 ? low[entering]! : 0;
    this.pieceHigh[row] = toRight ? (entering === wanted || from >= 0 ? high[entering]! : 0) : from;
    beta[row] = from + change;
    this.basic[row] = entering;
    this.isBasic[entering] = 1;
  }

  /**
   * Divides a row so that it has 1 at the entering column, and writes the rest of it to `places` and `entries`.
   * @returns how many these are
   */
  private normalise(row: number, { entries: own, list, many }: Written, entering: number): number {
    const { places, entries } = this;
    const scale = 1 / own[entering]!;
    let length = 1;
    let found = 0;
    for (let k = 0; k < many; k++) {
      const j = list[k]!;
      if (own[j] === 0) continue;
      const scaled = own[j]! * scale;
      own[j] = scaled;
      length += scaled * scaled;
      if (j === entering) continue;
      places[found] = j;
      entries[found++] = scaled;
    }
    own[entering] = 1;
    this.norm[row] = length;
    return found;
  }

  /** Takes a multiple of the row of the moment away from another. */
  private reduce(other: number, factor: number, entering: number, change: number, many: number): void {
    this.beta[other]! -= factor * change;
    this.activate(other);
    const target = this.write(other);
    const growth = target.subtract(factor, this.places, this.entries, many) - target.entries[entering]! ** 2;
    target.entries[entering] = 0;
    this.norm[other] = Math.max(1, this.norm[other]! + growth);
  }

  /** Writes a row out, so that it can be changed. */
  private write(row: number): Written {
    const known = this.written[row];
    if (known) return known;
    const written = this.spare.pop() ?? new Written(this.width);
    const { low, high } = this;
    const { start, at, coefficient } = this.byRow;
    for (let e = start[row]!; e < start[row + 1]!; e++) {
      const column = at[e]!;
      // What stands still is left out.
      if (low[column] !== 0 || high[column] !== 0) written.begin(column, coefficient[e]!);
    }
    this.written[row] = written;
    this.used[this.usedMany++] = row;
    return written;
  }

  private read(n: number): Outcome {
    const { value, basic, beta } = this;
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

/** Sparse rows: those of row i from start[i] to start[i + 1]. */
interface Terms {
  readonly start: Int32Array;
  readonly at: Int32Array;
  readonly coefficient: Float64Array;
}

/** Rows with all on one side: −Σ coefficient · change, and the slack where there is one. */
function termsOf(rows: Folded['rows'], slackOf: Int32Array): Terms {
  const start = new Int32Array(rows.length + 1);
  for (let row = 0; row < rows.length; row++)
    start[row + 1] = start[row]! + rows[row]!.terms.length + Number(slackOf[row]! >= 0);
  const at = new Int32Array(start[rows.length]!);
  const coefficient = new Float64Array(at.length);
  for (let row = 0; row < rows.length; row++) {
    let e = start[row]!;
    for (const term of rows[row]!.terms) {
      at[e] = term[0];
      coefficient[e++] = -term[1];
    }
    if (slackOf[row]! < 0) continue;
    at[e] = slackOf[row]!;
    coefficient[e] = 1;
  }
  return { start, at, coefficient };
}

/** The same by columns. */
function turned(rows: Terms, columns: number): Terms {
  const start = new Int32Array(columns + 1);
  for (const column of rows.at) start[column + 1]!++;
  for (let j = 0; j < columns; j++) start[j + 1]! += start[j]!;
  const next = start.slice();
  const at = new Int32Array(rows.at.length);
  const coefficient = new Float64Array(at.length);
  for (let row = 0; row + 1 < rows.start.length; row++) {
    for (let e = rows.start[row]!; e < rows.start[row + 1]!; e++) {
      const to = next[rows.at[e]!]!++;
      at[to] = row;
      coefficient[to] = rows.coefficient[e]!;
    }
  }
  return { start, at, coefficient };
}
