import * as fc from 'fast-check';
import { Refusal } from '@hub/kernel';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import type { ReturnedCell } from './own-figures';
import { indicatorsWanted, ownSeries, type OwnReturned } from './own-series';

const catalogue = loadCatalogue();
const [first, second] = ['1.0', '1.1'].map((version) => datasetOf(catalogue, 'local-measures', version));
const versions = [second!, first!];
const periods = ['2024-Q4', '2025-Q1', '2025-Q2', '2025-Q3'];
const value = (series: string, n: number): ReturnedCell => ({ series, kind: 'value', value: n });
const returned = (period: string, cells: readonly ReturnedCell[], more: Partial<OwnReturned> = {}): OwnReturned => ({
  ...{ period, cells, version: 1, dataset: second!, children: 20_000, comments: new Map<string, string>() },
  ...more,
});
const rate = (count: number, of: number, team = '') => [value(`LM01${team}#count`, count), value(`LM01${team}#of`, of)];

test('the total stands before its teams, each with count, denominator, value and change in every period', () => {
  const [one, ...none] = ownSeries(
    versions,
    periods,
    [
      returned('2024-Q4', rate(2, 30), { dataset: first! }),
      returned('2025-Q1', [...rate(9, 40), ...rate(5, 10, '|team=t02'), ...rate(4, 12, '|team=t01')]),
      returned('2025-Q3', [...rate(8, 40), ...rate(6, 12, '|team=t02')]),
    ],
    ['LM01', 'LM02'],
  );
  expect(none).toEqual([]);
  expect(one).toMatchObject({ indicator: { code: 'LM01', name: 'Own measure 1' }, unit: '%' });
  const shown = one!.lines.map(({ dimension, category, points }) => [
    dimension,
    category,
    ...points.map(({ count, of, value: v, countChange, valueChange }) => [count, of, v, countChange, valueChange]),
  ]);
  expect(shown).toEqual([
    [null, null, [9, 40, 22.5, 7, 15.8], [null, null, null, null, null], [8, 40, 20, null, null]],
    ['team', 't01', [4, 12, 33.3, null, null], [null, null, null, null, null], [null, null, null, null, null]],
    ['team', 't02', [5, 10, 50, null, null], [null, null, null, null, null], [6, 12, 50, null, null]],
  ]);
  expect(one!.lines[1]!.points.map(({ period, version, kind }) => [period, version, kind])).toEqual([
    ['2025-Q1', 1, 'value'],
    ['2025-Q2', null, null],
    ['2025-Q3', 1, null],
  ]);
});

test('a change is that of the values before they are rounded', () => {
  // 16.67 and 33.33: 16.7 and 33.3 would be 16.6 apart.
  const returns = [returned('2025-Q2', rate(1, 6)), returned('2025-Q3', rate(2, 6))];
  const [one] = ownSeries(versions, periods, returns, ['LM01']);
  expect(one!.lines[0]!.points[2]).toMatchObject({ value: 33.3, countChange: 1, valueChange: 16.7 });
});

test('a team’s rate is of all the children of the authority; without an estimate there is none', () => {
  const cells = [value('LM11#count', 9), value('LM11|team=t01#count', 3)];
  const shown = (children: number | undefined) =>
    ownSeries(versions, periods, [returned('2025-Q3', cells, { children })], ['LM11'])[0]!.lines.map(
      ({ points }) => points[2]!.value,
    );
  expect(shown(20_000)).toEqual([4.5, 1.5]);
  expect(shown(undefined)).toEqual([null, null]);
});

test('one breakdown or one category can be asked for: the total stands beside it', () => {
  const cells = [...rate(9, 40), ...rate(5, 10, '|team=t01'), ...rate(4, 12, '|team=t02')];
  const places = (breakdown: object) =>
    ownSeries(versions, periods, [returned('2025-Q3', cells)], ['LM01'], breakdown)[0]!.lines.map(
      (line) => line.category,
    );
  expect(places({ dimension: 'team' })).toEqual([null, 't01', 't02']);
  expect(places({ dimension: 'team', category: 't02' })).toEqual([null, 't02']);
  expect(places({ dimension: 'source' })).toEqual([null]);
});

