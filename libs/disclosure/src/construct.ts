import { ask, boundedAt, wholly, type Answer, type Question, type Stuck } from './ask';
import { convinces, type Blocks, type Place } from './blocks';
import {
  bitsOf,
  common,
  equal,
  has,
  isEmpty,
  lowestBit,
  only,
  without,
  type Attackers,
  type Cover,
  type Rule,
} from './cover';
import type { Deadline } from './deadline';
import { changeAt, overlaps, type Move } from './moves';

/** Linear programs of a last resort before a whole-number one. */
const TRIES = 6;
/**
 * Up to this many cells the model of the whole part is asked for every cell that has to move by a step: dearer, and better. For cells
 * that have to move far it is dearer, and hides more.
 */
const SMALL = 1200;
/** A part up to so many cells names each attacker's own interval of what is lost. */
const TINY = 200;
/** Up to this many cells the whole part is one model; beyond it the cells near the question are tried first. */
const WHOLE = 2000;
/** How many cells near a question make a model of their own, while that is less than half of the part: first few, then more. */
const NEAR = [500, 2000, 5000];
/** How many pairs of holders are looked at for a cell. */
const PAIRS = 3;
/** How often a cell is planned for before the last resort. */
const ROUNDS = 40;

/** Hides until every pair of attacker and sensitive cell meets every rule, and keeps the moves that show it. */
export class Construction {
  /** Set when a pair could be neither saved nor proved lost. */
  undecided = false;

  constructor(
    private readonly cover: Cover,
    private readonly blocks: Blocks,
    private readonly deadline: Deadline,
  ) {}

  /**
   * @param cells  sensitive cells, in the order in which they are saved
   * @returns the pairs that cannot be saved whatever is hidden
   * @throws OutOfTime
   */
  makeSafe(cells: readonly number[]): Stuck[] {
    const { cover } = this;
    const stuck: Stuck[] = [];
    for (const cell of cells) {
      for (const rule of cover.rules) {
        const given = new Uint32Array(cover.part.words);
        for (let round = 0; ; round++) {
          const open = without(cover.open(cell, rule), given);
          if (isEmpty(open)) break;
          const plan = round < ROUNDS ? this.plan(cell, rule, open) : undefined;
          plan?.forEach((move) => cover.keep(move));
          if (!equal(without(cover.open(cell, rule), given), open)) continue;
          const bit = lowestBit(open);
          const lost = this.lastResort(cell, rule, bit);
          // Where it is lost before who knows nothing, it is before everybody.
          const bits = lost && bit === 0 ? bitsOf(open) : [bit];
          for (const each of bits) {
            if (lost) stuck.push(each === bit ? lost : this.before(lost, rule, each));
            given[each >> 5]! |= 1 << (each & 31);
          }
        }
      }
    }
    return stuck;
  }

  /** The same pair before another attacker, who knows more: in a small part its own interval, elsewhere the one at hand. */
  private before(lost: Stuck, rule: Rule, bit: number): Stuck {
    const { cover } = this;
    const { cell, low, high } = lost;
    const isAlone = low === high || cover.part.ids.length > TINY;
    const own = isAlone ? undefined : boundedAt(cover, this.blocks.whole(), cell, rule, bit);
    return { cell, bit, low: Math.max(low, own?.low ?? low), high: Math.min(high, own?.high ?? high) };
  }

  /** The cheapest of several ways to convince all open attackers of a cell, or as many as can be. */
  private plan(cell: number, rule: Rule, open: Attackers): Move[] | undefined {
    this.deadline.check();
    const { cover } = this;
    const { step } = cover;
    const asksWhole = cover.part.ids.length <= SMALL && !rule.wide;
    const places = this.blocks.of(cell, cover.hidden, PAIRS).filter((place) => convinces(place, open));
    let best: Move[] | undefined;
    let price = Infinity;
    const take = (moves: Move[], cost: number) => {
      if (cost < price - 1e-9) [best, price] = [moves, cost];
      return price === 0;
    };
    const halves: { moves: Move[]; cost: number; left: Attackers }[] = [];
    for (const { finder, leaves } of places) {
      const left = common(open, leaves);
      const question = { cell, rule, avoid: without(open, left), hidden: cover.hidden, mayHide: true };
      const moves = ask(cover, finder, { ...question, limit: price - step });
      if (typeof moves === 'string') continue;
      const cost = cover.priceOf(moves);
      if (!isEmpty(left)) halves.push({ moves, cost, left });
      else if (take(moves, cost)) return best;
    }
    if (asksWhole || !best) {
      const question = { cell, rule, hidden: cover.hidden, mayHide: true };
      // Whoever is to be convinced, convincing one of them is part of it: what that costs, all cost.
      const first = only(lowestBit(open), open.length);
      let least = 0;
      if (asksWhole && !equal(first, open)) {
        const opening = this.askWidely({ ...question, avoid: first, limit: price - step });
        least = typeof opening === 'string' ? Infinity : cover.priceOf(opening);
        if (typeof opening !== 'string') {
          const left = this.stillOpen(cell, rule, open, opening);
          if (!isEmpty(left)) halves.push({ moves: opening, cost: least, left });
          else if (take(opening, least)) return best;
        }
      }
      if ((least < price || !best) && !this.isAskedInBlock(cell, open, places)) {
        const moves = this.askWidely({ ...question, avoid: open, limit: price - step });
        if (typeof moves !== 'string' && take(moves, cover.priceOf(moves))) return best;
      }
    }
    halves.sort((a, b) => a.cost - b.cost);
    // Where each is completed by models of the whole, the second best is not worth it.
    for (const half of halves.slice(0, asksWhole ? 1 : 3)) {
      if (half.cost >= price) break;
      const moves = this.complete(cell, rule, half, places, asksWhole, price - half.cost);
      if (moves) take(moves, cover.priceOf(moves));
    }
    return best ?? halves[0]?.moves ?? this.askAlone(cell, rule, open);
  }

