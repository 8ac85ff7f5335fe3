import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { contractsFolder } from '@hub/contracts';
import { Refusal } from '@hub/kernel';
import { refusalOf } from '../../../../test/support/refusal';
import { datasetFaults, datasetOf, loadCatalogue, newestDataset } from './catalogue';
import {
  allSeries,
  denominatorSeriesOf,
  inPeriod,
  localMarkOf,
  nationalMarkOf,
  parseSeriesKey,
  seriesKey,
  termSeries,
} from './series';

const catalogue = loadCatalogue();
const annual = datasetOf(catalogue, 'safeguarding-annual', '1.0');
const quarterly = datasetOf(catalogue, 'safeguarding-quarterly', '1.0');
const keysOf = (dataset: typeof annual) => allSeries(dataset).map(({ key }) => key);

describe('the catalogue', () => {
  test('holds every collection, and all 51 indicators of the annual and the quarterly one', () => {
    expect(catalogue.datasets.map(({ code, frequency }) => [code, frequency])).toEqual([
      ['case-file-audits', 'quarter'],
      ['front-door-monthly', 'month'],
      ['local-measures', 'quarter'],
      ['local-measures', 'quarter'],
      ['representations', 'year'],
      ['safeguarding-annual', 'year'],
      ['safeguarding-quarterly', 'quarter'],
      ['workforce', 'half'],
    ]);
    const groups = (dataset: typeof annual) =>
      dataset.indicators.reduce<Record<string, number>>(
        (counts, { code }) => ({ ...counts, [code.slice(0, 2)]: (counts[code.slice(0, 2)] ?? 0) + 1 }),
        {},
      );
    const expected = { FD: 3, EH: 2, RF: 5, AS: 5, CN: 3, SF: 5, CP: 7, LA: 10, CL: 3, WF: 5, SV: 3 };
    expect(groups(annual)).toEqual(expected);
    expect(groups(quarterly)).toEqual(expected);
  });

  test('both ask for the same series, so that a quarter and a year are read alike', () => {
    expect(keysOf(quarterly)).toEqual(keysOf(annual));
    expect(keysOf(annual)).toEqual(
      expect.arrayContaining(['RF01|source=police#count', 'CN03#of', 'WF01|role=case-holder#of']),
    );
    expect(new Set(keysOf(annual)).size).toBe(keysOf(annual).length);
  });

  test('only the yearly figures are printed nationally, and a breakdown only where it is marked itself', () => {
    expect(keysOf(quarterly).filter((key) => nationalMarkOf(quarterly, key))).toEqual([]);
    expect(nationalMarkOf(annual, 'CP01#count')).toMatchObject({ threshold: 6, rounding: 0 });
    expect(nationalMarkOf(annual, 'CP01|duration=2-years-or-more#count')).toMatchObject({ threshold: 6 });
    expect(nationalMarkOf(annual, 'CP01|age=unborn#count')).toBeUndefined();
    expect(nationalMarkOf(annual, 'SV01#count')).toBeUndefined();
  });

  test('the 51 are broken down as the sector agreed', () => {
    const expected =
      'FD01 source age, FD02 source, FD03 source, EH01 age, EH02, RF01 source age sex ethnicity need, RF02 source age ethnicity, RF03 source, RF04 source, RF05, ' +
      'AS01 age, AS02 duration, AS03 age, AS04, AS05 factor, CN01 age sex ethnicity disability need duration, CN02, CN03, ' +
      'SF01 age, SF02, SF03 abuse, SF04 duration, SF05 abuse, CP01 age sex ethnicity abuse duration, CP02 abuse age, CP03 abuse, CP04, CP05, CP06, CP07, ' +
      'LA01 age sex ethnicity need placement legal, LA02 age need legal, LA03 reason, LA04 age, LA05, LA06 placement, LA07 age sex, LA08 age placement, LA09 age, LA10, ' +
      'CL01 age, CL02 age, CL03 age, WF01 role, WF02 role, WF03 role, WF04 role, WF05, SV01 age, SV02 service, SV03';
    for (const dataset of [annual, quarterly]) {
      const tables = dataset.indicators.map((one) => [one.code, ...one.breakdowns.map((by) => by.dimension)].join(' '));
      expect(tables.join(', ')).toBe(expected);
    }
  });

  test('months add up to the quarter: the front door counts what the quarterly return counts', () => {
    const monthly = newestDataset(catalogue, 'front-door-monthly');
    expect(keysOf(quarterly)).toEqual(expect.arrayContaining(keysOf(monthly)));
  });

  test('a mark of one half-year holds in that one only, and what authorities print has a mark of its own', () => {
    const workforce = newestDataset(catalogue, 'workforce');
    expect(nationalMarkOf(inPeriod(workforce, { text: '2025-H1' }), 'WF01#of')).toMatchObject({ threshold: 1 });
    expect(nationalMarkOf(inPeriod(workforce, { text: '2025-H2' }), 'WF01#of')).toBeUndefined();
    const representations = inPeriod(newestDataset(catalogue, 'representations'), { text: '2025-FY' });
    expect(localMarkOf(representations, 'RP01|procedure=other#count')).toMatchObject({ threshold: 1 });
    expect(localMarkOf(representations, 'RP01|maker=child#count')).toBeUndefined();
    expect(nationalMarkOf(representations, 'RP01#count')).toBeUndefined();
  });

  test('a dataset that is not there is refused, and the newest version is the highest number', () => {
    expect(() => datasetOf(catalogue, 'safeguarding-annual', '9.9')).toThrow(new Refusal('DATASET_ABSENT'));
    expect(() => newestDataset(catalogue, 'nothing')).toThrow(new Refusal('DATASET_ABSENT'));
    const absent = (code: string) => refusalOf(() => newestDataset(catalogue, code))?.facts;
    expect(absent('safeguarding-quartery')).toEqual({ nearest: 'safeguarding-quarterly' });
    for (const far of ['nothing', '', 'x'.repeat(10_000)]) expect(absent(far)).toEqual({});
    const versions = ['1.9', '1.10', '1.0'].map((version) => ({ ...annual, version }));
    expect(newestDataset({ datasets: versions }, annual.code).version).toBe('1.10');
  });
});

