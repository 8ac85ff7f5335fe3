import type { Highs } from 'highs';
import { isEmpty, type Attackers } from './cover';
import type { Deadline } from './deadline';
import { MoveFinder } from './finder';
import { overlaps } from './moves';
import type { Part } from './parts';

/** A model to look for moves in, and whom its moves may say nothing to beside those who know the cell itself. */
export interface Place {
  readonly finder: MoveFinder;
  readonly leaves: Attackers;
}

/** How many other holders are paired with one. */
const SIBLINGS = 8;
/** Up to this many holders, each is tried for a cell that nobody knows. */
const HOLDERS = 40;

/** All who know the same: one authority with its circles, as a rule. */
interface Holder {
  readonly knows: Attackers;
  readonly cells: number[];
}

/**
 * The small models of a part, found from its equations and from who knows what. The block of a holder: what it and
 * nobody knows moves, all others stand still; such a move convinces everyone else. A pair: what two holders know moves
 * and nothing that nobody knows, so that one gives what the other takes; it convinces everyone but the other. Models
 * are made when first asked for.
 */
export class Blocks {
  private readonly holders: Holder[] = [];
  /** For each cell its holder; -1 where nobody knows it. */
  private readonly holderOf: Int32Array;
  private readonly finders = new Map<string, MoveFinder>();
  private readonly siblingsOf = new Map<number, readonly number[]>();
  private readonly nobody: Attackers;
  private gone = 0;

  constructor(
    private readonly solver: Highs,
    private readonly part: Part,
    private readonly deadline: Deadline,
  ) {
    const { words } = part;
    this.nobody = new Uint32Array(words);
    this.holderOf = new Int32Array(part.ids.length).fill(-1);
    const byKey = new Map<string, number>();
    for (let cell = 0; cell < part.ids.length; cell++) {
      const knows = part.knows.slice(cell * words, (cell + 1) * words);
      if (isEmpty(knows)) continue;
      const key = knows.join();
      const at = byKey.get(key) ?? this.holders.push({ knows, cells: [] }) - 1;
      byKey.set(key, at);
      this.holders[at]!.cells.push(cell);
      this.holderOf[cell] = at;
    }
  }

  /** The work done so far; see MoveFinder. */
  get effort(): number {
    let sum = this.gone;
    for (const { effort } of this.finders.values()) sum += effort;
    return sum;
  }

  private finder(key: string, cells: () => ArrayLike<number>): MoveFinder {
    let finder = this.finders.get(key);
    if (!finder) this.finders.set(key, (finder = new MoveFinder(this.solver, this.part, cells(), this.deadline)));
    return finder;
  }

  /** The cells that nobody knows but some of these. */
  private within(...holders: readonly number[]): (cell: number) => boolean {
    const { knows, words } = this.part;
    const outside = holders.map((holder) => this.holders[holder]!.knows.map((word) => ~word));
    return (cell) => outside.some((each) => !overlaps(knows, cell * words, each));
  }

  private cells(belongs: (cell: number) => boolean): Int32Array {
    return Int32Array.from(this.part.ids.keys()).filter(belongs);
  }

  private block(holder: number): Place {
    const finder = this.finder(`block ${holder}`, () => this.cells(this.within(holder)));
    return { finder, leaves: this.holders[holder]!.knows };
  }

  private pair(holder: number, other: number): MoveFinder {
    const [a, b] = holder < other ? [holder, other] : [other, holder];
    return this.finder(`pair ${a} ${b}`, () => {
      const isWithin = this.within(a, b);
      return this.cells((cell) => this.holderOf[cell]! >= 0 && isWithin(cell));
    });
  }

