import type { Highs } from 'highs';
import type { Cover, Kept } from './cover';
import { Covering } from './covering';
import { OutOfTime, type Deadline } from './deadline';
import { leastCover, packingBound } from './least-cover';
import { seeded } from './moves';
import type { Spaces } from './space/spaces';
import { whyNot } from './space/why';
import type { Tidying } from './tidy';

/** A part with no more cells that may be hidden is decided anew as a whole; of others so many cells at a time. */
const WHOLE = 80;
const ANEW = 40;
/** Of so many cells the cheapest choice is proved, with so many nodes of each whole-number program; more where seconds are asked for. */
const PROVED = { cells: 40, nodes: 100 };
const PROVED_IN_SECONDS = { cells: 150, nodes: 1_000_000 };
/** How many sensitive cells that fail are looked for before what they demand is met. */
const FAILING = 8;
/** How often a way that ends in fractions is gone again. */
const TURNS = 2;
/** Sets tried, and exchanges between two of them, after which a place is left: for each of its cells. */
const TRIES = 10;
const EXCHANGES = 10;
const EXCHANGES_OF_ALL = 100;
/** Costs that differ by less are the same, and the price of a cell that costs nothing. */
const SAME = 1e-9;
const CHEAP = 1e-3;
/** What a linear program chooses by more than such a share is hidden, to find demands that its choice does not meet. */
const SHARES = [1e-6, 0.15, 0.3, 0.45, 0.6, 0.8];
/** Entries of demands that are looked at in a microsecond, about. */
const ENTRIES = 60;

/**
 * Looks for a cheaper answer: decides some cells that lie together anew, all others staying as they are. What keeps a sensitive
 * cell from moving are the printed cells around it: of some of them at least one has to be hidden, whatever else is (the dual of
 * the linear program that failed). So it looks for cheaper sets of cells that meet all such demands; each is tried, and where it
 * fails there are new demands. Deterministic for a limit of effort, up to time.
 *
 * Where exchanges find no cheaper choice in a small part, a whole-number program looks for the cheapest one that meets all demands
 * known (an implicit hitting set: Moreno-Centeno and Karp 2013). Where it is no cheaper than the answer at hand, that answer is
 * proved to be the cheapest, for every safe set of cells meets every demand:
 * - what the dual of a linear program names holds whatever else is hidden, for the program bounds the cell as long as the cells
 *   named stand still, and whole numbers go no further than it does;
 * - where only fractions meet a rule, whole-number programs decide. Is the pair lost, then it is lost too where fewer cells are
 *   hidden, and one of those that are printed is demanded. What they leave open proves nothing, and the search ends there.
 */
export class Search {
  private readonly random = seeded(1);
  private best: Kept;
  /** Every demand that was met with, by the cells of which one is wanted. */
  private readonly demands: number[][] = [];
  private readonly known = new Set<string>();
  private covered = 0;
  /** When a sensitive cell was last open: such cells are asked first. */
  private readonly failures: Float64Array;
  private tries = 0;
  /** No safe set of cells costs less; 0 where none is known. */
  bound = 0;

  constructor(
    private readonly solver: Highs,
    private readonly cover: Cover,
    private readonly spaces: Spaces,
    private readonly tidying: Tidying,
    private readonly deadline: Deadline,
  ) {
    this.failures = new Float64Array(cover.hidden.length);
    cover.compact();
    this.best = cover.save();
  }

  /** Whether the answer is proved to be the cheapest. */
  get isProved(): boolean {
    return this.bound > this.best.cost - (this.cover.step / 2 || SAME);
  }

  /**
   * @param mayGoOn   asked before each try, with the work done beside that of the spaces
   * @param patience  places without a gain after which it stops, for each complementary cell
   * @param seconds   that are left of those asked for; absent where none were
   * @returns whether the answer is another one now: a cheaper one, or one that costs as much
   */
  run(mayGoOn: (effort: number) => boolean, patience: number, seconds?: () => number): boolean {
    const { cover } = this;
    const before = this.best;
    const may = () => mayGoOn(this.covered / ENTRIES);
    const { hidden } = cover.part;
    const every = [...hidden.keys()].filter((cell) => !hidden[cell]);
    const limit = seconds ? PROVED_IN_SECONDS : PROVED;
    const isProvable = every.length <= limit.cells;
    const isWhole = isProvable || every.length <= WHOLE;
    try {
      for (let idle = 0; idle <= patience * this.best.size && may(); idle++) {
        const place = isWhole ? every : this.place();
        let found: string = this.decideAnew(place, may, isWhole ? EXCHANGES_OF_ALL : EXCHANGES);
        if (found === 'none' && !isWhole) this.decideAnew(place, may, EXCHANGES, true);
        if (found === 'none' && isProvable) found = this.prove(every, limit.nodes, seconds?.());
        if (found === 'cheaper' || found === 'learnt') idle = -1;
        else if (found !== 'unknown' && isWhole) break;
      }
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
    }
    cover.load(this.best);
    return this.best !== before;
  }

