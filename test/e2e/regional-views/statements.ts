import { calmHistory, layPublications } from '../../support/lay';
import { asOwner, PERIOD, type PublishedRegion } from '../../support/two-regions';
import { two, proxy, northEast, ask, region } from './regions';

describe('statements', () => {
  async function statements(fields: string, of: PublishedRegion = northEast): Promise<number> {
    const token = await two.world.token('regional-lead', of.code);
    await ask(fields, of.code, token);
    proxy.statements = 0;
    proxy.roundTrips = 0;
    const { errors } = await ask(fields, of.code, token);
    expect(errors).toBeUndefined();
    return proxy.statements;
  }
  const table = (more: string) => `benchmarkTable(period: "${PERIOD}"${more}) { edges { node { region { value } } } }`;

  test('are as many for all indicators as for one, for fourteen authorities as for twelve, and for a year as for three', async () => {
    const one = await statements(table(', indicators: ["RF01"]'));
    // The door; begin and publications; record and commit.
    expect([one, proxy.roundTrips]).toEqual([5, 3]);
    expect(await statements(table(''))).toBe(one);
    expect(proxy.roundTrips).toBe(3);
    expect(await statements(table(''), two.westMidlands)).toBe(one);
    // Over time, and where lines begin anew.
    expect(await statements(table(', back: 4'))).toBe(one + 1);
    expect(await statements(table(', back: 15'))).toBe(one + 1);
    expect(await statements(`history(indicator: "RF01", period: "${PERIOD}") { handling }`)).toBe(one + 1);
    // And how those of before have ended.
    expect(await statements(`patterns(period: "${PERIOD}") { remark }`)).toBe(one + 2);
    // And what the authorities say of how they compare, where it is asked for; a chart prints it.
    const said = `benchmarkTable(period: "${PERIOD}") { edges { node { commentary { text } } } }`;
    expect(await statements(said)).toBe(one + 1);
    const noted = `benchmarkTable(period: "${PERIOD}") { edges { node { authorities { notes { text } } } } }`;
    expect(await statements(noted)).toBe(one + 1);
    expect(await statements(`chart(kind: HEAT, period: "${PERIOD}") { title }`)).toBe(one + 1);
    // With the trend of each indicator too.
    const spine = `chart(kind: SPINE, authority: "${northEast.authorities[0]!}", period: "2025-Q3") { title }`;
    expect(await statements(spine)).toBe(one + 1);
    // Of each dataset a table and its patterns, after which periods there are.
    const monday = await statements('monday { remark }');
    expect(monday).toBeLessThanOrEqual(3 * one + 3);
    expect(await statements('monday { remark }', two.westMidlands)).toBe(monday);
  });

  test('are as many for the first reader after a publication', async () => {
    const { code, authorities } = two.northEast;
    const fresh = calmHistory(two.world.hubId, code, authorities, two.world.agreements.get(code)!, ['2021-Q4']);
    await layPublications(two.world.ownerUrl, fresh);
    [proxy.statements, proxy.roundTrips] = [0, 0];
    const { benchmark } = await region(`benchmark(indicator: "RF01", period: "2021-Q4") { region { kind } }`);
    expect(benchmark!.region.kind).toBe('VALUE');
    expect([proxy.statements, proxy.roundTrips]).toEqual([5, 3]);
  });

  test('leave one record for each look, with the agreement that permitted it', async () => {
    const records = () =>
      asOwner<{ subject: string; agreement: string; n: number }>(
        two.world,
        `select subject, agreement_id as agreement, cardinality(authorities) as n from platform.access_log
         where action = 'read.benchmark' order by id`,
      );
    const before = (await records()).length;
    await region(table(', back: 4'));
    await region(`history(indicator: "RF01", period: "${PERIOD}") { handling }`);
    await region(`patterns(period: "${PERIOD}") { remark }`);
    const agreement = two.world.agreements.get(northEast.code)!.id;
    expect((await records()).slice(before)).toEqual([
      { subject: `${northEast.code} * ${PERIOD}`, agreement, n: 12 },
      { subject: `${northEast.code} RF01 ${PERIOD}`, agreement, n: 12 },
      { subject: `${northEast.code} * ${PERIOD}`, agreement, n: 12 },
    ]);
  });
});