test('comments tell what was counted, from when on; what a return does not count has no line', () => {
  const saying = (period: string, text: string, cells: readonly ReturnedCell[] = rate(1, 2)) =>
    returned(period, cells, { comments: new Map([['LM01', text]]) });
  const [one] = ownSeries(
    versions,
    periods,
    [saying('2025-Q1', 'Visits.'), saying('2025-Q2', 'Visits.'), saying('2025-Q3', 'Visits within five days.')],
    ['LM01'],
  );
  expect(one!.comments).toEqual([
    { since: '2025-Q3', text: 'Visits within five days.' },
    { since: '2025-Q1', text: 'Visits.' },
  ]);
  // The first period is there for changes alone.
  expect(ownSeries(versions, periods, [saying('2024-Q4', 'Visits.')], ['LM01'])).toEqual([]);
  // Deleted counts.
  expect(ownSeries(versions, periods, [saying('2025-Q3', 'Visits.', [])], ['LM01'])).toEqual([]);
});

test('across a change of what an own measure counts no change is told; a comment elsewhere says something of the figure', () => {
  const changes = (texts: readonly (string | undefined)[], indicator = 'LM01', dataset = second!) => {
    const returns = texts.map((text, i) =>
      returned(periods[i]!, [value(`${indicator}#count`, 9 - i), value(`${indicator}#of`, 40)], {
        dataset,
        comments: new Map(text === undefined ? [] : [[indicator, text]]),
      }),
    );
    const [one] = ownSeries([dataset], periods, returns, [indicator]);
    return one!.lines[0]!.points.map(({ countChange, valueChange }) => [countChange, valueChange]);
  };
  const told = [-1, -2.5];
  expect(changes(['Visits.', 'Visits.', 'Visits within five days.', 'Visits within five days.'])).toEqual([
    told,
    [null, null],
    told,
  ]);
  expect(changes(['Visits.', 'Visits.', undefined, undefined])).toEqual([told, [null, null], told]);
  const collected = catalogue.datasets.find(({ code }) => code === 'safeguarding-quarterly')!;
  const percent = collected.indicators.find(({ unit }) => unit === 'percent')!.code;
  expect(changes(['A.', 'B.', 'C.', undefined], percent, collected).map(([countChange]) => countChange)).toEqual([
    -1, -1, -1,
  ]);
});

test('counts are those that were sent, and their changes lead from each to the next', () => {
  const counts = fc.array(fc.option(fc.nat(500)), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(counts, (sent) => {
      const returns = sent.flatMap((count, i) =>
        count === null ? [] : [returned(periods[i]!, [value('LM11#count', count)])],
      );
      const points = ownSeries(versions, periods, returns, ['LM11'])[0]?.lines[0]!.points ?? [];
      points.forEach(({ count, countChange, valueChange }, i) => {
        expect(count).toBe(sent[i + 1]);
        const before = sent[i]!;
        expect(countChange).toBe(count === null || before === null ? null : count - before);
        if (countChange !== null) expect(Math.abs(valueChange! - countChange / 2)).toBeLessThanOrEqual(0.0501);
      });
      expect(points).toHaveLength(sent.slice(1).some((count) => count !== null) ? 3 : 0);
    }),
  );
});

test('indicators that are wanted are those that there are, with the breakdown that is asked for', () => {
  const workforce = [datasetOf(catalogue, 'workforce', '1.0')];
  expect(indicatorsWanted(versions, null, {})).toHaveLength(20);
  expect(indicatorsWanted(versions, ['LM11', 'LM01'], { dimension: 'team', category: 't60' })).toEqual([
    'LM01',
    'LM11',
  ]);
  // Not by name: those that have it.
  const byRole = indicatorsWanted(workforce, null, { dimension: 'role' });
  expect(byRole).toContain('WF01');
  expect(byRole.length).toBeLessThan(workforce[0]!.indicators.length);
  const without = workforce[0]!.indicators.find(({ code }) => !byRole.includes(code))!.code;
  const absent = (facts: Record<string, string>, ...asked: Parameters<typeof indicatorsWanted>) =>
    expect(() => indicatorsWanted(...asked)).toThrow(
      expect.objectContaining({ code: 'INDICATOR_ABSENT', facts }) as Refusal,
    );
  absent({}, workforce, ['WF01', without], { dimension: 'role' });
  absent({}, [first!], ['LM01'], { dimension: 'team' });
  absent({}, versions, null, { dimension: 'team', category: 't61' });
  absent({}, versions, null, { category: 't01' });
  absent({}, versions, null, { dimension: '__proto__' });
  absent({ nearest: 'LM09', names: 'LM09 Own measure 9' }, versions, ['LM01', 'LM99'], {});
});
