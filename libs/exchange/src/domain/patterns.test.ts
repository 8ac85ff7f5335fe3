import { alikePatterns, sharedPatterns, type SeenPattern } from './patterns';

const at = (authority: string, more: Partial<SeenPattern> = {}): SeenPattern => ({
  indicator: 'RF01',
  name: 'Referrals',
  categories: {},
  text: 'seven periods above the mean',
  questions: ['Why?'],
  authority,
  ...more,
});
const boards = [{ areas: ['A', 'B'] }, { areas: ['C'] }, { areas: ['D'] }, { areas: ['E'] }];
const shared = (patterns: SeenPattern[], theirs = ['C']) =>
  sharedPatterns(alikePatterns(patterns, boards), ['A', 'B'], theirs);

test('a pattern is shared when both sides have the same one, and it says how many boards do', () => {
  expect(shared([at('A'), at('C'), at('D')])).toMatchObject([{ mine: ['A'], theirs: ['C'], boards: 3 }]);
  expect(shared([at('A'), at('D')])).toEqual([]);
  expect(shared([at('A'), at('C', { text: 'falling for seven periods' })])).toEqual([]);
  expect(shared([at('A'), at('C', { categories: { source: 'police' } })])).toEqual([]);
});

test('no figure without its question, and no area of both is a second side', () => {
  expect(shared([at('A', { questions: [] }), at('C', { questions: [] })])).toEqual([]);
  expect(shared([at('A')], ['A'])).toEqual([]);
});
