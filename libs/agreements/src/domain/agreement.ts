import { addDays, Refusal, type AuthorityCode } from '@hub/kernel';
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
  /** The civil date on which the last party signed. */
  readonly concludedOn?: string;
  /** The first civil date on which a later version takes its place: the earliest that `beganOn` says of those. */
  readonly successorFrom?: string;
  /** The civil date on which it was terminated. */
  readonly endedOn?: string;
  /** The version of `document.parent` that holds today; null when none does. Not looked at where there is no parent. */
  readonly parent?: Agreement | null;
}

/** Where each step leads. What is not written here is refused; the last three states are final. */
export const agreementSteps: Readonly<
  Record<AgreementState, Readonly<Partial<Record<AgreementStep, AgreementState>>>>
> = {
  draft: { propose: 'proposed', terminate: 'terminated' },
  proposed: { conclude: 'inForce', expire: 'expired', terminate: 'terminated', supersede: 'superseded' },
  inForce: { suspend: 'suspended', expire: 'expired', terminate: 'terminated', supersede: 'superseded' },
  suspended: { resume: 'inForce', expire: 'expired', terminate: 'terminated', supersede: 'superseded' },
  expired: {},
  terminated: {},
  superseded: {},
};

/** How long after its review date an agreement still holds: a reminder may be late, not forgotten. */
const REVIEW_GRACE_DAYS = 90;

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
 * Adds one party's signature; the last one concludes. Signing twice changes nothing, so a retry is harmless. What could not
 * bind any more is not signed: concluded, it would still take the place of the version before.
 * @param today  the day on which it signs
 * @param kid    the key it signed with, where there is one to remember
 * @throws Refusal AGREEMENT_NOT_A_PARTY; AGREEMENT_STEP_REFUSED after withdrawal; AGREEMENT_NOT_PROPOSED, also where its
 *   last day has passed, a later version has begun, or its review is overdue
 */
export function sign(agreement: Agreement, authority: AuthorityCode, today: string, kid?: string): Agreement {
  const standing = agreement.parties.get(authority);
  if (!standing) throw new Refusal('AGREEMENT_NOT_A_PARTY', { authority });
  if (standing.status === 'signed') return agreement;
  if (standing.status === 'withdrawn') throw new Refusal('AGREEMENT_STEP_REFUSED', { from: 'withdrawn', step: 'sign' });
  const { state } = asOf(agreement, today);
  if (state !== 'proposed') throw new Refusal('AGREEMENT_NOT_PROPOSED', { state });
  if (isOverdue(agreement.document, today)) throw new Refusal('AGREEMENT_NOT_PROPOSED', { clause: '/dpia/reviewDate' });
  const signature: PartyStanding = { status: 'signed', ...(kid === undefined ? {} : { kid }) };
  const signed = { ...agreement, parties: new Map([...agreement.parties, [authority, signature]]) };
  return everyPartySigned(signed) ? { ...take(signed, 'conclude'), concludedOn: today } : signed;
}

/**
 * Ends one party's part from a civil date. Giving the same notice again changes nothing; an earlier or later one is
 * refused, for others have relied on the first. A party that withdraws before all have signed stays named in the document,
 * so that version can no longer be concluded.
 * @param from   the first day on which it is no longer a party
 * @param today  the day on which the notice is given
 * @throws Refusal AGREEMENT_NOT_A_PARTY; AGREEMENT_STEP_REFUSED in a final state, in a draft, and for a second notice;
 *   AGREEMENT_NOTICE_TOO_SHORT when `from` comes before the notice that the agreement asks for
 */
