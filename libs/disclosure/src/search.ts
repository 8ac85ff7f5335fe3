import type { Cover, Kept } from './cover';
import { Covering } from './covering';
import { OutOfTime, type Deadline } from './deadline';
import { seeded } from './moves';
import type { Spaces } from './space/spaces';
import { whyNot } from './space/why';
import type { Tidying } from './tidy';

/** A part with no more cells that may be hidden is decided anew as a whole; of others so many cells at a time. */
const WHOLE = 80;
const ANEW = 40;
/** How many sensitive cells that fail are looked for before what they demand is met. */
const FAILING = 8;
/** How often a way that ends in fractions is gone again. */
const TURNS = 2;
/** Sets tried, and exchanges between two of them, after which a place is left: for each of its cells. */
const TRIES = 10;
const EXCHANGES = 100;
/** Costs that differ by less are the same, and the price of a cell that costs nothing. */
const SAME = 1e-9;
const CHEAP = 1e-3;
/** Entries of demands that are looked at in a microsecond, about. */
const ENTRIES = 60;

/**
 * Looks for a cheaper answer: decides some cells that lie together anew, all others staying as they are. What keeps a sensitive
 * cell from moving are the printed cells around it: of some of them at least one has to be hidden, whatever else is (the dual of
 * the linear program that failed). So it looks for cheaper sets of cells that meet all such demands; each is tried, and where it
 * fails there are new demands. Deterministic for a limit of effort, up to time.
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

  constructor(
    private readonly cover: Cover,
    private readonly spaces: Spaces,
    private readonly tidying: Tidying,
    private readonly deadline: Deadline,
  ) {
    this.failures = new Float64Array(cover.hidden.length);
    cover.compact();
    this.best = cover.save();
  }

  /**
   * @param mayGoOn   asked before each try, with the work done beside that of the spaces
   * @param patience  places without a gain after which it stops, for each complementary cell
   */
  run(mayGoOn: (effort: number) => boolean, patience: number): boolean {
    const { cover } = this;
    const before = this.best;
    const may = () => mayGoOn(this.covered / ENTRIES);
    const { hidden } = cover.part;
    const every = [...hidden.keys()].filter((cell) => !hidden[cell]);
    const isWhole = every.length <= WHOLE;
    try {
      for (let idle = 0; idle <= patience * this.best.size && may(); idle++) {
        const found = this.decideAnew(isWhole ? every : this.place(), may);
        if (found === 'cheaper') idle = -1;
        else if (found === 'none' && isWhole) break;
      }
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
    }
    cover.load(this.best);
    return this.best !== before;
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
   * @returns `none` where nothing cheaper meets even what is demanded, as far as the exchanges found
   */
  private decideAnew(anew: readonly number[], mayGoOn: () => boolean): 'cheaper' | 'none' | 'unknown' {
    const { cover, random, deadline } = this;
    cover.compact();
    const before = this.best;
    const covering = this.coveringOf(anew);
    const open = new Set<number>();
    let bound = covering.cost;
    let exchanges = 0;
    const mayExchange = () => exchanges < EXCHANGES * anew.length;
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
      for (const cell of anew) if (covering.chosen[cell]) cover.hide(cell);
      for (const cell of anew) if (!covering.chosen[cell]) for (const each of cover.print(cell)) open.add(each);
      const failing = this.failing(open);
      if (failing.length > 0) {
        for (const cells of failing) covering.add(cells);
        // Where only fractions stood in the way it is not this set, that is all.
        if (covering.isMet) covering.add([...cover.hidden.keys()].filter((cell) => !cover.hidden[cell]));
        continue;
      }
      if (cover.cost < this.best.cost - SAME) {
        this.best = cover.save();
        bound = covering.cost;
        tries = 0;
      }
      if (!lower()) return this.end(anew, before, 'none');
    }
    return this.end(anew, before, mayExchange() ? 'unknown' : 'none');
  }

  /** Goes back to the best answer. */
  private end<T>(anew: readonly number[], before: Kept, otherwise: T): T | 'cheaper' {
    for (const cell of anew) {
      if (this.best.hidden[cell]) this.cover.hide(cell);
      else this.cover.print(cell);
    }
    return this.best === before ? otherwise : 'cheaper';
  }

  /** What is to be chosen among some cells: now those that are hidden, under every demand that the others leave. */
  private coveringOf(anew: readonly number[]): Covering {
    const { hidden, part } = this.cover;
    const price = new Float64Array(part.ids.length).fill(Infinity);
    for (const cell of anew) price[cell] = Math.max(part.cost[cell]!, CHEAP);
    const covering = new Covering(price);
    for (const cell of anew) if (hidden[cell]) covering.choose(cell);
    for (const cells of this.demands)
      if (!cells.some((cell) => hidden[cell] && price[cell] === Infinity)) covering.add(cells);
    return covering;
  }

  /** What the pairs demand that fail now, of some sensitive cells that may; the others are taken out. None: all are safe. */
  private failing(open: Set<number>): number[][] {
    const { cover, spaces, failures } = this;
    const failing: number[][] = [];
    for (const cell of [...open].sort((a, b) => failures[b]! - failures[a]! || a - b)) {
      const isDone = cover.rules.every((rule) => {
        const bit = this.tidying.stillOpen(cell, rule, TURNS);
        if (bit === undefined) return true;
        const cells = whyNot(spaces.of(bit), cover, cell, rule);
        failing.push(cells ?? []);
        if (cells) this.remember(cells);
        return false;
      });
      if (isDone) open.delete(cell);
      else failures[cell] = ++this.tries;
      if (failing.length >= FAILING) break;
    }
    return failing;
  }

  private remember(cells: number[]): void {
    const key = cells.sort((a, b) => a - b).join();
    if (this.known.has(key)) return;
    this.known.add(key);
    this.demands.push(cells);
  }
}
