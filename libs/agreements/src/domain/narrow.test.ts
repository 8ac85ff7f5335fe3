import * as fc from 'fast-check';
import { parseRegionCode } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar, stockton } from '../agreement.builder';
import {
  misplacedAt,
  strictestPolicy,
  widensAt,
  type AgreementDocument,
  type AgreementTable,
  type Audience,
  type DisclosurePolicy,
} from './index';

const northEast = parseRegionCode('E12000001');
const network = parseRegionCode('net-tees-valley');
const basic = anAgreement.documentBetween([hartlepool, middlesbrough, redcar, stockton]);
const annual = basic.tables[0]!;
const quarterly: AgreementTable = {
  dataset: 'safeguarding-quarterly',
  versions: { from: '1.2', until: '3.0' },
  indicators: ['RF01', 'CP01'],
  breakdowns: ['source', 'age'],
  frequency: 'quarter',
};

/** An overarching agreement with room to narrow in every clause. */
const wide: AgreementDocument = anAgreement.documentBetween([hartlepool, middlesbrough, redcar, stockton], {
  regions: [northEast, network],
  parties: basic.parties.map((party, i) => (i === 0 ? { ...party, agencies: ['agy-police', 'agy-health'] } : party)),
  membership: { joining: 'new-version', leavingNoticeDays: 30 },
  purposes: [
    { code: 'regional-benchmarking', necessity: 'Neighbours.' },
    { code: 'peer-challenge', necessity: 'Challenge.' },
  ],
  gateway: ['children-act-2004-s10', 'children-act-2004-s11'],
  tables: [annual, quarterly],
  audience: [
    { of: northEast, roles: ['authority-analyst', 'regional-lead'], presentation: 'named' },
    { of: 'brd-tees', roles: ['board-chair'], presentation: 'own-and-unnamed' },
  ],
  recipients: { ofsted: true, departmentAdviser: true, scrutinyCommittee: true },
  disclosure: { ...basic.disclosure, threshold: 5, leastBase: 5, surveyThreshold: 5 },
  retention: { cellsYears: 7, envelopesYears: 2, atEnd: 'return' },
  security: { breachContact: 'The lead', withinHours: 48 },
  foi: { duty: 'consult', withinWorkingDays: 10 },
});

type Change = (document: AgreementDocument) => AgreementDocument;
const put =
  <Member extends keyof AgreementDocument>(member: Member, value: Partial<AgreementDocument[Member]>): Change =>
  (document) => ({ ...document, [member]: { ...(document[member] as object), ...(value as object) } });
const rule = (change: Partial<DisclosurePolicy>): Change => put('disclosure', change);
const table =
  (change: (table: AgreementTable) => AgreementTable): Change =>
  (document) => ({
    ...document,
    tables: document.tables.map((one) => (one.dataset === quarterly.dataset ? change(one) : one)),
  });
const annually =
  (change: Partial<AgreementTable>): Change =>
  (document) => ({
    ...document,
    tables: document.tables.map((one) => (one.dataset === annual.dataset ? { ...one, ...change } : one)),
  });
const entry =
  (i: number, change: Partial<Audience>): Change =>
  (document) => ({ ...document, audience: document.audience.map((one, j) => (i === j ? { ...one, ...change } : one)) });

