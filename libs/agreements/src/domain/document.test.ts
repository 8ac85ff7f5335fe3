import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { canonical, parseStrictJson, Refusal } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough } from '../agreement.builder';
import { agreementFaults, compareVersions, parseAgreement, purposes } from './index';

const example = (name: string) =>
  parseStrictJson(readFileSync(join(contractsFolder, 'agreements', `${name}.json`))) as Record<string, unknown>;
const northEast = example('north-east-benchmarking.v1');

/** The example with the member at the pointer replaced (or removed, by undefined). */
function changed(pointer: string, value: unknown): unknown {
  const document = structuredClone(northEast);
  const steps = pointer.split('/').slice(1);
  const last = steps.pop()!;
  const parent = steps.reduce((at, step) => at[step] as Record<string, unknown>, document);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return document;
}

const refusalOf = (json: unknown) => {
  try {
    parseAgreement(json);
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, pointer: error.more.pointer, facts: error.facts };
    throw error;
  }
  return undefined;
};

test.each([
  ['north-east-benchmarking.v1', 'E12000001', 12],
  ['west-midlands-benchmarking.v1', 'E12000005', 14],
])('%s is understood as it stands', (name, region, parties) => {
  const document = parseAgreement(example(name));
  expect(document).toMatchObject({ id: name.replace('.v1', ''), version: 1, regions: [region] });
  expect(document.parties).toHaveLength(parties);
  expect(canonical(document)).toBe(canonical(example(name)));
});

describe('one constraint that is not understood refuses the whole document', () => {
  test.each<[pointer: string, value: unknown, at: string]>([
    ['/v', 2, '/v'],
    ['/id', 'North East', '/id'],
    ['/version', 0, '/version'],
    ['/version', '1', '/version'],
    ['/title', 'two\nlines', '/title'],
    ['/region', 'E12000001', ''],
    ['/regions', [], '/regions'],
    ['/regions/0', 'E13000001', '/regions/0'],
    ['/parent', 'north-east-benchmarking', '/parent'],
    ['/membership/leavingNoticeDays', -1, '/membership/leavingNoticeDays'],
    ['/membership/joining', 'any', '/membership/joining'],
    ['/rounding', 5, ''],
    ['/handling', undefined, ''],
    ['/parties', [], '/parties'],
    ['/parties/3/authority', 'E06000001', '/parties/3/authority'],
    ['/parties/0/authority', 'Hartlepool', '/parties/0/authority'],
    ['/parties/0/role', 'processor', '/parties/0/role'],
    ['/parties/0/weight', 2, '/parties/0'],
    ['/purposes/0/code', 'marketing', '/purposes/0/code'],
    ['/purposes/1/code', 'regional-benchmarking', '/purposes/1/code'],
    ['/lawfulBasis', 'consent', '/lawfulBasis'],
    ['/article9Condition', undefined, ''],
    ['/gateway', [], '/gateway'],
    ['/gateway/0', 'children-act-1989', '/gateway/0'],
    ['/tables', [], '/tables'],
    ['/tables/0/indicators', 'some', '/tables/0/indicators'],
    ['/tables/0/indicators', ['RF01', 'RF01'], '/tables/0/indicators'],
    ['/tables/0/breakdowns', ['postcode'], '/tables/0/breakdowns'],
    ['/tables/0/frequency', 'day', '/tables/0/frequency'],
    ['/tables/0/versions/from', '1', '/tables/0/versions/from'],
    ['/tables/0/versions/until', '1.0', '/tables/0/versions/until'],
    ['/tables/0/until', 'always', '/tables/0'],
    ['/audience', [], '/audience'],
    ['/audience/0/roles/0', 'steward', '/audience/0/roles/0'],
    ['/audience/0/of', 'E06000001', '/audience/0/of'],
    ['/audience/0/region', 'E12000005', '/audience/0'],
    ['/recipients/ofsted', undefined, '/recipients'],
    ['/recipients/press', true, '/recipients'],
    ['/disclosure/surveyThreshold', 9, '/disclosure/surveyThreshold'],
    ['/audience/0/presentation', 'anonymous', '/audience/0/presentation'],
    ['/disclosure/threshold', 10.5, '/disclosure/threshold'],
    ['/disclosure/zeros', 'rounded', '/disclosure/zeros'],
    ['/disclosure/protect', 'none', '/disclosure/protect'],
    ['/disclosure/told', undefined, '/disclosure'],
    ['/disclosure/leastContributors', 13, '/disclosure/leastContributors'],
    ['/disclosure/leastAuthorities', 13, '/disclosure/leastAuthorities'],
    ['/disclosure/leastBase', 0, '/disclosure/leastBase'],
    ['/signOff', 'yes', '/signOff'],
    ['/retention/cellsYears', 0, '/retention/cellsYears'],
    ['/security/withinHours', 73, '/security/withinHours'],
    ['/foi/duty', 'none', '/foi/duty'],
    ['/dpia/reviewDate', '2027-02-29', '/dpia/reviewDate'],
    ['/dpia/reviewDate', '2022-04-01', '/dpia/reviewDate'],
    ['/effective/from', '2022-4-1', '/effective/from'],
    ['/effective/until', '2022-04-01', '/effective/until'],
  ])('%s = %j', (pointer, value, at) => {
    expect(refusalOf(changed(pointer, value))).toMatchObject({ code: 'AGREEMENT_MALFORMED', pointer: at });
  });

  test.each([[null], [[]], ['text'], [7], [{}]])('%j is no agreement', (json) => {
    expect(refusalOf(json)).toMatchObject({ code: 'AGREEMENT_MALFORMED', pointer: '' });
  });
});

