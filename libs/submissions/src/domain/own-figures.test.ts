import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { changesBetween, ownFigures, type ReturnedCell } from './own-figures';

const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const value = (series: string, n: number): ReturnedCell => ({ series, kind: 'value', value: n });
const cells = [
  value('WF04#of', 100),
  value('WF04#count', 1505),
  value('RF02#count', 30),
  value('RF01|source=police#count', 40),
  value('RF01#count', 120),
  { series: 'CP01#count', kind: 'notCollected', value: null },
] as const;

test('own figures stand as they are printed: rates, percentages and means, in the order of the dataset', () => {
  const shown = ownFigures(dataset, cells, 20_000);
  expect(
    shown.map(({ indicator, categories, kind, count, of, value: measured, unit }) => [
      indicator,
      categories,
      kind,
      count,
      of,
      measured,
      unit,
    ]),
  ).toEqual([
    ['RF01', {}, 'value', 120, null, 60, 'per 10,000'],
    ['RF01', { source: 'police' }, 'value', 40, null, 20, 'per 10,000'],
    ['RF02', {}, 'value', 30, 120, 25, '%'],
    ['CP01', {}, 'notCollected', null, null, null, 'per 10,000'],
    ['WF04', {}, 'value', 150.5, 10, 15.1, 'average'],
  ]);
});

test('without an estimate there is no rate, and without a denominator no percentage', () => {
  const rates = ownFigures(dataset, [value('RF01#count', 120)], undefined);
  expect(rates[0]).toMatchObject({ count: 120, value: null });
  expect(ownFigures(dataset, [value('RF02#count', 30)], 20_000)[0]).toMatchObject({ of: null, value: null });
});

test('what changed is what two versions say otherwise, counts that came or went too', () => {
  const after = [
    ...cells.filter(({ series }) => !['RF01#count', 'RF02#count', 'CP01#count', 'WF04#of'].includes(series)),
    value('RF01#count', 121),
    value('CP01#count', 0),
    value('WF04#of', 105),
  ];
  expect(changesBetween(dataset, cells, after)).toEqual([
    { indicator: 'RF01', categories: {}, ofDenominator: false, before: 120, after: 121 },
    { indicator: 'RF02', categories: {}, ofDenominator: false, before: 30, after: null },
    { indicator: 'CP01', categories: {}, ofDenominator: false, before: null, after: 0 },
    { indicator: 'WF04', categories: {}, ofDenominator: true, before: 10, after: 10.5 },
  ]);
  expect(changesBetween(dataset, cells, [...cells].reverse())).toEqual([]);
});
