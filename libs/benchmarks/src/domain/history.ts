import { monthsIn, parsePeriod, type Period, type PeriodKind } from '@hub/kernel';
import type { Indicator } from '@hub/registry/domain';
import {
  changeOf,
  controlChart,
  LEAST_POINTS,
  recentTrend,
  rolling,
  TREND_POINTS,
  yearToDate,
  type ControlChart,
  type ControlOptions,
  type Limits,
  type RecentTrend,
} from '@hub/statistics';
import { exactLimitsOf, exactValueOf, limitsOf, type Benchmark, type Coverage, type ShownFigure } from './benchmark';
import type { Break } from './notes';
import { valueOver } from './shown';

/** How a history is read: as published, over twelve months together (four quarters), or from the start of the year. */
export const historyMeasures = ['as-published', 'twelve-months', 'year-to-date'] as const;
export type HistoryMeasure = (typeof historyMeasures)[number];

/** One period of a line. */
export interface HistoryPoint {
  readonly period: string;
  /** Null where nothing of the period is published, or nothing that this reader may see. */
  readonly figure: ShownFigure | null;
  readonly limits: Limits | null;
  readonly base: number | null;
  /** Who stands in the region's figure; null for an authority, and where there is none. */
  readonly coverage: Coverage | null;
}

/** One authority, or the region, over time; oldest first. */
export interface Line {
  /** Null: the region. */
  readonly authority: string | null;
  readonly points: readonly HistoryPoint[];
}

/** A period and what is seen of it. */
export interface Seen {
  readonly period: Period;
  readonly benchmark: Benchmark | null;
}

/**
 * The lines of a history: of each authority that is shown by name, in the order of the newest period, and of the region
 * last. A period in which there is nothing to show is a gap, never a nought.
 * @param seen  oldest first, one for each period
 */
export function linesOf(seen: readonly Seen[]): Line[] {
  const named = new Set<string>();
  for (const { benchmark } of [...seen].reverse()) {
    for (const { authority } of benchmark?.authorities ?? []) if (authority !== null) named.add(authority);
  }
  const lines = [...named].map((authority) => ({
    authority,
    points: seen.map(({ period, benchmark }) =>
      pointOf(
        period,
        benchmark?.authorities.find((each) => each.authority === authority),
      ),
    ),
  }));
  const region = seen.map(({ period, benchmark }) =>
    pointOf(
      period,
      benchmark && {
        figure: benchmark.region,
        base: benchmark.regionBase,
        coverage: benchmark.coverage,
        get limits() {
          return benchmark.regionLimits;
        },
      },
    ),
  );
  return [...lines, { authority: null, points: region }];
}

/** What is shown of one period, or a gap. Limits are computed where they are read: patterns and changes read none. */
const pointOf = (
  { text: period }: Period,
  shown: (Pick<HistoryPoint, 'figure' | 'limits' | 'base'> & { readonly coverage?: Coverage }) | null | undefined,
): HistoryPoint => ({
  period,
  figure: shown?.figure ?? null,
  base: shown?.base ?? null,
  coverage: shown?.coverage ?? null,
  get limits() {
    return shown?.limits ?? null;
  },
});

const AS_IT_IS =
  'It is no count of what happens in a period, which alone adds up over periods: it is shown as published.';
const WHOLE_YEAR = 'Its periods are of twelve months already: it is shown as published.';
const OVERLAPPING =
  'Without control limits and recent trend: neighbouring sums share most of their periods and move together, which the rules of a control chart take for a signal. Both are made of the figures as published.';
const BY_MEAN = 'A rate over several periods is by the mean number of children in them.';

/** A measure as it can be had of an indicator, and in words what to know of it. */
export function measureOf(
  { basis, unit }: Indicator,
  asked: HistoryMeasure,
  kind: PeriodKind,
): { readonly measure: HistoryMeasure; readonly choices: readonly string[] } {
  if (asked === 'as-published') return { measure: asked, choices: [] };
  if (basis !== 'flow') return { measure: 'as-published', choices: [AS_IT_IS] };
  if (monthsIn[kind] === 12) return { measure: 'as-published', choices: [WHOLE_YEAR] };
  return { measure: asked, choices: unit === 'per10000' ? [OVERLAPPING, BY_MEAN] : [OVERLAPPING] };
}

