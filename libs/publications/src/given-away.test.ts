import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { contractsFolder } from '@hub/contracts';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import { refusalOf } from '../../../test/support/refusal';
import { parseNationalMap, readNational, type NationalMap } from './domain';
import { whatItGivesAway } from './given-away';

const root = join(contractsFolder, '..');
const catalogue = loadCatalogue();
const mapText = readFileSync(join(contractsFolder, 'national/children-in-need-referrals.json'), 'utf8');
const datasetAt = (code: string, version: string) => datasetOf(catalogue, code, version);
const map = parseNationalMap(mapText, datasetAt);
const annual = datasetAt('safeguarding-annual', '1.0');
const innerLondon = readFileSync(join(root, 'test/figures/national/inner-london-referrals.csv'), 'utf8');
const HACKNEY = 'E09000012';

const columns = [
  'time_period',
  'geographic_level',
  'country_code',
  'region_code',
  'new_la_code',
  ...Object.keys(map.columns),
];
/** A file of one region; the last row is its sum. */
const fileOf = (rows: readonly (readonly string[])[]): string =>
  [
    columns.join(','),
    ...rows.map((counts, i) =>
      i < rows.length - 1
        ? ['2024', 'Local authority', 'E92000001', 'E12000001', `E0600000${i + 1}`, ...counts].join(',')
        : ['2024', 'Regional', 'E92000001', 'E12000001', '', ...counts].join(','),
    ),
  ].join('\n');
const plain = (n: string) => [n, '10', '10', '10'];

describe('Hackney, which the Department does not print in two years', () => {
  test.each([
    ['2020-FY', 5_030, 40_640],
    ['2021-FY', 5_032, 43_070],
  ])('of %s it is what the thirteen others leave of Inner London: about %d', async (period, left, total) => {
    const release = readNational(innerLondon, map, period);
    const others = release.figures.filter(({ key, authority }) => key === 'RF01#count' && authority !== HACKNEY);
    expect(others).toHaveLength(13);
    // As published: the total less the others, and the total is rounded to ten.
    expect(total - others.reduce((sum, { printed }) => sum + printed!, 0)).toBe(left);
    const opened = await whatItGivesAway(release, annual);
    expect(opened.filter(({ key }) => key === 'RF01#count')).toEqual([
      { authority: HACKNEY, key: 'RF01#count', period, least: left - 5, most: left + 5 },
    ]);
    expect(new Set(opened.map(({ authority }) => authority))).toEqual(new Set([HACKNEY]));
  });

  test('in the year in which all are printed nothing is given away', async () => {
    expect(await whatItGivesAway(readNational(innerLondon, map, '2019-FY'), annual)).toEqual([]);
  });

  test('what this hub prints of it need not be given away any more', async () => {
    const release = readNational(innerLondon, map, '2020-FY');
    const opened = await whatItGivesAway(release, annual, (authority, key) =>
      authority === HACKNEY && key === 'RF01#count' ? 5_031 : undefined,
    );
    expect(opened.map(({ key }) => key)).not.toContain('RF01#count');
  });
});

test('a count of this hub that does not fit the release is another count: the release is read alone', async () => {
  const release = readNational(fileOf([plain('c'), plain('c'), ['1000', '20', '20', '20']]), map, '2023-FY');
  const alone = await whatItGivesAway(release, annual);
  expect(alone.map(({ key }) => key)).not.toContain('RF01#count');
  const printedHere = (_: string, key: string) => (key === 'RF01#count' ? 1_500 : undefined);
  expect(await whatItGivesAway(release, annual, printedHere)).toEqual(alone);
  const oneOfThem = (authority: string, key: string) => (authority === 'E06000001' ? printedHere('', key) : undefined);
  expect(await whatItGivesAway(release, annual, oneOfThem)).toEqual(alone);
});

