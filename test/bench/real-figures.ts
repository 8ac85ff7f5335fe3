import { join } from 'node:path';
import { audit, checkCertificate, protectInThread, type Decision, type Problem } from '@hub/disclosure';
import { figuresFolder, realTables, tableNames, type RealTable } from '../../libs/disclosure/src/real-figures.builder';

/*
 * `npm run figures:disclosure`: protects published figures of every region and year, filled from a seed, and says how
 * much of each table is printed, beside what the Department prints of the same cells. Every release is audited.
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
    return { ...line, printed: 0, ownPrinted: 0, failing: 0, failingTold: undefined, promise: pairs };
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
  };
}

async function main(): Promise<void> {
  const folder = figuresFolder(join(__dirname, '..', '..', '..'));
  if (!folder) {
    console.log('there are no published figures beside the project; nothing was measured');
    return;
  }
  const [seed = 1, ...years] = process.argv.slice(2).map(Number);
  console.log('table | region | year | cells | small | printed | of authorities’ cells | Department prints | failing | failing under told | seconds | promise'); // prettier-ignore
  for (const name of tableNames) {
    const total = { own: 0, ownPrinted: 0, department: 0, cells: 0, printed: 0 };
    for (const year of years.length > 0 ? years : [2023, 2024, 2025]) {
      for (const table of realTables(folder, name, year, seed)) {
        const line = await measure(table);
        const { cells, sensitive, printed, own, ownPrinted, department, failing, failingTold, seconds, promise } = line;
        console.log(
          [name, table.region, year, cells, sensitive, share(printed, cells), share(ownPrinted, own), share(department, own), failing, failingTold ?? '-', seconds.toFixed(1), promise].join(' | '), // prettier-ignore
        );
        if (promise.startsWith('refused')) continue;
        for (const key of ['own', 'ownPrinted', 'department', 'cells', 'printed'] as const) total[key] += line[key];
      }
    }
    console.log(
      `${name}: ${share(total.printed, total.cells)} of all cells printed; of authorities' cells ${share(total.ownPrinted, total.own)}, the Department ${share(total.department, total.own)}`, // prettier-ignore
    );
  }
}

void main();
