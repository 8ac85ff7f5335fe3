import * as fc from 'fast-check';
import { parsePeriod } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar } from '../agreement.builder';
import {
  decide,
  isCovered,
  letsEnter,
  opensRegion,
  permitOrThrow,
  policyFor,
  sign,
  take,
  type Agreement,
  type PartyStanding,
  type Question,
} from './index';

const today = '2025-07-01';
const annual = anAgreement.documentBetween([hartlepool]).tables[0]!;
const agreement = anAgreement.inForce(
  anAgreement.documentBetween([hartlepool, middlesbrough], {
    tables: [
      annual,
      {
        dataset: 'safeguarding-quarterly',
        versions: { from: '1.2' },
        indicators: ['RF01', 'CP01'],
        breakdowns: ['source', 'age'],
        frequency: 'quarter',
      },
      {
        dataset: 'safeguarding-quarterly',
        versions: { from: '1.2' },
        indicators: ['SF01'],
        breakdowns: 'none',
        frequency: 'quarter',
      },
    ],
  }),
);

const accept = {
  door: 'accept',
  authority: hartlepool,
  dataset: { code: 'safeguarding-quarterly', version: '1.2' },
  period: parsePeriod('2025-Q1'),
  signatures: 1,
  agencies: [],
} as const satisfies Question;
const compile = {
  door: 'compile',
  region: 'E12000001',
  authority: hartlepool,
  dataset: accept.dataset,
  period: accept.period,
  indicator: 'RF01',
  breakdown: 'source',
} as const satisfies Question;
const inRoles = (...roles: string[]) => ({ standings: [{ of: 'E12000001', roles }] });
const read = {
  door: 'read',
  purpose: 'regional-benchmarking',
  ...inRoles('regional-lead'),
  region: 'E12000001',
  period: parsePeriod('2025-Q1'),
  publishedUnder: { id: 'example-benchmarking', threshold: 6 },
  dataset: { code: 'safeguarding-quarterly', version: '1.2' },
} as const satisfies Question;

const answer = (question: Question, of: Agreement = agreement, on = today) => {
  const decision = decide(of, question, on);
  return decision.permitted ? `permit ${decision.clause}` : `${decision.code} ${decision.clause}`;
};
const standing = (change: PartyStanding): Agreement => ({
  ...agreement,
  parties: new Map([...agreement.parties, [hartlepool, change]]),
});

