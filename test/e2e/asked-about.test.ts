import type { PublicationDocument } from '@hub/publications/domain';
import { nameOf, quarterly } from '../support/returns';
import { asOwner, rowsOf, twoRegions, type TwoRegions } from '../support/two-regions';
import { NORTH_EAST, type Row } from '../support/world';

/** The quarter after the one that both regions have published. */
const NOW = '2026-Q2';
let two: TwoRegions;
beforeAll(async () => {
  two = await twoRegions();
}, 240_000);
afterAll(() => two?.stop());

test('a jump from one printed count to another is told as asked about where the return was held against just what is printed', async () => {
  const { authorities } = two.northEast;
  const [confirmed, calm, refreshing] = authorities as [string, string, string];
  const round = await two.world.openRound(NORTH_EAST, quarterly.code, NOW);
  const threefold = (rows: readonly Row[]): Row[] =>
    rows.map((row) => {
      if (row.indicator === 'RF01' && !row.breakdown) return { ...row, count: row.count! * 3 };
      // It is a share of the same referrals.
      return row.indicator === 'RF05' && row.of ? { ...row, of: row.of * 3 } : row;
    });
  for (const [i, authority] of authorities.entries()) {
    const rows = [confirmed, refreshing].includes(authority) ? threefold(rowsOf(i)) : rowsOf(i);
    // It changes the quarter before together with this one: what is printed of that is not what this was held against.
    const earlier = rowsOf(i).find(({ indicator, breakdown }) => indicator === 'RF01' && !breakdown)!;
    const refresh = authority === refreshing ? [{ ...earlier, count: earlier.count! + 1, period: '2026-Q1' }] : [];
    const more = authority === refreshing ? { reason: 'One came late.' } : {};
    const payload = {
      ...two.world.payload(NORTH_EAST, nameOf(quarterly), { authority, period: NOW, rows: [...rows, ...refresh] }),
      ...more,
    };
    const explanations = await two.world.explanationsOf(authority, payload);
    const answered = explanations.length ? { ...payload, explanations } : payload;
    const { status, text } = await two.world.send(authority, await two.world.sign(authority, answered));
    expect([status, status === 201 ? '' : text]).toEqual([201, '']);
  }
  expect(await two.world.publish(NORTH_EAST, round)).toEqual({ state: 'PUBLISHED', heldBecause: null });

  const documents = await asOwner<{ document: string }>(
    two.world,
    `select p.document from release.publication p join registry.region g on g.id = p.region_id
     where g.code = $1 and p.state = 'current' order by p.period_from`,
    [NORTH_EAST],
  );
  const [before, now] = documents.map(({ document }) => JSON.parse(document) as PublicationDocument) as [
    PublicationDocument,
    PublicationDocument,
  ];
  // The last one had sent nothing then.
  const held = authorities.slice(0, -1).filter((authority) => authority !== refreshing);
  expect(now.heldAgainst).toEqual({ number: before.number, authorities: held });
  expect(before).not.toHaveProperty('heldAgainst');

  interface Asked {
    benchmark: { authorities: { authority: { code: string }; change: { isConfirmed: boolean } | null }[] };
    small: Asked['benchmark'];
    monday: { changes: { authority: { code: string } | null; indicator: { code: string }; text: string }[] }[];
  }
  const changes = 'authorities { authority { code } change { isConfirmed } }';
  const { region } = await two.world.ask<{ region: Asked }>(
    await two.world.token('regional-lead', NORTH_EAST),
    `{ region(code: "${NORTH_EAST}") {
         benchmark(indicator: "RF01", period: "${NOW}", back: 1) { ${changes} }
         small: benchmark(indicator: "CP01", breakdown: [{ dimension: "duration", category: "2-years-or-more" }], period: "${NOW}", back: 1) { ${changes} }
         monday { changes { authority { code } indicator { code } text } } } }`,
  );
  const told = region.benchmark.authorities.filter(({ change }) => change?.isConfirmed);
  expect(told.map(({ authority }) => authority.code)).toEqual([confirmed]);
  expect(region.benchmark.authorities.find(({ authority }) => authority.code === refreshing)!.change).toEqual({
    isConfirmed: false,
  });
  expect(region.benchmark.authorities.find(({ authority }) => authority.code === calm)!.change).toEqual({
    isConfirmed: false,
  });
  // Nothing is told of what is hidden in either.
  expect(region.small.authorities.some(({ change }) => change === null)).toBe(true);
  expect(region.small.authorities.some(({ change }) => change?.isConfirmed)).toBe(false);
  const words = region.monday[0]!.changes.filter(({ text }) => text.includes('asked about'));
  expect(words.map(({ authority, indicator }) => [authority?.code, indicator.code])).toEqual([[confirmed, 'RF01']]);
}, 120_000);