/** What each clause may be narrowed to, and where the unchanged document goes beyond one that has been narrowed so. */
const narrowings: readonly [what: string, narrow: Change, pointer: string][] = [
  ['a region fewer', (one) => ({ ...one, regions: one.regions.slice(0, 1) }), '/regions/1'],
  ['a party fewer', (one) => ({ ...one, parties: one.parties.slice(0, 3) }), '/parties/3'],
  [
    'an agency fewer',
    (one) => ({ ...one, parties: one.parties.map((party, i) => (i ? party : { ...party, agencies: ['agy-police'] })) }),
    '/parties/0',
  ],
  [
    'no agency',
    (one) => ({
      ...one,
      parties: one.parties.map(({ authority, role, contact }) => ({ authority, role, contact })),
    }),
    '/parties/0',
  ],
  ['a shorter notice', put('membership', { leavingNoticeDays: 29 }), '/membership/leavingNoticeDays'],
  ['a purpose fewer', (one) => ({ ...one, purposes: one.purposes.slice(0, 1) }), '/purposes/1'],
  ['a gateway fewer', (one) => ({ ...one, gateway: one.gateway.slice(0, 1) }), '/gateway/1'],
  ['a table fewer', (one) => ({ ...one, tables: one.tables.slice(0, 1) }), '/tables/1'],
  ['a later first version', table((one) => ({ ...one, versions: { ...one.versions, from: '1.10' } })), '/tables/1'],
  ['an earlier last version', table((one) => ({ ...one, versions: { ...one.versions, until: '2.9' } })), '/tables/1'],
  ['an indicator fewer', table((one) => ({ ...one, indicators: ['RF01'] })), '/tables/1'],
  ['a breakdown fewer', table((one) => ({ ...one, breakdowns: ['source'] })), '/tables/1'],
  ['totals alone', table((one) => ({ ...one, breakdowns: 'none' })), '/tables/1'],
  ['listed indicators instead of all', annually({ indicators: ['RF01'] }), '/tables/0'],
  ['listed breakdowns instead of all', annually({ breakdowns: ['age'] }), '/tables/0'],
  ['an audience fewer', (one) => ({ ...one, audience: one.audience.slice(0, 1) }), '/audience/1'],
  ['a role fewer', entry(0, { roles: ['regional-lead'] }), '/audience/0'],
  ['a region whose others are not named', entry(0, { presentation: 'own-and-unnamed' }), '/audience/0'],
  ['the own and the region alone', entry(1, { presentation: 'own-and-region' }), '/audience/1'],
  ['not to Ofsted', put('recipients', { ofsted: false }), '/recipients/ofsted'],
  ['not to the adviser', put('recipients', { departmentAdviser: false }), '/recipients/departmentAdviser'],
  ['not to scrutiny', put('recipients', { scrutinyCommittee: false }), '/recipients/scrutinyCommittee'],
  ['a higher threshold', rule({ threshold: 6 }), '/disclosure/threshold'],
  ['zeros that may be hidden', rule({ zeros: 'either' }), '/disclosure/zeros'],
  ['zeros that are hidden', rule({ zeros: 'hidden' }), '/disclosure/zeros'],
  ['protection of a range', rule({ protect: 'range' }), '/disclosure/protect'],
  ['protection against those who are told', rule({ told: true }), '/disclosure/told'],
  ['more contributors', rule({ leastContributors: 2 }), '/disclosure/leastContributors'],
  ['more authorities', rule({ leastAuthorities: 2 }), '/disclosure/leastAuthorities'],
  ['a larger base', rule({ leastBase: 6 }), '/disclosure/leastBase'],
  ['a larger survey', rule({ surveyThreshold: 6 }), '/disclosure/surveyThreshold'],
  ['a second signature', (one) => ({ ...one, signOff: true }), '/signOff'],
  ['cells kept shorter', put('retention', { cellsYears: 6 }), '/retention/cellsYears'],
  ['envelopes kept shorter', put('retention', { envelopesYears: 1 }), '/retention/envelopesYears'],
  ['deleted at the end', put('retention', { atEnd: 'delete' }), '/retention/atEnd'],
  ['a breach told sooner', put('security', { withinHours: 47 }), '/security/withinHours'],
  ['a request answered sooner', put('foi', { withinWorkingDays: 9 }), '/foi/withinWorkingDays'],
  ['a later start', put('effective', { from: '2022-04-02' }), '/effective/from'],
  ['an earlier end', put('effective', { until: '2030-03-31' }), '/effective/until'],
];

test.each(narrowings)('%s narrows; the other way round it is found where it stands', (_what, narrow, pointer) => {
  const narrower = narrow(wide);
  expect(narrower).not.toEqual(wide);
  expect(widensAt(narrower, wide)).toBeUndefined();
  expect(widensAt(wide, narrower)).toBe(pointer);
});

