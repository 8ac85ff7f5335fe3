import { outerIntervals, tableAsPrinted, type PrintedCell, type PrintedTable } from '@hub/disclosure';
import { Refusal } from '@hub/kernel';
import type { Dataset } from '@hub/registry/domain';
import { figureId, tableOf } from './checker';
import type { NationalFigure, NationalRelease } from './domain';

/** A count that a release does not print, and what follows of it all the same. */
export interface Opened {
  readonly authority: string;
  readonly key: string;
  readonly period: string;
  readonly least: number;
  readonly most: number;
}

/** Finds intervals; in a thread where others wait. */
export type Intervals = (table: PrintedTable) => Promise<Readonly<Record<string, readonly [number, number | null]>>>;

/**
 * What a release gives away of the counts that it does not print, by adding up: a region less its others, a total less its other
 * categories. A count is opened where what is left of it is no wider than the rounding of the sums, or than a small
 * count may be: whoever reads both numbers knows it.
 * @param printedHere  what this hub prints of a count that the release does not. Where these do not fit beside it they are other counts,
 *   of another day, and the release is read alone
 * @throws Refusal NATIONAL_CONTRADICTS where no counts at all fit what is printed
 */
export async function whatItGivesAway(
  national: NationalRelease,
  dataset: Dataset,
  printedHere: PrintedHere = nothing,
  intervals: Intervals = outerIntervals,
): Promise<Opened[]> {
  const found = await leftOpen(national, dataset, printedHere, intervals);
  if ('series' in found && printedHere !== nothing) return whatItGivesAway(national, dataset, nothing, intervals);
  if ('series' in found) throw new Refusal('NATIONAL_CONTRADICTS', found);
  return found;
}

type PrintedHere = (authority: string, key: string) => number | undefined;
const nothing: PrintedHere = () => undefined;

/** What is given away; or the series of which no count fits. */
async function leftOpen(
  national: NationalRelease,
  dataset: Dataset,
  printedHere: PrintedHere,
  intervals: Intervals,
): Promise<Opened[] | { series: string }> {
  const { threshold, rounding, period } = national;
  const known = (figure: NationalFigure) => figure.printed ?? printedHere(figure.authority, figure.key);
  const table = tableFor(national, dataset, known);
  const found = await intervals(table);
  const narrow = Math.max(threshold - 2, rounding.sum);
  const opened: Opened[] = [];
  for (const figure of national.figures) {
    const { authority, key } = figure;
    const [least, most] = found[figureId(authority, key)] ?? [0, null];
    if (known(figure) !== undefined || most === null) continue;
    if (most < least) return { series: key };
    if (most - least <= narrow) opened.push({ authority, key, period, least, most });
  }
  return opened;
}

/** The release as its readers have it, with what the dataset says of an authority's counts among themselves. */
function tableFor(
  { figures, sums }: NationalRelease,
  dataset: Dataset,
  known: (figure: NationalFigure) => number | undefined,
): PrintedTable {
  const authorities = [...new Set(figures.map(({ authority }) => authority))].sort();
  const at = new Map(figures.map((figure) => [figureId(figure.authority, figure.key), figure]));
  const { cells, equations, ranges } = tableOf(
    {
      zeros: 'either',
      authorities,
      series: [...new Set(figures.map(({ key }) => key))].map((key) => ({
        key,
        // Sums are rounded: what they say is said below.
        region: 'notAvailable',
        figures: authorities.map((authority) => {
          const figure = at.get(figureId(authority, key));
          return figure ? (known(figure) ?? 'hidden') : 'notAvailable';
        }),
      })),
    },
    dataset,
  );
  const open = figures.filter((figure) => known(figure) === undefined);
  return tableAsPrinted({
    cells: cells.map((cell): PrintedCell => cell),
    equations,
    ranges: [
      ...ranges,
      ...open.flatMap(({ authority, key, least, most }) =>
        least > 0 || most !== null
          ? [{ terms: [[figureId(authority, key), 1] as const], lo: least, ...(most === null ? {} : { hi: most }) }]
          : [],
      ),
      ...sums.map(({ key, parts, least, most }) => ({
        terms: parts.map((authority) => [figureId(authority, key), 1] as const),
        lo: least,
        hi: most,
      })),
    ],
  });
}
