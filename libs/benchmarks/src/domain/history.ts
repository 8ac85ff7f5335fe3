import { monthsIn, parsePeriod, type Period, type PeriodKind } from '@hub/kernel';
import type { Indicator } from '@hub/registry/domain';
import {
  controlChart,
  recentTrend,
  rolling,
  TREND_POINTS,
  yearToDate,
  type ControlChart,
  type ControlOptions,
  type Limits,
  type RecentTrend,
} from '@hub/statistics';
import { exactValueOf, limitsOf, type ShownFigure } from './benchmark';
import { acrossInWords, beginningsOf, comparedIn, isOfTheSame, isOverlapping, type PlaceOfBreak } from './comparable';
import { exactOf, type HistoryPoint, type Line } from './line';
import type { Break } from './notes';
import { valueOver } from './shown';

/** How a history is read: as published, over twelve months together (four quarters), or from the start of the year. */
export const historyMeasures = ['as-published', 'twelve-months', 'year-to-date'] as const;
export type HistoryMeasure = (typeof historyMeasures)[number];

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
 * in the sum. A rate is by the mean number of children of these periods: the estimate changes within a sum. The region's are
 * sums of the same authorities: with one late, three quarters of twelve and one of eleven are a rate of nobody.
 * @param measure  of `measureOf`
 * @param breaks  of the indicator, which sums run across
 */
export function addedUp(
  line: Line,
  periods: readonly Period[],
  indicator: Indicator,
  measure: Exclude<HistoryMeasure, 'as-published'>,
  breaks: readonly Break[],
): ChartedLine {
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
  const isMixed = line.points.map((point, i) =>
    line.points.slice(i + 1 - (lengths[i] ?? 1), i).some((earlier) => !isOfTheSame(earlier, point)),
  );
  const left = line.points.flatMap(({ period }, i) => (isMixed[i] && counts[i] !== undefined ? [period] : []));
  const sums = {
    ...line,
    points: line.points.map((point, i): HistoryPoint => {
      const count = isMixed[i] ? undefined : counts[i];
      if (count === undefined) {
        // A figure that is there, and not enough of them; what is left of a hidden one is of its own period.
        const isShort = point.figure?.kind === 'value';
        const figure = point.figure && !isShort ? { ...point.figure, between: null } : null;
        return { ...point, figure, limits: null, base: null };
      }
      const length = lengths[i]!;
      const window = line.points.slice(i + 1 - length, i + 1);
      const without = window.find(({ base }) => base === null)?.figure?.valueKind ?? 'notApplicable';
      return { ...point, ...summed(point.figure!, count, bases[i] ?? null, without, length, indicator) };
    }),
  };
  return uncharted(sums, [...acrossInWords(line, breaks), ...(left.length ? [mixedInWords(left)] : [])]);
}

const mixedInWords = (periods: readonly string[]): string =>
  `Of the region only periods in which the same authorities stand are added up: there is no sum up to ${periods.join(', ')}.`;

/**
 * @param bases  of all periods together; null where one of them has none
 * @param without  why there is no value where there is none
 */
function summed(
  newest: ShownFigure,
  count: number,
  bases: number | null,
  without: ShownFigure['valueKind'],
  periods: number,
  indicator: Indicator,
): Pick<HistoryPoint, 'figure' | 'limits' | 'base'> {
  const isRate = indicator.unit === 'per10000';
  const value = bases === null ? undefined : valueOver(isRate ? count * periods : count, bases, indicator);
  const base = bases === null || !isRate ? bases : bases / periods;
  // The estimate is of one period; a sum is by the mean of several.
  const { population: _, ...rest } = newest;
  const figure: ShownFigure = {
    ...rest,
    count,
    of: isRate ? null : base,
    value: value ?? null,
    valueKind: value === undefined ? without : 'value',
  };
  return { figure, base, limits: limitsOf(figure, base, indicator) };
}

/** A line with what of it is more than chance. */
export interface ChartedLine extends Line {
  readonly chart: ControlChart;
  /** Those of the chart's choices that hold without limits too, and may say why there are none. */
  readonly remarks: readonly string[];
  /** Of the last five values; null where there are not five in a row. */
  readonly recent: Recent | null;
}

export type Recent = RecentTrend['direction'];

/** A recent trend in words: `rising, worse`; without a judgement where neither end is better. */
export function recentInWords(recent: Recent, { polarity }: Pick<Indicator, 'polarity'>): string {
  if (recent === 'noChange') return 'no clear trend';
  const moves = recent === 'increasing' ? 'rising' : 'falling';
  if (polarity === 'neutral') return moves;
  return `${moves}, ${(recent === 'increasing') === (polarity === 'higher') ? 'better' : 'worse'}`;
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
const AT_A_DATE =
  'A number at a date counts mostly the same people or cases as the one before, so that rules are met by chance more often: at the newest period by one in ten to one in three of charts of which nothing has changed.';
/** Of what is counted by months: no season is taken out. */
export const OF_MONTHS =
  'Schools are closed in August and at Christmas, and what they bring is low every year then: the rules may take that for a signal. Compare such a month with the same one of the year before.';
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

export const isMonth = (period: string): boolean => parsePeriod(period).kind === 'month';
const isOfMonths = ([first]: readonly HistoryPoint[]): boolean => first !== undefined && isMonth(first.period);

/** Of a month the point of the same one of the year before; undefined of any other period, and where the line does not reach back. */
export function sameMonthBefore<T extends { readonly period: string }>(
  points: readonly T[],
  { period }: { readonly period: string },
): T | undefined {
  const before = `${Number(period.slice(0, 4)) - 1}${period.slice(4)}`;
  return isMonth(period) ? points.find((one) => one.period === before) : undefined;
}

class Charted implements ChartedLine {
  readonly authority: string | null;
  readonly points: readonly HistoryPoint[];
  private computed: ControlChart | null = null;
  private held: ReturnType<typeof comparedIn> | undefined;
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

  private get compared(): ReturnType<typeof comparedIn> {
    return (this.held ??= comparedIn(this.points));
  }

  get chart(): ControlChart {
    return (this.computed ??= this.compute());
  }

  private compute(): ControlChart {
    const { isCompared, left } = this.compared;
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
        ...(this.indicator.basis === 'flow' && isOfMonths(this.points) ? [OF_MONTHS] : []),
        ...this.remarks,
      ],
    };
  }

  get remarks(): readonly string[] {
    const { left } = this.compared;
    return [...this.tooNew.map(({ reason }) => tooNewInWords(reason)), ...this.across, ...(left ? [left] : [])];
  }

  get recent(): Recent | null {
    const { isCompared } = this.compared;
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
