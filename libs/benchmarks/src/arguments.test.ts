import { codeOf } from '../../../test/support/refusal';
import { categoriesOf } from './arguments';

const refusal = (dimension: string, category: string) => codeOf(() => categoriesOf([{ dimension, category }]));

test('categories are codes, by dimensions that are each named once', () => {
  expect(categoriesOf(null)).toEqual({});
  expect(categoriesOf([{ dimension: 'source', category: 'police-2' }])).toEqual({ source: 'police-2' });
  for (const bad of ['', 'Source', 'so urce', 'source\n', 'source#count', '__proto__'])
    expect([bad, refusal(bad, 'police')]).toEqual([bad, 'REQUEST_MALFORMED']);
  for (const bad of ['', 'Police', 'police|x=y', 'police\n'])
    expect([bad, refusal('source', bad)]).toEqual([bad, 'REQUEST_MALFORMED']);
  const twice = { dimension: 'source', category: 'police' };
  expect(() => categoriesOf([twice, twice])).toThrow(expect.objectContaining({ code: 'INDICATOR_ABSENT' }));
});
