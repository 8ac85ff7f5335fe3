import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRegionCode, type AuthorityCode, type Period } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar, stockton } from '../agreement.builder';
import {
  decide,
  decideAmong,
  draft,
  propose,
  sign,
  take,
  type Agreement,
  type AgreementDocument,
  type Decision,
  type PartyStanding,
  type Question,
  type Standing,
} from './index';

/**
 * The decision table: every combination of the cases below is asked of `decide`, and compared with the first line of
 * decisions.expected.txt that speaks to it. That file is written from the documents and knows nothing of the code.
 */
const today = '2025-07-01';
const later = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const northEast = parseRegionCode('E12000001');
const westMidlands = parseRegionCode('E12000005');

/** One case: what is so for each question of its section. */
type Case = Readonly<Record<string, string>>;

// -- The agreement of a case

const basic = anAgreement.documentBetween([hartlepool, middlesbrough, redcar]);
const sharing: AgreementDocument = {
  ...basic,
  parties: basic.parties.map((party, i) => (i === 0 ? { ...party, agencies: ['agy-police'] } : party)),
  tables: [
    {
      dataset: 'safeguarding-annual',
      versions: { from: '1.0' },
      indicators: 'all',
      breakdowns: 'all',
      frequency: 'year',
    },
    {
      dataset: 'safeguarding-quarterly',
      versions: { from: '1.2', until: '2.0' },
      indicators: ['RF01', 'CP01'],
      breakdowns: ['source', 'age'],
      frequency: 'quarter',
    },
    {
      dataset: 'safeguarding-quarterly',
      versions: { from: '1.2', until: '2.0' },
      indicators: ['SF01'],
      breakdowns: 'none',
      frequency: 'quarter',
    },
  ],
  audience: [
    { of: northEast, roles: ['authority-analyst', 'regional-lead'], presentation: 'named' },
    { of: 'brd-tees', roles: ['board-chair'], presentation: 'own-and-unnamed', handling: 'For the board alone.' },
    { of: 'agy-police', roles: ['agency-partner'], presentation: 'own-and-region' },
  ],
  recipients: { ofsted: true, departmentAdviser: false, scrutinyCommittee: false },
};
/** An agreement above, with room on every side of time. */
const roomy: AgreementDocument = {
  ...sharing,
  id: 'overarching',
  regions: [northEast, westMidlands],
  audience: [...sharing.audience, { of: westMidlands, roles: ['regional-lead'], presentation: 'named' }],
  dpia: { reference: 'DPIA 0', reviewDate: '2060-01-01' },
  effective: { from: '2000-01-01', until: '2060-01-01' },
};

const signedByAll = (document: AgreementDocument): Agreement =>
  document.parties.reduce(
    (agreement, { authority }) => sign(agreement, authority, document.effective.from),
    propose(draft(document)),
  );
const ended = (document: AgreementDocument, on?: string): Agreement => {
  const agreement = take(signedByAll(document), 'terminate');
  return on === undefined ? agreement : { ...agreement, endedOn: on };
};
const dated = (from: string, until: string) => (document: AgreementDocument) => ({
  ...document,
  effective: { from, until },
});
const reviewed = (reviewDate: string) => (document: AgreementDocument) => ({
  ...document,
  dpia: { reference: 'DPIA 1', reviewDate },
});
const lastDay = (daysAgo: number) => dated('2022-04-01', later(today, 1 - daysAgo));