/** Neither more nor less: another one is not what the parties above have agreed. */
test.each<[what: string, change: Change, pointer: string]>([
  ['another lawful basis', (one) => ({ ...one, lawfulBasis: '6(1)(c)' }), '/lawfulBasis'],
  ['another condition', (one) => ({ ...one, article9Condition: '9(2)(j)' }), '/article9Condition'],
  ['another dataset', table((one) => ({ ...one, dataset: 'workforce' })), '/tables/1'],
  ['another frequency', table((one) => ({ ...one, frequency: 'month' })), '/tables/1'],
  ['another audience', entry(1, { of: 'brd-durham' }), '/audience/1'],
  ['another role', entry(1, { roles: ['scrutineer'] }), '/audience/1'],
  [
    'another party',
    (one) => ({ ...one, parties: [{ ...one.parties[0]!, authority: 'E08000025' as never }] }),
    '/parties/0',
  ],
  ['another agency', (one) => ({ ...one, parties: [{ ...one.parties[1]!, agencies: ['agy-police'] }] }), '/parties/0'],
  ['another purpose', (one) => ({ ...one, purposes: [{ code: 'practice-exchange', necessity: '-' }] }), '/purposes/0'],
])('%s is beyond, in both directions', (_what, change, pointer) => {
  expect(widensAt(change(wide), wide)).toBe(pointer);
  expect(widensAt(wide, change(wide))).toBeDefined();
});

test('what only people read, and an audience that reads in one clause or another, is free', () => {
  const free: AgreementDocument = {
    ...wide,
    id: 'challenge',
    title: 'Another',
    handling: 'Another line.',
    purposes: wide.purposes.map(({ code }) => ({ code, necessity: 'Another reason.' })),
    parties: wide.parties.map((party) => ({ ...party, role: 'joint-controller', contact: 'Somebody else' })),
    security: { ...wide.security, breachContact: 'Somebody else' },
    dpia: { reference: 'DPIA 2', reviewDate: '2026-01-01' },
  };
  expect(widensAt(free, wide)).toBeUndefined();
  expect(widensAt({ ...wide, tables: [...wide.tables].reverse() }, wide)).toBeUndefined();
});

test('an open last version is beyond a closed one, and holds every closed one', () => {
  const open = annually({ versions: { from: '1.0' } })(wide);
  expect(widensAt(wide, open)).toBeUndefined();
  expect(widensAt(open, wide)).toBe('/tables/0');
  expect(widensAt(open, open)).toBeUndefined();
});

test('two tables of the parent do not add up to one of the child', () => {
  const halves = {
    ...wide,
    tables: [annual, ...(['RF01', 'CP01'] as const).map((one) => ({ ...quarterly, indicators: [one] }))],
  };
  expect(widensAt(wide, halves)).toBe('/tables/1');
  expect(widensAt(halves, wide)).toBeUndefined();
});

const indices = fc.uniqueArray(fc.nat(narrowings.length - 1), { maxLength: narrowings.length });
const narrowedBy = (document: AgreementDocument, some: readonly number[]) =>
  some.reduce((one, i) => narrowings[i]![1](one), document);

test('a document never widens itself, however it has been narrowed', () => {
  fc.assert(
    fc.property(indices, (some) => expect(widensAt(narrowedBy(wide, some), narrowedBy(wide, some))).toBeUndefined()),
  );
  expect(widensAt(basic, basic)).toBeUndefined();
});

test('one clause that widens is found among any others', () => {
  // Changes of the same clause are left out: the later one would undo the earlier.
  const place = (i: number) => narrowings[i]![2];
  fc.assert(
    fc.property(indices, fc.nat(narrowings.length - 1), (some, at) => {
      const others = some.filter((i) => place(i) !== place(at) && place(i).split('/')[1] !== place(at).split('/')[1]);
      const child = narrowedBy(wide, others);
      expect(widensAt(child, narrowings[at]![1](wide))).toBe(place(at));
    }),
    { numRuns: 500 },
  );
});

