import { Endings, seriesOfPattern, type Ending } from './endings';
import type { Pattern } from './patterns';

const pattern = { indicator: { code: 'RF01' }, categories: { source: 'police' }, authority: 'E06000001', rule: 'run', since: '2025-Q1' } as unknown as Pattern; // prettier-ignore
const ending = (over: Partial<Ending>): Ending => ({
  series: seriesOfPattern(pattern),
  authority: 'E06000001',
  rule: 'run',
  since: '2025-Q1',
  end: 'support',
  reason: 'A visit is agreed.',
  role: 'regional-lead',
  of: 'E12000001',
  at: new Date(0),
  ...over,
});

test('what was told of the same rule, line and beginning is told again, the newest first', () => {
  const [newer, older] = [ending({ end: 'none' }), ending({})];
  expect(new Endings([newer, older]).of(pattern)).toEqual([newer, older]);
});

test.each<[string, Partial<Ending>]>([
  ['another category', { series: 'RF01|source=schools#count' }],
  ['another authority', { authority: 'E06000002' }],
  ['the region', { authority: null }],
  ['another rule', { rule: 'outside' }],
  ['one that began later', { since: '2025-Q2' }],
])('%s is another pattern', (_what, over) => expect(new Endings([ending(over)]).of(pattern)).toEqual([]));
