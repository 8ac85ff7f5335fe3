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

/**
 * The rows in which an exposed count stands and of which others print something, its total or what it is divided by, of this period or
 * a longer one.
 * @param exposed  in the book's names
 */
export function rowsToLeaveOut(
  dataset: Dataset,
  longer: LongerPrint,
  returns: ReadonlyMap<string, Cells>,
  exposed: readonly Exposure[],
): Row[] {
  const standing = exposed.filter(({ id }) => {
    const { key, indicator, categories, measure } = countIn(id);
    // It may follow from a total that others print, or from what it is divided by.
    const around = [key, seriesKey(indicator, {}, measure), denominatorSeriesOf(dataset, indicator, categories)];
    return around.some((one) => one !== null && (nationalMarkOf(dataset, one) ?? localMarkOf(dataset, one) ?? longer(one)[0])); // prettier-ignore
  });
  return rowsOf(
    standing.map(({ id }) => id),
    returns,
  );
}

/**
 * The rows of the totals that others will print and that have something hidden under them. An edition does without all of these where
 * time was too short to find out which of them it could keep.
 */
export const rowsAroundHidden = (problem: Problem, returns: ReadonlyMap<string, Cells>): Row[] =>
  rowsOf(totalsAroundHidden(problem), returns);

function rowsOf(ids: readonly string[], returns: ReadonlyMap<string, Cells>): Row[] {
  const rows = new Map<string, Row>();
  for (const id of ids) {
    const { owner, indicator, categories } = countIn(id);
    const [dimension = null] = Object.keys(categories);
    if (returns.has(owner)) rows.set(`${owner}|${indicator}|${dimension}`, { authority: owner, indicator, dimension });
  }
  return [...rows.values()];
}

/** Whose count an unknown of the book is, and of what. */
function countIn(id: string) {
  const { owner, key } = partsOfName(id)!;
  return { owner, ...parseSeriesKey(key) };
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
