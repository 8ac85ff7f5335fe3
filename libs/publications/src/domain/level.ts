import { monthsIn, parsePeriod, type Period } from '@hub/kernel';
import { parseSeriesKey, seriesKey, type Dataset } from '@hub/registry/domain';
import { inTimeOf } from './book/periods';
import type { PublicationDocument, Together } from './document';
import type { NationalRelease } from './national/read';

/** Figures of a region that are printed already. */
export type PrintedBefore = Pick<PublicationDocument, 'series' | 'together' | 'between'>;

/** What anybody can read of how many a region has of each category, of periods before an edition's. */
export interface PrintedOfRegion {
  /** The newest edition of the region that is about an earlier period; absent: there is none. */
  readonly edition?: PrintedBefore;
  /** What others have printed (`printedByOthers`): for what the edition does not say. */
  readonly others: ReadonlyMap<string, number>;
  /** Counts below it are small. */
  readonly threshold: number;
}

/** Dimensions whose categories lie in a row: there a neighbour is taken in. */
const inOrder: ReadonlySet<string> = new Set(['age', 'duration']);

/**
 * Chooses how finely an edition is broken down, from what an edition of an earlier period and others have printed and from nothing of its own: the
 * choice would tell what it was made from. A category is rare where the region's figure of it is no more than the threshold there, or is
 * hidden and may be so few for all that is printed, for any of the indicators. All rare ones are told together, with the smallest of the others, so that their sum is no small
 * one. What has been told together stays so. A breakdown that is not exhaustive is left alone, and one that others print by its
 * categories: beside these the sum would give the rare ones away.
 */
export function levelOfDetail(dataset: Dataset, { edition, others, threshold }: PrintedOfRegion): Together[] {
  const printed = new Map(edition?.series.map(({ key, region }) => [key, region]));
  const units = new Map(dataset.indicators.map(({ code, decimals }) => [code, 10 ** decimals]));
  return listsOf(dataset).flatMap(({ dimension, codes, indicators }): Together[] => {
    /** The smallest figure that the region has of it, of a hidden one the least that the print leaves; undefined where it has none but noughts. */
    const sizeOf = (category: string): number | undefined => {
      const sizes = indicators.flatMap((code) => {
        const key = seriesKey(code, { [dimension]: category }, 'count');
        const figure = printed.get(key);
        const least = figure === 'hidden' ? Math.max(1, edition?.between?.[key]?.['region']?.[0] ?? 1) : figure;
        const size = typeof least === 'number' ? least : (others.get(key) ?? 0);
        return size > 0 ? [size / units.get(code)!] : [];
      });
      return sizes.length ? Math.min(...sizes) : undefined;
    };
    const sizes = new Map(
      codes.flatMap((code) => [[code, sizeOf(code)] as const].filter(([, size]) => size !== undefined)),
    ) as Map<string, number>;
    const stayed = (edition?.together ?? []).flatMap((one) =>
      one.dimension === dimension && one.indicators.some((code) => indicators.includes(code)) ? one.categories : [],
    );
    const rare = codes.filter((code) => (sizes.get(code) ?? Infinity) <= threshold && !stayed.includes(code));
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

/**
 * How many a region has of each series at least, by what others have printed of earlier periods: of several the newest. What adds up
 * over time is told for as long as the edition's period.
 * @param releases  in any order; those that do not end before the period are not asked
 */
export function printedByOthers(
  releases: readonly Pick<NationalRelease, 'period' | 'figures'>[],
  dataset: Dataset,
  authorities: readonly string[],
  period: Period,
): ReadonlyMap<string, number> {
  const inTime = inTimeOf(dataset);
  const known = new Set(dataset.indicators.map(({ code }) => code));
  const earlier = releases
    .map(({ period: text, figures }) => ({ of: parsePeriod(text), figures }))
    .filter(({ of }) => of.until <= period.from)
    .sort((a, b) => (a.of.until < b.of.until ? -1 : 1));
  const sizes = new Map<string, number>();
  for (const { of, figures } of earlier) {
    const sums = new Map<string, number>();
    for (const { authority, key, printed, least } of figures) {
      if (authorities.includes(authority)) sums.set(key, (sums.get(key) ?? 0) + (printed ?? least));
    }
    for (const [key, sum] of sums) {
      const way = known.has(parseSeriesKey(key).indicator) ? inTime(key) : undefined;
      const share = way === 'adds' ? monthsIn[period.kind] / monthsIn[of.kind] : 1;
      if (way !== undefined) sizes.set(key, sum * share);
    }
  }
  return sizes;
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
