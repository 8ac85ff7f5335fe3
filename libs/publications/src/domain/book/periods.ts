import { leastOf, type Problem } from '@hub/disclosure';
import { parsePeriod, periodsUntil, type Period } from '@hub/kernel';
import { parseSeriesKey, type Dataset } from '@hub/registry/domain';
import {
  derivationKey,
  countOf,
  equationBond,
  rangeBond,
  type Bond,
  type Book,
  type Cell,
  type Equation,
  type Policy,
} from './book';

/**
 * How a count goes with time: `adds` where those of shorter periods add up to that of a longer one; `stands` where it is
 * counted on the last day, or over the twelve months up to it, whatever period it is returned for.
 */
export type InTime = (key: string) => 'adds' | 'stands' | undefined;

/** As the specification says it. */
export const inTimeOf = ({ indicators }: Dataset): InTime => {
  const bases = new Map(indicators.map(({ code, basis }) => [code, basis]));
  return (key) => {
    const basis = bases.get(parseSeriesKey(key).indicator);
    return basis === 'flow' ? 'adds' : basis === 'snapshot' || basis === 'rolling12' ? 'stands' : undefined;
  };
};

/**
 * What is known between the periods of one count: months add up to their quarter, quarters to their half and their year;
 * what stands at the end of March is the same in the year's return and in the last quarter's.
 * Where the counts that were sent do not add up, everybody is taken to know that they nearly do. Where some of the
 * shorter periods are not in the book, what the others leave of the longer one is theirs together, and must not follow
 * from what is printed any more than a count that is.
 * @param edition  in the book's names
 */
export function betweenPeriods(
  book: Book,
  edition: Pick<Problem, 'cells' | 'policy'>,
  inTime: InTime,
): { cells: readonly Cell[]; bonds: readonly Bond[] } {
  const { cells, policy } = edition;
  const found: { cells: Cell[]; bonds: Bond[] } = { cells: [], bonds: [] };
  const own = new Map<string, Map<string, Cell>>();
  for (const cell of cells) {
    const count = countOf(cell);
    if (!count || !inTime(count.key)) continue;
    const series = `${count.authority}|${count.key}`;
    own.set(series, (own.get(series) ?? new Map<string, Cell>()).set(count.period, cell));
  }
  for (const [series, mine] of own) {
    const texts = new Set([...mine.keys(), ...(book.periods.get(series) ?? [])]);
    if (texts.size < 2) continue;
    /** The count as it stands: of this edition, or as last released. */
    const latest = (period: Period): Cell =>
      mine.get(period.text) ?? book.cells.get(book.contents.get(`${series}|${period.text}`)!.at(-1)!)!.cell;
    const periods = [...texts].map(parsePeriod);
    if (inTime(series.slice(series.indexOf('|') + 1)) === 'stands') {
      for (const [i, one] of periods.entries()) {
        for (const other of periods.slice(i + 1)) {
          if (one.until !== other.until || ![one, other].some(({ text }) => mine.has(text))) continue;
          found.bonds.push(sumOf(latest(one), [latest(other)], policy));
        }
      }
      continue;
    }
    for (const whole of periods) {
      const shorter = periods.filter((one) => one !== whole && isWithin(one, whole));
      for (const kind of new Set(shorter.map((one) => one.kind))) {
        const parts = shorter.filter((one) => one.kind === kind);
        if (![whole, ...parts].some(({ text }) => mine.has(text))) continue;
        found.bonds.push(...between(latest(whole), parts.map(latest), isTiled(whole, parts), kind));
      }
    }
  }
  return found;

  function between(whole: Cell, parts: readonly Cell[], complete: boolean, kind: string): Bond[] {
    const left = parts.reduce((sum, { value }) => sum - value, whole.value);
    if (complete) return [sumOf(whole, parts, policy)];
    // More in the parts than in the whole: these returns do not go together, and nothing follows from them.
    if (left < 0) return [];
    const { authority, key, period } = countOf(whole)!;
    const base = `${authority}|${key}|${period}~beside its ${kind}s`;
    const equation = (rest: string): Equation => ({ total: whole.id, parts: [...parts.map((one) => one.id), rest] });
    const id = book.derived.get(derivationKey(equation(''), '')) ?? book.fresh(base);
    const { owner, unit } = whole;
    found.cells.push({
      id,
      value: left,
      locked: 'unpublished',
      ...(owner === undefined ? {} : { owner }),
      ...(unit === undefined ? {} : { unit }),
    });
    return [equationBond(equation(id))];
  }
}

/**
 * Whose count a rest between periods is, where it is one count: that of the one part which is not in the book. Of several it is
 * named by the whole.
 */
export function restBetween(
  book: Book,
  { id }: Pick<Cell, 'id'>,
): { authority: string; key: string; period: string } | undefined {
  const match = /^([^|]+)\|(.+#(?:count|of))\|([^|~]+)~beside its (\w+)s\|\d+$/.exec(id);
  if (!match) return undefined;
  const [, authority, key, text, kind] = match as unknown as [string, string, string, string, Period['kind']];
  const whole = parsePeriod(text);
  const inBook = book.periods.get(`${authority}|${key}`);
  // The last part of a whole ends with it: it begins in its last month.
  const [year, month] = whole.until.split('-').map(Number) as [number, number];
  const last = month === 1 ? `${year - 1}-12-01` : `${year}-${String(month - 1).padStart(2, '0')}-01`;
  const missing = periodsUntil({ ...whole, kind, from: last }, 12).filter(
    (part) => isWithin(part, whole) && !inBook?.has(part.text),
  );
  return { authority, key, period: missing.length === 1 ? missing[0]!.text : text };
}

/** The parts are the whole; or nearly, by as many counts as are small, or twice as many, and so on. */
function sumOf(whole: Cell, parts: readonly Cell[], policy: Policy): Bond {
  const left = parts.reduce((sum, { value }) => sum - value, whole.value);
  const ids = parts.map(({ id }) => id);
  if (left === 0) return equationBond({ total: whole.id, parts: ids });
  let slack = leastOf(whole, policy);
  while (slack < Math.abs(left)) slack *= 2;
  return rangeBond({ terms: [[whole.id, 1], ...ids.map((id) => [id, -1] as const)], lo: -slack, hi: slack });
}

const isWithin = (a: Period, b: Period): boolean => b.from <= a.from && a.until <= b.until && a.kind !== b.kind;

/** Whether the parts leave no day of the whole out; parts of one kind never overlap. */
export function isTiled(whole: Period, parts: readonly Period[]): boolean {
  const days = [...parts].sort((a, b) => (a.from < b.from ? -1 : 1));
  return (
    days[0]!.from === whole.from &&
    days.at(-1)!.until === whole.until &&
    days.every((one, i) => i === 0 || days[i - 1]!.until === one.from)
  );
}
