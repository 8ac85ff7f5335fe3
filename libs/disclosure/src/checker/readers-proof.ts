import type { PrintedTable } from '../reader/printed';
import type { ReadersProof } from '../reader/proof';

/** A table as its readers have it, from whichever source: who checks need not have had it from who made it. */
export type ReadersTable = Pick<PrintedTable, 'cells' | 'equations' | 'ranges'>;

/**
 * Checks a reader's proof by adding up: each of its tables must fit the print, and every marked cell but those that it
 * names as `unshown` must have two different counts among them.
 * @returns what is wrong, in plain words; undefined when it holds
 */
export function faultInReadersProof(printed: ReadersTable, proof: ReadersProof): string | undefined {
  const { cells } = printed;
  const placeOf = new Map(cells.map(({ id }, place) => [id, place]));
  const hidden = cells.filter((cell) => 'hidden' in cell);
  const base = Float64Array.from(cells, (cell) => ('hidden' in cell ? (proof.base[cell.id] ?? NaN) : cell.value));
  if (hidden.some(({ id }) => proof.base[id] === undefined)) return 'the base lacks a hidden cell';
  if (Object.keys(proof.base).length !== hidden.length) return 'the base names a cell that is not hidden';

  const rows = rowsOf(printed, placeOf);
  const rowsAt = cells.map((): Row[] => []);
  for (const row of rows) for (const place of row.places) rowsAt[place]!.push(row);
  if (!base.every((count, place) => isCount(cells[place]!, count)) || !rows.every((row) => holds(row, base)))
    return 'the base does not fit the print';

  const shown = new Set<string>();
  for (const [at, table] of proof.tables.entries()) {
    const counts = base.slice();
    const touched = new Set<Row>();
    let fits = true;
    for (const [id, change] of Object.entries(table)) {
      const place = placeOf.get(id);
      const cell = place === undefined ? undefined : cells[place];
      if (place === undefined || !cell || !('hidden' in cell)) return `table ${at} changes a cell that is not hidden`;
      if (change === 0) return `table ${at} names a cell that does not change`;
      counts[place] = base[place]! + change;
      fits &&= isCount(cell, counts[place]);
      for (const row of rowsAt[place]!) touched.add(row);
      shown.add(id);
    }
    // A row of which no cell changes holds as it did of the base.
    if (!fits || ![...touched].every((row) => holds(row, counts))) return `table ${at} does not fit the print`;
  }
  const unshown = new Set(proof.unshown);
  for (const cell of hidden) {
    if (cell.hidden === 'marked' && shown.has(cell.id) === unshown.has(cell.id)) {
      return unshown.has(cell.id) ? 'a cell is shown and said not to be' : 'a hidden cell is not shown';
    }
    unshown.delete(cell.id);
  }
  return unshown.size > 0 ? 'an unknown cell is said not to be shown' : undefined;
}

/** lo ≤ Σ coefficient · count ≤ hi, of the cells at these places. */
interface Row {
  readonly places: readonly number[];
  readonly coefficients: readonly number[];
  readonly lo: number;
  readonly hi: number;
}

/** Equations and ranges, all as rows. A row about a cell that the table lacks holds of nothing. */
function rowsOf({ equations, ranges }: ReadersTable, placeOf: ReadonlyMap<string, number>): Row[] {
  const rowOf = (terms: readonly (readonly [string, number])[], lo: number, hi: number): Row => ({
    places: terms.map(([id]) => placeOf.get(id) ?? -1),
    coefficients: terms.map(([, coefficient]) => coefficient),
    lo,
    hi,
  });
  return [
    ...equations.map(({ total, parts, coefs, const: constant = 0 }) =>
      rowOf([[total, 1], ...parts.map((id, i) => [id, -(coefs?.[i] ?? 1)] as const)], constant, constant),
    ),
    ...ranges.map(({ terms, lo = -Infinity, hi = Infinity }) => rowOf(terms, lo, hi)),
  ];
}

function holds({ places, coefficients, lo, hi }: Row, counts: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < places.length; i++) sum += coefficients[i]! * counts[places[i]!]!;
  return Number.isSafeInteger(sum) && sum >= lo && sum <= hi;
}

/** Whole, and where it is hidden not below what everybody knows of it. */
const isCount = (cell: ReadersTable['cells'][number], count: number): boolean =>
  !('hidden' in cell) || (Number.isSafeInteger(count) && count >= cell.least);
