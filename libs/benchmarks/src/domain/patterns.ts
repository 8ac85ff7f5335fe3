import { choicesOf, colourOf, falseAlarms, GAPS, LEAST_POINTS, type Direction, type Rule } from '@hub/statistics';
import type { Indicator } from '@hub/registry/domain';
import type { Coverage } from './benchmark';
import { charted, EXACT, type Line } from './history';

/** Lines of one indicator, or of one category of it. */
export interface LinesOfSeries {
  readonly indicator: Indicator;
  readonly categories: Readonly<Record<string, string>>;
  readonly lines: readonly Line[];
}

/** Something at the newest period of a line that is more than chance. */
export interface Pattern {
  readonly indicator: Indicator;
  readonly categories: Readonly<Record<string, string>>;
  /** Null: the region. */
  readonly authority: string | null;
  readonly rule: Rule;
  readonly direction: Direction;
  readonly meaning: 'improvement' | 'concern' | 'high' | 'low';
  /** The first period of it. */
  readonly since: string;
  readonly period: string;
  readonly value: number;
  /** Of the region: who stands in the newest value. */
  readonly coverage: Coverage | null;
  /** What the value would be without it. */
  readonly mean: number;
  /** How far the newest value lies from the mean, in average moving ranges. */
  readonly size: number;
}

export interface Patterns {
  /** The largest first. */
  readonly patterns: readonly Pattern[];
  /** How many lines were looked at, and how many are too short or have no printed newest value. */
  readonly charts: number;
  readonly tooShort: number;
  /** How many patterns chance alone gives on as many charts. */
  readonly expected: number;
}

/** How the charts of patterns are made, where tools differ. */
export const PATTERN_CHOICES: readonly string[] = [...choicesOf({}), GAPS, EXACT];

/**
 * The unusual patterns of many lines: those that meet a rule of control charts at their newest period, and how many of such
 * there would be if nothing had happened anywhere.
 */
export function patternsOf(series: readonly LinesOfSeries[]): Patterns {
  const patterns: Pattern[] = [];
  let [charts, tooShort, expected] = [0, 0, 0];
  for (const { indicator, categories, lines } of series) {
    for (const line of lines) {
      const { points, chart } = charted(line, indicator, {});
      const printed = points.filter(({ figure }) => figure?.kind === 'value' && figure.value !== null);
      // What is nowhere published of an authority is not a chart that is too short.
      if (!printed.length) continue;
      const newest = chart.points.at(-1);
      if (printed.length < LEAST_POINTS || newest?.value === undefined || !newest.limits) {
        tooShort++;
        continue;
      }
      charts++;
      const counts = printed.map(({ figure }) => figure!.count!);
      expected += falseAlarms(printed.length, counts.reduce((a, b) => a + b, 0) / counts.length).newest;
      const { signal, limits, value } = newest;
      if (!signal) continue;
      let first = chart.points.length - 1;
      while (first > 0 && chart.points[first - 1]!.signal?.direction === signal.direction) first--;
      patterns.push({
        indicator,
        categories,
        authority: line.authority,
        ...signal,
        meaning: colourOf(signal.direction, indicator.polarity),
        since: points[first]!.period,
        period: points.at(-1)!.period,
        value: points.at(-1)!.figure!.value!,
        coverage: points.at(-1)!.coverage,
        mean: Math.round(limits.mean * 10) / 10,
        size: limits.averageRange ? Math.round((Math.abs(value - limits.mean) / limits.averageRange) * 10) / 10 : 0,
      });
    }
  }
  patterns.sort((a, b) => b.size - a.size);
  return { patterns, charts, tooShort, expected: Math.round(expected * 10) / 10 };
}

const RULES: Readonly<Record<Rule, readonly [up: string, down: string]>> = {
  outside: ['above the upper control limit', 'below the lower control limit'],
  trend: ['rising for seven periods', 'falling for seven periods'],
  twoOfThree: ['two of three periods near the upper limit', 'two of three periods near the lower limit'],
  run: ['seven periods above the mean', 'seven periods below the mean'],
};

/** A rule in words. */
export const ruleInWords = ({ rule, direction }: { rule: Rule; direction: Direction }): string =>
  RULES[rule][direction === 'up' ? 0 : 1];

/** How much of what was found chance would give, in a sentence. */
export function chanceInWords({ patterns: { length: found }, charts, expected }: Patterns): string {
  if (!charts) return 'No line has enough printed periods for a control chart.';
  const about = expected < 1 ? 'fewer than one' : `about ${Math.round(expected)}`;
  return `${found} of ${charts} charts ${found === 1 ? 'shows' : 'show'} a pattern at the newest period; ${about} would by chance alone if nothing had changed.`;
}
