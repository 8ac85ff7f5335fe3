import { judgementOf } from './compare';
import type { Polarity } from './order';

/** The moving range of two neighbouring values is on average 1.128 standard deviations: 3 / 1.128. */
const SCALE = 2.66;
/** Moving ranges beyond this many average ones are left out once, where outliers are screened. */
const SCREEN = 3.267;
/** Where a point is near a limit: beyond two thirds of the way to it. */
const NEAR = 2 / 3;
/** With fewer points the limits are on trial. */
export const TRIAL_UNDER = 12;
/** With fewer there are no limits at all: two or three moving ranges say nothing of a process. */
export const LEAST_POINTS = 6;

/** What a control chart is made with; each choice is told beside the chart, for tools differ in them. */
export interface ControlOptions {
  /** Leaves out moving ranges over 3.267 average ones, once, before averaging again (Nelson 1982). Absent: they stay. */
  readonly screenOutliers?: boolean;
  /** Mean and limits out of the first so many points alone, 12 or more. */
  readonly fixAfter?: number;
  /** Points in a row that make a run or a trend: 7 by default, 6 where the older guides are followed. */
  readonly length?: 6 | 7;
  /** New mean and limits from these places on, each with the reason that is printed beside them. */
  readonly rebases?: readonly { readonly at: number; readonly reason: string }[];
}

/** Why a point is not chance: the first of the four rules that it meets. */
export type Rule = 'outside' | 'trend' | 'twoOfThree' | 'run';
export type Direction = 'up' | 'down';

/** The mean of a stretch of points, and where chance alone would leave them. */
export interface ControlLimits {
  readonly mean: number;
  /** The average moving range. */
  readonly averageRange: number;
  readonly lower: number;
  readonly upper: number;
  readonly nearLower: number;
  readonly nearUpper: number;
}

export interface ControlPoint {
  readonly value: number | undefined;
  /** Undefined for a gap, and where there are too few points for any. */
  readonly limits: ControlLimits | undefined;
  readonly signal: { readonly rule: Rule; readonly direction: Direction } | undefined;
  /** Every rule that it stands in: of two in three near a limit the third one too, which is itself no signal. */
  readonly standsIn: Readonly<Partial<Record<Rule, Direction>>>;
}

export interface ControlChart {
  readonly points: readonly ControlPoint[];
  /** Whether limits rest on fewer than 12 points somewhere. */
  readonly isTrial: boolean;
  /** What was chosen where tools differ, in words. */
  readonly choices: readonly string[];
}

/**
 * Mean and limits of a series; gaps are left out, and a moving range does not reach over one.
 * @returns undefined for fewer than two neighbouring values
 * Source: NHSRplotthedots 0.2.2, ptd_spc_standard.
 */
export function controlLimits(
  values: readonly (number | undefined)[],
  screenOutliers: boolean,
): ControlLimits | undefined {
  const present = values.filter((value) => value !== undefined);
  const ranges = values.flatMap((value, i) => {
    const before = values[i - 1];
    return value === undefined || before === undefined ? [] : [Math.abs(value - before)];
  });
  if (!ranges.length) return undefined;
  const average = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const mean = average(present);
  const all = average(ranges);
  const kept = screenOutliers ? ranges.filter((range) => range < SCREEN * all) : ranges;
  // Equal values all along leave no range that is under another.
  const averageRange = kept.length ? average(kept) : all;
  const half = SCALE * averageRange;
  return {
    mean,
    averageRange,
    lower: mean - half,
    upper: mean + half,
    nearLower: mean - half * NEAR,
    nearUpper: mean + half * NEAR,
  };
}

/** Binary fractions spoil the last digits of a mean: within a billionth of it, a value lies on it. @returns −1, 0 or 1 */
const sideOf = (value: number, line: number): number =>
  Math.abs(value - line) <= 1e-9 * Math.abs(line) ? 0 : Math.sign(value - line);

/** At the end of each row of `length` equal signs, that sign; 0 elsewhere. A 0 among the signs ends a row. */
export function rowsOfSigns(signs: readonly number[], length: number): number[] {
  let row = 0;
  return signs.map((sign, i) => {
    row = sign !== 0 && sign === signs[i - 1] ? row + 1 : sign === 0 ? 0 : 1;
    return row >= length ? sign : 0;
  });
}

/** At the end of each steady rise or fall over `length` points, its sign: a repeated value ends it, and so does a gap. */
export function trendEnds(values: readonly (number | undefined)[], length: number): number[] {
  const steps = values.map((value, i) => {
    const before = values[i - 1];
    return value === undefined || before === undefined ? 0 : Math.sign(value - before);
  });
  return rowsOfSigns(steps, length - 1);
}

/** Each place that lies in a row of `length` which ends at a flag: the whole row is marked, with its sign. */
export function wholeRows(flags: readonly number[], length: number): number[] {
  return flags.map((_, i) => flags.slice(i, i + length).find((flag) => flag !== 0) ?? 0);
}

/**
 * Where at least two of three points in a row are near the same limit and all three on that side of the mean.
 * @param near   whether each point lies between the near limit and the limit, not beyond it
 * @param sides  −1, 0 or 1: on which side of the mean
 * @returns `windows`: every point of such a three; `marked`: the near ones among them
 */
export function twoOfThree(
  near: readonly boolean[],
  sides: readonly number[],
): { windows: boolean[]; marked: boolean[] } {
  const isSuch = (start: number) => {
    const [a, b, c] = [start, start + 1, start + 2];
    if (start < 0 || c >= near.length || !sides[a] || sides[a] !== sides[b] || sides[b] !== sides[c]) return false;
    return [a, b, c].filter((i) => near[i]).length >= 2;
  };
  const windows = near.map((_, i) => isSuch(i) || isSuch(i - 1) || isSuch(i - 2));
  return { windows, marked: windows.map((window, i) => window && near[i]!) };
}