const states: Record<string, (document: AgreementDocument) => Agreement> = {
  'in force': signedByAll,
  draft,
  proposed: (document) => propose(draft(document)),
  suspended: (document) => take(signedByAll(document), 'suspend'),
  'suspended and resumed': (document) => take(take(signedByAll(document), 'suspend'), 'resume'),
  terminated: (document) => ended(document),
  superseded: (document) => take(signedByAll(document), 'supersede'),
  expired: (document) => take(signedByAll(document), 'expire'),
  'a later version begins today': (document) => ({ ...signedByAll(document), successorFrom: today }),
  'a later version begins tomorrow': (document) => ({ ...signedByAll(document), successorFrom: later(today, 1) }),
  'its first day is tomorrow': (document) => signedByAll(dated(later(today, 1), '2030-04-01')(document)),
  'its first day is today': (document) => signedByAll(dated(today, '2030-04-01')(document)),
  'its last day is today': (document) => signedByAll(lastDay(0)(document)),
  'its last day was yesterday': (document) => signedByAll(lastDay(1)(document)),
  'its last day was yesterday, and a later version begins today': (document) => ({
    ...signedByAll(lastDay(1)(document)),
    successorFrom: today,
  }),
  'its last day is today, and a later version begins today': (document) => ({
    ...signedByAll(lastDay(0)(document)),
    successorFrom: today,
  }),
  'proposed and a later version begins today': (document) => ({ ...propose(draft(document)), successorFrom: today }),
  'its last day was 30 days ago': (document) => signedByAll(lastDay(30)(document)),
  'its last day was 31 days ago': (document) => signedByAll(lastDay(31)(document)),
  'suspended and its last day was yesterday': (document) => take(signedByAll(lastDay(1)(document)), 'suspend'),
  'proposed and its last day was yesterday': (document) => propose(draft(lastDay(1)(document))),
  'its review was due 89 days ago': (document) => signedByAll(reviewed(later(today, -89))(document)),
  'its review was due 90 days ago': (document) => signedByAll(reviewed(later(today, -90))(document)),
  'ended today': (document) => ended(document, today),
  'ended 29 days ago': (document) => ended(document, later(today, -29)),
  'ended 30 days ago': (document) => ended(document, later(today, -30)),
  'ended on a day not said': (document) => ended(document),
};

const narrowed = { ...roomy, disclosure: { ...roomy.disclosure, threshold: 50, surveyThreshold: 50 } };
const overarching: Record<string, Agreement | null> = {
  none: null,
  'none, and one is at hand': take(signedByAll(narrowed), 'suspend'),
  'in force': signedByAll(roomy),
  'not to be found': null,
  suspended: take(signedByAll(roomy), 'suspend'),
  'its last day was yesterday': signedByAll(dated('2000-01-01', today)(roomy)),
  'its review was due 90 days ago': signedByAll(reviewed(later(today, -90))(roomy)),
  'has been narrowed': signedByAll(narrowed),
};

const withdrawn = (days: number): PartyStanding => ({ status: 'withdrawn', withdrawnFrom: later(today, days) });
/** What is on record of the party in this agreement and in the one above; null: nothing. */
const standings: Record<string, { here?: PartyStanding | null; above?: PartyStanding }> = {
  signed: {},
  'not named': {},
  'named, and not on record': { here: null },
  invited: { here: { status: 'invited' } },
  'withdrawn from tomorrow': { here: withdrawn(1) },
  'withdrawn from today': { here: withdrawn(0) },
  'withdrawn from yesterday': { here: withdrawn(-1) },
  'withdrawn 29 days ago': { here: withdrawn(-29) },
  'withdrawn 30 days ago': { here: withdrawn(-30) },
  'withdrawn and no day said': { here: { status: 'withdrawn' } },
  'withdrawn above from tomorrow': { above: withdrawn(1) },
  'withdrawn above from today': { above: withdrawn(0) },
};
const recorded = (agreement: Agreement, standing: PartyStanding | null | undefined): Agreement => {
  if (standing === undefined) return agreement;
  const others = [...agreement.parties].filter(([authority]) => authority !== hartlepool);
  return { ...agreement, parties: new Map(standing ? [[hartlepool, standing], ...others] : others) };
};

const made = new Map<string, Agreement>();
/** The agreement that the case is about; the same parts give the same one. */
function agreementOf(row: Case): Agreement {
  const key = ['state', 'overarching', 'party', 'regions', 'signed by', 'at the end']
    .map((name) => row[name])
    .join('|');
  const known = made.get(key);
  if (known) return known;
  const { party = 'signed' } = row;
  const document: AgreementDocument = {
    ...sharing,
    ...(row.regions === 'several' ? { regions: roomy.regions, audience: roomy.audience } : {}),
    ...(party === 'not named' ? { parties: sharing.parties.slice(1) } : {}),
    ...(row.overarching?.startsWith('none') ? {} : { parent: 'overarching' }),
    signOff: row['signed by']?.endsWith('where two are asked') ?? false,
    retention: { cellsYears: 7, envelopesYears: 2, atEnd: row['at the end'] === 'return' ? 'return' : 'delete' },
  };
  const { here, above } = standings[party]!;
  const parent = overarching[row.overarching!] ?? null;
  // Who leaves here is still a party above, and the other way round.
  const agreement = {
    ...recorded(states[row.state!]!(document), here),
    parent: parent && recorded(parent, above),
  };
  made.set(key, agreement);
  return agreement;
}

