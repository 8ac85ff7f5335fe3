import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { contractsFolder } from '@hub/contracts';
import { canonical, parsePeriod, parseStrictJson, Refusal, type Finding } from '@hub/kernel';
import { allSeries, datasetOf, loadCatalogue, type Dataset, type Indicator } from '@hub/registry/domain';
import { limits } from './limits';
import { readHead } from './payload';
import { validate, type Validated, type ValidationContext } from './validate';

const base: Omit<Indicator, 'code' | 'name' | 'unit' | 'denominator'> = {
  counts: 'something',
  people: 'children',
  polarity: 'neutral',
  basis: 'flow',
  decimals: 0,
  source: 'a test',
  breakdowns: [],
};
/** Every kind of denominator, breakdown and rule that a specification can ask for. */
const dataset: Dataset = {
  v: 1,
  code: 'test-quarterly',
  version: '1.0',
  title: 'Test',
  frequency: 'quarter',
  dimensions: {
    source: { name: 'Source', categories: ['police', 'school', 'other'].map((code) => ({ code, name: code })) },
    duration: { name: 'Days', categories: ['0-10', '11-15', '16-20'].map((code) => ({ code, name: code })) },
    role: { name: 'Role', categories: ['worker', 'manager'].map((code) => ({ code, name: code })) },
  },
  indicators: [
    {
      ...base,
      code: 'RF01',
      name: 'Referrals',
      unit: 'per10000',
      denominator: { population: '0-17' },
      breakdowns: [{ dimension: 'source', exhaustive: true }],
    },
    {
      ...base,
      code: 'RF02',
      name: 'Re-referrals',
      unit: 'percent',
      denominator: { indicator: 'RF01' },
      breakdowns: [{ dimension: 'source', exhaustive: true }],
    },
    { ...base, code: 'SF03', name: 'Conferences', unit: 'per10000', denominator: { population: '0-17' } },
    {
      ...base,
      code: 'SF04',
      name: 'Conferences in 15 days',
      unit: 'percent',
      denominator: { indicator: 'SF03' },
      breakdowns: [{ dimension: 'duration', exhaustive: true, sumsTo: 'SF03', categories: ['0-10', '11-15', '16-20'] }],
    },
    {
      ...base,
      code: 'WF01',
      name: 'Vacancies',
      unit: 'percent',
      people: 'staff',
      decimals: 1,
      denominator: { own: 'posts' },
      breakdowns: [{ dimension: 'role', exhaustive: true }],
    },
    { ...base, code: 'WF04', name: 'Caseload', unit: 'mean', decimals: 1, denominator: { own: 'case holders' } },
    {
      ...base,
      code: 'AS05',
      name: 'Factors',
      unit: 'per10000',
      denominator: { population: '0-17' },
      breakdowns: [{ dimension: 'source', exhaustive: false, categories: ['police', 'school'] }],
    },
  ],
  rules: [
    {
      code: 'conferences-after-referrals',
      message: 'There are more conferences than referrals.',
      terms: [
        ['SF03', 1],
        ['RF01', -1],
      ],
      upper: 0,
    },
    {
      code: 'in-time-is-first-bands',
      message: 'The first two bands are the conferences in time.',
      terms: [
        ['SF04', 1],
        ['SF04|duration=0-10', -1],
        ['SF04|duration=11-15', -1],
      ],
      lower: 0,
      upper: 0,
    },
  ],
};

interface PlainRow {
  indicator?: unknown;
  breakdown?: unknown;
  count?: unknown;
  of?: unknown;
  status?: unknown;
  reason?: unknown;
  [more: string]: unknown;
}
interface Payload {
  [more: string]: unknown;
  rows: PlainRow[];
}

const by = (
  dimension: string,
  categories: Record<string, number>,
  indicator: string,
  of?: Record<string, number>,
): PlainRow[] =>
  Object.entries(categories).map(([category, count]) => ({
    indicator,
    breakdown: { [dimension]: category },
    count,
    ...(of ? { of: of[category] } : {}),
  }));
const sum = (parts: Record<string, number>) => Object.values(parts).reduce((a, b) => a + b, 0);
const tenths = (n: number) => n / 10;

