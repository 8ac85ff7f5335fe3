import { ask, wholly } from './ask';
import { convinces, type Blocks } from './blocks';
import { bitsOf, equal, has, isEmpty, lowestBit, only, without, type Attackers, type Cover, type Rule } from './cover';
import { OutOfTime, type Deadline } from './deadline';
import { joined, overlaps, type Move } from './moves';
import { lookIn } from './space/look';
import type { Spaces } from './space/spaces';

/** How many pairs of holders are looked at for a cell. */
const PAIRS = 3;
/** How many cells near a question make a model of their own. */
const NEAR = 80;
/** How often a way that ends in fractions is gone again in another order, and for how many entries of tableaus in all. */
const TURNS = 8;
const AGAIN = 4e7;
/**
 * Entries of tableaus after which a last look ends, some 2 seconds: more than tables of 1,000 cells take, as a rule. Beyond `ROOMY` cells
 * each question takes more and fewer cells can be printed: there it has less, by the fourth power.
 */
const LAST_LOOK = 2e8;
const ROOMY = 1000;
/** How many pairs of lost moves are put together at most. */
const JOINED = 60;

/**
 * Prints again what need not be hidden: a complementary cell goes if all pairs that leaned on it find other moves among
 * the cells that stay hidden.
 */
export class Tidying {
  private thoroughly = false;
  /** Effort of the spaces from which on nothing is tried twice, once the seconds that were asked for are over. */
  private enough = 0;
  private patientUntil = 0;
  /** Effort of the spaces from which on a last look asks nothing more, likewise. */
  private most = Infinity;
  /** How often each cell was the one that could not be repaired: such cells are asked first. */
  private readonly failures: Uint32Array;
  /** For each cell the sensitive one that could not be repaired when it was last printed; -1 where there is none. */
  private readonly culprit: Int32Array;

  constructor(
    private readonly cover: Cover,
    private readonly blocks: Blocks,
    private readonly spaces: Spaces,
    private readonly deadline: Deadline,
  ) {
    this.failures = new Uint32Array(cover.hidden.length);
    this.culprit = new Int32Array(cover.hidden.length).fill(-1);
  }

  /**
   * Tries every complementary cell, dearest first.
   * @param thoroughly  until nothing is left that could be printed by itself, as far as linear programs can tell. Not at
   *   once: what is printed by long ways round stands in the way of others
   * @param patience  milliseconds in which that effort is not counted
   * @returns false where time ran out before it came to its end; that is every candidate, or as much effort as a last look may take
   */
  run(thoroughly: boolean, patience: number): boolean {
    if (thoroughly && !this.spaces.isSmall) return true;
    this.thoroughly = thoroughly;
    this.enough = this.spaces.effort + AGAIN;
    this.patientUntil = performance.now() + patience;
    this.most = this.spaces.effort + LAST_LOOK * Math.min(1, ROOMY / this.cover.hidden.length) ** 4;
    try {
      for (const cell of this.inOrder()) {
        if (this.deadline.isOver) return false;
        if (this.isSpent) break;
        if (!this.givesAway(cell)) this.tryPrinting(cell);
      }
      return true;
    } catch (error) {
      if (error instanceof OutOfTime) return false;
      throw error;
    } finally {
      this.thoroughly = false;
    }
  }

  private get isSpent(): boolean {
    return this.spaces.effort > this.most && performance.now() > this.patientUntil;
  }

  /** Complementary cells: the dearest first, of equals those that the fewest moves lean on. */
  private inOrder(): number[] {
    const { cover } = this;
    const { cost } = cover.part;
    const candidates = cover.complementary();
    const leaning = new Map(candidates.map((cell) => [cell, cover.movesAt(cell).length]));
    return candidates.sort((a, b) => cost[b]! - cost[a]! || leaning.get(a)! - leaning.get(b)!);
  }

  /** Whether some equation of a cell would hold a sensitive cell as the only one that some attacker does not know. */
  private givesAway(cell: number): boolean {
    const { part, hidden } = this.cover;
    const { rowStart, rowCell, rowLo, rowHi, cellStart, cellRow, sensitive, knows, words } = part;
    for (let e = cellStart[cell]!; e < cellStart[cell + 1]!; e++) {
      const row = cellRow[e]!;
      if (rowLo[row] !== 0 || rowHi[row] !== 0) continue;
      const others: number[] = [];
      for (let k = rowStart[row]!; k < rowStart[row + 1]!; k++) {
        if (hidden[rowCell[k]!] && rowCell[k] !== cell) others.push(rowCell[k]!);
      }
      for (const target of others) {
        if (!sensitive[target]) continue;
        // Who does not know this one, but all others that are hidden, and does not know the cell already.
        const left = this.cover.strangers(target);
        for (let w = 0; w < words; w++) {
          left[w]! &= ~knows[cell * words + w]!;
          for (const other of others) if (other !== target) left[w]! &= knows[other * words + w]!;
        }
        if (!isEmpty(left)) return true;
      }
    }
    return false;
  }

  /**
   * The same for a few cells, in the order given.
   * @throws OutOfTime
   */
  few(candidates: readonly number[], thoroughly: boolean): void {
    this.thoroughly = thoroughly && this.spaces.isSmall;
    this.enough = this.spaces.effort + AGAIN;
    this.most = Infinity;
    try {
      for (const cell of candidates) {
        if (this.cover.isComplementary(cell) && !this.givesAway(cell)) this.tryPrinting(cell);
      }
    } finally {
      this.thoroughly = false;
    }
  }