  /**
   * Looks for the cheapest choice of all cells that meets the demands, and tries it.
   * @returns `none` where nothing cheaper is safe, or nothing more can be told
   */
  private prove(every: readonly number[], nodes: number, seconds?: number): 'cheaper' | 'learnt' | 'none' {
    const { cover, demands } = this;
    const price = this.priceOf(every);
    if (every.some((cell) => price[cell] !== cover.part.cost[cell])) return 'none';
    this.bound = Math.max(this.bound, packingBound(demands, price));
    if (this.isProved) return 'none';
    const { bound, chosen, effort } = leastCover(this.solver, demands, price, cover.step, nodes, seconds);
    this.covered += ENTRIES * effort;
    this.bound = Math.max(this.bound, bound);
    if (!chosen || this.isProved) return 'none';
    cover.compact();
    const before = this.best;
    const open = this.show(every, (cell) => chosen.includes(cell));
    const known = demands.length;
    for (;;) {
      const failing = this.failing(open, price, true);
      if (failing.length === 0) break;
      if (failing.some(({ length }) => length === 0)) return this.end(every, before, 'none');
    }
    if (demands.length === known) this.best = cover.save();
    return this.end(every, before, 'learnt');
  }

  /**
   * Raises what no safe answer costs less than, by linear programs over demands: in a part of any size, and never up to the cost
   * of the cheapest answer but by chance.
   * @throws OutOfTime
   */
  raiseBound(mayGoOn: () => boolean): void {
    const { cover, demands } = this;
    const every = [...cover.hidden.keys()].filter((cell) => !cover.part.hidden[cell]);
    const price = this.priceOf(every);
    if (every.some((cell) => price[cell] !== cover.part.cost[cell])) return;
    for (let at = 0; at < SHARES.length && !this.isProved && mayGoOn();) {
      const { bound, shares } = leastCover(this.solver, demands, price, cover.step, 0);
      this.bound = Math.max(this.bound, bound);
      const shareOf = (cell: number) => shares.get(cell) ?? 0;
      const open = this.show(every, (cell) => shareOf(cell) > SHARES[at]!);
      let isMet = true;
      for (;;) {
        const failing = this.failing(open, price);
        if (failing.some((demand) => demand.reduce((sum, cell) => sum + shareOf(cell), 0) < 1 - SHARES[0]!))
          isMet = false;
        if (failing.flat().length === 0) break; // all are met, or only fractions stand in the way
      }
      if (isMet) at++;
      cover.compact();
    }
    this.end(every, this.best, undefined);
  }

  /** Cells that lie together, around one that is hidden for others' sake. */
  private place(): number[] {
    const { cover, random } = this;
    const { hidden, rowStart, rowCell, cellStart, cellRow } = cover.part;
    const some = <T>(list: ArrayLike<T>): T => list[Math.floor(random() * list.length)]!;
    const reached = new Set([some(cover.complementary())]);
    const chosen = new Set(reached);
    for (let tries = 0; chosen.size < ANEW && tries < ANEW * ANEW; tries++) {
      const cell = some([...reached]);
      const row = some(cellRow.subarray(cellStart[cell]!, cellStart[cell + 1]!));
      for (const each of rowCell.subarray(rowStart[row]!, rowStart[row + 1]!)) {
        reached.add(each);
        if (!hidden[each] && chosen.size < ANEW) chosen.add(each);
      }
    }
    return [...chosen].sort((a, b) => a - b);
  }

