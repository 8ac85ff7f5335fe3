import type { Cover, Rule } from './cover';
import { changeAt, moveOf, seeded, type Move } from './moves';
import type { Part } from './parts';

const ZERO = 1e-9;
const SMALL = 1e-6;
/** Up to so many times the answer of the simplex is tried, where it is fractional. */
const MULTIPLES = 6;
/** How many columns may wait for one without fractions. */
const WAITING = 8;
/** Up to this many cells a part has spaces: they are tables of cells by cells, one for each attacker. */
const LARGEST = 2000;
/** A weight of each column, to tell rows apart by their weighted sums. */
const weights: number[] = [];
/** Steps without a gain after which the rule that cannot circle takes over. */
const IDLE = 12;

/** What is hidden, and a number that goes up with each change of it. */
export interface Hiding {
  readonly hidden: Uint8Array;
  readonly flips: number;
}

/** Cells that move as one, each by its factor. */
interface Kind {
  readonly cells: number[];
  readonly factors: number[];
}

/** The part of a tableau that moves: first the kinds that are free, then those that follow, by columns. */
interface View {
  readonly matrix: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly kinds: readonly Kind[];
  /** Bounds of each kind, for someone who was not told and for someone who was. */
  readonly ends: readonly { readonly low: Float64Array; readonly high: Float64Array }[];
  readonly kindOf: ReadonlyMap<number, readonly [kind: number, factor: number]>;
}

/** How far a cell can go. */
export interface Reach {
  /** The end that linear programming proves, at most what was asked for; 0 where it cannot move. */
  readonly bound: number;
  /** A whole move that goes at least 1 and as far as was found. */
  readonly move: Move | undefined;
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
  /** What an exchange works with: the places and values of a row or column that are not 0. */
  private readonly filled: Int32Array;
  private readonly entries: Float64Array;
  /** The work done, in entries of the tableau. */
  effort = 0;
  /** What was hidden when it was last brought in step. */
  private inStep = -1;

  private constructor(
    private readonly part: Part,
    /** Bounds by cell, for someone who was not told and for someone who was. */
    private readonly low: readonly [Float64Array, Float64Array],
    private readonly high: readonly [Float64Array, Float64Array],
    bound: Int32Array,
    free: Int32Array,
    /** tableau[row · width + column]: what a unit of a free cell does to a bound one. */
    private readonly tableau: Float64Array,
    held: ReadonlySet<number>,
  ) {
    this.bound = bound;
    this.free = free;
    const all = low[0].length;
    this.rowOf = new Int32Array(all).fill(-1);
    this.columnOf = new Int32Array(all).fill(-1);
    bound.forEach((cell, row) => (this.rowOf[cell] = row));
    free.forEach((cell, column) => (this.columnOf[cell] = column));
    this.moving = free.length;
    this.isHeld = new Uint8Array(all);
    this.filled = new Int32Array(Math.max(free.length, bound.length));
    this.entries = new Float64Array(this.filled.length);
    for (const cell of held) this.hold(cell);
  }

  private get width(): number {
    return this.free.length;
  }

  /** Nobody's: every cell moves. By elimination, short equations first. */
  static of(part: Part): Space {
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
    const bounds = (cell: Float64Array, slack: Float64Array) => {
      const both = new Float64Array(all);
      both.set(cell);
      ranges.forEach((row, at) => (both[cells + at] = slack[row]!));
      return both;
    };
    const open = new Float64Array(cells).fill(Infinity);
    return new Space(
      part,
      [
        bounds(part.down, part.rowLo),
        bounds(
          part.down.map((each, i) => Math.max(each, part.toldDown[i]!)),
          part.rowLo,
        ),
      ],
      [bounds(open, part.rowHi), bounds(part.toldUp, part.rowHi)],
      Int32Array.from(kept, (row) => pivots[row]!),
      free,
      tableau,
      new Set(),
    );
  }