test.each<[rule: string, question: Question, expected: string]>([
  ['the own table of a party', accept, 'permit /tables/1'],
  [
    'another table of a party',
    { ...accept, dataset: { code: 'safeguarding-annual', version: '1.0' }, period: parsePeriod('2024-FY') },
    'permit /tables/0',
  ],
  ['an authority outside', { ...accept, authority: redcar }, 'AGREEMENT_NOT_A_PARTY /parties'],
  [
    'a dataset that no table lists',
    { ...accept, dataset: { code: 'workforce', version: '1.2' } },
    'AGREEMENT_NOT_COVERED /tables',
  ],
  [
    'a version before',
    { ...accept, dataset: { ...accept.dataset, version: '1.1' } },
    'AGREEMENT_NOT_COVERED /tables/1/versions',
  ],
  [
    'a version after, compared by number',
    { ...accept, dataset: { ...accept.dataset, version: '1.10' } },
    'permit /tables/1',
  ],
  [
    'the first version beyond the range',
    { ...accept, dataset: { code: 'safeguarding-annual', version: '2.0' }, period: parsePeriod('2024-FY') },
    'AGREEMENT_NOT_COVERED /tables/0/versions',
  ],
  ['another frequency', { ...accept, period: parsePeriod('2024-FY') }, 'AGREEMENT_NOT_COVERED /tables/1/frequency'],
  ['a period that begins before', { ...accept, period: parsePeriod('2021-Q4') }, 'AGREEMENT_NOT_COVERED /effective'],
  ['the first period', { ...accept, period: parsePeriod('2022-Q1') }, 'permit /tables/1'],
  ['the last period', { ...accept, period: parsePeriod('2029-Q4') }, 'permit /tables/1'],
  ['a period that ends after', { ...accept, period: parsePeriod('2030-Q1') }, 'AGREEMENT_NOT_COVERED /effective'],
  ['a listed indicator and dimension', compile, 'permit /tables/1'],
  ['its total', { ...compile, breakdown: null }, 'permit /tables/1'],
  ['an indicator that is not listed', { ...compile, indicator: 'CN01' }, 'AGREEMENT_NOT_COVERED /tables/1/indicators'],
  [
    'a dimension that is not listed',
    { ...compile, breakdown: 'ethnicity' },
    'AGREEMENT_NOT_COVERED /tables/1/breakdowns',
  ],
  ['totals alone', { ...compile, indicator: 'SF01', breakdown: null }, 'permit /tables/2'],
  [
    'a breakdown where there are totals alone',
    { ...compile, indicator: 'SF01' },
    'AGREEMENT_NOT_COVERED /tables/2/breakdowns',
  ],
  ['an authority outside, at compile', { ...compile, authority: redcar }, 'AGREEMENT_NOT_A_PARTY /parties'],
  ['a role in the audience', read, 'permit /audience/0'],
  ['one of several roles', { ...read, ...inRoles('board-chair', 'authority-analyst') }, 'permit /audience/0'],
  ['a role outside the audience', { ...read, ...inRoles('board-chair') }, 'AGREEMENT_NOT_COVERED /audience'],
  ['no role at all', { ...read, ...inRoles() }, 'AGREEMENT_NOT_COVERED /audience'],
  ['another region', { ...read, region: 'E12000005' }, 'AGREEMENT_NOT_COVERED /regions'],
  ['another purpose', { ...read, purpose: 'peer-challenge' }, 'AGREEMENT_NOT_COVERED /purposes'],
  [
    'a dataset that is not shared',
    { ...read, dataset: { code: 'workforce', version: '1.0' } },
    'AGREEMENT_NOT_COVERED /tables',
  ],
  [
    'a version that is not shared',
    { ...read, dataset: { ...read.dataset, version: '1.0' } },
    'AGREEMENT_NOT_COVERED /tables/1/versions',
  ],
])('%s', (_rule, question, expected) => expect(answer(question)).toBe(expected));

describe.each<[door: string, question: Question]>([
  ['accept', accept],
  ['compile', compile],
  ['read', read],
])('the door %s', (_door, question) => {
  test('opens in force alone', () => {
    const { document } = agreement;
    const proposed = anAgreement.proposed(document);
    const suspended = take(agreement, 'suspend');
    const permitted = answer(question);
    expect(permitted).toMatch(/^permit/);
    expect(answer(question, take(suspended, 'resume'))).toBe(permitted);
    for (const closed of [
      proposed,
      sign(proposed, hartlepool, today),
      suspended,
      { ...agreement, state: 'suspended' } as const,
      take(agreement, 'terminate'),
      take(agreement, 'supersede'),
    ]) {
      expect(answer(question, closed)).toBe('AGREEMENT_NOT_IN_FORCE ');
    }
  });

  test('opens on the first day, and closes with the last', () => {
    expect(answer(question, agreement, '2022-03-31')).toBe('AGREEMENT_NOT_IN_FORCE /effective');
    expect(answer(question, agreement, '2022-04-01')).toMatch(/^permit/);
    expect(answer(question, agreement, '2030-03-31')).toMatch(/^permit/);
    expect(answer(question, agreement, '2030-04-01')).toBe('AGREEMENT_NOT_IN_FORCE /effective');
  });
});

