import { parsePeriod, periodsUntil } from '@hub/kernel';
import type { KnownPeriod } from '@hub/publications/domain';
import { gapsIn, nothingPublished } from './published';

const at = new Date('2026-07-12T23:30:00Z');
const known = (period: string, isWithdrawn = false, dataset = 'safeguarding-annual'): KnownPeriod => ({
  dataset,
  period,
  withdrawn: isWithdrawn ? { at, because: 'figuresWrong' } : null,
});
const years = [known('2022-FY'), known('2024-FY'), known('2023-FY', true)];

test('a withdrawn period says since when and why, and which periods there are, the newest first', () => {
  const refusal = nothingPublished(parsePeriod('2023-FY'), years);
  expect([refusal.code, refusal.facts]).toEqual([
    'NOTHING_PUBLISHED',
    { period: '2023-FY', since: at.toISOString(), because: 'figuresWrong', published: '2024-FY, 2022-FY' },
  ]);
});

test('a period that never was says which there are: of its kind, or where there is none of any', () => {
  const quarters = ['2024-Q1', '2024-Q3', '2024-Q2'].map((period) => known(period, false, 'safeguarding-quarterly'));
  const publishedOf = (period: string, all: readonly KnownPeriod[]) =>
    nothingPublished(parsePeriod(period), all).facts['published'];
  expect(publishedOf('2019-Q1', [...years, ...quarters])).toBe('2024-Q3, 2024-Q2, 2024-Q1');
  expect(publishedOf('2019-Q1', years)).toBe('2024-FY, 2022-FY');
  expect(nothingPublished(parsePeriod('2019-Q1'), []).facts).toEqual({ period: '2019-Q1' });
});

/** Of a reader of the region where nothing else is said. */
const looked = (...seen: string[]) => ({ seen: new Set(seen), uncollected: new Set<string>(), belongs: true });
const periods = periodsUntil(parsePeriod('2024-FY'), 6);

test('each gap of a line is told with its reason, and all before the first known period together', () => {
  const all = [...years, known('2021-FY')];
  expect(gapsIn(periods, all, looked('2024-FY', '2021-FY'))).toEqual([
    'Nothing before 2021-FY has been published.',
    '2022-FY: nothing of it is shown to you.',
    '2023-FY: withdrawn on 2026-07-13, because some of its figures are wrong.',
  ]);
  expect(gapsIn(periods, [known('2020-FY'), known('2022-FY')], looked('2020-FY', '2022-FY'))).toEqual([
    'Nothing before 2020-FY has been published.',
    '2021-FY: nothing is published.',
    '2023-FY: nothing is published.',
    '2024-FY: nothing is published.',
  ]);
  expect(gapsIn(periods.slice(-1), years, looked('2024-FY'))).toEqual([]);
});

test('where something was published before the periods that are looked at, each one without is told by itself', () =>
  expect(gapsIn(periods.slice(-4), [known('2018-FY'), known('2023-FY')], looked('2023-FY'))).toEqual([
    '2021-FY: nothing is published.',
    '2022-FY: nothing is published.',
    '2024-FY: nothing is published.',
  ]));

test('a reader from elsewhere is told of what is open to them, not of what is published', () =>
  expect(
    gapsIn(periods, [known('2021-FY'), known('2023-FY')], { ...looked('2021-FY', '2023-FY'), belongs: false }),
  ).toEqual([
    'Nothing before 2021-FY is open to you.',
    '2022-FY: nothing is open to you.',
    '2024-FY: nothing is open to you.',
  ]));

test('a period whose dataset had no such indicator is told apart from one that is not shown', () =>
  expect(
    gapsIn(periods.slice(-3), years, { ...looked('2024-FY'), uncollected: new Set(['2022-FY', '2023-FY']) }),
  ).toEqual([
    '2022-FY: this was not collected.',
    '2023-FY: withdrawn on 2026-07-13, because some of its figures are wrong.',
  ]));
