import { join } from 'node:path';
import { protectInThread, type Problem } from '@hub/disclosure';
import { figuresFolder, realTables, tableNames, type RealTable } from '../../libs/disclosure/src/real-figures.builder';

/*
 * What it costs and saves to tell rare categories together (decision 34), on the published figures of a year: they are chosen from
 * what the year before would have printed of the region, as the compile does it, and each table is protected with and without.
 * `node dist/test/bench/real-level.js [range|told] [seed] [year …]`
 */

type Cell = Problem['cells'][number];
const inOrder = /plans by duration|conferences by days/;
const isAge = (column: string) => column.startsWith('Age group');

/** The columns that are told together: of each sum those that are rare, and the smallest of the others. */
function groupsOf({ name, region, sums, problem }: RealTable, hidden: ReadonlySet<string>): string[][] {
  const counts = new Map(problem.cells.map(({ id, value }) => [id, value]));
  return sums.flatMap(({ parts }) => {
    const sizes = new Map(
      parts.flatMap((part) => {
        const count = counts.get(`${region} ${part}`);
        if (!count) return [];
        return [[part, hidden.has(`${region} ${part}`) ? 1 : count] as const];
      }),
    );
    const group = new Set([...sizes].filter(([, size]) => size <= problem.policy.threshold).map(([part]) => part));
    if (!group.size) return [];
    const isRow = inOrder.test(name) || parts.every(isAge);
    const isNear = (part: string) =>
      !isRow || [-1, 1].some((step) => group.has(parts[parts.indexOf(part) + step] ?? ''));
    const [next] = [...sizes].filter(([part]) => !group.has(part) && isNear(part)).sort(([, a], [, b]) => a - b);
    if (next) group.add(next[0]);
    return group.size > 1 ? [[...group]] : [];
  });
}

/** The table with some columns told together: unknowns that nobody prints, and what they are together is kept from following. */
function withTogether({ problem, sums }: RealTable, groups: readonly string[][]): Problem {
  const columnOf = (id: string) => id.slice(id.indexOf(' ') + 1);
  const gone = new Set(groups.flat());
  const cells = problem.cells.map((cell): Cell =>
    gone.has(columnOf(cell.id)) ? { ...cell, locked: 'unpublished', untold: true } : cell,
  );
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const equations = [...problem.equations];
  for (const group of groups) {
    const { total, parts } = sums.find((one) => group.every((part) => one.parts.includes(part)))!;
    for (const { id, owner, value } of problem.cells) {
      if (owner === undefined || id !== `${owner} ${total}` || group.length === parts.length) continue;
      const shown = parts.filter((part) => !group.includes(part)).map((part) => `${owner} ${part}`);
      const rest = `${id} rest of ${group[0]!}`;
      cells.push({
        id: rest,
        value: shown.reduce((left, part) => left - byId.get(part)!.value, value),
        owner,
        locked: 'unpublished',
      });
      equations.push(
        { total: id, parts: [...shown, rest] },
        { total: rest, parts: group.map((part) => `${owner} ${part}`) },
      );
    }
  }
  return { ...problem, cells, equations };
}

async function main(): Promise<void> {
  const folder = figuresFolder(join(__dirname, '..', '..', '..'));
  if (!folder) {
    console.log('there are no published figures beside the project; nothing was measured');
    return;
  }
  const [promise = 'range', ...numbers] = process.argv.slice(2);
  const [seed = 1, ...years] = numbers.map(Number);
  const under = (problem: Problem): Problem => ({
    ...problem,
    policy: { ...problem.policy, told: promise === 'told' },
  });
  const printedIn = async (problem: Problem): Promise<ReadonlySet<string> | undefined> => {
    const decision = await protectInThread(under(problem), { timeLimitSeconds: 60 });
    return decision.status === 'protected' ? new Set(Object.keys(decision.published)) : undefined;
  };
  console.log(
    'table | tables | some together | cells of authorities | printed as they are | printed with some together | of these told together | refused as they are | refused with some together',
  );
  for (const name of tableNames) {
    const sum = { tables: 0, merged: 0, cells: 0, without: 0, beside: 0, gone: 0, refused: 0, refusedBeside: 0 };
    for (const year of years.length ? years : [2024, 2025]) {
      const before = new Map(realTables(folder, name, year - 1, seed).map((table) => [table.region, table]));
      for (const table of realTables(folder, name, year, seed)) {
        const earlier = before.get(table.region);
        const shown = earlier && (await printedIn(earlier.problem));
        const hidden = new Set(earlier?.problem.cells.map(({ id }) => id).filter((id) => shown && !shown.has(id)));
        const groups = earlier
          ? groupsOf(earlier, hidden).filter((group) =>
              group.every((part) => table.problem.cells.some(({ id }) => id === `${table.region} ${part}`)),
            )
          : [];
        const own = table.problem.cells.filter(
          ({ owner, id, locked }) => owner !== undefined && id.startsWith(owner) && locked !== 'unpublished',
        );
        const count = (printed: ReadonlySet<string> | undefined) => own.filter(({ id }) => printed?.has(id)).length;
        sum.tables++;
        if (!groups.length) continue;
        const without = await printedIn(table.problem);
        const beside = await printedIn(withTogether(table, groups));
        sum.merged++;
        sum.cells += own.length;
        sum.refused += Number(!without);
        sum.refusedBeside += Number(!beside);
        sum.without += count(without);
        sum.beside += count(beside);
        sum.gone += own.filter(({ id, owner }) => groups.flat().includes(id.slice(owner!.length + 1))).length;
      }
    }
    console.log([name, ...Object.values(sum)].join(' | '));
  }
}

void main();
