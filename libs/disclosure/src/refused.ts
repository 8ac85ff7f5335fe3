import type { Exposure, Problem } from './problem';

/** Nothing may leave. Holds secrets. */
export interface Refused {
  readonly status: 'refused';
  /** The pairs that are lost whatever is hidden; none where time was too short to show the rest safe. */
  readonly exposed: readonly Exposure[];
  /** Time ran out before it was safe. */
  readonly cut?: 'construct';
  /** The cells of the parts that time cut, in ascending order of ids: without them there is time for the others. */
  readonly unfinished?: readonly string[];
  /** Beside them: the pairs that are lost whatever is hidden, as far as there was time to find them. */
  readonly lost?: readonly Exposure[];
}

/** The pairs that are known to be lost whatever is hidden, whether or not there was time for everything. */
export const lostOf = ({ exposed, lost }: Refused): readonly Exposure[] => lost ?? exposed;

/** What is lost, each pair once and in order, and the cells of the parts that time cut. */
export function refused(lost: readonly Exposure[], unfinished: readonly string[]): Refused {
  const found = inOrder(lost);
  if (unfinished.length === 0) return { status: 'refused', exposed: found };
  const cut = { exposed: [], cut: 'construct', unfinished: [...unfinished].sort() } as const;
  return { status: 'refused', ...cut, ...(found.length > 0 ? { lost: found } : {}) };
}

/**
 * Where nothing was found out in time: no pair is known, and every cell is unfinished.
 * @param problem  none where there was not even the time to read it: then no cell is named
 */
export const outOfTime = (problem?: Pick<Problem, 'cells'>): Refused => ({
  status: 'refused',
  exposed: [],
  cut: 'construct',
  ...(problem && { unfinished: problem.cells.map(({ id }) => id).sort() }),
});

const inOrder = (exposed: readonly Exposure[]): Exposure[] => {
  const once = new Map(exposed.map((each) => [`${each.id}\n${each.attacker}`, each]));
  return [...once.values()].sort((a, b) => compare(a.id, b.id) || compare(a.attacker, b.attacker));
};
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