test.each([['accept', accept] as const, ['compile', compile] as const])(
  'a party that withdraws shares until that day, at %s',
  (_door, question) => {
    const leaving = standing({ status: 'withdrawn', withdrawnFrom: '2025-07-02' });
    expect(answer(question, leaving, '2025-07-01')).toBe('permit /tables/1');
    expect(answer(question, leaving, '2025-07-02')).toBe('AGREEMENT_NOT_A_PARTY /parties/0');
    expect(answer({ ...question, authority: middlesbrough }, leaving, '2025-07-02')).toBe('permit /tables/1');
  },
);

describe('an agreement of several regions', () => {
  const across = anAgreement.inForce({
    ...agreement.document,
    regions: ['E12000001', 'E12000005'] as never,
    audience: [
      { of: 'E12000001', roles: ['authority-analyst'], presentation: 'named' },
      { of: 'brd-tees', roles: ['agency-partner'], presentation: 'own-and-region' },
    ],
  });
  const asked = { ...read, region: 'E12000005', publishedUnder: { id: 'elsewhere', threshold: 6 } };
  const by = (organisation: string, of = 'E12000001', role = 'authority-analyst') => ({
    ...asked,
    standings: [{ of, roles: [role], organisation }],
  });
  const left = standing({ status: 'withdrawn', withdrawnFrom: '2025-07-02' }).parties;

  test('is read from the other region, and not by those who work for a party that has left it', () => {
    expect(answer(by(hartlepool), across)).toBe('permit /audience/0');
    expect(answer(by(hartlepool), { ...across, parties: left }, '2025-07-01')).toBe('permit /audience/0');
    expect(answer(by(hartlepool), { ...across, parties: left }, '2025-07-02')).toBe('AGREEMENT_NOT_COVERED /audience');
    expect(answer(by(middlesbrough), { ...across, parties: left }, '2025-07-02')).toBe('permit /audience/0');
    expect(answer({ ...by(hartlepool), region: 'E12000001' }, across)).toBe('AGREEMENT_NOT_COVERED /audience');
  });

  test('says in which standing it is read', () => {
    expect(decide(across, by('agy-police', 'brd-tees', 'agency-partner'), today)).toMatchObject({
      clause: '/audience/1',
      reader: { of: 'brd-tees', organisation: 'agy-police' },
    });
  });

  test('opens the other region to its audience while it holds, whatever they would read there, and no other', () => {
    const { standings } = by(hartlepool);
    const opens = (region: string, of: Agreement = across, on = today) => opensRegion(of, { standings, region }, on);
    expect(opens('E12000005')).toBe(true);
    expect(opens('E12000001')).toBe(false);
    expect(opens('E12000002')).toBe(false);
    expect(opens('E12000005', take(across, 'suspend'))).toBe(false);
    expect(opens('E12000005', across, '2030-04-01')).toBe(false);
    expect(opens('E12000005', { ...across, parties: left }, '2025-07-02')).toBe(false);
    expect(opensRegion(across, { standings: [], region: 'E12000005' }, today)).toBe(false);
  });
});

describe('an agreement of one region', () => {
  const by = (...organisations: string[]) => ({
    ...read,
    standings: organisations.map((organisation) => ({ of: 'E12000001', roles: ['authority-analyst'], organisation })),
  });

  test('is read by those who work for a party that has left too: they are members of the region still', () => {
    const left = standing({ status: 'withdrawn', withdrawnFrom: '2025-06-01' });
    expect(answer(by(hartlepool), left)).toBe('permit /audience/0');
  });

  test('names the first standing in which it is read', () => {
    expect(decide(agreement, by(redcar, hartlepool), today)).toMatchObject({ reader: { organisation: redcar } });
  });
});

