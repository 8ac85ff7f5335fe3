import {
  allSeries,
  datasetFaults,
  parseSeriesKey,
  seriesKey,
  termSeries,
  type Breakdown,
  type Category,
  type Dataset,
  type Indicator,
  type Rule,
} from '@hub/registry/domain';
import type { Cells } from './compile';

/** The returns of one period, by authority. */
export type Returns = ReadonlyMap<string, Cells>;
type Figure = Cells extends ReadonlyMap<string, infer One> ? One : never;

const indicatorOf = (dataset: Dataset, code: string): Indicator => dataset.indicators.find((one) => one.code === code)!;

/** Whether counts of several periods may be added up: not what is counted on a day, nor over twelve months already. */
export function isSummable(dataset: Dataset, code: string): boolean {
  const { basis, denominator } = indicatorOf(dataset, code);
  if (basis !== 'flow') return false;
  return !('indicator' in denominator) || denominator.indicator === code || isSummable(dataset, denominator.indicator);
}

/** A dataset and its returns over several periods, the oldest first: what can be added up is, all else is the newest. */
export function addUp(dataset: Dataset, periods: readonly Returns[]): { dataset: Dataset; returns: Returns } {
  const summed = (authority: string, key: string, newest: Figure): Figure => {
    if (newest.kind !== 'value' || !isSummable(dataset, parseSeriesKey(key).indicator)) return newest;
    let value = 0;
    for (const period of periods) {
      const part = period.get(authority)?.get(key);
      if (part?.kind !== 'value') return { kind: 'notAvailable' };
      value += part.value;
    }
    return { kind: 'value', value };
  };
  const returns = new Map(
    [...periods.at(-1)!].map(([authority, cells]) => [
      authority,
      new Map([...cells].map(([key, figure]) => [key, summed(authority, key, figure)])),
    ]),
  );
  const rules = dataset.rules.flatMap((rule): Rule[] => {
    const summable = rule.terms.filter(([term]) => isSummable(dataset, termSeries(term).indicator)).length;
    if (summable === 0) return [rule];
    // Between what is added up and what is not, the rule says nothing any more.
    return summable < rule.terms.length
      ? []
      : [bounded(rule, times(rule.lower, periods.length), times(rule.upper, periods.length))];
  });
  return { dataset: { ...dataset, rules }, returns };
}

const times = (bound: number | undefined, many: number): number | undefined =>
  bound === undefined ? undefined : bound * many;

const bounded = (
  { code, message, terms }: Pick<Rule, 'code' | 'message' | 'terms'>,
  lower?: number,
  upper?: number,
): Rule => ({
  code,
  message,
  terms,
  ...(lower === undefined ? {} : { lower }),
  ...(upper === undefined ? {} : { upper }),
});

/** Categories that are taken together, for all indicators that ask for the same list of categories. */
export interface Merge {
  readonly breakdown: string;
  readonly indicators: readonly string[];
  /** Every group of two or more categories. */
  readonly groups: readonly (readonly string[])[];
}

/** Dimensions whose categories lie in a row: there only neighbours are taken together. */
const inOrder = new Set(['age', 'duration']);

const categoriesOf = (dataset: Dataset, { dimension, categories }: Breakdown): readonly string[] =>
  categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code);

/** The categories that an indicator asks for in a dimension, as one text; undefined without that breakdown. */
function listOf(dataset: Dataset, indicator: Indicator, dimension: string): string | undefined {
  const breakdown = indicator.breakdowns.find((one) => one.dimension === dimension);
  return breakdown && categoriesOf(dataset, breakdown).join(' ');
}

/**
 * Which categories to take together, so that few enough counts of the tables are small: the rarest with its rarer
 * neighbour, again and again, down to two. A breakdown that others print in full is left alone: beside its categories a
 * sum of them would give the small ones away.
 * @param tables  breakdowns of which too little would be printed
 * @param enough  share of counts, 0 to 1, that are not small
 */
