import { rules, type Stock as StockInUse } from '@hub/contracts';
import type { Problem } from '@hub/disclosure';
import { parsePeriod } from '@hub/kernel';
import { termSeries } from '@hub/registry/domain';
import { baseOf, countOf, equationBond, rangeBond, type Bond, type Book, type Cell } from './book';

/** What is open at the end of a period is what was open before, with what has started and without what has ended. */
export interface Stock extends StockInUse {
  /** A return is not asked about a difference of so many, or of so much percent of what was open before: whichever is more. */
  readonly least: number;
  readonly percent: number;
}

let read: readonly Stock[] | undefined;
/** Those by which returns are asked about, as keys of series. */
export const stocksInUse = (): readonly Stock[] => (read ??= stocks());

function stocks(): Stock[] {
  const [, , { least, percent, stocks: asked }] = rules().queries;
  return asked.map(({ open, started, ended }) => ({
    open: termSeries(open).key,
    started: termSeries(started).key,
    ended: termSeries(ended).key,
    least,
    percent,
  }));
}

/**
 * What is known of an edition's stocks and flows beside those of the period before and after. Where the counts that were sent do not
 * carry on, everybody is taken to know that they nearly do: by no more than a return may leave without being asked, which is public,
 * and where it left more, by twice that as often as it takes.
 * @param edition  in the book's names
 */
export function stockBonds(book: Book, { cells }: Pick<Problem, 'cells'>): Bond[] {
  const own = new Map(cells.filter((cell) => countOf(cell)).map((cell) => [baseOf(cell.id), cell]));
  const at = (authority: string, key: string, period: string): Cell | undefined => {
    const base = `${authority}|${key}|${period}`;
    return own.get(base) ?? book.cells.get(book.contents.get(base)?.at(-1) ?? '')?.cell;
  };
  const found = new Map<string, Bond>();
  for (const cell of own.values()) {
    const { authority, key, period } = countOf(cell)!;
    for (const stock of stocksInUse()) {
      const { open, started, ended } = stock;
      if (key !== open && key !== started && key !== ended) continue;
      const known = new Set([period, ...(book.periods.get(`${authority}|${open}`) ?? [])]);
      const periods = [...known].map(parsePeriod);
      for (const now of periods) {
        const before = periods.find(({ until, kind }) => until === now.from && kind === now.kind);
        if (!before || ![now.text, before.text].includes(period)) continue;
        const closing = at(authority, open, now.text);
        const parts = [
          at(authority, open, before.text),
          at(authority, started, now.text),
          at(authority, ended, now.text),
        ];
        if (!closing || !parts.every((part) => part !== undefined)) continue;
        found.set(closing.id, carriedOn(stock, closing, parts));
      }
    }
  }
  return [...found.values()];
}

function carriedOn({ least, percent }: Stock, closing: Cell, parts: readonly Cell[]): Bond {
  const [opening, more, fewer] = parts.map(({ value }) => value) as [number, number, number];
  const left = closing.value - opening - more + fewer;
  const ids = parts.map(({ id }) => id);
  if (left === 0) return equationBond({ total: closing.id, parts: ids, coefs: [1, 1, -1] });
  let slack = Math.floor(Math.max(least, (opening * percent) / 100));
  while (slack < Math.abs(left)) slack *= 2;
  const terms = [[closing.id, 1], ...ids.map((id, i) => [id, i < 2 ? -1 : 1] as const)] as [string, number][];
  return rangeBond({ terms, lo: -slack, hi: slack });
}
