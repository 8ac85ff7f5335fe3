import { keep, Refusal, type Period } from '@hub/kernel';
import type { Breakdown, Dataset, Indicator, PrintMark } from './dataset';

export type Measure = 'count' | 'of';

/** One thing that is counted over time: an indicator, perhaps one category of it, and which of its two numbers. */
export interface Series {
  readonly key: string;
  readonly indicator: string;
  readonly categories: Readonly<Record<string, string>>;
  readonly measure: Measure;
}

/** `RF01|source=police#count`, `RF01#count`; categories sorted by dimension. */
export function seriesKey(indicator: string, categories: Readonly<Record<string, string>>, measure: Measure): string {
  let key = indicator;
  // Asked for every row of every return, and there is seldom more than one category to put in order.
  const entries = Object.entries(categories);
  if (entries.length > 1) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [dimension, category] of entries) key += `|${dimension}=${category}`;
  return `${key}#${measure}`;
}

/** Keys are asked about again and again, by the hundred thousand in one compile; text of a caller's own is not kept for ever. */
const parsed = new Map<string, Series>();
const MOST_PARSED = 20_000;
const LONGEST_PARSED = 120;

/** The parts of a key. @throws Refusal INDICATOR_ABSENT when it is none */
export function parseSeriesKey(key: string): Series {
  const known = parsed.get(key);
  if (known) return known;
  const series = partsOfKey(key);
  return key.length > LONGEST_PARSED ? series : keep(parsed, MOST_PARSED, key, series);
}

function partsOfKey(key: string): Series {
  const match = /^([A-Z0-9-]+)((?:\|[a-z]+=[a-z0-9-]+)*)#(count|of)$/.exec(key);
  if (!match) throw new Refusal('INDICATOR_ABSENT');
  const categories = Object.fromEntries(
    match[2]!
      .split('|')
      .filter(Boolean)
      .map((part) => part.split('=') as [string, string]),
  );
  return Object.freeze({
    key,
    indicator: match[1]!,
    categories: Object.freeze(categories),
    measure: match[3] as Measure,
  });
}

/** Which table a series is of: those of one indicator that differ in their categories and measure alone, which agreements cover alike. */
export const tableOf = (key: string): string => key.replace(/=[^|#]*|#.*/g, '');

/** The series that a rule's term names: `SF04` and `SF04|duration=0-10` are counts, `CL02#of` is a denominator. */
export const termSeries = (term: string): Series => parseSeriesKey(term.includes('#') ? term : `${term}#count`);

/** The one breakdown of a series by name; both null of a total. */
export function breakdownIn(categories: Series['categories'] = {}): {
  readonly dimension: string | null;
  readonly category: string | null;
} {
  const [dimension = null, category = null] = Object.entries(categories)[0] ?? [];
  return { dimension, category };
}

const memo = new WeakMap<Dataset, readonly Series[]>();

/** Every series of the dataset: totals, each category, and the own denominators of both. */
export function allSeries(dataset: Dataset): readonly Series[] {
  const known = memo.get(dataset);
  if (known) return known;
  const all = dataset.indicators.flatMap((indicator): Series[] => {
    const places: Record<string, string>[] = [{}];
    for (const { dimension, categories } of indicator.breakdowns) {
      const codes = categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code);
      places.push(...codes.map((code) => ({ [dimension]: code })));
    }
    const measures: Measure[] = 'own' in indicator.denominator ? ['count', 'of'] : ['count'];
    return places.flatMap((categories) =>
      measures.map((measure) => ({
        key: seriesKey(indicator.code, categories, measure),
        indicator: indicator.code,
        categories,
        measure,
      })),
    );
  });
  memo.set(dataset, all);
  return all;
}

/**
 * The series that a count is divided by: the named indicator in the same category where it has that dimension, else its
 * total; the total that a breakdown sums to; the row's own `of`. An indicator that names itself has its own total in
 * every place, so that a total is all of itself. Null for rates, whose population the hub fixes.
 */
export function denominatorSeriesOf(
  dataset: Dataset,
  code: string,
  categories: Readonly<Record<string, string>>,
): string | null {
  const indicator = dataset.indicators.find((one) => one.code === code);
  if (!indicator || 'population' in indicator.denominator) return null;
  if ('own' in indicator.denominator) return seriesKey(code, categories, 'of');
  const [dimension] = Object.keys(categories);
  const named = dataset.indicators.find(
    (one) => one.code === (indicator.denominator as { indicator: string }).indicator,
  )!;
  if (!dimension) return seriesKey(named.code, {}, 'count');
  const sumsTo = indicator.breakdowns.find((one) => one.dimension === dimension)?.sumsTo;
  if (sumsTo) return seriesKey(sumsTo, {}, 'count');
  if (named === indicator) return seriesKey(code, {}, 'count');
  const has = named.breakdowns.some((one) => one.dimension === dimension);
  return seriesKey(named.code, has ? categories : {}, 'count');
}

/** What the Department prints of a series at authority level; undefined where it prints nothing. */
export const nationalMarkOf = (dataset: Dataset, key: string): PrintMark | undefined =>
  markOf(dataset, key, 'nationallyPublished');

/** What the authorities print of a series themselves; undefined where they print nothing. */
export const localMarkOf = (dataset: Dataset, key: string): PrintMark | undefined =>
  markOf(dataset, key, 'printedLocally');

function markOf(dataset: Dataset, key: string, kind: 'nationallyPublished' | 'printedLocally'): PrintMark | undefined {
  const { indicator: code, categories } = parseSeriesKey(key);
  const indicator = dataset.indicators.find((one) => one.code === code);
  const [dimension] = Object.keys(categories);
  if (!dimension) return indicator?.[kind] || undefined;
  return indicator?.breakdowns.find((one) => one.dimension === dimension)?.[kind];
}

/** The dataset as it stands for one period: without the marks of what is printed of other periods only. */
export function inPeriod(dataset: Dataset, { text }: Pick<Period, 'text'>): Dataset {
  const holds = (mark: PrintMark | false | undefined) => !mark || mark.in === undefined || text.endsWith(`-${mark.in}`);
  const marked = <T extends Pick<Breakdown, 'nationallyPublished' | 'printedLocally'> | Indicator>(one: T): T => {
    const { nationallyPublished, printedLocally, ...rest } = one;
    return {
      ...rest,
      ...(nationallyPublished && holds(nationallyPublished) ? { nationallyPublished } : {}),
      ...(printedLocally && holds(printedLocally) ? { printedLocally } : {}),
    } as T;
  };
  return {
    ...dataset,
    indicators: dataset.indicators.map((one) => ({ ...marked(one), breakdowns: one.breakdowns.map(marked) })),
  };
}

/** Whether returns of the dataset are ever added up; if not they are the authority's own, and no round is opened. */
export const isAggregated = ({ aggregated }: Pick<Dataset, 'aggregated'>): boolean => aggregated !== false;
