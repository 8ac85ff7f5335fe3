import * as fc from 'fast-check';
import { parsePeriod } from '@hub/kernel';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import { validate } from './validate';

describe('an authority’s own measures by team', () => {
  const own = datasetOf(loadCatalogue(), 'local-measures', '1.1');
  const commentary = [{ indicator: 'LM01', text: 'Re-referrals. Team 1: the assessment team, team 2: the duty team.' }];
  const total = { indicator: 'LM01', count: 9, of: 40 };
  const team = (code: string, count: number, of = 10, indicator = 'LM01') => ({
    indicator,
    breakdown: { team: code },
    count,
    of,
  });
  const validated = (rows: readonly object[], version = own) =>
    validate({ rows, commentary }, version, { period: parsePeriod('2025-Q1') });
  const found = (rows: readonly object[], version = own) =>
    validated(rows, version).findings.map(({ rule, pointer }) => `${rule} ${pointer}`);

  test('are sent for the teams that there are', () => {
    expect(found([total, team('t01', 5), team('t60', 0)])).toEqual([]);
    expect(validated([total, team('t01', 5)]).cells).toContainEqual({
      series: 'LM01|team=t01#of',
      kind: 'value',
      value: 10n,
    });
  });

  test('sum to no more than the total, and there is one', () => {
    expect(found([total, team('t01', 5), team('t02', 4)])).toEqual([]);
    expect(found([total, team('t01', 5), team('t02', 5)])).toEqual(['parts-do-not-sum /rows/0/count']);
    expect(found([total, team('t01', 5, 20), team('t02', 4, 21)])).toEqual(['parts-do-not-sum /rows/0/of']);
    expect(found([team('t01', 5)])).toEqual(['row-missing /rows']);
    // All sixty no less than some: what belongs to none of them stands in the total alone.
    const sixty = (of: number) =>
      Array.from({ length: 60 }, (_, i) =>
        team(`t${String(i + 1).padStart(2, '0')}`, i === 0 ? 8 : 0, i === 0 ? of : 0),
      );
    expect(found([total, ...sixty(39)])).toEqual([]);
    expect(found([total, ...sixty(41)])).toEqual(['parts-do-not-sum /rows/0/of']);
  });

  test('name a team of the sixty, in a measure that has teams', () => {
    expect(found([total, team('t61', 5)])).toEqual(['unknown-category /rows/1/breakdown/team']);
    expect(found([total, team('Anna’s', 5)])).toEqual(['unknown-category /rows/1/breakdown/team']);
    expect(JSON.stringify(validated([total, team('Anna’s', 5)]).findings)).not.toContain('Anna');
    const earlier = datasetOf(loadCatalogue(), 'local-measures', '1.0');
    expect(found([total, team('t01', 5)], earlier)).toEqual(['unknown-breakdown /rows/1/breakdown']);
  });

  test('are as whole as ever where a collection is added up', () => {
    expect(found([total, team('t01', 5)], { ...own, aggregated: true })).toContain('breakdown-incomplete /rows/1');
  });

  test('whatever teams are sent, it is taken exactly when they are no more than the total', () => {
    const some = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(9)), { selector: ([i]) => i });
    const all = fc
      .array(fc.nat(2), { minLength: 60, maxLength: 60 })
      .map((counts) => counts.map((n, i): [number, number] => [i + 1, n]));
    const counts = fc.oneof(some, all);
    fc.assert(
      fc.property(counts, fc.nat(60), (teams, whole) => {
        const rows = [
          { indicator: 'LM11', count: whole },
          ...teams.map(([i, count]) => ({
            indicator: 'LM11',
            breakdown: { team: `t${String(i).padStart(2, '0')}` },
            count,
          })),
        ];
        const { findings } = validate({ rows, commentary: [{ indicator: 'LM11', text: 'Visits.' }] }, own, {
          period: parsePeriod('2025-Q1'),
        });
        const sum = teams.reduce((all, [, count]) => all + count, 0);
        expect(findings.some(({ severity }) => severity === 'error')).toBe(sum > whole);
      }),
    );
  });
});