/** A return without a fault, for these numbers. `whole` numbers are tenths where the indicator has a decimal. */
function payloadOf(n: {
  rf01: { police: number; school: number; other: number };
  rf02: { police: number; school: number; other: number };
  sf04: { '0-10': number; '11-15': number; '16-20': number };
  wf01: { worker: number; manager: number };
  posts: { worker: number; manager: number };
  as05: { police: number; school: number };
}): Payload {
  const referrals = sum(n.rf01);
  const conferences = sum(n.sf04);
  const inTenths = (parts: Record<string, number>) =>
    Object.fromEntries(Object.entries(parts).map(([k, v]) => [k, tenths(v)]));
  return {
    authority: 'E06000001',
    dataset: { code: 'test-quarterly', version: '1.0' },
    period: '2025-Q1',
    agreement: { id: 'north-east-benchmarking', version: 1 },
    rows: [
      { indicator: 'RF01', count: referrals },
      ...by('source', n.rf01, 'RF01'),
      { indicator: 'RF02', count: sum(n.rf02), of: referrals },
      ...by('source', n.rf02, 'RF02', n.rf01),
      { indicator: 'SF03', count: conferences },
      { indicator: 'SF04', count: n.sf04['0-10'] + n.sf04['11-15'], of: conferences },
      ...by('duration', n.sf04, 'SF04', { '0-10': conferences, '11-15': conferences, '16-20': conferences }),
      { indicator: 'WF01', count: tenths(sum(n.wf01)), of: tenths(sum(n.posts)) },
      ...by('role', inTenths(n.wf01), 'WF01', inTenths(n.posts)),
      { indicator: 'WF04', count: 151.2, of: 10 },
      { indicator: 'AS05', count: 3 },
      ...by('source', n.as05, 'AS05'),
    ],
  };
}
const good = (): Payload =>
  payloadOf({
    rf01: { police: 40, school: 30, other: 30 },
    rf02: { police: 10, school: 5, other: 0 },
    sf04: { '0-10': 10, '11-15': 10, '16-20': 5 },
    wf01: { worker: 25, manager: 0 },
    posts: { worker: 205, manager: 40 },
    as05: { police: 2, school: 3 },
  });
const at = (indicator: string, category?: string) => (row: PlainRow) =>
  row.indicator === indicator &&
  (category === undefined ? row.breakdown === undefined : Object.values(row.breakdown ?? {})[0] === category);
const rowOf = (payload: Payload, indicator: string, category?: string) => payload.rows.find(at(indicator, category))!;
const placeOf = (payload: Payload, indicator: string, category?: string) =>
  `/rows/${payload.rows.findIndex(at(indicator, category))}`;
const run = (payload: unknown, previous?: ReadonlyMap<string, bigint>): Validated =>
  validate(payload, dataset, { period: parsePeriod('2025-Q1'), previous });
const told = ({ findings }: Validated) =>
  findings.map(({ severity, rule, pointer }) => `${severity} ${rule} ${pointer}`.trim());

test('a return without a fault has no finding, and a cell for every series', () => {
  const { findings, cells } = run(good());
  expect(findings).toEqual([]);
  expect(cells.map(({ series }) => series).sort()).toEqual(
    allSeries(dataset)
      .map(({ key }) => key)
      .sort(),
  );
  expect(cells).toContainEqual({ series: 'RF01|source=police#count', kind: 'value', value: 40n });
  expect(cells).toContainEqual({ series: 'WF01|role=worker#count', kind: 'value', value: 25n });
  expect(cells).toContainEqual({ series: 'WF01#of', kind: 'value', value: 245n });
  expect(cells).toContainEqual({ series: 'WF04#count', kind: 'value', value: 1512n });
});

test('what has no figure is said with a reason, and a breakdown may be left out', () => {
  const payload = good();
  payload.rows = payload.rows.filter((row) => row.indicator !== 'WF01' && !(row.indicator === 'AS05' && row.breakdown));
  payload.rows.push({ indicator: 'WF01', status: 'notAvailable', reason: 'The system is being replaced.' });
  const { findings, cells } = run(payload);
  expect(findings).toEqual([]);
  expect(cells.filter(({ series }) => series.startsWith('WF01'))).toEqual([
    { series: 'WF01#count', kind: 'notAvailable' },
    { series: 'WF01#of', kind: 'notAvailable' },
  ]);
});

test('where the denominator has no count there is no "of" either', () => {
  const payload = good();
  payload.rows = payload.rows.filter((row) => !['RF01', 'RF02'].includes(row.indicator as string));
  payload.rows.push({ indicator: 'RF01', status: 'notAvailable', reason: 'Lost.' }, { indicator: 'RF02', count: 4 });
  expect(told(run(payload))).toEqual([]);
  rowOf(payload, 'RF02').of = 9;
  expect(told(run(payload))).toEqual([`error of-differs ${placeOf(payload, 'RF02')}/of`]);
});

