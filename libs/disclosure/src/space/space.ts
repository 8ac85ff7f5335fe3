import type { Deadline } from '../deadline';
import { moveOf, seeded, type Move } from '../moves';
import type { Part } from '../parts';
import { ZERO, eliminate } from './eliminate';
import { SMALL, viewOf, type Bounds, type View } from './view';
import { Walker, type Reach } from './walk';

/** What is hidden, and a number that goes up with each change of it. */
export interface Hiding {
  readonly hidden: Uint8Array;
  readonly flips: number;
}

/**
 * All changes of a part that keep its equations, as one attacker sees them: some cells (the free ones) may be given any
 * change, the others (the bound ones) follow. Cells that stand still are kept free as far as possible and the others
 * bound, so that what hidden cells can do is read off a tableau instead of being worked out anew for each question.
 */
export class Space {
  /** Bound cells by row, free ones by column; behind the cells come the slacks of ranges. */
  private readonly bound: Int32Array;
  private readonly free: Int32Array;
  private readonly rowOf: Int32Array;
  private readonly columnOf: Int32Array;
  /** Columns from here on stand still. */
  private moving: number;
  /** 1 for cells that stand still. */
  private readonly isHeld: Uint8Array;
  /** Held cells that are bound: nothing that moves moves them. */
  private readonly stuck = new Set<number>();
  private seen: View | undefined;
  /** What an exchange works with: the places of a row that are not 0. */
  private readonly filled: Int32Array;
  private readonly walker: Walker;
  /** Of exchanges; see `effort`. */
  private exchanged = 0;
  /** What was hidden when it was last brought in step. */
  private inStep = -1;

  private constructor(
    private readonly part: Part,
    private readonly bounds: Bounds,
    bound: Int32Array,
    free: Int32Array,
    /** tableau[row · width + column]: what a unit of a free cell does to a bound one. */
    private readonly tableau: Float64Array,
    held: ReadonlySet<number>,
    private readonly deadline: Deadline,
  ) {
    this.bound = bound;
    this.free = free;
    const all = bounds.low[0].length;
    this.rowOf = new Int32Array(all).fill(-1);
    this.columnOf = new Int32Array(all).fill(-1);
    bound.forEach((cell, row) => (this.rowOf[cell] = row));
    free.forEach((cell, column) => (this.columnOf[cell] = column));
    this.moving = free.length;
    this.isHeld = new Uint8Array(all);
    this.filled = new Int32Array(free.length);
    this.walker = new Walker(part, deadline);
    for (const cell of held) this.hold(cell);
  }

  private get width(): number {
    return this.free.length;
  }

  /** The work done, in entries of the tableau. */
  get effort(): number {
    return this.exchanged + this.walker.effort;
  }

  /**
   * Nobody's: every cell moves.
   * @throws OutOfTime
   */
  static of(part: Part, deadline: Deadline): Space {
    const { bound, free, tableau, ranges } = eliminate(part, deadline);
    const cells = part.ids.length;
    const all = cells + ranges.length;
    const bounds = (cell: Float64Array, slack: Float64Array) => {
      const both = new Float64Array(all);
      both.set(cell);
      ranges.forEach((row, at) => (both[cells + at] = slack[row]!));
      return both;
    };
    const open = new Float64Array(cells).fill(Infinity);
    const toldDown = part.down.map((each, i) => Math.max(each, part.toldDown[i]!));
    const low = [bounds(part.down, part.rowLo), bounds(toldDown, part.rowLo)] as const;
    const high = [bounds(open, part.rowHi), bounds(part.toldUp, part.rowHi)] as const;
    return new Space(part, { low, high }, bound, free, tableau, new Set(), deadline);
  }

