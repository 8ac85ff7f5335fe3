import type { Catalogue } from './catalogue';
import type { Indicator } from './dataset';
import type { Registry } from './registry';

/** How the unit of a value is written beside it. */
export const unitWords = { per10000: 'per 10,000', percent: '%', mean: 'average' } as const satisfies Record<
  Indicator['unit'],
  string
>;

/**
 * The names behind codes, for pages that people read: of a region, an authority, a dataset, an indicator, a dimension.
 * @returns a function that knows no name of anything else (a board, an agency): those are the hub's own to name
 */
export function namesOf(
  { regions, authorities }: Registry,
  { datasets }: Catalogue,
): (code: string) => string | undefined {
  const names = new Map<string, string>();
  for (const { code, title, dimensions, indicators } of datasets) {
    names.set(code, title);
    for (const [dimension, { name }] of Object.entries(dimensions)) names.set(dimension, name);
    for (const indicator of indicators) names.set(indicator.code, indicator.name);
  }
  for (const { code, name } of [...regions, ...authorities]) names.set(code, name);
  return (code) => names.get(code);
}
