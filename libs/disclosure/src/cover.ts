import { changeAt, type Move } from './moves';
import type { Part } from './parts';

/** A rule that every pair of attacker and sensitive cell has to meet. */
export interface Rule {
  /** Against an attacker who was told which hidden counts are small. */
  readonly told: boolean;
  /** The interval has to be wide, not only two values. */
  readonly wide: boolean;
}

/** A set of attackers: a bit for each. */
export type Attackers = Uint32Array;

export function isEmpty(set: Attackers): boolean {
  for (let w = 0; w < set.length; w++) if (set[w] !== 0) return false;
  return true;
}
export function without(set: Attackers, less: Attackers): Attackers {
  const left = set.slice();
  for (let w = 0; w < left.length; w++) left[w]! &= ~less[w]!;
  return left;
}
export function common(a: Attackers, b: Attackers): Attackers {
  const both = a.slice();
  for (let w = 0; w < both.length; w++) both[w]! &= b[w]!;
  return both;
}
export const has = (set: Attackers, bit: number): boolean => (set[bit >> 5]! & (1 << (bit & 31))) !== 0;
export function equal(a: Attackers, b: Attackers): boolean {
  for (let w = 0; w < a.length; w++) if (a[w] !== b[w]) return false;
  return true;
}

/** The lowest bit of a set that is not empty. */
export function lowestBit(set: Attackers): number {
  const w = set.findIndex((word) => word !== 0);
  return w * 32 + (31 - Math.clz32(set[w]! & -set[w]!));
}

/** Every bit of a set, ascending. */
export function bitsOf(set: Attackers): number[] {
  const bits: number[] = [];
  set.forEach((word, w) => {
    for (let left = word; left !== 0; left &= left - 1) bits.push(w * 32 + (31 - Math.clz32(left & -left)));
  });
  return bits;
}

/** The set of one attacker, out of a set of that many words. */
export function only(bit: number, words: number): Attackers {
  const one = new Uint32Array(words);
  one[bit >> 5] = 1 << (bit & 31);
  return one;
}

/** What a table in a certificate weighs beside its cells, in cells. */
const TABLE = 8;

/** Differences between costs up to here come from the arithmetic; steps below the other are no use. */
const TINY = 1e-6;
const LEAST_STEP = 0.01;

/** The largest number of which all costs are multiples; 0 where there is none worth the name. */
function stepOf(costs: Iterable<number>): number {
  const common = (a: number, b: number): number => (b < TINY ? a : common(b, Math.abs(a - Math.round(a / b) * b)));
  const step = [...new Set(costs)].reduce(common, 0);
  return step < LEAST_STEP ? 0 : step;
}

/** A place to go back to. */
interface Mark {
  readonly moves: number;
  readonly log: number;
}

/** A whole state of a cover. */
export interface Kept {
  readonly hidden: Uint8Array;
  readonly moves: readonly Move[];
  readonly cost: number;
  /** How many cells are hidden beyond what has to be. */
  readonly size: number;
}

/**
 * What is hidden in a part, and the moves that show it to be safe. Every change can be taken back to a mark.
 */
export class Cover {
  readonly hidden: Uint8Array;
  readonly moves: Move[] = [];
  /** How many printed cells each move touches: with none it is at hand. */
  private readonly printed: number[] = [];
  /** For each cell the moves that touch it, also those that are not at hand. */
  private readonly touching: number[][];
  /** How each of these changes the cell. */
  private readonly changing: number[][];
  /** For each rule and cell what `open` has found, as long as it holds. */
  private readonly known: (Attackers | undefined)[][];
  /** How often something was printed, and at which time a cell last leaned on it. */
  private round = 0;
  private readonly shakenIn: Float64Array;
  /** The cells that were hidden or printed. */
  private readonly log: number[] = [];
  private readonly everyone: Attackers;
  /** What is hidden beyond what has to be. */
  cost = 0;
  /** Goes up whenever a cell is hidden or printed. */
  flips = 0;
  /** What is cheaper is cheaper by as much at least. */
  readonly step: number;

