import type { KeyInLine } from '@hub/identity/domain';

/** What tells whose a key is, and which it took the place of. */
export type SignersKey = Pick<KeyInLine, 'organisation' | 'line'>;

/**
 * By how many keys of the authority itself a return is signed, as its sign-off counts them. A key of an agency is none, whoever
 * holds it: that of a system may be one. A key and those that take its place are one, for whoever holds the old one is given the new.
 * @param keys       of the signatures that hold
 * @param authority  whose return it is
 */
export const ownSignatures = (keys: readonly SignersKey[], authority: string): number =>
  new Set(keys.filter(({ organisation }) => organisation === authority).map(({ line }) => line)).size;
