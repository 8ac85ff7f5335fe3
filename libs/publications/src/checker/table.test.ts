import {
  faultInReadersProof,
  outerIntervals,
  printedTable,
  readersProof,
  tableAsPrinted,
  type ReadersTable,
} from '@hub/disclosure';
import * as fc from 'fast-check';
import { byHand, cellsOf, HubInMemory } from '../domain/book/book.builder';
import { aReturn, authorities, dataset, indicator, policy } from '../domain/by-hand.builder';
import { compile, protectedFigures } from '../domain/compile';
import type { PublicationDocument } from '../domain/document';
import { toPrinted } from '../domain/figure';
import { nameOfFigure, tableOf } from './table';

/** A publication of some returns in which small counts are hidden, and others picked at random. */
const published = fc
  .record({
    returns: fc.tuple(aReturn, aReturn, aReturn),
    sent: fc.integer({ min: 1, max: 3 }),
    zeros: fc.constantFrom('printed', 'either', 'hidden'),
    isMarked: fc.boolean(),
    picks: fc.array(fc.nat(9), { minLength: 40, maxLength: 40 }),
  })
  .map(({ returns, sent, zeros, isMarked, picks }) => {
    const mark = { by: 'the Department', threshold: 6, rounding: 0 };
    const compiled = compile({
      dataset: isMarked
        ? { ...dataset, indicators: dataset.indicators.map((one) => ({ ...one, nationallyPublished: mark })) }
        : dataset,
      authorities,
      returns: new Map(authorities.slice(0, sent).map((name, i) => [name, returns[i]!])),
      policy: { ...policy, leastContributors: 2, zeros },
      attackers: [],
      ignoreNationalMarks: false,
    });
    const isHidden = ({ value, locked, sensitive }: (typeof compiled.problem.cells)[number], i: number) =>
      (value > 0 || zeros !== 'printed') && !locked && (sensitive || value < 6 || picks[i % 40]! < 5);
    const suppressed = compiled.problem.cells.filter(isHidden).map(({ id }) => id);
    const hidden = new Set(suppressed);
    const prints = Object.fromEntries(
      compiled.problem.cells.filter(({ id }) => !hidden.has(id)).map(({ id, value }) => [id, value]),
    );
    const document = {
      zeros,
      authorities,
      series: protectedFigures(compiled, prints).map(({ key, region, figures }) => ({
        key,
        region: toPrinted(region),
        figures: figures.map(toPrinted),
      })),
    } as unknown as PublicationDocument;
    return { compiled, suppressed, document };
  });

/** What a table says of cells that the other does not have is taken from the equations in which they alone are new. */
function completed(table: ReadersTable, counts: Readonly<Record<string, number>>): Record<string, number> {
  const all: Record<string, number> = { ...counts };
  const value = (id: string) => {
    const cell = table.cells.find((one) => one.id === id)!;
    return 'hidden' in cell ? all[id] : cell.value;
  };
  for (const { total, parts } of table.equations) {
    const [rest, ...others] = parts.filter((id) => value(id) === undefined);
    if (rest === undefined || others.length) continue;
    all[rest] = parts.reduce((left, id) => left - (value(id) ?? 0), value(total)!);
  }
  return all;
}

