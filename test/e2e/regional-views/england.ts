import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sheetsOf } from '../../../libs/benchmarks/src/workbook.builder';
import { typed } from '../../support/command-line';
import { calmHistory, layPublications } from '../../support/lay';
import { two, lead, region } from './regions';

test('England’s public figures stand beside a year, with their period and source, in answers, charts and exports', async () => {
  const { code, authorities } = two.northEast;
  const [year] = calmHistory(two.world.hubId, code, authorities, two.world.agreements.get(code)!, ['2024-FY']);
  const series = year!.series.filter(({ key }) => key === 'RF01#count');
  await layPublications(two.world.ownerUrl, [
    { ...year!, dataset: { code: 'safeguarding-annual', version: '1.0' }, series },
  ]);
  const source = 'Department for Education, children in need census';
  interface Beside {
    benchmark: { england: { count: number; of: number; value: number; period: string; source: string; text: string } };
    bar: { rows: string[][]; svg: string };
    spine: { columns: string[]; rows: string[][] };
  }
  const { benchmark, bar, spine } = (await region(
    `benchmark(indicator: "RF01", period: "2024-FY") { england { count of value period source text } }
     bar: chart(kind: BAR, indicator: "RF01", period: "2024-FY") { rows svg }
     spine: chart(kind: SPINE, authority: "${authorities[0]!}", period: "2024-FY") { columns rows }`,
  )) as unknown as Beside;
  // 519.4 referrals of 10,000 children.
  const { england } = benchmark;
  expect(england).toMatchObject({ period: '2024-FY', source });
  expect(england.value).toBe(Math.round((england.count / england.of) * 100_000) / 10);
  expect(england.text).toMatch(/public .*not collected by the hub/);
  expect(bar.rows.at(-1)!.slice(0, 2)).toEqual([
    `England, year to March 2025, public: ${source}`,
    String(england.value),
  ]);
  expect(bar.svg).toContain(`England ${england.value} (public)`);
  expect(spine.rows[0]![spine.columns.indexOf('England')]).toBe(String(england.value));
  expect(spine.rows[0]![spine.columns.indexOf('England: period and source')]).toContain(source);

  const folder = mkdtempSync(join(tmpdir(), 'hub-england-'));
  writeFileSync(join(folder, 'token'), lead);
  const exported = await typed(two.world.hub.url, join(folder, 'token'), [
    'export',
    code,
    '--dataset',
    'safeguarding-annual',
    '--period',
    '2024-FY',
    '--out',
    folder,
  ]);
  expect([exported.code, exported.error]).toEqual([0, '']);
  const file = (ending: string) => join(folder, `safeguarding_annual_e12000001.${ending}`);
  const [header, ...lines] = parse(readFileSync(file('csv'))) as string[][];
  const at = (column: string) => lines.slice(0, 2).map((line) => line[header!.indexOf(column)]);
  // On a line of its own.
  const national = lines.at(-1)!;
  expect(
    ['geographic_level', 'region_code', 'rf01_number', 'rf01_rate'].map((one) => national[header!.indexOf(one)]),
  ).toEqual(['National', '', String(england.count), String(england.value)]);
  expect([at('rf01_authorities'), at('region_authorities')]).toEqual([
    ['12', 'z'],
    ['12', 'z'],
  ]);
  expect(readFileSync(file('csv-metadata.json'), 'utf8')).toContain(england.text);
  expect(
    sheetsOf(readFileSync(file('xlsx')))
      .get('1 Values')!
      .at(-1),
  ).toEqual(expect.arrayContaining(['E92000001', england.value]));
  rmSync(folder, { recursive: true, force: true });
});
