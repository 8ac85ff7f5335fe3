import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { contractsFolder } from '@hub/contracts';
import { Refusal } from '@hub/kernel';
import { loadCatalogue, loadRegistry } from '@hub/registry/domain';
import { agreementFindings } from './check';
import { agreementFaults, parseAgreement, type AgreementDocument } from './document';

const example = (name: string) =>
  JSON.parse(readFileSync(join(contractsFolder, 'agreements', `${name}.json`), 'utf8')) as AgreementDocument;
const schema = JSON.parse(readFileSync(join(contractsFolder, 'agreements/agreement.schema.json'), 'utf8')) as {
  properties: object;
};
const overarching = example('north-east-benchmarking.v1');
const purpose = example('north-east-peer-challenge.v1');
const beside = { registry: loadRegistry(), catalogue: loadCatalogue(), today: '2026-05-01' };
const found = (json: unknown, more: object = {}) =>
  agreementFindings(json, { ...beside, ...more }).map(({ severity, rule, pointer, message }) => {
    expect(message).toMatch(/^[A-Z][^\n]{15,}\.$/); // each says in a sentence what is amiss
    return [severity, rule, pointer];
  });

test.each(['north-east-benchmarking.v1', 'west-midlands-benchmarking.v1', 'north-east-west-midlands-view.v1'])(
  'nothing is said against the example %s',
  (name) => expect(found(example(name))).toEqual([]),
);

test('every fault of the form is told at once, each with its place and what would be right', () => {
  const { title: _left, ...rest } = overarching;
  const faults = agreementFaults({
    ...rest,
    id: 'North East',
    rounding: 5,
    regions: [],
    purposes: [{ code: 'marketing', necessity: 'x\ny' }],
    tables: [{ ...overarching.tables[0]!, indicators: ['CP01', 'cp1'], breakdowns: 'some' }],
    disclosure: { ...overarching.disclosure, threshold: 1, told: 'no' },
    foi: { ...overarching.foi, withinWorkingDays: 99 },
    effective: { from: '2025-02-30', until: '2026-04-01' },
  });
  expect(faults.map(({ pointer, expected }) => `${pointer}: ${expected}`).sort()).toEqual(
    [
      '/disclosure/threshold: 3 or more',
      '/disclosure/told: true or false',
      '/effective/from: a date, 2025-03-31',
      '/foi/withinWorkingDays: 20 or less',
      '/id: Kebab-case name, the same in every version',
      '/purposes/0/code: regional-benchmarking, peer-challenge, practice-exchange, service-improvement',
      '/purposes/0/necessity: a text on one line, without control characters',
      '/regions: 1 entries or more',
      '/tables/0/breakdowns: all, or a list of codes',
      '/tables/0/indicators/1: what the schema says under pattern',
      ': member title',
      `: no other members than ${Object.keys(schema.properties).join(', ')}`,
    ].sort(),
  );
});

test('the faults of the form are all that is said of a document: what would be right beside each', () => {
  const { title: _left, ...rest } = overarching;
  const said = agreementFindings(
    {
      ...rest,
      audience: [{ ...overarching.audience[0]!, presentation: 'unsuppressed' }],
      effective: { ...overarching.effective, until: '2020-01-01' },
    },
    beside,
  );
  expect(said).toEqual([
    {
      severity: 'error',
      rule: 'AGREEMENT_UNSUPPRESSED',
      pointer: '/audience/0/presentation',
      message: expect.stringContaining('without suppression') as string,
      expected: 'named, own-and-unnamed, own-and-region',
    },
    {
      severity: 'error',
      rule: 'AGREEMENT_MALFORMED',
      pointer: '',
      message: expect.stringContaining('the form of an agreement') as string,
      expected: 'member title',
    },
  ]);
});

test('and so is every fault of the meaning', () => {
  const faults = agreementFaults({
    ...overarching,
    parent: overarching.id,
    disclosure: { ...overarching.disclosure, surveyThreshold: 4, leastAuthorities: 13 },
    effective: { from: '2026-04-01', until: '2026-04-01' },
  });
  expect(faults.map(({ pointer }) => pointer)).toEqual([
    '/parent',
    '/disclosure/surveyThreshold',
    '/disclosure/leastAuthorities',
    '/effective/until',
  ]);
});

test('what is told at once and what the hub refuses first are one rule: a document has faults or is read', () => {
  const leaves = (value: unknown, path: (string | number)[] = []): (string | number)[][] =>
    typeof value !== 'object' || value === null
      ? [path]
      : [path, ...Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))];
  const changed = fc.record({
    path: fc.constantFrom(...leaves(purpose).filter((path) => path.length)),
    value: fc.oneof(
      fc.constantFrom(null, true, 0, -1, 3, 1e9, '', 'all', 'x', [], {}, ['RF01'], '2027-01-01'),
      fc.string(),
    ),
    remove: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(changed, { maxLength: 3 }), (changes) => {
      const document = structuredClone(purpose) as unknown as Record<string, never>;
      for (const { path, value, remove } of changes) {
        const last = path.at(-1)!;
        const holder = path
          .slice(0, -1)
          .reduce<Record<string, never> | undefined>((at, step) => at?.[step] as never, document);
        if (typeof holder !== 'object' || holder === null) continue;
        if (remove && !Array.isArray(holder)) delete holder[last];
        else holder[last] = value as never;
      }
      const faults = agreementFaults(document);
      try {
        parseAgreement(document);
        expect(faults).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
        const { code, more, facts } = error as Refusal;
        expect(faults.map(({ code: told }) => told)).toContain(code);
        // Where several alternatives fail it is the whole that is told first, and the entry that is told to the writer.
        expect(faults.some(({ pointer }) => pointer.startsWith(more.pointer ?? ''))).toBe(true);
        expect(typeof facts['expected']).toBe('string');
      }
    }),
    { numRuns: 400 },
  );
});