/**
 * A line with its periods added up: printed counts by printed counts, so that one hidden period is a gap as long as it is
 * in the sum. A rate is by the mean number of children of these periods: the estimate changes within a sum, and so may
 * who stands in the region's figure.
 * @param measure  of `measureOf`
 */
export function addedUp(
  line: Line,
  periods: readonly Period[],
  indicator: Indicator,
  measure: Exclude<HistoryMeasure, 'as-published'>,
): Line {
  const sum = (values: readonly (number | undefined)[]) => {
    if (measure === 'twelve-months') return rolling(values, 12 / monthsIn[periods[0]!.kind]);
    // The financial year: moved back by its first three months, April is January.
    const years = periods.map(({ from }) => Number(from.slice(0, 4)) - (from.slice(5, 7) < '04' ? 1 : 0));
    const starts = periods.map(({ from }) => from.slice(5, 7) === '04');
    return yearToDate(values, years, starts);
  };
  const counts = sum(line.points.map(({ figure }) => figure?.count ?? undefined));
  const bases = sum(line.points.map(({ base }) => base ?? undefined));
  const lengths = sum(line.points.map(() => 1));
  return {
    ...line,
    points: line.points.map((point, i): HistoryPoint => {
      const count = counts[i];
      if (count === undefined) {
        // A figure that is there, and not enough of them; what is left of a hidden one is of its own period.
        const isShort = point.figure?.kind === 'value';
        const figure = point.figure && !isShort ? { ...point.figure, between: null } : null;
        return { ...point, figure, limits: null, base: null };
      }
      const length = lengths[i]!;
      const coverage = leastComplete(line.points.slice(i + 1 - length, i + 1));
      return { ...point, ...summed(point.figure!, count, bases[i] ?? null, length, indicator), coverage };
    }),
  };
}

/** @param bases  of all periods together; null where one of them has none */
function summed(
  newest: ShownFigure,
  count: number,
  bases: number | null,
  periods: number,
  indicator: Indicator,
): Pick<HistoryPoint, 'figure' | 'limits' | 'base'> {
  const isRate = indicator.unit === 'per10000';
  const value = bases === null ? undefined : valueOver(isRate ? count * periods : count, bases, indicator);
  const base = bases === null || !isRate ? bases : bases / periods;
  // The estimate is of one period; a sum is by the mean of several.
  const { population: _, ...rest } = newest;
  const figure: ShownFigure = { ...rest, count, of: isRate ? null : base, value: value ?? null };
  return { figure, base, limits: limitsOf(figure, base, indicator) };
}

/** A sum is as complete as the least complete of its periods. */
const leastComplete = (points: readonly HistoryPoint[]): Coverage | null =>
  points.reduce<Coverage | null>((least, { coverage }) => {
    const share = (one: Coverage) => one.submitted / one.parties;
    return least && (!coverage || share(least) <= share(coverage)) ? least : coverage;
  }, null);

/** A point before it is rounded. */
function exactOf({ figure, base }: HistoryPoint, indicator: Indicator) {
  return {
    value: figure && exactValueOf(figure, base, indicator),
    limits: figure && exactLimitsOf(figure, base, indicator),
  };
}

/** How a value differs from that of an earlier period. */
export interface Change {
  readonly from: string;
  /** Of the values as they are shown; null where they do not compare. */
  readonly by: number | null;
  /** Whether the 95 % intervals of the two lie apart; null where one of them has none, and where `remark` says why. */
  readonly isBeyondChance: boolean | null;
  /** Why the two do not compare, or why nothing is said of chance; else null. */
  readonly remark: string | null;
}

/**
 * Whether the same authorities stand in two figures of the region: else it changes by who has sent. An authority’s own is always
 * its own.
 */
const isOfTheSame = (one: HistoryPoint, other: HistoryPoint): boolean =>
  one.coverage?.inside.join() === other.coverage?.inside.join();

