import { isSeenLine, Refusal } from '@hub/kernel';

/** What has happened to a key, by the hub's clock. Each is written once and stays. */
export interface KeyHistory {
  /** When a second person made it good; null while it waits for one. */
  readonly approvedAt: Date | null;
  /** When it ends because another has taken its place; null while none has. */
  readonly until: Date | null;
  readonly revokedAt: Date | null;
}

export const keyStates = ['pending', 'active', 'retired', 'revoked'] as const;
export type KeyState = (typeof keyStates)[number];

/**
 * For how many days an old key works beside the one that replaces it. Longer than an envelope may be old, so that what
 * was signed on the day of the change is never refused for it.
 */
export const OVERLAP_DAYS = 30;

/** When the key that is replaced ends. @param approvedAt  when the new one was approved */
export const endOfOverlap = (approvedAt: Date): Date => new Date(approvedAt.getTime() + OVERLAP_DAYS * 86_400_000);

const hasCome = (moment: Date | null, at: Date): boolean => moment !== null && moment <= at;

/** What the key was at that moment. A moment counts from its own instant on: revoked at noon is revoked at noon. */
export function keyStateAt(key: KeyHistory, at: Date): KeyState {
  if (hasCome(key.revokedAt, at)) return 'revoked';
  if (!hasCome(key.approvedAt, at)) return 'pending';
  return hasCome(key.until, at) ? 'retired' : 'active';
}

/** Whether a signature made at that moment counts: from approval to the earlier of retirement and revocation, half-open. */
export const wasGoodAt = (key: KeyHistory, at: Date): boolean => keyStateAt(key, at) === 'active';

/**
 * The one place that decides whether a key may verify anything.
 * @param key  as registered; none is a key that nobody knows
 * @param at   the moment at which the signature is judged: the hub's now, for what is sent now
 * @throws Refusal KEY_UNKNOWN (also for a key that is not approved yet) | KEY_REVOKED | KEY_RETIRED
 */
export function assertGoodAt<Key extends KeyHistory & { readonly kid: string }>(
  key: Key | null | undefined,
  at: Date,
): asserts key is Key {
  const state = key ? keyStateAt(key, at) : 'pending';
  if (!key || state === 'pending') throw new Refusal('KEY_UNKNOWN');
  if (state === 'revoked') throw new Refusal('KEY_REVOKED', { kid: key.kid });
  if (state === 'retired') throw new Refusal('KEY_RETIRED', { kid: key.kid });
}

const LONGEST_REASON = 500;

/**
 * Why a key is revoked, in a person's words.
 * @throws Refusal REQUEST_MALFORMED for nothing, more than 500 characters, or characters that are not seen
 */
export function parseReason(text: string): string {
  if (!/\S/.test(text) || !isSeenLine(text) || [...text].length > LONGEST_REASON) {
    throw new Refusal('REQUEST_MALFORMED', {
      expected: `a reason of 1 to ${LONGEST_REASON} characters without control characters`,
    });
  }
  return text;
}
