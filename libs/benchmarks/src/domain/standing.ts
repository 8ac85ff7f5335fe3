import { bandOf, quartiles, type Band, type Limits, type Polarity } from '@hub/statistics';
import type { Indicator } from '@hub/registry/domain';
import {
  isSent,
  valueOver,
  type AuthorityFigure,
  type Benchmark,
  type ShownFigure,
  type ShownQuartiles,
} from './shown';

/**
 * Where figures stand among each other when some of them are not printed: place, band and quartiles of the printed ones, and what
 * each could be with the others, as far as their intervals tell. All of it is made of what is printed.
 */

export type Cut = 'lower' | 'median' | 'upper';
export const cuts: readonly Cut[] = ['lower', 'median', 'upper'];

/** Beyond every value, and small enough to reckon with: the end of an interval that has none. */
const FAR = 1e15;

/** Between which values a figure lies: the printed one, what is left of a hidden one; null for one that is not there. */
export function spanOf(figure: ShownFigure, base: number | null, indicator: Indicator): Limits | null {
  const { value, between } = figure;
  if (value !== null) return { lower: value, upper: value };
  // Of nobody there is no value, hidden or not.
  if (!isSent(figure) || base === 0) return null;
  const most = indicator.unit === 'percent' ? 100 : Infinity;
  if (!between || !base) return { lower: 0, upper: most };
  const at = (count: number) => valueOver(count, base, indicator)!;
  return { lower: at(between[0]!), upper: between[1] === undefined ? most : Math.min(most, at(between[1])) };
}

/** The places that a figure may take among all that have one, printed or hidden. */
export function placesOf(
  mine: number,
  spans: readonly (Limits | null)[],
  polarity: Polarity,
): readonly [first: number, last: number] | null {
  const own = spans[mine];
  if (!own) return null;
  let [surely, possibly] = [0, 0];
  spans.forEach((other, i) => {
    if (!other || i === mine) return;
    const isLow = polarity === 'lower';
    if (isLow ? other.upper < own.lower : other.lower > own.upper) surely++;
    if (isLow ? other.lower < own.upper : other.upper > own.lower) possibly++;
  });
  return [1 + surely, 1 + possibly];
}

/**
 * Quartiles of the printed values. A cut grows with each value, so that with those that are not printed it lies between the cuts
 * of all lower ends and of all upper ones.
 * @returns null for fewer than four printed values
 */
export function quartilesOf(spans: readonly (Limits | null)[], values: readonly number[]): ShownQuartiles | null {
  const printed = quartiles(values);
  if (!printed) return null;
  const there = spans.filter((span) => span !== null);
  const unprinted = there.length - values.length;
  const least = unprinted ? quartiles(there.map(({ lower }) => lower))! : printed;
  const most = unprinted ? quartiles(there.map(({ upper }) => Math.min(FAR, upper)))! : printed;
  const range = (cut: Cut): Limits => ({ lower: least[cut], upper: most[cut] < FAR / 8 ? most[cut] : Infinity });
  return {
    ...printed,
    least: Math.min(...values),
    most: Math.max(...values),
    unprinted,
    ranges: { lower: range('lower'), median: range('median'), upper: range('upper') },
  };
}

/**
 * The bands that a figure may lie in among all that have a value, printed or hidden, the better one first. A cut grows no faster than
 * the value itself, so that a figure is highest among the others when it is at its upper end and they are at their lower ones.
 * @returns null where neither end is better, and for fewer than four
 */
export function bandsOf(
  mine: number,
  spans: readonly (Limits | null)[],
  polarity: Polarity,
): readonly [best: Band, worst: Band] | null {
  const own = spans[mine];
  if (!own) return null;
  const bandAt = (me: number, other: (span: Limits) => number) => {
    const all = spans.flatMap((span, i) => (span ? [Math.min(FAR, i === mine ? me : other(span))] : []));
    const around = quartiles(all);
    return around && bandOf(Math.min(FAR, me), around, polarity);
  };
  const [low, high] = [bandAt(own.lower, ({ upper }) => upper), bandAt(own.upper, ({ lower }) => lower)];
  if (!low || !high) return null;
  return low < high ? [low, high] : [high, low];
}