type Fault = [what: string, plant: (payload: Payload) => void, ...findings: string[]];
const faults: Fault[] = [
  ['an unknown member of the payload', (p) => (p['name'] = 'x'), 'error unknown-member'],
  ['no rows', (p) => delete (p as Partial<Payload>).rows, 'error payload-shape /rows'],
  ['rows that are no list', (p) => ((p as Record<string, unknown>)['rows'] = {}), 'error payload-shape /rows'],
  ['a row that is no object', (p) => (p.rows as unknown[]).push([1]), 'error row-shape /rows/20'],
  ['an unknown member of a row', (p) => (p.rows[0]!['surname'] = 'x'), 'error unknown-member /rows/0'],
  [
    'an unknown indicator',
    (p) => p.rows.push({ indicator: 'XX99', count: 1 }),
    'error unknown-indicator /rows/20/indicator',
  ],
  [
    'an indicator that is no text',
    (p) => p.rows.push({ indicator: 1, count: 1 }),
    'error unknown-indicator /rows/20/indicator',
  ],
  [
    'an indicator of every object',
    (p) => p.rows.push({ indicator: 'constructor', count: 1 }),
    'error unknown-indicator /rows/20/indicator',
  ],
  [
    'an unknown breakdown',
    (p) => p.rows.push({ indicator: 'SF03', breakdown: { source: 'police' }, count: 1 }),
    'error unknown-breakdown /rows/20/breakdown',
  ],
  [
    'a dimension the dataset does not know',
    (p) => p.rows.push({ indicator: 'RF01', breakdown: { street: 'x' }, count: 1 }),
    'error unknown-breakdown /rows/20/breakdown',
  ],
  [
    'two dimensions',
    (p) => p.rows.push({ indicator: 'RF01', breakdown: { source: 'police', role: 'worker' }, count: 1 }),
    'error unknown-breakdown /rows/20/breakdown',
  ],
  [
    'a breakdown that is no object',
    (p) => p.rows.push({ indicator: 'RF01', breakdown: 'police', count: 1 }),
    'error unknown-breakdown /rows/20/breakdown',
  ],
  [
    'an unknown category',
    (p) => p.rows.push({ indicator: 'RF01', breakdown: { source: 'priest' }, count: 1 }),
    'error unknown-category /rows/20/breakdown/source',
  ],
  [
    'a category that this indicator does not ask for',
    (p) => p.rows.push({ indicator: 'AS05', breakdown: { source: 'other' }, count: 1 }),
    'error unknown-category /rows/20/breakdown/source',
  ],
  [
    'a category of every object',
    (p) => p.rows.push({ indicator: 'RF01', breakdown: { source: 'toString' }, count: 1 }),
    'error unknown-category /rows/20/breakdown/source',
  ],
  ['the same row twice', (p) => p.rows.push({ ...p.rows[1] }), 'error duplicate-row /rows/20'],
  [
    'the same row twice, once without a number',
    (p) => p.rows.push({ ...p.rows[8], count: '25' }, { ...p.rows[8] }) && p.rows.splice(8, 1),
    'error not-a-number /rows/19/count',
    'error duplicate-row /rows/20',
  ],
  [
    'the total twice, once with an empty breakdown',
    (p) => p.rows.push({ ...p.rows[0], breakdown: {} }),
    'error duplicate-row /rows/20',
  ],
  ['text for a count', (p) => (rowOf(p, 'SF03').count = '25'), 'error not-a-number /rows/8/count'],
  ['null for a count', (p) => (rowOf(p, 'SF03').count = null), 'error not-a-number /rows/8/count'],
  ['a negative count', (p) => (rowOf(p, 'SF03').count = -1), 'error negative /rows/8/count'],
  ['a fraction', (p) => (rowOf(p, 'SF03').count = 2.5), 'error fraction /rows/8/count'],
  ['two decimals where there is one', (p) => (rowOf(p, 'WF04').count = 15.25), 'error fraction /rows/16/count'],
  ['a number beyond 2^53', (p) => (rowOf(p, 'SF03').count = 2 ** 53), 'error too-large /rows/8/count'],
  ['neither count nor status', (p) => delete rowOf(p, 'SF03').count, 'error count-or-status /rows/8'],
  ['count and status', (p) => (rowOf(p, 'SF03').status = 'notAvailable'), 'error count-or-status /rows/8'],
  [
    'an unknown status',
    (p) => (p.rows[8] = { indicator: 'SF03', status: 'hidden', reason: 'No.' }),
    'error unknown-status /rows/8/status',
  ],
  [
    'a status without a reason',
    (p) => (p.rows[16] = { indicator: 'WF04', status: 'notCollected' }),
    'error status-without-reason /rows/16/reason',
  ],
  [
    'a status with an empty reason',
    (p) => (p.rows[16] = { indicator: 'WF04', status: 'notCollected', reason: '  ' }),
    'error status-without-reason /rows/16/reason',
  ],
  [
    'a status with a denominator',
    (p) => (p.rows[16] = { indicator: 'WF04', status: 'notCollected', reason: 'No.', of: 1 }),
    'error of-unexpected /rows/16/of',
  ],
  ['a count with a reason', (p) => (rowOf(p, 'WF04').reason = 'Why not.'), 'error reason-unexpected /rows/16/reason'],
  ['no named denominator', (p) => delete rowOf(p, 'RF02', 'police').of, 'error of-missing /rows/5'],
  ['no own denominator', (p) => delete rowOf(p, 'WF04').of, 'error of-missing /rows/16'],
  ['a denominator for a rate', (p) => (rowOf(p, 'SF03').of = 1000), 'error of-unexpected /rows/8/of'],
  [
    'a denominator that is not the row it names',
    (p) => (rowOf(p, 'RF02').of = (rowOf(p, 'RF02').of as number) + 1),
    'error of-differs /rows/4/of',
  ],
  [
    'a denominator of another category',
    (p) => (rowOf(p, 'RF02', 'police').of = (rowOf(p, 'RF02', 'police').of as number) + 1),
    'error of-differs /rows/5/of',
  ],
  [
    'a numerator above its denominator',
    (p) =>
      Object.assign(rowOf(p, 'WF01', 'manager'), { count: 4.1 }) && Object.assign(rowOf(p, 'WF01'), { count: 6.6 }),
    'error numerator-above-denominator /rows/15',
  ],
  [
    'parts that do not sum to their total',
    (p) => (rowOf(p, 'RF02').count = 16),
    'error parts-do-not-sum /rows/4/count',
  ],
  [
    'parts that do not sum to another indicator',
    (p) => (rowOf(p, 'SF04', '16-20').count = 6),
    'error parts-do-not-sum /rows/8/count',
  ],
  ['denominators that do not sum', (p) => (rowOf(p, 'WF01').of = 24.6), 'error parts-do-not-sum /rows/13/of'],
  [
    'known parts above their total',
    (p) => {
      p.rows[p.rows.findIndex(at('RF02', 'other'))] = {
        indicator: 'RF02',
        breakdown: { source: 'other' },
        status: 'notAvailable',
        reason: 'No.',
      };
      rowOf(p, 'RF02').count = 14;
    },
    'error parts-do-not-sum /rows/4/count',
  ],
  [
    'a breakdown with a hole',
    (p) => p.rows.splice(p.rows.findIndex(at('AS05', 'school')), 1),
    'error breakdown-incomplete /rows/18',
  ],
  ['a required row that is missing', (p) => p.rows.splice(p.rows.findIndex(at('WF04')), 1), 'error row-missing /rows'],
  [
    'a rule of the dataset',
    (p) => {
      for (const row of p.rows) if (row.indicator === 'RF01' || row.indicator === 'RF02') delete row.breakdown;
      p.rows = p.rows.filter((row, i) => !(row.indicator === 'RF01' || row.indicator === 'RF02') || i === 0 || i === 4);
      Object.assign(rowOf(p, 'RF01'), { count: 24 });
      Object.assign(rowOf(p, 'RF02'), { of: 24 });
    },
    'error conferences-after-referrals /rows/2',
  ],
  ['a rule with categories', (p) => (rowOf(p, 'SF04').count = 19), 'error in-time-is-first-bands /rows/9'],
  [
    'a refresh of an earlier period',
    (p) => p.rows.push({ indicator: 'SF03', period: '2024-Q4', count: 9 }),
    'error refresh-not-offered /rows/20/period',
  ],
  [
    'a row for a future period',
    (p) => p.rows.push({ indicator: 'SF03', period: '2025-Q2', count: 9 }),
    'error refresh-not-offered /rows/20/period',
  ],
  [
    'a row period that is no text',
    (p) => p.rows.push({ indicator: 'SF03', period: 4, count: 9 }),
    'error refresh-not-offered /rows/20/period',
  ],
  ['explanations that are no list', (p) => (p['explanations'] = {}), 'error explanation-shape /explanations'],
  ['an explanation that is no object', (p) => (p['explanations'] = ['x']), 'error explanation-shape /explanations/0'],
  [
    'an explanation of nothing known',
    (p) => (p['explanations'] = [{ rule: 'x', pointer: '/rows/0', answer: 'confirmed', text: 'Yes.' }]),
    'error explanation-shape /explanations/0/rule',
  ],
  [
    'an explanation of no row',
    (p) =>
      (p['explanations'] = [
        { rule: 'change-against-previous', pointer: '/rows/20', answer: 'confirmed', text: 'Yes.' },
      ]),
    'error explanation-shape /explanations/0/pointer',
  ],
  [
    'an unknown answer',
    (p) =>
      (p['explanations'] = [{ rule: 'change-against-previous', pointer: '/rows/0', answer: 'maybe', text: 'Yes.' }]),
    'note answer-not-asked /explanations/0',
    'error explanation-shape /explanations/0/answer',
  ],
  [
    'an explanation without text',
    (p) => (p['explanations'] = [{ rule: 'change-against-previous', pointer: '/rows/0', answer: 'confirmed' }]),
    'note answer-not-asked /explanations/0',
    'error explanation-shape /explanations/0/text',
  ],
  ['commentary that is no list', (p) => (p['commentary'] = 'x'), 'error commentary-shape /commentary'],
  [
    'a comment on nothing',
    (p) => (p['commentary'] = [{ indicator: 'XX99', text: 'Yes.' }]),
    'error unknown-indicator /commentary/0/indicator',
  ],
  [
    'two comments on one indicator',
    (p) =>
      (p['commentary'] = [
        { indicator: 'RF01', text: 'Yes.' },
        { indicator: 'RF01', text: 'No.' },
      ]),
    'error commentary-shape /commentary/1',
  ],
  [
    'a comment with a control character',
    (p) => (p['commentary'] = [{ indicator: 'RF01', text: 'Yes\u0000' }]),
    'error commentary-shape /commentary/0/text',
  ],
  [
    'a comment that is too long',
    (p) => (p['commentary'] = [{ indicator: 'RF01', text: 'a'.repeat(2001) }]),
    'error commentary-shape /commentary/0/text',
  ],
  [
    'an identifier in a comment',
    (p) => (p['commentary'] = [{ indicator: 'RF01', text: 'See 943 476 5919.' }]),
    'error looks-like-a-person /commentary/0/text',
  ],
  [
    'an identifier in a reason',
    (p) => (p.rows[16] = { indicator: 'WF04', status: 'notCollected', reason: 'Ask 01429 523800.' }),
    'error looks-like-a-person /rows/16/reason',
  ],
  [
    'an identifier in an explanation',
    (p) =>
      (p['explanations'] = [
        { rule: 'change-against-previous', pointer: '/rows/0', answer: 'confirmed', text: 'TS24 8AY' },
      ]),
    'note answer-not-asked /explanations/0',
    'error looks-like-a-person /explanations/0/text',
  ],
];

