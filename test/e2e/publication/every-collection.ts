import { type PublicationDocument } from '@hub/publications/domain';
import { isAggregated, loadCatalogue, newestDataset, type Dataset } from '@hub/registry/domain';
import { fullReturn } from '../../bench/full-return';
import { ask } from '../../support/database';
import { graphql } from '../../support/graphql';
import { nameOf } from '../../support/returns';
import { type Row } from '../../support/world';
import { SOUTH_WEST, world, conclude, publish } from './hub';

describe('every collection', () => {
  const datasets = [...new Set(loadCatalogue().datasets.map(({ code }) => code))].map((code) =>
    newestDataset(loadCatalogue(), code),
  );
  /** Periods that share no day where the collections share counts: linked ones are published together or not at all. */
  const periods: Readonly<Record<string, string>> = {
    'case-file-audits': '2023-Q1',
    'front-door-monthly': '2022-05',
    representations: '2023-FY',
    'safeguarding-annual': '2021-FY',
    'safeguarding-quarterly': '2023-Q1',
    workforce: '2024-H1',
  };
  let authorities: string[];

  beforeAll(async () => {
    authorities = await conclude(
      SOUTH_WEST,
      {},
      {
        tables: datasets.map(({ code, frequency }) => ({
          dataset: code,
          versions: { from: '1.0', until: '2.0' },
          indicators: 'all',
          breakdowns: 'all',
          frequency,
        })),
        effective: { from: '2020-04-01', until: '2030-04-01' },
      },
    );
  });

  /** Every count that the dataset asks for, small ones among them, from each authority; each sends more of the same. */
  async function full(dataset: Dataset): Promise<Map<string, Row[]>> {
    // The larger a table, the fewer small counts it is given: each costs a proof, and of what the Department prints none
    // can be covered.
    const rows = await fullReturn(dataset, dataset.code.startsWith('safeguarding-') ? 400 : 40);
    const times = (count: number, i: number) => Number((count * (i + 1)).toFixed(1));
    return new Map(
      authorities.map((authority, i) => [
        authority,
        rows.map((row) => ({
          ...row,
          count: times(row.count!, i),
          ...(row.of === undefined ? {} : { of: times(row.of, i) }),
        })),
      ]),
    );
  }

  test.each(datasets.filter(isAggregated).map((dataset) => [dataset.code, dataset] as const))(
    '%s goes the whole road, from signed returns to a protected publication',
    async (code, dataset) => {
      const published = await publish(SOUTH_WEST, dataset, periods[code]!, await full(dataset));
      expect(published).toMatchObject({ state: 'PUBLISHED', heldBecause: null });
      const [{ document }] = (await ask(
        world.ownerUrl,
        `select document from release.publication where dataset = $1 and region_id =
           (select id from registry.region where code = $2)`,
        [code, SOUTH_WEST],
      )) as [{ document: string }];
      const { series } = JSON.parse(document) as PublicationDocument;
      const figures = series.flatMap(({ figures: all }) => all.slice(0, 3));
      const decimals = new Map(dataset.indicators.map((one) => [one.code, one.decimals]));
      const isNational = (key: string) => code === 'safeguarding-annual' || /^RP0|^WF0[1-5]/.test(key);
      expect(figures.filter((figure) => figure === 'hidden').length).toBeGreaterThan(0);
      expect(figures.filter((figure) => typeof figure === 'number' && figure > 0).length).toBeGreaterThan(10);
      // Tenths of a person count as tenths: 9.9 posts are fewer than 10.
      for (const { key, figures: all } of series.filter(({ key }) => !isNational(key))) {
        const threshold = 10 * 10 ** decimals.get(key.slice(0, 4))!;
        const small = all.filter((figure) => typeof figure === 'number' && figure > 0 && figure < threshold);
        expect([key, small]).toEqual([key, []]);
      }
    },
  );

  test('an authority’s own measures are taken and receipted, and no region can ask for them', async () => {
    const dataset = newestDataset(loadCatalogue(), 'local-measures');
    const authority = authorities[0]!;
    const payload = world.payload(SOUTH_WEST, nameOf(dataset), {
      authority,
      period: '2023-Q1',
      rows: [{ indicator: 'LM01', count: 3, of: 8 }],
    });
    const send = async (body: unknown) => world.send(authority, await world.sign(authority, body));
    const commentary = [{ indicator: 'LM01', text: 'Children’s homes inspected, of those in the area.' }];

    const unnamed = await send(payload);
    expect([unnamed.status, unnamed.text]).toEqual([422, expect.stringContaining('own-measure-unnamed')]);
    const answer = await send({ ...payload, commentary });
    expect(answer).toMatchObject({ status: 201, body: { state: 'accepted', version: 1 } });
    expect(answer.body['receipt']).toContain('c2sp.org/tlog-proof@v1');
    const { id } = answer.body;
    const find = 'query ($id: ID!) { submission(id: $id) { state } }';
    const seen = async (whose: string) =>
      graphql(world.hub.url, await world.token('authority-analyst', whose), find, { id });
    expect(await seen(authority)).toMatchObject({ data: { submission: { state: 'ACCEPTED' } } });
    expect((await seen(authorities[1]!)).errors?.[0]).toMatchObject({ extensions: { code: 'SUBMISSION_ABSENT' } });
    await expect(world.openRound(SOUTH_WEST, 'local-measures', '2023-Q1')).rejects.toThrow(/DATASET_LOCAL/);
    const future = await send({ ...payload, commentary, period: '2029-Q1' });
    expect(future).toMatchObject({ status: 409, body: { code: 'ROUND_NOT_OPEN' } });
  });
});