test('what goes beyond the agreement above is told, with the clause', () => {
  expect(found(purpose)).toEqual([['note', 'look-again', '/parent']]);
  expect(found(purpose, { parent: overarching })).toEqual([]);
  expect(
    found({ ...purpose, recipients: { ...purpose.recipients, scrutinyCommittee: true } }, { parent: overarching }),
  ).toEqual([['error', 'AGREEMENT_WIDENS', '/recipients/scrutinyCommittee']]);
  expect(found(purpose, { parent: { ...overarching, id: 'another' } })).toEqual([
    ['error', 'AGREEMENT_ABSENT', '/parent'],
  ]);
  expect(found(purpose, { parent: { ...overarching, parent: 'top' } })).toEqual([
    ['error', 'AGREEMENT_MALFORMED', '/parent'],
  ]);
  expect(found(overarching, { parent: overarching })).toEqual([['error', 'AGREEMENT_WIDENS', '']]);
});

test('a party of elsewhere, and a side that nobody signs', () => {
  const parties = [...overarching.parties.slice(0, 11), { ...overarching.parties[11]!, authority: 'E08000025' }];
  expect(found({ ...overarching, parties })).toEqual([['error', 'AGREEMENT_PARTY_FOREIGN', '/parties/11/authority']]);
  const audience = [{ ...overarching.audience[0]!, of: 'E12000005' }];
  expect(found({ ...overarching, audience })).toEqual([['error', 'AGREEMENT_ONE_SIDED', '/audience/0/of']]);
  // Whose area a board or a network is the hub knows.
  expect(found({ ...overarching, regions: ['net-east'], audience })).toEqual([]);
  expect(found({ ...overarching, audience: [{ ...audience[0]!, of: 'brd-tees' }] })).toEqual([]);
});

test('a party may be an authority of the agreement’s own time, or of today', () => {
  const [old, next] = ['E06000048', 'E06000057']; // Northumberland before and since 2013-04-01
  const parties = overarching.parties.map((one, i) => (i === 0 ? { ...one, authority: old } : one));
  expect(parties.some(({ authority }) => authority === next)).toBe(true);
  const effective = { from: '2010-04-01', until: '2013-04-01' };
  expect(found({ ...overarching, parties, effective })).toEqual([['note', 'look-again', '/effective/until']]);
  expect(found({ ...overarching, parties, effective }, { today: '2012-05-01' })).toEqual([
    [
      'error',
      'AGREEMENT_PARTY_FOREIGN',
      `/parties/${parties.findIndex(({ authority }) => authority === next)}/authority`,
    ],
  ]);
  expect(found({ ...overarching, parties })).toEqual([['error', 'AGREEMENT_PARTY_FOREIGN', '/parties/0/authority']]);
});

test.each<[string, { from: string; until?: string }, boolean]>([
  ['from the version on', { from: '1.0' }, true],
  ['from the one before, without an end', { from: '0.9' }, true],
  ['from the next', { from: '1.1' }, false],
  ['until that version, which is not in it', { from: '0.9', until: '1.0' }, false],
  ['until the next', { from: '1.0', until: '1.1' }, true],
])('a table %s: is there a version of the dataset in it?', (_what, versions, isThere) => {
  const tables = [{ ...overarching.tables[0]!, versions }];
  expect(found({ ...overarching, tables }).map(([, , pointer]) => pointer)).toEqual(
    isThere ? [] : ['/tables/0/versions'],
  );
});

test('a breakdown is missed where none of the indicators of the table has it, and all have what any has', () => {
  const tables = [
    { ...overarching.tables[0]!, dataset: 'front-door-monthly', frequency: 'month', breakdowns: ['source', 'age'] },
  ];
  expect(tables[0]!.indicators).toBe('all');
  expect(found({ ...overarching, tables })).toEqual([['note', 'look-again', '/tables/0/breakdowns/1']]);
});

test('a review is overdue on its very day', () => {
  const of = (reviewDate: string) => found({ ...overarching, dpia: { ...overarching.dpia, reviewDate } });
  expect(of('2026-05-02')).toEqual([]);
  expect(of(beside.today)).toEqual([['note', 'look-again', '/dpia/reviewDate']]);
});

test('what is allowed and shares nothing is pointed out', () => {
  const [annual, quarterly] = overarching.tables as [never, never];
  const tables = [
    { ...(annual as object), dataset: 'safegarding-annual' },
    { ...(quarterly as object), versions: { from: '7.0' } },
    { ...(quarterly as object), frequency: 'year', indicators: ['RF01', 'ZZ99'], breakdowns: ['age', 'placement'] },
  ];
  expect(found({ ...overarching, tables }).map(([, , pointer]) => pointer)).toEqual([
    '/tables/0/dataset',
    '/tables/1/versions',
    '/tables/2/frequency',
    '/tables/2/indicators/1',
    '/tables/2/breakdowns/1',
  ]);
  expect(found(overarching, { today: '2030-04-01' }).map(([, , pointer]) => pointer)).toEqual([
    '/effective/until',
    '/dpia/reviewDate',
  ]);
});
