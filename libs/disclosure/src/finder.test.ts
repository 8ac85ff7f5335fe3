import * as fc from 'fast-check';
import { audit, protect, type Decision } from './index';
import { Simplex } from './simplex';
import { smallProblem } from './small.builder';

const exposedIn = (decision: Decision) =>
  decision.status === 'refused' ? decision.exposed.map(({ id, attacker }) => `${id} ${attacker}`) : [];

test('where our simplex runs out of steps, the other solver saves the same tables and loses the same pairs', async () => {
  const met = { protected: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(smallProblem(), async (problem) => {
      const usual = await protect(problem);
      const solve = jest.spyOn(Simplex.prototype, 'solve').mockReturnValue('steps ran out');
      let elsewhere: Decision;
      try {
        elsewhere = await protect(problem);
      } finally {
        solve.mockRestore();
      }
      expect(elsewhere.status).toBe(usual.status);
      expect(exposedIn(elsewhere)).toEqual(exposedIn(usual));
      if (elsewhere.status === 'protected')
        expect((await audit(problem, { suppressed: elsewhere.suppressed })).status).toBe('safe');
      met[elsewhere.status]++;
    }),
    { numRuns: 60, seed: 20_261_126 },
  );
  expect(Math.min(...Object.values(met))).toBeGreaterThan(5);
});
