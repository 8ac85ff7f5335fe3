import { OUTSIDER, isProtected, leastOf, type Cell, type Problem, type Release } from './problem';

/*
 * What each attacker knows of a release: the checkers' own reading of the problem. The protector has another one
 * (parts.ts); that they agree is what the audit is worth.
 */

/** A cell as the checkers see it. */
export interface Seen {
  readonly cell: Cell;
  readonly place: number;
  /** Nobody can read it off the print. */
  readonly isHidden: boolean;
  readonly isProtected: boolean;
  /** The least value that everyone must think possible. */
  readonly floor: number;
  /** From here on the count is not small. */
  readonly least: number;
  /** The least small one: 0 where zeros are hidden as small counts are. */
  readonly fewest: number;
}

export interface Attacker {
  readonly name: string;
  /** Places of the cells that it knows itself. */
  readonly knows: ReadonlySet<number>;
}

/** lo ≤ Σ coefficient · value ≤ hi over places of cells. */
export interface Bond {
  readonly terms: ReadonlyMap<number, number>;
  readonly lo: number;
  readonly hi: number;
}

/** One rule that a pair of attacker and cell has to meet. */
export interface Demand {
  readonly kind: 'exact' | 'range';
  /** The attacker was told which hidden counts are small: none, 1…least−1, or least and more; where zeros are hidden, 0…least−1 or more. */
  readonly isTold: boolean;
}

/** A release as it lies before the attackers. */
export interface View {
  readonly seen: readonly Seen[];
  readonly placeOf: ReadonlyMap<string, number>;
  readonly attackers: readonly Attacker[];
  readonly bonds: readonly Bond[];
  /** For each cell the places of its bonds. */
  readonly bondsAt: readonly (readonly number[])[];
  readonly demands: readonly Demand[];
}

/** Lays a release before every attacker that the problem names. */
export function viewOf(problem: Problem, release: Release): View {
  const { policy } = problem;
  const suppressed = new Set(release.suppressed);
  const seen = problem.cells.map((cell, place) => ({
    cell,
    place,
    isHidden: suppressed.has(cell.id) || cell.locked === 'unpublished',
    isProtected: isProtected(cell, policy),
    floor: policy.zeros === 'printed' && cell.locked !== 'unpublished' ? 1 : 0,
    least: leastOf(cell, policy),
    fewest: policy.zeros === 'hidden' ? 0 : 1,
  }));
  const placeOf = new Map(problem.cells.map(({ id }, place) => [id, place]));

  const known = new Map<string, Set<number>>();
  for (const { cell, place } of seen) {
    for (const party of new Set([...(cell.owner === undefined ? [] : [cell.owner]), ...(cell.knowers ?? [])])) {
      const places = known.get(party) ?? new Set<number>();
      known.set(party, places.add(place));
    }
  }
  const attackers: Attacker[] = [{ name: OUTSIDER, knows: new Set() }];
  if (policy.insiders) for (const [name, knows] of known) attackers.push({ name, knows });
  for (const { name, knows } of problem.attackers) {
    attackers.push({ name, knows: new Set(knows.flatMap((party) => [...(known.get(party) ?? [])])) });
  }

  const bonds: Bond[] = [];
  const bond = (lo: number, hi: number, pairs: readonly (readonly [string, number])[]) => {
    const terms = new Map<number, number>();
    for (const [id, coefficient] of pairs)
      terms.set(placeOf.get(id)!, (terms.get(placeOf.get(id)!) ?? 0) + coefficient);
    bonds.push({ terms, lo, hi });
  };
  for (const { total, parts, coefs, const: constant = 0 } of problem.equations) {
    bond(constant, constant, [[total, 1], ...parts.map((id, i): [string, number] => [id, -(coefs?.[i] ?? 1)])]);
  }
  for (const { terms, lo = -Infinity, hi = Infinity } of problem.ranges) bond(lo, hi, terms);
  const bondsAt: number[][] = seen.map(() => []);
  bonds.forEach(({ terms }, at) => {
    for (const place of terms.keys()) bondsAt[place]!.push(at);
  });

  const demands: Demand[] = [{ kind: policy.protect, isTold: false }];
  if (policy.told) demands.push({ kind: 'exact', isTold: true });
  return { seen, placeOf, attackers, bonds, bondsAt, demands };
}

/** The counts that an attacker must think possible for one hidden cell, by itself. */
export function possible({ cell, floor, least, fewest }: Seen, isTold: boolean): readonly [low: number, high: number] {
  if (!isTold || cell.untold) return [floor, Infinity];
  if (cell.value < fewest) return [0, 0];
  return cell.value < least ? [Math.max(fewest, floor), least - 1] : [least, Infinity];
}

/** Whether two tables that differ so at a cell meet a demand. */
export function suffices({ kind }: Demand, { least }: Seen, low: number, high: number): boolean {
  return kind === 'exact' ? high > low : high - low >= least - 1 && high >= least;
}

/**
 * Whether a table, given by the cells in which it differs from the true one, fits what an attacker knows: whole counts,
 * nothing printed or known changed, every equation and range kept. Addition alone.
 */
export function fits(view: View, attacker: Attacker, values: ReadonlyMap<number, number>, isTold: boolean): boolean {
  const touched = new Set<number>();
  for (const [place, value] of values) {
    const seen = view.seen[place]!;
    if (value === seen.cell.value) continue;
    const [low, high] = possible(seen, isTold);
    if (!Number.isSafeInteger(value) || value < low || value > high) return false;
    if (!seen.isHidden || attacker.knows.has(place)) return false;
    for (const at of view.bondsAt[place]!) touched.add(at);
  }
  for (const at of touched) {
    const { terms, lo, hi } = view.bonds[at]!;
    let sum = 0;
    for (const [place, coefficient] of terms) sum += coefficient * (values.get(place) ?? view.seen[place]!.cell.value);
    if (!Number.isSafeInteger(sum) || sum < lo || sum > hi) return false;
  }
  return true;
}