  /**
   * Looks for a cheaper choice of some cells, all others staying as they are, and keeps the cheapest.
   * @param most  exchanges between two sets that are tried, for each cell
   * @param isAside  keeps another choice that costs as much: from there a cheaper one may be near
   * @returns `none` where nothing cheaper meets even what is demanded, as far as the exchanges found
   */
  private decideAnew(
    anew: readonly number[],
    mayGoOn: () => boolean,
    most: number,
    isAside = false,
  ): 'cheaper' | 'none' | 'unknown' {
    const { cover, random, deadline } = this;
    cover.compact();
    const before = this.best;
    const covering = this.coveringOf(anew);
    const open = new Set<number>();
    const price = this.priceOf(anew);
    if (isAside) covering.add(anew.filter((cell) => !cover.hidden[cell]));
    let bound = covering.cost + (isAside ? 2 * SAME : 0);
    let exchanges = 0;
    const mayExchange = () => exchanges < most * anew.length;
    // Gives cells up until the rest is cheaper; false where there is none.
    const lower = () => {
      while (covering.cost >= bound - SAME) if (covering.giveUpOne() < 0) return false;
      return true;
    };
    if (!lower()) return 'none';
    for (let tries = 0; tries < TRIES * anew.length && mayExchange() && mayGoOn();) {
      deadline.check();
      if (!covering.isMet) {
        exchanges++;
        this.covered -= covering.effort;
        covering.exchange(bound, random);
        this.covered += covering.effort;
        continue;
      }
      exchanges = 0;
      tries++;
      for (const each of this.show(anew, (cell) => covering.chosen[cell] === 1)) open.add(each);
      const failing = this.failing(open, price);
      if (failing.length > 0) {
        for (const cells of failing) covering.add(cells);
        // Where only fractions stood in the way it is not this set, that is all.
        if (covering.isMet) covering.add([...cover.hidden.keys()].filter((cell) => !cover.hidden[cell]));
        continue;
      }
      if (isAside || cover.cost < this.best.cost - SAME) {
        this.best = cover.save();
        if (isAside) break;
        bound = covering.cost;
        tries = 0;
      }
      if (!lower()) return this.end(anew, before, 'none');
    }
    return this.end(anew, before, mayExchange() ? 'unknown' : 'none');
  }

  /** Hides some of the cells and prints the others. @returns the sensitive cells that leaned on these */
  private show(anew: readonly number[], isHidden: (cell: number) => boolean): Set<number> {
    const shaken = new Set<number>();
    for (const cell of anew) if (isHidden(cell)) this.cover.hide(cell);
    for (const cell of anew) if (!isHidden(cell)) for (const each of this.cover.print(cell)) shaken.add(each);
    return shaken;
  }

  /** Goes back to the best answer. */
  private end<T>(anew: readonly number[], before: Kept, otherwise: T): T | 'cheaper' {
    this.show(anew, (cell) => this.best.hidden[cell] === 1);
    return this.best === before ? otherwise : 'cheaper';
  }

  /** What is to be chosen among some cells: now those that are hidden, under every demand that the others leave. */
  private coveringOf(anew: readonly number[]): Covering {
    const { hidden } = this.cover;
    const price = this.priceOf(anew);
    const covering = new Covering(price);
    for (const cell of anew) if (hidden[cell]) covering.choose(cell);
    for (const cells of this.demands)
      if (!cells.some((cell) => hidden[cell] && price[cell] === Infinity)) covering.add(cells);
    return covering;
  }

  private priceOf(anew: readonly number[]): Float64Array {
    const { cost } = this.cover.part;
    const price = new Float64Array(cost.length).fill(Infinity);
    for (const cell of anew) price[cell] = Math.max(cost[cell]!, CHEAP);
    return price;
  }

  /**
   * What the pairs demand that fail now, of some sensitive cells that may; the others are taken out. None: all are safe. What one demands
   * is hidden, as far as it has a price, so that the next demands are of other cells: many weigh more than one.
   * @param isCertain  where only fractions stand in the way whole-number programs decide; otherwise nothing is demanded there
   */
  private failing(open: Set<number>, price: Float64Array, isCertain = false): number[][] {
    const { cover, spaces, failures } = this;
    const failing: number[][] = [];
    for (const cell of [...open].sort((a, b) => failures[b]! - failures[a]! || a - b)) {
      const isDone = cover.rules.every((rule) => {
        for (;;) {
          const bit = this.tidying.stillOpen(cell, rule, TURNS);
          if (bit === undefined) return true;
          let cells = whyNot(spaces.of(bit), cover, cell, rule);
          const isLost = cells || !isCertain ? undefined : this.tidying.isLost(cell, rule, bit);
          if (isLost === false) continue;
          if (isLost) cells = [...cover.hidden.keys()].filter((each) => !cover.hidden[each]);
          failing.push(cells ?? []);
          if (cells) this.remember(cells);
          for (const each of cells ?? []) if (price[each]! < Infinity) cover.hide(each);
          return false;
        }
      });
      if (isDone) open.delete(cell);
      else failures[cell] = ++this.tries;
      if (failing.length >= FAILING) break;
    }
    return failing;
  }

  private remember(cells: number[]): void {
    const key = cells.sort((a, b) => a - b).join();
    if (cells.length === 0 || this.known.has(key)) return;
    this.known.add(key);
    this.demands.push(cells);
  }
}
