import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { contractsFolder } from '@hub/contracts';
import { parsePeriod } from '@hub/kernel';
import {
  authoritiesOf,
  datasetOf,
  loadCatalogue,
  loadRegistry,
  parseSeriesKey,
  seriesKey,
  type Dataset,
} from './domain';

/** Figures for demonstrations and tests: real ones of three years, and a synthetic quarter. */
interface Figures {
  readonly synthetic?: boolean;
  readonly note: string;
  readonly sources: readonly { readonly file: string; readonly sha256: string; readonly licence: string }[];
  readonly region: string;
  readonly dataset: { readonly code: string; readonly version: string };
  readonly returns: readonly { readonly authority: string; readonly period: string; readonly rows: readonly Row[] }[];
}
interface Row {
  readonly indicator: string;
  readonly breakdown?: Readonly<Record<string, string>>;
  readonly count?: number;
  readonly of?: number;
  readonly status?: string;
}

const root = join(contractsFolder, '..');
const read = (name: string) =>
  JSON.parse(readFileSync(join(root, 'test', 'figures', `${name}.json`), 'utf8')) as Figures;
const files = ['E12000001', 'E12000005', 'E12000001.quarterly', 'E12000005.quarterly'];
const catalogue = loadCatalogue();
const schema = JSON.parse(readFileSync(join(contractsFolder, 'submission', 'payload.schema.json'), 'utf8')) as object;
const fits = new Ajv2020({ strict: true }).compile(schema);

/**
 * What is wrong with the rows of a return, in words. Written apart from the hub's own validation, in whole tenths, so
 * that neither takes over a mistake of the other.
 */
function faultsOf(dataset: Dataset, rows: readonly Row[]): string[] {
  const faults: string[] = [];
  const tenths = new Map<string, number>();
  const there = new Set<string>();
  for (const { indicator, breakdown = {}, count, of } of rows) {
    const key = seriesKey(indicator, breakdown, 'count');
    if (there.has(key)) faults.push(`${key} twice`);
    there.add(key);
    if (count !== undefined) tenths.set(key, Math.round(count * 10));
    if (of !== undefined) tenths.set(seriesKey(indicator, breakdown, 'of'), Math.round(of * 10));
    const { decimals } = dataset.indicators.find(({ code }) => code === indicator)!;
    for (const number of [count, of]) {
      if (number !== undefined && !Number.isInteger(number) && decimals === 0) faults.push(`${key} is a fraction`);
    }
  }
  const value = (code: string, breakdown = {}, measure: 'count' | 'of' = 'count') =>
    tenths.get(seriesKey(code, breakdown, measure));

  for (const { code, denominator, unit, breakdowns } of dataset.indicators) {
    if (!there.has(seriesKey(code, {}, 'count'))) faults.push(`${code} is missing`);
    const places = [{}, ...rows.filter((row) => row.indicator === code && row.breakdown).map((row) => row.breakdown!)];
    for (const place of places) {
      const [count, of] = [value(code, place), value(code, place, 'of')];
      if (count === undefined) continue;
      if ('population' in denominator !== (of === undefined)) faults.push(`${code}: of is there, or missing`);
      if (unit === 'percent' && of !== undefined && count > of) faults.push(`${code} is above its denominator`);
      if ('indicator' in denominator) {
        const [dimension] = Object.keys(place);
        const divisor = dataset.indicators.find((one) => one.code === denominator.indicator)!;
        const same = divisor.code !== code && divisor.breakdowns.some((one) => one.dimension === dimension);
        if (of !== value(divisor.code, same ? place : {})) faults.push(`${code} is of another ${divisor.code}`);
      }
    }
    for (const { dimension, categories, exhaustive, sumsTo = code } of breakdowns) {
      const codes = categories ?? dataset.dimensions[dimension]!.categories.map((category) => category.code);
      const parts = codes.map((category) => value(code, { [dimension]: category }));
      const sent = parts.filter((part) => part !== undefined);
      if (sent.length === 0) continue;
      if (sent.length < parts.length) faults.push(`${code} by ${dimension} is not whole`);
      const total = sent.reduce((a, b) => a + b, 0);
      if (exhaustive && total !== value(sumsTo)) faults.push(`${code} by ${dimension} does not sum`);
    }
  }
  for (const { code, terms, lower = -Infinity, upper = Infinity } of dataset.rules) {
    let sum = 0;
    for (const [term, factor] of terms) {
      sum += factor * (tenths.get(term.endsWith('#of') ? term : `${term}#count`) ?? NaN);
    }
    if (sum < lower * 10 || sum > upper * 10) faults.push(`${code} does not hold`);
  }
  return faults;
}

