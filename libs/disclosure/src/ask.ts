import { has, only, type Attackers, type Cover, type Rule } from './cover';
import { moveOf, changeAt, type Move } from './moves';
import type { Found, MoveFinder, Wanted } from './finder';
import type { Part } from './parts';

/** A question: moves after which none of some attackers can break a rule at a cell. */
export interface Question {
  readonly cell: number;
  readonly rule: Rule;
  readonly avoid: Attackers;
  /** 1 for each hidden cell. */
  readonly hidden: Uint8Array;
  /** Whether more may be hidden, at its price; otherwise only hidden cells move. */
  readonly mayHide: boolean;
  /** What it may cost; without it, whatever it costs. */
  readonly limit?: number;
  /** How often fractional answers are asked for again. */
  readonly tries?: number;
}

export type Answer = Move[] | Exclude<Found, Move>;

/** How often fractional answers are asked for again, where a move may cost something. */
const TRIES = 3;

/** The cheapest moves that one model has for a question. */
export function ask(cover: Cover, finder: MoveFinder, question: Question): Answer {
  const { cell, rule, avoid, hidden, mayHide, limit = Infinity } = question;
  const tries = question.tries ?? (mayHide ? TRIES : 0);
  if (!finder.holds(cell)) return 'impossible';
  const wanted = { cell, avoid, hidden, mayHide, limit, told: rule.told };
  if (rule.wide) return askWide(cover, finder, wanted, tries);
  let best: Move | undefined;
  let price = Infinity;
  let decided = true;
  for (const direction of [1, -1] as const) {
    const found = finder.find({ ...wanted, direction, amount: 1, limit: Math.min(limit, price - cover.step) }, tries);
    if (found === 'unknown') decided = false;
    else if (found !== 'impossible') {
      const cost = cover.priceOf([found], hidden);
      if (cost < price) [best, price] = [found, cost];
      // Where the same move serves the other way round, the other way has nothing new to offer.
      if (price === 0 || isReversible(cover, found, rule.told)) break;
    }
  }
  return best ? [best] : decided ? 'impossible' : 'unknown';
}

function isReversible(cover: Cover, { cells, change }: Move, told: boolean): boolean {
  const back = moveOf(
    cover.part,
    [...cells],
    [...change].map((each) => -each),
  );
  return back !== undefined && (back.told || !told);
}

/** A way down, a way up, or both, so that what is left is wide enough and reaches the threshold. */
function askWide(
  cover: Cover,
  finder: MoveFinder,
  wanted: Omit<Wanted, 'direction' | 'amount' | 'furthest'>,
  tries: number,
): Answer {
  const { cell, avoid } = wanted;
  const { part } = cover;
  const least = part.least[cell]!;
  const room = -part.down[cell]!;
  let up = Infinity;
  let down = Infinity;
  for (let bit = 0; bit < part.attackers.length; bit++) {
    if (!has(avoid, bit)) continue;
    const reach = cover.reach(cell, bit);
    up = Math.min(up, reach.up);
    down = Math.min(down, reach.down);
  }
  const moves: Move[] = [];
  // The way down inside what is hidden anyway costs nothing and shortens the way up.
  if (down < room) {
    const found = finder.find({ ...wanted, direction: -1, amount: room, furthest: true, mayHide: false }, 0);
    if (typeof found !== 'string') {
      moves.push(found);
      down = Math.max(down, -changeAt(found, cell));
    }
  }
  const reachLeast = Math.max(0, least - part.value[cell]!);
  let decided = true;
  for (let amount = Math.max(reachLeast, least - 1 - down); amount >= reachLeast; amount--) {
    const more: Move[] = [];
    const rest = least - 1 - amount;
    if (rest > Math.max(room, down)) break; // the way down could not make up for less
    if (up < amount) {
      const found = finder.find({ ...wanted, direction: 1, amount }, tries);
      if (found === 'unknown') decided = false;
      if (typeof found === 'string') continue;
      more.push(found);
    }
    if (rest > down) {
      const found = finder.find({ ...wanted, direction: -1, amount: rest }, tries);
      if (found === 'unknown') decided = false;
      if (typeof found === 'string') break;
      more.push(found);
    }
    return [...moves, ...more];
  }
  return decided ? 'impossible' : 'unknown';
}

/** A pair that cannot be saved whatever is hidden, with what the attacker is left with. */
export interface Stuck {
  readonly cell: number;
  /** Attacker bit. */
  readonly bit: number;
  readonly low: number;
  readonly high: number;
}

/** How far a rule asks for a cell to move at most, one way. */
function askedFor({ value, least, down }: Part, cell: number, { wide }: Rule, direction: 1 | -1): number {
  if (!wide) return 1;
  return direction === 1 ? Math.max(least[cell]! - value[cell]!, least[cell]! - 1) : -down[cell]!;
}

/**
 * The pair, where fractions cannot move the cell as far as it has to go, whatever is hidden: then whole numbers cannot either.
 * @param finder  of the whole part
 * @throws OutOfTime
 */
export function boundedAt(cover: Cover, finder: MoveFinder, cell: number, rule: Rule, bit: number): Stuck | undefined {
  const { part, hidden } = cover;
  const value = part.value[cell]!;
  const wanted = { cell, avoid: only(bit, part.words), hidden, mayHide: true, told: rule.told };
  const furthest = (direction: 1 | -1) => {
    const amount = askedFor(part, cell, rule, direction);
    return amount > 0 ? finder.bound({ ...wanted, direction, amount }) : 0;
  };
  const [up, down] = [furthest(1), furthest(-1)];
  const isSafe = rule.wide ? cover.isWide(cell, up, down) : up + down > 0;
  return isSafe ? undefined : { cell, bit, low: value - down, high: value + up };
}

/**
 * One attacker and one cell: whole-number programs decide. What they find is kept, and what it leans on hidden where it may be.
 * @param finder   of the whole part
 * @param mayHide  whether more may be hidden; otherwise it is asked of what is hidden now
 * @param tries    linear programs before, where any move will do; 0: none
 * @returns the pair where it is lost; `unknown` where the programs do not come to an end
 * @throws OutOfTime
 */
export function wholly(
  cover: Cover,
  finder: MoveFinder,
  cell: number,
  rule: Rule,
  bit: number,
  mayHide: boolean,
  tries: number,
): Stuck | 'saved' | 'unknown' {
  const { part, hidden } = cover;
  const question = { cell, avoid: only(bit, part.words), hidden, told: rule.told, furthest: rule.wide, mayHide };
  const ends = { up: 0, down: 0 };
  for (const direction of [1, -1] as const) {
    const amount = askedFor(part, cell, rule, direction);
    if (amount <= 0) continue;
    const wanted = { ...question, direction, amount };
    let found: Found = rule.wide || tries === 0 ? 'unknown' : finder.find(wanted, tries);
    if (found === 'unknown') found = finder.findWhole(wanted);
    if (found === 'unknown') return 'unknown';
    if (found === 'impossible') continue;
    cover.keep(found);
    if (!rule.wide) return 'saved';
    ends[direction === 1 ? 'up' : 'down'] = direction * changeAt(found, cell);
  }
  if (rule.wide && cover.isWide(cell, ends.up, ends.down)) return 'saved';
  const value = part.value[cell]!;
  return { cell, bit, low: value - ends.down, high: value + ends.up };
}
