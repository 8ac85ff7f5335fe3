import { Endings, seriesOfPattern, type Ending } from './endings';
import type { Pattern } from './patterns';

const pattern = {
  indicator: { code: 'RF01' },
  categories: { source: 'police' },
  authority: 'E06000001',
  rule: 'run',
  direction: 'up',
  since: '2023-Q1',
  period: '2025-Q1',
} as unknown as Pattern;
const ending = (over: Partial<Ending>): Ending => ({
  series: seriesOfPattern(pattern),
  authority: 'E06000001',
  rule: 'outside',
  direction: 'up',
  since: '2023-Q1',
  until: '2024-Q4',
  end: 'support',
  reason: 'A visit is agreed.',
  role: 'regional-lead',
  of: 'E12000001',
  at: new Date(0),
  ...over,
});

test('what was told of the same line while it lasts is told again, the newest first', () => {
  // Told as beyond a limit; the limits are wider now, and it is a run, since the same quarter.
  const [newer, older] = [ending({ end: 'none' }), ending({})];
  expect(new Endings([newer, older]).of(pattern)).toEqual([newer, older]);
});

test.each<[string, Partial<Ending>, Partial<Pattern>]>([
  ['since a later period, for limits have moved', {}, { since: '2024-Q3' }],
  ['since an earlier one', {}, { since: '2022-Q1' }],
  ['at an earlier period of it', {}, { period: '2023-Q2' }],
  ['told of before directions were kept', { direction: null, until: null }, {}],
])('a pattern is the same %s', (_what, over, now) =>
  expect(new Endings([ending(over)]).of({ ...pattern, ...now })).toHaveLength(1),
);

test.each<[string, Partial<Ending>, Partial<Pattern>]>([
  ['another category', { series: 'RF01|source=schools#count' }, {}],
  ['another authority', { authority: 'E06000002' }, {}],
  ['the region', { authority: null }, {}],
  ['the other direction', { direction: 'down' }, {}],
  ['one that began after it was over', {}, { since: '2025-Q1' }],
  ['one that was over before', {}, { since: '2022-Q1', period: '2022-Q4' }],
  ['one of years', {}, { since: '2023-FY', period: '2024-FY' }],
])('%s is another pattern', (_what, over, now) =>
  expect(new Endings([ending(over)]).of({ ...pattern, ...now })).toEqual([]),
);
