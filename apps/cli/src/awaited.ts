const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
/** A civil date as people say it: `7 Dec 2026`. */
export const dayInWords = (date: string): string => DAY.format(Date.parse(date));

/** What a round says of those who have sent nothing. */
export interface Awaited {
  /** The soft due date. */
  readonly due?: string;
  /** Since which day they are late; null, or of an older hub undefined: not yet. */
  readonly lateSince?: string | null;
}

/**
 * `due 7 Dec 2026, not yet sent: Hartlepool, Darlington`; once that day is over `late since 8 Dec 2026, nothing sent: …`.
 * @param who  names or codes of those who have sent nothing
 */
export function awaitedInWords({ due, lateSince }: Awaited, who: readonly string[]): string {
  const when = lateSince ? `late since ${dayInWords(lateSince)}` : due ? `due ${dayInWords(due)}` : '';
  if (!who.length) return 'all have sent';
  const what = lateSince ? 'nothing sent' : 'not yet sent';
  return `${when}${when && ', '}${what}: ${who.length > 3 ? `${who.length}, ` : ''}${who.join(', ')}`;
}
