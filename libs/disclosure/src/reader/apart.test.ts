import { canonical } from '@hub/kernel';
import * as fc from 'fast-check';
import { outerIntervals, printedTable, proofTogether, readersProof, tableAsPrinted, tablesApart } from '../index';
import { smallProblem } from '../small.builder';

const printed = fc
  .tuple(smallProblem({ zeros: ['printed', 'either'] }), fc.array(fc.nat(16), { minLength: 2, maxLength: 9 }))
  .map(([problem, picks]) => {
    const mayBeHidden = problem.cells.filter(({ value, locked }) => value > 0 && locked === undefined);
    const suppressed = mayBeHidden.filter((_, i) => picks.includes(i)).map(({ id }) => id);
    return printedTable(problem, { suppressed });
  });

/** Two tables of small problems side by side: they have nothing in common. */
const sideBySide = fc.tuple(printed, printed).map((tables) =>
  tableAsPrinted({
    cells: tables.flatMap(({ cells }, i) => cells.map((cell) => ({ ...cell, id: `${i} ${cell.id}` }))),
    equations: tables.flatMap(({ equations }, i) =>
      equations.map((one) => ({ ...one, total: `${i} ${one.total}`, parts: one.parts.map((id) => `${i} ${id}`) })),
    ),
    ranges: tables.flatMap(({ ranges }, i) =>
      ranges.map((one) => ({ ...one, terms: one.terms.map(([id, factor]) => [`${i} ${id}`, factor] as const) })),
    ),
  }),
);

test('what is worked out of the parts of a table is what is worked out of the whole, byte for byte', async () => {
  let apart = 0;
  await fc.assert(
    fc.asyncProperty(sideBySide, async (table) => {
      const parts = tablesApart(table);
      if (parts.length > 1) apart++;
      const hidden = (cells: typeof table.cells) => cells.flatMap((cell) => ('hidden' in cell ? [cell.id] : [])).sort();
      expect(parts.flatMap(({ cells }) => hidden(cells)).sort()).toEqual(hidden(table.cells));
      const intervals = await Promise.all(parts.map((part) => outerIntervals(part)));
      expect(Object.assign({}, ...intervals)).toEqual(await outerIntervals(table));
      const whole = await readersProof(table).catch(() => null);
      const proofs = await Promise.all(parts.map((part) => readersProof(part))).catch(() => null);
      expect(canonical(proofs && proofTogether(proofs))).toBe(canonical(whole));
    }),
    { numRuns: 80, seed: 1 },
  );
  expect(apart).toBeGreaterThan(40);
});
