import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { canonical, parseStrictJson, Refusal } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough } from '../agreement.builder';
import { parseAgreement } from './index';

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
