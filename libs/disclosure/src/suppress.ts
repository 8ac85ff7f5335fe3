import type { Highs } from 'highs';
import { MoveFinder, changeAt, overlaps, seeded, type Found, type Move, type Wanted } from './moves';
import type { Part } from './parts';

/** A rule that every pair of attacker and sensitive cell has to meet. */
export interface Rule {
  /** Against an attacker who was told which hidden counts are small. */
  readonly told: boolean;
  /** The interval has to be wide, not only two values. */
  readonly wide: boolean;
}

/** A pair that cannot be saved whatever is hidden, with what the attacker is left with. */
export interface Stuck {
  readonly cell: number;
  /** Attacker bit. */
  readonly bit: number;
  readonly low: number;
  readonly high: number;
}

/** Time ran out before the part was safe. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** Up to this many cells a model is asked as it is; a larger one only where the cells near the question have no answer. */
const WHOLE = 2000;
/** How many cells near a question make a model of their own. */
const NEAR = 500;

const isEmpty = (set: Uint32Array): boolean => set.every((word) => word === 0);
const without = (set: Uint32Array, less: Uint32Array): Uint32Array => set.map((word, w) => word & ~less[w]!);

function lowestBit(set: Uint32Array): number {
  const w = set.findIndex((word) => word !== 0);
  return w * 32 + (31 - Math.clz32(set[w]! & -set[w]!));
}

/**
 * Decides for one part what is hidden beside the sensitive cells, and keeps a move as proof for every pair.
 * Order of work: `makeSafe`, then `tidy`, then `search`; after each the part is safe (or `makeSafe` has said which pairs
 * cannot be). Must be disposed.
 */
export class PartProtector {
  readonly hidden: Uint8Array;
  readonly moves: Move[] = [];
  private alive: boolean[] = [];
  private touching: number[][];
  private readonly all: Uint32Array;
  /** Linear programs of models that are gone. */
  private spent = 0;
  private readonly finders = new Map<string, MoveFinder>();
  /** Set when a pair could be neither saved nor proved lost. */
  undecided = false;

  constructor(
    private readonly solver: Highs,
    readonly part: Part,
    readonly rules: readonly Rule[],
    /** When to stop, in milliseconds of performance.now(). */
    private readonly deadline: number,
  ) {
    this.hidden = part.hidden.slice();
    this.touching = part.ids.map(() => []);
    this.all = new Uint32Array(part.words);
    for (let bit = 0; bit < part.attackers.length; bit++) this.all[bit >> 5]! |= 1 << (bit & 31);
  }

  dispose(): void {
    for (const finder of this.finders.values()) finder.dispose();
    this.finders.clear();
  }

  /** Linear programs solved so far. */
  get effort(): number {
    let sum = this.spent;
    for (const finder of this.finders.values()) sum += finder.solved;
    return sum;
  }

  /** Cost of what is hidden beyond what has to be. */
  get cost(): number {
    let sum = 0;
    for (let i = 0; i < this.hidden.length; i++) if (this.hidden[i] && !this.part.hidden[i]) sum += this.part.cost[i]!;
    return sum;
  }

  private isLate(): boolean {
    return performance.now() > this.deadline;
  }

  /** The attackers who do not know a cell themselves. */
  private strangers(cell: number): Uint32Array {
    const { knows, words } = this.part;
    return this.all.map((word, w) => word & ~knows[cell * words + w]!);
  }

  /** The attackers for whom a rule is not yet met at a cell. */
  private open(cell: number, rule: Rule): Uint32Array {
    const left = this.strangers(cell);
    if (!rule.wide) {
      for (const id of this.touching[cell]!) {
        const move = this.moves[id]!;
        if (!this.alive[id] || (rule.told && !move.told)) continue;
        for (let w = 0; w < left.length; w++) left[w]! &= move.touch[w]!;
      }
      return left;
    }
    for (let bit = 0; bit < this.part.attackers.length; bit++) {
      const mask = 1 << (bit & 31);
      if (!(left[bit >> 5]! & mask)) continue;
      const { up, down } = this.reach(cell, bit);
      if (this.isWide(cell, up, down)) left[bit >> 5]! &= ~mask;
    }
    return left;
  }