describe('series', () => {
  test('a key is read back as it was written, with its categories in order', () => {
    const key = seriesKey('RF01', { source: 'police', age: '1-4' }, 'of');
    expect(key).toBe('RF01|age=1-4|source=police#of');
    expect(parseSeriesKey(key)).toMatchObject({
      indicator: 'RF01',
      categories: { age: '1-4', source: 'police' },
      measure: 'of',
    });
    for (const series of allSeries(annual)) expect(parseSeriesKey(series.key)).toEqual(series);
  });

  test.each(['RF01', 'RF01#', 'RF01|source#count', 'RF01|source=Police#count', 'RF01#count\n', ''])(
    '%j is no key',
    (text) => expect(() => parseSeriesKey(text)).toThrow(new Refusal('INDICATOR_ABSENT')),
  );

  test.each<[string, Record<string, string>, string | null]>([
    ['RF01', {}, null],
    ['RF02', {}, 'RF01#count'],
    ['RF02', { source: 'police' }, 'RF01|source=police#count'],
    ['SF04', {}, 'SF03#count'],
    ['SF04', { duration: '0-10' }, 'SF03#count'],
    ['LA07', { sex: 'male' }, 'LA01|sex=male#count'],
    ['CN03', {}, 'CN03#of'],
    ['CL01', { age: '19-21' }, 'CL01|age=19-21#of'],
    ['AS05', { factor: 'gangs' }, 'AS05#count'],
    ['AS05', {}, 'AS05#count'],
  ])('%s %j is divided by %s', (indicator, categories, denominator) =>
    expect(denominatorSeriesOf(annual, indicator, categories)).toBe(denominator),
  );

  test('the term of a rule is a count unless it says that it is a denominator', () => {
    expect(termSeries('SF04|duration=0-10').key).toBe('SF04|duration=0-10#count');
    expect(termSeries('CL02#of').key).toBe('CL02#of');
  });
});