  /**
   * The same for someone before whom some more cells stand still for good.
   * @throws OutOfTime
   */
  without(known: (cell: number) => boolean): Space {
    const cells = this.part.ids.length;
    this.inStep = -1;
    for (let cell = 0; cell < cells; cell++) {
      if (!known(cell)) continue;
      this.deadline.check();
      this.hold(cell);
      const row = this.rowOf[cell]!;
      if (row < 0) continue;
      // Nothing that moves now moves it, but what is held now may do so later.
      const column = this.free.findIndex(
        (each, k) => !known(each) && Math.abs(this.tableau[row * this.width + k]!) > ZERO,
      );
      if (column < 0) continue;
      const taken = this.free[column]!;
      this.pivot(row, column);
      this.stuck.delete(cell);
      this.stuck.add(taken);
    }
    const columns = [...this.free.keys()].filter((column) => !known(this.free[column]!));
    const rows = [...this.bound.keys()].filter((row) => !known(this.bound[row]!));
    const tableau = new Float64Array(rows.length * columns.length);
    rows.forEach((row, i) => {
      columns.forEach((column, k) => {
        tableau[i * columns.length + k] = this.tableau[row * this.width + column]!;
      });
    });
    const held = new Set([...this.isHeld.keys()].filter((cell) => this.isHeld[cell] && !known(cell)));
    return new Space(
      this.part,
      this.bounds,
      Int32Array.from(rows, (row) => this.bound[row]!),
      Int32Array.from(columns, (column) => this.free[column]!),
      tableau,
      held,
      this.deadline,
    );
  }

  /** Lets exactly the hidden cells move. */
  sync({ hidden, flips }: Hiding): void {
    if (this.inStep === flips) return;
    this.inStep = flips;
    for (let cell = 0; cell < hidden.length; cell++) if (hidden[cell] && this.isHeld[cell]) this.release(cell);
    for (let cell = 0; cell < hidden.length; cell++) if (!hidden[cell] && !this.isHeld[cell]) this.hold(cell);
  }

  private hold(cell: number): void {
    if (this.isHeld[cell]) return;
    this.seen = undefined;
    this.isHeld[cell] = 1;
    this.freeze(cell);
  }

  private freeze(cell: number): void {
    const row = this.rowOf[cell]!;
    if (row >= 0) {
      const column = this.partner(row);
      if (column < 0) {
        this.stuck.add(cell);
        return;
      }
      this.pivot(row, column);
    }
    const column = this.columnOf[cell]!;
    if (column >= 0) this.swap(column, --this.moving);
  }

  private release(cell: number): void {
    this.seen = undefined;
    this.isHeld[cell] = 0;
    this.stuck.delete(cell);
    const column = this.columnOf[cell]!;
    if (column < 0) return;
    this.swap(column, this.moving++);
    // What was stuck could move with it.
    for (const each of [...this.stuck]) {
      if (this.tableau[this.rowOf[each]! * this.width + this.columnOf[cell]!] === 0) continue;
      this.stuck.delete(each);
      this.freeze(each);
      return; // the column is taken
    }
  }

  /** The moving column that a bound cell is best exchanged with; -1 where none moves it. */
  private partner(row: number): number {
    const from = row * this.width;
    let best = -1;
    let size = Infinity;
    for (let column = 0; column < this.moving; column++) {
      const entry = this.tableau[from + column]!;
      if (entry === 0) continue;
      const off = Math.abs(Math.abs(entry) - 1);
      if (off < size) [best, size] = [column, off];
      if (off === 0) break;
    }
    return best;
  }

  private swap(a: number, b: number): void {
    if (a === b) return;
    const { free, tableau, width } = this;
    for (let at = 0; at < tableau.length; at += width) {
      const entry = tableau[at + a]!;
      tableau[at + a] = tableau[at + b]!;
      tableau[at + b] = entry;
    }
    [free[a], free[b]] = [free[b]!, free[a]!];
    this.columnOf[free[a]!] = a;
    this.columnOf[free[b]!] = b;
  }

  /** Exchanges a bound cell and a free one. */
  private pivot(row: number, column: number): void {
    this.exchange(row, column);
    const leaving = this.bound[row]!;
    const entering = this.free[column]!;
    this.bound[row] = entering;
    this.free[column] = leaving;
    this.rowOf[entering] = row;
    this.columnOf[entering] = -1;
    this.rowOf[leaving] = -1;
    this.columnOf[leaving] = column;
  }

  private exchange(row: number, column: number): void {
    const { filled, tableau: matrix, width } = this;
    const zero = ZERO; // what another file exports is asked for anew at each use
    const rows = this.bound.length;
    const from = row * width;
    const inverse = 1 / matrix[from + column]!;
    let many = 0;
    for (let j = 0; j < width; j++) {
      if (matrix[from + j] === 0 || j === column) continue;
      matrix[from + j]! *= -inverse;
      filled[many++] = j;
    }
    matrix[from + column] = inverse;
    for (let i = 0, at = 0; i < rows; i++, at += width) {
      const factor = matrix[at + column]!;
      if (factor === 0 || i === row) continue;
      this.exchanged += many;
      for (let k = 0; k < many; k++) {
        const j = filled[k]!;
        const now = matrix[at + j]! + factor * matrix[from + j]!;
        const whole = Math.round(now);
        matrix[at + j] = Math.abs(now - whole) < zero ? whole : now;
      }
      matrix[at + column] = factor * inverse;
    }
  }

