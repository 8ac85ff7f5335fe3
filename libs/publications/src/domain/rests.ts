import {
  allSeries,
  denominatorSeriesOf,
  parseSeriesKey,
  seriesKey,
  termSeries,
  type Dataset,
} from '@hub/registry/domain';
import { cellId, REGION, type Cell, type CompileInput, type RawTable } from './raw-table';
import { containmentsOf, isAdded, untoldKey, type Untold } from './sums-and-rules';

type Indicator = Dataset['indicators'][number];

/** Of categories that are told by nobody too a numerator is not to tell what it leaves of its denominator. */
export function addRestsOfUntold(table: RawTable, dataset: Dataset, untold: Untold): void {
  for (const { code, unit, denominator, breakdowns } of dataset.indicators) {
    if (unit !== 'percent' || 'population' in denominator) continue;
    const of = 'own' in denominator ? seriesKey(code, {}, 'of') : seriesKey(denominator.indicator, {}, 'count');
    for (const { dimension } of breakdowns.filter(({ sumsTo }) => !sumsTo)) {
      for (const owner of table.sent) {
        const part = untold.get(untoldKey(cellId(owner, seriesKey(code, {}, 'count')), dimension));
        const whole = untold.get(untoldKey(cellId(owner, of), dimension));
        if (part && whole && part.id !== whole.id && part.categories === whole.categories)
          table.addRest(`${part.id}~rest`, whole.id, [part.id], { owner });
      }
    }
  }
}

/** Marks numerators on too small a base, and adds what numerators leave of their denominators. */
export function addRestsOfDenominators(table: RawTable, { dataset, policy }: CompileInput): void {
  const indicators = new Map(dataset.indicators.map((indicator) => [indicator.code, indicator]));
  for (const { key } of allSeries(dataset)) {
    const { indicator: code, categories, measure } = parseSeriesKey(key);
    const indicator = indicators.get(code)!;
    const denominator = denominatorSeriesOf(dataset, code, categories);
    if (measure !== 'count' || indicator.unit === 'per10000' || !denominator || denominator === key) continue;
    const isSurvey = indicator.people === 'respondents';
    const least = isSurvey ? Math.max(policy.leastBase, policy.surveyThreshold) : policy.leastBase;
    const base = least * 10 ** indicator.decimals;
    for (const owner of [...table.sent, REGION]) table.markTelling(owner, key, denominator, base);
    const terms = [
      [denominator, 1],
      [key, -1],
    ] as const;
    if (hasRest(indicator, categories)) addRestsOf(table, policy.zeros, `${key}~rest`, terms);
  }
}

/** What a mean is of is not a part of what it is divided by; and of categories that sum to the denominator the rest is the others. */
function hasRest({ unit, breakdowns }: Indicator, categories: Readonly<Record<string, string>>): boolean {
  const breakdown = breakdowns.find(({ dimension }) => dimension in categories);
  return unit !== 'mean' && !(breakdown?.exhaustive && breakdown.sumsTo);
}

/** Adds what is left over where a rule says that counts are among others. */
export function addRestsOfRules(table: RawTable, { dataset, policy }: CompileInput): void {
  const places = new Map(dataset.indicators.map(({ code }, i) => [code, i]));
  for (const rule of containmentsOf(dataset)) {
    const terms = rule.terms.map(([term, factor]) => [termSeries(term).key, factor] as const);
    // It is named after the indicator that the dataset lists last: where an edition has to do without a row, others build on that one least.
    const [last] = [...rule.terms]
      .map(([term]) => termSeries(term))
      .sort((a, b) => places.get(b.indicator)! - places.get(a.indicator)!);
    addRestsOf(table, policy.zeros, `${last!.key}~rest of ${rule.code}`, terms);
  }
}

/**
 * What counts leave of one that they are among: of each authority, and of the region.
 * @param name   of the rest, in the place of a series
 * @param terms  series with factors of 1 and −1, one of them added at least; the rest is their sum
 */
function addRestsOf(
  table: RawTable,
  zeros: CompileInput['policy']['zeros'],
  name: string,
  terms: readonly (readonly [key: string, factor: number])[],
): void {
  const keys = terms.map(([key]) => key);
  const whole = terms.find(isAdded)!;
  const parts = terms.filter((term) => term !== whole);
  const hasAll = (owner: string) => keys.every((key) => table.has(owner, key));
  const rest = (owner: string, more: Partial<Cell>) =>
    table.addRest(
      cellId(owner, name),
      cellId(owner, whole[0]),
      parts.map(([key]) => cellId(owner, key)),
      { ...more, ...table.asUnprinted(...keys) },
      parts.map(([, factor]) => -factor),
    );
  const unknown = table.sent.filter((a) => hasAll(a) && !keys.every((key) => table.isKnownAnyway(cellId(a, key))));
  for (const authority of unknown) rest(authority, { owner: authority });
  // The region's rest is a count of somebody only where all of its numbers are of the same authorities.
  const ofTheSame = table.sent.every(
    (authority) => hasAll(authority) || !keys.some((key) => table.has(authority, key)),
  );
  // Of one authority alone it is that authority's own: that nothing is left of the others' tells of zeros, which everybody is told.
  const leaves = (authority: string) => table.values.get(cellId(authority, name)) !== 0;
  const whose = zeros === 'printed' ? unknown.filter(leaves) : unknown;
  if (ofTheSame && unknown.length && hasAll(REGION))
    rest(REGION, table.knowledgeOf(whose.length === 1 ? whose : unknown));
}

/** Where an answer is sensitive, that everybody of a total gave it is as telling as a small count. */
export function markSensitiveCategories(table: RawTable, dataset: Dataset): void {
  for (const { code, sensitive, breakdowns } of dataset.indicators) {
    if (!sensitive) continue;
    for (const { key } of allSeries(dataset)) {
      const { indicator, categories, measure } = parseSeriesKey(key);
      if (indicator !== code || !key.includes('|')) continue;
      const { sumsTo } = breakdowns.find(({ dimension }) => dimension in categories)!;
      for (const owner of [...table.sent, REGION])
        table.markTelling(owner, key, seriesKey(sumsTo ?? code, {}, measure), 0);
    }
  }
}
