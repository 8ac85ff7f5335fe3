import { Refusal, type AuthorityCode } from '@hub/kernel';
import type { AgreementDocument } from './document';

export type AgreementState = 'draft' | 'proposed' | 'inForce' | 'suspended' | 'expired' | 'terminated' | 'superseded';
export type AgreementStep = 'propose' | 'conclude' | 'suspend' | 'resume' | 'expire' | 'terminate' | 'supersede';

/** Where one party stands. */
export interface PartyStanding {
  readonly status: 'invited' | 'signed' | 'withdrawn';
  /** The key it signed with. */
  readonly kid?: string;
  /** The first civil date on which it is no longer a party. */
  readonly withdrawnFrom?: string;
}

/** An agreement and how far it has come: the document never changes, the rest only by the steps below. */
export interface Agreement {
  readonly document: AgreementDocument;
  readonly state: AgreementState;
  /** Every authority that the document names, and no other. */
  readonly parties: ReadonlyMap<AuthorityCode, PartyStanding>;
}

/** Where each step leads. What is not written here is refused; the last three states are final. */
// prettier-ignore
export const agreementSteps: Readonly<Record<AgreementState, Readonly<Partial<Record<AgreementStep, AgreementState>>>>> = {
  draft:      { propose: 'proposed',  terminate: 'terminated' },
  proposed:   { conclude: 'inForce',  expire: 'expired', terminate: 'terminated' },
  inForce:    { suspend: 'suspended', expire: 'expired', terminate: 'terminated', supersede: 'superseded' },
  suspended:  { resume: 'inForce',    expire: 'expired', terminate: 'terminated', supersede: 'superseded' },
  expired:    {},
  terminated: {},
  superseded: {},
};

const everyPartySigned = ({ parties }: Agreement) => [...parties.values()].every(({ status }) => status === 'signed');

/** A new agreement that nobody has been asked to sign yet. */
export const draft = (document: AgreementDocument): Agreement => ({
  document,
  state: 'draft',
  parties: new Map(document.parties.map(({ authority }) => [authority, { status: 'invited' }])),
});

/**
 * The agreement after the step.
 * @throws Refusal AGREEMENT_STEP_REFUSED when the state has no such step, or a signature is missing for `conclude`
 */
export function take(agreement: Agreement, step: AgreementStep): Agreement {
  const state = agreementSteps[agreement.state][step];
  if (!state || (step === 'conclude' && !everyPartySigned(agreement))) {
    throw new Refusal('AGREEMENT_STEP_REFUSED', { from: agreement.state, step });
  }
  return { ...agreement, state };
}

/** Opens it for signature. @throws Refusal AGREEMENT_STEP_REFUSED unless it is a draft */
export const propose = (agreement: Agreement): Agreement => take(agreement, 'propose');

/**
 * Adds one party's signature; the last one concludes. Signing twice changes nothing, so a retry is harmless.
 * @param kid  the key it signed with, where there is one to remember
 * @throws Refusal AGREEMENT_NOT_A_PARTY; AGREEMENT_STEP_REFUSED after withdrawal; AGREEMENT_NOT_PROPOSED
 */
export function sign(agreement: Agreement, authority: AuthorityCode, kid?: string): Agreement {
  const standing = agreement.parties.get(authority);
  if (!standing) throw new Refusal('AGREEMENT_NOT_A_PARTY', { authority });
  if (standing.status === 'signed') return agreement;
  if (standing.status === 'withdrawn') throw new Refusal('AGREEMENT_STEP_REFUSED', { from: 'withdrawn', step: 'sign' });
  if (agreement.state !== 'proposed') throw new Refusal('AGREEMENT_NOT_PROPOSED', { state: agreement.state });
  const signature: PartyStanding = { status: 'signed', ...(kid === undefined ? {} : { kid }) };
  const signed = { ...agreement, parties: new Map([...agreement.parties, [authority, signature]]) };
  return everyPartySigned(signed) ? take(signed, 'conclude') : signed;
}

/** Whether it binds on that civil date: in force, and within its dates. */
export const isInForce = ({ state, document: { effective } }: Agreement, today: string): boolean =>
  state === 'inForce' && effective.from <= today && today < effective.until;