test('each symbol says what it says and no more', () => {
  const read = (symbol: string) =>
    readNational(fileOf([plain(symbol), plain('20'), ['x', 'x', 'x', 'x']]), map, '2023-FY').figures.find(
      ({ key }) => key === 'RF01#count',
    );
  const figure = (least: number, most: number | null, printed: number | null = null) => ({
    authority: 'E06000001',
    key: 'RF01#count',
    printed,
    least,
    most,
  });
  expect(['c', 'x', 'u', ':', 'low', 'k'].map(read)).toEqual([
    figure(1, null),
    figure(0, null),
    figure(0, null),
    figure(0, null),
    figure(0, 0),
    figure(0, 0),
  ]);
  expect(read('z')?.authority).toBe('E06000002');
  expect(read('280')).toEqual(figure(280, 280, 280));
});

describe('is refused, and nothing of the text comes back', () => {
  const good = [plain('280'), plain('20'), ['300', '20', '20', '20']];
  const whyNot = (work: () => unknown): [string, Record<string, string>] => {
    const refusal = refusalOf(work);
    return [refusal?.code ?? '', { ...refusal?.facts } as Record<string, string>];
  };
  const read = (csv: string, period = '2023-FY') => whyNot(() => readNational(csv, map, period));

  test.each<[string, string, string, Record<string, string>?]>([
    [
      'a symbol that nobody knows',
      fileOf([plain('Smith'), ...good.slice(1)]),
      'NATIONAL_SYMBOL',
      { line: '2', column: 'referral_count' },
    ],
    ['a name that every object has', fileOf([plain('valueOf'), ...good.slice(1)]), 'NATIONAL_SYMBOL'],
    ['a fraction', fileOf([plain('2.5'), ...good.slice(1)]), 'NATIONAL_SYMBOL'],
    ['a count with a sign', fileOf([plain('-4'), ...good.slice(1)]), 'NATIONAL_SYMBOL'],
    [
      'a symbol in a sum',
      fileOf([...good.slice(0, 2), plain('n/a')]),
      'NATIONAL_SYMBOL',
      { line: '4', column: 'referral_count' },
    ],
    ['an empty cell', fileOf([plain(''), ...good.slice(1)]), 'NATIONAL_SYMBOL'],
    [
      'parts that are more than their sum',
      fileOf([plain('290'), ...good.slice(1)]),
      'NATIONAL_CONTRADICTS',
      { series: 'RF01#count' },
    ],
    ['parts that are less', fileOf([plain('270'), ...good.slice(1)]), 'NATIONAL_CONTRADICTS'],
    [
      'an authority twice',
      fileOf(good).replace('E06000002', 'E06000001'),
      'NATIONAL_FILE',
      { line: '3', expected: 'each authority once' },
    ],
    [
      'a file without a column',
      fileOf(good).replace('referral_count', 'referrals'),
      'NATIONAL_FILE',
      { expected: 'a column referral_count' },
    ],
    ['half a file', fileOf(good).slice(0, -20), 'NATIONAL_FILE'],
    ['an open quotation mark', fileOf(good).replace('280', '"280'), 'NATIONAL_FILE'],
    ['nothing', '', 'NATIONAL_FILE'],
  ])('%s', (_what, csv, code, facts = {}) => {
    const [found, said] = read(csv);
    expect([found, said]).toEqual([code, expect.objectContaining(facts)]);
    expect(JSON.stringify(said)).not.toMatch(/Smith|2\.5/);
  });

  test('another year than the file has, and what is no year', () => {
    expect(read(fileOf(good), '2022-FY')[0]).toBe('NATIONAL_FILE');
    expect(read(fileOf(good), '2023-Q1')[0]).toBe('NATIONAL_FILE');
    expect(read(fileOf(good))).toEqual(['', {}]);
  });

  test.each<[NationalMap['periods'], string, string, string?]>([
    ['financial-year', '2023-FY', '202324'],
    ['financial-quarter', '2023-Q1', '202324', 'Financial Year Q1'],
    ['financial-quarter', '2023-Q4', '202324', 'Financial year Q4'],
    ['calendar-quarter', '2023-Q1', '2023', 'Calendar Year Q2'],
    ['calendar-quarter', '2023-Q4', '2024', 'Calendar Year Q1'],
    ['calendar-year', '2023-CY', '2023'],
    ['month', '2024-02', '2024', 'February'],
  ])('no period of the kind that the map says: %s', (periods, period, timePeriod, identifier = 'Other') => {
    const csv = fileOf(good)
      .replaceAll(/^2024,/gm, `${timePeriod},${identifier},`)
      .replace('time_period,', 'time_period,time_identifier,');
    const tried = (text: string, asked: string) => whyNot(() => readNational(text, { ...map, periods }, asked))[0];
    expect(tried(csv, period)).toBe('');
    expect(tried(csv, '2022-H1')).toBe('NATIONAL_FILE');
    expect(tried(csv.replaceAll(`${timePeriod},`, '2019,'), period)).toBe('NATIONAL_FILE');
    if (identifier !== 'Other') expect(tried(csv.replaceAll(identifier, 'Other'), period)).toBe('NATIONAL_FILE');
  });

  test('a map that is none', () => {
    const tried = (changed: object) =>
      whyNot(() => parseNationalMap(JSON.stringify({ ...map, ...changed }), datasetAt))[0];
    expect(tried({})).toBe('');
    const bad = [
      { v: 2 },
      { columns: {} },
      { columns: { a: 'RF99#count' } },
      { columns: { a: 'RF01#count', b: 'RF01#count' } },
      { rounding: { authority: 0 } },
      { periods: 'calendar' },
      { periods: 'year-to-31-august' },
      { periods: 'toString' },
      { release: 'A b' },
      { threshold: 1.5 },
    ];
    expect(bad.map(tried)).toEqual(bad.map(() => 'NATIONAL_MAP'));
    expect(whyNot(() => parseNationalMap('{', datasetAt))[0]).toBe('NATIONAL_MAP');
  });

  test('sums with what no count can be', async () => {
    // Two hidden counts of 1 or more beside 299 of 300, give or take 5: that fits. Beside 305 it does not.
    const alone = (n: string) => [n, 'x', 'x', 'x'];
    const csv = (n: string) => fileOf([alone('c'), alone('c'), alone(n), alone('300')]);
    const given = await whatItGivesAway(readNational(csv('299'), map, '2023-FY'), annual);
    expect(given.filter(({ key }) => key === 'RF01#count')).toHaveLength(2);
    expect(read(csv('304'))[0]).toBe('NATIONAL_CONTRADICTS');
  });
});

test('what is found always holds the true counts, whatever is hidden and however sums are rounded', async () => {
  const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(counts, fc.integer(), fc.constantFrom(0, 5, 10), async (truth, mask, rounding) => {
      const hidden = truth.map((count, i) => count > 0 && ((mask >> i) & 1) === 1);
      const round = (n: number) => String(rounding === 0 ? n : Math.round(n / rounding) * rounding);
      const all = truth.reduce((sum, count) => sum + count, 0);
      const rows = truth.map((count, i) => [hidden[i] ? 'c' : String(count), 'x', 'x', 'x']);
      const one: NationalMap = { ...map, rounding: { authority: 0, sum: rounding } };
      const release = readNational(fileOf([...rows, [round(all), 'x', 'x', 'x']]), one, '2023-FY');
      const opened = (await whatItGivesAway(release, annual)).filter(({ key }) => key === 'RF01#count');
      for (const { authority, least, most } of opened) {
        const count = truth[Number(authority.at(-1)) - 1]!;
        expect(least <= count && count <= most).toBe(true);
      }
      // One that is hidden alone is given away by an exact sum, always.
      if (rounding === 0 && hidden.filter(Boolean).length === 1) expect(opened).toHaveLength(1);
    }),
    { numRuns: 40 },
  );
});