// -- The question of a case

/** Days of the period, counted from the first day and from the day after the last. */
const periods: Record<string, (effective: AgreementDocument['effective']) => { from: string; until: string }> = {
  'within the dates': ({ from }) => ({ from: later(from, 1), until: later(from, 1) }),
  'the first': ({ from }) => ({ from, until: from }),
  'the last': ({ until }) => ({ from: until, until }),
  'begins the day before the first': ({ from }) => ({ from: later(from, -1), until: from }),
  'ends the day after the last': ({ until }) => ({ from: until, until: later(until, 1) }),
};

interface Asked {
  readonly code?: string;
  readonly version?: string;
  readonly kind?: Period['kind'];
  readonly indicator?: string;
  readonly breakdown?: string | null;
}
const tables: Record<string, Asked> = {
  listed: {},
  'the tenth minor version': { version: '1.10' },
  'the first of all tables': {
    code: 'safeguarding-annual',
    version: '3.4',
    kind: 'year',
    indicator: 'CN01',
    breakdown: 'sex',
  },
  'another dataset': { code: 'workforce' },
  'the version before the first': { version: '1.1' },
  'the first version beyond': { version: '2.0' },
  'the tenth version beyond': { version: '10.3' },
  'another frequency': { kind: 'month' },
  'another indicator': { indicator: 'CN01' },
  'another breakdown': { breakdown: 'ethnicity' },
  'the total of a listed indicator': { breakdown: null },
  'the total of another indicator': { indicator: 'CN01', breakdown: null },
  'a breakdown where totals alone are listed': { indicator: 'SF01' },
  'a total where totals alone are listed': { indicator: 'SF01', breakdown: null },
};
const wholeTables = Object.keys(tables).slice(0, 8);

const signers: Record<string, { signatures: number; agencies: string[] }> = {
  'the authority': { signatures: 1, agencies: [] },
  'the named agency': { signatures: 1, agencies: ['agy-police'] },
  'another agency': { signatures: 1, agencies: ['agy-health'] },
  'the named agency and another': { signatures: 2, agencies: ['agy-police', 'agy-health'] },
  'one key where two are asked': { signatures: 1, agencies: [] },
  'two keys where two are asked': { signatures: 2, agencies: ['agy-police'] },
};

const inRegion: Standing = { of: northEast, roles: ['regional-lead'] };
const inBoard: Standing = { of: 'brd-tees', roles: ['board-chair'] };
const readers: Record<string, readonly Standing[]> = {
  'a named role in the region': [inRegion],
  'one named role of several in the region': [{ of: northEast, roles: ['board-chair', 'authority-analyst'] }],
  'another role in the region': [{ of: northEast, roles: ['board-chair', 'elected-member'] }],
  'a named role in the second region': [{ of: westMidlands, roles: ['regional-lead'] }],
  'a named role in the second region, who acts for the party': [
    { of: westMidlands, roles: ['regional-lead'], organisation: hartlepool },
  ],
  'a named role outside': [{ of: 'E12000009', roles: ['regional-lead'] }],
  'the chair of the board': [inBoard, { of: northEast, roles: ['board-chair'] }],
  'another role at the board': [{ of: 'brd-tees', roles: ['regional-lead'] }],
  'the chair of another board': [{ of: 'brd-durham', roles: ['board-chair'] }],
  'a partner of the agency': ['agy-police', northEast].map((of) => ({ of, roles: ['agency-partner'] })),
  'a partner of the agency elsewhere': [{ of: 'agy-police', roles: ['agency-partner'] }],
  'a partner of another agency': [{ of: 'agy-health', roles: ['agency-partner'] }],
  'a named role in the region who chairs the board': [inBoard, inRegion],
  nobody: [],
};
const thresholds: Record<string, { id?: string; threshold: number }> = {
  'under this agreement': { threshold: 1 },
  'elsewhere, as well protected': { id: 'elsewhere', threshold: sharing.disclosure.threshold },
  'elsewhere, protected less': { id: 'elsewhere', threshold: sharing.disclosure.threshold - 1 },
};
const recipients: Record<string, 'ofsted' | 'departmentAdviser' | 'scrutinyCommittee' | undefined> = {
  nobody: undefined,
  Ofsted: 'ofsted',
  'the adviser': 'departmentAdviser',
  'a scrutiny committee': 'scrutinyCommittee',
};
/** Days between now and the end of the years for which it is kept. */
const years: Record<string, number> = {
  'ended yesterday': -1,
  'ended today': 0,
  'end tomorrow': 1,
  'end in years': 365,
};