test.each<[pointer: string, value: unknown]>([
  ['/audience/0/presentation', 'unsuppressed'],
  ['/disclosure/threshold', 2],
  ['/disclosure/threshold', 1],
  ['/disclosure/threshold', 0],
])('figures without suppression are not offered: %s = %j', (pointer, value) => {
  expect(refusalOf(changed(pointer, value))).toMatchObject({ code: 'AGREEMENT_UNSUPPRESSED', pointer });
});

test('nothing of the document is echoed', () => {
  const secret = 'child-of-12-high-street';
  for (const pointer of ['/id', `/${secret}`, '/purposes/0/code', '/effective/from', '/tables/0/versions/from']) {
    expect(JSON.stringify(refusalOf(changed(pointer, `${secret} `)))).not.toContain(secret);
  }
});

test('a table may leave its last version open, and a policy may start at three', () => {
  const [table] = anAgreement.documentBetween([hartlepool]).tables;
  const { disclosure } = anAgreement.documentBetween([hartlepool]);
  const document = anAgreement.documentBetween([hartlepool, middlesbrough], {
    tables: [
      { ...table!, versions: { from: '1.9' } },
      { ...table!, versions: { from: '1.9', until: '1.10' } },
    ],
    disclosure: { ...disclosure, threshold: 3 },
  });
  expect(document.tables[1]!.versions.until).toBe('1.10');
});

/** What the refusal says would be right, in words that hold nothing of the document. */
test.each<[pointer: string, value: unknown, expected: string]>([
  ['/handling', undefined, 'member handling'],
  ['/dpia/rounding', 5, 'no other members than reference, reviewDate, summary'],
  ['/disclosure/zeros', 'rounded', 'printed, either, hidden'],
  ['/v', 2, '1'],
  ['/handling', 7, 'a text'],
  ['/version', '1', 'a whole number'],
  ['/signOff', 'yes', 'true or false'],
  ['/parties', 'all', 'a list'],
  ['/foi', [], 'an object'],
  ['/effective/from', '2022-04-1', 'a date, 2025-03-31'],
  ['/effective/from', '2022-02-30', 'a date, 2025-03-31'],
  ['/effective/from', '2022-04-01 ', 'a date, 2025-03-31'],
  ['/effective/from', '12022-04-01', 'a date, 2025-03-31'],
  ['/effective/from', '+012022-04-01', 'a date, 2025-03-31'],
  ['/effective/from', '2022', 'a date, 2025-03-31'],
  ['/version', 0, '1 or more'],
  ['/security/withinHours', 73, '72 or less'],
  ['/dpia/reference', '', '1 characters or more'],
  ['/parties', [], '1 entries or more'],
  ['/dpia/reference', 'a'.repeat(2001), '200 characters or fewer'],
  ['/gateway', Array.from({ length: 99 }, () => 'children-act-2004-s10'), '2 entries or fewer'],
  ['/regions', ['E12000001', 'E12000001'], 'each entry once'],
  ['/tables/0/indicators', 'some', 'all, or a list of codes'],
  ['/title', 'two\nlines', 'a text on one line, without control characters'],
  ['/parties/3/authority', 'E06000001', 'each authority once'],
  ['/purposes/1/code', 'regional-benchmarking', 'each purpose once'],
  ['/tables/0/versions/until', '1.0', 'a version above from'],
  ['/parent', 'north-east-benchmarking', 'another agreement'],
  ['/disclosure/surveyThreshold', 9, 'no less than the threshold'],
  ['/disclosure/leastContributors', 13, 'no more than there are parties'],
  ['/effective/until', '2022-04-01', 'a date after from'],
  ['/dpia/reviewDate', '2022-04-01', 'a date after effective.from'],
  ['/disclosure/threshold', 2, '3 or more'],
  ['/audience/0/presentation', 'unsuppressed', 'named, own-and-unnamed, own-and-region'],
])('%s = %j: what would be right is said', (pointer, value, expected) => {
  expect(refusalOf(changed(pointer, value))?.facts).toEqual({ expected });
});