  /** How far up and down the moves at hand take a cell before the eyes of one attacker; both 0 or more. */
  private reach(cell: number, bit: number): { up: number; down: number } {
    let up = 0;
    let down = 0;
    const mask = 1 << (bit & 31);
    for (const id of this.touching[cell]!) {
      const move = this.moves[id]!;
      if (!this.alive[id] || move.touch[bit >> 5]! & mask) continue;
      const change = changeAt(move, cell);
      if (change > up) up = change;
      else if (-change > down) down = -change;
    }
    return { up, down };
  }

  /** The rule `range`: at least threshold−1 wide, and reaching the threshold. */
  private isWide(cell: number, up: number, down: number): boolean {
    const least = this.part.least[cell]!;
    return up + down >= least - 1 && this.part.value[cell]! + up >= least;
  }

  /** The smallest kept model in which a move avoiding these attackers can lie. */
  private finderFor(cell: number, avoid: Uint32Array): MoveFinder {
    const { part } = this;
    const own = part.knows.subarray(cell * part.words, (cell + 1) * part.words);
    const others = this.strangers(cell);
    // Everybody else is to be convinced: then only cells known to nobody, or to those who know this one, may move.
    const isBlock = others.every((word, w) => (word & ~avoid[w]! & (w === 0 ? ~1 : ~0)) === 0);
    if (!isBlock || part.ids.length < 60) return this.finder('all', () => true);
    return this.finder(own.join(','), (i) => {
      for (let w = 0; w < part.words; w++) if (part.knows[i * part.words + w]! & ~own[w]!) return false;
      return true;
    });
  }

  private finder(key: string, belongs: (cell: number) => boolean): MoveFinder {
    let finder = this.finders.get(key);
    if (!finder) {
      const cells = Int32Array.from(this.part.ids.keys()).filter(belongs);
      finder = new MoveFinder(this.solver, this.part, cells);
      this.finders.set(key, finder);
    }
    return finder;
  }

