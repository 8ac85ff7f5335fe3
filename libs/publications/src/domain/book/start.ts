import type { Problem, Protected } from '@hub/disclosure';
import { baseOf, type Book } from './book';

/** What an edition was decided to be, to begin the next one from. */
export type Decided = Pick<Protected, 'suppressed' | 'certificate'>;

/**
 * The decision about the edition before in the names of a new one: a count that has changed is another unknown, but it stands in
 * the same place, and what was moved in a witness can be moved again from there. It is a place to begin; nothing is taken
 * for safe because it was.
 * @param book  holds the edition before
 */
export function startFrom(book: Book, { cells }: Problem, { suppressed, certificate }: Decided): Decided {
  const now = new Map(cells.map((cell) => [baseOf(cell.id), cell]));
  const nameNow = (id: string) => now.get(baseOf(id));
  const witnesses = certificate.witnesses.map(({ attacker, values }) => ({
    attacker,
    values: Object.fromEntries(
      Object.entries(values).flatMap(([id, count]): [string, number][] => {
        const [cell, before] = [nameNow(id), book.cells.get(id)?.cell];
        return cell && before ? [[cell.id, cell.value + count - before.value]] : [];
      }),
    ),
  }));
  return {
    suppressed: suppressed.flatMap((id) => nameNow(id)?.id ?? []),
    certificate: { ...certificate, witnesses, covers: [] },
  };
}
