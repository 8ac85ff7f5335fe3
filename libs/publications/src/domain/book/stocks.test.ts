import { indicator } from '../by-hand.builder';
import { byHand, cellsOf, HubInMemory, published } from './book.builder';
import { stocksInUse } from './stocks';

const [north, south, east, west] = ['E06000001', 'E06000002', 'E06000003', 'E06000004'] as const;
const dataset = byHand('quarter', {
  indicators: [indicator('LA01', { basis: 'snapshot' }), indicator('LA02'), indicator('LA03')],
});
/** Children looked after at the end, and those who started and ceased to be. */
const stock = (open: number, started: number, ended: number) => cellsOf({ LA01: open, LA02: started, LA03: ended });
const first = {
  [north]: stock(30, 9, 11),
  [south]: stock(58, 12, 14),
  [east]: stock(44, 10, 8),
  [west]: stock(71, 20, 17),
};
/** Of the south 5 ceased: 58 and 12 more are 65 and these 5. */
const next = {
  [north]: stock(28, 9, 11),
  [south]: stock(65, 12, 5),
  [east]: stock(46, 10, 8),
  [west]: stock(74, 20, 17),
};
const printedOf = (edition: ReturnType<typeof published>, authority: string) =>
  ['LA01', 'LA02', 'LA03'].filter((code) => edition.published[`${authority}|${code}#count`] !== undefined);

test('the rules name the stocks that carry on', () => {
  expect(stocksInUse()).toEqual([
    { open: 'CP01#count', started: 'CP02#count', ended: 'CP05#of', least: 5, percent: 2 },
    { open: 'LA01#count', started: 'LA02#count', ended: 'LA03#count', least: 5, percent: 2 },
  ]);
});

test('a small flow does not follow from what was open before, what is open now, and the other flow', async () => {
  const hub = new HubInMemory();
  const before = published(await hub.publish({ dataset, period: '2025-Q1', returns: first }));
  expect(printedOf(before, south)).toEqual(['LA01', 'LA02', 'LA03']);
  const after = published(await hub.publish({ dataset, period: '2025-Q2', returns: next }));
  expect(printedOf(after, south)).not.toContain('LA03');
  expect(printedOf(after, south).length).toBeLessThan(2);
  // Alone the second quarter would print both others.
  const alone = published(await new HubInMemory().publish({ dataset, period: '2025-Q2', returns: next }));
  expect(printedOf(alone, south)).toEqual(['LA01', 'LA02']);
});

test('it holds backwards too: a later edition of the period before is protected beside the one after', async () => {
  const hub = new HubInMemory();
  published(await hub.publish({ dataset, period: '2025-Q2', returns: next }));
  const before = published(await hub.publish({ dataset, period: '2025-Q1', returns: first }));
  expect(printedOf(before, south)).not.toContain('LA01');
});

test('stocks that do not carry on are a range as wide as what no return is asked about', async () => {
  const hub = new HubInMemory();
  published(await hub.publish({ dataset, period: '2025-Q1', returns: first }));
  const after = published(
    await hub.publish({ dataset, period: '2025-Q2', returns: { ...next, [south]: stock(68, 12, 5) } }),
  );
  const { ranges } = after.joint.problem;
  const bond = ranges.find(({ terms }) => terms.some(([id]) => id === `${south}|LA03#count|2025-Q2|1`));
  expect(bond).toMatchObject({ lo: -5, hi: 5 });
});
