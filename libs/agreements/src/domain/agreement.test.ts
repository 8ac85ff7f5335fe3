import * as fc from 'fast-check';
import type { Refusal } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar, stockton } from '../agreement.builder';
import { codeOf } from '../../../../test/support/refusal';
import {
  afterChange,
  agreementSteps,
  asOf,
  beganOn,
  draft,
  hasBegun,
  isInForce,
  notInForce,
  propose,
  sign,
  take,
  withdraw,
  type Agreement,
  type AgreementState,
  type AgreementStep,
} from './index';

const parties = [hartlepool, middlesbrough, redcar, stockton];
const states = Object.keys(agreementSteps) as AgreementState[];
const steps: AgreementStep[] = ['propose', 'conclude', 'suspend', 'resume', 'expire', 'terminate', 'supersede'];
const today = '2025-07-01';

test('what does not bind says which clause is why', () => {
  const agreement = anAgreement.inForceBetween(hartlepool, middlesbrough);
  expect(notInForce(agreement, today)).toBeUndefined();
  expect(notInForce(agreement, '2022-03-31')).toBe('/effective');
  expect(notInForce(take(agreement, 'suspend'), today)).toBe('');
  const dpia = { reference: 'DPIA 1', reviewDate: '2025-01-01' };
  expect(notInForce(anAgreement.inForce({ ...agreement.document, dpia }), today)).toBe('/dpia/reviewDate');
  const under = { ...anAgreement.inForce({ ...agreement.document, id: 'under', parent: agreement.document.id }) };
  expect(notInForce({ ...under, parent: agreement }, today)).toBeUndefined();
  expect(notInForce({ ...under, parent: take(agreement, 'suspend') }, today)).toBe('/parent');
  expect(notInForce({ ...under, parent: null }, today)).toBe('/parent');
});

test('the last party to sign brings it into force', () => {
  const proposed = anAgreement.proposedTo(hartlepool, middlesbrough);
  const half = sign(proposed, hartlepool, today, 'hartlepool-1');
  expect(half.state).toBe('proposed');
  const concluded = sign(half, middlesbrough, today);
  expect(concluded.state).toBe('inForce');
  expect(concluded.parties.get(hartlepool)).toEqual({ status: 'signed', kid: 'hartlepool-1' });
  expect(proposed.parties.get(hartlepool)).toEqual({ status: 'invited' });
});

test('the order of signatures does not matter', () => {
  const anyOrder = fc.shuffledSubarray(parties, { minLength: parties.length });
  fc.assert(
    fc.property(anyOrder, (order) => {
      const concluded = order.reduce(
        (agreement, party) => sign(agreement, party, today),
        anAgreement.proposedTo(...parties),
      );
      expect(concluded.state).toBe('inForce');
      expect([...concluded.parties.keys()]).toEqual(parties);
    }),
  );
});

test('signing again changes nothing, not even the key, whatever has happened since', () => {
  const once = sign(anAgreement.proposedTo(hartlepool, middlesbrough), hartlepool, today, 'first');
  expect(sign(once, hartlepool, today, 'second')).toBe(once);
  const ended = take(sign(once, middlesbrough, today), 'terminate');
  expect(sign(ended, hartlepool, today)).toBe(ended);
});