  /** What a set of moves would hide that is printed now. */
  private priceOf(moves: readonly Move[], hidden: Uint8Array): number {
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

  /** Moves after which none of `avoid` can break the rule at the cell, within the given hidden cells or at a price. */
  private attempt(
    cell: number,
    avoid: Uint32Array,
    rule: Rule,
    hidden: Uint8Array,
    mayHide: boolean,
  ): Move[] | Exclude<Found, Move> {
    if (this.isLate()) throw new OutOfTime();
    const kept = this.finderFor(cell, avoid);
    if (kept.cells.length <= WHOLE) return this.attemptWith(kept, cell, avoid, rule, hidden, mayHide);
    const { finder, isAll } = this.near(cell, avoid, hidden, mayHide);
    try {
      const found = this.attemptWith(finder, cell, avoid, rule, hidden, mayHide);
      if (typeof found !== 'string' || isAll) return found;
    } finally {
      this.spent += finder.solved;
      finder.dispose();
    }
    return this.attemptWith(kept, cell, avoid, rule, hidden, mayHide);
  }

  /**
   * A model, made for one question, of the cells that may move nearest to a cell, by equations that they share.
   * @returns it (to be disposed), and whether it holds all cells that could matter
   */
  private near(
    cell: number,
    avoid: Uint32Array,
    hidden: Uint8Array,
    mayHide: boolean,
  ): { finder: MoveFinder; isAll: boolean } {
    const { part } = this;
    const seen = new Set<number>([cell]);
    const rows = new Set<number>();
    let isAll = true;
    for (const at of seen) {
      if (seen.size > NEAR) {
        isAll = false;
        break;
      }
      for (let e = part.cellStart[at]!; e < part.cellStart[at + 1]!; e++) {
        const row = part.cellRow[e]!;
        if (rows.has(row)) continue;
        rows.add(row);
        for (let k = part.rowStart[row]!; k < part.rowStart[row + 1]!; k++) {
          const other = part.rowCell[k]!;
          if ((mayHide || hidden[other]) && !overlaps(part.knows, other * part.words, avoid)) seen.add(other);
        }
      }
    }
    return { finder: new MoveFinder(this.solver, part, Int32Array.from(seen).sort()), isAll };
  }

  private attemptWith(
    finder: MoveFinder,
    cell: number,
    avoid: Uint32Array,
    rule: Rule,
    hidden: Uint8Array,
    mayHide: boolean,
  ): Move[] | Exclude<Found, Move> {
    const base = { cell, avoid, hidden, told: rule.told };
    if (rule.wide) return this.attemptWide(finder, base, mayHide);
    let best: Move | undefined;
    let price = Infinity;
    let decided = true;
    for (const direction of [1, -1] as const) {
      const found = finder.find({ ...base, direction, amount: 1, mayHide }, mayHide ? 3 : 0);
      if (found === 'unknown') decided = false;
      else if (found !== 'impossible') {
        const cost = this.priceOf([found], hidden);
        if (cost < price) [best, price] = [found, cost];
        if (price === 0) break;
      }
    }
    return best ? [best] : decided ? 'impossible' : 'unknown';
  }

  private attemptWide(
    finder: MoveFinder,
    base: Pick<Wanted, 'cell' | 'avoid' | 'hidden' | 'told'>,
    mayHide: boolean,
  ): Move[] | Exclude<Found, Move> {
    const { cell } = base;
    const least = this.part.least[cell]!;
    const value = this.part.value[cell]!;
    const room = -this.part.down[cell]!;
    let up = Infinity;
    let down = Infinity;
    for (let bit = 0; bit < this.part.attackers.length; bit++) {
      if (!(base.avoid[bit >> 5]! & (1 << (bit & 31)))) continue;
      const reach = this.reach(cell, bit);
      up = Math.min(up, reach.up);
      down = Math.min(down, reach.down);
    }
    const moves: Move[] = [];
    // The way down inside what is hidden anyway costs nothing and shortens the way up.
    if (down < room) {
      const found = finder.find({ ...base, direction: -1, amount: room, furthest: true, mayHide: false }, 0);
      if (typeof found !== 'string') {
        moves.push(found);
        down = Math.max(down, -changeAt(found, cell));
      }
    }
    const reachLeast = Math.max(0, least - value);
    let decided = true;
    for (let wanted = Math.max(reachLeast, least - 1 - down); wanted >= reachLeast; wanted--) {
      const more: Move[] = [];
      if (up < wanted) {
        const found = finder.find({ ...base, direction: 1, amount: wanted, mayHide }, mayHide ? 3 : 0);
        if (typeof found === 'string') {
          if (found === 'unknown') decided = false;
          if (least - 1 - wanted >= room) break; // the way down could not make up for less
          continue;
        }
        more.push(found);
      }
      const rest = least - 1 - wanted;
      if (rest > down) {
        if (rest > room) break;
        const found = finder.find({ ...base, direction: -1, amount: rest, mayHide }, mayHide ? 3 : 0);
        if (typeof found === 'string') {
          if (found === 'unknown') decided = false;
          break;
        }
        more.push(found);
      }
      return [...moves, ...more];
    }
    return decided ? 'impossible' : 'unknown';
  }

  private keep(move: Move, hide: boolean): void {
    const id = this.moves.length;
    this.moves.push(move);
    this.alive.push(true);
    for (const cell of move.cells) {
      this.touching[cell]!.push(id);
      if (hide) this.hidden[cell] = 1;
    }
  }

  /**
   * The cheaper of two ways to convince all open attackers: one move for all, or the cheapest move for the first of
   * them and then one for those who know a cell of it, with its cells already hidden.
   */
  private plan(cell: number, rule: Rule, open: Uint32Array, depth = 0): Move[] | undefined {
    const together = this.attempt(cell, open, rule, this.hidden, true);
    const price = typeof together === 'string' ? Infinity : this.priceOf(together, this.hidden);
    if (price === 0) return together as Move[];
    const first = new Uint32Array(open.length);
    const bit = lowestBit(open);
    first[bit >> 5] = 1 << (bit & 31);
    const opening = this.attempt(cell, first, rule, this.hidden, true);
    if (typeof opening === 'string') return typeof together === 'string' ? undefined : together;
    let steps = opening;
    const trial = this.hidden.slice();
    for (let round = 0; round < 3 + depth; round++) {
      let left: Uint32Array = open.map((word, w) => steps.reduce((still, move) => still & move.touch[w]!, word));
      if (rule.wide) left = open.map((word, w) => word & steps.reduce((some, move) => some | move.touch[w]!, 0));
      if (isEmpty(left)) break;
      if (round > 0) left = lowest(left);
      for (const move of steps) for (const each of move.cells) trial[each] = 1;
      const next = this.attempt(cell, left, rule, trial, true);
      if (typeof next === 'string') break;
      steps = [...steps, ...next];
    }
    return this.priceOf(steps, this.hidden) < price || typeof together === 'string' ? steps : together;
  }

  /**
   * Hides until every pair meets every rule.
   * @returns the pairs that cannot be saved whatever is hidden
   * @throws OutOfTime
   */
  makeSafe(cells: readonly number[] = this.sensitiveCells()): Stuck[] {
    const stuck: Stuck[] = [];
    for (const cell of cells) {
      for (const rule of this.rules) {
        const given = new Uint32Array(this.part.words);
        for (let round = 0; ; round++) {
          const open = without(this.open(cell, rule), given);
          if (isEmpty(open)) break;
          const before = open.join();
          const plan = round < 40 ? this.plan(cell, rule, open) : undefined;
          plan?.forEach((move) => this.keep(move, true));
          if (without(this.open(cell, rule), given).join() !== before) continue;
          const bit = lowestBit(open);
          const lost = this.lastResort(cell, rule, bit);
          if (lost) stuck.push(lost);
          given[bit >> 5]! |= 1 << (bit & 31);
        }
      }
    }
    return stuck;
  }

  /** Small counts first: they have the least room, and what they take serves the larger ones. */
  private sensitiveCells(): number[] {
    const { sensitive, value } = this.part;
    return [...sensitive.keys()].filter((i) => sensitive[i]).sort((a, b) => value[a]! - value[b]! || a - b);
  }

  /**
   * One attacker and one cell, with everything hidden that may be: whole-number programs decide. What they find is
   * kept and hidden.
   * @returns the pair, where it is proved lost
   */
  private lastResort(cell: number, rule: Rule, bit: number): Stuck | undefined {
    const avoid = new Uint32Array(this.part.words);
    avoid[bit >> 5] = 1 << (bit & 31);
    const finder = this.finder('all', () => true);
    const value = this.part.value[cell]!;
    const least = this.part.least[cell]!;
    const ends = [0, 0];
    for (const direction of [1, -1] as const) {
      const amount = rule.wide ? (direction === 1 ? Math.max(least - value, least - 1) : -this.part.down[cell]!) : 1;
      if (amount <= 0) continue;
      const wanted = {
        cell,
        avoid,
        hidden: this.hidden,
        told: rule.told,
        direction,
        amount,
        mayHide: true,
        furthest: rule.wide,
      };
      const seconds = (this.deadline - performance.now()) / 1000;
      if (seconds <= 0) throw new OutOfTime();
      let found = rule.wide ? 'unknown' : finder.find(wanted, 6);
      if (found === 'unknown') found = finder.findWhole(wanted, Math.min(20, seconds));
      if (found === 'unknown') {
        this.undecided = true;
        return undefined;
      }
      if (found === 'impossible') continue;
      this.keep(found, true);
      ends[direction === 1 ? 1 : 0] = changeAt(found, cell);
      if (!rule.wide) return undefined;
    }
    const low = Math.min(0, ends[0]!);
    const high = Math.max(0, ends[1]!);
    if (rule.wide && this.isWide(cell, high, -low)) return undefined;
    return { cell, bit, low: value + low, high: value + high };
  }

  /** Complementary cells, dearest first; of equals the larger id first, so that the smaller stays hidden. */
  private complementary(): number[] {
    const { cost } = this.part;
    return [...this.hidden.keys()]
      .filter((i) => this.hidden[i] && !this.part.hidden[i])
      .sort((a, b) => cost[b]! - cost[a]! || b - a);
  }

  /**
   * Prints again what need not be hidden: each complementary cell in turn, if all pairs that leaned on it find other
   * moves among the hidden cells.
   * @returns whether every candidate was looked at before time ran out
   */
  tidy(candidates: readonly number[] = this.complementary()): boolean {
    try {
      for (const cell of candidates) if (this.hidden[cell] && !this.part.hidden[cell]) this.tryPrinting(cell);
      return true;
    } catch (error) {
      if (error instanceof OutOfTime) return false;
      throw error;
    }
  }

  private tryPrinting(cell: number): boolean {
    if (this.isLate()) throw new OutOfTime();
    const { sensitive } = this.part;
    const gone = this.touching[cell]!.filter((id) => this.alive[id]);
    const shaken = new Set<number>();
    for (const id of gone) {
      this.alive[id] = false;
      for (const each of this.moves[id]!.cells) if (sensitive[each]) shaken.add(each);
    }
    this.hidden[cell] = 0;
    let done = false;
    try {
      done = this.repair([...shaken].sort((a, b) => a - b));
    } finally {
      if (!done) {
        this.hidden[cell] = 1;
        for (const id of gone) this.alive[id] = true;
      }
    }
    if (done) this.touching[cell] = [];
    return done;
  }

  /** Finds new moves among the hidden cells for these sensitive cells; stops at the first that has none. */
  private repair(cells: readonly number[]): boolean {
    // First the cheap look, for all of them: an equation with one unknown left ends the matter.
    const openings: { cell: number; rule: Rule }[] = [];
    for (const cell of cells) {
      for (const rule of this.rules) {
        const open = this.open(cell, rule);
        if (isEmpty(open)) continue;
        openings.push({ cell, rule });
        for (let bit = 0; bit < this.part.attackers.length; bit++) {
          if (open[bit >> 5]! & (1 << (bit & 31)) && this.isPeeled(cell, bit)) return false;
        }
      }
    }
    for (const { cell, rule } of openings) {
      for (;;) {
        const open = this.open(cell, rule);
        if (isEmpty(open)) break;
        let found = this.attempt(cell, open, rule, this.hidden, false);
        const only = lowest(open);
        if (typeof found === 'string' && only.join() !== open.join())
          found = this.attempt(cell, only, rule, this.hidden, false);
        if (typeof found === 'string') return false;
        for (const move of found) this.keep(move, false);
        if (this.open(cell, rule).join() === open.join()) return false;
      }
    }
    return true;
  }

  /**
   * Whether one attacker gets at a cell by equations with one unknown alone: cells that are alone in an equation go,
   * until nothing changes.
   */
  private isPeeled(cell: number, bit: number): boolean {
    const { part, hidden } = this;
    const { rowStart, rowCell, rowLo, rowHi, cellStart, cellRow, knows, words } = part;
    const mask = 1 << (bit & 31);
    const isUnknown = (i: number) => hidden[i] === 1 && !(knows[i * words + (bit >> 5)]! & mask);
    const unknowns = new Map<number, number>();
    const peeled = new Set<number>();
    const rowsOf = (i: number) => cellRow.subarray(cellStart[i]!, cellStart[i + 1]!);
    const seen = new Set<number>([cell]);
    const queue: number[] = [];
    const list = [cell];
    for (let at = 0; at < list.length; at++) {
      for (const row of rowsOf(list[at]!)) {
        if (unknowns.has(row) || rowLo[row] !== 0 || rowHi[row] !== 0) continue;
        let count = 0;
        for (let e = rowStart[row]!; e < rowStart[row + 1]!; e++) {
          const each = rowCell[e]!;
          if (!isUnknown(each)) continue;
          count++;
          if (!seen.has(each)) {
            seen.add(each);
            list.push(each);
          }
        }
        unknowns.set(row, count);
        if (count === 1) queue.push(row);
      }
    }
    for (let row = queue.pop(); row !== undefined; row = queue.pop()) {
      if (unknowns.get(row) !== 1) continue;
      for (let e = rowStart[row]!; e < rowStart[row + 1]!; e++) {
        const each = rowCell[e]!;
        if (!isUnknown(each) || peeled.has(each)) continue;
        if (each === cell) return true;
        peeled.add(each);
        for (const other of rowsOf(each)) {
          const count = unknowns.get(other);
          if (count === undefined) continue;
          unknowns.set(other, count - 1);
          if (count === 2) queue.push(other);
        }
      }
    }
    return false;
  }

  /**
   * Looks for a cheaper answer: takes a few neighbouring complementary cells away, repairs in random order, tidies what
   * the repair took, and keeps what is no dearer. Deterministic up to time.
   * @param patience  rounds without a gain after which it stops
   * @param limit     linear programs that may be spent
   */
  search(patience: number, limit: number, seed = 1): void {
    const random = seeded(seed);
    const start = this.effort;
    let best = this.cost;
    for (let idle = 0; idle < patience && this.effort - start < limit && !this.isLate(); idle++) {
      const pool = this.complementary();
      if (pool.length === 0) return;
      const before = {
        hidden: this.hidden.slice(),
        alive: this.alive.slice(),
        touching: this.touching.map((ids) => ids.slice()),
        count: this.moves.length,
      };
      const taken = this.neighbours(pool[Math.floor(random() * pool.length)]!, 1 + Math.floor(random() * 8), random);
      let kept = false;
      try {
        kept = this.redo(taken, random, best);
      } catch (error) {
        if (!(error instanceof OutOfTime)) throw error;
      }
      if (kept) {
        if (this.cost < best - 1e-9) idle = -1;
        best = this.cost;
        this.compact();
      } else {
        this.hidden.set(before.hidden);
        this.alive = before.alive;
        this.touching = before.touching;
        this.moves.length = before.count;
      }
    }
  }

  private redo(taken: ReadonlySet<number>, random: () => number, best: number): boolean {
    const { sensitive } = this.part;
    const shaken = new Set<number>();
    for (const cell of taken) {
      this.hidden[cell] = 0;
      for (const id of this.touching[cell]!) {
        if (!this.alive[id]) continue;
        this.alive[id] = false;
        for (const each of this.moves[id]!.cells) if (sensitive[each]) shaken.add(each);
      }
      this.touching[cell] = [];
    }
    const order = [...shaken].map((cell) => ({ cell, key: random() })).sort((a, b) => a.key - b.key);
    const was = this.hidden.slice();
    for (const { cell } of order) {
      if (this.makeSafe([cell]).length > 0) return false;
      if (this.cost > best + 2.5) return false;
    }
    const fresh = [...this.hidden.keys()].filter((i) => this.hidden[i] && !was[i]);
    this.tidy(fresh.sort((a, b) => this.part.cost[b]! - this.part.cost[a]! || b - a));
    return !this.isLate() && this.cost <= best + 1e-9;
  }

  /** Complementary cells near one: in the same equation, or in the same move. */
  private neighbours(cell: number, count: number, random: () => number): Set<number> {
    const { part } = this;
    const taken = new Set([cell]);
    const near = new Set<number>();
    const look = (i: number) => {
      for (let e = part.cellStart[i]!; e < part.cellStart[i + 1]!; e++) {
        const row = part.cellRow[e]!;
        for (let k = part.rowStart[row]!; k < part.rowStart[row + 1]!; k++) near.add(part.rowCell[k]!);
      }
      for (const id of this.touching[i]!) if (this.alive[id]) for (const each of this.moves[id]!.cells) near.add(each);
    };
    look(cell);
    while (taken.size < count) {
      const pool = [...near].filter((i) => this.hidden[i] && !part.hidden[i] && !taken.has(i));
      if (pool.length === 0) break;
      const next = pool[Math.floor(random() * pool.length)]!;
      taken.add(next);
      look(next);
    }
    return taken;
  }

  /** Drops dead moves once they are many. */
  private compact(): void {
    const dead = this.alive.reduce((sum, lives) => sum + Number(!lives), 0);
    if (dead < 200 || dead < this.moves.length / 2) return;
    const kept = this.moves.filter((_, id) => this.alive[id]);
    this.moves.splice(0, this.moves.length, ...kept);
    this.alive = kept.map(() => true);
    this.touching = this.part.ids.map(() => []);
    kept.forEach((move, id) => move.cells.forEach((cell) => this.touching[cell]!.push(id)));
  }

  /**
   * For each sensitive cell and each attacker who does not know it, the moves that serve as its low and high table;
   * undefined stands for the true table. Moves that serve many cells are preferred.
   */
  *proofs(): Generator<{ cell: number; bit: number; rule: Rule; low: Move | undefined; high: Move | undefined }> {
    const { sensitive } = this.part;
    const serves = this.moves.map((move) => move.cells.reduce((sum, cell) => sum + sensitive[cell]!, 0));
    for (const cell of this.sensitiveCells()) {
      const ids = this.touching[cell]!.filter((id) => this.alive[id]).sort((a, b) => serves[b]! - serves[a]! || a - b);
      const strangers = this.strangers(cell);
      for (const rule of this.rules) {
        for (let bit = 0; bit < this.part.attackers.length; bit++) {
          const mask = 1 << (bit & 31);
          if (!(strangers[bit >> 5]! & mask)) continue;
          let low: Move | undefined;
          let high: Move | undefined;
          for (const id of ids) {
            const move = this.moves[id]!;
            if (move.touch[bit >> 5]! & mask || (rule.told && !move.told)) continue;
            const change = changeAt(move, cell);
            if (change > (high ? changeAt(high, cell) : 0)) high = move;
            if (change < (low ? changeAt(low, cell) : 0)) low = move;
            if (
              rule.wide
                ? this.isWide(cell, high ? changeAt(high, cell) : 0, low ? -changeAt(low, cell) : 0)
                : low || high
            )
              break;
          }
          yield { cell, bit, rule, low, high };
        }
      }
    }
  }
}

function lowest(set: Uint32Array): Uint32Array {
  const one = new Uint32Array(set.length);
  const bit = lowestBit(set);
  one[bit >> 5] = 1 << (bit & 31);
  return one;
}
