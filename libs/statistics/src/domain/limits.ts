import { chiSquaredQuantile, normalQuantile, studentQuantile } from './distribution';

/** Where the true value lies with the given confidence, in the unit of the estimate. */
export interface Limits {
  readonly lower: number;
  readonly upper: number;
}

/** The share of such intervals that hold the true value: 0.95 by custom, 0.998 for control. */
export type Confidence = 0.95 | 0.998;

/** From this count on Byar's approximation is used, under it the exact limits. */
export const BYAR_FROM = 10;

/** Of the normal distribution: 1.959964 for 0.95, 3.090232 for 0.998. */
export const deviateOf = (confidence: Confidence): number => DEVIATES[confidence];
const DEVIATES: Readonly<Record<Confidence, number>> = { 0.95: normalQuantile(0.975), 0.998: normalQuantile(0.999) };

/** A number of things counted; a defect of the caller otherwise. Standardised ones need not be whole. */
export function countable(value: number, name: string): void {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name} is a number, 0 or more`);
}

/**
 * Byar's approximation to the limits of a Poisson count, whatever its size. Under a count of 2 the lower one may be
 * negative, where it means nothing: see `poissonLimits`.
 * Source: Breslow and Day (1987); PHEindicatormethods 2.1.0.
 */
export function byarLimits(count: number, confidence: Confidence): Limits {
  const z = deviateOf(confidence);
  const at = (x: number, side: 1 | -1) => x * (1 - 1 / (9 * x) + (side * z) / (3 * Math.sqrt(x))) ** 3;
  return { lower: count === 0 ? 0 : at(count, -1), upper: at(count + 1, 1) };
}

/** The exact limits of a Poisson count, by chi-squared. Source: Garwood (1936); PHEindicatormethods 2.1.0. */
export function exactLimits(count: number, confidence: Confidence): Limits {
  const tail = (1 - confidence) / 2;
  return {
    lower: count === 0 ? 0 : chiSquaredQuantile(tail, 2 * count) / 2,
    upper: chiSquaredQuantile(1 - tail, 2 * count + 2) / 2,
  };
}

/**
 * The limits of a count of events: exact under 10, Byar's from 10 on.
 * @throws RangeError when the count is negative
 * Source: PHEindicatormethods 2.1.0, phe_rate.
 */
export function poissonLimits(count: number, confidence: Confidence): Limits {
  countable(count, 'a count');
  return count < BYAR_FROM ? exactLimits(count, confidence) : byarLimits(count, confidence);
}

const times = ({ lower, upper }: Limits, factor: number): Limits => ({ lower: lower * factor, upper: upper * factor });

/**
 * The limits of a crude rate, in its unit.
 * @param per  10,000 for a rate per 10,000
 * @returns undefined without a population
 */
export function rateLimits(
  count: number,
  population: number | undefined,
  per: number,
  confidence: Confidence,
): Limits | undefined {
  return population ? times(poissonLimits(count, confidence), per / population) : undefined;
}

/**
 * The limits of a proportion, as a share of 1, by Wilson's score.
 * @returns undefined when there is nothing to be a part of
 * @throws RangeError when the part is more than the whole, or negative
 * Source: Wilson (1927); PHEindicatormethods 2.1.0, phe_proportion.
 */
export function proportionLimits(count: number, of: number, confidence: Confidence): Limits | undefined {
  countable(count, 'a count');
  countable(of, 'a denominator');
  if (of === 0) return undefined;
  if (count > of) throw new RangeError('a part is no more than its whole');
  const z = deviateOf(confidence);
  const middle = 2 * count + z * z;
  const half = z * Math.sqrt(z * z + 4 * count * (1 - count / of));
  const whole = 2 * (of + z * z);
  // None and all are their own limits; in binary fractions they would miss themselves by a hair.
  return {
    lower: count === 0 ? 0 : (middle - half) / whole,
    upper: count === of ? 1 : (middle + half) / whole,
  };
}

/** The mean of values with its limits, in their unit; `deviation` divides by n − 1. */
export interface MeanWithLimits extends Limits {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * The limits of a mean, by Student's t with n − 1 degrees of freedom.
 * @returns undefined for fewer than 2 values, whose spread nobody knows
 * Source: PHEindicatormethods 2.1.0, phe_mean.
 */
export function meanLimits(values: readonly number[], confidence: Confidence): MeanWithLimits | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (studentQuantile(1 - (1 - confidence) / 2, n - 1) * deviation) / Math.sqrt(n);
  return { mean, deviation, lower: mean - half, upper: mean + half };
}
