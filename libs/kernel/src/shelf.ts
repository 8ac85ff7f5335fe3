/**
 * Keeps values until together they weigh more than is allowed; what was used longest ago goes first. Of those that were used since
 * anything was last kept, the order is that of their first use since then: nothing goes in between.
 */
export class Shelf<T> {
  private readonly values = new Map<string, { readonly value: T; readonly weight: number; usedAt: number }>();
  private held = 0;
  /** How many were kept. */
  private kept = 0;

  /**
   * @param most  what all of them may weigh together
   * @param weightOf  of one value, in whatever `most` is counted in; what weighs more than `most` is not kept
   */
  constructor(
    private readonly most: number,
    private readonly weightOf: (value: T, key: string) => number = () => 1,
  ) {}

  get weight(): number {
    return this.held;
  }

  find(key: string): T | undefined {
    const found = this.values.get(key);
    if (!found) return undefined;
    if (found.usedAt !== this.kept) {
      found.usedAt = this.kept;
      this.values.delete(key);
      this.values.set(key, found);
    }
    return found.value;
  }

  /** @returns the value */
  keep(key: string, value: T): T {
    this.drop(key);
    const weight = this.weightOf(value, key);
    if (weight > this.most) return value;
    this.values.set(key, { value, weight, usedAt: ++this.kept });
    this.held += weight;
    for (const oldest of this.values.keys()) {
      if (this.held <= this.most) break;
      this.drop(oldest);
    }
    return value;
  }

  private drop(key: string): void {
    this.held -= this.values.get(key)?.weight ?? 0;
    this.values.delete(key);
  }
}
