import type { Dataset } from '@hub/registry/domain';
import { byAge, indicator } from '../by-hand.builder';
import { byHand, cellsOf } from './book.builder';
import { rowsToLeaveOut, type Leaving, type Row } from './left-out';

const [north, south] = ['E06000001', 'E06000002'] as const;
const REGION = 'E12000001';

/** Plans by age, of which somebody else prints the total, and reviews of them; nobody prints anything of referrals. */
const dataset: Dataset = {
  ...byHand('quarter'),
  indicators: [
    indicator('CP01', {
      nationallyPublished: { by: 'the Department', threshold: 6, rounding: 0 },
      breakdowns: [byAge],
    }),
    indicator('CP03', { unit: 'percent', denominator: { indicator: 'CP01' }, breakdowns: [byAge] }),
    indicator('RF01', { breakdowns: [byAge] }),
    indicator('CL01', { breakdowns: [byAge] }),
  ],
};
const edition: Leaving = {
  dataset,
  // And of a year's care leavers.
  longer: (key) => (key === 'CL01#count' ? [{ period: '2025-FY', threshold: 6 }] : []),
  returns: new Map([north, south].map((one) => [one, cellsOf({ CP01: 9 })])),
  region: REGION,
  period: '2025-Q4',
};
const rows = (id: string, gone: readonly Row[] = []) =>
  rowsToLeaveOut(edition, [{ id, attacker: 'outsider', interval: [1, 1] }], gone).map(
    ({ authority, indicator: code, dimension }) => `${authority} ${code} ${dimension}`,
  );

test.each<[why: string, exposed: string, rows: string[]]>([
  [
    'a count of a total that others print takes its row',
    `${north}|CP01|age=old#count|2025-Q4|1`,
    [`${north} CP01 age`],
  ],
  ['so does one that is divided by it', `${north}|CP03|age=old#count|2025-Q4~rest|1`, [`${north} CP03 age`]],
  ['one of which nobody prints anything does not', `${north}|RF01|age=old#count|2025-Q4|1`, []],
  [
    'the region’s takes that of every authority',
    `${REGION}|CP03|age=old#count|2025-Q4~rest|1`,
    [`${north} CP03 age`, `${south} CP03 age`],
  ],
  ['another region’s takes none', 'E12000002|CP03|age=old#count|2025-Q4~rest|1', []],
  [
    'of an earlier quarter, which follows from the year, it is the year’s row',
    `${north}|CL01|age=old#count|2025-Q2|1`,
    [`${north} CL01 null`],
  ],
  ['and of this quarter its own', `${north}|CL01|age=old#count|2025-Q4|1`, [`${north} CL01 age`]],
])('%s', (_, exposed, expected) => {
  expect(rows(exposed)).toEqual(expected);
});

test('a row that is gone already is not named again: what others print around it is the next', () => {
  const gone: Row[] = [{ authority: north, indicator: 'CP03', dimension: 'age' }];
  const exposed = `${REGION}|CP03|age=old#count|2025-Q4~rest|1`;
  expect(rows(exposed, gone)).toEqual([`${north} CP01 null`, `${south} CP03 age`]);
  const all = rowsToLeaveOut(edition, [{ id: exposed, attacker: 'outsider', interval: [1, 1] }], gone);
  expect(rows(exposed, [...gone, ...all])).toEqual([`${south} CP01 null`]);
  expect(rows(exposed, [...gone, ...all, { authority: south, indicator: 'CP01', dimension: null }])).toEqual([]);
});

test('where an earlier quarter follows from the years of the others, their rows go', () => {
  const gone: Row[] = [
    { authority: north, indicator: 'CL01', dimension: null },
    { authority: north, indicator: 'CL01', dimension: 'age' },
  ];
  expect(rows(`${north}|CL01|age=old#count|2025-Q2|1`, gone)).toEqual([`${south} CL01 null`]);
});
