import type { Period } from '@hub/kernel';
import {
  changeOf,
  controlChart,
  mean,
  percentage,
  ratePer10000,
  recentTrend,
  rolling,
  yearToDate,
  type ControlChart,
  type ControlOptions,
  type Limits,
  type RecentTrend,
} from '@hub/statistics';
import { limitsOf, type Benchmark, type ShownFigure } from './benchmark';

/** How a history is read: as published, over the last four periods together, or from the start of the year. */
export const historyMeasures = ['as-published', 'rolling-four', 'year-to-date'] as const;
export type HistoryMeasure = (typeof historyMeasures)[number];

/** One period of a line. */
export interface HistoryPoint {
  readonly period: string;
  /** Null where nothing of the period is published, or nothing that this reader may see. */
  readonly figure: ShownFigure | null;
  readonly limits: Limits | null;
  readonly base: number | null;
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
    points: seen.map(({ period, benchmark }): HistoryPoint => {
      const one = benchmark?.authorities.find((each) => each.authority === authority);
      return one
        ? { period: period.text, figure: one.figure, limits: one.limits, base: one.base }
        : { period: period.text, figure: null, limits: null, base: null };
    }),
  }));
  const region = seen.map(({ period, benchmark }): HistoryPoint => ({
    period: period.text,
    figure: benchmark?.region ?? null,
    limits: benchmark?.regionLimits ?? null,
    base: null,
  }));
  return [...lines, { authority: null, points: region }];
}

/**
 * A line with its periods added up: printed counts by printed counts, so that one hidden period is a gap as long as it is
 * in the sum. What is counted on a day, or over twelve months already, stays as it is. A rate is by the children of the
 * newest period.
 */
export function addedUp(
  line: Line,
  periods: readonly Period[],
  { indicator }: Pick<Benchmark, 'indicator'>,
  measure: HistoryMeasure,
): Line {
  if (measure === 'as-published' || indicator.basis !== 'flow') return line;
  const { unit, decimals } = indicator;
  const isRate = unit === 'per10000';
  const counts = line.points.map(({ figure }) => figure?.count ?? undefined);
  const bases = line.points.map(({ figure, base }) => (isRate ? base : figure?.of) ?? undefined);
  const sum = (values: readonly (number | undefined)[]) => {
    if (measure === 'rolling-four') return rolling(values, 4);
    // The financial year: moved back by its first three months, April is January.
    const years = periods.map(({ from }) => Number(from.slice(0, 4)) - (from.slice(5, 7) < '04' ? 1 : 0));
    return yearToDate(
      values,
      years,
      periods.map(({ from }) => from.slice(5, 7) === '04'),
    );
  };
  const [sums, denominators] = [sum(counts), isRate ? bases : sum(bases)];
  const scale = 10 ** decimals;
  const whole = (value: number) => Math.round(value * scale);
  return {
    ...line,
    points: line.points.map((point, i): HistoryPoint => {
      const [count, base] = [sums[i], denominators[i]];
      if (count === undefined) {
        // A figure that is there, and not enough of them.
        const isShort = point.figure?.kind === 'value';
        return { ...point, figure: point.figure && (isShort ? null : point.figure), limits: null };
      }
      const ratio = { per10000: ratePer10000, percent: percentage, mean }[unit];
      const value = base === undefined ? null : (ratio(whole(count), isRate ? base : whole(base)) ?? null);
      const figure: ShownFigure = { ...point.figure!, count, of: isRate ? null : (base ?? null), value };
      return { ...point, figure, limits: limitsOf(figure, base ?? null, indicator) };
    }),
  };
}

/** How a value differs from that of an earlier period. */
export interface Change {
  readonly from: string;
  readonly by: number;
  /** Whether the 95 % intervals of the two lie apart; null where one of them has none. */
  readonly isBeyondChance: boolean | null;
}

/** @returns null where either of the two has no printed value */
export function changeBetween(earlier: HistoryPoint | undefined, later: HistoryPoint | undefined): Change | null {
  const by = changeOf(later?.figure?.value ?? undefined, earlier?.figure?.value ?? undefined);
  if (by === undefined) return null;
  const [a, b] = [earlier!.limits, later!.limits];
  return {
    from: earlier!.period,
    by: Math.round(by * 10) / 10,
    isBeyondChance: a && b ? a.upper < b.lower || b.upper < a.lower : null,
  };
}

/** A line with what of it is more than chance. */
export interface ChartedLine extends Line {
  readonly chart: ControlChart;
  /** Of the last five values; null where there are not five in a row. */
  readonly recent: RecentTrend['direction'] | null;
}

/** The control chart of a line of values, and its recent trend; each is computed when it is looked at. */
export const charted = (line: Line, options: ControlOptions): ChartedLine => new Charted(line, options);

class Charted implements ChartedLine {
  readonly authority: string | null;
  readonly points: readonly HistoryPoint[];
  private computed: ControlChart | null = null;
  constructor(
    line: Line,
    private readonly options: ControlOptions,
  ) {
    this.authority = line.authority;
    this.points = line.points;
  }

  get chart(): ControlChart {
    return (this.computed ??= controlChart(
      this.points.map(({ figure }) => figure?.value ?? undefined),
      this.options,
    ));
  }

  get recent(): RecentTrend['direction'] | null {
    const trend = recentTrend(
      this.points
        .slice(-5)
        .flatMap(({ figure, limits }) =>
          figure?.value !== null && figure?.value !== undefined && limits ? [{ value: figure.value, ...limits }] : [],
        ),
    );
    return trend?.direction ?? null;
  }
}
