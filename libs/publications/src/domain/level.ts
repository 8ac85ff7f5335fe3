import { seriesKey, type Dataset } from '@hub/registry/domain';
import type { PublicationDocument, Together } from './document';

/** Figures of a region that are printed already. */
export type PrintedBefore = Pick<PublicationDocument, 'series' | 'threshold' | 'together'>;

/** Dimensions whose categories lie in a row: there a neighbour is taken in. */
const inOrder: ReadonlySet<string> = new Set(['age', 'duration']);

/**
 * Chooses how finely an edition is broken down, from what an edition of an earlier period has printed and from nothing of its own: the
 * choice would tell what it was made from. A category is rare where the region's figure of it is hidden there, or no more than the
 * threshold, for any of the indicators. All rare ones are told together, with the smallest of the others, so that their sum is no small
 * one. What has been told together stays so. A breakdown that is not exhaustive is left alone, and one that others print by its
 * categories: beside these the sum would give the rare ones away.
 */
export function levelOfDetail(dataset: Dataset, before: PrintedBefore): Together[] {
  const printed = new Map(before.series.map(({ key, region }) => [key, region]));
  return listsOf(dataset).flatMap(({ dimension, codes, indicators }): Together[] => {
    /** The smallest figure that the region has of it, 1 where one is hidden; undefined where it has none but noughts. */
    const sizeOf = (category: string): number | undefined => {
      const sizes = indicators.flatMap((code) => {
        const figure = printed.get(seriesKey(code, { [dimension]: category }, 'count'));
        if (figure === 'hidden') return [1];
        return typeof figure === 'number' && figure > 0 ? [figure] : [];
      });
      return sizes.length ? Math.min(...sizes) : undefined;
    };
    const sizes = new Map(codes.flatMap((code) => [[code, sizeOf(code)] as const].filter(([, size]) => size !== undefined))) as Map<string, number>; // prettier-ignore
    const stayed = (before.together ?? []).flatMap((one) =>
      one.dimension === dimension && one.indicators.some((code) => indicators.includes(code)) ? one.categories : [],
    );
    const rare = codes.filter((code) => (sizes.get(code) ?? Infinity) <= before.threshold && !stayed.includes(code));
    const group = new Set([...rare, ...stayed]);
    const isNeighbour = (code: string) => [-1, 1].some((step) => group.has(codes[codes.indexOf(code) + step] ?? ''));
    const [next] = codes
      .filter((code) => sizes.has(code) && !group.has(code) && (!inOrder.has(dimension) || isNeighbour(code)))
      .sort((a, b) => sizes.get(a)! - sizes.get(b)!);
    if (rare.length && !stayed.length && next !== undefined) group.add(next);
    const categories = codes.filter((code) => group.has(code));
    const label = labelOf(dataset, dimension, categories);
    return categories.length > 1 ? [{ dimension, indicators, categories, label }] : [];
  });
}

/** Every list of categories that is asked for, with the indicators that ask for it; but what has to be left alone. */
function listsOf(dataset: Dataset) {
  const lists = new Map<string, { dimension: string; codes: readonly string[]; indicators: string[] }>();
  const alone = new Set<string>();
  for (const { code, breakdowns } of dataset.indicators) {
    for (const { dimension, categories, exhaustive, nationallyPublished, printedLocally } of breakdowns) {
      const codes = categories ?? dataset.dimensions[dimension]!.categories.map((one) => one.code);
      const name = `${dimension} ${codes.join(' ')}`;
      const list = lists.get(name) ?? { dimension, codes, indicators: [] };
      lists.set(name, list);
      list.indicators.push(code);
      if (!exhaustive || nationallyPublished || printedLocally) alone.add(name);
    }
  }
  return [...lists].flatMap(([name, list]) => (alone.has(name) ? [] : [list]));
}

function labelOf(dataset: Dataset, dimension: string, categories: readonly string[]): string {
  const nameOf = (code: string) => dataset.dimensions[dimension]!.categories.find((one) => one.code === code)!.name;
  const names = categories.map(nameOf);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** The series that are told together, and so not printed by themselves. */
export const seriesTogether = (level: readonly Together[]): ReadonlySet<string> =>
  new Set(
    level.flatMap(({ dimension, indicators, categories }) =>
      indicators.flatMap((code) =>
        categories.flatMap((category) => [
          seriesKey(code, { [dimension]: category }, 'count'),
          seriesKey(code, { [dimension]: category }, 'of'),
        ]),
      ),
    ),
  );