  /** The same for someone before whom some more cells stand still for good. */
  without(known: (cell: number) => boolean): Space {
    const cells = this.part.ids.length;
    this.inStep = -1;
    for (let cell = 0; cell < cells; cell++) {
      if (!known(cell)) continue;
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
      this.low,
      this.high,
      Int32Array.from(rows, (row) => this.bound[row]!),
      Int32Array.from(columns, (column) => this.free[column]!),
      tableau,
      held,
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
    this.exchange(this.tableau, this.bound.length, this.width, row, column);
    const leaving = this.bound[row]!;
    const entering = this.free[column]!;
    this.bound[row] = entering;
    this.free[column] = leaving;
    this.rowOf[entering] = row;
    this.columnOf[entering] = -1;
    this.rowOf[leaving] = -1;
    this.columnOf[leaving] = column;
  }

  private exchange(matrix: Float64Array, rows: number, width: number, row: number, column: number): void {
    const { filled } = this;
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
      this.effort += many;
      for (let k = 0; k < many; k++) {
        const j = filled[k]!;
        const now = matrix[at + j]! + factor * matrix[from + j]!;
        const whole = Math.round(now);
        matrix[at + j] = Math.abs(now - whole) < ZERO ? whole : now;
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
    const { moving, tableau, width } = this;
    const kinds: Kind[] = [];
    const add = (cell: number, factor: number, kind: Kind) => {
      kind.cells.push(cell);
      kind.factors.push(factor);
    };
    for (let k = 0; k < moving; k++) kinds.push({ cells: [this.free[k]!], factors: [1] });
    for (let k = weights.length; k < moving; k++) weights.push(Math.sin(k + 1));
    // The rows that differ, each by where it lies in the tableau and the sign of its first entry.
    const starts: number[] = [];
    const signs: number[] = [];
    const byHash = new Map<number, number[]>();
    for (let row = 0, at = 0; row < this.bound.length; row++, at += width) {
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
        add(this.bound[row]!, tableau[at + first]!, kinds[first]!);
        continue;
      }
      const sign = tableau[at + first]! < 0 ? -1 : 1;
      const key = Math.round(hash * sign * 1e6);
      let alike = byHash.get(key);
      if (!alike) byHash.set(key, (alike = []));
      const same = alike.find((each) => {
        const from = starts[each]!;
        const turn = sign * signs[each]!;
        for (let k = 0; k < moving; k++)
          if (Math.abs(turn * tableau[at + k]! - tableau[from + k]!) > ZERO) return false;
        return true;
      });
      if (same !== undefined) add(this.bound[row]!, sign, kinds[moving + same]!);
      else {
        alike.push(starts.length);
        starts.push(at);
        signs.push(sign);
        kinds.push({ cells: [this.bound[row]!], factors: [sign] });
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
          const [a, b] = [this.low[told]![cell]! / factor, this.high[told]![cell]! / factor];
          low[kind] = Math.max(low[kind]!, Math.ceil(Math.min(a, b) - SMALL));
          high[kind] = Math.min(high[kind]!, Math.floor(Math.max(a, b) + SMALL));
        });
      });
      return { low, high };
    });
    const kindOf = new Map<number, readonly [kind: number, factor: number]>();
    kinds.forEach(({ cells, factors }, kind) => cells.forEach((cell, m) => kindOf.set(cell, [kind, factors[m]!])));
    return (this.seen = { matrix, rows, columns: moving, kinds, ends, kindOf });
  }

  /**
   * How far a cell can go, up (1) or down (-1), at most `amount`, while every cell keeps its bounds.
   * @param told  with the bounds of someone who was told which hidden counts are small
   * @param turn  another number, another way there: where one ends in fractions, the next may end in whole numbers
   */
  reach(cell: number, direction: 1 | -1, amount: number, told: boolean, turn = 0): Reach {
    const most = Math.min(amount, direction === 1 ? this.high[Number(told)]![cell]! : -this.low[Number(told)]![cell]!);
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
    const alone = this.alone(view, kind, way, far, told);
    if (alone) return { bound: far * size, move: alone };
    const { bound, move } = this.push(view, kind, way, far, told, turn > 0 ? seeded(31 * cell + turn) : undefined);
    return { bound: bound * size, move };
  }

  /** The shortest move of one free cell and all that follow it. */
  private alone(view: View, kind: number, direction: 1 | -1, amount: number, told: boolean): Move | undefined {
    const { matrix, rows, columns } = view;
    const { low, high } = view.ends[Number(told)]!;
    const row = kind - columns;
    let best = -1;
    let bestTimes = 0;
    let least = Infinity;
    for (let column = row < 0 ? kind : 0; column < (row < 0 ? kind + 1 : columns); column++) {
      const unit = row < 0 ? 1 : matrix[column * rows + row]!;
      if (unit === 0) continue;
      const times = (direction * amount) / unit;
      let many = 1;
      let fits = times >= low[column]! && times <= high[column]! && Number.isInteger(times);
      for (let i = 0, at = column * rows; fits && i < rows; i++, at++) {
        if (matrix[at] === 0) continue;
        const change = times * matrix[at]!;
        const other = columns + i;
        fits = change >= low[other]! && change <= high[other]! && Number.isInteger(change) && ++many < least;
      }
      if (fits && many < least) [best, bestTimes, least] = [column, times, many];
    }
    if (best < 0) return undefined;
    const at = new Float64Array(columns + rows);
    at[best] = bestTimes;
    for (let i = 0; i < rows; i++) at[columns + i] = bestTimes * matrix[best * rows + i]!;
    return this.read(view, at, told);
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
    const low = this.low[Number(told)]!;
    const high = this.high[Number(told)]!;
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

  /**
   * A primal simplex from where nothing changes; it steps in whole numbers as long as it can.
   * @param random  shakes the order in which columns are taken
   */
  private push(
    view: View,
    wanted: number,
    direction: 1 | -1,
    amount: number,
    told: boolean,
    random?: () => number,
  ): Reach {
    const { rows, columns } = view;
    const favour = new Float64Array(columns + rows).fill(1);
    if (random) for (let kind = 0; kind < favour.length; kind++) favour[kind] = 0.1 + random();
    const { low, high } = view.ends[Number(told)]!;
    const matrix = view.matrix.slice();
    const at = new Float64Array(columns + rows);
    const free = Int32Array.from({ length: columns }, (_, k) => k);
    const bound = Int32Array.from({ length: rows }, (_, i) => columns + i);
    let idle = 0;
    let objective = wanted - columns; // below 0: it is free
    let isProved = false;
    let whole: Float64Array | undefined;
    // Columns whose exchange would bring fractions in: they wait.
    const waits = new Uint8Array(columns);
    let waiting = 0;
    let next = -1;
    // What a unit of each free kind does to the wanted one.
    const gains = new Float64Array(columns);
    const readGains = () => {
      if (objective >= 0) for (let k = 0, from = objective; k < columns; k++, from += rows) gains[k] = matrix[from]!;
    };
    readGains();
    const most = 100 + 4 * (rows + columns);
    for (let step = 0; step < most; step++) {
      let column = next;
      let sign: number = direction;
      next = -1;
      const isForced = column >= 0;
      if (objective < 0) column = free.indexOf(wanted);
      else if (isForced) sign = direction * Math.sign(gains[column]!);
      else {
        let best = 0;
        for (let k = 0; k < columns; k++) {
          const gain = direction * gains[k]!;
          if ((gain <= SMALL && gain >= -SMALL) || waits[k] === 1) continue;
          const own = free[k]!;
          const size = (gain > 0 ? gain : -gain) * favour[own]!;
          if (idle > IDLE ? column >= 0 && own > free[column]! : size <= best) continue;
          if (gain > 0 ? at[own]! >= high[own]! - SMALL : at[own]! <= low[own]! + SMALL) continue;
          column = k;
          best = size;
          sign = gain > 0 ? 1 : -1;
        }
        if (column < 0 && waiting > 0) {
          next = waits.indexOf(1);
          continue;
        }
      }
      if (column < 0) {
        isProved = true;
        break;
      }
      const own = free[column]!;
      const from = column * rows;
      let far = sign > 0 ? high[own]! - at[own]! : at[own]! - low[own]!;
      // No further than the wanted cell has to go, but in whole steps.
      const speed = objective < 0 ? 1 : Math.abs(gains[column]!);
      const enough = Math.ceil((amount - direction * at[wanted]!) / speed - SMALL);
      let blocking = -1;
      let size = 0;
      for (let i = 0; i < rows; i++) {
        const entry = matrix[from + i]!;
        if (entry === 0 || i === objective) continue;
        const rate = sign * entry;
        const each = rate > 0 ? rate : -rate;
        if (each <= SMALL) continue;
        const other = bound[i]!;
        const room = rate > 0 ? high[other]! - at[other]! : at[other]! - low[other]!;
        const reach = room <= 0 ? 0 : room / each;
        if (reach > far + SMALL) continue;
        if (reach >= far - SMALL) {
          if (blocking < 0 || (idle > IDLE ? other > bound[blocking]! : each <= size + SMALL)) continue;
        }
        blocking = i;
        size = each;
        if (reach < far) far = reach;
      }
      if (enough <= far + SMALL) {
        far = enough;
        blocking = -1;
      }
      if (blocking >= 0 && !isForced && objective >= 0 && Math.abs(size - 1) > SMALL) {
        waits[column] = 1;
        if (++waiting >= WAITING) next = waits.indexOf(1);
        continue;
      }
      if (waiting > 0) waits.fill((waiting = 0));
      // From here on there may be fractions: what is reached in whole numbers is kept.
      if (blocking >= 0 && Math.abs(size - 1) > SMALL) whole ??= at.slice();
      if (far > SMALL) {
        at[own]! += sign * far;
        for (let i = 0; i < rows; i++) {
          if (matrix[from + i] !== 0) at[bound[i]!]! += sign * far * matrix[from + i]!;
        }
        idle = 0;
      } else idle++;
      this.effort += rows;
      if (direction * at[wanted]! >= amount - SMALL) break;
      if (blocking < 0) continue;
      this.turn(matrix, rows, columns, blocking, column);
      if (own === wanted) objective = blocking;
      free[column] = bound[blocking]!;
      bound[blocking] = own;
      readGains();
    }
    const gone = direction * at[wanted]!;
    let move = gone > SMALL ? this.read(view, at, told) : undefined;
    if (!move && whole && direction * whole[wanted]! > SMALL) move = this.read(view, whole, told);
    return { bound: isProved ? gone : amount, move };
  }

  /** `exchange`, for a matrix that lies by columns. */
  private turn(matrix: Float64Array, rows: number, columns: number, row: number, column: number): void {
    const { filled } = this;
    const from = column * rows;
    const inverse = 1 / matrix[from + row]!;
    let many = 0;
    const { entries } = this;
    for (let i = 0; i < rows; i++) {
      const entry = matrix[from + i]!;
      if (entry === 0 || i === row) continue;
      entries[many] = entry;
      filled[many++] = i;
    }
    for (let k = 0; k < columns; k++) {
      if (k === column) continue;
      const to = k * rows;
      const entry = matrix[to + row]!;
      if (entry === 0) continue;
      const factor = -entry * inverse;
      matrix[to + row] = factor;
      this.effort += many;
      for (let m = 0; m < many; m++) {
        const i = filled[m]!;
        const now = matrix[to + i]! + factor * entries[m]!;
        matrix[to + i] = now < ZERO && now > -ZERO ? 0 : now; // thrown away after a few dozen steps: no need to round
      }
    }
    for (let m = 0; m < many; m++) matrix[from + filled[m]!]! *= inverse;
    matrix[from + row] = inverse;
  }

  /** The whole move that the values make, or a small multiple of it. */
  private read({ kinds }: View, at: Float64Array, told: boolean): Move | undefined {
    const changeOf = new Map<number, number>();
    for (let kind = 0; kind < at.length; kind++) {
      const change = at[kind]!;
      if (change > -SMALL && change < SMALL) continue;
      const { cells, factors } = kinds[kind]!;
      for (let m = 0; m < cells.length; m++)
        if (cells[m]! < this.part.ids.length) changeOf.set(cells[m]!, factors[m]! * change);
    }
    const cells = [...changeOf.keys()].sort((a, b) => a - b);
    const changes = cells.map((cell) => changeOf.get(cell)!);
    for (let times = 1; times <= MULTIPLES; times++) {
      if (changes.some((each) => Math.abs(each * times - Math.round(each * times)) > SMALL * times)) continue;
      const whole = changes.map((each) => Math.round(each * times));
      const move = moveOf(this.part, cells, whole);
      return move && (move.told || !told) ? move : undefined;
    }
    return undefined;
  }
}