/**
 * An XmR control chart: what of a series is more than chance. A hidden or missing period is a gap: no range, run or trend
 * reaches over it.
 * @param values  oldest first, one for each period
 * Source: NHSRplotthedots 0.2.2; the order of the rules is its own: outside, trend, two of three, run.
 */
export function controlChart(values: readonly (number | undefined)[], options: ControlOptions = {}): ControlChart {
  const { screenOutliers = false, fixAfter, length = 7, rebases = [] } = options;
  if (fixAfter !== undefined && fixAfter < TRIAL_UNDER) {
    throw new RangeError(`limits are fixed on ${TRIAL_UNDER} points or more`);
  }
  // Two reasons may begin at one place: an empty stretch between them would count as short.
  const places = new Set([0, ...rebases.map(({ at }) => at).filter((at) => at > 0 && at < values.length)]);
  const starts = [...places].sort((a, b) => a - b);
  let isTrial = false;
  const points = starts.flatMap((start, i) => {
    const stretch = values.slice(start, starts[i + 1] ?? values.length);
    const basis = fixAfter === undefined ? stretch : stretch.slice(0, fixAfter);
    const n = basis.filter((value) => value !== undefined).length;
    if (n < TRIAL_UNDER) isTrial = true;
    const limits = n < LEAST_POINTS ? undefined : controlLimits(basis, screenOutliers);
    return signalsOf(stretch, limits, length);
  });
  const choices = [...choicesOf(options), ...(values.includes(undefined) ? [GAPS] : [])];
  return { points, isTrial, choices };
}

/** What a chart says of periods without a value. */
export const GAPS = 'A period without a printed figure is a gap, which no range, run or trend crosses.';

/** What is chosen where tools differ, in words. */
export const choicesOf = ({ screenOutliers, fixAfter, length = 7, rebases = [] }: ControlOptions): string[] => [
  screenOutliers
    ? 'Moving ranges over 3.267 average ones were left out once (as NHSRplotthedots does; the Excel tool keeps them).'
    : 'All moving ranges count (as the Making Data Count Excel tool does; NHSRplotthedots leaves out large ones).',
  `A run is ${length} points on one side of the mean, a trend ${length} points that rise or fall, and equal neighbours end a trend.`,
  'A point beyond a limit is not one of the two in three near it.',
  `With fewer than ${TRIAL_UNDER} points limits are on trial, with fewer than ${LEAST_POINTS} there are none.`,
  ...(fixAfter === undefined ? [] : [`Mean and limits rest on the first ${fixAfter} points.`]),
  ...rebases.map(({ at, reason }) => `New limits from point ${at + 1}: ${reason}`),
];

function signalsOf(
  values: readonly (number | undefined)[],
  limits: ControlLimits | undefined,
  length: number,
): ControlPoint[] {
  if (!limits) return values.map((value) => ({ value, limits: undefined, signal: undefined, standsIn: inNone }));
  const sides = values.map((value) => (value === undefined ? 0 : sideOf(value, limits.mean)));
  const beyond = (value: number | undefined, upper: number, lower: number) =>
    value === undefined ? 0 : sideOf(value, upper) > 0 ? 1 : sideOf(value, lower) < 0 ? -1 : 0;
  const outside = values.map((value) => beyond(value, limits.upper, limits.lower));
  const near = values.map((value, i) => outside[i] === 0 && beyond(value, limits.nearUpper, limits.nearLower) !== 0);
  const trends = wholeRows(trendEnds(values, length), length);
  const { windows, marked } = twoOfThree(near, sides);
  const runs = wholeRows(rowsOfSigns(sides, length), length);
  return values.map((value, i) => {
    if (value === undefined) return { value, limits, signal: undefined, standsIn: inNone };
    const rules: [Rule, number][] = [
      ['outside', outside[i]!],
      ['trend', trends[i]!],
      ['twoOfThree', windows[i] ? sides[i]! : 0],
      ['run', runs[i]!],
    ];
    const standing = rules
      .filter(([, sign]) => sign !== 0)
      .map(([rule, sign]) => ({ rule, direction: sign > 0 ? 'up' : 'down' }) as const);
    const signal = standing.find(({ rule }) => rule !== 'twoOfThree' || marked[i]);
    const standsIn = standing.length
      ? Object.fromEntries(standing.map(({ rule, direction }) => [rule, direction]))
      : inNone;
    return { value, limits, signal, standsIn };
  });
}

const inNone = {};

/** How a signal is coloured: for the better or worse, or where neither end is, high or low. */
export const colourOf = (direction: Direction, polarity: Polarity): 'improvement' | 'concern' | 'high' | 'low' =>
  judgementOf(direction, polarity) ?? (direction === 'up' ? 'high' : 'low');

/**
 * Whether a process that stays as it is will meet a target: always, never, or now and then.
 * @returns undefined for a neutral indicator, which has no target
 * Source: NHSRplotthedots 0.2.2, ptd_calculate_assurance_type.
 */
export function assuranceOf(
  { lower, upper }: Pick<ControlLimits, 'lower' | 'upper'>,
  target: number,
  polarity: Polarity,
): 'consistentPass' | 'consistentFail' | 'inconsistent' | undefined {
  if (polarity === 'neutral') return undefined;
  if (target >= lower && target <= upper) return 'inconsistent';
  return target > upper === (polarity === 'higher') ? 'consistentFail' : 'consistentPass';
}
