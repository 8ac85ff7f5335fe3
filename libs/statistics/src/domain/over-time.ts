/** Of what is counted over time: events, which add up over periods, or how many there were on a day, which do not. */
export type Basis = 'flow' | 'snapshot';

/**
 * Each value together with those before it, `length` in all: rolling four quarters with 4. Of a snapshot the newest.
 * A gap in the window is a gap in the answer, for what is missing must not be read as nothing.
 * @param values  oldest first, one for each period; undefined where there is none
 */
export function rolling(
  values: readonly (number | undefined)[],
  length: number,
  basis: Basis = 'flow',
): (number | undefined)[] {
  return values.map((value, i) => {
    if (basis === 'snapshot') return value;
    return i + 1 < length ? undefined : sumOf(values.slice(i + 1 - length, i + 1));
  });
}

/**
 * Each value together with those before it in its year; of a snapshot the newest.
 * @param years  the year of each value
 * @param starts  whether each value is the first period of its year: without that one there is no year to date
 */
export function yearToDate(
  values: readonly (number | undefined)[],
  years: readonly number[],
  starts: readonly boolean[],
  basis: Basis = 'flow',
): (number | undefined)[] {
  return values.map((value, i) => {
    if (basis === 'snapshot') return value;
    let first = i;
    while (first > 0 && years[first - 1] === years[i]) first--;
    return starts[first] ? sumOf(values.slice(first, i + 1)) : undefined;
  });
}

const sumOf = (values: readonly (number | undefined)[]): number | undefined =>
  values.every((value) => value !== undefined) ? values.reduce((sum, value) => sum + value, 0) : undefined;

/** The latest value less the one before; undefined where either is not there. Source: LAIT. */
export const changeOf = (latest: number | undefined, previous: number | undefined): number | undefined =>
  latest === undefined || previous === undefined ? undefined : Number((latest - previous).toPrecision(12));