/** The spaces of a part's attackers, each made when first asked for and kept in step with what is hidden. */
export class Spaces {
  private root: Space | undefined;
  private readonly byBit: (Space | undefined)[] = [];

  constructor(
    private readonly part: Part,
    private readonly hiding: Hiding,
  ) {}

  /** Whether the part is small enough for spaces. */
  get isSmall(): boolean {
    return this.part.ids.length <= LARGEST;
  }

  of(bit: number): Space {
    let space = this.byBit[bit];
    if (!space) {
      this.root ??= Space.of(this.part);
      this.root.sync(this.hiding);
      const { knows, words } = this.part;
      space = this.byBit[bit] = this.root.without(
        (cell) => cell < this.part.ids.length && (knows[cell * words + (bit >> 5)]! & (1 << (bit & 31))) !== 0,
      );
    }
    space.sync(this.hiding);
    return space;
  }

  get effort(): number {
    return this.byBit.reduce((sum, space) => sum + (space?.effort ?? 0), this.root?.effort ?? 0);
  }
}

/**
 * Moves of hidden cells after which one attacker cannot break a rule at a cell.
 * @param turns  how often a way that ends in fractions is gone again in another order
 * @returns undefined where it is proved that there are none; `unknown` where only fractions were found
 */
export function lookIn(
  space: Space,
  cover: Cover,
  cell: number,
  rule: Rule,
  bit: number,
  turns = 0,
): Move[] | undefined | 'unknown' {
  if (!rule.wide) {
    for (let turn = 0; turn <= turns; turn++) {
      let bound = 0;
      for (const direction of [1, -1] as const) {
        const reach = space.reach(cell, direction, 1, rule.told, turn);
        if (reach.move) return [reach.move];
        bound = Math.max(bound, reach.bound);
      }
      if (bound < 1 - SMALL) return undefined;
    }
    return 'unknown';
  }
  const { part } = cover;
  const least = part.least[cell]!;
  const room = -part.down[cell]!;
  let { up, down } = cover.reach(cell, bit);
  const reachLeast = Math.max(0, least - part.value[cell]!);
  const far = Math.max(reachLeast, least - 1 - down);
  let highest = Math.max(up, far);
  let lowest = Math.max(down, room);
  let upwards: Move | undefined;
  let downwards: Move | undefined;
  for (let turn = 0; turn <= turns; turn++) {
    if (up < Math.min(far, highest)) {
      const { bound, move } = space.reach(cell, 1, far, rule.told, turn);
      highest = Math.min(highest, Math.max(up, Math.floor(bound + SMALL)));
      if (highest < reachLeast) return undefined;
      if (move && changeAt(move, cell) > up) {
        upwards = move;
        up = changeAt(move, cell);
      }
      if (up >= far) return upwards ? [upwards] : [];
    }
    if (down < Math.min(room, lowest)) {
      const { bound, move } = space.reach(cell, -1, room, rule.told, turn);
      lowest = Math.min(lowest, Math.max(down, Math.floor(bound + SMALL)));
      if (move && -changeAt(move, cell) > down) {
        downwards = move;
        down = -changeAt(move, cell);
      }
    }
    if (cover.isWide(cell, up, down)) return [upwards, downwards].filter((move) => move !== undefined);
    if (!cover.isWide(cell, highest, lowest)) return undefined;
  }
  return 'unknown';
}
