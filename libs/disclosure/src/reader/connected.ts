/** What hangs together, of things that are numbered from 0: found by joining them step by step. */
export class Connected {
  private readonly above: Int32Array;

  constructor(many: number) {
    this.above = Int32Array.from({ length: many }, (_, one) => one);
  }

  join(members: readonly number[]): void {
    for (const one of members) this.above[this.of(one)] = this.of(members[0]!);
  }

  /** Some of them, sorted by what they hang together with; in each group, and of the groups, the order in which they come. */
  groups(some: Iterable<number>): number[][] {
    const groups = new Map<number, number[]>();
    for (const one of some) {
      const group = groups.get(this.of(one));
      if (group) group.push(one);
      else groups.set(this.of(one), [one]);
    }
    return [...groups.values()];
  }

  /** The one that stands for all that hang together with it. */
  of(one: number): number {
    const { above } = this;
    while (above[one] !== one) one = above[one] = above[above[one]!]!;
    return one;
  }
}
