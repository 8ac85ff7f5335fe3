import { londonDate, type Edition } from '@hub/kernel';

/** Of which edition figures are. */
export interface EditionTold {
  readonly edition: Edition;
  /** The moment at which it appeared. */
  readonly publishedAt: Date;
  /** Codes of those whose returns are others than in the edition before, as far as the reader is told; null where nothing is known of it. */
  readonly revised: readonly string[] | null;
}

const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
/** A civil date as a document has it: `1 December 2026`. */
export const dayInFull = (date: string): string => days.format(Date.parse(date));

/** `publication 7, provisional edition of 1 December 2026`, `publication 8, revised edition of 4 March 2027 (revised: Leeds, York)`. */
export function publicationInWords(
  { number, edition, publishedAt, revised }: EditionTold & { readonly number: number },
  nameOf: (authority: string) => string,
): string {
  const who = revised?.length ? ` (revised: ${revised.map(nameOf).join(', ')})` : '';
  return `publication ${number}, ${edition} edition of ${dayInFull(londonDate(publishedAt))}${who}`;
}

/**
 * What stands behind the period of a figure, after a space: `[p]` in a provisional edition; `[r]` where the return is another one than in the
 * edition before, and of a region that holds such a one.
 * @param place  code of the authority; null: the region
 */
export function editionMark({ edition, revised }: Omit<EditionTold, 'publishedAt'>, place: string | null): string {
  if (edition === 'provisional') return ' [p]';
  return (place === null ? revised?.length : revised?.includes(place)) ? ' [r]' : '';
}
