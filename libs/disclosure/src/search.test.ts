import * as fc from 'fast-check';
import { audit, protect, type Problem, type Proved } from './index';
import { fallenUnder, isGuarded } from './brute-force.builder';
import { smallProblem } from './small.builder';

/** Counts are tried up to so many over the true ones; see every-table.test.ts. */
const ABOVE = 10;

/** Whether some further cells, one fewer than so many, would do. The auditor answers first, the list of every table decides. */
async function fewerWouldDo(problem: Problem, many: number): Promise<boolean> {
  const { cells, policy } = problem;
  const always = cells.filter((cell) => cell.locked === 'suppressed' || isGuarded(cell, policy)).map(({ id }) => id);
  const may = cells
    .filter(
      ({ id, value, locked }) =>
        locked === undefined && !always.includes(id) && (value > 0 || policy.zeros !== 'printed'),
    )
    .map(({ id }) => id);
  const choose = async (from: number, chosen: readonly string[]): Promise<boolean> => {
    if (chosen.length === many - 1) {
      const suppressed = [...always, ...chosen];
      const seen = await audit(problem, { suppressed });
      return seen.status === 'safe' && fallenUnder(problem, suppressed, ABOVE).length === 0;
    }
    for (let at = from; at < may.length; at++) if (await choose(at + 1, [...chosen, may[at]!])) return true;
    return false;
  };
  return choose(0, []);
}

/** What somebody must not learn, and what an earlier release hid: hidden whatever is decided. */
const alwaysHidden = ({ cells, policy }: Problem) =>
  cells.filter((cell) => cell.locked === 'suppressed' || isGuarded(cell, policy)).length;

test('where an answer is proved to be the cheapest, no set of fewer cells is safe; of small tables nearly all are', async () => {
  const met = { proved: 0, not: 0 };
  await fc.assert(
    fc.asyncProperty(smallProblem(), async (problem) => {
      const parts: Proved[] = [];
      const decision = await protect(problem, {}, (part) => parts.push(part));
      if (decision.status === 'refused' || problem.cells.length > 20) return;
      const many = decision.suppressed.length - alwaysHidden(problem);
      if (many < 1 || many > 4) return;
      for (const { cost, bound, isCheapest } of parts) {
        expect(bound).toBeLessThan(cost + 1e-6);
        expect(isCheapest).toBe(bound > cost - 1e-6);
      }
      if (parts.some(({ isCheapest }) => !isCheapest)) met.not++;
      else {
        met.proved++;
        expect(await fewerWouldDo(problem, many)).toBe(false);
      }
    }),
    { numRuns: 60, seed: 50 },
  );
  expect(met.proved).toBeGreaterThan(9);
  expect(met.not).toBeLessThan(3);
});

test('of a small table no more is hidden than the best of all sets of cells hides', async () => {
  let met = 0;
  await fc.assert(
    fc.asyncProperty(smallProblem(), async (problem) => {
      const decision = await protect(problem);
      if (decision.status === 'refused' || problem.cells.length > 20) return;
      const many = decision.suppressed.length - alwaysHidden(problem);
      if (many < 1 || many > 3) return;
      met++;
      expect(await fewerWouldDo(problem, many)).toBe(false);
    }),
    { numRuns: 60, seed: 38 },
  );
  expect(met).toBeGreaterThan(10);
});
