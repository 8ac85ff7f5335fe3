import { Refusal } from '@hub/kernel';

/**
 * What is written down about an issue or at a meeting. The first five stand for themselves; an answer and a verdict are about
 * a challenge, progress is about an action; a step is the issue's own history.
 */
export const itemKinds = [
  'reply',
  'challenge',
  'action',
  'decision',
  'note',
  'answer',
  'verdict',
  'progress',
  'step',
] as const;
export type ItemKind = (typeof itemKinds)[number];

export const challengeStates = ['asked', 'answered', 'satisfied', 'notSatisfied'] as const;
export const actionStates = ['notStarted', 'onTrack', 'slipped', 'done'] as const;
export type ItemState = (typeof challengeStates)[number] | (typeof actionStates)[number];

/** Where a challenge or an action may go from each state. What is not written here is refused. */
export const itemSteps: Readonly<Record<ItemState, readonly ItemState[]>> = {
  asked: ['answered'],
  answered: ['satisfied', 'notSatisfied'],
  // Asked again: another answer may follow.
  notSatisfied: ['answered'],
  satisfied: [],
  notStarted: ['onTrack', 'slipped', 'done'],
  onTrack: ['onTrack', 'slipped', 'done'],
  slipped: ['onTrack', 'slipped', 'done'],
  done: [],
};

/** What may be done in each state, in the names of the API; of the others it is at its end. */
const possible: Readonly<Partial<Record<ItemState, string>>> = {
  asked: 'answerChallenge, by the agency',
  answered: 'judgeChallenge, by the board that asked',
  notSatisfied: 'answerChallenge, by the agency',
  notStarted: 'reportAction',
  onTrack: 'reportAction',
  slipped: 'reportAction',
};

/**
 * The state of a challenge or an action after a step.
 * @param impact  what it did for children; an action is not closed without it
 * @throws Refusal ITEM_STEP_REFUSED; ACTION_EVIDENCE_MISSING
 */
export function takeItemStep(from: ItemState, to: ItemState, impact: string | null): ItemState {
  if (!itemSteps[from].includes(to)) {
    throw new Refusal('ITEM_STEP_REFUSED', { from, step: to, possible: possible[from] ?? 'nothing: it is at its end' });
  }
  if (to === 'done' && impact === null) throw new Refusal('ACTION_EVIDENCE_MISSING');
  return to;
}

/** What of an item decides who sees it, and whether it is late. */
export interface ItemFacts {
  readonly kind: ItemKind;
  /** The organisation for which it was written. */
  readonly by: string;
  /** To whom a challenge or an action is addressed. */
  readonly to: string | null;
  readonly due: string | null;
  readonly state: ItemState | null;
  /** The meeting at which it was said. */
  readonly meeting: string | null;
}

/** Late: computed from the day, never typed. What was answered waits for the board that asked: it is late no more. */
export const isOverdue = ({ due, state }: Pick<ItemFacts, 'due' | 'state'>, today: string): boolean =>
  due !== null && due < today && isOpen(state) && state !== 'answered';

/** Whether somebody still has something to do about it. */
export const isOpen = (state: ItemState | null): boolean => state !== null && state !== 'done' && state !== 'satisfied';

/**
 * Whether a challenge names its agency to other boards by now: once it has answered, or the day for that has passed.
 */
export const isTold = ({ kind, due, state }: Pick<ItemFacts, 'kind' | 'due' | 'state'>, today: string): boolean =>
  kind !== 'challenge' || state !== 'asked' || (due !== null && due < today);
