import type { Highs } from 'highs';
import { ask, boundedAt, type Stuck } from './ask';
import { Blocks } from './blocks';
import { Cover, isEmpty, lowestBit, only, without, type Attackers, type Rule } from './cover';
import type { Deadline } from './deadline';
import { overlaps } from './moves';
import type { Part } from './parts';

/** How many pairs of holders are tried for a cell, and how many cells near it make a model of their own. */
const PAIRS = 3;
const NEAR = 500;
/** What a look at a part may cost, and more for each of its cells: about so many microseconds, the same on every machine. */
const EFFORT = 500_000;
const EFFORT_FOR_EACH = 1000;

/**
 * Looks at a part with everything hidden that may be, for sensitive cells that no hiding can save. To find these while something is
 * built takes a whole-number program for each attacker; here it is a bound of a linear program, before one of them. What it does not
 * find is not safe for that.
 * @returns a pair for each lost cell that was found, and whether the part was too hard to be looked at whole
 * @throws OutOfTime
 */
export function beyondHelp(
  solver: Highs,
  part: Part,
  rules: readonly Rule[],
  deadline: Deadline,
): { lost: Stuck[]; isTooHard: boolean } {
  const look = new FirstLook(solver, part, rules, deadline);
  const lost: Stuck[] = [];
  for (const [cell, isSensitive] of part.sensitive.entries()) {
    if (look.isTooHard) break;
    const stuck = isSensitive ? look.at(cell) : undefined;
    if (stuck) lost.push(stuck);
  }
  return { lost, isTooHard: look.isTooHard };
}

class FirstLook {
  private readonly cover: Cover;
  private readonly blocks: Blocks;

  constructor(
    solver: Highs,
    private readonly part: Part,
    rules: readonly Rule[],
    private readonly deadline: Deadline,
  ) {
    this.cover = new Cover(part, rules);
    this.cover.hidden.fill(1);
    this.blocks = new Blocks(solver, part, deadline);
  }

  get isTooHard(): boolean {
    return this.blocks.effort > EFFORT + EFFORT_FOR_EACH * this.part.ids.length;
  }

  /** @returns an attacker before whom a cell cannot be saved, if one is found */
  at(cell: number): Stuck | undefined {
    for (const rule of this.cover.rules) {
      for (const { finder, leaves } of this.blocks.of(cell, this.cover.hidden, PAIRS)) {
        const open = this.cover.open(cell, rule);
        if (isEmpty(open)) break;
        const avoid = without(open, leaves);
        if (!isEmpty(avoid)) this.keep(ask(this.cover, finder, this.question(cell, rule, avoid)));
      }
      for (let open = this.cover.open(cell, rule); !isEmpty(open) && !this.isTooHard;) {
        const one = only(lowestBit(open), this.part.words);
        if (!this.isSaved(cell, rule, open) && !this.isSaved(cell, rule, one)) {
          const stuck = boundedAt(this.cover, this.blocks.whole(), cell, rule, lowestBit(open));
          // Neither saved nor lost: it is left to those who build.
          if (stuck) return stuck;
          break;
        }
        open = this.cover.open(cell, rule);
      }
    }
    return undefined;
  }

  private question(cell: number, rule: Rule, avoid: Attackers) {
    return { cell, rule, avoid, hidden: this.cover.hidden, mayHide: true };
  }

  private keep(answer: ReturnType<typeof ask>): void {
    if (typeof answer !== 'string') answer.forEach((move) => this.cover.keep(move));
  }

  /** Whether moves among the cells near a cell save it from one of some attackers more. */
  private isSaved(cell: number, rule: Rule, avoid: Attackers): boolean {
    const { part, cover, blocks } = this;
    this.deadline.check();
    const mayMove = (each: number) => !overlaps(part.knows, each * part.words, avoid);
    const before = cover.open(cell, rule);
    const { cells } = blocks.near(cell, mayMove, NEAR);
    this.keep(blocks.once(cells, (finder) => ask(cover, finder, this.question(cell, rule, avoid))));
    return !isEmpty(without(before, cover.open(cell, rule)));
  }
}
