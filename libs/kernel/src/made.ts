import { keep } from './keep';

/**
 * What is made of things that do not change, made once and kept for as long as they are. Things are known by their identity: who does
 * not have them does not find what was made of them.
 */
export class Made<T> {
  private readonly byFirst = new WeakMap<object, Map<string, { readonly of: readonly object[]; readonly made: T }>>();

  /** @param most  how many are kept of one thing; the oldest goes first */
  constructor(private readonly most: number) {}

  /**
   * @param things  at least one
   * @param how  everything else that it depends on
   */
  of(things: readonly object[], how: string, make: () => T): T {
    const [first] = things;
    const all = this.byFirst.get(first!) ?? new Map<string, { readonly of: readonly object[]; readonly made: T }>();
    const known = all.get(how);
    if (known?.of.length === things.length && known.of.every((one, i) => one === things[i])) return known.made;
    const made = make();
    keep(all, this.most, how, { of: things, made });
    this.byFirst.set(first!, all);
    return made;
  }
}
