import { parsePeriod, periodInShort } from '@hub/kernel';
import {
  choicesOf,
  colourOf,
  falseAlarms,
  GAPS,
  LEAST_POINTS,
  tenth,
  type ControlPoint,
  type Direction,
  type Rule,
} from '@hub/statistics';
import type { Indicator } from '@hub/registry/domain';
import type { Coverage } from './benchmark';
import { aboutByChance } from './chance';
import { changeOver, type Change } from './change';
import { beginningsOf, isOverlapping, SAME_AUTHORITIES } from './comparable';
import { charted, EXACT, isMonth, OF_MONTHS, sameMonthBefore } from './history';
import type { Line } from './line';
import type { Break } from './notes';

/** Lines of one indicator, or of one category of it. */
export interface LinesOfSeries {
  readonly indicator: Indicator;
  readonly categories: Readonly<Record<string, string>>;
  readonly lines: readonly Line[];
  /** Where lines of the indicator begin anew. */
  readonly breaks?: readonly Break[];
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
  /** Since when the line has met some rule in this direction without a break. */
  readonly since: string;
  /** Since when it has met this one. */
  readonly ruleSince: string;
  readonly period: string;
  readonly value: number;
  /** Of the region: who stands in the newest value. */
  readonly coverage: Coverage | null;
  /** What the value would be without it. */
  readonly mean: number;
  /** How far the newest value lies from the mean, in average moving ranges. */
  readonly size: number;
  /** Breaks that are stated in the line, in words, since which it has too few periods for limits of its own. */
  readonly breaks: readonly string[];
  /**
   * Of a month how its value differs from the one that is printed of the same month of the year before; null of any other period,
   * and where none is.
   */
  readonly yearBefore: Change | null;
}

export interface Patterns {
  /** The largest first. */
  readonly patterns: readonly Pattern[];
  /** How many lines were looked at, and how many are too short or have no printed newest value. */
  readonly charts: number;
  readonly tooShort: number;
  /** How many of the charts are of numbers at a date, of which nobody can say how many patterns chance gives. */
  readonly atDate: number;
  /** How many patterns chance alone gives on the other charts. */
  readonly expected: number;
  /** Lines that begin anew at a stated break, in words: what was before it is no part of their patterns. */
  readonly anew: readonly string[];
}

/** How the charts of patterns are made, where tools differ. */
export const PATTERN_CHOICES: readonly string[] = [
  ...choicesOf({}),
  GAPS,
  EXACT,
  SAME_AUTHORITIES,
  'From a break or a new system that an authority states, its line has a mean and limits of its own, where six periods since are printed; the region’s runs across them.',
  'Values over twelve months have no chart within a year: neighbouring ones share most of their months.',
  'How many patterns chance gives is worked out as if nothing had changed anywhere. Of numbers at a date nobody can say: neighbouring ones are mostly of the same people or cases, and chance alone gives a pattern on a tenth to a third of such charts.',
];

/**
 * The unusual patterns of many lines: those that meet a rule of control charts at their newest period, and how many of such
 * there would be if nothing had happened anywhere.
 */
export const patternsOf = (series: readonly LinesOfSeries[]): Patterns => together([foundIn(series)]);

/** What was found in parts of the lines, as one. */
export function together(parts: readonly Patterns[]): Patterns {
  const sum = (of: 'charts' | 'tooShort' | 'atDate' | 'expected') => parts.reduce((all, part) => all + part[of], 0);
  return {
    patterns: parts.flatMap(({ patterns }) => patterns).sort((a, b) => b.size - a.size),
    charts: sum('charts'),
    tooShort: sum('tooShort'),
    atDate: sum('atDate'),
    expected: tenth(sum('expected')),
    anew: parts.flatMap(({ anew }) => anew),
  };
}

