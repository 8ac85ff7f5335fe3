import loadHighs from 'highs';
import { allSeries, denominatorSeriesOf, seriesKey, termSeries, type Dataset } from '@hub/registry/domain';
import type { Row } from '../support/world';

/**
 * The largest return that a dataset has room for: every indicator with every category of every breakdown, in counts
 * that keep all of its sums, denominators and rules. Found by a solver, so that a changed catalogue needs no new table.
 * @param upTo   the highest count of a category, different for each so that no two look alike
 * @param weigh  how much a series is wanted, by its place; under 0 it is kept small
 */
export async function fullReturn(
  dataset: Dataset,
  upTo = 400,
  weigh: (place: number) => number = (place) => 1 + ((place * 7) % 5),
): Promise<Row[]> {
  const valueOf = await fullCounts(dataset, upTo, weigh);
  return allSeries(dataset)
    .filter(({ measure }) => measure === 'count')
    .map(({ indicator: code, categories, key }): Row => {
      const scaleOf = (of: string) => 10 ** dataset.indicators.find((one) => one.code === of)!.decimals;
      const denominator = denominatorSeriesOf(dataset, code, categories);
      const of = denominator === null ? null : valueOf(denominator) / scaleOf(termSeries(denominator).indicator);
      return {
        indicator: code,
        ...(Object.keys(categories).length ? { breakdown: categories } : {}),
        count: valueOf(key) / scaleOf(code),
        ...(of === null ? {} : { of }),
      };
    });
}

/** The counts of such a return, by the keys of its series, in units of their decimals. */
export async function fullCounts(
  dataset: Dataset,
  upTo: number,
  weigh: (place: number) => number,
): Promise<(key: string) => number> {
  const series = allSeries(dataset);
  const names = new Map(series.map(({ key }, i) => [key, `x${i}`]));
  const name = (key: string) => names.get(key)!;
  const scaleOf = (code: string) => 10 ** dataset.indicators.find((one) => one.code === code)!.decimals;
  // All in tenths, for some indicators count in tenths.
  const term = (key: string, factor: number) => {
    const tenths = (factor * 10) / scaleOf(termSeries(key).indicator);
    return `${tenths < 0 ? '-' : '+'} ${Math.abs(tenths)} ${name(key)}`;
  };
  const constraints: string[] = [];
  for (const indicator of dataset.indicators) {
    for (const { dimension, categories, exhaustive, sumsTo } of indicator.breakdowns) {
      const codes = categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code);
      const total = sumsTo ?? indicator.code;
      for (const measure of 'own' in indicator.denominator ? (['count', 'of'] as const) : (['count'] as const)) {
        const parts = codes.map((code) => term(seriesKey(indicator.code, { [dimension]: code }, measure), 1));
        if (exhaustive) constraints.push(`${parts.join(' ')} ${term(seriesKey(total, {}, measure), -1)} = 0`);
      }
    }
  }
  for (const { indicator: code, categories, key, measure } of series) {
    const denominator = measure === 'count' ? denominatorSeriesOf(dataset, code, categories) : null;
    const { unit } = dataset.indicators.find((one) => one.code === code)!;
    if (denominator && denominator !== key && unit === 'percent') {
      constraints.push(`${term(key, 1)} ${term(denominator, -1)} <= 0`);
    }
  }
  for (const { terms, lower, upper } of dataset.rules) {
    const sum = terms.map(([one, factor]) => term(termSeries(one).key, factor)).join(' ');
    if (lower !== undefined) constraints.push(`${sum} >= ${lower * 10}`);
    if (upper !== undefined) constraints.push(`${sum} <= ${upper * 10}`);
  }
  const program = [
    'maximize',
    ` obj: ${series.map(({ key }, i) => `${weigh(i) < 0 ? '-' : '+'} ${Math.abs(weigh(i))} ${name(key)}`).join('\n ')}`,
    'subject to',
    ...constraints.map((one, i) => ` c${i}: ${one}`),
    'bounds',
    ...series.map(({ key, categories }, i) => {
      const most = Math.ceil(upTo / 2) + ((i * 7919) % Math.ceil(upTo / 2));
      return ` 0 <= ${name(key)} <= ${Object.keys(categories).length ? most : 20 * most}`;
    }),
    'general',
    ...series.map(({ key }) => ` ${name(key)}`),
    'end',
  ].join('\n');
  const solver = await loadHighs();
  const solution = solver.solve(program, { time_limit: 20, mip_rel_gap: 0.2 });
  const columns = solution.Columns as Record<string, { Primal?: number }>;
  return (key) => Math.round(columns[name(key)]?.Primal ?? Number.NaN);
}
