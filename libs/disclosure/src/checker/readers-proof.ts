import type { PrintedTable } from '../reader/printed';
import type { ReadersProof } from '../reader/proof';

/** A table as its readers have it, from whichever source: who checks need not have had it from who made it. */
export type ReadersTable = Pick<PrintedTable, 'cells' | 'equations' | 'ranges'>;

/**
 * Checks a reader's proof by adding up: each of its tables must fit the print, and every marked cell but those that it
 * names as `unshown` must have two different counts among them.
 * @returns what is wrong, in plain words; undefined when it holds
 */
export const faultInReadersProof = (printed: ReadersTable, proof: ReadersProof): string | undefined =>
  readersCheck(printed)(printed.cells, proof);

/**
 * The same for several who read one print and differ in what they know beside it: its rules are read once.
 * @returns takes the cells as a reader has them, in the order of the print's, and its proof
 */
export function readersCheck(
  printed: ReadersTable,
): (cells: ReadersTable['cells'], proof: ReadersProof) => string | undefined {
  const placeOf = new Map(printed.cells.map(({ id }, place) => [id, place]));
  const rows = rowsOf(printed, placeOf);
  const rowsAt = printed.cells.map((): Row[] => []);
  for (const row of rows) for (const place of row.places) rowsAt[place]?.push(row);
  return (cells, proof) =>
    cells.length === printed.cells.length && cells.every(({ id }, place) => id === printed.cells[place]!.id)
      ? faultIn({ cells, placeOf, rows, rowsAt }, proof)
      : 'the cells are not those of the print';
}

/** A table with its rules as rows, and at each cell its own. */
interface Rows {
  readonly cells: ReadersTable['cells'];
  readonly placeOf: ReadonlyMap<string, number>;
  readonly rows: readonly Row[];
  readonly rowsAt: readonly (readonly Row[])[];
}

function faultIn({ cells, placeOf, rows, rowsAt }: Rows, proof: ReadersProof): string | undefined {
  const hidden = cells.filter((cell) => 'hidden' in cell);
  const base = Float64Array.from(cells, (cell) => ('hidden' in cell ? (proof.base[cell.id] ?? NaN) : cell.value));
  if (hidden.some(({ id }) => proof.base[id] === undefined)) return 'the base lacks a hidden cell';
  if (Object.keys(proof.base).length !== hidden.length) return 'the base names a cell that is not hidden';
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
