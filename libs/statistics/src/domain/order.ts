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
  const present = values.filter((value) => value !== undefined);
  const before = (a: number, b: number) => (polarity === 'lower' ? a < b : a > b);
  return values.map((value) =>
    value === undefined ? undefined : 1 + present.filter((other) => before(other, value)).length,
  );
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
 * Quartiles of type 7: with the values in order, the cut for the share p lies at place (n − 1)p, counted from 0, on the
 * straight line between its neighbours.
 * @returns undefined for fewer than 4 values
 * Source: Hyndman and Fan (1996), type 7, the default of R's quantile(); the bands of LAIT.
 */
export function quartiles(values: readonly number[]): Quartiles | undefined {
  const basis = values.length;
  if (basis < LEAST) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const cut = (quarter: number): number => {
    const place = (basis - 1) * quarter;
    const from = sorted[Math.floor(place / 4)]!;
    const to = sorted[Math.ceil(place / 4)]!;
    const rest = place % 4;
    // Twelve digits are more than any published value has, and fewer than binary fractions spoil.
    return Number(((from * (4 - rest) + to * rest) / 4).toPrecision(12));
  };
  return { lower: cut(1), median: cut(2), upper: cut(3), basis };
}