  /** Finds moves for a sensitive cell among what is hidden, for whom there are any. */
  reuse(cell: number): void {
    const { cover, spaces } = this;
    if (!spaces.isSmall) return;
    this.deadline.check();
    for (const rule of cover.rules) {
      for (const bit of bitsOf(cover.open(cell, rule))) {
        if (!has(cover.open(cell, rule), bit)) continue;
        const found = lookIn(spaces.of(bit), cover, cell, rule, bit);
        if (Array.isArray(found)) for (const move of found) cover.keep(move);
      }
    }
  }

  /**
   * Finds moves for a sensitive cell among what is hidden, small models first.
   * @param turns  how often a way that ends in fractions is gone again
   * @returns an attacker before whom it stays open, or undefined when the rule is met
   */
  stillOpen(cell: number, rule: Rule, turns: number): number | undefined {
    return this.repair(cell, rule, turns);
  }

  /**
   * Whether a sensitive cell stays open before one attacker whatever moves among what is hidden: whole-number programs decide. What
   * they find is kept.
   * @returns undefined where they do not come to an end
   * @throws OutOfTime
   */
  isLost(cell: number, rule: Rule, bit: number): boolean | undefined {
    const found = wholly(this.cover, this.blocks.whole(), cell, rule, bit, false, 0);
    return found === 'unknown' ? undefined : found !== 'saved';
  }

  private tryPrinting(cell: number): boolean {
    const { cover } = this;
    const mark = cover.mark();
    const gone = cover.movesAt(cell).map((id) => cover.moves[id]!);
    const shaken = cover.print(cell);
    let done = false;
    try {
      // What stood in the way last time does so again, as a rule: that is found out for one attacker, not for all.
      const first = shaken.filter((each) => each === this.culprit[cell]);
      if (this.repairAll(first, cell)) {
        if (!this.thoroughly) this.join(cell, gone, shaken);
        done = this.repairAll(shaken, cell);
      }
    } finally {
      if (!done) {
        const found = cover.moves.slice(mark.moves);
        cover.back(mark);
        // Moves among what stays hidden serve later tries too, in which fewer cells then lean on what is printed.
        if (this.thoroughly) for (const move of found) cover.keep(move);
      }
    }
    return done;
  }

  /** Repairs some cells, where another is printed. */
  private repairAll(cells: readonly number[], printed: number): boolean {
    const { failures, culprit } = this;
    return [...cells]
      .sort((a, b) => failures[b]! - failures[a]! || a - b)
      .every((each) => {
        const isDone = this.cover.rules.every((rule) => this.repair(each, rule) === undefined);
        if (!isDone) {
          failures[each]!++;
          culprit[printed] = each;
        }
        return isDone;
      });
  }

  /** Repairs what can be repaired by putting two of the lost moves together, without any model. */
  private join(cell: number, gone: readonly Move[], shaken: readonly number[]): void {
    const { cover } = this;
    const { rules } = cover;
    const isStillOpen = (each: number) => rules.some((rule) => !isEmpty(cover.open(each, rule)));
    const open = new Set(shaken.filter(isStillOpen));
    const helps = ({ touch, told }: Move, each: number) =>
      rules.some((rule) => (told || !rule.told) && !isEmpty(without(cover.open(each, rule), touch)));
    let tries = JOINED;
    for (let a = 0; a < gone.length; a++) {
      for (let b = 0; b < a; b++) {
        if (open.size === 0 || tries-- === 0) return;
        const move = joined(cover.part, gone[a]!, gone[b]!, cell);
        const helped = move?.cells.filter((each) => open.has(each) && helps(move, each));
        if (!move || !helped || helped.length === 0) continue;
        cover.keep(move);
        for (const each of helped) if (!isStillOpen(each)) open.delete(each);
      }
    }
  }

  private repair(cell: number, rule: Rule, turns?: number): number | undefined {
    const { cover } = this;
    for (let open = cover.open(cell, rule); !isEmpty(open);) {
      this.deadline.check();
      const moves = this.look(cell, rule, open, turns);
      if (!moves) return lowestBit(open);
      for (const move of moves) cover.keep(move);
      const left = cover.open(cell, rule);
      if (equal(left, open)) return lowestBit(open);
      open = left;
    }
    return undefined;
  }

  private look(cell: number, rule: Rule, open: Attackers, turns?: number): Move[] | undefined {
    const { cover, blocks, spaces } = this;
    const { hidden } = cover;
    for (const place of this.thoroughly ? [] : blocks.of(cell, hidden, PAIRS)) {
      if (!convinces(place, open) || place.finder.bundleOf(cell).some((each) => !hidden[each])) continue;
      const avoid = without(open, place.leaves);
      const moves = ask(cover, place.finder, { cell, rule, avoid, hidden, mayHide: false });
      if (typeof moves !== 'string') return moves;
    }
    if (!spaces.isSmall) return this.lookNear(cell, rule, only(lowestBit(open), open.length));
    if (turns === undefined && (!this.thoroughly || this.isSpent)) return undefined;
    const bit = lowestBit(open);
    const mayTurn = spaces.effort < this.enough || performance.now() < this.patientUntil;
    const found = lookIn(spaces.of(bit), cover, cell, rule, bit, turns ?? (mayTurn ? TURNS : 0));
    return found === 'unknown' ? undefined : found;
  }
  /** Where a part is too large for spaces: moves of hidden cells nearby. */
  private lookNear(cell: number, rule: Rule, avoid: Attackers): Move[] | undefined {
    const { cover, blocks } = this;
    const { part, hidden } = cover;
    const mayMove = (each: number) => hidden[each] === 1 && !overlaps(part.knows, each * part.words, avoid);
    const { cells } = blocks.near(cell, mayMove, NEAR);
    const question = { cell, rule, avoid, hidden, mayHide: false };
    const found = blocks.once(cells, (finder) => ask(cover, finder, question));
    return typeof found === 'string' ? undefined : found;
  }
}
