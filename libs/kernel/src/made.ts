import { Shelf } from './shelf';

/**
 * What is made of things that do not change, made once as long as it is kept. Things are known by their identity: who does not have
 * them does not find what was made of them.
 */
export class Made<T> {
  private readonly numbers = new WeakMap<object, number>();
  private readonly shelf: Shelf<T>;
  private newest = 0;

  /** As a shelf's. */
  constructor(most: number, weightOf?: (value: T, key: string) => number) {
    this.shelf = new Shelf<T>(most, weightOf);
  }

  get weight(): number {
    return this.shelf.weight;
  }

  /** @param how  everything else that it depends on */
  of(things: readonly object[], how: string, make: () => T): T {
    const key = this.keyOf(things, how);
    return this.shelf.find(key) ?? this.shelf.keep(key, make());
  }

  /** For what is not made at once. */
  find(things: readonly object[], how: string): T | undefined {
    return this.shelf.find(this.keyOf(things, how));
  }

  private keyOf(things: readonly object[], how: string): string {
    return `${things.map((one) => this.numberOf(one)).join(' ')}|${how}`;
  }

  private numberOf(one: object): number {
    const known = this.numbers.get(one);
    if (known !== undefined) return known;
    this.numbers.set(one, ++this.newest);
    return this.newest;
  }
}
