import { londonDate, Refusal } from '@hub/kernel';
import type { RoundDates } from './calendar';

const dayOf = (moment: Date | null): string | null => moment && londonDate(moment);

/**
 * The dates of a round follow one another; `earliest` is the first day that the opening may be.
 * @throws Refusal ROUND_DATES
 */
export function assertInOrder({ opens, due, closes, checkUntil, publishesAt }: RoundDates, earliest: string): void {
  if (earliest > opens || opens > due || due > closes) {
    throw new Refusal('ROUND_DATES', { expected: `${earliest} ≤ opens ≤ due ≤ closes` });
  }
  if (checkUntil !== null && checkUntil <= closes)
    throw new Refusal('ROUND_DATES', { expected: 'closes < checkUntil' });
  if (publishesAt !== null && dayOf(publishesAt)! <= (checkUntil ?? closes)) {
    throw new Refusal('ROUND_DATES', { expected: `publishesAt after the end of ${checkUntil ?? closes}` });
  }
}

/** Which of a round's dates differ. */
export const datesMoved = (before: RoundDates, after: RoundDates): (keyof RoundDates)[] =>
  (['opens', 'due', 'closes', 'checkUntil', 'publishesAt'] as const).filter(
    (name) => String(before[name]) !== String(after[name]),
  );

/**
 * What has passed stays as it was, and nothing is moved into the past.
 * @throws Refusal ROUND_DATES
 */
export function assertStillToCome(before: RoundDates, after: RoundDates, today: string): void {
  for (const name of datesMoved(before, after)) {
    const [old, now] = [before, after].map((dates) => (name === 'publishesAt' ? dayOf(dates[name]) : dates[name]));
    if ([old, now].some((day) => day !== null && day !== undefined && day < today)) {
      throw new Refusal('ROUND_DATES', { expected: `${name} as it is, or from ${today} on; what has passed stays` });
    }
  }
}
