import { placesOf, touching, type Head } from './touching';

const head = (id: string, places: readonly string[] | null, national = false): Head => ({ id, places, national });
const heads = [
  head('north east', ['E06000001', 'E06000002', 'E12000001']),
  head('a network', ['E06000002', 'E08000025', 'net-rivers']),
  head('west midlands', ['E08000025', 'E08000026', 'E12000005']),
  head('london', ['E09000012', 'E12000007']),
  head('a national release', ['E06000001', 'E09000012'], true),
];
const near = (places: readonly string[], sums: readonly { parts: readonly string[] }[] = []) =>
  touching(places, heads, sums).releases;

test('what shares nobody is not read, and what shares somebody by way of others is', () => {
  expect(near(['E12000007', 'E09000012'])).toEqual(['london', 'a national release']);
  expect(near(['E06000001'])).toEqual(['north east', 'a network', 'west midlands', 'a national release']);
});

test('all that a national release holds is printed, so nothing hangs together through it; through its sums it does', () => {
  expect(near(['E09000012'])).not.toContain('north east');
  expect(near(['E09000012'], [{ parts: ['E09000012', 'E08000026'] }])).toContain('north east');
});

test('a region stands for its sums: they keep their names when none of its authorities is the same', () => {
  expect(near(['E12000005', 'E08000031'])).toContain('west midlands');
});

test('a certificate of which it is not known whom it holds is always read', () => {
  expect(touching(['E06000001'], [head('old', null)], []).releases).toEqual(['old']);
});

test('places are what names begin with', () => {
  const cells = [
    'E06000001|RF01#count|2025-Q1|1',
    'E12000001|RF01#count|2025-Q1|1',
    'E06000001|RF02#count|2025-Q1~rest|2',
  ];
  expect(placesOf({ cells: cells.map((id) => ({ id, value: 1 })) })).toEqual(['E06000001', 'E12000001']);
});
