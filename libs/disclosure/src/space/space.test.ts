import * as fc from 'fast-check';
import { Deadline } from '../deadline';
import { MoveFinder } from '../finder';
import { loadSolver } from '../highs';
import { changeAt } from '../moves';
import { splitIntoParts } from '../parts';
import { Spaces } from './spaces';
import { smallProblem } from '../small.builder';

/*
 * What a space says of a cell, after any history of hiding and printing, is held to whole-number programs over the hidden
 * cells: it must not call impossible what they find, nor find what they call impossible.
 */
test('a space knows how far a cell can go, whatever was hidden and printed before', async () => {
  const solver = await loadSolver();
  const met = { found: 0, impossible: 0, undecided: 0 };
  fc.assert(
    fc.property(smallProblem(), fc.array(fc.nat(2 ** 20), { minLength: 1, maxLength: 5 }), (problem, masks) => {
      for (const part of splitIntoParts(problem).parts) {
        const hidden = part.hidden.slice();
        const hiding = { hidden, flips: 0 };
        const spaces = new Spaces(part, hiding, Deadline.none);
        // Each with all its cells hidden, with one of them printed, as in a try, and with all of them hidden again.
        for (const mask of masks.flatMap((each) => [each, each & (each - 1), each])) {
          hiding.flips++;
          for (let cell = 0; cell < hidden.length; cell++) hidden[cell] = part.hidden[cell]! | ((mask >> cell) & 1);
          const open = [...hidden.keys()].filter((cell) => hidden[cell]);
          const finder = new MoveFinder(solver, part, open);
          // Of two cells the second is asked from where the first was left.
          for (let asked = 0; asked < 2 * part.attackers.length; asked++) {
            const bit = asked >> 1;
            const space = spaces.of(bit);
            const avoid = new Uint32Array(part.words);
            avoid[bit >> 5] = 1 << (bit & 31);
            const cell = open[(mask + asked) % open.length]!;
            for (const direction of [1, -1] as const) {
              for (const told of [false, true]) {
                const { bound, move } = space.reach(cell, direction, 3, told);
                const wanted = { cell, direction, amount: 3, furthest: true, avoid, hidden, mayHide: false, told };
                const whole = finder.findWhole(wanted);
                if (move) {
                  met.found++;
                  expect(Math.abs(changeAt(move, cell))).toBeGreaterThanOrEqual(1);
                  expect(changeAt(move, cell) * direction).toBeLessThanOrEqual(6 * bound + 1e-6);
                  expect(move.told || !told).toBe(true);
                  expect(move.touch[bit >> 5]! & (1 << (bit & 31))).toBe(0);
                  expect([...move.cells].every((each) => hidden[each] === 1)).toBe(true);
                  expect(whole).not.toBe('impossible');
                } else if (bound < 1 - 1e-6) {
                  met.impossible++;
                  expect(whole).toBe('impossible');
                } else met.undecided++;
                if (typeof whole !== 'string') {
                  expect(space.moves(cell)).toBe(true);
                  expect(bound).toBeGreaterThanOrEqual(changeAt(whole, cell) * direction - 1e-6);
                }
              }
            }
          }
        }
      }
    }),
    { numRuns: 20, seed: 7 },
  );
  expect(Math.min(met.found, met.impossible)).toBeGreaterThan(200);
  expect(met.undecided).toBeLessThan(met.found / 50);
});
