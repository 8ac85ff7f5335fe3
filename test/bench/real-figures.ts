import { join } from 'node:path';
import { audit, checkCertificate, protectInThread, type Decision, type Problem } from '@hub/disclosure';
import { figuresFolder, realTables, tableNames, type RealTable } from '../../libs/disclosure/src/real-figures.builder';

/*
 * `npm run figures:disclosure`: protects published figures of every region and year, filled from a seed, and says how
 * much of each table is printed, beside what the Department prints of the same cells; and of each column in each region how
 * much is hidden. Every release is audited.
 * `node dist/test/bench/real-figures.js [seed] [year …]`
 */

const share = (part: number, whole: number) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);
const told = (problem: Problem, is: boolean): Problem => ({ ...problem, policy: { ...problem.policy, told: is } });

interface Line {
  cells: number;
  sensitive: number;
  printed: number;
  /** Cells of authorities alone, which the Department prints or hides too. */
  own: number;
  ownPrinted: number;
  department: number;
  failing: number;
  failingTold: number | undefined;
  seconds: number;
  leftOut: number;
  promise: string;
  /** Of the authorities' cells, by column: how many there are, and how many are hidden. */
  columns: ReadonlyMap<string, readonly [all: number, hidden: number]>;
}

/** How many of the authorities' cells of each column are hidden. */
function columnsOf(own: Problem['cells'], hidden: ReadonlySet<string>): Line['columns'] {
  const columns = new Map<string, readonly [number, number]>();
  for (const { id } of own) {
    const column = id.slice(id.indexOf(' ') + 1);
    const [all, some] = columns.get(column) ?? [0, 0];
    columns.set(column, [all + 1, some + Number(hidden.has(id))]);
  }
  return columns;
}

/** The share that is hidden, a column a line and the regions side by side. */
function printShares(name: string, byRegion: ReadonlyMap<string, Line['columns'][]>): void {
  const regions = [...byRegion.keys()].sort();
  const columns = new Set([...byRegion.values()].flatMap((years) => years.flatMap((each) => [...each.keys()])));
  console.log(`\nhidden of the authorities' cells, ${name} | ${regions.join(' | ')}`);
  for (const column of columns) {
    const shares = regions.map((region) => {
      const years = byRegion.get(region)!.map((each) => each.get(column) ?? [0, 0]);
      const [all, hidden] = [0, 1].map((place) => years.reduce((sum, each) => sum + each[place]!, 0)) as [
        number,
        number,
      ];
      return share(hidden, all);
    });
    console.log(`${column} | ${shares.join(' | ')}`);
  }
  console.log('');
}

async function measure({ problem, departments, leftOut }: RealTable): Promise<Line> {
  const started = performance.now();
  let decision: Decision = await protectInThread(problem, { timeLimitSeconds: 60 });
  let promise = 'range, told';
  if (decision.status === 'refused') {
    promise = 'range';
    decision = await protectInThread(told(problem, false), { timeLimitSeconds: 60 });
  }
  const seconds = (performance.now() - started) / 1000;
  const cells = problem.cells.filter(({ locked }) => locked !== 'unpublished');
  const own = cells.filter(({ owner, id }) => owner !== undefined && id.startsWith(owner));
  const line = {
    cells: cells.length,
    sensitive: cells.filter(({ value }) => value > 0 && value < problem.policy.threshold).length,
    own: own.length,
    department: departments.size,
    seconds,
    leftOut,
  };
  if (decision.status === 'refused') {
    const pairs = `refused: ${decision.exposed.length} pairs`;
    return {
      ...line,
      printed: 0,
      ownPrinted: 0,
      failing: 0,
      failingTold: undefined,
      promise: pairs,
      columns: new Map(),
    };
  }
  const held = told(problem, promise === 'range, told');
  const verdict = checkCertificate(held, decision, decision.certificate);
  const audited = await audit(told(problem, false), decision);
  const auditedTold = await audit({ ...problem, policy: { ...problem.policy, protect: 'exact' } }, decision);
  const hidden = new Set(decision.suppressed);
  return {
    ...line,
    printed: cells.filter(({ id }) => !hidden.has(id)).length,
    ownPrinted: own.filter(({ id }) => !hidden.has(id)).length,
    failing: audited.exposed.length + verdict.exposed.length,
    failingTold: auditedTold.exposed.length,
    promise,
    columns: columnsOf(own, hidden),
  };
}

async function main(): Promise<void> {
  const folder = figuresFolder(join(__dirname, '..', '..', '..'));
  if (!folder) {
    console.log('there are no published figures beside the project; nothing was measured');
    return;
  }
  const [seed = 1, ...years] = process.argv.slice(2).map(Number);
  console.log(
    'table | region | year | cells | small | printed | of authorities’ cells | Department prints | failing | failing under told | seconds | promise',
  );
  for (const name of tableNames) {
    const byRegion = new Map<string, Line['columns'][]>();
    const total = { own: 0, ownPrinted: 0, department: 0, cells: 0, printed: 0 };
    for (const year of years.length > 0 ? years : [2023, 2024, 2025]) {
      for (const table of realTables(folder, name, year, seed)) {
        const line = await measure(table);
        const { cells, sensitive, printed, own, ownPrinted, department, failing, failingTold, seconds, promise } = line;
        console.log(
          [
            name,
            table.region,
            year,
            cells,
            sensitive,
            share(printed, cells),
            share(ownPrinted, own),
            share(department, own),
            failing,
            failingTold ?? '-',
            seconds.toFixed(1),
            promise,
          ].join(' | '),
        );
        if (promise.startsWith('refused')) continue;
        byRegion.set(table.region, [...(byRegion.get(table.region) ?? []), line.columns]);
        for (const key of ['own', 'ownPrinted', 'department', 'cells', 'printed'] as const) total[key] += line[key];
      }
    }
    printShares(name, byRegion);
    console.log(
      `${name}: ${share(total.printed, total.cells)} of all cells printed; of authorities' cells ${share(total.ownPrinted, total.own)}, the Department ${share(total.department, total.own)}`,
    );
  }
}

void main();
