import type { Deadline } from '../deadline';
import { moveOf, type Move } from '../moves';
import type { Part } from '../parts';
import { Push } from './push';
import { SMALL, startAfresh, type View } from './view';

/** Up to so many times the answer of the simplex is tried, where it is fractional. */
const MULTIPLES = 6;
/** How far a cell can go. */
export interface Reach {
  /** The end that linear programming proves, at most what was asked for; 0 where it cannot move. */
  readonly bound: number;
  /** A whole move that goes at least 1 and as far as was found. */
  readonly move: Move | undefined;
  /** Where that end is proved: the kinds that stopped it, each with what a unit of it would do to the wanted one. */
  readonly stops?: { readonly kinds: Int32Array; readonly gains: Float64Array };
}

/** Finds how far something can go in a view, and a whole move that takes it there. */
export class Walker {
  /** The work done, in entries of matrices. */
  effort = 0;

  constructor(
    private readonly part: Part,
    private readonly deadline: Deadline,
  ) {}

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
   * By linear programming, from where nothing changes; in whole numbers as long as it goes.
   * @param random  shakes the order in which columns are taken
   */
  push(view: View, wanted: number, direction: 1 | -1, amount: number, told: boolean, random?: () => number): Reach {
    const favour = new Float64Array(view.columns + view.rows).fill(1);
    if (random) for (let kind = 0; kind < favour.length; kind++) favour[kind] = 0.1 + random();
    const push = new Push(view, wanted, direction, amount, told, favour);
    push.run(this.deadline);
    const { at, whole, isProved, gains } = push;
    this.effort += push.effort;
    const gone = direction * at[wanted]!;
    let move = gone > SMALL ? this.read(view, at, told) : undefined;
    if (!move && whole && direction * whole[wanted]! > SMALL) move = this.read(view, whole, told);
    const kinds = push.free.slice();
    // From where fractions came more would come.
    if (!move && gone > 1 - SMALL) startAfresh(view);
    return isProved ? { bound: gone, move, stops: { kinds, gains } } : { bound: amount, move };
  }

  /** The whole move that the values make, or a small multiple of it. */
  private read({ kindOf, factorOf }: View, at: Float64Array, told: boolean): Move | undefined {
    const cells: number[] = [];
    const changes: number[] = [];
    for (let cell = 0; cell < this.part.ids.length; cell++) {
      const kind = kindOf[cell]!;
      if (kind < 0 || (at[kind]! > -SMALL && at[kind]! < SMALL)) continue;
      cells.push(cell);
      changes.push(factorOf[cell]! * at[kind]!);
    }
    for (let times = 1; times <= MULTIPLES; times++) {
      if (changes.some((each) => Math.abs(each * times - Math.round(each * times)) > SMALL * times)) continue;
      const whole = changes.map((each) => Math.round(each * times));
      const move = moveOf(this.part, cells, whole);
      return move && (move.told || !told) ? move : undefined;
    }
    return undefined;
  }
}