/** What is found in the lines of some indicators, as they come, and what chance gives there unrounded: a part of what is shown. */
export function foundIn(series: readonly LinesOfSeries[]): Patterns {
  const patterns: Pattern[] = [];
  const begun = new Set<string>();
  let [charts, tooShort, atDate, expected] = [0, 0, 0, 0];
  for (const { indicator, categories, lines, breaks = [] } of series) {
    for (const line of lines) {
      if (isOverlapping(indicator, line)) continue;
      const { points, chart } = charted(line, indicator, {}, breaks);
      // What is nowhere published of an authority is not a chart that is too short.
      if (!points.some(({ figure }) => figure?.kind === 'value' && figure.value !== null)) continue;
      const newest = chart.points.at(-1);
      const { anew, tooNew } = beginningsOf(line, breaks);
      for (const { reason } of anew) begun.add(`${indicator.code}: ${reason}`);
      // Since a break, where one is stated: what was before it has limits of its own.
      const used = points.filter((_, i) => {
        const { value, limits } = chart.points[i]!;
        return value !== undefined && limits === newest?.limits;
      });
      if (used.length < LEAST_POINTS || newest?.value === undefined || !newest.limits) {
        tooShort++;
        continue;
      }
      charts++;
      if (indicator.basis === 'snapshot') atDate++;
      else {
        const counts = used.map(({ figure }) => figure!.count!);
        expected += falseAlarms(used.length, counts.reduce((a, b) => a + b, 0) / counts.length).newest;
      }
      const { signal, limits, value } = newest;
      if (!signal) continue;
      /** The first period of those that end with the newest and are all like it. */
      const since = (isLike: (point: ControlPoint) => boolean): string => {
        let first = chart.points.length - 1;
        while (first > 0 && chart.points[first - 1]!.limits === limits && isLike(chart.points[first - 1]!)) first--;
        return points[first]!.period;
      };
      patterns.push({
        indicator,
        categories,
        authority: line.authority,
        ...signal,
        meaning: colourOf(signal.direction, indicator.polarity),
        since: since(({ standsIn }) => Object.values(standsIn).includes(signal.direction)),
        ruleSince: since(({ standsIn }) => standsIn[signal.rule] === signal.direction),
        period: points.at(-1)!.period,
        value: points.at(-1)!.figure!.value!,
        coverage: points.at(-1)!.coverage,
        mean: tenth(limits.mean),
        size: limits.averageRange ? tenth(Math.abs(value - limits.mean) / limits.averageRange) : 0,
        breaks: tooNew.map(({ reason }) => reason),
        yearBefore: yearBeforeOf(line, indicator, breaks),
      });
    }
  }
  return { patterns, charts, tooShort, atDate, expected, anew: [...begun] };
}

function yearBeforeOf(line: Line, indicator: Indicator, breaks: readonly Break[]): Pattern['yearBefore'] {
  const before = sameMonthBefore(line.points, line.points.at(-1)!);
  return before ? changeOver(line, before.period, indicator, breaks) : null;
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

/**
 * `above the upper control limit since Apr–Jun 2025, unusual since Apr–Jun 2023`: the newest rule, and any rule of its direction; a break
 * that its authority states; and of a month what it was in the same month of the year before, where the two compare.
 */
export function patternInWords(
  pattern: Pick<Pattern, 'rule' | 'direction' | 'since' | 'ruleSince' | 'breaks' | 'yearBefore'>,
): string {
  const { since, ruleSince, breaks, yearBefore } = pattern;
  const short = (period: string) => periodInShort(parsePeriod(period));
  const newest = `${ruleInWords(pattern)} since ${short(ruleSince)}`;
  const whole = since === ruleSince ? newest : `${newest}, unusual since ${short(since)}`;
  const stated = breaks.length ? `; a break is stated (${breaks.join('; ')})` : '';
  const earlier = yearBefore && yearBefore.by !== null ? `; in ${short(yearBefore.from)} it was ${yearBefore.was}` : '';
  return `${whole}${stated}${earlier}`;
}

/** What was found beside what chance would give, in a line: numbers at a date apart; which lines begin anew; and of months that no season is taken out. */
export function chanceInWords({ patterns, charts, atDate, expected, anew }: Patterns): string {
  const begun = anew.length ? [`Held against periods since a stated break alone: ${anew.join('; ')}.`] : [];
  if (!charts) return ['No line has enough printed periods for a control chart.', ...begun].join(' ');
  const ofDates = patterns.filter(({ indicator }) => indicator.basis === 'snapshot').length;
  const others = charts - atDate;
  const show = ' show a pattern at the newest period';
  const found = [
    ...(others
      ? [`${patterns.length - ofDates} of ${others} charts${show} (chance alone: ${aboutByChance(expected)})`]
      : []),
    ...(atDate ? [`${ofDates} of ${atDate} charts of numbers at a date${others ? '' : show}`] : []),
  ];
  const isSeasonal = patterns.some(({ indicator, period }) => indicator.basis === 'flow' && isMonth(period));
  return [`${found.join(', ')}.`, ...begun, ...(isSeasonal ? [OF_MONTHS] : [])].join(' ');
}
