import type { WithdrawalReason } from '@hub/ledger/domain';

export const publicationStates = ['current', 'superseded', 'withdrawn'] as const;
export type PublicationState = (typeof publicationStates)[number];
export type PublicationStep = 'supersede' | 'withdraw';

/**
 * Where each step leads. What is not written here is no step. Nothing leads back: where the last edition is withdrawn, the one
 * before it stays superseded, and there is none until the next.
 */
const publicationSteps: Record<PublicationState, Partial<Record<PublicationStep, PublicationState>>> = {
  current: { supersede: 'superseded', withdraw: 'withdrawn' },
  superseded: { withdraw: 'withdrawn' },
  withdrawn: {},
};

/** @returns null where the state has no such step */
export const takePublicationStep = (state: PublicationState, step: PublicationStep): PublicationState | null =>
  publicationSteps[state][step] ?? null;

/** Each reason in words, after "because". One of them says nothing of what is wrong: a copy that somebody keeps shows it. */
export const withdrawnBecause: Readonly<Record<WithdrawalReason, string>> = {
  figuresWrong: 'some of its figures are wrong',
  agreementEnded: 'the agreement that allowed it has ended',
  notToBeShown: 'it must not be shown any more',
};

/** A period of a dataset of which something is published, or was until it was withdrawn; as far as a reader may know of it. */
export interface KnownPeriod {
  readonly dataset: string;
  readonly period: string;
  /** Since when and why; null: it stands. */
  readonly withdrawn: { readonly at: Date; readonly because: WithdrawalReason } | null;
}
