import * as fc from 'fast-check';
import { parseAuthorityCode, Refusal } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar, stockton } from '../agreement.builder';
import {
  agreementSteps,
  draft,
  isInForce,
  propose,
  sign,
  take,
  type Agreement,
  type AgreementState,
  type AgreementStep,
} from './index';

const parties = [hartlepool, middlesbrough, redcar, stockton];
const states = Object.keys(agreementSteps) as AgreementState[];
const steps: AgreementStep[] = ['propose', 'conclude', 'suspend', 'resume', 'expire', 'terminate', 'supersede'];
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as Refusal).code;
  }
  return undefined;
};

test('the last party to sign brings it into force', () => {
  const proposed = anAgreement.proposedTo(hartlepool, middlesbrough);
  const half = sign(proposed, hartlepool, 'hartlepool-1');
  expect(half.state).toBe('proposed');
  const concluded = sign(half, middlesbrough);
  expect(concluded.state).toBe('inForce');
  expect(concluded.parties.get(hartlepool)).toEqual({ status: 'signed', kid: 'hartlepool-1' });
  expect(proposed.parties.get(hartlepool)).toEqual({ status: 'invited' });
});

test('the order of signatures does not matter', () => {
  const anyOrder = fc.shuffledSubarray(parties, { minLength: parties.length });
  fc.assert(
    fc.property(anyOrder, (order) => {
      const concluded = order.reduce((agreement, party) => sign(agreement, party), anAgreement.proposedTo(...parties));
      expect(concluded.state).toBe('inForce');
      expect([...concluded.parties.keys()]).toEqual(parties);
    }),
  );
});

test('signing again changes nothing, not even the key, whatever has happened since', () => {
  const once = sign(anAgreement.proposedTo(hartlepool, middlesbrough), hartlepool, 'first');
  expect(sign(once, hartlepool, 'second')).toBe(once);
  const ended = take(sign(once, middlesbrough), 'terminate');
  expect(sign(ended, hartlepool)).toBe(ended);
});

test('only a party signs, only what is proposed, and never after withdrawal', () => {
  const document = anAgreement.documentBetween([hartlepool, middlesbrough]);
  expect(codeOf(() => sign(propose(draft(document)), redcar))).toBe('AGREEMENT_NOT_A_PARTY');
  expect(codeOf(() => sign(draft(document), hartlepool))).toBe('AGREEMENT_NOT_PROPOSED');
  expect(codeOf(() => sign(take(propose(draft(document)), 'terminate'), hartlepool))).toBe('AGREEMENT_NOT_PROPOSED');
  const left: Agreement = {
    ...propose(draft(document)),
    parties: new Map([
      [hartlepool, { status: 'withdrawn', withdrawnFrom: '2025-04-01' }],
      [middlesbrough, { status: 'invited' }],
    ]),
  };
  expect(codeOf(() => sign(left, hartlepool))).toBe('AGREEMENT_STEP_REFUSED');
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

test('no path leads into force without every signature, and final states are final', () => {
  type Act = { readonly take: AgreementStep } | { readonly sign: number };
  const act: fc.Arbitrary<Act> = fc.oneof(
    fc.constantFrom(...steps).map((step) => ({ take: step })),
    fc.nat(parties.length).map((party) => ({ sign: party })), // one beyond the last is no party
  );
  const stranger = parseAuthorityCode('E08000025');
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      let agreement = draft(anAgreement.documentBetween(parties));
      const signers = new Set<number>();
      let ended: AgreementState | undefined;
      for (const each of acts) {
        const before = agreement;
        try {
          agreement = 'take' in each ? take(agreement, each.take) : sign(agreement, parties[each.sign] ?? stranger);
          if ('sign' in each) signers.add(each.sign);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          expect(agreement).toBe(before);
        }
        if (agreement.state === 'inForce' || agreement.state === 'suspended') expect(signers.size).toBe(parties.length);
        if (ended) expect(agreement.state).toBe(ended);
        if (['expired', 'terminated', 'superseded'].includes(agreement.state)) ended = agreement.state;
      }
    }),
    { numRuns: 500 },
  );
});

test('it binds from its first day to the day before its last date, and only in force', () => {
  const agreement = anAgreement.inForceBetween(hartlepool, middlesbrough);
  expect(isInForce(agreement, '2022-03-31')).toBe(false);
  expect(isInForce(agreement, '2022-04-01')).toBe(true);
  expect(isInForce(agreement, '2030-03-31')).toBe(true);
  expect(isInForce(agreement, '2030-04-01')).toBe(false);
  expect(isInForce(take(agreement, 'suspend'), '2025-04-01')).toBe(false);
});
