import type { Deadline } from '../deadline';
import type { Part } from '../parts';
import { Space, type Hiding } from './space';

/** Up to this many cells a part has spaces: they are tables of cells by cells, one for each attacker. */
const LARGEST = 2000;

/** The spaces of a part's attackers, each made when first asked for and kept in step with what is hidden. */
export class Spaces {
  private root: Space | undefined;
  private readonly byBit: (Space | undefined)[] = [];

  constructor(
    private readonly part: Part,
    private readonly hiding: Hiding,
    private readonly deadline: Deadline,
  ) {}

  /** Whether the part is small enough for spaces. */
  get isSmall(): boolean {
    return this.part.ids.length <= LARGEST;
  }

  /** @throws OutOfTime */
  of(bit: number): Space {
    let space = this.byBit[bit];
    if (!space) {
      this.root ??= Space.of(this.part, this.deadline);
      this.root.sync(this.hiding);
      const { knows, words } = this.part;
      space = this.byBit[bit] = this.root.without(
        (cell) => cell < this.part.ids.length && (knows[cell * words + (bit >> 5)]! & (1 << (bit & 31))) !== 0,
      );
    }
    space.sync(this.hiding);
    return space;
  }

  get effort(): number {
    return this.byBit.reduce((sum, space) => sum + (space?.effort ?? 0), this.root?.effort ?? 0);
  }
}