describe('a specification with a planted fault is refused', () => {
  type Plain = Record<string, never> & { indicators: Record<string, never>[]; rules: Record<string, never>[] };
  const planted = (change: (dataset: Plain, indicator: (code: string) => Record<string, unknown>) => void) => {
    const copy = structuredClone(annual) as unknown as Plain;
    change(copy, (code) => copy.indicators.find((one) => one['code'] === code)! as Record<string, unknown>);
    return datasetFaults(copy);
  };
  const rule = (terms: unknown, more: object = { lower: 0 }) => ({
    code: 'planted',
    message: 'Planted.',
    terms,
    ...more,
  });
  type Change = Parameters<typeof planted>[0];

  test('the untouched one is not', () => expect(planted(() => undefined)).toEqual([]));

  test.each<[string, Change, RegExp]>([
    ['an unknown member', (d) => Object.assign(d, { note: 'x' }), /additional/],
    ['a missing member', (d) => Reflect.deleteProperty(d, 'frequency'), /frequency/],
    ['a polarity that is none', (_d, i) => Object.assign(i('RF01'), { polarity: 'up' }), /polarity/],
    ['two decimals', (_d, i) => Object.assign(i('WF01'), { decimals: 2 }), /decimals/],
    [
      'two denominators',
      (_d, i) => Object.assign(i('CN03'), { denominator: { own: 'x', indicator: 'CN01' } }),
      /denominator/,
    ],
    [
      'an unknown denominator',
      (_d, i) => Object.assign(i('RF02'), { denominator: { indicator: 'RF99' } }),
      /unknown denominator/,
    ],
    [
      'a denominator with other decimals',
      (_d, i) => Object.assign(i('RF02'), { denominator: { indicator: 'WF01' } }),
      /decimals/,
    ],
    [
      'a rate that is not per population',
      (_d, i) => Object.assign(i('RF01'), { denominator: { own: 'x' } }),
      /population/,
    ],
    [
      'an unknown dimension',
      (_d, i) => Object.assign(i('RF02'), { breakdowns: [{ dimension: 'colour', exhaustive: true }] }),
      /unknown dimension/,
    ],
    [
      'an unknown category',
      (_d, i) =>
        Object.assign(i('RF02'), { breakdowns: [{ dimension: 'sex', categories: ['both'], exhaustive: true }] }),
      /unknown category/,
    ],
    [
      'a sum over a part of the categories',
      (_d, i) =>
        Object.assign(i('SF04'), { breakdowns: [{ dimension: 'duration', exhaustive: false, sumsTo: 'SF03' }] }),
      /not exhaustive/,
    ],
    [
      'a sum to nothing',
      (_d, i) =>
        Object.assign(i('SF04'), { breakdowns: [{ dimension: 'duration', exhaustive: true, sumsTo: 'SF99' }] }),
      /cannot sum/,
    ],
    [
      'a breakdown twice',
      (_d, i) =>
        Object.assign(i('SF05'), {
          breakdowns: [
            { dimension: 'abuse', exhaustive: true },
            { dimension: 'abuse', exhaustive: true },
          ],
        }),
      /twice/,
    ],
    [
      'a category that its denominator lacks',
      (_d, i) =>
        Object.assign(i('LA04'), { breakdowns: [{ dimension: 'age', categories: ['unborn'], exhaustive: true }] }),
      /nobody sends/,
    ],
    ['an indicator twice', (d) => d.indicators.push(d.indicators[0]!), /twice/],
    ['a rule twice', (d) => d.rules.push(d.rules[0]!), /twice/],
    ['a term of no form', (d) => d.rules.push(rule([['rf01', 1]]) as never), /pattern/],
    ['an unknown term', (d) => d.rules.push(rule([['RF01|source=nobody', 1]]) as never), /unknown term/],
    ['a denominator that the row does not carry', (d) => d.rules.push(rule([['RF02#of', 1]]) as never), /unknown term/],
    ['a rule without bounds', (d) => d.rules.push(rule([['RF01', 1]], {}) as never), /lower/],
    [
      'a rule that allows nothing',
      (d) => d.rules.push(rule([['RF01', 1]], { lower: 1, upper: 0 }) as never),
      /allows nothing/,
    ],
    ['a factor of zero', (d) => d.rules.push(rule([['RF01', 0]]) as never), /NOT/i],
    [
      'people added to tenths',
      (d) =>
        d.rules.push(
          rule([
            ['RF01', 1],
            ['WF01', 1],
          ]) as never,
        ),
      /decimals/,
    ],
  ])('%s', (_what, change, fault) => expect(planted(change).join('; ')).toMatch(fault));
});

describe('the schema of a payload', () => {
  const schema = JSON.parse(readFileSync(join(contractsFolder, 'submission', 'payload.schema.json'), 'utf8')) as object;
  const fits = new Ajv2020({ strict: true }).compile(schema);
  const payload = (rows: unknown[], more: object = {}) => ({
    authority: 'E06000001',
    dataset: { code: 'safeguarding-quarterly', version: '1.0' },
    period: '2025-Q1',
    agreement: { id: 'north-east-benchmarking', version: 1 },
    rows,
    ...more,
  });

  test('fits the example of the contract', () => {
    const rows = [
      { indicator: 'RF01', breakdown: { source: 'police' }, count: 212 },
      { indicator: 'AS02', count: 388, of: 441 },
      { indicator: 'CN03', status: 'notCollected', reason: 'No local standard yet.' },
      { indicator: 'WF01', count: 2.5, of: 31.5 },
    ];
    const explanations = [
      { rule: 'change-against-previous', pointer: '/rows/0', answer: 'confirmed', text: 'New front door since May.' },
    ];
    expect(fits(payload(rows, { explanations, commentary: [{ indicator: 'RF01', text: 'Up.' }] }))).toBe(true);
  });

  test.each<[string, unknown, object?]>([
    ['a count and a status', { indicator: 'RF01', count: 1, status: 'notCollected', reason: 'x' }],
    ['neither', { indicator: 'RF01' }],
    ['a status without a reason', { indicator: 'RF01', status: 'notAvailable' }],
    ['a count below zero', { indicator: 'RF01', count: -1 }],
    ['a text for a count', { indicator: 'RF01', count: '12' }],
    ['a name in a row', { indicator: 'RF01', count: 1, name: 'x' }],
    ['two dimensions', { indicator: 'RF01', breakdown: { source: 'police', age: '1-4' }, count: 1 }],
    ['a period that is none', { indicator: 'RF01', count: 1, period: '2025' }],
    ['another member of the payload', { indicator: 'RF01', count: 1 }, { note: 'x' }],
    ['an authority of another form', { indicator: 'RF01', count: 1 }, { authority: 'Hartlepool' }],
  ])('does not fit %s', (_what, row, more = {}) => expect(fits(payload([row], more))).toBe(false));
});