describe('the door keep', () => {
  const kept = { door: 'keep', authority: hartlepool, dataset: read.dataset, period: read.period } as const;
  const cells = { ...kept, item: 'cells', receivedOn: '2025-07-20' } as const;
  const envelopes = { ...cells, item: 'envelopes' } as const;

  test('counts years of cells from the end of the period, of envelopes from the receipt', () => {
    expect(answer(cells, agreement, '2029-01-01')).toBe('permit /retention/cellsYears');
    expect(answer(envelopes, agreement, '2027-07-19')).toBe('permit /retention/envelopesYears');
    expect(answer(envelopes, agreement, '2027-07-20')).toBe('RETENTION_ENDED /retention/envelopesYears');
    const long = anAgreement.inForce({
      ...agreement.document,
      retention: { ...agreement.document.retention, cellsYears: 1 },
    });
    expect(answer(cells, long, '2026-06-30')).toBe('permit /retention/cellsYears');
    expect(answer(cells, long, '2026-07-01')).toBe('RETENTION_ENDED /retention/cellsYears');
  });

  test('asks nothing of the one above that does not name the party', () => {
    const under = { ...agreement.document, parent: 'above' };
    const parent = anAgreement.inForce(anAgreement.documentBetween([redcar], { id: 'above' }));
    expect(answer(cells, { ...anAgreement.inForce(under), parent })).toBe('permit /retention/cellsYears');
  });
});

test('a standing that says less than signed lets nothing in', () => {
  expect(answer(accept, standing({ status: 'invited' }))).toBe('AGREEMENT_NOT_A_PARTY /parties/0');
  expect(answer(accept, standing({ status: 'invited', withdrawnFrom: '2029-01-01' }))).toBe(
    'AGREEMENT_NOT_A_PARTY /parties/0',
  );
  expect(answer(accept, standing({ status: 'withdrawn' }))).toBe('AGREEMENT_NOT_A_PARTY /parties/0');
});

test('each of several purposes is one', () => {
  const two = anAgreement.documentBetween([hartlepool, middlesbrough], {
    purposes: ['peer-challenge', 'regional-benchmarking'].map((code) => ({
      code: code as 'peer-challenge',
      necessity: '-',
    })),
    tables: agreement.document.tables,
  });
  expect(answer(read, anAgreement.inForce(two))).toBe('permit /audience/0');
  expect(answer({ ...read, purpose: 'practice-exchange' }, anAgreement.inForce(two))).toBe(
    'AGREEMENT_NOT_COVERED /purposes',
  );
});

describe('under which policy a table of a region is protected', () => {
  const [quarter] = agreement.document.tables.filter(({ frequency }) => frequency === 'quarter');
  const stricter = { ...agreement.document.disclosure, threshold: 10 };
  const beside = (change: Partial<Agreement['document']>) =>
    anAgreement.inForce({ ...agreement.document, id: 'beside', version: 3, disclosure: stricter, ...change });
  const across = beside({ regions: ['E12000001', 'E12000005'] as never });
  const asked: Parameters<typeof policyFor>[1] = { region: 'E12000001', dataset: read.dataset, period: read.period };
  const said = (others: readonly Agreement[], on = today, question = asked) => {
    const found = policyFor([agreement, ...others], question, on);
    return found && [found.policy.threshold, found.under.map(({ id, version }) => `${id} ${version}`)];
  };

  test('that of the agreement in force that covers it, where no other does', () => {
    expect(said([])).toEqual([6, ['example-benchmarking 1']]);
    expect(policyFor([agreement], asked, today)!.from.threshold).toEqual({ id: 'example-benchmarking', version: 1 });
    const annual = {
      ...asked,
      dataset: { code: 'safeguarding-annual', version: '1.0' },
      period: parsePeriod('2024-FY'),
    };
    expect(said([], today, annual)).toEqual([6, ['example-benchmarking 1']]);
  });

  test('the strictest rule of all that cover it, one of several regions too', () => {
    expect(said([beside({})])).toEqual([10, ['example-benchmarking 1', 'beside 3']]);
    expect(said([across])).toEqual([10, ['example-benchmarking 1', 'beside 3']]);
  });

  test.each<[why: string, other: Agreement]>([
    ['is not in force', take(beside({}), 'suspend')],
    ['is about another region', beside({ regions: ['E12000005'] as never })],
    ['is about another dataset', beside({ tables: [{ ...quarter!, dataset: 'safeguarding-annual' }] })],
    ['is about a later version', beside({ tables: [{ ...quarter!, versions: { from: '1.3' } }] })],
    ['is about years', beside({ tables: [{ ...quarter!, frequency: 'year' }] })],
  ])('and not of one that %s', (_why, other) => {
    expect(said([other])).toEqual([6, ['example-benchmarking 1']]);
  });

  test('none where nothing covers it, or one of several regions alone: that shares what is published already', () => {
    expect(said([], '2030-04-01')).toBeNull();
    expect(said([], today, { ...asked, region: 'E12000005' })).toBeNull();
    expect(policyFor([across], asked, today)).toBeNull();
    expect(policyFor([], asked, today)).toBeNull();
  });
});

