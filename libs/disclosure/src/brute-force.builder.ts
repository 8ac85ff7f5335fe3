import type { Cell, Problem } from './problem';

/*
 * The plainest possible judge, for small tables in tests: lists every table that fits what an attacker knows. Written
 * from the definitions alone; uses nothing of protector, auditor or checkers.
 */

/** Everyone who attacks, with the ids that each knows. */
export function attackersOf(problem: Problem): Map<string, Set<string>> {
  const attackers = new Map<string, Set<string>>([['outsider', new Set()]]);
  const known = new Map<string, Set<string>>();
  for (const { id, owner, knowers } of problem.cells) {
    for (const party of [owner, ...(knowers ?? [])]) {
      if (party !== undefined) known.set(party, (known.get(party) ?? new Set()).add(id));
    }
  }
  if (problem.policy.insiders) for (const [party, ids] of known) attackers.set(party, ids);
  for (const { name, knows } of problem.attackers)
    attackers.set(name, new Set(knows.flatMap((party) => [...(known.get(party) ?? [])])));
  return attackers;
}

/** The least count of a cell that is not small: counted up, unit by unit. */
function leastOf({ unit = 1 }: Cell, { threshold }: Problem['policy']): number {
  let least = 0;
  while (least * unit < threshold - 1e-9) least++;
  return least;
}

/** Whether somebody is to be kept from computing a cell. */
export function isGuarded(cell: Cell, policy: Problem['policy']): boolean {
  if (cell.locked === 'published') return false;
  if (cell.sensitive !== undefined) return cell.sensitive;
  return cell.value === 0 ? policy.zeros === 'hidden' : cell.value < leastOf(cell, policy);
}

const hiddenIn = ({ cells }: Problem, suppressed: readonly string[]) =>
  new Set([...suppressed, ...cells.filter(({ locked }) => locked === 'unpublished').map(({ id }) => id)]);

/**
 * The pairs `cell attacker` that fall, under the policy's own rule or, with `isTold`, under the one for somebody who was
 * told of every hidden count whether it is none, small or not small; where zeros are hidden they are small.
 * @param above  counts are tried up to so many over the true ones
 */
export function fallen(problem: Problem, suppressed: readonly string[], above: number, isTold = false): string[] {
  const { cells, policy } = problem;
  const pairs: string[] = [];
  for (const [name, knows] of attackersOf(problem)) {
    const targets = cells.filter((cell) => isGuarded(cell, policy) && !knows.has(cell.id));
    if (targets.length === 0) continue;
    const seen = new Map(targets.map(({ id }) => [id, new Set<number>()]));
    everyTable(problem, hiddenIn(problem, suppressed), knows, above, isTold, (table) => {
      for (const { id } of targets) seen.get(id)!.add(table.get(id)!);
    });
    for (const cell of targets) {
      const values = [...seen.get(cell.id)!];
      const low = Math.min(...values);
      const high = Math.max(...values);
      const least = leastOf(cell, policy);
      const isSafe = policy.protect === 'exact' || isTold ? high > low : high - low >= least - 1 && high >= least;
      if (!isSafe) pairs.push(`${cell.id} ${name}`);
    }
  }
  return pairs.sort();
}

/** The same under every rule that the policy names, each pair once. */
export function fallenUnder(problem: Problem, suppressed: readonly string[], above: number): string[] {
  const told = problem.policy.told ? fallen(problem, suppressed, above, true) : [];
  return [...new Set([...fallen(problem, suppressed, above), ...told])].sort();
}

/** Every table that fits what one attacker knows; counts up to `above` over the true ones. */
export function tablesFor(
  problem: Problem,
  suppressed: readonly string[],
  knows: ReadonlySet<string>,
  above: number,
  isTold = false,
): Map<string, number>[] {
  const tables: Map<string, number>[] = [];
  everyTable(problem, hiddenIn(problem, suppressed), knows, above, isTold, (table) => tables.push(new Map(table)));
  return tables;
}

function everyTable(
  problem: Problem,
  hidden: ReadonlySet<string>,
  knows: ReadonlySet<string>,
  above: number,
  isTold: boolean,
  visit: (table: ReadonlyMap<string, number>) => void,
): void {
  const { cells, policy } = problem;
  const table = new Map(cells.map(({ id, value }) => [id, value]));
  const open = cells.filter(({ id }) => hidden.has(id) && !knows.has(id));
  const rules = [
    ...problem.equations.map(({ total, parts, coefs, const: constant = 0 }) => ({
      ids: [total, ...parts],
      holds: () =>
        table.get(total)! === parts.reduce((sum, id, i) => sum + (coefs?.[i] ?? 1) * table.get(id)!, constant),
    })),
    ...problem.ranges.map(({ terms, lo = -Infinity, hi = Infinity }) => ({
      ids: terms.map(([id]) => id),
      holds: () => {
        const sum = terms.reduce((all, [id, coefficient]) => all + coefficient * table.get(id)!, 0);
        return sum >= lo && sum <= hi;
      },
    })),
  ];
  const order = new Map(open.map(({ id }, at) => [id, at]));
  // A rule is judged as soon as its last unknown is set; of an equation that unknown can be worked out.
  const due = open.map((_, at) => rules.filter(({ ids }) => Math.max(...ids.map((id) => order.get(id) ?? -1)) === at));
  const solved = open.map(({ id }, at) =>
    problem.equations.find(
      ({ total, parts }) =>
        Math.max(...[total, ...parts].map((each) => order.get(each) ?? -1)) === at &&
        total === id &&
        !parts.includes(id),
    ),
  );
  const set = (at: number): void => {
    const cell = open[at];
    if (!cell) return visit(table);
    const least = leastOf(cell, policy);
    let low = policy.zeros === 'printed' && cell.locked !== 'unpublished' ? 1 : 0;
    let high = Infinity;
    const isTelling = isTold && !cell.untold;
    if (isTelling && policy.zeros !== 'hidden' && cell.value === 0) high = low = 0;
    else if (isTelling && cell.value < least)
      [low, high] = [policy.zeros === 'hidden' ? 0 : Math.max(1, low), least - 1];
    else if (isTelling) low = least;
    const rule = solved[at];
    if (rule) {
      const { parts, coefs, const: constant = 0 } = rule;
      const value = parts.reduce((sum, id, i) => sum + (coefs?.[i] ?? 1) * table.get(id)!, constant);
      [low, high] = [Math.max(low, value), Math.min(high, value)];
    } else high = Math.min(high, cell.value + above);
    for (let value = low; value <= high; value++) {
      table.set(cell.id, value);
      if (due[at]!.every(({ holds }) => holds())) set(at + 1);
    }
    table.set(cell.id, cell.value);
  };
  set(0);
}