  /** Holders whose cells meet a holder's in an equation, those that meet it most often first. */
  private siblings(holder: number): readonly number[] {
    const known = this.siblingsOf.get(holder);
    if (known) return known;
    const { part } = this;
    const meetings = new Map<number, number>();
    for (const cell of this.holders[holder]!.cells) {
      for (const other of neighboursOf(part, cell)) {
        const at = this.holderOf[other]!;
        if (at >= 0 && at !== holder) meetings.set(at, (meetings.get(at) ?? 0) + 1);
      }
    }
    const most = [...meetings].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, SIBLINGS);
    const siblings = most.map(([at]) => at);
    this.siblingsOf.set(holder, siblings);
    return siblings;
  }

  /**
   * The small models in which a cell can move, the most convincing first; of others those in which less would be hidden.
   * @param hidden    1 for each hidden cell
   * @param siblings  how many pairs at most
   */
  of(cell: number, hidden: Uint8Array, siblings: number): Place[] {
    const holder = this.holderOf[cell]!;
    const shown = ({ finder }: Place) => finder.bundleOf(cell).filter((each) => !hidden[each]).length;
    const best = (places: readonly Place[], many: number) =>
      places
        .filter(({ finder }) => finder.holds(cell))
        .map((place) => ({ place, key: shown(place) }))
        .sort((a, b) => a.key - b.key)
        .slice(0, many)
        .map(({ place }) => place);
    if (holder < 0) {
      const all = [...this.holders.keys()];
      const near = () => new Set(neighboursOf(this.part, cell).map((other) => this.holderOf[other]!));
      const tried = all.length <= HOLDERS ? all : [...near()].filter((at) => at >= 0).slice(0, HOLDERS);
      return best(
        tried.map((at) => this.block(at)),
        2 * siblings,
      );
    }
    const block = { ...this.block(holder), leaves: this.nobody };
    const pairs = this.siblings(holder).map((other) => ({
      finder: this.pair(holder, other),
      leaves: this.holders[other]!.knows,
    }));
    return [...best([block], 1), ...best(pairs, siblings)];
  }

  /** Everything. */
  whole(): MoveFinder {
    return this.finder('whole', () => this.cells(() => true));
  }

  /** Lets a use have a model that is not kept. */
  once<T>(cells: ArrayLike<number>, use: (finder: MoveFinder) => T): T {
    const finder = new MoveFinder(this.solver, this.part, cells, this.deadline);
    try {
      return use(finder);
    } finally {
      this.gone += finder.effort;
    }
  }

  /**
   * The cells nearest to one by equations that they share, out of those that may move.
   * @returns them, and whether these are all that could matter
   */
  near(cell: number, mayMove: (cell: number) => boolean, many: number): { cells: Int32Array; isAll: boolean } {
    const seen = new Set<number>([cell]);
    const rows = new Set<number>();
    const { part } = this;
    for (const at of seen) {
      if (seen.size > many) return { cells: Int32Array.from(seen).sort(), isAll: false };
      for (let e = part.cellStart[at]!; e < part.cellStart[at + 1]!; e++) {
        const row = part.cellRow[e]!;
        if (rows.has(row)) continue;
        rows.add(row);
        for (let k = part.rowStart[row]!; k < part.rowStart[row + 1]!; k++) {
          if (mayMove(part.rowCell[k]!)) seen.add(part.rowCell[k]!);
        }
      }
    }
    return { cells: Int32Array.from(seen).sort(), isAll: true };
  }
}

/** The cells that share an equation or range with one, itself among them. */
export function neighboursOf(part: Part, cell: number): number[] {
  const near = new Set<number>();
  for (let e = part.cellStart[cell]!; e < part.cellStart[cell + 1]!; e++) {
    const row = part.cellRow[e]!;
    for (let k = part.rowStart[row]!; k < part.rowStart[row + 1]!; k++) near.add(part.rowCell[k]!);
  }
  return [...near];
}

/** Whether some attackers can be convinced in a place at all. */
export const convinces = (place: Place, attackers: Attackers): boolean =>
  attackers.some((word, w) => (word & ~place.leaves[w]!) !== 0);