/** Who stands in the region’s figures, as far as it is told. */
const whoInWords = (earlier: HistoryPoint, later: HistoryPoint): string => {
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
const shareMonths = ({ basis }: Indicator, earlier: string, later: string): boolean =>
  basis === 'rolling12' && monthsBetween(earlier, later) < 12;

type PlaceOfBreak = NonNullable<ControlOptions['rebases']>[number];

/** At which points of a line there are breaks: not at the first. */
const placesOf = (breaks: readonly Break[], { points }: Line): PlaceOfBreak[] =>
  breaks
    .map(({ from, reason }) => ({ at: points.findIndex(({ period }) => parsePeriod(period).from >= from), reason }))
    .filter(({ at }) => at > 0);

/** At which points of its line an authority states breaks. */
const placesOfBreaks = (line: Line, breaks: readonly Break[]): PlaceOfBreak[] =>
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
  const broken = change && placesOfBreaks(line, breaks).find(({ at }) => at > first);
  if (!broken || change.by === null) return change;
  const remark = `Between the two a break is stated (${broken.reason}): their intervals do not say whether they differ by chance.`;
  return { ...change, isBeyondChance: null, remark };
}

/** @returns null where either of the two has no printed value */
export function changeBetween(
  earlier: HistoryPoint | undefined,
  later: HistoryPoint | undefined,
  indicator: Indicator,
): Change | null {
  const by = changeOf(later?.figure?.value ?? undefined, earlier?.figure?.value ?? undefined);
  if (by === undefined) return null;
  const from = earlier!.period;
  if (!isOfTheSame(earlier!, later!))
    return { from, by: null, isBeyondChance: null, remark: whoInWords(earlier!, later!) };
  const told = { from, by: Math.round(by * 10) / 10 };
  if (shareMonths(indicator, from, later!.period)) return { ...told, isBeyondChance: null, remark: SHARED_MONTHS };
  const [a, b] = [exactOf(earlier!, indicator).limits, exactOf(later!, indicator).limits];
  return { ...told, isBeyondChance: a && b ? a.upper < b.lower || b.upper < a.lower : null, remark: null };
}

const SHARED_MONTHS =
  'Each value is of twelve months and shares some of them with the other: their intervals do not say whether they differ by chance.';

/** A line with what of it is more than chance. */
export interface ChartedLine extends Line {
  readonly chart: ControlChart;
  /** Those of the chart's choices that hold without limits too, and may say why there are none. */
  readonly remarks: readonly string[];
  /** Of the last five values; null where there are not five in a row. */
  readonly recent: RecentTrend['direction'] | null;
}

/** A line of sums that overlap, of which there is neither chart nor trend. @param choices  why, where nothing else says so */
export const uncharted = (line: Line, choices: readonly string[] = []): ChartedLine => ({
  ...line,
  chart: {
    points: line.points.map(({ figure }) => ({
      value: figure?.value ?? undefined,
      limits: undefined,
      signal: undefined,
      standsIn: {},
    })),
    isTrial: false,
    choices,
  },
  remarks: choices,
  recent: null,
});

/** What a chart of published figures says beside the choices of any control chart. */
export const EXACT = 'Mean, limits and signals are of values before they are rounded.';
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
const tooNewInWords = (reason: string): string =>
  `A break is stated (${reason}): there are too few printed periods since for limits of their own, and the line keeps those it has.`;
const UNDER_NONE = 'A lower control limit under 0 is shown as 0.';
const OVER_ALL = 'An upper control limit over 100 % is shown as 100.';

/** Control limits as they are shown: nothing that is counted lies under 0, and no percentage over 100. */
export const controlShown = ({ lower, upper }: Limits, { unit }: Indicator): Limits => ({
  lower: Math.max(0, lower),
  upper: unit === 'percent' ? Math.min(100, upper) : upper,
});
const TWELVE_MONTHS =
  'Without control limits and recent trend: each value is of twelve months and shares most of them with its neighbours, which move together; the rules of a control chart take that for a signal.';
/** Of a number at a date. The shares are those of simulated series whose neighbours are more or less alike (`simulateAlarms`). */
export const AT_A_DATE =
  'A number at a date counts mostly the same people or cases as the one before, so that rules are met by chance more often: at the newest period by one in ten to one in three of charts of which nothing has changed.';
/** What is said of lines of the region. */
export const SAME_AUTHORITIES =
  'Of the region only periods in which the same authorities stand as in the newest are held against each other.';

