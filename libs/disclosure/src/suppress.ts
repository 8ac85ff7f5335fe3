import type { Highs } from 'highs';
import { Blocks } from './blocks';
import { Construction, type Stuck } from './construct';
import { Cover, type Rule } from './cover';
import { moveOf } from './moves';
import type { Part } from './parts';
import { search } from './search';
import { Spaces } from './space';
import { Tidying } from './tidy';

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
  /** What the complementary cells cost that it started from. */
  private started = 0;

  constructor(
    solver: Highs,
    readonly part: Part,
    rules: readonly Rule[],
    /** When to stop, in milliseconds of performance.now(). */
    deadline: number,
  ) {
    this.cover = new Cover(part, rules);
    this.blocks = new Blocks(solver, part);
    this.spaces = new Spaces(part, this.cover);
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
   * Hides what an earlier answer hid, before anything else, and keeps those of its tables that still fit.
   * @param tables  each by the cells in which it differed from the truth
   */
  startFrom(ids: ReadonlySet<string>, tables: readonly Readonly<Record<string, number>>[]): void {
    const { cover, part } = this;
    if (ids.size === 0) return;
    const placeOf = new Map(part.ids.map((id, cell) => [id, cell]));
    for (const [id, cell] of placeOf) if (ids.has(id)) cover.hide(cell);
    this.started = cover.cost;
    for (const table of tables) {
      const changes = Object.entries(table).flatMap(([id, count]): [number, number][] => {
        const cell = placeOf.get(id);
        return cell === undefined || count === part.value[cell] ? [] : [[cell, count - part.value[cell]!]];
      });
      if (changes.length === 0 || changes.some(([cell]) => !cover.hidden[cell])) continue;
      changes.sort((a, b) => a[0] - b[0]);
      const move = moveOf(part, changes.map(([cell]) => cell), changes.map(([, change]) => change)); // prettier-ignore
      if (move) cover.keep(move);
    }
  }

  /** What it started from was enough. */
  get isSettled(): boolean {
    return this.started > 0 && this.cover.cost === this.started;
  }

  /** @throws OutOfTime */
  makeSafe(): Stuck[] {
    if (this.started > 0) for (const cell of this.cover.sensitiveCells()) this.tidying.reuse(cell);
    return this.construction.makeSafe(this.cover.sensitiveCells());
  }

  /** @returns whether it came to its end before time ran out */
  tidy(thoroughly: boolean): boolean {
    return this.tidying.run(thoroughly);
  }

  /** See search.ts. */
  search(mayGoOn: () => boolean, patience: number): void {
    search(this.cover, this.construction, this.tidying, mayGoOn, patience);
  }
}
