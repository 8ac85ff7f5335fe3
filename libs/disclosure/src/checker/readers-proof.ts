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
  const cells = new Map(printed.cells.map((cell) => [cell.id, cell]));
  const hidden = printed.cells.filter((cell) => 'hidden' in cell);
  const counts = new Map<string, number>();
  for (const cell of printed.cells) {
    const count = 'hidden' in cell ? proof.base[cell.id] : cell.value;
    if (count === undefined) return 'the base lacks a hidden cell';
    counts.set(cell.id, count);
  }
  if (Object.keys(proof.base).length !== hidden.length) return 'the base names a cell that is not hidden';

  const fits = (value: (id: string) => number): boolean =>
    hidden.every(({ id, least }) => Number.isSafeInteger(value(id)) && value(id) >= least) &&
    printed.equations.every(({ total, parts, coefs, const: constant = 0 }) => {
      const sum = parts.reduce((all, id, i) => all + (coefs?.[i] ?? 1) * value(id), constant);
      return Number.isSafeInteger(sum) && sum === value(total);
    }) &&
    printed.ranges.every(({ terms, lo = -Infinity, hi = Infinity }) => {
      const sum = terms.reduce((all, [id, coefficient]) => all + coefficient * value(id), 0);
      return Number.isSafeInteger(sum) && sum >= lo && sum <= hi;
    });
  if (!fits((id) => counts.get(id)!)) return 'the base does not fit the print';

  const shown = new Set<string>();
  for (const [at, table] of proof.tables.entries()) {
    for (const [id, change] of Object.entries(table)) {
      const cell = cells.get(id);
      if (!cell || !('hidden' in cell)) return `table ${at} changes a cell that is not hidden`;
      if (change === 0) return `table ${at} names a cell that does not change`;
      shown.add(id);
    }
    if (!fits((id) => counts.get(id)! + (table[id] ?? 0))) return `table ${at} does not fit the print`;
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
