import { Deadline } from './deadline';
import type { Part, Row } from './parts';

/** Cells that can only move together, some of them the other way round. */
export interface Bundle {
  readonly cells: readonly number[];
  /** 1 or -1 for each cell: its change is this times the change of the bundle. */
  readonly signs: readonly number[];
}

/** A row over bundles: lo ≤ Σ coefficient · change ≤ hi. */
export interface FoldedRow {
  readonly terms: readonly (readonly [bundle: number, coefficient: number])[];
  readonly lo: number;
  readonly hi: number;
}

/** Some cells of a part while all others stand still, folded to what is left to choose. */
export interface Folded {
  readonly bundles: readonly Bundle[];
  readonly rows: readonly FoldedRow[];
}

/**
 * Folds cells by the equations between them: a cell that is alone in an equation cannot move and goes; two that are
 * alone together move as one (an authority's count and the chain of totals above it, while the other authorities stand
 * still). Equations that say the same are kept once.
 * @param cells  those that may move, ascending
 * @throws OutOfTime
 */
export function fold(part: Part, cells: ArrayLike<number>, deadline = Deadline.none): Folded {
  const members = new Map<number, Map<number, number>>();
  const rows = new Map<number, Row>();
  const rowsOf = new Map<number, Set<number>>();
  for (let k = 0; k < cells.length; k++) {
    deadline.checkAt(k);
    const cell = cells[k]!;
    members.set(cell, new Map([[cell, 1]]));
    const at = new Set<number>();
    rowsOf.set(cell, at);
    for (let e = part.cellStart[cell]!; e < part.cellStart[cell + 1]!; e++) {
      const r = part.cellRow[e]!;
      let row = rows.get(r);
      if (!row) rows.set(r, (row = { terms: new Map(), lo: part.rowLo[r]!, hi: part.rowHi[r]! }));
      row.terms.set(cell, part.cellCoef[e]!);
      at.add(r);
    }
  }
  const isEquation = (row: Row) => row.lo === 0 && row.hi === 0;
  const queue = [...rows.keys()].filter((r) => rows.get(r)!.terms.size <= 2);
  const look = (r: number) => {
    if (rows.get(r)!.terms.size <= 2) queue.push(r);
  };
  for (let r = queue.pop(), step = 0; r !== undefined; r = queue.pop(), step++) {
    deadline.checkAt(step);
    const row = rows.get(r);
    if (!row || !isEquation(row)) continue;
    const [first, second] = [...row.terms];
    if (!first) rows.delete(r);
    else if (!second) {
      members.delete(first[0]);
      for (const other of rowsOf.get(first[0])!) {
        rows.get(other)!.terms.delete(first[0]);
        if (other !== r) look(other);
      }
      rows.delete(r);
    } else if (Math.abs(first[1]) === Math.abs(second[1])) {
      // The one that stands in fewer rows joins the other; of equals the later joins the earlier.
      const [big, small] =
        rowsOf.get(first[0])!.size > rowsOf.get(second[0])!.size ||
        (rowsOf.get(first[0])!.size === rowsOf.get(second[0])!.size && first[0] < second[0])
          ? [first[0], second[0]]
          : [second[0], first[0]];
      const sign = first[1] === second[1] ? -1 : 1;
      const into = members.get(big)!;
      for (const [cell, own] of members.get(small)!) into.set(cell, own * sign);
      members.delete(small);
      rowsOf.get(big)!.delete(r);
      rowsOf.get(small)!.delete(r);
      rows.delete(r);
      for (const other of rowsOf.get(small)!) {
        const { terms } = rows.get(other)!;
        const sum = (terms.get(big) ?? 0) + sign * terms.get(small)!;
        terms.delete(small);
        if (sum === 0) {
          terms.delete(big);
          rowsOf.get(big)!.delete(other);
        } else {
          terms.set(big, sum);
          rowsOf.get(big)!.add(other);
        }
        look(other);
      }
    }
  }
  const heads = [...members.keys()].sort((a, b) => a - b);
  const place = new Map(heads.map((head, at) => [head, at]));
  const kept = new Map<string, FoldedRow>();
  for (const [r, row] of rows) {
    deadline.checkAt(r);
    if (row.terms.size === 0) continue;
    const terms = [...row.terms]
      .map(([head, coefficient]): [number, number] => [place.get(head)!, coefficient])
      .sort((a, b) => a[0] - b[0]);
    const turn = isEquation(row) ? Math.sign(terms[0]![1]) : 1;
    const key = isEquation(row) ? terms.map(([at, c]) => `${at}:${c * turn}`).join() : `range ${r}`;
    if (!kept.has(key)) kept.set(key, { terms, lo: row.lo, hi: row.hi });
  }
  return {
    bundles: heads.map((head) => {
      const cells = [...members.get(head)!].sort((a, b) => a[0] - b[0]);
      return { cells: cells.map(([cell]) => cell), signs: cells.map(([, sign]) => sign) };
    }),
    rows: [...kept.values()],
  };
}
