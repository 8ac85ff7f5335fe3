import { Connected } from './connected';
import { partAsPrinted, type PrintedCell, type PrintedTable } from './printed';
import type { Hint, ReadersProof } from './proof';

/**
 * The parts of a printed table that have no hidden cell in common, each a table of its own with the printed cells that its rules
 * name; rules about printed cells alone say nothing more. What is worked out of the parts is what is worked out of the whole,
 * so what did not change from one print to the next need not be worked out again.
 */
export function tablesApart({ cells, equations, ranges }: PrintedTable): PrintedTable[] {
  const cellOf = new Map(cells.map((cell) => [cell.id, cell]));
  const hidden = new Map(cells.flatMap((cell) => ('hidden' in cell ? [cell.id] : [])).map((id, i) => [id, i]));
  const connected = new Connected(hidden.size);
  const rows = [
    ...equations.map((equation) => ({ ids: [equation.total, ...equation.parts], equation })),
    ...ranges.map((range) => ({ ids: range.terms.map(([id]) => id), range })),
  ];
  for (const { ids } of rows) connected.join(ids.flatMap((id) => hidden.get(id) ?? []));

  const parts = new Map<
    number,
    {
      cells: Map<string, PrintedCell>;
      equations: PrintedTable['equations'][number][];
      ranges: PrintedTable['ranges'][number][];
    }
  >();
  const partOf = (one: number) => {
    const at = connected.of(one);
    const found = parts.get(at) ?? { cells: new Map<string, PrintedCell>(), equations: [], ranges: [] };
    parts.set(at, found);
    return found;
  };
  for (const [id, one] of hidden) partOf(one).cells.set(id, cellOf.get(id)!);
  for (const row of rows) {
    const one = row.ids.map((id) => hidden.get(id)).find((each) => each !== undefined);
    if (one === undefined) continue;
    const part = partOf(one);
    for (const id of row.ids) part.cells.set(id, cellOf.get(id)!);
    if ('equation' in row) part.equations.push(row.equation);
    else part.ranges.push(row.range);
  }
  return [...parts.values()].map((part) => partAsPrinted({ ...part, cells: [...part.cells.values()] }));
}

/**
 * The proof of a table, put together from those of its parts: the first tables of all parts make one, and so on. Its members come in the
 * order of the parts; its RFC 8785 text is that of the whole.
 */
export function proofTogether(proofs: readonly ReadersProof[]): ReadersProof {
  const many = Math.max(0, ...proofs.map(({ tables }) => tables.length));
  const joined = (parts: readonly Readonly<Record<string, number>>[]): Record<string, number> =>
    Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
  return {
    v: 1,
    base: joined(proofs.map(({ base }) => base)),
    tables: Array.from({ length: many }, (_, i) => joined(proofs.map(({ tables }) => tables[i] ?? {}))),
    unshown: proofs.flatMap(({ unshown }) => unshown).sort(),
  };
}

/** What a proof of a whole says of the hidden cells of each of these parts; parts and counts may have changed since. */
export function proofApart(parts: readonly PrintedTable[], { base, tables }: Hint): Hint[] {
  const apart = parts.map(() => ({ base: {} as Record<string, number>, tables: [] as Record<string, number>[] }));
  const partOf = new Map(
    parts.flatMap(({ cells }, part) => cells.flatMap((cell) => ('hidden' in cell ? [[cell.id, apart[part]!]] : []))),
  );
  for (const [id, count] of Object.entries(base)) {
    const part = partOf.get(id);
    if (part) part.base[id] = count;
  }
  for (const table of tables) {
    const begun = new Map<unknown, Record<string, number>>();
    for (const [id, change] of Object.entries(table)) {
      const part = partOf.get(id);
      if (!part) continue;
      let own = begun.get(part);
      if (!own) {
        begun.set(part, (own = {}));
        part.tables.push(own);
      }
      own[id] = change;
    }
  }
  return apart;
}
