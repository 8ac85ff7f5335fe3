import type { Problem, Protected } from '@hub/disclosure';
import { baseOf, type Book, type Cell } from './book';

/** What an edition was decided to be, to begin the next one from. */
export type Decided = Pick<Protected, 'suppressed' | 'certificate'>;

/**
 * The decision about the edition before in the names of a new one: a count that has changed is another unknown, but it stands in
 * the same place, and what was moved in a witness can be moved again from there. It is a place to begin; nothing is taken
 * for safe because it was.
 * @param book  holds the edition before
 */
export function startFrom(book: Book, { cells }: Problem, { suppressed, certificate }: Decided): Decided {
  // Where the old content is still in the problem, beside the new one, both stand for it.
  const now = new Map<string, Cell[]>();
  for (const cell of cells) now.set(baseOf(cell.id), [...(now.get(baseOf(cell.id)) ?? []), cell]);
  const namesNow = (id: string) => now.get(baseOf(id)) ?? [];
  // Each cell of before is looked up once, however many tables move it.
  const standing = new Map<string, readonly (readonly [id: string, change: number])[]>();
  const standingFor = (id: string) => {
    let its = standing.get(id);
    if (!its) {
      const before = book.cells.get(id)?.cell;
      its = before ? namesNow(id).map((cell) => [cell.id, cell.value - before.value] as const) : [];
      standing.set(id, its);
    }
    return its;
  };
  // What was moved counts, not before whom: a table is given once, however many attackers it was for.
  const tables = new Map(certificate.witnesses.map((witness) => [witness.values, witness]));
  const witnesses = [...tables.values()].map(({ attacker, values }) => {
    const counts: Record<string, number> = {};
    for (const id of Object.keys(values)) {
      for (const [name, change] of standingFor(id)) counts[name] = values[id]! + change;
    }
    return { attacker, values: counts };
  });
  return {
    suppressed: suppressed.flatMap((id) => namesNow(id).map((cell) => cell.id)),
    certificate: { ...certificate, witnesses, covers: [] },
  };
}