/** Whether neighbouring values of an indicator are made of the same months: of them there is no chart. */
export const isOverlapping = (indicator: Indicator, { points }: Line): boolean => {
  const [last, before] = [points.at(-1), points.at(-2)];
  return Boolean(last && before && shareMonths(indicator, before.period, last.period));
};

/**
 * The control chart of a line of values, and its recent trend; each is computed when it is looked at.
 * @param breaks  of the indicator: from each of the line’s own on it has a mean and limits of its own, where there are enough
 *   printed values since
 */
export const charted = (
  line: Line,
  indicator: Indicator,
  options: ControlOptions,
  breaks: readonly Break[] = [],
): ChartedLine => {
  if (isOverlapping(indicator, line)) return uncharted(line, [TWELVE_MONTHS]);
  const { anew, tooNew } = beginningsOf(line, breaks);
  const across = line.authority === null ? acrossInWords(line, breaks) : [];
  return new Charted(line, indicator, { ...options, rebases: anew }, tooNew, across);
};

class Charted implements ChartedLine {
  readonly authority: string | null;
  readonly points: readonly HistoryPoint[];
  private computed: ControlChart | null = null;
  constructor(
    line: Line,
    private readonly indicator: Indicator,
    private readonly options: ControlOptions,
    private readonly tooNew: readonly PlaceOfBreak[],
    private readonly across: readonly string[],
  ) {
    this.authority = line.authority;
    this.points = line.points;
  }

  get chart(): ControlChart {
    return (this.computed ??= this.compute());
  }

  private compute(): ControlChart {
    const { isCompared, left } = comparedIn(this.points);
    const values = this.points.map(({ figure, base }, i) =>
      figure && isCompared[i] ? (exactValueOf(figure, base, this.indicator) ?? undefined) : undefined,
    );
    const chart = controlChart(values, this.options);
    const isClipped = (end: keyof Limits) =>
      chart.points.some(({ limits }) => limits && controlShown(limits, this.indicator)[end] !== limits[end]);
    return {
      ...chart,
      points: left ? chart.points.map((one, i) => (isCompared[i] ? one : { ...one, limits: undefined })) : chart.points,
      choices: [
        ...chart.choices,
        EXACT,
        ...(isClipped('lower') ? [UNDER_NONE] : []),
        ...(isClipped('upper') ? [OVER_ALL] : []),
        ...(this.indicator.basis === 'snapshot' ? [AT_A_DATE] : []),
        ...this.remarks,
      ],
    };
  }

  get remarks(): readonly string[] {
    const { left } = comparedIn(this.points);
    return [...this.tooNew.map(({ reason }) => tooNewInWords(reason)), ...this.across, ...(left ? [left] : [])];
  }

  get recent(): RecentTrend['direction'] | null {
    const { isCompared } = comparedIn(this.points);
    const anew = Math.max(0, ...[...(this.options.rebases ?? []), ...this.tooNew].map(({ at }) => at));
    const last = this.points
      .filter((_, i) => i >= anew && i >= this.points.length - TREND_POINTS && isCompared[i])
      .map((point) => exactOf(point, this.indicator));
    const trend = recentTrend(
      last.flatMap(({ value, limits }) => (value !== null && limits ? { value, ...limits } : [])),
    );
    return trend?.direction ?? null;
  }
}

/**
 * Which points of a line are held against the newest: all of an authority; of the region those in which the same authorities stand
 * as in the newest that anybody stands in.
 * @returns `left`: in words which are not; null where all are
 */
function comparedIn(points: readonly HistoryPoint[]): { isCompared: readonly boolean[]; left: string | null } {
  const newest = points.findLast(({ coverage }) => coverage?.submitted);
  const isCompared = points.map((point) => !newest || !point.coverage || isOfTheSame(point, newest));
  const left = points.filter((_, i) => !isCompared[i]).map(({ period, coverage }) => `${period} (${coverage!.text})`);
  if (!left.length) return { isCompared, left: null };
  const beside = `Left out beside ${newest!.period} (${newest!.coverage!.text}): ${left.join(', ')}.`;
  return { isCompared, left: `${SAME_AUTHORITIES} ${beside}` };
}
