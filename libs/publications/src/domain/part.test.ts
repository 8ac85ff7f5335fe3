import * as fc from 'fast-check';
import type { PublicationDocument } from './document';
import type { Printed } from './figure';
import { isWhole, partOf } from './part';

const authorities = ['E06000001', 'E06000002', 'E06000003'];
const document = (figures: readonly Printed[], region: Printed): PublicationDocument => ({
  v: 1,
  hub: 'hub-local',
  id: 'pub_1',
  region: 'E12000001',
  number: 1,
  dataset: { code: 'safeguarding-quarterly', version: '1.0' },
  period: '2025-Q1',
  edition: 'provisional',
  publishedAt: '2025-08-01T00:00:00.000Z',
  agreement: { id: 'a', version: 1 },
  handling: 'Official',
  threshold: 10,
  authorities,
  submitted: authorities.slice(0, 2),
  series: [
    { key: 'RF01#count', region, figures },
    { key: 'CP01|duration=0-10#count', region, figures },
  ],
});

test('the whole stays the whole', () => {
  const all = document([20, 'hidden', 'notSubmitted'], 99);
  expect(partOf(all, 'all')).toEqual(all);
  expect(partOf(all, authorities)).toEqual(all);
});

test('what is made from the whole print does not go with a part', () => {
  const all = {
    ...document([20, 'hidden', 'notSubmitted'], 99),
    between: { 'RF01#count': { E06000002: [1, 9] as const } },
    proof: 'ab'.repeat(32),
  };
  expect(partOf(all, ['E06000002'])).not.toHaveProperty('proof');
  expect(partOf(all, ['E06000002'])).not.toHaveProperty('between');
  expect(partOf(all, 'all', () => true)).not.toHaveProperty('between');
});

test('a part holds no figure of anybody else, and not the region’s, whatever the others have', () => {
  const part = partOf(document([20, 'hidden', 'notSubmitted'], 99), ['E06000002', 'E08000021']);
  expect(part.authorities).toEqual(['E06000002']);
  expect(part.submitted).toEqual(['E06000002']);
  expect(part.series.map(({ region, figures }) => [region, figures])).toEqual([
    ['notAvailable', ['hidden']],
    ['notAvailable', ['hidden']],
  ]);
  expect(isWhole(authorities, part.authorities)).toBe(false);
});

test('a part says of nobody else when their return came', () => {
  const heldAgainst = { number: 3, authorities: authorities.slice(0, 2) };
  const all = { ...document([20, 'hidden', 'notSubmitted'], 99), heldAgainst };
  expect(partOf(all, ['E06000002', 'E06000003']).heldAgainst).toEqual({ number: 3, authorities: ['E06000002'] });
  expect(partOf(all, ['E06000003'])).not.toHaveProperty('heldAgainst');
  expect(partOf(all, 'all').heldAgainst).toEqual(heldAgainst);
});

test('a part says of nobody else whether they are revised: without names that would tell whose value is another one', () => {
  const all = { ...document([20, 'hidden', 'notSubmitted'], 99), revised: authorities.slice(0, 2) };
  expect(partOf(all, ['E06000002', 'E06000003']).revised).toEqual(['E06000002']);
  expect(partOf(all, ['E06000003'])).not.toHaveProperty('revised');
  expect(partOf(all, 'all').revised).toEqual(all.revised);
});

test('series that are not covered are not there', () => {
  const part = partOf(document([20, 30, 40], 90), 'all', (key) => !key.includes('|'));
  expect(part.series).toEqual([{ key: 'RF01#count', region: 90, figures: [20, 30, 40] }]);
});

test('what others have, printed or hidden, sent or not, changes nothing in a part', () => {
  const printed = fc.oneof(fc.nat(), fc.constantFrom<Printed>('hidden', 'notSubmitted', 'notCollected'));
  const shown = fc.subarray(authorities, { maxLength: 2 });
  fc.assert(
    fc.property(
      fc.tuple(printed, printed, printed),
      fc.tuple(printed, printed, printed),
      printed,
      printed,
      shown,
      (a, b, c, d, only) => {
        const mixed = authorities.map((authority, i) => (only.includes(authority) ? a[i]! : b[i]!));
        const of = (figures: readonly Printed[], region: Printed) =>
          partOf({ ...document(figures, region), submitted: [] }, only);
        expect(of(mixed, c)).toEqual(of(a, d));
      },
    ),
  );
});
