import type { Equation, Problem, Range, Release } from '../problem';

/*
 * What a reader has in hand, and nothing else. Everything that is shown to readers is computed from this type alone: a
 * hidden cell has no number in it, so nothing made from it can hold the truth.
 */

/** One cell as it is printed, or the mark that it is hidden. */
export type PrintedCell =
  | { readonly id: string; readonly value: number }
  | {
      readonly id: string;
      /** `marked` in the print, or never printed by anybody (what parts leave of their whole). */
      readonly hidden: 'marked' | 'unprinted';
      /** What everyone knows of a hidden count: 1 or more where zeros are always printed, 0 or more otherwise. */
      readonly least: 0 | 1;
      readonly value?: never;
    };

declare const brand: unique symbol;

/**
 * A table as its readers have it: cells in ascending order of ids, and the equations and ranges that everybody knows.
 * Made by `printedTable`, `tableAsPrinted`, `partAsPrinted` and `withOwn` alone; a problem, which holds the truth, does not pass for it.
 */
export interface PrintedTable {
  readonly cells: readonly PrintedCell[];
  readonly equations: readonly Equation[];
  readonly ranges: readonly Range[];
  readonly [brand]: true;
}

/**
 * Drops from a problem everything that the release does not print. The one place where truth and print meet: what
 * comes out depends on printed counts, on what is marked, and on the rules.
 */
export function printedTable(problem: Problem, release: Release): PrintedTable {
  const suppressed = new Set(release.suppressed);
  const marked = problem.policy.zeros === 'printed' ? 1 : 0;
  const cells = problem.cells.map(({ id, value, locked }): PrintedCell => {
    if (locked === 'unpublished') return { id, hidden: 'unprinted', least: 0 };
    return suppressed.has(id) ? { id, hidden: 'marked', least: marked } : { id, value };
  });
  const equations = problem.equations.map(({ total, parts, coefs, const: constant }) => ({
    total,
    parts,
    ...(coefs ? { coefs } : {}),
    ...(constant ? { const: constant } : {}),
  }));
  return inOrder({ cells, equations, ranges: problem.ranges });
}

/** A table that somebody has read off a print: there is no hidden count in it that could be dropped. */
export const tableAsPrinted = (table: Pick<PrintedTable, 'cells' | 'equations' | 'ranges'>): PrintedTable =>
  inOrder(table);

/**
 * The table as one insider has it: the print, and its own hidden counts.
 * @param own  counts by id; ids that are printed anyway or unknown change nothing
 */
export function withOwn(printed: PrintedTable, own: Readonly<Record<string, number>>): PrintedTable {
  const cells = printed.cells.map((cell): PrintedCell => {
    const count = own[cell.id];
    return 'hidden' in cell && count !== undefined ? { id: cell.id, value: count } : cell;
  });
  // The order of a table does not depend on what is hidden in it.
  return { ...printed, cells };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Puts everything in an order of its own, so that the same print is the same table in whichever order it came. */
function inOrder(table: Pick<PrintedTable, 'cells' | 'equations' | 'ranges'>): PrintedTable {
  const sorted = <T>(list: readonly T[]) =>
    list
      .map((each) => ({ each, text: JSON.stringify(each) }))
      .sort((a, b) => compare(a.text, b.text))
      .map(({ each }) => each);
  return cellsInOrder({ ...table, equations: sorted(table.equations), ranges: sorted(table.ranges) });
}

/** Cells and rules out of a printed table, the rules in its order. */
export const partAsPrinted = (part: Pick<PrintedTable, 'cells' | 'equations' | 'ranges'>): PrintedTable =>
  cellsInOrder(part);

const cellsInOrder = (table: Pick<PrintedTable, 'cells' | 'equations' | 'ranges'>): PrintedTable =>
  ({ ...table, cells: [...table.cells].sort((a, b) => compare(a.id, b.id)) }) as unknown as PrintedTable;
