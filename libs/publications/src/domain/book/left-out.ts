import type { Exposure, Problem } from '@hub/disclosure';
import {
  denominatorSeriesOf,
  localMarkOf,
  nationalMarkOf,
  parseSeriesKey,
  seriesKey,
  type Dataset,
} from '@hub/registry/domain';
import type { Cells } from '../compile';
import { partsOfName } from './book';
import { totalsAroundHidden } from './foreseen';
import type { LongerPrint } from './others';

/**
 * What others print can leave a count open that no hiding of ours can save. Holding the edition would not save it either, so the
 * edition does without the row that it stands in: of that authority neither the row nor what is divided by it is printed,
 * nor counted in the region's figures, and so nothing of ours is added to what others print. As with an authority that stands
 * as in the edition before, nobody is told why.
 */
export interface Row {
  readonly authority: string;
  readonly indicator: string;
  /** null: its total, and so all of it. */
  readonly dimension: string | null;
}

/** What an edition is, for the rows that it may do without. */
export interface Leaving {
  readonly dataset: Dataset;
  readonly longer: LongerPrint;
  readonly returns: ReadonlyMap<string, Cells>;
  readonly region: string;
  readonly period: string;
}

/**
 * The rows that an edition can do without so that exposed counts no longer follow from what others print: of each count its own row, where
 * others print that, its total or what it is divided by; and where that row is gone already, or the count is of an earlier quarter and
 * so follows from a year, the row of that which they print; in the end of every authority. Where it is the region's, of every authority.
 * @param exposed  in the book's names
 * @param gone  rows that it does without already
 */
export function rowsToLeaveOut(edition: Leaving, exposed: readonly Exposure[], gone: readonly Row[]): Row[] {
  return exposed.flatMap(({ id }) => {
    const { owner, of } = countIn(id);
    const places = helpful(edition, id);
    const next = (authorities: Iterable<string>) =>
      [...authorities].flatMap((authority) => {
        const rows = places.map((place): Row => ({ authority, ...place }));
        return edition.returns.has(authority) ? (rows.find((row) => !isAmong(gone, row)) ?? []) : [];
      });
    const own = next(owner === edition.region ? edition.returns.keys() : [owner]);
    // What is known of the others' years says what is left of the region's quarter.
    return own.length || of === edition.period ? own : next(edition.returns.keys());
  });
}

/** Which rows may help an exposed count, the one that costs least first. */
function helpful({ dataset, longer, period }: Leaving, id: string): Place[] {
  const { key, indicator, categories, measure, of } = countIn(id);
  // It may follow from a total that others print, or from what it is divided by.
  const divided = [categories, {}].map((each) => denominatorSeriesOf(dataset, indicator, each));
  const around = [key, seriesKey(indicator, {}, measure), ...divided].filter((one) => one !== null);
  const isForeseen = (one: string) => longer(one).length > 0;
  const marked = around.filter((one) => nationalMarkOf(dataset, one) ?? localMarkOf(dataset, one) ?? isForeseen(one));
  if (!marked.length) return [];
  return [...(of === period ? [] : marked.filter(isForeseen)), key, ...marked].map(placeOf);
}

/**
 * The rows of the totals that others will print and that have something hidden under them, in the parts of a problem that time was too
 * short for: to find out which of them the edition could keep.
 * @param unfinished  the cells of these parts
 */
export function rowsAroundHidden(
  problem: Problem,
  returns: ReadonlyMap<string, Cells>,
  unfinished: readonly string[],
  gone: readonly Row[],
): Row[] {
  const rows = totalsAroundHidden(problem, new Set(unfinished)).flatMap((id): Row[] => {
    const { owner: authority, key } = countIn(id);
    return returns.has(authority) ? [{ authority, ...placeOf(key) }] : [];
  });
  return rows.filter((row) => !isAmong(gone, row));
}

export const onceEach = (rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row) => [JSON.stringify(row), row])).values(),
];

const isAmong = (rows: readonly Row[], { authority, indicator, dimension }: Row): boolean =>
  rows.some((one) => one.authority === authority && one.indicator === indicator && one.dimension === dimension);

type Place = Omit<Row, 'authority'>;

function placeOf(key: string): Place {
  const { indicator, categories } = parseSeriesKey(key);
  return { indicator, dimension: Object.keys(categories)[0] ?? null };
}

/** Whose count an unknown of the book is, of what and of which period. */
function countIn(id: string) {
  const { owner, key, period } = partsOfName(id)!;
  return { owner, of: period!, ...parseSeriesKey(key) };
}

/** The returns without some rows: there is no number in them. */
export function withoutRows(
  dataset: Dataset,
  returns: ReadonlyMap<string, Cells>,
  rows: readonly Row[],
): ReadonlyMap<string, Cells> {
  const all = new Map(returns);
  for (const authority of new Set(rows.map((row) => row.authority))) {
    const gone = withDivided(
      dataset,
      rows.filter((row) => row.authority === authority),
    );
    all.set(
      authority,
      new Map(
        [...returns.get(authority)!].map(([key, figure]) => {
          const { indicator, categories } = parseSeriesKey(key);
          const isGone = gone.has(indicator) || Object.keys(categories).some((one) => gone.has(`${indicator}|${one}`));
          return [key, isGone && figure.kind === 'value' ? { kind: 'notAvailable' as const } : figure];
        }),
      ),
    );
  }
  return all;
}

/** The rows, as `RF01` or `RF01|source`, with all whose counts are divided by theirs or add up to them. */
function withDivided({ indicators }: Dataset, rows: readonly Row[]): ReadonlySet<string> {
  const gone = new Set(
    rows.map(({ indicator, dimension }) => (dimension === null ? indicator : `${indicator}|${dimension}`)),
  );
  for (let before = -1; before < gone.size;) {
    before = gone.size;
    for (const { code, denominator, breakdowns } of indicators) {
      const of = 'indicator' in denominator && denominator.indicator !== code ? denominator.indicator : undefined;
      if (of !== undefined && gone.has(of)) gone.add(code);
      for (const { dimension, sumsTo } of breakdowns) {
        if ((of !== undefined && gone.has(`${of}|${dimension}`)) || (sumsTo && gone.has(sumsTo)))
          gone.add(`${code}|${dimension}`);
      }
    }
  }
  return gone;
}
