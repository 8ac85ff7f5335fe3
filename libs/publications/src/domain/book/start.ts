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
  // What was moved counts, not before whom: a table is given once, however many attackers it was for.
  const tables = new Map(certificate.witnesses.map((witness) => [witness.values, witness]));
  const witnesses = [...tables.values()].map(({ attacker, values }) => ({
    attacker,
    values: Object.fromEntries(
      Object.entries(values).flatMap(([id, count]) => {
        const before = book.cells.get(id)?.cell;
        return before ? namesNow(id).map((cell) => [cell.id, cell.value + count - before.value]) : [];
      }),
    ),
  }));
  return {
    suppressed: suppressed.flatMap((id) => namesNow(id).map((cell) => cell.id)),
    certificate: { ...certificate, witnesses, covers: [] },
  };
}