/** The answer in the words of the expectations. */
const clauseIn = ({ clause }: Decision) => clause || 'the whole';
function answerOf(door: string, row: Case): string {
  const agreement = agreementOf(row);
  const {
    code = 'safeguarding-quarterly',
    version = '1.2',
    kind = 'quarter',
    indicator = 'RF01',
    breakdown = 'source',
  } = tables[row.table!]!;
  const dataset = { code, version };
  const period: Period = {
    text: 'example',
    kind,
    ...periods[row.period ?? 'within the dates']!(agreement.document.effective),
  };
  const authority = hartlepool;
  const left = years[row.years!] ?? 0;
  const questions: Record<string, () => Question> = {
    accept: () => ({ door: 'accept', authority, dataset, period, ...signers[row['signed by']!]! }),
    compile: () => ({
      door: 'compile',
      region: row['table of'] === 'another region' ? westMidlands : northEast,
      authority,
      dataset,
      period,
      indicator,
      breakdown,
    }),
    read: () => ({
      door: 'read',
      purpose: row.purpose === 'another' ? 'peer-challenge' : 'regional-benchmarking',
      standings: readers[row.reader!]!,
      region: row['publication of'] === 'another region' ? 'E12000009' : northEast,
      dataset,
      period,
      ...(row.asked === 'whether it is there' ? {} : { indicator, breakdown }),
      publishedUnder: { id: agreement.document.id, ...thresholds[row.published!]! },
      recipient: recipients[row['passed on to']!],
    }),
    keep: () => ({
      door: 'keep',
      item: row.item === 'cells' ? 'cells' : 'envelopes',
      authority,
      dataset,
      period: { text: 'example', kind, from: '2000-01-01', until: later('2018-07-01', left) },
      receivedOn: later('2023-07-01', left),
    }),
  };
  const decision = decide(agreement, questions[door]!(), today);
  if (!decision.permitted) return `refuse ${decision.code} at ${clauseIn(decision)}`;
  if (door !== 'read') return `permit by ${clauseIn(decision)}${decision.signOff ? ' once signed off' : ''}`;
  const { presentation, handling, authorities } = decision;
  const line =
    handling === 'For the board alone.'
      ? 'its own line'
      : handling === sharing.handling
        ? "the agreement's line"
        : handling;
  const shown =
    authorities === 'all' ? 'all' : authorities!.includes(hartlepool) ? 'with the party' : 'without the party';
  if (authorities !== 'all') expect(authorities).toEqual(expect.arrayContaining([middlesbrough, redcar]));
  return `permit by ${clauseIn(decision)}, ${presentation}, ${line}, ${shown}`;
}

// -- Several agreements

const named: AgreementDocument = { ...sharing, id: 'named', version: 2 };
const other: AgreementDocument = { ...sharing, id: 'other' };
const parties = (...authorities: AuthorityCode[]) =>
  sharing.parties.filter(({ authority }) => authorities.includes(authority));
const elsewhere = (document: AgreementDocument) => signedByAll({ ...document, tables: document.tables.slice(0, 1) });
const signedOff = (document: AgreementDocument) => signedByAll({ ...document, signOff: true });
const showing = (presentation: 'named' | 'own-and-unnamed' | 'own-and-region') => (document: AgreementDocument) =>
  signedByAll({ ...document, audience: [{ ...document.audience[0]!, presentation }] });