test.each(faults)('refused: %s', (_what, plant, ...findings) => {
  const payload = good();
  plant(payload);
  const result = run(payload);
  expect(told(result)).toEqual(findings);
  expect(result.cells).toEqual([]);
});

test('a payload that is no object, and too many rows, are said and no more', () => {
  expect(told(run(null))).toEqual(['error payload-shape']);
  const many = { ...good(), rows: Array(limits.rows + 1).fill({ indicator: 'XX99' }) };
  expect(told(run(many))).toEqual(['error too-many-rows /rows']);
});

test('everything is said at once, in the order of the places', () => {
  const payload = good();
  rowOf(payload, 'SF03').count = -1;
  payload.rows.push({ indicator: 'XX99', count: 1 });
  payload['note'] = 1;
  payload['commentary'] = [{ indicator: 'RF01', text: '' }];
  rowOf(payload, 'RF02').of = 7;
  const rules = told(run(payload));
  expect(rules).toEqual([
    'error unknown-member',
    'error commentary-shape /commentary/0/text',
    'error numerator-above-denominator /rows/4',
    'error of-differs /rows/4/of',
    'error negative /rows/8/count',
    'error unknown-indicator /rows/20/indicator',
  ]);
});

test('nothing out of a text is repeated', () => {
  const secret = 'Jane Doe';
  const payload = good();
  payload[secret] = secret;
  payload.rows.push(
    { indicator: secret, count: secret, [secret]: 1 },
    { indicator: 'RF01', breakdown: { [secret]: secret }, count: 1 },
  );
  payload.rows.push({
    indicator: 'RF01',
    breakdown: { source: secret },
    period: secret,
    status: secret,
    reason: `${secret} 943 476 5919`,
  });
  payload['explanations'] = [
    { rule: secret, pointer: secret, answer: secret, text: `${secret} 943 476 5919`, [secret]: secret },
  ];
  payload['commentary'] = [{ indicator: secret, text: `${secret} 943 476 5919` }];
  const { findings } = run(payload);
  expect(findings.length).toBeGreaterThan(10);
  expect(JSON.stringify(findings)).not.toMatch(/Jane|943/);
});

