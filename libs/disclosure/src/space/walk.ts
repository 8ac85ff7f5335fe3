import type { Deadline } from '../deadline';
import { moveOf, type Move } from '../moves';
import type { Part } from '../parts';
import { ZERO } from './eliminate';
import { SMALL, type View } from './view';

/** Up to so many times the answer of the simplex is tried, where it is fractional. */
const MULTIPLES = 6;
/** How many columns may wait for one without fractions. */
const WAITING = 8;
/** Steps without a gain after which the rule that cannot circle takes over. */
const IDLE = 12;

/** How far a cell can go. */
export interface Reach {
  /** The end that linear programming proves, at most what was asked for; 0 where it cannot move. */
  readonly bound: number;
  /** A whole move that goes at least 1 and as far as was found. */
  readonly move: Move | undefined;
}

/** Finds how far something can go in a view, and a whole move that takes it there. */
export class Walker {
  /** The work done, in entries of matrices. */
  effort = 0;
  /** What a step works with: the places and values of a column that are not 0. */
  private readonly filled: Int32Array;
  private readonly entries: Float64Array;

  constructor(
    private readonly part: Part,
    /** The most kinds that follow others. */
    most: number,
    private readonly deadline: Deadline,
  ) {
    this.filled = new Int32Array(most);
    this.entries = new Float64Array(most);
  }

  /** The shortest move of one free cell and all that follow it. */
  alone(view: View, kind: number, direction: 1 | -1, amount: number, told: boolean): Move | undefined {
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
   * A primal simplex from where nothing changes; it steps in whole numbers as long as it can.
   * @param random  shakes the order in which columns are taken
   */
  push(view: View, wanted: number, direction: 1 | -1, amount: number, told: boolean, random?: () => number): Reach {
    const { rows, columns } = view;
    const small = SMALL; // what another file exports is asked for anew at each use
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
      this.deadline.check();
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
          if ((gain <= small && gain >= -small) || waits[k] === 1) continue;
          const own = free[k]!;
          const size = (gain > 0 ? gain : -gain) * favour[own]!;
          if (idle > IDLE ? column >= 0 && own > free[column]! : size <= best) continue;
          if (gain > 0 ? at[own]! >= high[own]! - small : at[own]! <= low[own]! + small) continue;
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
      const enough = Math.ceil((amount - direction * at[wanted]!) / speed - small);
      let blocking = -1;
      let size = 0;
      for (let i = 0; i < rows; i++) {
        const entry = matrix[from + i]!;
        if (entry === 0 || i === objective) continue;
        const rate = sign * entry;
        const each = rate > 0 ? rate : -rate;
        if (each <= small) continue;
        const other = bound[i]!;
        const room = rate > 0 ? high[other]! - at[other]! : at[other]! - low[other]!;
        const reach = room <= 0 ? 0 : room / each;
        if (reach > far + small) continue;
        if (reach >= far - small) {
          if (blocking < 0 || (idle > IDLE ? other > bound[blocking]! : each <= size + small)) continue;
        }
        blocking = i;
        size = each;
        if (reach < far) far = reach;
      }
      if (enough <= far + small) {
        far = enough;
        blocking = -1;
      }
      if (blocking >= 0 && !isForced && objective >= 0 && Math.abs(size - 1) > small) {
        waits[column] = 1;
        if (++waiting >= WAITING) next = waits.indexOf(1);
        continue;
      }
      if (waiting > 0) waits.fill((waiting = 0));
      // From here on there may be fractions: what is reached in whole numbers is kept.
      if (blocking >= 0 && Math.abs(size - 1) > small) whole ??= at.slice();
      if (far > small) {
        at[own]! += sign * far;
        for (let i = 0; i < rows; i++) {
          if (matrix[from + i] !== 0) at[bound[i]!]! += sign * far * matrix[from + i]!;
        }
        idle = 0;
      } else idle++;
      this.effort += rows;
      if (direction * at[wanted]! >= amount - small) break;
      if (blocking < 0) continue;
      this.turn(matrix, rows, columns, blocking, column);
      if (own === wanted) objective = blocking;
      free[column] = bound[blocking]!;
      bound[blocking] = own;
      readGains();
    }
    const gone = direction * at[wanted]!;
    let move = gone > small ? this.read(view, at, told) : undefined;
    if (!move && whole && direction * whole[wanted]! > small) move = this.read(view, whole, told);
    return { bound: isProved ? gone : amount, move };
  }

  /** Exchanges a bound kind and a free one. */
  private turn(matrix: Float64Array, rows: number, columns: number, row: number, column: number): void {
    const { filled, entries } = this;
    const zero = ZERO; // what another file exports is asked for anew at each use
    const from = column * rows;
    const inverse = 1 / matrix[from + row]!;
    let many = 0;
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
        matrix[to + i] = Math.abs(now) < zero ? 0 : now; // thrown away after a few dozen steps: no need to round
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
