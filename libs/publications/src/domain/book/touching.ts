import type { Problem } from '@hub/disclosure';
import type { KnownSum } from './book';

/** What the book may be read by without being opened. */
export interface Head {
  readonly id: string;
  /** The authorities and regions that its names begin with; null: not known, so it may hold anybody. */
  readonly places: readonly string[] | null;
  /** A national release: it prints all that it holds, so nothing hangs together through it. */
  readonly national: boolean;
}

/** Whose counts and sums a problem holds, in the book's names. */
export const placesOf = ({ cells }: Pick<Problem, 'cells'>): string[] =>
  [...new Set(cells.map(({ id }) => id.slice(0, id.indexOf('|'))))].sort();

/**
 * Which releases can have a bearing on these authorities and regions. Links go from cell to cell through equations, and an equation
 * is between cells of one release, of one authority in time, or of one national sum; so what shares nobody with anything that is
 * near cannot be reached.
 * @returns the releases, and all whom they hold
 */
export function touching(
  places: readonly string[],
  heads: readonly Head[],
  sums: readonly Pick<KnownSum, 'parts'>[],
): { releases: string[]; near: ReadonlySet<string> } {
  const near = new Set(places);
  const isNear = (some: readonly string[] | null) => some === null || some.some((one) => near.has(one));
  const groups = [
    ...heads.filter(({ national }) => !national).map((head) => head.places ?? []),
    ...sums.map(({ parts }) => parts),
  ];
  for (let before = -1; before < near.size;) {
    before = near.size;
    for (const group of groups) if (isNear(group)) for (const one of group) near.add(one);
  }
  return { releases: heads.filter((head) => isNear(head.places)).map(({ id }) => id), near };
}