describe.each(files)('the figures %s', (name) => {
  const figures = read(name);
  const dataset = datasetOf(catalogue, figures.dataset.code, figures.dataset.version);

  test('every return fits the schema of a payload', () => {
    for (const { authority, period, rows } of figures.returns) {
      const agreement = { id: 'any', version: 1 };
      expect([authority, period, fits({ authority, dataset: figures.dataset, period, agreement, rows })]).toEqual([
        authority,
        period,
        true,
      ]);
      expect(parsePeriod(period).kind).toBe(dataset.frequency);
    }
  });

  test('every return satisfies its dataset: all rows there, parts sum, denominators and rules hold', () => {
    for (const { authority, period, rows } of figures.returns) {
      expect([authority, period, faultsOf(dataset, rows)]).toEqual([authority, period, []]);
    }
  });

  test('every authority of the region has one return for each period', () => {
    const periods = [...new Set(figures.returns.map(({ period }) => period))];
    expect(periods).toEqual(figures.synthetic ? ['2026-Q2'] : ['2022-FY', '2023-FY', '2024-FY']);
    for (const period of periods) {
      const sent = figures.returns.filter((one) => one.period === period).map(({ authority }) => authority);
      expect(sent).toEqual(authoritiesOf(loadRegistry(), figures.region, parsePeriod(period)).map(({ code }) => code));
    }
  });

  test('says where it is from, and a made-up one says that it is', () => {
    expect(figures.sources.length).toBeGreaterThan(5);
    for (const { sha256, licence } of figures.sources) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(licence).toContain('Crown copyright');
    }
    expect([figures.synthetic ?? false, /SYNTHETIC/.test(figures.note)]).toEqual(
      Array(2).fill(name.endsWith('quarterly')),
    );
  });

  const folder = join(root, '..', 'shared', 'data');
  (figures.sources.every(({ file }) => existsSync(join(folder, file))) ? test : test.skip)(
    'its sources have the checksums that it names',
    () => {
      for (const { file, sha256 } of figures.sources) {
        expect(
          createHash('sha256')
            .update(readFileSync(join(folder, file)))
            .digest('hex'),
        ).toBe(sha256);
      }
    },
  );
});

describe('the published figures', () => {
  const [northEast, westMidlands] = ['E12000001', 'E12000005'].map(read) as [Figures, Figures];
  const at = (figures: Figures, authority: string, period: string, key: string) => {
    const { indicator, categories } = parseSeriesKey(`${key}#count`);
    const { rows } = figures.returns.find((one) => one.authority === authority && one.period === period)!;
    return rows.find(
      (row) =>
        row.indicator === indicator &&
        seriesKey(indicator, row.breakdown ?? {}, 'count') === seriesKey(indicator, categories, 'count'),
    );
  };

  // Read in the published files by eye; the first is Hartlepool's referrals in the year to 31 March 2025.
  test.each<[string, string, string, number, number?]>([
    ['E06000001', '2024-FY', 'RF01', 2020],
    ['E06000001', '2023-FY', 'RF02', 546, 2190],
    ['E08000037', '2023-FY', 'CP01|duration=3-to-6-months', 79],
    ['E06000047', '2024-FY', 'WF01', 55, 417.8],
    ['E06000047', '2024-FY', 'WF04', 4271, 253.1],
  ])('%s in %s: %s is %d', (authority, period, key, count, of = undefined) => {
    const row = at(northEast, authority, period, key);
    expect([row?.count, row?.of]).toEqual([count, of]);
  });

  test('Birmingham had 811 children aged 10 to 15 looked after on 31 March 2023', () => {
    expect(at(westMidlands, 'E08000025', '2022-FY', 'LA01|age=10-15')?.count).toBe(811);
  });

  test('where the parts do not sum to their total in the source, the breakdown is left out and the total stays', () => {
    for (const [authority, period, total] of [
      ['E06000005', '2024-FY', 141],
      ['E06000004', '2024-FY', 435],
      ['E08000021', '2022-FY', 490],
    ] as const) {
      expect(at(northEast, authority, period, 'SF03')).toMatchObject({ count: total });
      expect(at(northEast, authority, period, 'SF04|duration=0-10')).toBeUndefined();
    }
  });

  test('what the source hides is not available, never a number', () => {
    expect(at(northEast, 'E06000001', '2024-FY', 'LA01|need=low-income')).toBeUndefined();
    const hidden = northEast.returns.flatMap(({ rows }) => rows).filter(({ status }) => status === 'notAvailable');
    expect(hidden.length).toBeGreaterThan(0);
    expect(hidden.every(({ count, of }) => count === undefined && of === undefined)).toBe(true);
  });

  test('ten indicators and more have counts, several of them by category', () => {
    const counted = northEast.returns.flatMap(({ rows }) => rows).filter(({ count }) => count !== undefined);
    expect(new Set(counted.map(({ indicator }) => indicator)).size).toBeGreaterThanOrEqual(20);
    const broken = new Set(counted.filter(({ breakdown }) => breakdown).map(({ indicator }) => indicator));
    expect([...broken].sort()).toEqual(['AS05', 'CL01', 'CP01', 'LA01', 'SF04']);
  });

  test('a planted fault is seen by the check above', () => {
    const dataset = datasetOf(catalogue, 'safeguarding-annual', '1.0');
    const { rows } = northEast.returns.find(
      ({ authority, period }) => authority === 'E06000001' && period === '2024-FY',
    )!;
    const changed = (code: string, change: Partial<Row>, dimension?: string) => {
      const i = rows.findIndex(
        (row) => row.indicator === code && (dimension ? dimension in (row.breakdown ?? {}) : !row.breakdown),
      );
      return faultsOf(dataset, rows.with(i, { ...rows[i]!, ...change }));
    };
    expect(changed('LA01', { count: 0 }, 'age')).toContain('LA01 by age does not sum');
    expect(changed('RF02', { of: 1 })).toEqual(
      expect.arrayContaining(['RF02 is of another RF01', 'RF02 is above its denominator']),
    );
    expect(changed('CN01', { count: 1 })).toContain('plans-among-need does not hold');
    expect(changed('CL02', { of: 999 })).toContain('care-leavers-eet does not hold');
    expect(changed('RF01', { count: 0.5 })).toContain('RF01#count is a fraction');
    expect(faultsOf(dataset, rows.slice(1))).toContain('FD01 is missing');
  });
});
