import type { Cell, Problem } from './problem';

/*
 * The plainest possible judge, for small tables in tests: lists every table that fits what an attacker knows. Written
 * from the definitions alone; uses nothing of protector or auditor.
 */

/** Everyone who attacks, with what each knows. */
function attackersOf(problem: Problem): Map<string, Set<string>> {
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

const isSmall = ({ value, sensitive }: Cell, { threshold, zeros }: Problem['policy']) =>
  sensitive ?? (value < threshold && (value > 0 || zeros === 'hidden'));

/**
 * The pairs `cell attacker` that fall: every table that the attacker must think possible is listed, with counts up to
 * `above` over the true ones.
 */
export function fallen(problem: Problem, suppressed: readonly string[], above: number, isTold = false): string[] {
  const { cells, policy } = problem;
  const hidden = new Set([
    ...suppressed,
    ...cells.filter(({ locked }) => locked === 'unpublished').map(({ id }) => id),
  ]);
  const pairs: string[] = [];
  for (const [name, knows] of attackersOf(problem)) {
    const targets = cells.filter((cell) => isSmall(cell, policy) && cell.locked !== 'published' && !knows.has(cell.id));
    if (targets.length === 0) continue;
    const seen = new Map(targets.map(({ id }) => [id, new Set<number>()]));
    everyTable(problem, hidden, knows, above, isTold, (table) => {
      for (const { id } of targets) seen.get(id)!.add(table.get(id)!);
    });
    for (const { id } of targets) {
      const values = [...seen.get(id)!];
      const low = Math.min(...values);
      const high = Math.max(...values);
      const isSafe =
        policy.protect === 'exact' || isTold
          ? high > low
          : high - low >= policy.threshold - 1 && high >= policy.threshold;
      if (!isSafe) pairs.push(`${id} ${name}`);
    }
  }
  return pairs.sort();
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
  // A rule is judged as soon as its last unknown is set.
  const due = open.map((_, at) => rules.filter(({ ids }) => Math.max(...ids.map((id) => order.get(id) ?? -1)) === at));
  const set = (at: number): void => {
    const cell = open[at];
    if (!cell) return visit(table);
    let low = policy.zeros === 'printed' && cell.locked !== 'unpublished' ? 1 : 0;
    let high = cell.value + above;
    if (isTold && cell.value === 0) high = low = 0;
    else if (isTold && cell.value < policy.threshold) [low, high] = [Math.max(1, low), policy.threshold - 1];
    else if (isTold) low = policy.threshold;
    for (let value = low; value <= high; value++) {
      table.set(cell.id, value);
      if (due[at]!.every(({ holds }) => holds())) set(at + 1);
    }
    table.set(cell.id, cell.value);
  };
  set(0);
}