const notOn = (document: AgreementDocument) =>
  signedByAll({ ...document, recipients: { ...document.recipients, ofsted: false } });
const shortly = (document: AgreementDocument): AgreementDocument => ({
  ...document,
  retention: { cellsYears: 1, envelopesYears: 1, atEnd: 'delete' },
});
const version = (number: number) => ({ ...named, version: number });

type Makers = Readonly<Record<string, (document: AgreementDocument) => Agreement>>;
const sending: Makers = {
  permits: signedByAll,
  'does not hold': states.suspended!,
  'does not cover it': elsewhere,
  'asks for a second signature': signedOff,
};
const { 'asks for a second signature': _, ...compiling } = sending;
const showingEach: Makers = {
  'shows names': showing('named'),
  'shows the own and unnamed others': showing('own-and-unnamed'),
  'shows the own and the region': showing('own-and-region'),
  'does not hold': states.suspended!,
  'does not cover it': elsewhere,
  'not to be passed on': notOn,
};
const keptHere: Makers = { keeps: signedByAll, 'years ended': (document) => signedByAll(shortly(document)) };
const keptThere: Makers = {
  keeps: signedByAll,
  'shorter and in force': (document) => signedByAll(shortly(document)),
  'shorter and suspended': (document) => take(signedByAll(shortly(document)), 'suspend'),
  'shorter and the authority has left it': (document) => recorded(signedByAll(shortly(document)), withdrawn(0)),
  'shorter and the authority has left the one above it': (document) => ({
    ...signedByAll({ ...shortly(document), parent: 'overarching' }),
    parent: recorded(signedByAll(roomy), withdrawn(0)),
  }),
  'shorter and without the authority': (document) =>
    signedByAll({ ...shortly(document), parties: parties(middlesbrough, redcar) }),
  'a later version with shorter years': () => signedByAll(shortly(version(3))),
  'a later version that has ended': () => ended(version(3), today),
  'a later version that has not begun': () => signedByAll(dated(later(today, 1), '2030-04-01')(shortly(version(3)))),
  'a later version without the authority': () =>
    ended({ ...shortly(version(3)), parties: parties(middlesbrough, redcar) }, today),
  'an earlier version that has ended': () => ended(version(1), today),
  'another one that has ended': (document) => ended(document, today),
};
const among: Record<string, { of: Makers; others: Makers; question: Question }> = {
  accept: {
    of: sending,
    others: sending,
    question: {
      door: 'accept',
      authority: hartlepool,
      dataset: { code: 'safeguarding-quarterly', version: '1.2' },
      period: { text: 'example', kind: 'quarter', from: '2025-04-01', until: '2025-07-01' },
      signatures: 1,
      agencies: [],
    },
  },
  compile: {
    of: compiling,
    others: compiling,
    question: {
      door: 'compile',
      region: northEast,
      authority: hartlepool,
      dataset: { code: 'safeguarding-quarterly', version: '1.2' },
      period: { text: 'example', kind: 'quarter', from: '2025-04-01', until: '2025-07-01' },
      indicator: 'RF01',
      breakdown: 'source',
    },
  },
  read: {
    of: showingEach,
    others: showingEach,
    question: {
      door: 'read',
      purpose: 'regional-benchmarking',
      standings: [inRegion],
      region: northEast,
      dataset: { code: 'safeguarding-quarterly', version: '1.2' },
      period: { text: 'example', kind: 'quarter', from: '2025-04-01', until: '2025-07-01' },
      publishedUnder: { id: 'named', threshold: sharing.disclosure.threshold },
      recipient: 'ofsted',
    },
  },
  keep: {
    of: keptHere,
    others: keptThere,
    question: {
      door: 'keep',
      item: 'cells',
      authority: hartlepool,
      dataset: { code: 'safeguarding-quarterly', version: '1.2' },
      period: { text: 'example', kind: 'quarter', from: '2023-04-01', until: '2023-07-01' },
      receivedOn: '2023-07-14',
    },
  },
};
const nameOf = ({ id, version }: { id: string; version: number }) =>
  id === 'named' && version === 2 ? 'named' : 'other';
