/** A whole number of things counted, or a defect of the caller. */
function whole(value: number, name: string): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} is a whole number, 0 or more`);
  return BigInt(value);
}

/**
 * `count × times / of` to one decimal place, halves up. Divided in whole numbers: in binary fractions 0.45 lies a
 * little below itself and would round the wrong way.
 * @returns undefined when there is nothing to divide by
 */
function ratio(count: number, of: number, times: bigint): number | undefined {
  const numerator = whole(count, 'a count');
  const denominator = whole(of, 'a denominator');
  if (denominator === 0n) return undefined;
  return Number((numerator * times * 20n + denominator) / (2n * denominator)) / 10;
}

/**
 * Rate per 10,000 children aged 0 to 17, to one decimal place, halves up.
 * @param count       children or events, whole
 * @param population  children aged 0 to 17, the estimate named by the indicator
 * @returns undefined when there is no population: no rate is not a rate of zero
 * @throws RangeError when either is negative or not whole
 * Source: the crude rate, count / population × 10,000, of PHEindicatormethods 2.1.0 and of the national statistics.
 */
export const ratePer10000 = (count: number, population: number | undefined): number | undefined =>
  population === undefined ? undefined : ratio(count, population, 10_000n);

/**
 * Percentage to one decimal place, halves up. Whether a part may exceed its whole is a rule of the dataset.
 * @param of  the denominator, in the unit of the count
 * @returns undefined when the denominator is 0
 * @throws RangeError when either is negative or not whole
 * Source: the proportion x / n × 100 of PHEindicatormethods 2.1.0.
 */
export const percentage = (count: number, of: number): number | undefined => ratio(count, of, 100n);

/**
 * How many there are for each one, to one decimal place, halves up: cases for each social worker, days for each child.
 * @param of  the denominator, in the unit of the count (tenths with tenths)
 * @returns undefined when the denominator is 0
 * @throws RangeError when either is negative or not whole
 * Source: the mean of the national statistics, total / number.
 */
export const mean = (count: number, of: number): number | undefined => ratio(count, of, 1n);

/** To one decimal, as values are shown. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;

/** By what a count over its denominator is multiplied, for each unit of indicators. */
export const per = { per10000: 10_000, percent: 100, mean: 1 } as const;

/** How a value is made of a count and what it is divided by, for each unit of indicators. */
export const valueBy = { per10000: ratePer10000, percent: percentage, mean } as const;
