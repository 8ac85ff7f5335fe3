import fc from 'fast-check';
import { allSeries, type Dataset } from '@hub/registry/domain';
import { indicatorsCounted, isLate, standingsOfReturn, type CellStanding, lateSince } from './status';

const dataset = {
  dimensions: {
    source: {
      name: 'Source',
      categories: [
        { code: 'police', name: 'Police' },
        { code: 'health', name: 'Health' },
      ],
    },
  },
  indicators: [
    { code: 'RF01', denominator: { population: '0-17' }, breakdowns: [{ dimension: 'source', exhaustive: true }] },
    { code: 'AS02', denominator: { own: 'assessments' }, breakdowns: [] },
    { code: 'CN03', denominator: { population: '0-17' }, breakdowns: [{ dimension: 'source', exhaustive: true }] },
  ],
} as unknown as Dataset;
const count = (series: string, nil = false): CellStanding => ({ series, counted: true, nil });
const status = (series: string): CellStanding => ({ series, counted: false, nil: false });

test('without a return everything is missing, and everything is expected', () => {
  expect(standingsOfReturn(dataset, [])).toEqual([
    { indicator: 'RF01', state: 'missing', counted: false, expected: ['RF01', 'RF01|source'] },
    { indicator: 'AS02', state: 'missing', counted: false, expected: ['AS02'] },
    { indicator: 'CN03', state: 'missing', counted: false, expected: ['CN03', 'CN03|source'] },
  ]);
});

test('a nil is confirmed, a status is an answer, and a breakdown that was left out is still expected', () => {
  const cells = [
    ...[count('RF01#count'), count('RF01|source=police#count'), count('RF01|source=health#count', true)],
    ...[count('AS02#count', true), count('AS02#of')],
    status('CN03#count'),
  ];
  expect(standingsOfReturn(dataset, cells)).toEqual([
    { indicator: 'RF01', state: 'reported', counted: true, expected: [] },
    { indicator: 'AS02', state: 'confirmedNil', counted: true, expected: [] },
    { indicator: 'CN03', state: 'reported', counted: false, expected: [] },
  ]);
  expect(standingsOfReturn(dataset, [count('RF01#count')])[0]!.expected).toEqual(['RF01|source']);
});

test('how complete a return is does not change with which of its counts are nil', () => {
  const cell = fc.record({
    series: fc.constantFrom(...allSeries(dataset).map(({ key }) => key)),
    counted: fc.boolean(),
  });
  const cells = fc.uniqueArray(cell, { selector: ({ series }) => series });
  fc.assert(
    fc.property(cells, fc.infiniteStream(fc.boolean()), (given, nils) => {
      const withNils = given.map((one) => ({ ...one, nil: one.counted && nils.next().value === true }));
      const counted = standingsOfReturn(dataset, withNils).filter((one) => one.counted).length;
      expect(indicatorsCounted(withNils)).toBe(counted);
      expect(indicatorsCounted(given)).toBe(counted);
    }),
  );
});

test.each([
  ['sent on the due date', '2025-07-31T22:59:59Z', '2025-08-20T12:00:00Z', false],
  ['sent the day after', '2025-07-31T23:00:00Z', '2025-08-20T12:00:00Z', true],
  ['not sent, and not due yet', null, '2025-07-31T22:59:59Z', false],
  ['not sent, and due', null, '2025-07-31T23:00:00Z', true],
])('a return is late after the London midnight of its due date: %s', (_what, first, now, late) => {
  expect(isLate('2025-07-31', first === null ? null : new Date(first), new Date(now))).toBe(late);
  if (first === null) expect(lateSince('2025-07-31', new Date(now))).toBe(late ? '2025-08-01' : null);
});