test('every refusal says what it found', () => {
  const document = anAgreement.documentBetween([hartlepool, middlesbrough], {
    membership: { joining: 'new-version', leavingNoticeDays: 30 },
  });
  const proposed = propose(draft(document));
  const left = withdraw(proposed, hartlepool, '2025-07-31', today);
  const overdue = anAgreement.proposed({ ...document, dpia: { reference: 'DPIA 1', reviewDate: '2025-01-01' } });
  const found = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      const { code, facts } = error as Refusal;
      return [code, facts];
    }
  };
  const step = (from: string, of: string) => ['AGREEMENT_STEP_REFUSED', { from, step: of }];
  // A signature that is missing cannot be jumped over.
  expect(found(() => take(proposed, 'conclude'))).toEqual(step('proposed', 'conclude'));
  expect(found(() => take(sign(proposed, hartlepool, today), 'conclude'))).toEqual(step('proposed', 'conclude'));
  expect(found(() => take(proposed, 'resume'))).toEqual(step('proposed', 'resume'));
  expect(found(() => sign(proposed, redcar, today))).toEqual(['AGREEMENT_NOT_A_PARTY', { authority: redcar }]);
  expect(found(() => sign(left, hartlepool, today))).toEqual(step('withdrawn', 'sign'));
  expect(found(() => sign(draft(document), hartlepool, today))).toEqual(['AGREEMENT_NOT_PROPOSED', { state: 'draft' }]);
  expect(found(() => sign(overdue, hartlepool, today))).toEqual([
    'AGREEMENT_NOT_PROPOSED',
    { clause: '/dpia/reviewDate' },
  ]);
  expect(found(() => withdraw(proposed, redcar, '2026-01-01', today))).toEqual([
    'AGREEMENT_NOT_A_PARTY',
    { authority: redcar },
  ]);
  expect(found(() => withdraw(draft(document), hartlepool, '2026-01-01', today))).toEqual(step('draft', 'withdraw'));
  expect(found(() => withdraw(left, hartlepool, '2026-01-01', today))).toEqual(step('withdrawn', 'withdraw'));
  expect(found(() => withdraw(proposed, hartlepool, '2025-07-30', today))).toEqual([
    'AGREEMENT_NOTICE_TOO_SHORT',
    { expected: '2025-07-31 or later' },
  ]);
});

test('what a party has signed with stays beside its withdrawal, and nothing stands where no key is known', () => {
  const half = sign(anAgreement.proposedTo(hartlepool, middlesbrough), hartlepool, today, 'hartlepool-1');
  const left = withdraw(half, hartlepool, '2026-01-01', today).parties.get(hartlepool);
  expect(left).toEqual({ status: 'withdrawn', kid: 'hartlepool-1', withdrawnFrom: '2026-01-01' });
  expect(Object.keys(sign(half, middlesbrough, today).parties.get(middlesbrough)!)).toEqual(['status']);
});

test('what changes in an agreement changes above those that stand under it too', () => {
  const agreement = (id: string, version = 1) =>
    anAgreement.inForce(anAgreement.documentBetween([hartlepool, middlesbrough], { id, version }));
  const above = agreement('above');
  const all = [
    above,
    { ...agreement('below'), parent: above },
    { ...agreement('other'), parent: agreement('above', 2) },
    agreement('alone'),
  ];
  const changed = withdraw(above, hartlepool, '2026-01-01', today);
  const after = afterChange(all, changed);
  expect(after).toEqual([changed, { ...all[1], parent: changed }, all[2], all[3]]);
  expect(after[0]).toBe(changed);
  expect(after[2]).toBe(all[2]);
});

test('only a party signs, only what is proposed, and never after withdrawal', () => {
  const document = anAgreement.documentBetween([hartlepool, middlesbrough]);
  expect(codeOf(() => sign(propose(draft(document)), redcar, today))).toBe('AGREEMENT_NOT_A_PARTY');
  expect(codeOf(() => sign(draft(document), hartlepool, today))).toBe('AGREEMENT_NOT_PROPOSED');
  expect(codeOf(() => sign(take(propose(draft(document)), 'terminate'), hartlepool, today))).toBe(
    'AGREEMENT_NOT_PROPOSED',
  );
  const left: Agreement = {
    ...propose(draft(document)),
    parties: new Map([
      [hartlepool, { status: 'withdrawn', withdrawnFrom: '2025-04-01' }],
      [middlesbrough, { status: 'invited' }],
    ]),
  };
  expect(codeOf(() => sign(left, hartlepool, today))).toBe('AGREEMENT_STEP_REFUSED');
});

test('every state is reached from a draft, and the last three lead nowhere', () => {
  const reached = new Set<AgreementState>(['draft']);
  for (const state of reached) for (const next of Object.values(agreementSteps[state])) reached.add(next);
  expect([...reached].sort()).toEqual([...states].sort());
  const final = states.filter((state) => Object.keys(agreementSteps[state]).length === 0);
  expect(final).toEqual(['expired', 'terminated', 'superseded']);
});