export function mergesFor(
  dataset: Dataset,
  returns: Returns,
  tables: readonly { readonly indicator: string; readonly breakdown: string | null }[],
  threshold: number,
  enough: number,
): Merge[] {
  const wanting = new Map<string, { breakdown: string; list: string; indicators: Indicator[] }>();
  for (const { indicator: code, breakdown } of tables) {
    const indicator = indicatorOf(dataset, code);
    const list = breakdown === null ? undefined : listOf(dataset, indicator, breakdown);
    if (breakdown === null || list === undefined) continue;
    const name = `${breakdown} ${list}`;
    wanting.set(name, { breakdown, list, indicators: [...(wanting.get(name)?.indicators ?? []), indicator] });
  }
  const merges = [...wanting.values()].flatMap(({ breakdown, list, indicators }): Merge[] => {
    const alike = dataset.indicators.filter((one) => listOf(dataset, one, breakdown) === list);
    const isPrintedByOthers = alike.some(({ breakdowns }) =>
      breakdowns.some((one) => one.dimension === breakdown && (one.nationallyPublished || one.printedLocally)),
    );
    if (isPrintedByOthers) return [];
    const rows = indicators.flatMap(({ code, decimals }) =>
      [...returns.values()].map((cells) => (category: string) => {
        const figure = cells.get(seriesKey(code, { [breakdown]: category }, 'count'));
        return figure?.kind === 'value' ? figure.value / 10 ** decimals : 0;
      }),
    );
    const groups = grouped(list.split(' '), rows, inOrder.has(breakdown), threshold, enough);
    return groups.length ? [{ breakdown, indicators: alike.map(({ code }) => code), groups }] : [];
  });
  // Where a denominator keeps other categories the merged table could not be divided.
  return merges.filter((one) => datasetFaults(merge(dataset, new Map(), [one]).dataset).length === 0);
}

function grouped(
  categories: readonly string[],
  rows: readonly ((category: string) => number)[],
  neighboursOnly: boolean,
  threshold: number,
  enough: number,
): string[][] {
  const groups = categories.map((category) => [category]);
  const countsOf = (group: readonly string[]) => rows.map((row) => group.reduce((sum, one) => sum + row(one), 0));
  const size = (group: readonly string[]) => countsOf(group).reduce((a, b) => a + b, 0);
  const smallest = (places: readonly number[]) =>
    places.reduce((best, i) => (size(groups[i]!) < size(groups[best]!) ? i : best));
  const isEnough = () => {
    const counts = groups.flatMap(countsOf);
    return counts.filter((one) => one === 0 || one >= threshold).length >= enough * counts.length;
  };
  while (groups.length > 2 && !isEnough()) {
    const places = groups.map((_, i) => i);
    const rarest = smallest(places);
    const other = smallest(places.filter((i) => i !== rarest && (!neighboursOnly || Math.abs(i - rarest) === 1)));
    const [first, second] = [Math.min(rarest, other), Math.max(rarest, other)];
    groups[first]!.push(...groups[second]!);
    groups.splice(second, 1);
  }
  return groups.filter(({ length }) => length > 1);
}