function answerAmong(door: string, row: Case): string {
  const { of, others, question } = among[door]!;
  const second = others[row.other!]?.(other);
  const decision = decideAmong(of[row.named!]!(named), second ? [second] : [], question, today);
  const by = nameOf(decision.agreement);
  if (!decision.permitted) return `refuse ${decision.code} by ${by}`;
  const besides = decision.besides ? ` besides ${decision.besides.map(nameOf).join()}` : '';
  return `permit by ${by}${besides}${decision.signOff ? ` once signed off for ${nameOf(decision.signOff)}` : ''}`;
}

// -- The cases: the product of what each question may be

type Cases = Readonly<Record<string, readonly string[]>>;
const keys = Object.keys as (of: object) => string[];
const living = keys(states)
  .slice(0, 23)
  .filter((state) => !/30|31/.test(state));
const here = keys(standings).filter((party) => !/\d/.test(party));
const compiled: Cases = { table: keys(tables), regions: ['one'], 'table of': ['this region'] };
const inForceOnly: Cases = { state: ['in force', 'suspended'], overarching: ['none', 'in force'] };
/** Each section's cases, as products that each vary some of the questions fully. */
const cases: Record<string, readonly Cases[]> = {
  accept: [
    {
      state: living,
      overarching: keys(overarching),
      party: here,
      table: wholeTables.slice(0, 5),
      period: keys(periods).slice(2),
      regions: ['one'],
      'signed by': ['the authority'],
    },
    {
      ...inForceOnly,
      party: here,
      table: wholeTables,
      period: keys(periods),
      regions: ['one', 'several'],
      'signed by': keys(signers),
    },
  ],
  compile: [
    {
      ...compiled,
      table: wholeTables,
      state: living,
      overarching: keys(overarching),
      party: here,
      period: ['the first', 'begins the day before the first'],
    },
    {
      ...compiled,
      ...inForceOnly,
      party: here,
      period: keys(periods),
      regions: ['one', 'several'],
      'table of': ['this region', 'another region'],
    },
  ],
  read: [
    {
      state: living,
      overarching: keys(overarching),
      reader: keys(readers),
      table: ['listed', 'another dataset'],
      regions: ['one', 'several'],
      purpose: ['agreed'],
      'publication of': ['this region'],
      period: ['the first'],
      published: ['under this agreement'],
      'passed on to': ['nobody'],
    },
    {
      ...inForceOnly,
      reader: keys(readers),
      table: ['listed', 'another indicator'],
      regions: ['one', 'several'],
      purpose: ['agreed', 'another'],
      'publication of': ['this region', 'another region'],
      period: ['the first', 'begins the day before the first', 'ends the day after the last'],
      published: keys(thresholds),
      'passed on to': keys(recipients),
    },
    {
      ...inForceOnly,
      reader: keys(readers),
      table: keys(tables),
      regions: ['one', 'several'],
      party: here,
      purpose: ['agreed'],
      'publication of': ['this region'],
      period: ['the last'],
      published: ['under this agreement'],
      'passed on to': ['Ofsted'],
    },
    {
      ...inForceOnly,
      reader: keys(readers),
      table: wholeTables,
      asked: ['whether it is there'],
      regions: ['one', 'several'],
      purpose: ['agreed'],
      'publication of': ['this region'],
      period: ['the first'],
      published: ['elsewhere, as well protected'],
      'passed on to': ['Ofsted'],
    },
  ],
  keep: [
    {
      item: ['cells', 'envelopes'],
      years: keys(years),
      'at the end': ['delete', 'return'],
      state: keys(states).filter((state) => !/draft|proposed|terminated|expired/.test(state)),
      overarching: ['none', 'in force', 'suspended'],
      party: keys(standings).filter((party) => party !== 'not named'),
      table: ['listed', 'the first of all tables'],
    },
    {
      item: ['cells', 'envelopes'],
      years: keys(years),
      'at the end': ['delete'],
      state: ['in force', 'suspended'],
      overarching: ['none'],
      party: ['signed'],
      table: wholeTables,
    },
  ],
  ...Object.fromEntries(
    Object.entries(among).map(([door, { of, others }]) => [
      `${door} among several`,
      [{ named: keys(of), other: ['none', ...keys(others)] }],
    ]),
  ),
};

