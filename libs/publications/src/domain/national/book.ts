import { leastOf, type Policy, type Problem } from '@hub/disclosure';
import { baseOf, countOf, rangeBond, type Bond, type Book, type Cell, type KnownSum } from '../book/book';
import type { NationalRelease } from './read';

/** What readers of the release know of counts that it does not print. */
export function sumsOf({ figures, sums, period }: NationalRelease): KnownSum[] {
  const printed = new Map(
    figures.flatMap((one) => (one.printed === null ? [] : [[`${one.authority}|${one.key}`, one.printed]])),
  );
  const alone = figures.flatMap(({ authority, key, printed: count, least, most }): KnownSum[] =>
    count === null && (least > 0 || most !== null) ? [{ key, period, parts: [authority], least, most }] : [],
  );
  const together = sums.flatMap(({ key, parts, least, most }): KnownSum[] => {
    const open = parts.filter((authority) => !printed.has(`${authority}|${key}`));
    const off = parts.reduce((sum, authority) => sum + (printed.get(`${authority}|${key}`) ?? 0), 0);
    return open.length ? [{ key, period, parts: open, least: least - off, most: most - off }] : [];
  });
  return [...alone, ...together];
}

/** A national release prints all counts of 0, and promises nothing: what it protects is its own affair. */
const policy: Policy = { threshold: 1, zeros: 'printed', protect: 'exact', told: false, insiders: true };

/**
 * The printed counts of a release in the names of the book: one that the book holds with the same content is that one, and known
 * from now on; any other is a new unknown.
 */
export function printedNationally(book: Book, { figures, period }: NationalRelease): Problem {
  const cells = figures.flatMap(({ authority, key, printed: value }): Cell[] => {
    if (value === null) return [];
    const base = `${authority}|${key}|${period}`;
    const same = book.contents.get(base)?.find((name) => book.cells.get(name)!.cell.value === value);
    return [{ id: same ?? book.fresh(base), value, owner: authority, locked: 'published', sensitive: false }];
  });
  return { cells, equations: [], ranges: [], attackers: [], policy };
}

/**
 * The part of the book that a release touches, as an edition of its own: what it prints, and the counts of which its sums speak. Made
 * for `jointProblem`, by which the book is audited again.
 */
export function touchedBy(book: Book, printed: Problem, sums: readonly KnownSum[]): Problem {
  const names = new Set(printed.cells.map(({ id }) => id));
  const spoken = sums.flatMap(({ key, period, parts }) =>
    parts.flatMap((authority): Cell[] => {
      const name = book.contents.get(`${authority}|${key}|${period}`)?.at(-1);
      return name === undefined || names.has(name) ? [] : [book.cells.get(name)!.cell];
    }),
  );
  return { ...printed, cells: [...printed.cells, ...new Map(spoken.map((cell) => [cell.id, cell])).values()] };
}

/**
 * What national sums say of counts of an edition, together with others that the book holds as they stand. Where the counts that were
 * sent do not fit, everybody is taken to know that they nearly do, as between periods.
 * @param edition  in the book's names
 */
export function nationalBonds(book: Book, edition: Pick<Problem, 'cells' | 'policy'>): Bond[] {
  if (!book.sums.length) return [];
  const own = new Map<string, Cell>();
  for (const cell of edition.cells) if (countOf(cell)) own.set(baseOf(cell.id), cell);
  return book.sums.flatMap(({ key, period, parts, least, most }): Bond[] => {
    const bases = parts.map((authority) => `${authority}|${key}|${period}`);
    if (!bases.some((base) => own.has(base))) return [];
    const cells = bases.map((base) => own.get(base) ?? book.cells.get(book.contents.get(base)?.at(-1) ?? '')?.cell);
    if (!cells.every((cell) => cell !== undefined)) return [];
    const sum = cells.reduce((all, { value }) => all + value, 0);
    let [lo, hi] = [least, most];
    for (let slack = leastOf(cells[0]!, edition.policy); sum < lo || sum > (hi ?? Infinity); slack *= 2) {
      [lo, hi] = [least - slack, most === null ? null : most + slack];
    }
    return [rangeBond({ terms: cells.map(({ id }) => [id, 1] as const), lo, ...(hi === null ? {} : { hi }) })];
  });
}

/** Counts that the book has hidden and that stand in the release. */
export const shownBy = (book: Book, printed: Problem): Cell[] =>
  printed.cells.flatMap(({ id }) => {
    const kept = book.cells.get(id);
    return kept?.isHidden && kept.cell.sensitive ? [kept.cell] : [];
  });
