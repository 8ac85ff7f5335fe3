import type { Certificate, Protected } from '@hub/disclosure';

/**
 * A decision as the worker's store keeps it: a table that serves several attackers is written once, and cells by their places in a
 * list. With 14 authorities that is a tenth of the length. What follows from the problem is left out.
 */
export interface KeptDecision extends Omit<Protected, 'certificate' | 'published'> {
  readonly certificate: {
    readonly v: 1;
    readonly cells: readonly string[];
    /** Each as the places of its cells, each followed by its count. */
    readonly tables: readonly (readonly number[])[];
    /** The attacker, and the place of its table. */
    readonly witnesses: readonly (readonly [attacker: string, table: number])[];
    readonly covers: readonly (readonly [cell: number, attacker: string, low: number, high: number])[];
  };
}

/** Gives each thing a place, in the order in which they come. */
function placing<T>(): { of: (one: T) => number; all: () => T[] } {
  const places = new Map<T, number>();
  const of = (one: T) => {
    const place = places.get(one) ?? places.size;
    places.set(one, place);
    return place;
  };
  return { of, all: () => [...places.keys()] };
}

export function keptOf({ certificate, published: _, ...decision }: Protected): KeptDecision {
  const [cells, tables] = [placing<string>(), placing<Readonly<Record<string, number>>>()];
  const witnesses = certificate.witnesses.map(({ attacker, values }) => [attacker, tables.of(values)] as const);
  const covers = certificate.covers.map(
    ({ cell, attacker, low, high }) => [cells.of(cell), attacker, low, high] as const,
  );
  const rows = tables.all().map((values) => Object.entries(values).flatMap(([id, count]) => [cells.of(id), count]));
  return { ...decision, certificate: { v: 1, cells: cells.all(), tables: rows, witnesses, covers } };
}

/** A certificate as it was, of what is kept; those of before are kept as they were. */
export function certificateIn({
  certificate,
}: {
  readonly certificate: KeptDecision['certificate'] | Certificate;
}): Certificate {
  if (!('tables' in certificate)) return certificate;
  const { v, cells, tables, witnesses, covers } = certificate;
  const counts = tables.map((row) => {
    const values: Record<string, number> = {};
    for (let i = 0; i < row.length; i += 2) values[cells[row[i]!]!] = row[i + 1]!;
    return values;
  });
  return {
    v,
    witnesses: witnesses.map(([attacker, table]) => ({ attacker, values: counts[table]! })),
    covers: covers.map(([cell, attacker, low, high]) => ({ cell: cells[cell]!, attacker, low, high })),
  };
}