describe('notes refuse nothing', () => {
  const accepted = (payload: Payload, context: Partial<ValidationContext> = {}) => {
    const result = validate(payload, dataset, { period: parsePeriod('2025-Q1'), threshold: 10, ...context });
    expect(result.cells).not.toEqual([]);
    return told(result);
  };
  test('an answer to what was not asked', () => {
    const spare = { rule: 'change-against-previous', pointer: '/rows/0', answer: 'confirmed', text: 'Yes.' };
    expect(accepted({ ...good(), explanations: [spare] })).toEqual(['note answer-not-asked /explanations/0']);
  });
  test('a small number in what others may read, by the threshold of the agreement', () => {
    const payload = { ...good(), commentary: [{ indicator: 'RF01', text: 'Up, with 7 of one family.' }] };
    expect(accepted(payload)).toEqual(['note small-number-in-text /commentary/0/text']);
    expect(accepted(payload, { threshold: 6 })).toEqual([]);
    // The own authority alone reads why a row has no count.
    const reason = { ...good(), reason: 'Two teams had been counted twice, 7 children.' };
    expect(accepted(reason, { replaces: 1 })).toEqual([]);
  });
  test('a new version without a reason; one with a reason is fine, and the reason is kept', () => {
    expect(accepted(good(), { replaces: 3 })).toEqual(['note replaced-without-a-reason']);
    const reason = 'Late entries of March.';
    expect(accepted({ ...good(), reason }, { replaces: 3 })).toEqual([]);
    expect(run({ ...good(), reason }).said).toMatchObject({ reason });
    expect(told(run({ ...good(), reason: 7 }))).toEqual(['error reason-shape /reason']);
    expect(told(run({ ...good(), reason: 'Ask j.doe@example.org' }))).toEqual(['error looks-like-a-person /reason']);
  });
});

