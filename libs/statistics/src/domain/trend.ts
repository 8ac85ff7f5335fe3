import { chiSquaredQuantile } from './distribution';
import type { Limits } from './limits';

/** A value of one year with its 95 % limits. */
export interface TrendPoint extends Limits {
  readonly value: number;
}

export interface RecentTrend {
  readonly direction: 'increasing' | 'decreasing' | 'noChange';
  /** For each period, in the unit of the value. */
  readonly slope: number;
  readonly chiSquared: number;
}

/** A trend is one of so many points; fewer have none, and older ones are not looked at. */
export const TREND_POINTS = 5;

interface Fit {
  readonly slope: number;
  readonly chiSquared: number;
}

/** The weighted straight line through points at 1, 2, 3 …; each weighs as its limits are narrow. */
function fit(points: readonly (readonly [x: number, point: TrendPoint])[]): Fit {
  let [w, wx, wxx, wy, wxy] = [0, 0, 0, 0, 0];
  for (const [x, { value, lower, upper }] of points) {
    const weight = 1 / ((upper - lower) / 3.92) ** 2;
    w += weight;
    wx += weight * x;
    wxx += weight * x * x;
    wy += weight * value;
    wxy += weight * x * value;
  }
  const determinant = w * wxx - wx * wx;
  const slope = (w * wxy - wx * wy) / determinant;
  return { slope, chiSquared: (slope * slope * determinant) / w };
}

const signOf = (slope: number): number => (Math.abs(slope) < 1e-12 ? 0 : Math.sign(slope));

/**
 * Whether the last five values rise or fall: their weighted slope differs from none with 99.8 % confidence, and no single
 * one of them makes it so.
 * @param points  oldest first, without gaps
 * @returns undefined for fewer than five points, or where limits are no interval
 * Source: FingertipsNext, the trend calculator.
 */
export function recentTrend(points: readonly TrendPoint[]): RecentTrend | undefined {
  const last = points.slice(-TREND_POINTS);
  if (last.length < TREND_POINTS || last.some(({ lower, upper }) => !(upper > lower))) return undefined;
  const placed = last.map((point, i) => [i + 1, point] as const);
  const { slope, chiSquared } = fit(placed);
  const steady = placed.every((_, left) => signOf(fit(placed.filter((__, i) => i !== left)).slope) === signOf(slope));
  const isTrend = chiSquared > chiSquaredQuantile(0.998, 1) && steady;
  return { direction: isTrend ? (slope > 0 ? 'increasing' : 'decreasing') : 'noChange', slope, chiSquared };
}