test('cells that are broken down in several ways enter where each of the ways is covered', () => {
  const { breakdown: _one, ...asked } = compile;
  const enter = (...dimensions: string[]) => letsEnter(agreement, { ...asked, dimensions }, today);
  expect([enter(), enter('source'), enter('source', 'age'), enter('age', 'source')]).toEqual([true, true, true, true]);
  expect([enter('ethnicity'), enter('source', 'ethnicity'), enter('ethnicity', 'source')]).toEqual([
    false,
    false,
    false,
  ]);
  expect(letsEnter(agreement, { ...asked, indicator: 'CN01', dimensions: [] }, today)).toBe(false);
});

test('a table covers the indicators and breakdowns that it names', () => {
  const covered = (indicator: string, breakdown: string | null) =>
    isCovered(agreement.document, { ...compile, indicator, breakdown });
  expect([covered('RF01', 'age'), covered('RF01', null), covered('SF01', null)]).toEqual([true, true, true]);
  expect([covered('SF01', 'age'), covered('CN01', null)]).toEqual([false, false]);
});

test('a refusal names agreement and clause', () => {
  expect(permitOrThrow(decide(agreement, accept, today))).toMatchObject({ permitted: true, clause: '/tables/1' });
  expect(() => permitOrThrow(decide(agreement, { ...accept, authority: redcar }, today))).toThrow(
    expect.objectContaining({
      code: 'AGREEMENT_NOT_A_PARTY',
      facts: { agreement: 'example-benchmarking', version: 1, clause: '/parties' },
    }),
  );
});

test('whatever is compiled was accepted: the compile door is never wider than the accept door', () => {
  const question = fc.record({
    authority: fc.constantFrom(hartlepool, middlesbrough, redcar),
    dataset: fc.record({
      code: fc.constantFrom('safeguarding-annual', 'safeguarding-quarterly', 'workforce'),
      version: fc.constantFrom('0.9', '1.0', '1.2', '1.10', '2.0'),
    }),
    period: fc
      .constantFrom('2021-FY', '2022-FY', '2024-FY', '2025-Q1', '2025-07', '2029-Q4', '2030-Q1')
      .map(parsePeriod),
    indicator: fc.constantFrom('RF01', 'CP01', 'SF01', 'CN01'),
    breakdown: fc.constantFrom(null, 'source', 'age', 'ethnicity'),
  });
  let permitted = 0;
  fc.assert(
    fc.property(question, fc.constantFrom('2022-04-01', today, '2030-04-01'), (asked, on) => {
      const compiling = { ...compile, ...asked };
      const compiled = decide(agreement, compiling, on).permitted;
      if (compiled) permitted++;
      expect(compiled && !decide(agreement, { ...accept, ...asked, door: 'accept' }, on).permitted).toBe(false);
      // Leaving a breakdown out never turns a yes into a no.
      expect(compiled && !decide(agreement, { ...compiling, breakdown: null }, on).permitted).toBe(false);
    }),
    { numRuns: 2000, seed: 3 },
  );
  expect(permitted).toBeGreaterThan(20);
});
