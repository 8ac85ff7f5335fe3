import type { Deadline } from '../deadline';
import { seeded } from '../moves';
import type { Part } from '../parts';
import { ZERO, eliminate } from './eliminate';
import { SMALL, bind, viewOf, type Bounds, type View } from './view';
import { Walker, type Reach } from './walk';

/** A push that came to a proved end. */
type Ended = Required<Pick<Reach, 'bound' | 'stops'>>;

/** What is hidden, and a number that goes up with each change of it. */
export interface Hiding {
  readonly hidden: Uint8Array;
  readonly flips: number;
}

const keyOf = (kind: number, way: 1 | -1, told: boolean) => 4 * kind + (way + 1) + Number(told);

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
  /** A printed cell that is not held, but stands still by its bounds in the view; -1 where there is none. */
  private still = -1;
  /** Whether the view has its bounds. */
  private isBound = false;
  /** In that view the ends of pushes that were proved, by kind, way and bounds: `why` asks for them again. */
  private readonly ended = new Map<number, Ended>();
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

  /**
   * Lets exactly the hidden cells move. One that was printed since the last time is likely to be hidden again: it is not exchanged
   * before it is found printed a second time, and stands still by its bounds alone.
   */
  sync({ hidden, flips }: Hiding): void {
    if (this.inStep === flips) return;
    this.inStep = flips;
    const before = this.still;
    this.stop(-1);
    if (before >= 0 && !hidden[before]) this.hold(before);
    const printed: number[] = [];
    for (let cell = 0; cell < hidden.length; cell++) {
      if (hidden[cell] && this.isHeld[cell]) this.release(cell);
      else if (!hidden[cell] && !this.isHeld[cell]) printed.push(cell);
    }
    if (printed.length === 1) this.stop(printed[0]!);
    else for (const cell of printed) this.hold(cell);
  }

  private stop(cell: number): void {
    this.still = cell;
    this.isBound = false;
  }

  private hold(cell: number): void {
    if (this.isHeld[cell]) return;
    this.seen = undefined;
    this.isBound = false;
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
    this.isBound = false;
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
    const view = (this.seen ??= viewOf(this.tableau, this.bound, this.free, this.moving, this.rowOf.length));
    if (!this.isBound) {
      bind(view, this.bounds, this.still);
      this.isBound = true;
      this.ended.clear();
    }
    return view;
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
    const kind = view.kindOf[cell]!;
    const factor = view.factorOf[cell]!;
    const size = Math.abs(factor);
    const way = (direction * Math.sign(factor)) as 1 | -1;
    const { low, high } = view.ends[Number(told)]!;
    const far = Math.min(Math.ceil(most / size - SMALL), way === 1 ? high[kind]! : -low[kind]!);
    if (far * size < 1 - SMALL) return { bound: 0, move: undefined };
    const alone = turn === 0 ? this.walker.alone(view, kind, way, far, told) : undefined;
    if (alone) return { bound: far * size, move: alone };
    const { bound, move } = this.push(view, kind, way, far, told, turn > 0 ? seeded(31 * cell + turn) : undefined);
    return { bound: bound * size, move };
  }

  private push(view: View, kind: number, way: 1 | -1, far: number, told: boolean, random?: () => number): Reach {
    const reach = this.walker.push(view, kind, way, far, told, random);
    const { bound, stops } = reach;
    if (stops) this.ended.set(keyOf(kind, way, told), { bound, stops });
    return reach;
  }

  /** The same, where only its end is asked for: perhaps that is known. */
  private endOfPush(view: View, kind: number, way: 1 | -1, far: number, told: boolean): Omit<Reach, 'move'> {
    const ended = this.ended.get(keyOf(kind, way, told));
    return ended && ended.bound < far ? ended : this.push(view, kind, way, far, told);
  }

  /**
   * How far linear programming lets a cell go, up (1) or down (-1), at most `amount`, and printed cells of which at least one has
   * to be hidden before it could go further: the duals of that program. None of them where the cell's own bound is the end.
   */
  why(cell: number, direction: 1 | -1, amount: number, told: boolean): { bound: number; cells: number[] } {
    if (this.still >= 0) {
      this.hold(this.still);
      this.stop(-1);
    }
    const { bounds, moving } = this;
    const own = direction === 1 ? bounds.high[Number(told)]![cell]! : -bounds.low[Number(told)]![cell]!;
    const most = Math.min(amount, own);
    if (most < 1) return { bound: 0, cells: [] };
    const needs = new Float64Array(this.width - moving);
    // Columns on which an end was rounded, for a whole kind goes no further: that holds only while they stand still.
    const rounded = new Uint8Array(needs.length);
    const named = (bound: number) => {
      const cells: number[] = [];
      for (let k = 0; k < needs.length; k++)
        if (Math.abs(needs[k]!) > SMALL || rounded[k]) cells.push(this.free[moving + k]!);
      return { bound, cells };
    };
    this.follow(needs, cell, 1);
    if (!this.moves(cell)) return named(0);
    const view = this.view();
    const kind = view.kindOf[cell]!;
    const factor = view.factorOf[cell]!;
    const size = Math.abs(factor);
    const way = (direction * Math.sign(factor)) as 1 | -1;
    const { low, high } = view.ends[Number(told)]!;
    const wanted = Math.ceil(most / size - SMALL);
    const end = way === 1 ? high[kind]! : -low[kind]!;
    // The cell that bounds a kind, as far as printed cells bear on it.
    const stop = (stopping: number, gain: number) => {
      const isHigh = way * gain > 0;
      const stopped = (isHigh ? high : low)[stopping]!;
      const cells = [...view.kindOf.keys()].filter((each) => view.kindOf[each] === stopping);
      const factorOf = (each: number) => view.factorOf[each]!;
      const binding = cells.find((each) => this.endOf(each, factorOf(each), isHigh, told) === stopped)!;
      this.follow(needs, binding, (-factor * gain) / factorOf(binding));
      if (Math.abs(factorOf(binding)) === 1) return;
      const measure = cells.find((each) => Math.abs(factorOf(each)) === 1)!; // for it the kind is whole
      for (const each of [measure, binding]) this.markFollowed(rounded, each);
    };
    const far = Math.min(wanted, end);
    const { bound, stops } =
      far < 1 - SMALL ? { bound: 0, stops: undefined } : this.endOfPush(view, kind, way, far, told);
    if (stops) {
      for (let k = 0; k < stops.kinds.length; k++)
        if (Math.abs(stops.gains[k]!) > SMALL) stop(stops.kinds[k]!, stops.gains[k]!);
      return named(bound * size);
    }
    if (end >= wanted) return { bound: most, cells: [] };
    stop(kind, 1);
    return named(end * size);
  }

  /** What printed cells that are free would do to a cell, times a factor, added to `needs`. */
  private follow(needs: Float64Array, cell: number, factor: number): void {
    const row = this.rowOf[cell]!;
    if (row < 0) return;
    for (let k = 0, at = row * this.width + this.moving; k < needs.length; k++, at++)
      needs[k]! += factor * this.tableau[at]!;
  }

  /** Marks the printed cells that are free and bear on a cell. */
  private markFollowed(marks: Uint8Array, cell: number): void {
    const row = this.rowOf[cell]!;
    if (row < 0) return;
    for (let k = 0, at = row * this.width + this.moving; k < marks.length; k++, at++)
      if (this.tableau[at] !== 0) marks[k] = 1;
  }

  /** How far up or down a cell lets its kind go. */
  private endOf(cell: number, factor: number, isHigh: boolean, told: boolean): number {
    const ends = [this.bounds.low[Number(told)]![cell]! / factor, this.bounds.high[Number(told)]![cell]! / factor];
    return isHigh ? Math.floor(Math.max(...ends) + SMALL) : Math.ceil(Math.min(...ends) - SMALL);
  }
}
