import { rules } from '@hub/contracts';
import type { Indicator } from '@hub/registry/domain';
import { changeOf, isJump, tenth } from '@hub/statistics';
import { exactValueOf } from './benchmark';
import { isOfTheSame, placesOfBreaks, shareMonths, whoInWords } from './comparable';
import { exactLimitsAt, type HistoryPoint, type Line } from './line';
import type { Break } from './notes';

/** How a value differs from that of an earlier period. */
export interface Change {
  readonly from: string;
  /** The earlier value as it was printed. */
  readonly was: number;
  /** Of the values before they are rounded, one decimal: it may be a tenth off the difference of those that are shown. Null where they do not compare. */
  readonly by: number | null;
  /** Whether the 95 % intervals of the two lie apart; null where one of them has none, and where `remark` says why. */
  readonly isBeyondChance: boolean | null;
  /** Why the two do not compare, or why nothing is said of chance; else null. */
  readonly remark: string | null;
  /** The break that is stated between the two, where their intervals lie apart all the same: it may be why. */
  readonly across?: string;
  /** Whether the hub has asked the authority about a change as large as that of its count, and was answered. */
  readonly isConfirmed: boolean;
}

/** From which numbers on a return is asked about a count that differs from the one before. */
const [asked] = rules().queries;

/**
 * Of a return that was held against the one that is printed of the period before what was asked follows from the two counts, and it was
 * answered, or it would not have been taken. So this tells nothing that they do not.
 */
export function isAskedAbout(
  { points }: Pick<Line, 'points'>,
  from: string,
  { decimals }: Pick<Indicator, 'decimals'>,
): boolean {
  const scale = 10 ** decimals;
  // In whole numbers, as the rule counts.
  const [was, is] = [points.find(({ period }) => period === from), points.at(-1)].map(
    (one) => one?.figure?.count ?? null,
  );
  if (was === null || is === null) return false;
  return isJump(Math.round(is! * scale), Math.round(was! * scale), { ...asked, least: asked.least * scale });
}

/**
 * How a line has changed between two of its points.
 * @param from  of which period the earlier one is
 * @param breaks  of the indicator
 * @returns null where either of the two has no printed value
 */
export function changeOver(
  line: Line,
  from: string | undefined,
  indicator: Indicator,
  breaks: readonly Break[],
): Change | null {
  const first = line.points.findIndex(({ period }) => period === from);
  const change = changeBetween(line.points[first], line.points.at(-1), indicator);
  if (!change || change.by === null || !breaks.length) return change;
  const broken = placesOfBreaks(line, breaks).find(({ at }) => at > first);
  if (!broken) return change;
  const remark = `Between the two a break is stated (${broken.reason}): their intervals do not say whether they differ by chance.`;
  return { ...change, isBeyondChance: null, remark, ...(change.isBeyondChance ? { across: broken.reason } : {}) };
}

/** @returns null where either of the two has no printed value */
export function changeBetween(
  earlier: HistoryPoint | undefined,
  later: HistoryPoint | undefined,
  indicator: Indicator,
): Change | null {
  const by = changeOf(exactIn(later, indicator), exactIn(earlier, indicator));
  if (by === undefined) return null;
  const [from, was] = [earlier!.period, earlier!.figure!.value!];
  if (!isOfTheSame(earlier!, later!))
    return { from, was, by: null, isBeyondChance: null, remark: whoInWords(earlier!, later!), isConfirmed: false };
  const isShared = shareMonths(indicator, from, later!.period);
  return {
    from,
    was,
    by: tenth(by),
    isBeyondChance: isShared ? null : lieApart(earlier!, later!, indicator),
    remark: isShared ? SHARED_MONTHS : null,
    isConfirmed: false,
  };
}

const exactIn = (point: HistoryPoint | undefined, indicator: Indicator): number | undefined =>
  (point?.figure && exactValueOf(point.figure, point.base, indicator)) ?? undefined;

/** Whether the 95 % intervals of two printed values do; null where one of them has none. */
function lieApart(one: HistoryPoint, other: HistoryPoint, indicator: Indicator): boolean | null {
  const a = exactLimitsAt(one, indicator);
  const b = a && exactLimitsAt(other, indicator);
  return a && b && (a.upper < b.lower || b.upper < a.lower);
}

const SHARED_MONTHS =
  'Each value is of twelve months and shares some of them with the other: their intervals do not say whether they differ by chance.';
