import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit, checkCertificate, parseProblem, protect, type Problem } from './index';
import { figuresFolder, realTables } from './real-figures.builder';

/* A sample of `npm run figures:disclosure`; skipped, counted and named where the published figures are absent. */

const root = join(__dirname, '..', '..', '..');
const folder = figuresFolder(root);
const named = folder ? test : test.skip;
const untold = (problem: Problem) => parseProblem({ ...problem, policy: { ...problem.policy, told: false } });

named('published tables of the North East, filled: protected, and audited', async () => {
  for (const name of ['children in need', 'plans by duration', 'conferences by days'] as const) {
    const table = realTables(folder!, name, 2025, 1).find(({ region }) => region === 'E12000001')!;
    const problem = untold(table.problem);
    const decision = await protect(problem);
    if (decision.status !== 'protected') throw new Error(`${name} is refused`);
    expect(checkCertificate(problem, decision, decision.certificate).status).toBe('safe');
    expect((await audit(problem, decision)).exposed).toEqual([]);
  }
});

/** The share of a table that docs/disclosure-control.md says is printed, in percent. */
function saidOf(name: string): number {
  const page = readFileSync(join(root, 'docs/disclosure-control.md'), 'utf8');
  return Number(new RegExp(`^\\| ${name}[^|]*\\|[^|]*\\|[^|]*\\| *([\\d.]+) % \\|`, 'm').exec(page)![1]);
}

// The fourth table of the page takes too long for here.
named.each(['children in need', 'plans by duration', 'conferences by days'] as const)(
  'of %s in all regions as much is printed as the page says, within a point',
  async (name) => {
    const all = { cells: 0, printed: 0 };
    for (const { problem } of realTables(folder!, name, 2025, 1)) {
      const told = await protect(parseProblem(problem));
      const decision = told.status === 'refused' ? await protect(untold(problem)) : told;
      if (decision.status !== 'protected') throw new Error(`${name} is refused`);
      const cells = problem.cells.filter(({ locked }) => locked !== 'unpublished');
      const hidden = new Set(decision.suppressed);
      all.cells += cells.length;
      all.printed += cells.filter(({ id }) => !hidden.has(id)).length;
    }
    expect(Math.abs((100 * all.printed) / all.cells - saidOf(name))).toBeLessThan(1);
  },
  240_000,
);

named('what the Department prints is kept, what it hides is filled with small counts, and every sum is met', () => {
  const [first, second] = [1, 2].map((seed) => realTables(folder!, 'looked after', 2025, seed));
  for (const { problem, departments } of first!) {
    parseProblem(problem); // every equation is met
    const hidden = problem.cells.filter(({ id, owner }) => owner && id.startsWith(owner) && !departments.has(id));
    expect(hidden.filter(({ value }) => value >= 1 && value <= 5).length).toBeGreaterThanOrEqual(hidden.length / 2);
  }
  const counts = (tables: typeof first) => tables!.flatMap(({ problem }) => problem.cells.map(({ value }) => value));
  expect(counts(first)).not.toEqual(counts(second));
});