  constructor(
    readonly part: Part,
    readonly rules: readonly Rule[],
  ) {
    this.hidden = part.hidden.slice();
    this.step = stepOf(part.cost);
    this.shakenIn = new Float64Array(part.ids.length);
    this.touching = part.ids.map(() => []);
    this.changing = part.ids.map(() => []);
    this.known = rules.map(() => part.ids.map(() => undefined));
    this.everyone = new Uint32Array(part.words);
    for (let bit = 0; bit < part.attackers.length; bit++) this.everyone[bit >> 5]! |= 1 << (bit & 31);
  }

  /** The attackers who do not know a cell themselves. */
  strangers(cell: number): Attackers {
    const { knows, words } = this.part;
    const strangers = this.everyone.slice();
    for (let w = 0; w < words; w++) strangers[w]! &= ~knows[cell * words + w]!;
    return strangers;
  }

  /** The moves at hand that touch a cell. */
  movesAt(cell: number): readonly number[] {
    return this.touching[cell]!.filter((id) => this.isAtHand(id));
  }

  /** The attackers for whom a rule is not yet met at a cell. Kept until a move that touches the cell comes or goes: not to be changed. */
  open(cell: number, rule: Rule): Attackers {
    const known = this.known[this.rules.indexOf(rule)]!;
    return (known[cell] ??= rule.wide ? this.openWide(cell) : this.openExact(cell, rule));
  }

  private openExact(cell: number, rule: Rule): Attackers {
    const left = this.strangers(cell);
    for (const id of this.touching[cell]!) {
      if (!this.isAtHand(id)) continue;
      const { touch, told } = this.moves[id]!;
      if (rule.told && !told) continue;
      for (let w = 0; w < left.length; w++) left[w]! &= touch[w]!;
    }
    return left;
  }

  private openWide(cell: number): Attackers {
    const left = this.strangers(cell);
    const touching = this.touching[cell]!;
    const changing = this.changing[cell]!;
    for (let bit = 0; bit < this.part.attackers.length; bit++) {
      if (!has(left, bit)) continue;
      let up = 0;
      let down = 0;
      for (let k = 0; k < touching.length; k++) {
        const change = changing[k]!;
        if ((change <= up && -change <= down) || !this.serves(touching[k]!, bit)) continue;
        if (change > up) up = change;
        else down = -change;
        if (!this.isWide(cell, up, down)) continue;
        left[bit >> 5]! &= ~(1 << (bit & 31));
        break;
      }
    }
    return left;
  }

  private isAtHand(id: number): boolean {
    return this.printed[id] === 0;
  }

  /** Whether a move is at hand and moves nothing that one attacker knows. */
  private serves(id: number, bit: number): boolean {
    return this.isAtHand(id) && !has(this.moves[id]!.touch, bit);
  }

  /** How far up and down the moves at hand take a cell before the eyes of one attacker; both 0 or more. */
  reach(cell: number, bit: number): { up: number; down: number } {
    const touching = this.touching[cell]!;
    const changing = this.changing[cell]!;
    let up = 0;
    let down = 0;
    for (let k = 0; k < touching.length; k++) {
      const change = changing[k]!;
      if ((change <= up && -change <= down) || !this.serves(touching[k]!, bit)) continue;
      if (change > up) up = change;
      else down = -change;
    }
    return { up, down };
  }

  /** The rule `range`: at least threshold−1 wide, and reaching the threshold. */
  isWide(cell: number, up: number, down: number): boolean {
    const least = this.part.least[cell]!;
    return up + down >= least - 1 && this.part.value[cell]! + up >= least;
  }

  /** Sensitive cells, small counts first: they have the least room, and what they take serves the larger ones. */
  sensitiveCells(): number[] {
    const { sensitive, value } = this.part;
    return [...sensitive.keys()].filter((i) => sensitive[i]).sort((a, b) => value[a]! - value[b]! || a - b);
  }

