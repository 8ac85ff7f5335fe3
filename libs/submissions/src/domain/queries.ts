import { rules, type QueryCode } from '@hub/contracts';
import { parseSeriesKey, termSeries } from '@hub/registry/domain';
import { isJump } from '@hub/statistics/domain';
import { isOutside, type Measured, type PrintedRange } from './printed-range';

/** A question about one row of a return. */
export interface Query {
  readonly rule: QueryCode;
  /** The series of the row that is asked about. */
  readonly key: string;
  readonly message: string;
  /** The number that would not have been asked about, or the middle of them, whole numbers of 10^-decimals; or the range. */
  readonly expected: number | PrintedRange;
  /** What was held against a range: a rate, a percentage or a mean. */
  readonly found?: number;
}

export interface OwnFigures {
  /** The counts and own denominators of this return, by series. */
  readonly now: ReadonlyMap<string, bigint>;
  /** Those of the period just before. */
  readonly previous: ReadonlyMap<string, bigint>;
  /** Those of earlier periods of the same length, the newest first; `previous` is one of them where it is there. */
  readonly history: ReadonlyMap<string, readonly bigint[]>;
  /** 10^decimals of an indicator. */
  scaleOf(indicator: string): number;
  /** What is printed of each indicator, by its code: publications that the own authority may read, and national figures. */
  readonly printed?: ReadonlyMap<string, readonly PrintedRange[]>;
  /** Rate, percentage or mean of a total, and what it is divided by; undefined where there is nothing to divide by. */
  measured?(key: string): Measured | undefined;
}

/**
 * What is asked about a return. A function of the authority's own figures, and of what is printed: a query that depended on
 * another's raw count could be asked again and again until it told that count.
 */
export function queriesAbout(figures: OwnFigures): Query[] {
  const changed = changes(figures);
  // Once is enough: whoever explains the jump has explained the distance too.
  const far = unusual(figures).filter(({ key }) => changed.every((one) => one.key !== key));
  const asked = new Set([...changed, ...far].map(({ key }) => key));
  return [
    ...changed,
    ...far,
    ...carriedOn(figures),
    ...copied(figures),
    ...outsideThePrint(figures).filter(({ key }) => !asked.has(key)),
  ];
}

const [change, history, carry, copy, print] = [0, 1, 2, 3, 4] as const;
const counts = (now: OwnFigures['now']) => [...now].filter(([key]) => key.endsWith('#count'));

function changes({ now, previous, scaleOf }: OwnFigures): Query[] {
  const { code, factor, least } = rules().queries[change];
  return counts(now).flatMap(([key, value]): Query[] => {
    const before = previous.get(key);
    if (before === undefined) return [];
    const asked = { factor, least: least * scaleOf(parseSeriesKey(key).indicator) };
    return isJump(Number(value), Number(before), asked)
      ? [{ rule: code, key, message: 'The count differs much from the period before.', expected: Number(before) }]
      : [];
  });
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/**
 * The modified z-score, 0.6745 (x − median) / MAD; where more than half of the values are alike the mean absolute deviation
 * stands for the median one. Source: Iglewicz and Hoaglin 1993, How to detect and handle outliers.
 * @returns undefined where all values are alike: then there is no measure of distance
 */
export function modifiedZ(value: number, values: readonly number[]): number | undefined {
  const middle = median(values);
  const distances = values.map((one) => Math.abs(one - middle));
  const typical = median(distances) / 0.6745 || (distances.reduce((a, b) => a + b, 0) / values.length) * 1.253314;
  return typical === 0 ? undefined : (value - middle) / typical;
}

function unusual({ now, history: earlier, scaleOf }: OwnFigures): Query[] {
  const { code, z, periods, needed, least } = rules().queries[history];
  return counts(now).flatMap(([key, value]): Query[] => {
    const values = (earlier.get(key) ?? []).slice(0, periods).map(Number);
    // Categories are small and many: their jumps are asked about, their wavering is not.
    if (key.includes('|') || values.length < needed) return [];
    const score = modifiedZ(Number(value), values);
    const middle = median(values);
    const far = Math.abs(Number(value) - middle) > least * scaleOf(parseSeriesKey(key).indicator);
    if (score === undefined || Math.abs(score) <= z || !far) return [];
    return [
      {
        rule: code,
        key,
        message: `The count is unusual beside the own last ${values.length} periods.`,
        expected: middle,
      },
    ];
  });
}

function carriedOn({ now, previous, scaleOf }: OwnFigures): Query[] {
  const { code, least, percent, stocks } = rules().queries[carry];
  return stocks.flatMap(({ open, started, ended }): Query[] => {
    const { key, indicator } = termSeries(open);
    const [closing, opening] = [now.get(key), previous.get(key)];
    const [more, fewer] = [started, ended].map((term) => now.get(termSeries(term).key));
    if (closing === undefined || opening === undefined || more === undefined || fewer === undefined) return [];
    const expected = Number(opening + more - fewer);
    const slack = Math.max(least * scaleOf(indicator), (Number(opening) * percent) / 100);
    if (Math.abs(Number(closing) - expected) <= slack) return [];
    return [
      {
        rule: code,
        key,
        message: `${open} of the period before, with ${started} and without ${ended}, is another number.`,
        expected,
      },
    ];
  });
}

function copied({ now, previous }: OwnFigures): Query[] {
  const { code, least } = rules().queries[copy];
  const both = counts(now).filter(([key]) => previous.has(key));
  const telling = both.filter(([, value]) => value > 0n);
  if (telling.length < least || both.some(([key, value]) => previous.get(key) !== value)) return [];
  const [key, value] = telling[0]!;
  return [{ rule: code, key, message: 'Every count is the one of the period before.', expected: Number(value) }];
}

/** Of the totals alone: of a category there is seldom enough printed. Of several ranges the first that is left is told. */
function outsideThePrint({ now, printed, measured }: OwnFigures): Query[] {
  if (!printed?.size || !measured) return [];
  const rule = rules().queries[print];
  return [...printed].flatMap(([indicator, ranges]): Query[] => {
    const { key } = termSeries(indicator);
    const own = now.has(key) ? measured(key) : undefined;
    const range = own && ranges.find((one) => isOutside(own, one, rule));
    if (!range) return [];
    return [
      {
        rule: rule.code,
        key,
        message: `The figure lies outside what is printed for ${range.of}.`,
        expected: range,
        found: own.value,
      },
    ];
  });
}
