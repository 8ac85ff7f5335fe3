import { parsePeriod, periodsUntil } from '@hub/kernel';
import { layPublications, monthlyClinic } from '../../support/lay';
import { exampleAgreement } from '../../seed/seed';
import { two, northEast, region } from './regions';

describe('the monthly clinic', () => {
  const MONTH = '2026-03';
  const months = periodsUntil(parsePeriod(MONTH), 24).map(({ text }) => text);
  const police = [{ dimension: 'source', category: 'police' }];
  interface Found {
    authority: { code: string } | null;
    indicator: { code: string; name: string };
    categories: { dimension: string; category: string }[];
    signal: { rule: string; meaning: string; text: string };
    since: string;
    text: string;
    yearBefore: { from: string; by: number; isBeyondChance: boolean; remark: null };
    value: number;
    mean: number;
    size: number;
  }
  const found = async (filter = '') => {
    const { patterns } = await region(
      `patterns(period: "${MONTH}", dataset: "front-door-monthly") { charts tooShort expected remark choices list(first: 100${filter}) {
         edges { node { authority { code } indicator { code name } categories { dimension category } signal { rule meaning text } since text yearBefore { from by isBeyondChance remark } value mean size } } } }`,
    );
    return { ...patterns!, all: patterns!.list.edges.map(({ node }) => node as unknown as Found) };
  };
  const isPlanted = ({ authority, indicator, categories }: Found) =>
    authority?.code === northEast.authorities[2] && indicator.code === 'FD01' && categories[0]?.category === 'police';

  beforeAll(async () => {
    const benchmarking = exampleAgreement('north-east-benchmarking.v1');
    const tables = [{ ...benchmarking.tables[0]!, dataset: 'front-door-monthly', frequency: 'month' as const }];
    const clinic = await two.world.conclude({ ...benchmarking, id: 'north-east-front-door', tables });
    // `conclude` takes it for one that collects the rest.
    two.world.agreements.set(northEast.code, benchmarking);
    await layPublications(
      two.world.ownerUrl,
      monthlyClinic(two.world.hubId, northEast.code, northEast.authorities, clinic, months),
      false,
    );
  }, 60_000);

  test('finds the agency that brings more than it did, in which authority, by which rule, and since when', async () => {
    const { all, charts, expected, remark, choices } = await found();
    // Of contacts and referrals the total and five agencies whose figures are printed, in twelve authorities and the region: nearly all.
    expect(charts).toBeGreaterThan(120);
    const [first] = all;
    expect(isPlanted(first!)).toBe(true);
    expect(first).toMatchObject({
      indicator: { code: 'FD01', name: 'Contacts' },
      categories: police,
      signal: { rule: 'OUTSIDE', meaning: 'HIGH', text: 'above the upper control limit' },
      since: months.at(-5),
    });
    expect(first!.value / first!.mean).toBeGreaterThan(1.2);
    expect(first!.yearBefore).toMatchObject({ from: '2025-03', isBeyondChance: true, remark: null });
    expect(first!.yearBefore.by).toBeGreaterThan(0);
    expect(first!.text).toMatch(/; in Mar 2025 it was [\d.]+$/);
    // Beside it stands what chance gives: of its order, and told as such.
    expect(all.length).toBeLessThan(3 * expected + 6);
    expect(remark).toBe(
      `${all.length} of ${charts} charts show a pattern at the newest period (chance alone: about ${Math.round(expected)}). Schools are closed in August and at Christmas, and what they bring is low every year then: the rules may take that for a signal. Compare such a month with the same one of the year before.`,
    );
    expect(choices.join(' ')).toMatch(/moving ranges.*7 points.*on trial.*gap.*before they are rounded/);
    expect(all.some(({ categories }) => categories[0]?.category === 'anonymous')).toBe(false);
  });

  test('shows one authority, or one rule, and says of chance what it says of all', async () => {
    const whole = await found();
    const mine = await found(`, authority: "${northEast.authorities[2]!}"`);
    expect(mine.all).toEqual(whole.all.filter(({ authority }) => authority?.code === northEast.authorities[2]));
    expect(mine.all.some(isPlanted)).toBe(true);
    const outside = await found(', rule: OUTSIDE');
    expect(outside.all).toEqual(whole.all.filter(({ signal }) => signal.rule === 'OUTSIDE'));
    expect([mine.remark, outside.remark]).toEqual([whole.remark, whole.remark]);
  });
});
