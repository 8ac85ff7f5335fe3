import { join } from 'node:path';
import { audit, checkCertificate, parseProblem, protect } from './index';
import { figuresFolder, realTables } from './real-figures.builder';

/* A sample of `npm run figures:disclosure`; skipped, counted and named where the published figures are absent. */

const folder = figuresFolder(join(__dirname, '..', '..', '..'));
const named = folder ? test : test.skip;

named('published tables of the North East, filled: protected, audited, and most of each is printed', async () => {
  for (const name of ['children in need', 'plans by duration', 'conferences by days'] as const) {
    const table = realTables(folder!, name, 2025, 1).find(({ region }) => region === 'E12000001')!;
    const problem = parseProblem({ ...table.problem, policy: { ...table.problem.policy, told: false } });
    const decision = await protect(problem);
    if (decision.status !== 'protected') throw new Error(`${name} is refused`);
    expect(checkCertificate(problem, decision, decision.certificate).status).toBe('safe');
    expect((await audit(problem, decision)).exposed).toEqual([]);
    const share = Object.keys(decision.published).length / problem.cells.filter(({ locked }) => !locked).length;
    expect([name, share > 0.7]).toEqual([name, true]);
  }
});

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
