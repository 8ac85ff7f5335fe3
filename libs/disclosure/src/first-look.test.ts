import * as fc from 'fast-check';
import { protect, type Decision, type Exposure } from './index';
import { smallProblem } from './small.builder';

const pairsOf = (exposed: readonly Exposure[]) => exposed.map(({ id, attacker }) => `${id} ${attacker}`);
const exposedIn = (decision: Decision) => (decision.status === 'refused' ? decision.exposed : []);

test('a first look says of nothing that it is lost which is not, and changes no other answer', async () => {
  const met = { protected: 0, lost: 0, some: 0 };
  await fc.assert(
    fc.asyncProperty(smallProblem(), async (problem) => {
      const whole = await protect(problem);
      const looked = await protect(problem, { firstLook: true });
      expect(looked.status).toBe(whole.status);
      if (looked.status === 'protected' && whole.status === 'protected') {
        expect(looked.suppressed).toEqual(whole.suppressed);
        met.protected++;
      }
      const [some, all] = [pairsOf(exposedIn(looked)), pairsOf(exposedIn(whole))];
      expect(all).toEqual(expect.arrayContaining(some));
      if (all.length) met.lost++;
      if (some.length && some.length < all.length) met.some++;
    }),
    { numRuns: 80, seed: 20_261_126 },
  );
  expect(Math.min(...Object.values(met))).toBeGreaterThan(0);
});

test('one attacker is enough for a cell, and an interval that is too narrow tells as much as a point', async () => {
  // Seven of three together, each at least 1: whatever is hidden, the 5 stays from 1 to 5 and never reaches 6.
  const decision = await protect(
    {
      cells: [
        ...['a', 'b', 'c'].map((owner, i) => ({ id: owner, value: [5, 1, 1][i]!, owner })),
        { id: 't', value: 7, locked: 'published' },
      ],
      equations: [{ total: 't', parts: ['a', 'b', 'c'] }],
      ranges: [],
      attackers: [],
      policy: { threshold: 6, zeros: 'printed', protect: 'range', told: false, insiders: true },
    },
    { firstLook: true },
  );
  expect(exposedIn(decision).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(exposedIn(decision)[0]!.interval).toEqual([1, 5]);
});
