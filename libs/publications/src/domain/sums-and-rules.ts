import { seriesKey, termSeries, type Dataset, type Rule } from '@hub/registry/domain';
import { cellId, type RawTable } from './raw-table';

/** What categories that are not available are together, by total and dimension; and which they are. */
export type Untold = Map<string, { readonly id: string; readonly categories: string }>;

/** The key of what is left untold of a total in a dimension. */
export const untoldKey = (total: string, dimension: string): string => `${total}|${dimension}`;

/** That an authority's categories sum to their totals. */
export function addBreakdowns(table: RawTable, dataset: Dataset, owner: string, untold: Untold): void {
  for (const { code, breakdowns } of dataset.indicators) {
    for (const { dimension, exhaustive, sumsTo, categories } of breakdowns) {
      if (!exhaustive) continue;
      const codes = categories ?? dataset.dimensions[dimension]!.categories.map((one) => one.code);
      for (const measure of ['count', 'of'] as const) {
        const total = cellId(owner, seriesKey(sumsTo ?? code, {}, measure));
        const parts = codes.map((category) => seriesKey(code, { [dimension]: category }, measure));
        addSum(table, owner, dimension, total, parts, untold);
      }
    }
  }
}

/** @param keys  the series of all categories, whether they were sent or not */
function addSum(
  table: RawTable,
  owner: string,
  dimension: string,
  total: string,
  keys: readonly string[],
  untold: Untold,
): void {
  const sent = keys.filter((key) => table.has(owner, key));
  if (!table.values.has(total) || !sent.length) return;
  const idsOf = (some: readonly string[]) => some.map((key) => cellId(owner, key));
  const shown = idsOf(sent.filter((key) => !table.isTogether(key)));
  const merged = idsOf(sent.filter((key) => table.isTogether(key)));
  let whole = total;
  if (shown.length && shown.length < keys.length && ![total, ...shown].every((id) => table.isKnownAnyway(id))) {
    // Categories that are not available are together what the others leave: it must not follow from them.
    const id = `${shown[0]!}~rest of ${dimension}`;
    const categories = keys.flatMap((key, i) => (shown.includes(cellId(owner, key)) ? [] : [i])).join(' ');
    untold.set(untoldKey(total, dimension), { id, categories });
    table.addRest(id, total, shown, { owner });
    whole = id;
  }
  const left = whole === total ? idsOf(sent) : merged;
  if (sent.length === keys.length) table.equations.push({ total: whole, parts: left });
  else if (merged.length) table.ranges.push({ terms: [[whole, 1], ...left.map((part) => [part, -1] as const)], lo: 0 });
}

export const isAdded = ([, factor]: Rule['terms'][number]): boolean => factor === 1;

/**
 * The rules that say that counts are among others, `RF01 − RF03 − RF04 ≥ 0`: what one leaves over is then a count too, of those who are
 * not, and as telling as any. Not among them is what a questionnaire's answers are to each other: whoever left a question out has
 * told nothing by it (decision 74).
 */
export function containmentsOf({ rules, indicators }: Dataset): readonly Rule[] {
  const answers = new Set(indicators.filter(({ people }) => people === 'respondents').map(({ code }) => code));
  return rules.filter(
    ({ terms, lower, upper }) =>
      lower === 0 &&
      upper === undefined &&
      terms.some(isAdded) &&
      terms.every(([, factor]) => Math.abs(factor) === 1) &&
      !terms.every(([term]) => answers.has(termSeries(term).indicator)),
  );
}

/** That an authority's counts keep every rule of the dataset that they all stand in; of containments their rests say it. */
export function addRules(table: RawTable, dataset: Dataset, owner: string): void {
  const containments = new Set(containmentsOf(dataset));
  for (const rule of dataset.rules) {
    if (containments.has(rule)) continue;
    const terms = rule.terms.map(([term, factor]) => [cellId(owner, termSeries(term).key), factor] as const);
    if (!terms.every(([id]) => table.values.has(id))) continue;
    const one = terms.find(isAdded);
    // Cells are whole numbers of 10^-decimals, and so are the bounds between them.
    const { indicator: code } = termSeries(rule.terms[0]![0]);
    const scale = 10 ** dataset.indicators.find((indicator) => indicator.code === code)!.decimals;
    if (rule.lower !== undefined && rule.lower === rule.upper && one) {
      const others = terms.filter((term) => term !== one);
      table.equations.push({
        total: one[0],
        parts: others.map(([id]) => id),
        coefs: others.map(([, factor]) => -factor),
        const: rule.lower * scale,
      });
    } else {
      table.ranges.push({
        terms,
        ...(rule.lower === undefined ? {} : { lo: rule.lower * scale }),
        ...(rule.upper === undefined ? {} : { hi: rule.upper * scale }),
      });
    }
  }
}
