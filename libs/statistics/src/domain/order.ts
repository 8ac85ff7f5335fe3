/** Which end is better: `neutral` where neither is, as for volumes and most rates. */
export type Polarity = 'higher' | 'lower' | 'neutral';

/**
 * The place of each value among those that are there; equal values share the best of their places, and the next one
 * skips as many (1, 2, 2, 4). 1 is the best; of a neutral indicator 1 is the highest, which is an order and not a
 * judgement.
 * @param values  undefined where there is none; such places stay undefined and are not counted
 * Source: LAIT, ranks with ties.method = "min".
 */
export function rank(values: readonly (number | undefined)[], polarity: Polarity): (number | undefined)[] {
  const isLow = polarity === 'lower';
  return values.map((value) => {
    if (value === undefined) return undefined;
    let place = 1;
    for (const other of values) if (other !== undefined && (isLow ? other < value : other > value)) place++;
    return place;
  });
}

/** The cuts of a set of values into quarters, in their unit; `basis` is how many values there were. */
export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly basis: number;
}

/** Fewer values than quarters have no quartiles. */
const LEAST = 4;

/**
 * The quantile of type 7: with the values in order, the cut for the share p lies at place (n − 1)p, counted from 0, on the
 * straight line between its neighbours.
 * @param sorted  lowest first, at least one
 * @param p       between 0 and 1
 * Source: Hyndman and Fan (1996), type 7, the default of R's quantile(); the bands of LAIT.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const place = (sorted.length - 1) * p;
  const from = sorted[Math.floor(place)]!;
  const to = sorted[Math.ceil(place)]!;
  // Twelve digits are more than any published value has, and fewer than binary fractions spoil.
  return Number((from + (to - from) * (place - Math.floor(place))).toPrecision(12));
}

/**
 * Quartiles of type 7 (`quantile`).
 * @returns undefined for fewer than 4 values
 */
export function quartiles(values: readonly number[]): Quartiles | undefined {
  if (values.length < LEAST) return undefined;
  // Numbers alone are sorted as numbers, without a call for each pair.
  const sorted = new Float64Array(values).sort();
  return {
    lower: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upper: quantile(sorted, 0.75),
    basis: values.length,
  };
}

/** The quarter of the authorities in which a value lies: A is the best, D the worst. */
export type Band = 'A' | 'B' | 'C' | 'D';

/**
 * The band of a value between the quartiles of all, each quarter closed above.
 * @returns undefined for a neutral indicator, where no end is better
 * Source: LAIT, its quartile bands.
 */
export function bandOf(value: number, cuts: Omit<Quartiles, 'basis'>, polarity: Polarity): Band | undefined {
  if (polarity === 'neutral') return undefined;
  const quarter = Number(value > cuts.lower) + Number(value > cuts.median) + Number(value > cuts.upper);
  return (polarity === 'lower' ? 'ABCD' : 'DCBA')[quarter] as Band;
}

/**
 * The values in so many groups of equal size, lowest first, the first groups one larger where they do not divide.
 * @returns the group of each value, from 1; undefined in every place for fewer values than groups, and where there is none
 * Source: ntile() of SQL, as FingertipsNext uses it.
 */
export function tiles(values: readonly (number | undefined)[], groups: number): (number | undefined)[] {
  const order = [...values.keys()].filter((i) => values[i] !== undefined).sort((a, b) => values[a]! - values[b]!);
  const answer = values.map((): number | undefined => undefined);
  if (order.length < groups) return answer;
  const [size, larger] = [Math.floor(order.length / groups), order.length % groups];
  let place = 0;
  for (let group = 1; group <= groups; group++) {
    for (let i = 0; i < size + (group <= larger ? 1 : 0); i++) answer[order[place++]!] = group;
  }
  return answer;
}

/**
 * The quantile group of each area by its rank, equal values in the same one.
 * @param firstIsHighest  whether group 1 holds the highest values
 * @returns undefined in every place for fewer values than groups, and where there is none
 * Source: PHEindicatormethods 2.1.0, phe_quantile.
 */
export function areaQuantiles(
  values: readonly (number | undefined)[],
  groups: number,
  firstIsHighest: boolean,
): (number | undefined)[] {
  const present = values.filter((value) => value !== undefined);
  const n = present.length;
  const places = rank(values, firstIsHighest ? 'higher' : 'lower');
  return places.map((place) => {
    if (place === undefined || n < groups) return undefined;
    return Math.max(1, Math.floor(groups + 1 - Math.ceil((n + 1 - place) / (n / groups))));
  });
}

/**
 * The mean of an authority's statistical neighbours, those left out that have no value.
 * @returns undefined when none has
 * Source: LAIT user guide.
 */
export function neighbourMean(values: readonly (number | undefined)[]): number | undefined {
  const present = values.filter((value) => value !== undefined);
  return present.length ? present.reduce((sum, value) => sum + value, 0) / present.length : undefined;
}
