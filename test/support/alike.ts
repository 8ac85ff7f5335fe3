import { printedTable, protect, readersProof, withOwn } from '@hub/disclosure';
import { Book, protectEdition, type Cells, type ProtectedEdition } from '@hub/publications/domain';
import { loadCatalogue, seriesKey, type Dataset } from '@hub/registry/domain';
import type { AgreementDocument } from '@hub/agreements/domain';
import type { Row } from './world';

/** Returns of a round, by authority. */
export type Rows = ReadonlyMap<string, readonly Row[]>;

const keyOf = ({ indicator, breakdown }: Row, measure: 'count' | 'of') =>
  seriesKey(indicator, breakdown ?? {}, measure);

/** The counts of a return in the units of their series; what was not collected is left out. */
function cellsOf(dataset: Dataset, rows: readonly Row[]): Cells {
  const decimals = new Map(dataset.indicators.map((one) => [one.code, one.decimals]));
  return new Map(
    rows.flatMap((row) =>
      (['count', 'of'] as const).flatMap((measure) => {
        const count = row[measure];
        if (count === undefined) return [];
        const value =
          measure === 'of' && row.indicator === 'WF04' ? count * 10 : count * 10 ** decimals.get(row.indicator)!;
        return [[keyOf(row, measure), { kind: 'value' as const, value: Math.round(value) }] as const];
      }),
    ),
  );
}

interface Place {
  readonly dataset: Dataset;
  readonly region: string;
  readonly period: string;
  readonly authorities: readonly string[];
  readonly policy: AgreementDocument['disclosure'];
}

async function editionOf(place: Place, returns: Rows): Promise<ProtectedEdition | undefined> {
  const edition = await protectEdition(
    new Book(),
    {
      ...place,
      returns: new Map([...returns].map(([authority, rows]) => [authority, cellsOf(place.dataset, rows)])),
      attackers: [],
      ignoreNationalMarks: false,
      datasets: loadCatalogue().datasets,
    },
    (problem) => protect(problem),
  );
  return edition.status === 'protected' ? edition : undefined;
}

const ENOUGH = 4;

const printOf = ({ published, suppressed }: ProtectedEdition) =>
  JSON.stringify([Object.entries(published).sort(), suppressed]);

/**
 * Other returns under the same print: hidden counts are moved as one who looks could move them who knows the print and its own
 * counts, and what is protected and how stays the same. Some moves are enough, each of several counts.
 * @param mine  whose returns stay as they are
 */
export async function othersUnderTheSamePrint(place: Place, returns: Rows, mine: string): Promise<Rows> {
  const first = (await editionOf(place, returns))!;
  const { problem } = first.compiled;
  const own = Object.fromEntries(
    problem.cells.flatMap(({ id, value }) => (id.startsWith(`${mine}|`) ? [[id, value]] : [])),
  );
  const { tables } = await readersProof(withOwn(printedTable(problem, first), own));
  const differences = tables.flatMap((one, i) => [one, ...tables.slice(i + 1).map((other) => minus(one, other))]);
  let moved = returns;
  let moves = 0;
  for (const difference of differences) {
    for (const sign of [1, -1]) {
      const tried = move(moved, difference, sign);
      if (!tried || JSON.stringify([...tried]) === JSON.stringify([...returns])) continue;
      const edition = await editionOf(place, tried).catch(() => undefined);
      if (!edition || printOf(edition) !== printOf(first)) continue;
      moved = tried;
      if (++moves === ENOUGH) return moved;
    }
  }
  return moved;
}

type Change = Readonly<Record<string, number>>;
const minus = (one: Change, other: Change): Change =>
  Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((id) => [id, (one[id] ?? 0) - (other[id] ?? 0)]),
  );

/** The returns with the change in them; undefined where a count would be below 1. */
function move(returns: Rows, change: Change, sign: number): Rows | undefined {
  let isPossible = true;
  const moved = new Map(
    [...returns].map(([authority, rows]) => [
      authority,
      rows.map((row) => {
        const by = (measure: 'count' | 'of') => sign * (change[`${authority}|${keyOf(row, measure)}`] ?? 0);
        if (by('count') === 0 && by('of') === 0) return row;
        const next = {
          ...row,
          count: row.count! + by('count'),
          ...(row.of === undefined ? {} : { of: row.of + by('of') }),
        };
        if (next.count < 1) isPossible = false;
        return next;
      }),
    ]),
  );
  return isPossible ? moved : undefined;
}