test('a figure outside what is printed is a query, with the range and the own figure', () => {
  const printed = new Map([['SF03', [{ lowest: 1, highest: 2, of: 'England’s authorities, 2024-FY' }]]]);
  const context = { period: parsePeriod('2025-Q1'), printed, children: 1_000 };
  const { findings, asked } = validate(good(), dataset, context);
  const pointer = asked[0]!.pointer;
  expect(asked).toEqual([{ rule: 'outside-the-printed-range', pointer, series: 'SF03#count' }]);
  expect(findings[0]).toMatchObject({
    severity: 'query',
    expected: 'about 1 to 2 per 10,000, as printed for England’s authorities, 2024-FY',
    found: expect.stringMatching(/^\d+ per 10,000$/) as string,
  });
  const text = 'A new conference chair.';
  const explanations = [{ rule: 'outside-the-printed-range', pointer, answer: 'confirmed', text }];
  const answered = validate({ ...good(), explanations }, dataset, context);
  expect(told(answered)).toEqual([`query outside-the-printed-range ${pointer}`]);
  expect(answered.said.answers).toMatchObject([{ pointer, text }]);
});

describe('a jump against the own previous period', () => {
  const previous = new Map([
    ['RF01#count', 30n],
    ['WF04#count', 800n],
    ['SF03#count', 20n],
  ]);
  const answer = {
    rule: 'change-against-previous',
    pointer: '/rows/0',
    answer: 'confirmed',
    text: 'New front door since May.',
  };
  test('is asked about, and refuses while nobody answers', () => {
    expect(told(run(good(), previous))).toEqual([
      'query change-against-previous /rows/0',
      'error query-unanswered /rows/0',
    ]);
  });
  test('is kept as a query when it is answered', () => {
    const result = run({ ...good(), explanations: [answer] }, previous);
    expect(result.findings).toEqual([
      {
        severity: 'query',
        rule: 'change-against-previous',
        pointer: '/rows/0',
        message: 'The count differs much from the period before.',
        expected: 'close to 30, by the own earlier figures',
        found: '100',
      },
    ]);
    expect(result.cells).toHaveLength(allSeries(dataset).length);
  });
  test('has to be both more than double and more than 20', () => {
    const asked = (before: bigint) => told(run(good(), new Map([['RF01#count', before]]))).length > 0;
    expect([49n, 50n, 200n, 201n].map(asked)).toEqual([true, false, false, true]);
    const small = (before: bigint) => told(run(good(), new Map([['AS05#count', before]]))).length > 0;
    expect([0n, 1n, 23n, 24n].map(small)).toEqual([false, false, false, true]);
  });
  test('counts in units of the indicator', () => {
    const asked = (before: bigint) => told(run(good(), new Map([['WF04#count', before]]))).length > 0;
    expect([755n, 756n, 3024n, 3025n].map(asked)).toEqual([true, false, false, true]);
  });
});

