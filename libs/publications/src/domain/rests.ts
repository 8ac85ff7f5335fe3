import { allSeries, denominatorSeriesOf, parseSeriesKey, seriesKey, type Dataset } from '@hub/registry/domain';
import { cellId, REGION, type Cell, type CompileInput, type RawTable } from './raw-table';
import { untoldKey, type Untold } from './sums-and-rules';

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
    if (hasRest(indicator, categories)) addRestsOf(table, policy.zeros, key, denominator);
  }
}

/** What a mean is of is not a part of what it is divided by; and of categories that sum to the denominator the rest is the others. */
function hasRest({ unit, breakdowns }: Indicator, categories: Readonly<Record<string, string>>): boolean {
  const breakdown = breakdowns.find(({ dimension }) => dimension in categories);
  return unit !== 'mean' && !(breakdown?.exhaustive && breakdown.sumsTo);
}

/** What a numerator leaves of its denominator: of each authority, and of the region. */
function addRestsOf(table: RawTable, zeros: CompileInput['policy']['zeros'], key: string, denominator: string): void {
  const rest = (owner: string, more: Partial<Cell>) => {
    const numerator = cellId(owner, key);
    table.addRest(`${numerator}~rest`, cellId(owner, denominator), [numerator], {
      ...more,
      ...table.asUnprinted(key, denominator),
    });
  };
  const divided = table.sent.filter((authority) => table.has(authority, key) && table.has(authority, denominator));
  const unknown = divided.filter((a) => ![key, denominator].every((each) => table.isKnownAnyway(cellId(a, each))));
  for (const authority of unknown) rest(authority, { owner: authority });
  // The region's rest is a count of somebody only where both of its numbers are of the same authorities.
  const ofTheSame = table.sent.every((authority) => table.has(authority, key) === table.has(authority, denominator));
  // Of one authority alone it is that authority's own: that nothing is left of the others' tells of zeros, which everybody is told.
  const leaves = (a: string) => table.values.get(cellId(a, key)) !== table.values.get(cellId(a, denominator));
  const whose = zeros === 'printed' ? unknown.filter(leaves) : unknown;
  if (ofTheSame && unknown.length && table.has(REGION, key) && table.has(REGION, denominator))
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