test('the table read off a document is the one that was protected: each one’s proof holds in the other', async () => {
  let hidden = 0;
  await fc.assert(
    fc.asyncProperty(published, async ({ compiled, suppressed, document }) => {
      const made = printedTable(compiled.problem, { suppressed });
      const readOff = tableOf(document, dataset);
      const names = readOff.cells.flatMap((cell) => ('hidden' in cell ? [cell.id] : []));
      expect(names.sort()).toEqual([...suppressed].sort());

      const here = await readersProof(tableAsPrinted(readOff));
      const base = completed(made, here.base);
      const tables = here.tables.map((changes) => {
        const moved = Object.fromEntries(
          Object.entries(here.base).map(([id, count]) => [id, count + (changes[id] ?? 0)]),
        );
        const whole = completed(made, moved);
        return Object.fromEntries(
          Object.keys(base).flatMap((id) => (whole[id] === base[id] ? [] : [[id, whole[id]! - base[id]!]])),
        );
      });
      expect(faultInReadersProof(made, { ...here, base, tables })).toBeUndefined();

      const there = await readersProof(made);
      const only = (counts: Readonly<Record<string, number>>) =>
        Object.fromEntries(Object.entries(counts).filter(([id]) => names.includes(id)));
      const without = { ...there, base: only(there.base), tables: there.tables.map(only) };
      expect(faultInReadersProof(readOff, without)).toBeUndefined();
      expect(here.unshown).toEqual(there.unshown);
      expect(await outerIntervals(tableAsPrinted(readOff))).toEqual(await outerIntervals(made));
      hidden += names.length;
    }),
    { numRuns: 30, seed: 11 },
  );
  expect(hidden).toBeGreaterThan(500);
});

test('a figure has a name that can be read aloud', () => {
  expect(nameOfFigure('E06000001|CP01|duration=2-years-or-more#count')).toBe(
    'CP01 duration=2-years-or-more of E06000001',
  );
  expect(nameOfFigure('region|SV01#of')).toBe('SV01 (denominator) of region');
});

test('where categories are told together the document’s own table gives the intervals: what was compiled knows more than it says', async () => {
  const bySource = { dimension: 'source', exhaustive: true } as const;
  const shares = { unit: 'percent', denominator: { indicator: 'RF01' }, breakdowns: [bySource] } as const;
  const quarter = byHand('quarter', {
    indicators: [indicator('RF01', { breakdowns: [bySource] }), indicator('RF02', shares)],
  });
  const level = [{ dimension: 'source', indicators: ['RF01', 'RF02'], categories: ['health', 'school'], label: '' }];
  const returns = {
    E06000001: cellsOf({
      RF01: 36,
      'RF01|source=police': 30,
      'RF01|source=health': 4,
      'RF01|source=school': 2,
      RF02: 13,
      'RF02|source=police': 9,
      'RF02|source=health': 3,
      'RF02|source=school': 1,
    }),
    E06000002: cellsOf({
      RF01: 38,
      'RF01|source=police': 35,
      'RF01|source=health': 2,
      'RF01|source=school': 1,
      RF02: 7,
      'RF02|source=police': 5,
      'RF02|source=health': 1,
      'RF02|source=school': 1,
    }),
    E06000003: cellsOf({
      RF01: 41,
      'RF01|source=police': 33,
      'RF01|source=health': 5,
      'RF01|source=school': 3,
      RF02: 12,
      'RF02|source=police': 6,
      'RF02|source=health': 4,
      'RF02|source=school': 2,
    }),
  };
  const edition = await new HubInMemory().publish({ dataset: quarter, period: '2025-Q1', returns, level });
  if (edition.status === 'refused') throw new Error('it can be protected');
  const series = protectedFigures(edition.compiled, edition.published).map(({ key, region, figures }) => ({
    key,
    region: toPrinted(region),
    figures: figures.map(toPrinted),
  }));
  const table = tableAsPrinted(tableOf({ zeros: 'printed', authorities: Object.keys(returns), series }, quarter));
  const { base, tables } = await readersProof(table);
  const outside = (intervals: Awaited<ReturnType<typeof outerIntervals>>) =>
    Object.keys(base).filter((id) => {
      const [least, most] = intervals[id]!;
      return [{}, ...tables].some((moved: Record<string, number>) => {
        const count = base[id]! + (moved[id] ?? 0);
        return count < least || count > (most ?? Infinity);
      });
    });
  const said = await outerIntervals(table);
  expect(outside(said)).toEqual([]);
  // A share of a category is no larger than the category, though neither is printed: these are narrower than what the document’s proof may show.
  const narrower = await outerIntervals(printedTable(edition.compiled.problem, { suppressed: edition.suppressed }));
  expect(Object.keys(base).filter((id) => narrower[id]!.join() !== said[id]!.join())).not.toEqual([]);
});
