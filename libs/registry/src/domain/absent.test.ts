import type { Refusal } from '@hub/kernel';
import { assertAuthority, assertSeries, breakdownAbsent, placeAbsent } from './absent';
import { loadCatalogue, newestDataset } from './catalogue';
import { loadRegistry } from './registry';
import { allSeries } from './series';

const quarterly = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const factsOf = (indicator: string, categories: Record<string, string> = {}) =>
  placeAbsent({ indicator, categories }, [quarterly, quarterly]).facts;

test('a mistyped indicator comes with the code and the name of the one that was meant', () =>
  expect(factsOf('rf1')).toEqual({ nearest: 'RF01', names: 'RF01 Referrals' }));

test.each([
  ['child protection', /CP01 Child protection/],
  ['plans', /Child protection plans open/],
])('words of the field come with the indicators that have them in their names: %s', (words, names) =>
  expect(factsOf(words)['names']).toMatch(names),
);

test('what is near to nothing is not guessed, and nothing is repeated', () => {
  for (const text of ['', 'a', 'something else altogether', 'x'.repeat(500)])
    expect([text, factsOf(text)]).toEqual([text, {}]);
});

test('an authority that is not there comes with the nearest of the region by code or name, and with none of another region', () => {
  const heads = [{ authorities: ['E06000001', 'E06000047'] }];
  const names = new Map(loadRegistry().authorities.map(({ code, name }) => [code, name]));
  const factsOfAuthority = (asked: string) => {
    try {
      assertAuthority(asked, heads, { authorityName: (code) => names.get(code)! });
    } catch (error) {
      return (error as Refusal).facts;
    }
    return null;
  };
  expect(factsOfAuthority('E06000047')).toBeNull();
  expect(factsOfAuthority('Hartlepol')).toEqual({ nearest: 'E06000001', names: 'E06000001 Hartlepool' });
  expect(factsOfAuthority('E0600047')).toMatchObject({ names: 'E06000047 County Durham' });
  expect(factsOfAuthority('durham')).toMatchObject({ nearest: 'E06000047' });
  // Leeds and its code are of another region.
  for (const beyond of ['Leeds', 'E08000035', '', 'x'.repeat(500)]) expect(factsOfAuthority(beyond)).toEqual({});
});

test('a category that is not there comes with the nearest one and all that there are', () => {
  const { categories, ...facts } = factsOf('RF01', { source: 'polise' });
  expect(facts).toEqual({ indicator: 'RF01', dimension: 'source', nearest: 'police' });
  expect(String(categories).split(', ')).toContain('police');
  expect(factsOf('RF01', { source: 'zqzqzqzqzqzq' })['nearest']).toBeUndefined();
});

test('a breakdown that is not there comes with those that there are', () => {
  expect(factsOf('CP01', { source: 'police' })).toMatchObject({
    indicator: 'CP01',
    breakdowns: expect.stringContaining('duration') as string,
  });
  expect(factsOf('EH02', { source: 'police' })).toEqual({ indicator: 'EH02', breakdowns: 'none' });
  expect(factsOf('CP01', { duration: 'ages', zqzq: 'zqzq' })).toMatchObject({ expected: 'one breakdown at a time' });
});

test.each(['one dataset first', 'the other first'])(
  'a category is looked for in the dataset of its indicator: %s',
  (order) => {
    const audits = newestDataset(loadCatalogue(), 'case-file-audits');
    const both = order === 'one dataset first' ? [quarterly, audits] : [audits, quarterly];
    const asked = both.flatMap((dataset) => dataset.indicators.map((indicator) => ({ dataset, indicator })));
    const found = (categories: Record<string, string>) => breakdownAbsent(categories, asked).facts;
    expect(found({ source: 'polise' })).toMatchObject({ dimension: 'source', nearest: 'police' });
    expect(found({ judgement: 'inadequat' })).toMatchObject({ dimension: 'judgement', nearest: 'inadequate' });
  },
);

test.each([
  ['RF01', 'RF01#count'],
  ['rf01#count', 'RF01#count'],
  ['RF01#counts', 'RF01#count'],
  ['RF01|source=polise', 'RF01|source=police#count'],
  [' RF01|SOURCE=police#of ', 'RF01|source=police#count'],
  ['RF1#count', 'RF01#count'],
  ['Referrals', 'RF01#count'],
])('a series that is none comes with what was meant: %s', (asked, meant) => {
  let refused: unknown;
  try {
    assertSeries(asked, [quarterly], '/evidence/0/series');
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({
    code: 'INDICATOR_ABSENT',
    facts: { nearest: meant, expected: 'the key of a series, such as RF01#count' },
    more: { pointer: '/evidence/0/series' },
  });
});

test('of a series that is near to nothing nothing is guessed or repeated, and each that there is passes', () => {
  for (const text of ['', '#count', 'x'.repeat(500), 'RF01|source=zqzqzqzqzqzqzqzqzq#count']) {
    expect(() => assertSeries(text, [quarterly], '')).toThrow(
      expect.objectContaining({ facts: { expected: expect.any(String) as string } }),
    );
  }
  for (const { key } of allSeries(quarterly)) assertSeries(key, [quarterly], '');
});