  /**
   * Whether the block of a cell's holder has answered for some attackers: where they are all who know something and not the cell,
   * nothing else moves in the whole part either.
   */
  private isAskedInBlock(cell: number, open: Attackers, places: readonly Place[]): boolean {
    const others = without(this.cover.strangers(cell), open);
    others[0]! &= ~1; // those who know nothing
    return isEmpty(others) && places.some(({ leaves }) => isEmpty(leaves));
  }

  /**
   * Adds to the first moves others for those who know a cell of them, with the cells of the first already hidden. The model of
   * the whole is asked where `plan` asks it for every cell: elsewhere whoever stays unconvinced is planned for anew, which is cheaper.
   */
  private complete(
    cell: number,
    rule: Rule,
    half: { moves: Move[]; left: Attackers },
    places: readonly Place[],
    asksWhole: boolean,
    limit: number,
  ): Move[] | undefined {
    const { cover } = this;
    let { moves, left } = half;
    const hidden = cover.hidden.slice();
    for (let round = 0; !isEmpty(left); round++) {
      if (round === 3) return undefined;
      for (const move of moves) for (const each of move.cells) hidden[each] = 1;
      let next: Move[] | undefined;
      let price = limit;
      const avoid = round === 0 ? left : only(lowestBit(left), left.length);
      const question = { cell, rule, avoid, hidden, mayHide: true };
      for (const { finder, leaves } of places) {
        if (!isEmpty(common(leaves, avoid))) continue;
        const more = ask(cover, finder, { ...question, limit: price - cover.step });
        if (typeof more === 'string') continue;
        const cost = cover.priceOf(more, hidden);
        if (cost < price) [next, price] = [more, cost];
        if (price === 0) break;
      }
      if (price > 0 && asksWhole) {
        const more = this.askWidely({ ...question, limit: price - cover.step });
        if (typeof more !== 'string' && cover.priceOf(more, hidden) < price)
          [next, price] = [more, cover.priceOf(more, hidden)];
      }
      if (!next) return undefined;
      limit -= price;
      moves = [...moves, ...next];
      left = this.stillOpen(cell, rule, left, moves);
    }
    return moves;
  }

  /** Of some attackers those whom moves, beside those at hand, leave unconvinced of a cell. */
  private stillOpen(cell: number, rule: Rule, open: Attackers, moves: readonly Move[]): Attackers {
    if (!rule.wide) return open.map((word, w) => moves.reduce((still, move) => still & move.touch[w]!, word));
    const left = open.slice();
    for (let bit = 0; bit < this.cover.part.attackers.length; bit++) {
      if (!has(open, bit)) continue;
      let { up, down } = this.cover.reach(cell, bit);
      for (const move of moves) {
        if (has(move.touch, bit)) continue;
        up = Math.max(up, changeAt(move, cell));
        down = Math.max(down, -changeAt(move, cell));
      }
      if (this.cover.isWide(cell, up, down)) left[bit >> 5]! &= ~(1 << (bit & 31));
    }
    return left;
  }

  /** The first attacker of some alone. */
  private askAlone(cell: number, rule: Rule, open: Attackers): Move[] | undefined {
    const avoid = only(lowestBit(open), open.length);
    if (equal(avoid, open)) return undefined;
    const moves = this.askWidely({ cell, rule, avoid, hidden: this.cover.hidden, mayHide: true });
    return typeof moves === 'string' ? undefined : moves;
  }

  /** Asks the model of the whole part; where it is large, first one of the cells that are near. */
  askWidely(question: Question): Answer {
    this.deadline.check();
    const { cover, blocks } = this;
    const { part } = cover;
    const { avoid, hidden, mayHide } = question;
    const mayMove = (cell: number) =>
      (mayHide || hidden[cell] === 1) && !overlaps(part.knows, cell * part.words, avoid);
    const near = part.ids.length > WHOLE ? NEAR.filter((many) => many < part.ids.length / 2) : [];
    for (const [at, many] of near.entries()) {
      const { cells, isAll } = blocks.near(question.cell, mayMove, many);
      const answer = blocks.once(cells, (finder) => ask(cover, finder, question));
      if (typeof answer !== 'string' || isAll) return answer;
      // What no hiding can save is known by a bound, at a hundredth of what it costs to ask larger models in vain.
      if (at === 0 && boundedAt(cover, blocks.whole(), question.cell, question.rule, lowestBit(avoid)))
        return 'impossible';
    }
    return ask(cover, blocks.whole(), question);
  }

  /**
   * One attacker and one cell, with everything hidden that may be: a bound of linear programming proves it lost, or whole-number
   * programs decide. What they find is kept and hidden.
   * @returns the pair, where it is proved lost
   */
  private lastResort(cell: number, rule: Rule, bit: number): Stuck | undefined {
    const { cover } = this;
    const finder = this.blocks.whole();
    this.deadline.check();
    const bounded = boundedAt(cover, finder, cell, rule, bit);
    if (bounded) return bounded;
    const found = wholly(cover, finder, cell, rule, bit, true, TRIES);
    if (found === 'unknown') this.undecided = true;
    return typeof found === 'string' ? undefined : found;
  }
}
