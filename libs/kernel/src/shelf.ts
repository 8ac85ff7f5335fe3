/** Keeps values until together they weigh more than is allowed; what was used longest ago goes first. */
export class Shelf<T> {
  private readonly values = new Map<string, { readonly value: T; readonly weight: number }>();
  private held = 0;

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
    this.values.delete(key);
    this.values.set(key, found);
    return found.value;
  }

  /** @returns the value */
  keep(key: string, value: T): T {
    this.drop(key);
    const weight = this.weightOf(value, key);
    if (weight > this.most) return value;
    this.values.set(key, { value, weight });
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
