import type { Exposure, Problem } from './problem';

/** Nothing may leave. Holds secrets. */
export interface Refused {
  readonly status: 'refused';
  /** The pairs that are known to be lost whatever is hidden. */
  readonly exposed: readonly Exposure[];
  /** Time ran out before it was safe. */
  readonly cut?: 'construct';
  /** The cells of the parts that time cut, in ascending order of ids: without them there is time for the others. */
  readonly unfinished?: readonly string[];
}

/** What is lost, each pair once and in order, and the cells of the parts that time cut. */
export const refused = (exposed: readonly Exposure[], unfinished: readonly string[]): Refused => ({
  status: 'refused',
  exposed: inOrder(exposed),
  ...(unfinished.length > 0 ? { cut: 'construct', unfinished: [...unfinished].sort() } : {}),
});

/** Where nothing was found out in time: no pair is known, and every cell is unfinished. */
export const outOfTime = ({ cells }: Pick<Problem, 'cells'>): Refused => ({
  status: 'refused',
  exposed: [],
  cut: 'construct',
  unfinished: cells.map(({ id }) => id).sort(),
});

const inOrder = (exposed: readonly Exposure[]): Exposure[] => {
  const once = new Map(exposed.map((each) => [`${each.id}\n${each.attacker}`, each]));
  return [...once.values()].sort((a, b) => compare(a.id, b.id) || compare(a.attacker, b.attacker));
};
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