/** The dataset and its returns with categories taken together, under one code for each group. */
export function merge(
  dataset: Dataset,
  returns: Returns,
  merges: readonly Merge[],
): { dataset: Dataset; returns: Returns } {
  // The first of a group is in no other group of its list, and the code stays short.
  const codeOf = ([first]: readonly string[]) => `${first!}-and-more`;
  const newCode = (indicator: string, dimension: string, category: string): string => {
    const found = merges.find((one) => one.breakdown === dimension && one.indicators.includes(indicator));
    const group = found?.groups.find((one) => one.includes(category));
    return group ? codeOf(group) : category;
  };
  const newKey = (key: string): string => {
    const { indicator, categories, measure } = parseSeriesKey(key);
    const renamed = Object.entries(categories).map(([name, code]) => [name, newCode(indicator, name, code)]);
    return seriesKey(indicator, Object.fromEntries(renamed) as Record<string, string>, measure);
  };

  const dimensions = Object.fromEntries(
    Object.entries(dataset.dimensions).map(([name, dimension]) => {
      const groups = merges.filter(({ breakdown }) => breakdown === name).flatMap((one) => one.groups);
      const nameOf = (code: string) => dimension.categories.find((one) => one.code === code)!.name;
      const added = groups.map((group): Category => ({ code: codeOf(group), name: `${nameOf(group[0]!)} and more` }));
      const all = new Map([...dimension.categories, ...added].map((category) => [category.code, category]));
      return [name, { ...dimension, categories: [...all.values()] }];
    }),
  );
  const indicators = dataset.indicators.map((indicator): Indicator => ({
    ...indicator,
    breakdowns: indicator.breakdowns.map((breakdown) => ({
      ...breakdown,
      categories: [
        ...new Set(categoriesOf(dataset, breakdown).map((code) => newCode(indicator.code, breakdown.dimension, code))),
      ],
    })),
  }));
  const merged = new Map(
    [...returns].map(([authority, cells]) => {
      const sums = new Map<string, Figure>();
      for (const [key, figure] of cells) {
        const before = sums.get(newKey(key));
        // A part without a number leaves the sum without one.
        if (before === undefined || figure.kind !== 'value') sums.set(newKey(key), figure);
        else if (before.kind === 'value') sums.set(newKey(key), { kind: 'value', value: before.value + figure.value });
      }
      return [authority, sums];
    }),
  );
  return { dataset: { ...dataset, dimensions, indicators, rules: mergedRules(dataset, newKey) }, returns: merged };
}

/**
 * The rules as far as they still say something when categories are taken together. A rule about all of a group is one
 * about the group; alike rules about each of a group add up to one; in any other a category is replaced by its group,
 * which is at least as large: where it is added the lower bound still holds, where it is taken away the upper one.
 */
function mergedRules(dataset: Dataset, newKey: (key: string) => string): Rule[] {
  const sizes = new Map<string, number>();
  for (const { key } of allSeries(dataset)) sizes.set(newKey(key), (sizes.get(newKey(key)) ?? 0) + 1);

  const rules: Rule[] = [];
  /** Rules about one category of each group, by what they become. */
  const alike = new Map<string, Rule[]>();
  for (const rule of dataset.rules) {
    const places = new Map<string, number[]>();
    for (const [term, factor] of rule.terms) {
      const key = newKey(termSeries(term).key);
      places.set(key, [...(places.get(key) ?? []), factor]);
    }
    // Counted with different factors, the parts of a group have no sum that the rule is about.
    if ([...places.values()].some((factors) => factors.some((factor) => factor !== factors[0]))) continue;
    const terms = [...places].map(([key, factors]) => [key.replace(/#count$/, ''), factors[0]!] as const);
    const partly = [...places].filter(([key, factors]) => factors.length < sizes.get(key)!);
    const merged = { ...rule, terms };
    if (!partly.length) {
      rules.push(bounded(merged, rule.lower, rule.upper));
      continue;
    }
    const name = JSON.stringify(terms);
    alike.set(name, [...(alike.get(name) ?? []), merged]);
    const isEach = (sign: number) => partly.every(([, [factor]]) => Math.sign(factor!) === sign);
    const [lower, upper] = [isEach(1) ? rule.lower : undefined, isEach(-1) ? rule.upper : undefined];
    if (lower !== undefined || upper !== undefined) rules.push(bounded(merged, lower, upper));
  }
  for (const same of alike.values()) {
    const [first] = same as [Rule];
    if (!first.terms.every(([term]) => sizes.get(termSeries(term).key) === same.length)) continue;
    const total = (bounds: readonly (number | undefined)[]) =>
      bounds.reduce((sum, bound) => (sum === undefined || bound === undefined ? undefined : sum + bound), 0);
    const [lower, upper] = [total(same.map((one) => one.lower)), total(same.map((one) => one.upper))];
    if (lower !== undefined || upper !== undefined) rules.push(bounded(first, lower, upper));
  }
  // One code for each: of several that became one rule the bounds differ at most in which of them holds.
  return rules.map((rule, i) => ({ ...rule, code: `${rule.code.slice(0, 56)}-${i}` }));
}
