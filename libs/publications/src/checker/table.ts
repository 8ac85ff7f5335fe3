import type { PrintedCell, ReadersTable } from '@hub/disclosure/checker';
import {
  allSeries,
  denominatorSeriesOf,
  parseSeriesKey,
  seriesKey,
  termSeries,
  type Dataset,
} from '@hub/registry/domain';
import type { PrintedFigures } from '../domain/document';
import type { Printed } from '../domain/figure';

/** Whose figures are the region's. */
export const REGION = 'region';
/** How a proof names a figure: `E06000001|CP01|duration=2-years-or-more#count`, `region|CP01#count`. */
export const figureId = (owner: string, series: string): string => `${owner}|${series}`;

const hasCount = (printed: Printed | undefined): boolean => typeof printed === 'number' || printed === 'hidden';

/**
 * A publication as the table that its readers have: its figures, and every equation and range between them that follows from
 * the dataset's specification. Written down here once more, and not taken from what compiled it: authorities sum to the
 * region, exhaustive categories to their total, no numerator is larger than its denominator, and every rule that a
 * return has to keep.
 * @param dataset  the specification of the document's dataset and version
 */
export function tableOf(document: PrintedFigures, dataset: Dataset): ReadersTable {
  const least = document.zeros === 'printed' ? 1 : 0;
  const cells = new Map<string, PrintedCell>();
  const equations: ReadersTable['equations'][number][] = [];
  const ranges: ReadersTable['ranges'][number][] = [];
  const add = (id: string, printed: Printed) => {
    if (typeof printed === 'number') cells.set(id, { id, value: printed });
    else if (printed === 'hidden') cells.set(id, { id, hidden: 'marked', least });
  };
  for (const { key, region, figures } of document.series) {
    document.authorities.forEach((authority, i) => add(figureId(authority, key), figures[i]!));
    add(figureId(REGION, key), region);
    const inside = document.authorities.filter((_, i) => hasCount(figures[i]));
    if (hasCount(region)) {
      equations.push({ total: figureId(REGION, key), parts: inside.map((authority) => figureId(authority, key)) });
    }
  }

  /** total − parts is never below nothing. */
  const within = (total: string, parts: readonly string[]) =>
    ranges.push({ terms: [[total, 1], ...parts.map((part) => [part, -1] as const)], lo: 0 });

  for (const owner of document.authorities) {
    for (const { code, breakdowns } of dataset.indicators) {
      for (const { dimension, exhaustive, sumsTo, categories } of breakdowns) {
        if (!exhaustive) continue;
        const codes = categories ?? dataset.dimensions[dimension]!.categories.map((category) => category.code);
        for (const measure of ['count', 'of'] as const) {
          const total = figureId(owner, seriesKey(sumsTo ?? code, {}, measure));
          const all = codes.map((category) => figureId(owner, seriesKey(code, { [dimension]: category }, measure)));
          const parts = all.filter((id) => cells.has(id));
          if (!cells.has(total) || parts.length === 0) continue;
          if (parts.length === all.length) equations.push({ total, parts });
          else within(total, parts);
        }
      }
    }
    for (const { terms, lower, upper } of dataset.rules) {
      const ids = terms.map(([term, factor]) => [figureId(owner, termSeries(term).key), factor] as const);
      if (!ids.every(([id]) => cells.has(id))) continue;
      // Figures are whole numbers of 10^-decimals, and so are the bounds between them.
      const first = termSeries(terms[0]![0]).indicator;
      const scale = 10 ** dataset.indicators.find(({ code }) => code === first)!.decimals;
      ranges.push({
        terms: ids,
        ...(lower === undefined ? {} : { lo: lower * scale }),
        ...(upper === undefined ? {} : { hi: upper * scale }),
      });
    }
    for (const { key, indicator, categories, measure } of allSeries(dataset)) {
      const { unit } = dataset.indicators.find(({ code }) => code === indicator)!;
      const denominator = denominatorSeriesOf(dataset, indicator, categories);
      if (measure !== 'count' || unit !== 'percent' || !denominator || denominator === key) continue;
      const [part, total] = [figureId(owner, key), figureId(owner, denominator)];
      if (cells.has(part) && cells.has(total)) within(total, [part]);
    }
  }
  return { cells: [...cells.values()], equations, ranges };
}

/** In words, which figure: `CP01 duration=2-years-or-more of E06000001`. */
export function nameOfFigure(id: string): string {
  const at = id.indexOf('|');
  const { indicator, categories, measure } = parseSeriesKey(id.slice(at + 1));
  const places = Object.entries(categories).map(([dimension, category]) => `${dimension}=${category}`);
  return [...[indicator, ...places], ...(measure === 'of' ? ['(denominator)'] : []), 'of', id.slice(0, at)].join(' ');
}
