import { loadCatalogue, allSeries, newestDataset, seriesKey } from '@hub/registry/domain';
import type { Cells } from '@hub/publications';
import { randomFrom } from '../support/random';
import { fullCounts } from './full-return';

/* Made-up returns of all indicators, of any authority and quarter. */
export const { datasets } = loadCatalogue();
export const dataset = newestDataset({ datasets }, 'safeguarding-quarterly');
const series = allSeries(dataset);
const SEED = 20_261_126;

/** Whole tables that keep all rules; these are all without constants, so that sums of tables keep them too. */
export async function tables(): Promise<((key: string) => number)[]> {
  const made: ((key: string) => number)[] = [];
  for (const [at, upTo] of [3, 5, 9, 40, 120].entries()) {
    const random = randomFrom(SEED + at);
    // A third of the categories is not wanted, so that there are zeros and small counts as in a real quarter.
    const weights = series.map(() => (random() < 0.34 ? -3 : 1 + Math.floor(random() * 5)));
    made.push(await fullCounts(dataset, upTo, (place) => weights[place]!));
  }
  return made;
}

/** A return of an authority: how much of each table is its size, and the quarter's luck. */
export function returnOf(base: readonly ((key: string) => number)[], authority: number, quarter: number): Cells {
  const random = randomFrom(SEED + 7 * authority + 1_009 * quarter);
  const size = 1 + (authority % 4);
  const share = base.map((_, at) =>
    at < 3 ? Math.floor(random() * 3) : at === 3 ? Math.floor(random() * (1 + size)) : size - 1,
  );
  return new Map(
    series.map(({ key }) => [
      key,
      { kind: 'value', value: base.reduce((sum, valueOf, at) => sum + share[at]! * valueOf(key), 0) } as const,
    ]),
  );
}

/** The return with one contact that came late: the total counts one more, and of each breakdown one category. No rule is about these. */
export function withLateRecord(cells: Cells): Cells {
  const contacts = dataset.indicators.find(({ code }) => code === 'FD01')!;
  const places = contacts.breakdowns.map(({ dimension, categories }) => ({
    [dimension]: categories?.[0] ?? dataset.dimensions[dimension]!.categories[0]!.code,
  }));
  const more = [{}, ...places].map((categories) => {
    const key = seriesKey(contacts.code, categories, 'count');
    const figure = cells.get(key)!;
    return [key, figure.kind === 'value' ? { ...figure, value: figure.value + 1 } : figure] as const;
  });
  return new Map([...cells, ...more]);
}
