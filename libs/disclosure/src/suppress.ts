import type { Highs } from 'highs';
import { Blocks, neighboursOf } from './blocks';
import type { Stuck } from './ask';
import { Construction } from './construct';
import { Cover, isEmpty, type Rule } from './cover';
import { OutOfTime, type Deadline } from './deadline';
import type { Move } from './moves';
import type { Part } from './parts';
import { Search } from './search';
import { Spaces } from './space/spaces';
import { Tidying } from './tidy';

/** Where an earlier answer leaves more than this share of the sensitive cells open, it is no help. */
const MENDED = 0.25;
/** Entries of a space that are worked through in a microsecond, about. */
const ENTRIES = 60;

/**
 * Decides for one part what is hidden beside the sensitive cells, and keeps a move as proof for every pair.
 * Order of work: `makeSafe`, `tidy`, `search`, and `tidy` thoroughly; after each the part is safe (or `makeSafe` has said which pairs
 * cannot be).
 */
export class PartProtector {
  readonly cover: Cover;
  private readonly blocks: Blocks;
  private readonly spaces: Spaces;
  private readonly construction: Construction;
  private readonly tidying: Tidying;
  /** What an earlier answer hid, and what of it cost. */
  private readonly earlier = new Set<number>();
  private started = 0;
  /** Sensitive cells that the earlier answer left open. */
  private mended: readonly number[] = [];

  private lastSearch: Search | undefined;

  constructor(
    private readonly solver: Highs,
    readonly part: Part,
    rules: readonly Rule[],
    readonly deadline: Deadline,
  ) {
    this.cover = new Cover(part, rules);
    this.blocks = new Blocks(solver, part, deadline);
    this.spaces = new Spaces(part, this.cover, deadline);
    this.construction = new Construction(this.cover, this.blocks, deadline);
    this.tidying = new Tidying(this.cover, this.blocks, this.spaces, deadline);
  }

  /** A pair could be neither saved nor proved lost. */
  get undecided(): boolean {
    return this.construction.undecided;
  }

  /** What was asked of the solver so far; the same on every machine. */
  get effort(): number {
    return this.blocks.effort + this.spaces.effort / ENTRIES;
  }

  /**
   * Hides what an earlier answer hid, before anything else, and keeps those of its moves that still fit.
   * @param ids  of what it hid, here and elsewhere
   */
  startFrom(ids: ReadonlySet<string>, moves: readonly Move[]): void {
    this.part.ids.forEach((id, cell) => {
      if (ids.has(id)) this.earlier.add(cell);
    });
    for (const cell of this.earlier) this.cover.hide(cell);
    this.started = this.cover.cost;
    for (const move of moves) this.cover.keep(move);
  }

  /** It began from an earlier answer that was nearly enough, and is made cheap near what had to be mended alone. */
  get isMended(): boolean {
    return this.earlier.size > 0;
  }

  /** @throws OutOfTime */
  makeSafe(): Stuck[] {
    const { cover } = this;
    const cells = cover.sensitiveCells();
    if (!this.isMended) return this.construction.makeSafe(cells);
    const isOpen = (cell: number) => cover.rules.some((rule) => !isEmpty(cover.open(cell, rule)));
    const most = MENDED * cells.length;
    let failing = 0;
    for (const cell of cells.filter(isOpen)) {
      this.tidying.reuse(cell);
      if (isOpen(cell) && ++failing > most) break;
    }
    this.mended = cells.filter(isOpen);
    if (this.mended.length <= most) return this.construction.makeSafe(this.mended);
    cover.clear();
    this.earlier.clear();
    return this.construction.makeSafe(cells);
  }

  /**
   * After a start from an earlier answer: prints again what need not be hidden near what had to be mended. Where the
   * earlier answer was enough as it was, or needed but other moves, nothing is looked at.
   * @returns whether it came to its end before time ran out
   */
  tidyMended(): boolean {
    if (this.cover.cost === this.started) return true;
    const near = new Set(this.mended.flatMap((cell) => neighboursOf(this.part, cell)));
    const candidates = this.cover.complementary().filter((cell) => near.has(cell) || !this.earlier.has(cell));
    try {
      this.tidying.few(candidates, true);
      return true;
    } catch (error) {
      if (error instanceof OutOfTime) return false;
      throw error;
    }
  }

  /** @returns whether it came to its end before time ran out */
  tidy(thoroughly: boolean, patience = 0): boolean {
    return this.tidying.run(thoroughly, patience);
  }

  /** What no safe answer costs less than, and whether that is this one's cost, as far as the search has proved it. */
  get proved(): { readonly bound: number; readonly isCheapest: boolean } {
    const { bound, isProved } = this.lastSearch ?? { bound: 0, isProved: this.cover.cost === 0 };
    return { bound, isCheapest: isProved };
  }

  /** Works for so many seconds on what no safe answer costs less than; see search.ts. */
  raiseBound(seconds: number): void {
    if (!this.spaces.isSmall || this.cover.cost === 0) return;
    const until = performance.now() + 1000 * seconds;
    this.lastSearch = new Search(this.solver, this.cover, this.spaces, this.tidying, this.deadline);
    this.lastSearch.raiseBound(() => performance.now() < until);
  }

  /** See search.ts. @returns whether the answer is another one now */
  search(mayGoOn: (effort: number) => boolean, patience: number, seconds?: () => number): boolean {
    if (!this.spaces.isSmall) return false;
    this.lastSearch = new Search(this.solver, this.cover, this.spaces, this.tidying, this.deadline);
    return this.lastSearch.run(mayGoOn, patience, seconds);
  }
}