  /** Whether a cell can move as far as the equations go. */
  moves(cell: number): boolean {
    if (this.isHeld[cell]) return false;
    const row = this.rowOf[cell]!;
    return row < 0 ? this.columnOf[cell]! >= 0 : this.partner(row) >= 0;
  }

  /** What moves, by itself; made anew after each change. */
  private view(): View {
    if (this.seen) return this.seen;
    return (this.seen = viewOf(this.tableau, this.bound, this.free, this.moving, this.bounds));
  }

  /**
   * How far a cell can go, up (1) or down (-1), at most `amount`, while every cell keeps its bounds.
   * @param told  with the bounds of someone who was told which hidden counts are small
   * @param turn  another number, another way there: where one ends in fractions, the next may end in whole numbers
   */
  reach(cell: number, direction: 1 | -1, amount: number, told: boolean, turn = 0): Reach {
    const most = Math.min(
      amount,
      direction === 1 ? this.bounds.high[Number(told)]![cell]! : -this.bounds.low[Number(told)]![cell]!,
    );
    if (most < 1 || !this.moves(cell)) return { bound: 0, move: undefined };
    const view = this.view();
    const found = view.kindOf.get(cell);
    if (!found) return { bound: 0, move: undefined };
    const [kind, factor] = found;
    const size = Math.abs(factor);
    const way = (direction * Math.sign(factor)) as 1 | -1;
    const { low, high } = view.ends[Number(told)]!;
    const far = Math.min(Math.ceil(most / size - SMALL), way === 1 ? high[kind]! : -low[kind]!);
    if (far * size < 1 - SMALL) return { bound: 0, move: undefined };
    const alone = this.walker.alone(view, kind, way, far, told);
    if (alone) return { bound: far * size, move: alone };
    const { bound, move } = this.walker.push(
      view,
      kind,
      way,
      far,
      told,
      turn > 0 ? seeded(31 * cell + turn) : undefined,
    );
    return { bound: bound * size, move };
  }

  /**
   * Moves of a cell that hide something more: one printed cell that is free, with all that follows it.
   * @returns the one for which `key` is least
   */
  widen(
    cell: number,
    direction: 1 | -1,
    amount: number,
    told: boolean,
    key: (cells: readonly number[]) => number,
  ): Move | undefined {
    const row = this.rowOf[cell]!;
    if (row < 0 || amount < 1) return undefined;
    const { tableau, width, bound, free } = this;
    const low = this.bounds.low[Number(told)]!;
    const high = this.bounds.high[Number(told)]!;
    const cells = this.part.ids.length;
    let best: { cells: number[]; changes: number[] } | undefined;
    let least = Infinity;
    for (let column = this.moving; column < width; column++) {
      const unit = tableau[row * width + column]!;
      if (unit === 0) continue;
      const times = (direction * amount) / unit;
      const own = free[column]!;
      if (times < low[own]! || times > high[own]! || !Number.isInteger(times)) continue;
      const touched = [own];
      const changes = [times];
      let fits = true;
      for (let i = 0, at = column; fits && i < bound.length; i++, at += width) {
        if (tableau[at] === 0) continue;
        const change = times * tableau[at]!;
        const other = bound[i]!;
        fits = change >= low[other]! && change <= high[other]! && Number.isInteger(change);
        if (other >= cells) continue;
        touched.push(other);
        changes.push(change);
      }
      if (!fits) continue;
      const rank = key(touched);
      if (rank < least) [best, least] = [{ cells: touched, changes }, rank];
    }
    if (!best) return undefined;
    const order = [...best.cells.keys()].sort((a, b) => best.cells[a]! - best.cells[b]!);
    const move = moveOf(
      this.part,
      order.map((k) => best.cells[k]!),
      order.map((k) => best.changes[k]!),
    );
    return move && (move.told || !told) ? move : undefined;
  }
}