  /** Whether a cell is hidden for others' sake. */
  isComplementary(cell: number): boolean {
    return this.hidden[cell] === 1 && this.part.hidden[cell] === 0;
  }

  /** Complementary cells, dearest first; of equals the larger id first, so that the smaller stays hidden. */
  complementary(): number[] {
    const { cost } = this.part;
    return [...this.hidden.keys()].filter((i) => this.isComplementary(i)).sort((a, b) => cost[b]! - cost[a]! || b - a);
  }

  /** What moves would hide that is printed now, beside cells that are taken already. */
  priceOf(moves: readonly Move[], hidden: Uint8Array = this.hidden): number {
    const seen = new Set<number>();
    let sum = 0;
    for (const { cells } of moves) {
      for (const cell of cells) {
        if (hidden[cell] || seen.has(cell)) continue;
        seen.add(cell);
        sum += this.part.cost[cell]!;
      }
    }
    return sum;
  }

  hide(cell: number): void {
    if (!this.hidden[cell]) this.flip(cell);
  }

  /** Keeps a move, and hides what it touches. */
  keep(move: Move): void {
    const id = this.moves.push(move) - 1;
    for (const cell of move.cells) this.hide(cell);
    this.printed[id] = 0;
    this.touch(move, id);
  }

  private touch({ cells, change }: Move, id: number): void {
    for (let k = 0; k < cells.length; k++) {
      this.touching[cells[k]!]!.push(id);
      this.changing[cells[k]!]!.push(change[k]!);
    }
    this.forget(cells);
  }

  private forget(cells: Int32Array): void {
    for (const known of this.known) for (let k = 0; k < cells.length; k++) known[cells[k]!] = undefined;
  }

  /**
   * Prints a cell; the moves through it are no longer at hand, until it is hidden again.
   * @returns the sensitive cells that leaned on them, ascending
   */
  print(cell: number): number[] {
    if (!this.hidden[cell]) return [];
    const { sensitive } = this.part;
    const shaken: number[] = [];
    this.round++;
    for (const id of this.touching[cell]!) {
      if (!this.isAtHand(id)) continue;
      for (const each of this.moves[id]!.cells) {
        if (!sensitive[each] || this.shakenIn[each] === this.round) continue;
        this.shakenIn[each] = this.round;
        shaken.push(each);
      }
    }
    this.flip(cell);
    return shaken.sort((a, b) => a - b);
  }

  private flip(cell: number): void {
    this.log.push(cell);
    this.turn(cell);
  }

  private turn(cell: number): void {
    const step = this.hidden[cell] ? 1 : -1;
    this.hidden[cell] = 1 - this.hidden[cell]!;
    this.flips++;
    this.cost -= step * this.part.cost[cell]!;
    for (const id of this.touching[cell]!) {
      const was = this.printed[id]!;
      this.printed[id] = was + step;
      if (was === 0 || was + step === 0) this.forget(this.moves[id]!.cells);
    }
  }

  mark(): Mark {
    return { moves: this.moves.length, log: this.log.length };
  }

  back({ moves, log }: Mark): void {
    while (this.log.length > log) this.turn(this.log.pop()!);
    while (this.moves.length > moves) {
      const { cells } = this.moves.pop()!;
      for (const cell of cells) {
        this.touching[cell]!.pop();
        this.changing[cell]!.pop();
      }
      this.forget(cells);
      this.printed.pop();
    }
  }

  /** What is hidden now and the moves that show it to be safe, to come back to whatever happens. */
  save(): Kept {
    return {
      hidden: this.hidden.slice(),
      moves: this.moves.filter((_, id) => this.isAtHand(id)),
      cost: this.cost,
      size: this.complementary().length,
    };
  }

  /** Goes back to what was saved; no mark may be held. */
  load({ hidden, moves, cost }: Kept): void {
    this.hidden.set(hidden);
    this.flips++;
    this.cost = cost;
    this.log.length = 0;
    this.become(moves);
  }

  /** Prints again whatever may be printed, and forgets all moves; no mark may be held. */
  clear(): void {
    this.load({ hidden: this.part.hidden, moves: [], cost: 0, size: 0 });
  }

