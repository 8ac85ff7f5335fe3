import { isSensitive, leastOf, type Problem } from '@hub/disclosure';
import { parsePeriod, type Period } from '@hub/kernel';
import {
  countOf,
  derivationKey,
  equationBond,
  partsOfName,
  type Bond,
  type Book,
  type Cell,
  type Equation,
} from './book';
import type { LongerPrint } from './others';
import { isTiled } from './periods';

const PRINTED_BY_OTHERS = '~printed by others';

/**
 * What others will print of a longer period is known beforehand: where an edition closes the year, the year's total is a printed
 * number of its own, tied to its quarters. It is theirs, so nobody here prints it; and what they do not print says nothing.
 * Where the book holds the longer period itself, that count is tied to them already.
 * @param edition  in the book's names
 */
export function foreseenTotals(
  book: Book,
  { cells }: Pick<Problem, 'cells'>,
  longer: LongerPrint,
): { cells: readonly Cell[]; bonds: readonly Bond[] } {
  const found = { cells: new Map<string, Cell>(), bonds: new Map<string, Bond>() };
  const own = new Map(
    cells.flatMap((cell) => (countOf(cell) ? [[cell.id.slice(0, cell.id.lastIndexOf('|')), cell]] : [])),
  );
  for (const cell of own.values()) {
    const { authority, key, period } = countOf(cell)!;
    const { kind } = parsePeriod(period);
    const inBook = book.periods.get(`${authority}|${key}`) ?? new Set<string>();
    for (const { period: text, threshold } of longer(key)) {
      if (inBook.has(text)) continue;
      const whole = parsePeriod(text);
      const tiles = [...new Set([...inBook, period])]
        .map(parsePeriod)
        .filter((one) => one.kind === kind && isIn(one, whole));
      if (!isTiled(whole, tiles)) continue;
      const parts = tiles.map((tile): Cell => {
        const base = `${authority}|${key}|${tile.text}`;
        return own.get(base) ?? book.cells.get(book.contents.get(base)!.at(-1)!)!.cell;
      });
      const value = parts.reduce((sum, part) => sum + part.value, 0);
      if (value < threshold) continue;
      const base = `${authority}|${key}|${text}${PRINTED_BY_OTHERS}`;
      const equation = (total: string): Equation => ({ total, parts: parts.map(({ id }) => id) });
      const id = book.derived.get(derivationKey(equation(''), '')) ?? book.fresh(base);
      const { unit } = cell;
      found.cells.set(id, {
        id,
        value,
        locked: 'published',
        sensitive: false,
        ...(unit === undefined ? {} : { unit }),
      });
      found.bonds.set(id, equationBond(equation(id)));
    }
  }
  return { cells: [...found.cells.values()], bonds: [...found.bonds.values()] };
}

const isIn = (a: Period, b: Period): boolean => b.from <= a.from && a.until <= b.until;

/**
 * Before a year is closed nobody knows its last quarter, and what stands in print then cannot be called back: a small last count
 * would be what the others leave of the year's. So a count of a part of what others will print is sensitive up to twice the threshold,
 * unless its part is the last: of counts that have all been twice as large hardly one in three hundred falls below it.
 */
export function withRoom(problem: Problem, period: Period, longer: LongerPrint): Problem {
  const cells = problem.cells.map((cell): Cell => {
    const name = partsOfName(cell.id);
    const isCount = name?.rest === '' && name.owner !== 'region' && cell.owner !== undefined;
    if (!isCount || cell.locked || cell.value === 0) return cell;
    const isOpen = longer(name.key).some(({ period: text }) => parsePeriod(text).until !== period.until);
    return isOpen && cell.value < 2 * leastOf(cell, problem.policy) ? { ...cell, sensitive: true } : cell;
  });
  return { ...problem, cells };
}

/** The totals that others will print of which one of some cells is a part that is hidden, or has to be: in the book's names. */
export function totalsAroundHidden(
  { cells, equations, policy }: Problem,
  some: ReadonlySet<string>,
): readonly string[] {
  const hidden = new Set(
    cells
      .filter((cell) => some.has(cell.id) && (cell.locked ? cell.locked === 'suppressed' : isSensitive(cell, policy)))
      .map(({ id }) => id),
  );
  return equations
    .filter(({ total, parts }) => isForeseen(total) && parts.some((part) => hidden.has(part)))
    .map(({ total }) => total);
}

/** Whether a name is that of a total which others will print. */
export const isForeseen = (id: string): boolean => id.includes(PRINTED_BY_OTHERS);