test('within what is within is within: a child of a child keeps to the first', () => {
  const tables: fc.Arbitrary<AgreementTable[]> = fc.array(
    fc.record({
      dataset: fc.constant('safeguarding-annual'),
      frequency: fc.constant('year' as const),
      versions: fc.constantFrom({ from: '1.0' }, { from: '1.0', until: '2.0' }, { from: '1.2', until: '2.0' }),
      indicators: fc.constantFrom<AgreementTable['indicators']>('all', ['RF01', 'CP01'], ['RF01']),
      breakdowns: fc.constantFrom<AgreementTable['breakdowns']>('all', ['age', 'source'], ['age'], 'none'),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const audience: fc.Arbitrary<Audience[]> = fc.array(
    fc.record({
      of: fc.constantFrom<string[]>(northEast, 'brd-tees'),
      roles: fc.constantFrom<Audience['roles']>(['board-chair'], ['board-chair', 'scrutineer']),
      presentation: fc.constantFrom<Audience['presentation']>('named', 'own-and-unnamed', 'own-and-region'),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const clause: fc.Arbitrary<AgreementDocument[]> = fc.oneof(
    fc.tuple(tables, tables, tables).map((three) => three.map((one) => ({ ...wide, tables: one }))),
    fc.tuple(audience, audience, audience).map((three) => three.map((one) => ({ ...wide, audience: one }))),
  );
  let nested = 0;
  fc.assert(
    fc.property(clause, (three) => {
      const [lowest, middle, highest] = [three[0]!, three[1]!, three[2]!];
      if (widensAt(lowest, middle) !== undefined || widensAt(middle, highest) !== undefined) return;
      if (widensAt(middle, lowest) !== undefined && widensAt(highest, middle) !== undefined) nested++;
      expect(widensAt(lowest, highest)).toBeUndefined();
    }),
    { numRuns: 5000, seed: 4 },
  );
  expect(nested).toBeGreaterThan(20);
});

test('narrowed twice is within the first', () => {
  fc.assert(
    fc.property(indices, indices, (first, second) => {
      const child = narrowedBy(wide, first);
      const grandchild = narrowedBy(wide, [...new Set([...first, ...second])]);
      expect(widensAt(child, wide)).toBeUndefined();
      expect(widensAt(grandchild, wide)).toBeUndefined();
    }),
  );
});

describe('the strictest policy', () => {
  /** Which hides more, written out: no larger number or later word is laxer. */
  const zeros = ['printed', 'either', 'hidden'];
  const protect = ['exact', 'range'];
  const laxerAt = (one: DisclosurePolicy, than: DisclosurePolicy): string[] =>
    [
      one.threshold < than.threshold && 'threshold',
      zeros.indexOf(one.zeros) < zeros.indexOf(than.zeros) && 'zeros',
      protect.indexOf(one.protect) < protect.indexOf(than.protect) && 'protect',
      than.told && !one.told && 'told',
      one.leastContributors < than.leastContributors && 'leastContributors',
      one.leastAuthorities < than.leastAuthorities && 'leastAuthorities',
      one.leastBase < than.leastBase && 'leastBase',
      one.surveyThreshold < than.surveyThreshold && 'surveyThreshold',
    ].filter((rule) => rule !== false);
  const few = fc.integer({ min: 3, max: 6 });
  const policy: fc.Arbitrary<DisclosurePolicy> = fc.record({
    threshold: few,
    zeros: fc.constantFrom('printed', 'either', 'hidden'),
    protect: fc.constantFrom('exact', 'range'),
    told: fc.boolean(),
    leastContributors: few,
    leastAuthorities: few,
    leastBase: few,
    surveyThreshold: few,
  });
  const documents = fc
    .array(policy, { minLength: 1, maxLength: 4 })
    .map((policies) =>
      policies.map((disclosure, i) => ({ ...wide, id: `agreement-${i}`, version: i + 1, disclosure })),
    );

  test('is never laxer than any of them, takes each rule from one that has it, and does not depend on their order', () => {
    fc.assert(
      fc.property(documents, (all) => {
        const { policy: strictest, from } = strictestPolicy(all);
        for (const { disclosure } of all) expect(laxerAt(strictest, disclosure)).toEqual([]);
        for (const [name, { id, version }] of Object.entries(from) as [
          keyof DisclosurePolicy,
          (typeof from)['told'],
        ][]) {
          const source = all.find((one) => one.id === id)!;
          expect(source.version).toBe(version);
          expect(source.disclosure[name]).toBe(strictest[name]);
          expect(all.find((one) => one.disclosure[name] === strictest[name])).toBe(source);
        }
        expect(Object.keys(strictest).sort()).toEqual(Object.keys(wide.disclosure).sort());
        expect(Object.keys(from).sort()).toEqual(Object.keys(wide.disclosure).sort());
        expect(strictestPolicy([...all].reverse()).policy).toEqual(strictest);
        expect(strictestPolicy([...all, ...all])).toEqual({ policy: strictest, from });
      }),
    );
  });
});

describe('parties, regions and audience belong together', () => {
  const areas: Record<string, readonly string[]> = {
    [northEast]: [hartlepool, middlesbrough],
    [network]: [redcar],
    'brd-tees': [hartlepool, middlesbrough, redcar],
    'agy-police': [stockton],
  };
  const places = { authoritiesOf: (organisation: string) => areas[organisation] ?? [] };
  const of = (
    parties: readonly (typeof hartlepool)[],
    regions: AgreementDocument['regions'],
    ...audience: string[]
  ): AgreementDocument => ({
    ...wide,
    regions,
    parties: parties.map((authority) => ({ authority, role: 'controller', contact: '-' })),
    audience: audience.map((one) => ({ of: one, roles: ['regional-lead'], presentation: 'named' })),
  });

  test.each<[what: string, document: AgreementDocument, expected: string | undefined]>([
    ['parties of the region', of([hartlepool, middlesbrough], [northEast], northEast), undefined],
    ['one of them is enough', of([middlesbrough], [northEast], northEast), undefined],
    ['both regions sign', of([hartlepool, redcar], [northEast, network], northEast, network), undefined],
    ['a party of the region that reads', of([hartlepool, redcar], [northEast], network), undefined],
    ['a party in the area of an agency that reads', of([hartlepool, stockton], [northEast], 'agy-police'), undefined],
    [
      'a party of nowhere',
      of([hartlepool, stockton], [northEast], 'brd-tees'),
      'AGREEMENT_PARTY_FOREIGN /parties/1/authority',
    ],
    [
      'two parties of nowhere',
      of([stockton, redcar], [northEast], northEast),
      'AGREEMENT_PARTY_FOREIGN /parties/0/authority',
    ],
    [
      'one region that does not sign',
      of([hartlepool], [northEast, network], northEast, network),
      'AGREEMENT_ONE_SIDED /regions/1',
    ],
    [
      'a region that reads and does not sign',
      of([hartlepool], [northEast], northEast, network),
      'AGREEMENT_ONE_SIDED /audience/1/of',
    ],
    [
      'an organisation that nobody knows',
      of([hartlepool], [northEast], 'brd-unknown'),
      'AGREEMENT_ONE_SIDED /audience/0/of',
    ],
  ])('%s', (_what, document, expected) => {
    const found = misplacedAt(document, places);
    expect(found && `${found.code} ${found.pointer}`).toBe(expected);
  });

  test('nothing is wrong exactly where every party lies in a side and every side has a party', () => {
    const some = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1 });
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(
        some([hartlepool, middlesbrough, redcar, stockton]),
        some([northEast, network]),
        some(['brd-tees', 'agy-police', 'brd-unknown', northEast]),
        (parties, regions, audience) => {
          const found = misplacedAt(of(parties, regions, ...audience), places);
          outcomes.add(found?.code ?? 'none');
          const sides = [...regions, ...audience].map((side) => areas[side] ?? []);
          const together =
            parties.every((party) => sides.some((side) => side.includes(party))) &&
            sides.every((side) => side.some((one) => parties.includes(one as never)));
          expect(found === undefined).toBe(together);
        },
      ),
      { numRuns: 500 },
    );
    expect(outcomes.size).toBe(3);
  });
});
