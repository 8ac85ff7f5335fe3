import { addDays, type Edition, editions, londonDate, Refusal } from '@hub/kernel';
import { londonMoment } from './calendar';

export const submissionStates = ['awaitingSignOff', 'accepted', 'superseded', 'withdrawn', 'lapsed'] as const;
export type SubmissionState = (typeof submissionStates)[number];
export type SubmissionStep = 'signOff' | 'supersede' | 'withdraw' | 'lapse';

/** Where each step leads. What is not written here is refused. */
const submissionSteps: Record<SubmissionState, Partial<Record<SubmissionStep, SubmissionState>>> = {
  awaitingSignOff: { signOff: 'accepted', supersede: 'superseded', withdraw: 'withdrawn', lapse: 'lapsed' },
  accepted: { supersede: 'superseded', withdraw: 'withdrawn' },
  superseded: {},
  withdrawn: {},
  lapsed: {},
};

/** @throws Refusal SUBMISSION_STEP_REFUSED when the state has no such step */
export function takeSubmissionStep(state: SubmissionState, step: SubmissionStep): SubmissionState {
  const next = submissionSteps[state][step];
  if (!next) throw new Refusal('SUBMISSION_STEP_REFUSED', { from: state, step });
  return next;
}

/** Whether nothing becomes of it any more. */
export const isOver = (state: SubmissionState): boolean => Object.keys(submissionSteps[state]).length === 0;

export const roundStates = ['scheduled', 'open', 'closed', 'checked', 'compiling', 'held', 'published'] as const;
export type RoundState = (typeof roundStates)[number];
export type RoundStep = 'open' | 'close' | 'check' | 'compile' | 'publish' | 'hold' | 'reopen';

/** Where each step leads. `held`: protection failed and nothing left. A round opens again for its next edition. */
const roundSteps: Record<RoundState, Partial<Record<RoundStep, RoundState>>> = {
  scheduled: { open: 'open' },
  open: { close: 'closed' },
  closed: { check: 'checked' },
  checked: { compile: 'compiling' },
  compiling: { publish: 'published', hold: 'held' },
  held: { reopen: 'open' },
  published: { reopen: 'open' },
};

/** What a round has to be for each step, in words for its lead. */
const wanted: Readonly<Record<RoundStep, string>> = {
  open: 'a round that has not opened yet',
  close: 'a round that is open',
  check: 'a closed round, whose next edition has not been published yet',
  compile: 'a closed and checked round, whose next edition has not been published yet',
  publish: 'a round that compiles',
  hold: 'a round that compiles',
  reopen: 'a round that is published or held',
};

/** @throws Refusal ROUND_NOT_OPEN when an open round is needed, else ROUND_NOT_CLOSED, when the state has no such step */
export function takeRoundStep(state: RoundState, step: RoundStep): RoundState {
  const next = roundSteps[state][step];
  const code = step === 'close' ? 'ROUND_NOT_OPEN' : 'ROUND_NOT_CLOSED';
  if (!next) throw new Refusal(code, { state, expected: wanted[step] });
  return next;
}

/**
 * The state in which a closed or checked round is published: one without a check window passes `checked` at once.
 * @throws Refusal ROUND_NOT_CLOSED
 */
export const toCompiling = (state: RoundState): RoundState =>
  takeRoundStep(state === 'checked' ? state : takeRoundStep(state, 'check'), 'compile');

/**
 * The edition for which a round opens again. A final one is the last; a revised one may follow another; what was held, or published
 * and withdrawn since, may be tried again.
 * @param last       the edition that was published, or that was held
 * @param withdrawn  whether its publication was withdrawn
 * @throws Refusal ROUND_NOT_CLOSED while the round is neither published nor held; ROUND_EDITION where this edition does not
 *   come after the last one
 */
export function nextEdition(state: RoundState, last: Edition, asked: Edition, withdrawn = false): Edition {
  takeRoundStep(state, 'reopen');
  const allowed =
    state === 'held' || withdrawn || last === 'revised'
      ? editions.slice(editions.indexOf(last))
      : editions.slice(editions.indexOf(last) + 1);
  if (!allowed.includes(asked)) throw new Refusal('ROUND_EDITION', { expected: allowed.join(', ') || 'none' });
  return asked;
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
  /** The last day of the check window, in which each authority looks at its own figures; null: there is none. */
  readonly checkUntil: string | null;
}

/** The state of a round at that moment. */
export function roundStateAt(round: RoundTimes, now: Date): RoundState {
  if (round.state) return round.state;
  const today = londonDate(now);
  const isClosed = (round.closedEarlyAt !== null && round.closedEarlyAt <= now) || today > round.closes;
  if (isClosed) return round.checkUntil !== null && today > round.checkUntil ? 'checked' : 'closed';
  return today < round.opens ? 'scheduled' : 'open';
}

/** Whether each authority is looking at its own figures at that moment: closed, and the last day of looking not over. */
export const isBeingChecked = (round: RoundTimes, now: Date): boolean =>
  round.checkUntil !== null && roundStateAt(round, now) === 'closed';

/**
 * Whether a return of an authority is taken at that moment: while the round is open; in the check window where it mends one
 * that is there; and after the end as long as an exception of the authority runs. Once a round compiles nothing more is taken.
 * @param own.until     the last day of the authority's latest exception, null where there is none
 * @param own.reported  whether the authority has a return in the round
 */
export function takesReturn(
  round: RoundTimes,
  own: { readonly until: string | null; readonly reported: boolean },
  now: Date,
): boolean {
  const state = roundStateAt(round, now);
  if (state === 'open') return true;
  if (state !== 'closed' && state !== 'checked') return false;
  if (own.reported && isBeingChecked(round, now)) return true;
  // Settled by its lead before the day, for everybody has confirmed: nobody has anything to mend.
  return round.state === null && own.until !== null && londonDate(now) <= own.until;
}

/**
 * When the compile of an edition begins for which a moment is set: long enough before it, but not before the check window has
 * ended, or the round where there is none.
 */
export function compilesAt(
  { closes, checkUntil, publishesAt }: Pick<RoundTimes, 'closes' | 'checkUntil'> & { readonly publishesAt: Date },
  { compileSeconds }: { readonly compileSeconds: number },
): Date {
  const early = new Date(publishesAt.getTime() - compileSeconds * 1000);
  const ended = londonMoment(addDays(checkUntil ?? closes, 1), '00:00');
  return early < ended ? ended : early;
}