const ORDINALS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const ordinals = new Intl.PluralRules('en-GB', { type: 'ordinal' });
const nth = (place: number): string => `${place}${ORDINALS[ordinals.select(place)]}`;
/** As values are shown: to one decimal. */
const { format: number } = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
const are = (count: number): string => (count === 1 ? 'is' : 'are');

/** How many figures are there without a printed value. */
export const unprintedIn = (authorities: readonly AuthorityFigure[]): number =>
  authorities.filter(({ figure, base }) => figure.value === null && isSent(figure) && base !== 0).length;

/**
 * What is said of the printed ones, and whether those that are not printed could change it.
 * @param said   of the printed ones; null for a figure that is none of them
 * @param range  with those that are not printed; null where the reader is not shown their intervals
 * @param order  of which order it is, where that goes without a judgement
 */
function amongInWords(
  { authorities }: Benchmark,
  said: string | null,
  range: string | null,
  among: 'of' | 'among',
  order = '',
): string | null {
  const printed = authorities.filter(({ figure }) => figure.value !== null).length;
  const unprinted = unprintedIn(authorities);
  if (said === null) return range && `${range} ${among} ${printed + unprinted}${order}`;
  const first = `${said} ${among} ${unprinted ? `the ${printed} printed` : printed}${order}`;
  if (!unprinted) return first;
  const rest = `${unprinted} not printed`;
  if (range === null) return `${first}; the ${rest} could change it`;
  return range === said ? `${first}, whatever the ${rest} ${are(unprinted)}` : `${first}; ${range} with the ${rest}`;
}

/**
 * Where an authority stands, in words: of how many, and whether those without a printed value could change it.
 * @returns null where it has no place
 */
export function placeInWords(benchmark: Benchmark, { rank: place, places }: AuthorityFigure): string | null {
  const order = benchmark.indicator.polarity === 'neutral' ? ', highest first' : '';
  const range = places && (places[0] === places[1] ? nth(places[0]) : `${nth(places[0])} to ${nth(places[1])}`);
  return amongInWords(benchmark, place === null ? null : nth(place), range, 'of', order);
}

/**
 * In which quarter an authority lies, in words, as `placeInWords`: `C among the 4 printed; D with the 2 not printed`.
 * @returns null where it has no band
 */
export function bandInWords(benchmark: Benchmark, { band, bands }: AuthorityFigure): string | null {
  const range = bands && (bands[0] === bands[1] ? bands[0] : `${bands[0]} to ${bands[1]}`);
  return amongInWords(benchmark, band, range, 'among');
}

const CUT_NAMES: Readonly<Record<Cut, string>> = {
  lower: 'lower quartile',
  median: 'median',
  upper: 'upper quartile',
};

/** Whether those that are not printed could make another of a cut; where their intervals are not shown, any could be. */
export const isOpen = ({ unprinted, ranges, ...printed }: ShownQuartiles, cut: Cut): boolean =>
  unprinted > 0 && (!ranges || ranges[cut].lower !== printed[cut] || ranges[cut].upper !== printed[cut]);

/** Of how many values quartiles are, and between what they lie with those that are not printed. */
export function quartilesInWords(quartiles: ShownQuartiles): string {
  const { basis, unprinted, ranges } = quartiles;
  if (!unprinted) return `of ${basis}`;
  const [first, rest] = [`of the ${basis} printed`, `the ${unprinted} not printed`];
  if (!ranges) return `${first}; ${rest} could change them`;
  const between = ({ lower, upper }: Limits) =>
    number(lower) === number(upper)
      ? number(lower)
      : Number.isFinite(upper)
        ? `${number(lower)} to ${number(upper)}`
        : `${number(lower)} or more`;
  if (!cuts.some((cut) => isOpen(quartiles, cut))) return `${first}, whatever ${rest} ${are(unprinted)}`;
  return `${first}; with ${rest} ${cuts.map((cut) => `${CUT_NAMES[cut]} ${between(ranges[cut])}`).join(', ')}`;
}