export function withdraw(agreement: Agreement, authority: AuthorityCode, from: string, today: string): Agreement {
  const { document, parties } = agreement;
  const { state } = asOf(agreement, today);
  const standing = parties.get(authority);
  if (!standing) throw new Refusal('AGREEMENT_NOT_A_PARTY', { authority });
  if (standing.status === 'withdrawn' && standing.withdrawnFrom === from) return agreement;
  if (standing.status === 'withdrawn' || state === 'draft' || !Object.keys(agreementSteps[state]).length) {
    throw new Refusal('AGREEMENT_STEP_REFUSED', {
      from: standing.status === 'withdrawn' ? 'withdrawn' : state,
      step: 'withdraw',
    });
  }
  const earliest = addDays(today, document.membership.leavingNoticeDays);
  if (from < earliest) throw new Refusal('AGREEMENT_NOTICE_TOO_SHORT', { expected: `${earliest} or later` });
  return {
    ...agreement,
    parties: new Map([...parties, [authority, { ...standing, status: 'withdrawn', withdrawnFrom: from }]]),
  };
}

/**
 * The agreement as it stands on a civil date: what the calendar does to it (a later version takes its place, its last day
 * passes) are steps of the same table, so nobody has to be there at midnight. The one whose day comes first is taken, for
 * final states are final.
 */
export function asOf(agreement: Agreement, today: string): Agreement {
  const { document, state, successorFrom } = agreement;
  const { until } = document.effective;
  if (
    successorFrom !== undefined &&
    successorFrom <= today &&
    successorFrom < until &&
    agreementSteps[state].supersede
  ) {
    return take(agreement, 'supersede');
  }
  return until <= today && agreementSteps[state].expire ? take(agreement, 'expire') : agreement;
}

/**
 * The civil date from which a version that all its parties have signed takes the place of those before: its first day, or
 * the day of the last signature where that came later. Undefined for one that was ended before: it never held.
 */
export function beganOn({ document, concludedOn, endedOn }: Agreement): string | undefined {
  const { from } = document.effective;
  if (endedOn !== undefined && endedOn < from) return undefined;
  return concludedOn !== undefined && concludedOn > from ? concludedOn : from;
}

/** Whether the version has begun by that civil date, and was not ended before. */
export function hasBegun(version: Agreement, today: string): boolean {
  const from = beganOn(version);
  return from !== undefined && from <= today;
}

/**
 * Why it does not bind on that civil date, as the clause that says so ('' where no clause does: its state); undefined
 * when it binds.
 */
export function notInForce(agreement: Agreement, today: string): string | undefined {
  const { state, document } = asOf(agreement, today);
  const { effective, parent } = document;
  if (state === 'expired' || (state === 'inForce' && today < effective.from)) return '/effective';
  if (state !== 'inForce') return '';
  if (isOverdue(document, today)) return '/dpia/reviewDate';
  if (parent !== undefined && (!agreement.parent || notInForce(agreement.parent, today) !== undefined))
    return '/parent';
  return undefined;
}

/** Whether its review should have happened so long ago that it holds no longer. Days are counted only where it matters. */
const isOverdue = ({ dpia }: AgreementDocument, today: string): boolean =>
  dpia.reviewDate <= today && addDays(dpia.reviewDate, REVIEW_GRACE_DAYS) <= today;

/** Whether it binds on that civil date: signed by all, within its dates, reviewed, and its parent too. */
export const isInForce = (agreement: Agreement, today: string): boolean => notInForce(agreement, today) === undefined;

/** Withdrawal is dated: until that day the party still shares, from it nothing of it enters, of whatever period. */
export const shares = (standing: PartyStanding | undefined, today: string): boolean =>
  standing?.status === 'signed' ||
  (standing?.status === 'withdrawn' && standing.withdrawnFrom !== undefined && today < standing.withdrawnFrom);

const isSame = ({ document: { id, version } }: Agreement, other: Agreement): boolean =>
  id === other.document.id && version === other.document.version;

/** All of them as they stand once one has changed: in its own place, and above those that stand under it. */
export const afterChange = (agreements: readonly Agreement[], changed: Agreement): Agreement[] =>
  agreements.map((one) => {
    if (isSame(one, changed)) return changed;
    return one.parent && isSame(one.parent, changed) ? { ...one, parent: changed } : one;
  });
