import { parsePeriod } from '@hub/kernel';
import type { Indicator } from '@hub/registry/domain';
import { LEAST_POINTS, type ControlOptions } from '@hub/statistics';
import type { HistoryPoint, Line } from './line';
import type { Break } from './notes';

/**
 * Which points of a line compare with each other: those of the same authorities, of months that they do not share, and on one side of
 * whatever break is stated.
 */

/**
 * Whether the same authorities stand in two figures of the region: else it changes by who has sent. An authority’s own is always
 * its own.
 */
export const isOfTheSame = (one: HistoryPoint, other: HistoryPoint): boolean =>
  one.coverage?.inside.join() === other.coverage?.inside.join();

/** Who stands in the region’s figures, as far as it is told. */
export const whoInWords = (earlier: HistoryPoint, later: HistoryPoint): string => {
  const [before, now] = [earlier.coverage!.text, later.coverage!.text];
  return before === now
    ? `${now} authorities stand in the region’s figures of ${earlier.period} and ${later.period}, but not the same ones: they do not compare.`
    : `${now} authorities stand in the region’s figure of ${later.period}, ${before} in that of ${earlier.period}: they do not compare.`;
};

/** Months from the beginning of one period to that of another. */
const monthsBetween = (earlier: string, later: string): number => {
  const months = (text: string) => {
    const [year, month] = parsePeriod(text).from.split('-').map(Number);
    return year! * 12 + month!;
  };
  return months(later) - months(earlier);
};

/** Whether two values of an indicator are made of the same months. */
export const shareMonths = ({ basis }: Indicator, earlier: string, later: string): boolean =>
  basis === 'rolling12' && monthsBetween(earlier, later) < 12;

export type PlaceOfBreak = NonNullable<ControlOptions['rebases']>[number];

/** At which points of a line there are breaks: not at the first. */
const placesOf = (breaks: readonly Break[], { points }: Line): PlaceOfBreak[] =>
  breaks
    .map(({ from, reason }) => ({ at: points.findIndex(({ period }) => parsePeriod(period).from >= from), reason }))
    .filter(({ at }) => at > 0);

/** At which points of its line an authority states breaks. */
export const placesOfBreaks = (line: Line, breaks: readonly Break[]): PlaceOfBreak[] =>
  placesOf(
    breaks.filter(({ authority }) => authority === line.authority),
    line,
  );

/**
 * Where a line begins anew, and breaks since which it has too few printed values for limits of its own: these leave the line as it
 * is, for else whoever states one would end every pattern that others see in it.
 */
export function beginningsOf(
  line: Line,
  breaks: readonly Break[],
): { readonly anew: readonly PlaceOfBreak[]; readonly tooNew: readonly PlaceOfBreak[] } {
  const places = placesOfBreaks(line, breaks);
  const isLong = ({ at }: PlaceOfBreak) =>
    line.points.slice(at).filter(({ figure }) => typeof figure?.value === 'number').length >= LEAST_POINTS;
  return { anew: places.filter(isLong), tooNew: places.filter((place) => !isLong(place)) };
}

/**
 * Breaks that a line runs across without beginning anew, in words: a line of sums those of its authority, the region's those of the
 * authorities that stand in it.
 * @param breaks  of the indicator, stated by authorities that the reader is shown by name
 */
export function acrossInWords(line: Line, breaks: readonly Break[]): readonly string[] {
  const { authority, points } = line;
  const whose = new Set(authority === null ? points.flatMap(({ coverage }) => coverage?.inside ?? []) : [authority]);
  const places = placesOf(
    breaks.filter((one) => whose.has(one.authority)),
    line,
  );
  const stated = [...new Set(places.map(({ reason }) => reason))].join('; ');
  if (!stated) return [];
  return [
    authority === null
      ? `The region’s line runs across breaks that authorities in it state, and moves with them (${stated}).`
      : `Sums run across a stated break (${stated}): one of periods on both sides of it compares with neither.`,
  ];
}

/** Whether neighbouring values of an indicator are made of the same months: of them there is no chart. */
export const isOverlapping = (indicator: Indicator, { points }: Line): boolean => {
  const [last, before] = [points.at(-1), points.at(-2)];
  return Boolean(last && before && shareMonths(indicator, before.period, last.period));
};

/** What is said of lines of the region. */
export const SAME_AUTHORITIES =
  'Of the region only periods in which the same authorities stand as in the newest are held against each other.';

/**
 * Which points of a line are held against the newest: all of an authority; of the region those in which the same authorities stand
 * as in the newest that anybody stands in.
 * @returns `left`: in words which are not; null where all are
 */
export function comparedIn(points: readonly HistoryPoint[]): { isCompared: readonly boolean[]; left: string | null } {
  const newest = points.findLast(({ coverage }) => coverage?.submitted);
  const isCompared = points.map((point) => !newest || !point.coverage || isOfTheSame(point, newest));
  const left = points.filter((_, i) => !isCompared[i]).map(({ period, coverage }) => `${period} (${coverage!.text})`);
  if (!left.length) return { isCompared, left: null };
  const beside = `Left out beside ${newest!.period} (${newest!.coverage!.text}): ${left.join(', ')}.`;
  return { isCompared, left: `${SAME_AUTHORITIES} ${beside}` };
}
