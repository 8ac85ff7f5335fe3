/** What hangs together, of things that are numbered from 0: found by joining them step by step. */
export class Connected {
  private readonly above: Int32Array;

  constructor(many: number) {
    this.above = Int32Array.from({ length: many }, (_, one) => one);
  }

  join(members: readonly number[]): void {
    for (const one of members) this.above[this.of(one)] = this.of(members[0]!);
  }

  /** The one that stands for all that hang together with it. */
  of(one: number): number {
    const { above } = this;
    while (above[one] !== one) one = above[one] = above[above[one]!]!;
    return one;
  }
}
