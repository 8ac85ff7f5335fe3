import { comparePeriods, type Edition, parsePeriod, type Period } from '@hub/kernel';
import { isObject } from '@hub/identity/domain';
import { roundStateAt, type RoundTimes } from './state';

type Span = Pick<Period, 'kind' | 'from' | 'until'>;

/** Whether a return of a period may hold rows of another one: an earlier one of the same length, in the same year. */
export const isEarlierOfTheYear = (earlier: Span, period: Span): boolean =>
  earlier.kind === period.kind && earlier.until <= period.from && yearOf(earlier) === yearOf(period);

/** The financial year in which a period begins; for calendar years the year. */
const yearOf = ({ from, kind }: Pick<Period, 'from' | 'kind'>): number => {
  const [year, month] = from.split('-').map(Number) as [number, number];
  return kind !== 'calendarYear' && month < 4 ? year - 1 : year;
};

/** The earlier period that a row's `period` names; undefined where it names none that a return of `period` may hold. */
export function earlierPeriodOf(named: unknown, period: Span): Period | undefined {
  if (typeof named !== 'string') return undefined;
  let earlier: Period;
  try {
    earlier = parsePeriod(named);
  } catch {
    return undefined;
  }
  return isEarlierOfTheYear(earlier, period) ? earlier : undefined;
}

/** The earlier periods that the rows of a payload name, the latest first: at most eleven, whatever stands in it. */
export function periodsRefreshed(body: { readonly rows?: unknown }, period: Span): Period[] {
  const named = new Set(
    (Array.isArray(body.rows) ? body.rows : []).map((row: unknown) => (isObject(row) ? row['period'] : undefined)),
  );
  const earlier = [...named].flatMap((text) => earlierPeriodOf(text, period) ?? []);
  return earlier.sort(comparePeriods).reverse();
}

/**
 * Whether what is published may be refreshed at that moment: there is an edition, another can follow, and it takes returns or
 * is not begun. While it closes, is looked at and compiles, nothing of it moves.
 */
export function takesRefresh(round: RoundTimes & { readonly edition: Edition }, now: Date): boolean {
  const state = roundStateAt(round, now);
  if (state === 'published') return round.edition !== 'final';
  return (state === 'held' || state === 'open') && round.edition !== 'provisional';
}