/** Every combination, the last question varying fastest. */
function* productOf(all: Cases): Generator<Case> {
  const names = keys(all);
  const total = names.reduce((product, name) => product * all[name]!.length, 1);
  for (let n = 0; n < total; n++) {
    let rest = n;
    const row: Record<string, string> = {};
    for (const name of names) {
      row[name] = all[name]![rest % all[name]!.length]!;
      rest = Math.floor(rest / all[name]!.length);
    }
    yield row;
  }
}

// -- The expectations

interface Line {
  readonly text: string;
  readonly when: readonly (readonly [question: string, answers: readonly string[]])[];
  readonly then: string;
}
const sections: { readonly doors: readonly string[]; readonly lines: readonly Line[] }[] = readFileSync(
  join(__dirname, 'decisions.expected.txt'),
  'utf8',
)
  .split('\n== ')
  .slice(1)
  .map((section) => {
    const [heading, ...rest] = section.split('\n');
    const [doors] = heading!.split(':');
    const lines = rest.filter(Boolean).map((text) => {
      const [, when, then] = text.split('|').map((part) => part.trim());
      return {
        text,
        when: when
          ? when.split('; ').map((each) => [each.split(': ')[0]!, each.split(': ')[1]!.split(' or ')] as const)
          : [],
        then: then!,
      };
    });
    const [, several = ''] = /( among several)$/.exec(doors!) ?? [];
    return {
      doors: doors!
        .replace(several, '')
        .split(', ')
        .map((door) => `${door}${several}`),
      lines,
    };
  });
const linesFor = (door: string): Line[] => sections.flatMap(({ doors, lines }) => (doors.includes(door) ? lines : []));

const used = new Set<string>();
const rowsOf = (door: string): Case[] => cases[door]!.flatMap((each) => [...productOf(each)]);
const counts = new Map(keys(cases).map((door) => [door, rowsOf(door).length]));
const total = [...counts.values()].reduce((sum, count) => sum + count);

test.each([...counts])('%s: %d rows answer as the documents say', (door, count) => {
  const lines = linesFor(door);
  const differing: string[] = [];
  for (const row of rowsOf(door)) {
    const line = lines.find(({ when }) => when.every(([question, answers]) => answers.includes(row[question] ?? '')));
    if (line) used.add(`${door} ${line.text}`);
    const answer = door.endsWith('several') ? answerAmong(door.split(' ')[0]!, row) : answerOf(door, row);
    if (answer !== line?.then)
      differing.push(`${JSON.stringify(row)}: ${answer}, where the line says ${line?.text ?? 'nothing'}`);
    if (differing.length === 5) break;
  }
  expect(differing).toEqual([]);
  expect(count).toBeGreaterThan(0);
});

test(`the decision table has ${total} rows, and more than 100,000`, () => {
  expect(total).toBeGreaterThan(100_000);
  expect([...counts.keys()].sort()).toEqual([...new Set(sections.flatMap(({ doors }) => doors))].sort());
});

test('every line of the expectations speaks to a case, at each of its doors', () => {
  const silent = keys(cases).flatMap((door) =>
    linesFor(door).flatMap(({ text }) => (used.has(`${door} ${text}`) ? [] : [`${door}: ${text}`])),
  );
  expect(silent).toEqual([]);
});

test('every word in the expectations is a case that is tried', () => {
  for (const { doors, lines } of sections) {
    for (const [question, answers] of lines.flatMap(({ when }) => when)) {
      const tried = new Set(doors.flatMap((door) => cases[door]!.flatMap((each) => each[question] ?? [])));
      expect(answers.filter((answer) => !tried.has(answer))).toEqual([]);
    }
  }
});

test('an authority outside is refused by the same words, whoever it is', () => {
  const agreement = signedByAll(sharing);
  const { question } = among.accept!;
  for (const authority of [stockton, 'E08000025' as AuthorityCode]) {
    expect(decide(agreement, { ...question, authority } as Question, today)).toEqual({
      permitted: false,
      agreement: { id: sharing.id, version: 1 },
      code: 'AGREEMENT_NOT_A_PARTY',
      clause: '/parties',
    });
  }
});