// Written from the design, one line a step, and not from the table under test.
const allowed = [
  'draft propose proposed',
  'draft terminate terminated',
  'proposed conclude inForce',
  'proposed expire expired',
  'proposed terminate terminated',
  'proposed supersede superseded', // a later version has begun: it could only be overtaken
  'inForce suspend suspended',
  'inForce expire expired',
  'inForce terminate terminated',
  'inForce supersede superseded',
  'suspended resume inForce',
  'suspended expire expired',
  'suspended terminate terminated',
  'suspended supersede superseded',
];
test.each(states.flatMap((state) => steps.map((step) => [state, step] as const)))('%s: %s', (state, step) => {
  const signed = anAgreement.inForceBetween(hartlepool, middlesbrough);
  const to = allowed.find((line) => line.startsWith(`${state} ${step} `))?.split(' ')[2];
  const attempt = () => take({ ...signed, state }, step);
  if (to) expect(attempt().state).toBe(to);
  else expect(codeOf(attempt)).toBe('AGREEMENT_STEP_REFUSED');
});

describe('what could not bind any more is not signed: it would only take the place of the version before', () => {
  const document = anAgreement.documentBetween([hartlepool, middlesbrough]); // until 2030-04-01, review 2030-04-01
  const half = sign(anAgreement.proposed(document), hartlepool, '2030-03-31');

  test('its last day has passed', () => {
    expect(sign(half, middlesbrough, '2030-03-31')).toMatchObject({ state: 'inForce', concludedOn: '2030-03-31' });
    expect(codeOf(() => sign(half, middlesbrough, '2030-04-01'))).toBe('AGREEMENT_NOT_PROPOSED');
  });

  test('a later version has begun', () => {
    const overtaken = { ...half, successorFrom: '2026-04-01' };
    expect(sign(overtaken, middlesbrough, '2026-03-31').state).toBe('inForce');
    expect(codeOf(() => sign(overtaken, middlesbrough, '2026-04-01'))).toBe('AGREEMENT_NOT_PROPOSED');
  });

  test('its review is overdue', () => {
    const reviewed = { ...half, document: { ...document, dpia: { reference: 'DPIA 1', reviewDate: '2025-01-01' } } };
    expect(sign(reviewed, middlesbrough, '2025-03-31').state).toBe('inForce');
    expect(codeOf(() => sign(reviewed, middlesbrough, '2025-04-01'))).toBe('AGREEMENT_NOT_PROPOSED');
  });
});

test('what ended by the calendar stays so: a later version that begins after the last day supersedes nothing', () => {
  const agreement = anAgreement.inForceBetween(hartlepool, middlesbrough);
  const state = (successorFrom: string, today: string) => asOf({ ...agreement, successorFrom }, today).state;
  expect(state('2030-03-31', '2030-03-31')).toBe('superseded');
  expect(state('2030-03-31', '2040-01-01')).toBe('superseded');
  expect(state('2030-04-01', '2030-04-01')).toBe('expired');
  expect(state('2035-04-01', '2030-04-01')).toBe('expired');
  expect(state('2035-04-01', '2040-01-01')).toBe('expired');
});

test('a version takes the place of the one before on its first day, or when the last party signed after that', () => {
  const { document } = anAgreement.inForceBetween(hartlepool, middlesbrough); // from 2022-04-01
  const signed = (on: string) => sign(sign(anAgreement.proposed(document), hartlepool, on), middlesbrough, on);
  expect(beganOn(signed('2022-03-01'))).toBe('2022-04-01');
  expect(beganOn(signed('2025-05-05'))).toBe('2025-05-05');
  expect(hasBegun(signed('2025-05-05'), '2025-05-04')).toBe(false);
  expect(hasBegun(signed('2025-05-05'), '2025-05-05')).toBe(true);
  // Ended on its first day it has held for a part of it; ended before, never.
  expect(beganOn({ ...signed('2022-03-01'), endedOn: '2022-04-01' })).toBe('2022-04-01');
  expect(beganOn({ ...signed('2022-03-01'), endedOn: '2022-03-31' })).toBeUndefined();
  expect(hasBegun({ ...signed('2022-03-01'), endedOn: '2022-03-31' }, '2025-01-01')).toBe(false);
});

test('it binds from its first day to the day before its last date, and only in force', () => {
  const agreement = anAgreement.inForceBetween(hartlepool, middlesbrough);
  expect(isInForce(agreement, '2022-03-31')).toBe(false);
  expect(isInForce(agreement, '2022-04-01')).toBe(true);
  expect(isInForce(agreement, '2030-03-31')).toBe(true);
  expect(isInForce(agreement, '2030-04-01')).toBe(false);
  expect(isInForce(take(agreement, 'suspend'), '2025-04-01')).toBe(false);
});
