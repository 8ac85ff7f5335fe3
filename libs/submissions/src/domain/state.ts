import { londonDate, Refusal } from '@hub/kernel';

export const submissionStates = ['awaitingSignOff', 'accepted', 'superseded', 'withdrawn'] as const;
export type SubmissionState = (typeof submissionStates)[number];
export type SubmissionStep = 'signOff' | 'supersede' | 'withdraw';

/** Where each step leads. What is not written here is refused. */
// prettier-ignore
const submissionSteps: Record<SubmissionState, Partial<Record<SubmissionStep, SubmissionState>>> = {
  awaitingSignOff: { signOff: 'accepted',     supersede: 'superseded', withdraw: 'withdrawn' },
  accepted:        { supersede: 'superseded', withdraw: 'withdrawn' },
  superseded:      {},
  withdrawn:       {},
};

/** @throws Refusal SUBMISSION_STEP_REFUSED when the state has no such step */
export function takeSubmissionStep(state: SubmissionState, step: SubmissionStep): SubmissionState {
  const next = submissionSteps[state][step];
  if (!next) throw new Refusal('SUBMISSION_STEP_REFUSED', { from: state, step });
  return next;
}

export const roundStates = ['scheduled', 'open', 'closed', 'checked', 'compiling', 'held', 'published'] as const;
export type RoundState = (typeof roundStates)[number];
export type RoundStep = 'open' | 'close' | 'check' | 'compile' | 'publish' | 'hold' | 'reopen';

/** Where each step leads. `held`: protection failed and nothing left. */
// prettier-ignore
const roundSteps: Record<RoundState, Partial<Record<RoundStep, RoundState>>> = {
  scheduled: { open: 'open' },
  open:      { close: 'closed' },
  closed:    { check: 'checked' },
  checked:   { compile: 'compiling' },
  compiling: { publish: 'published', hold: 'held' },
  held:      { reopen: 'open' },
  published: {},
};

/** @throws Refusal ROUND_NOT_OPEN when an open round is needed, else ROUND_NOT_CLOSED, when the state has no such step */
export function takeRoundStep(state: RoundState, step: RoundStep): RoundState {
  const next = roundSteps[state][step];
  if (!next) throw new Refusal(step === 'close' ? 'ROUND_NOT_OPEN' : 'ROUND_NOT_CLOSED', { from: state, step });
  return next;
}

/** What decides the state of a round. Dates are civil dates of Europe/London, `2025-07-31`. */
export interface RoundTimes {
  /** Set once the round has passed its dates; null: its dates and the clock decide. */
  readonly state: 'checked' | 'compiling' | 'held' | 'published' | null;
  /** The first day. */
  readonly opens: string;
  /** The last day; it ends at London midnight. */
  readonly closes: string;
  readonly closedEarlyAt: Date | null;
}

/** The state of a round at that moment. */
export function roundStateAt(round: RoundTimes, now: Date): RoundState {
  if (round.state) return round.state;
  if (round.closedEarlyAt && round.closedEarlyAt <= now) return 'closed';
  const today = londonDate(now);
  if (today < round.opens) return 'scheduled';
  return today <= round.closes ? 'open' : 'closed';
}

/**
 * Whether a return of an authority is taken at that moment: while the round is open, and after its end as long as an
 * exception of the authority runs. Once a round compiles nothing more is taken.
 * @param exceptionUntil  the last day of the authority's latest exception, null where there is none
 */
export function takesReturn(round: RoundTimes, exceptionUntil: string | null, now: Date): boolean {
  const state = roundStateAt(round, now);
  return state === 'open' || (state === 'closed' && exceptionUntil !== null && londonDate(now) <= exceptionUntil);
}
