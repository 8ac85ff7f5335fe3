import * as fc from 'fast-check';
import { fallen } from '../brute-force.builder';
import { Cover, bitsOf } from '../cover';
import { Deadline } from '../deadline';
import { audit, type Problem } from '../index';
import { splitIntoParts } from '../parts';
import { rulesOf } from '../protect';
import { smallProblem } from '../small.builder';
import { Spaces } from './spaces';
import { whyNot } from './why';

/** Counts are tried up to so many over the true ones. */
const ABOVE = 4;

interface Demanded {
  readonly pair: string;
  readonly isTold: boolean;
  /** Everything that may be hidden but what is demanded. */
  readonly suppressed: readonly string[];
}

/** What each pair demands that fails where so much is hidden. */
function demandsOf(problem: Problem, isPicked: (at: number) => boolean): Demanded[] {
  const may = problem.cells
    .filter(({ locked }) => locked !== 'published' && locked !== 'unpublished')
    .filter(({ value }) => value > 0 || problem.policy.zeros !== 'printed');
  const rules = rulesOf(problem);
  return splitIntoParts(problem).parts.flatMap((part) => {
    const cover = new Cover(part, rules);
    part.ids.forEach((_, cell) => {
      if (isPicked(cell)) cover.hide(cell);
    });
    const spaces = new Spaces(part, cover, Deadline.none);
    // One of them is printed again once the spaces are made, as in a search.
    for (let bit = 0; bit < part.attackers.length; bit++) spaces.of(bit);
    for (const cell of cover.complementary().slice(0, 1)) cover.print(cell);
    return cover.sensitiveCells().flatMap((cell) =>
      rules.flatMap((rule) =>
        bitsOf(cover.strangers(cell)).flatMap((bit) => {
          const demand = whyNot(spaces.of(bit), cover, cell, rule)?.map((each) => part.ids[each]!);
          if (demand === undefined) return [];
          const suppressed = may.filter(({ id }) => !demand.includes(id)).map(({ id }) => id);
          return part.attackers[bit]!.map((attacker) => ({
            pair: `${part.ids[cell]!} ${attacker}`,
            isTold: rule.told && rule.wide === false && problem.policy.told,
            suppressed,
          }));
        }),
      ),
    );
  });
}

test('while all that is demanded is printed, the pair falls, whatever else is hidden', async () => {
  const met = { demands: 0, listed: 0 };
  await fc.assert(
    fc.asyncProperty(smallProblem(), fc.array(fc.nat(16), { maxLength: 7 }), async (problem, picks) => {
      for (const { pair, isTold, suppressed } of demandsOf(problem, (at) => picks.includes(at)).slice(0, 6)) {
        met.demands++;
        const { exposed } = await audit(problem, { suppressed });
        expect(exposed.map(({ id, attacker }) => `${id} ${attacker}`)).toContain(pair);
        // The auditor is held against the list of every table elsewhere; here a few are listed too, as far as that is short.
        if (suppressed.length > 9 || met.listed >= 60) continue;
        met.listed++;
        expect(fallen(problem, suppressed, ABOVE, isTold)).toContain(pair);
      }
    }),
    { numRuns: 150, seed: 51 },
  );
  expect(met.demands).toBeGreaterThan(200);
  expect(met.listed).toBeGreaterThan(20);
});