  private become(moves: readonly Move[]): void {
    this.moves.splice(0, this.moves.length, ...moves);
    this.printed.splice(0, this.printed.length, ...moves.map(() => 0));
    for (const list of this.touching) list.length = 0;
    for (const list of this.changing) list.length = 0;
    for (const known of this.known) known.fill(undefined);
    moves.forEach((move, id) => this.touch(move, id));
  }

  /** Drops the moves that are not at hand once they are many; no mark may be held. */
  compact(): void {
    this.log.length = 0;
    const kept = this.moves.filter((_, id) => this.isAtHand(id));
    if (kept.length > this.moves.length / 2) return;
    this.become(kept);
  }

  /**
   * For each sensitive cell and each attacker who does not know it, the moves that serve as its low and high table;
   * undefined stands for the true table. Moves that serve many cells for their length are preferred, and those that serve
   * the attacker already.
   */
  *proofs(): Generator<{ cell: number; bit: number; rule: Rule; low: Move | undefined; high: Move | undefined }> {
    const cells = this.sensitiveCells();
    for (const rule of this.rules) {
      const rank = this.ranks(cells, rule);
      const inOrder = cells.map((cell) =>
        this.touching[cell]!.filter((id) => rank[id]! >= 0).sort((a, b) => rank[a]! - rank[b]!),
      );
      for (let bit = 0; bit < this.part.attackers.length; bit++) {
        for (let k = 0; k < cells.length; k++) {
          const cell = cells[k]!;
          if (!has(this.strangers(cell), bit)) continue;
          yield { cell, bit, rule, ...this.ends(cell, rule, bit, inOrder[k]!) };
        }
      }
    }
  }

  /** The first of some moves that meet a rule at a cell before one attacker. */
  private ends(
    cell: number,
    rule: Rule,
    bit: number,
    ids: readonly number[],
  ): { low: Move | undefined; high: Move | undefined } {
    let low: Move | undefined;
    let high: Move | undefined;
    let [up, down] = [0, 0];
    for (const id of ids) {
      if (!this.serves(id, bit)) continue;
      const move = this.moves[id]!;
      const change = changeAt(move, cell);
      if (change > up) [high, up] = [move, change];
      else if (-change > down) [low, down] = [move, -change];
      if (rule.wide ? this.isWide(cell, up, down) : up + down > 0) break;
    }
    return { low, high };
  }

  /**
   * The order in which moves are to serve: again and again the one that touches the most cells not touched yet, for its
   * length. -1 for those that do not serve.
   */
  private ranks(cells: readonly number[], rule: Rule): Int32Array {
    const rank = new Int32Array(this.moves.length).fill(-1);
    const left = new Uint8Array(this.hidden.length);
    for (const cell of cells) left[cell] = 1;
    const gain = (id: number) => {
      const { cells: members } = this.moves[id]!;
      let sum = 0;
      for (let k = 0; k < members.length; k++) sum += left[members[k]!]!;
      return sum / (TABLE + members.length);
    };
    const serving = [...this.moves.keys()].filter((id) => this.isAtHand(id) && (!rule.told || this.moves[id]!.told));
    // Gains only fall: the best of the moment is the first whose gain is still no less than what the next had.
    const queue = serving.map((id) => ({ id, gain: gain(id) })).sort((a, b) => b.gain - a.gain || a.id - b.id);
    let next = 0;
    for (let at = 0; at < queue.length; at++) {
      const first = queue[at]!;
      first.gain = gain(first.id);
      if (at + 1 < queue.length && first.gain < queue[at + 1]!.gain) {
        // Once more, where its place is now.
        let low = at + 1;
        let high = queue.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (queue[middle]!.gain > first.gain) low = middle + 1;
          else high = middle;
        }
        queue.splice(low, 0, first);
        continue;
      }
      rank[first.id] = next++;
      for (const cell of this.moves[first.id]!.cells) left[cell] = 0;
    }
    return rank;
  }
}
