import { byarLimits, BYAR_FROM, countable, poissonLimits, type Confidence, type Limits } from './limits';

/** One stratum of a population, mostly an age band: events among so many, and its weight in the standard population. */
export interface Stratum {
  readonly count: number;
  readonly population: number;
  readonly weight: number;
}

/** A standardised value with its limits, all in one unit. */
export interface Standardised extends Limits {
  readonly value: number;
}

/**
 * A directly standardised rate: what the rate would be if the population had the ages of the standard one, with Dobson's
 * limits.
 * @param per  10,000 for a rate per 10,000
 * @returns undefined for fewer than 10 events in all: the method does not hold under them
 * @throws RangeError when a stratum has events and nobody in it
 * Source: Dobson and others (1991); PHEindicatormethods 2.1.0, calculate_dsr.
 */
export function directlyStandardised(
  strata: readonly Stratum[],
  per: number,
  confidence: Confidence,
): Standardised | undefined {
  const used = strata.filter(({ count, population }) => {
    countable(count, 'a count');
    if (population === 0 && count > 0) throw new RangeError('a stratum with events has a population');
    return population > 0;
  });
  const observed = used.reduce((sum, { count }) => sum + count, 0);
  const weights = used.reduce((sum, { weight }) => sum + weight, 0);
  if (observed < BYAR_FROM || weights === 0) return undefined;
  const rate = used.reduce((sum, { count, population, weight }) => sum + (weight * count) / population, 0) / weights;
  const variance =
    used.reduce((sum, { count, population, weight }) => sum + count * (weight / population) ** 2, 0) / weights ** 2;
  const { lower, upper } = byarLimits(observed, confidence);
  const at = (limit: number) => (rate + Math.sqrt(variance / observed) * (limit - observed)) * per;
  return { value: rate * per, lower: at(lower), upper: at(upper) };
}

/** A stratum of an area beside the same one of the reference. */
export interface ReferenceStratum {
  readonly population: number;
  readonly referenceCount: number;
  readonly referencePopulation: number;
}

/** The events that the area would have with the reference's rate in each stratum. */
export const expectedEvents = (strata: readonly ReferenceStratum[]): number =>
  strata.reduce(
    (sum, { population, referenceCount, referencePopulation }) =>
      sum + (referencePopulation ? (population * referenceCount) / referencePopulation : 0),
    0,
  );

/**
 * An indirectly standardised ratio or rate: observed by expected events.
 * @param per  what an area that is as expected is given: 1, 100, or the reference's rate
 * @returns undefined when nothing is expected
 * Source: PHEindicatormethods 2.1.0, calculate_ISRatio and calculate_ISRate.
 */
export function indirectlyStandardised(
  observed: number,
  strata: readonly ReferenceStratum[],
  per: number,
  confidence: Confidence,
): Standardised | undefined {
  const expected = expectedEvents(strata);
  if (expected === 0) return undefined;
  const { lower, upper } = poissonLimits(observed, confidence);
  const at = (count: number) => (count / expected) * per;
  return { value: at(observed), lower: at(lower), upper: at(upper) };
}