const parts = <Name extends string>(...names: Name[]): fc.Arbitrary<Record<Name, number>> =>
  fc
    .array(fc.nat(400), { minLength: names.length, maxLength: names.length })
    .map((counts) => Object.fromEntries(names.map((name, i) => [name, counts[i]!])) as Record<Name, number>);
const anyGood = fc
  .record({
    rf01: parts('police', 'school', 'other'),
    rf02: parts('police', 'school', 'other'),
    sf04: parts('0-10', '11-15', '16-20'),
    wf01: parts('worker', 'manager'),
    posts: parts('worker', 'manager'),
    as05: parts('police', 'school'),
  })
  .map((n) => ({
    ...n,
    // Parts within their wholes, conferences within referrals.
    rf01: { ...n.rf01, other: n.rf01.other + 1200 },
    rf02: {
      police: Math.min(n.rf02.police, n.rf01.police),
      school: Math.min(n.rf02.school, n.rf01.school),
      other: n.rf02.other,
    },
    wf01: { worker: Math.min(n.wf01.worker, n.posts.worker), manager: Math.min(n.wf01.manager, n.posts.manager) },
  }))
  .map(payloadOf);

test('any return without a fault is accepted; with any one fault planted it is refused for that fault', () => {
  const rulesOf = (findings: readonly Finding[]) =>
    findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
  // Faults that depend on the example's numbers are planted in it alone.
  const general = faults.filter(([what]) => !/above|rule|sum/.test(what));
  expect(general.length).toBeGreaterThan(45);
  fc.assert(
    fc.property(anyGood, fc.constantFrom(...general), (generated, [, plant, ...expected]) => {
      const payload = structuredClone(generated);
      expect(run(payload).findings).toEqual([]);
      plant(payload);
      const errors = expected.filter((line) => line.startsWith('error'));
      const wanted = errors.map((line) => line.split(' ')[1]!);
      expect(rulesOf(run(payload).findings)).toEqual(expect.arrayContaining(wanted));
      expect(run(payload).cells).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('any one count changed by one breaks a sum, a rule or a denominator, unless nothing else says it', () => {
  const free = (row: PlainRow) => row.indicator === 'WF04' || row.indicator === 'AS05';
  fc.assert(
    fc.property(anyGood, fc.nat(19), (generated, i) => {
      const payload = structuredClone(generated);
      const row = payload.rows[i]!;
      row.count = (row.count as number) + 1;
      expect(run(payload).findings.length > 0).toBe(!free(row));
    }),
  );
});

test('findings are the same whatever the order of asking, and no JSON makes it crash', () => {
  const names = fc.constantFrom(
    'indicator',
    'breakdown',
    'count',
    'of',
    'status',
    'reason',
    'period',
    'rule',
    'pointer',
    'text',
    '__proto__',
    'x',
  );
  const leaf = fc.oneof(
    fc.constantFrom<unknown>('RF01', 'WF01', 'police', '/rows/0', 'notAvailable', -1, 0.1, 1e300, null, true, ''),
    fc.string(),
    fc.double({ noNaN: true }),
  );
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(names, tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  fc.assert(
    fc.property(json, fc.array(json, { maxLength: 5 }), json, json, (anything, rows, explanations, commentary) => {
      for (const body of [anything, { rows, explanations, commentary }]) {
        const first = run(body);
        expect(first.findings.some(({ severity }) => severity === 'error')).toBe(true);
        expect(run(body)).toEqual(first);
      }
    }),
    { numRuns: 300 },
  );
});

describe('the head of a payload', () => {
  const head = { ...good(), rows: [] };
  const read = (value: unknown) => {
    try {
      return readHead(Buffer.from(typeof value === 'string' ? value : canonical(value)));
    } catch (error) {
      expect(error).toMatchObject({ code: 'SUBMISSION_INVALID' });
      return (error as Refusal).more.findings!.map(({ rule, pointer }) => `${rule} ${pointer}`.trim());
    }
  };
  test('says whose return it is, of what, and under which agreement', () => {
    expect(read(head)).toEqual({
      authority: 'E06000001',
      dataset: { code: 'test-quarterly', version: '1.0' },
      period: '2025-Q1',
      agreement: { id: 'north-east-benchmarking', version: 1 },
      body: head,
    });
  });
  test.each<[string, unknown, string[]]>([
    ['nothing', '', ['strict-json']],
    ['a list', [], ['payload-shape']],
    ['a number with an exponent', '{"rows":[{"count":1e2}]}', ['strict-json /rows/0/count']],
    ['a number beyond 2^53', '{"rows":[{"count":9007199254740992}]}', ['strict-json /rows/0/count']],
    ['depth 10,000', '['.repeat(10_000), ['strict-json']],
    [
      'nothing of it',
      {},
      ['head-agreement /agreement', 'head-authority /authority', 'head-dataset /dataset', 'head-period /period'],
    ],
    ['an authority that is no code', { ...head, authority: 'Hartlepool' }, ['head-authority /authority']],
    ['a period of no form', { ...head, period: '2025-Q5' }, ['head-period /period']],
    ['a dataset without version', { ...head, dataset: { code: 'x' } }, ['head-dataset /dataset']],
    ['a dataset with a path', { ...head, dataset: { code: '../x', version: '1.0' } }, ['head-dataset /dataset']],
    ['an agreement with more', { ...head, agreement: { id: 'x', version: 1, more: 1 } }, ['head-agreement /agreement']],
    ['an agreement of version 0', { ...head, agreement: { id: 'x', version: 0 } }, ['head-agreement /agreement']],
  ])('is refused: %s', (_what, value, findings) => {
    expect(read(value)).toEqual(findings);
  });

  test('is refused with a byte order mark, by its name', () => {
    expect(() => readHead(Buffer.from(`\ufeff${canonical(head)}`))).toThrow(
      expect.objectContaining({
        more: { findings: [expect.objectContaining({ message: 'The payload begins with a byte order mark.' })] },
      }),
    );
  });

  test('is refused when a member stands twice, without its name', () => {
    expect(read('{"rows":[{"count":1,"count":2}]}')).toEqual([expect.stringMatching(/^strict-json \/rows\/0/)]);
    expect(read('{"Jane":{"Doe":1,"Doe":2}}')).toEqual(['strict-json']);
  });
});

test('an authority’s own measures need no row, and each that is counted a comment that says what it counts', () => {
  const own: Dataset = { ...dataset, aggregated: false, rules: [] };
  const rows = [{ indicator: 'SF03', count: 4 }];
  const found = (commentary?: unknown) =>
    validate({ rows, ...(commentary ? { commentary } : {}) }, own, { period: parsePeriod('2025-Q1') }).findings.map(
      ({ rule, pointer }) => `${rule} ${pointer}`,
    );
  expect(found()).toEqual(['own-measure-unnamed /rows/0']);
  expect(found([{ indicator: 'RF01', text: 'Something else.' }])).toEqual(['own-measure-unnamed /rows/0']);
  expect(found([{ indicator: 'SF03', text: 'Conferences moved to another day.' }])).toEqual([]);
});

test('the return with forty faults that is shipped has one of each of 45 rules, each at its own place', () => {
  const file = join(contractsFolder, 'submission', 'examples', 'forty-faults.json');
  const body = parseStrictJson(readFileSync(file)) as Record<string, unknown>;
  const quarterly = datasetOf(loadCatalogue(), 'safeguarding-quarterly', '1.0');
  const { findings, cells } = validate(body, quarterly, { period: parsePeriod('2025-Q2') });
  expect(cells).toEqual([]);
  expect(findings.every(({ severity }) => severity === 'error')).toBe(true);
  const rules = findings.map(({ rule }) => rule);
  expect([rules.length, new Set(rules).size]).toEqual([45, 45]);
  for (const { pointer } of findings) {
    const steps = pointer.split('/').slice(1, 3);
    expect(steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], body)).toBeDefined();
  }
  // What does not parse is not repeated.
  expect(JSON.stringify(findings)).not.toMatch(/many|went-home|checked|0191/);
});