test('an agreement of several regions needs a reader outside each of them; one of one region needs none', () => {
  const [reader] = northEast.audience as [object];
  const across = (...of: string[]) => ({
    ...northEast,
    regions: ['E12000001', 'E12000005'],
    audience: of.map((one) => ({ ...reader, of: one })),
  });
  expect(refusalOf(across('E12000001'))).toEqual({
    code: 'AGREEMENT_MALFORMED',
    pointer: '/regions/0',
    facts: { expected: 'an audience outside each region' },
  });
  expect(refusalOf(across('E12000005'))).toMatchObject({ pointer: '/regions/1' });
  expect(refusalOf(across('E12000001', 'E12000005'))).toBeUndefined();
  expect(refusalOf(across('brd-tees'))).toBeUndefined();
  expect(refusalOf({ ...northEast, audience: [{ ...reader, of: 'E12000001' }] })).toBeUndefined();
});

test('of several entries that ask for unsuppressed figures the first is named, and an entry of nothing does no harm', () => {
  const [reader] = northEast.audience as [object];
  const asking = { ...reader, presentation: 'unsuppressed' };
  expect(refusalOf({ ...northEast, audience: [null, reader, asking, asking] })).toMatchObject({
    code: 'AGREEMENT_UNSUPPRESSED',
    pointer: '/audience/2/presentation',
  });
});

test('all faults at once are the same as one after the other: what is asked without suppression, form, then meaning', () => {
  const document = changed('/disclosure/threshold', 2) as Record<string, unknown>;
  const told = (json: unknown) =>
    agreementFaults(json).map(({ code, pointer, expected }) => `${code} ${pointer}: ${expected}`);
  const unsuppressed = 'AGREEMENT_UNSUPPRESSED /disclosure/threshold: 3 or more';
  expect(told(document)).toEqual([unsuppressed]);
  expect(told({ ...document, signOff: 'yes' })).toEqual([unsuppressed, 'AGREEMENT_MALFORMED /signOff: true or false']);
  expect(told({ ...northEast, parent: northEast.id, effective: { from: '2022-04-01', until: '2022-04-01' } })).toEqual([
    'AGREEMENT_MALFORMED /parent: another agreement',
    'AGREEMENT_MALFORMED /effective/until: a date after from',
  ]);
});

test('of a choice that failed the one line that helps is told, and other faults beside it', () => {
  const [table] = northEast.tables as [object];
  const told = (indicators: unknown, more: object = {}) =>
    agreementFaults({ ...northEast, tables: [{ ...table, indicators }], ...more }).map(
      ({ pointer, expected }) => `${pointer}: ${expected}`,
    );
  expect(told('some')).toEqual(['/tables/0/indicators: all, or a list of codes']);
  expect(told(['RF01', 'rf-1'])).toHaveLength(1);
  expect(told(['RF01', 'rf-1'])[0]).toMatch(/^\/tables\/0\/indicators\/1: /);
  const two = ['safeguarding-annual', 'workforce'].map((dataset) => ({ ...table, dataset, indicators: 'some' }));
  expect(told('all', { tables: two })).toEqual([0, 1].map((i) => `/tables/${i}/indicators: all, or a list of codes`));
  expect(told('some', { signOff: 'yes', regions: [] })).toEqual([
    '/regions: 1 entries or more',
    '/tables/0/indicators: all, or a list of codes',
    '/signOff: true or false',
  ]);
});

test('versions are compared by their numbers', () => {
  expect(['1.10', '0.9', '1.9', '2.0', '1.0'].sort(compareVersions)).toEqual(['0.9', '1.0', '1.9', '1.10', '2.0']);
  expect(compareVersions('1.1', '1.1')).toBe(0);
});

test('each purpose of the list is one that an agreement may have', () => {
  for (const code of purposes) {
    expect(refusalOf({ ...northEast, purposes: [{ code, necessity: 'Because of this.' }] })).toBeUndefined();
  }
  expect(purposes).toEqual(['regional-benchmarking', 'peer-challenge', 'practice-exchange', 'service-improvement']);
});
