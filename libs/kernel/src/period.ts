import { Refusal } from './refusal';

export type PeriodKind = 'month' | 'quarter' | 'half' | 'year' | 'calendarYear';

/**
 * A reporting period. `from` and `until` are civil dates (`2025-04-01`), half-open: `until` is the day after the last.
 * Months `2025-07`; quarters, half-years and years of the financial year that begins on 1 April: `2025-Q1` is April to
 * June 2025, `2025-H1` April to September 2025, `2025-FY` April 2025 to March 2026; calendar years `2025-CY`.
 */
export interface Period {
  readonly text: string;
  readonly kind: PeriodKind;
  readonly from: string;
  readonly until: string;
}

/** How many months a period of a kind is long. */
export const monthsIn: Readonly<Record<PeriodKind, number>> = {
  month: 1,
  quarter: 3,
  half: 6,
  year: 12,
  calendarYear: 12,
};

/** The months in English, January first. */
export const MONTHS: readonly string[] =
  'January February March April May June July August September October November December'.split(' ');

/** A period as people say it: `July 2025`, `April to June 2025`, `October 2025 to March 2026`, `year to March 2026`. */
export function periodInWords({ kind, from, until }: Period): string {
  const [first, last] = [from, until].map((day, i) => {
    const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - i;
    return { month: MONTHS[months % 12]!, year: Math.floor(months / 12) };
  }) as [{ month: string; year: number }, { month: string; year: number }];
  const end = `${last.month} ${last.year}`;
  if (kind === 'year') return `year to ${end}`;
  if (kind === 'month') return end;
  return `${first.month}${first.year === last.year ? '' : ` ${first.year}`} to ${end}`;
}

/** The same where there is little room: `Jul 2025`, `Apr–Jun 2025`, `Oct 2025–Mar 2026`, `year to Mar 2026`. */
export const periodInShort = (period: Period): string =>
  periodInWords(period)
    .replace(/[A-Z]\w+/g, (month) => month.slice(0, 3))
    .replace(/(?<!^year) to /, '–');

/** The first day of month `month`, counted from January (0) of `year` and allowed to run past December. */
const firstOf = (year: number, month: number) =>
  `${year + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;

/** Each is parsed once: the form leaves fewer than two thousand. */
const parsed = new Map<string, Period>();

const FORM = /^(20\d\d)-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])|(FY)|(CY))$/;

/** @throws Refusal PERIOD_MALFORMED when `text` is not written as above. */
export function parsePeriod(text: string): Period {
  const known = parsed.get(text);
  if (known) return known;
  const period = Object.freeze(periodIn(text));
  parsed.set(text, period);
  return period;
}

function periodIn(text: string): Period {
  const match = FORM.exec(text);
  if (!match) throw new Refusal('PERIOD_MALFORMED', { expected: '2025-07, 2025-Q1, 2025-H1, 2025-FY or 2025-CY' });
  const year = Number(match[1]);
  const span = (kind: PeriodKind, month: number, months: number): Period => ({
    text,
    kind,
    from: firstOf(year, month),
    until: firstOf(year, month + months),
  });
  if (match[2]) return span('month', Number(match[2]) - 1, 1);
  if (match[3]) return span('quarter', 3 * Number(match[3]), 3);
  if (match[4]) return span('half', 6 * Number(match[4]) - 3, 6);
  if (match[5]) return span('year', 3, 12);
  return span('calendarYear', 0, 12);
}

/**
 * Periods of one kind that follow one another, `count` of them, oldest first; the last one is the one given. Fewer where the
 * first ones would lie before 2000, of which there are none.
 */
export function periodsUntil({ kind, from }: Period, count: number): Period[] {
  const [year, month] = from.split('-').map(Number) as [number, number];
  const months = monthsIn[kind];
  return Array.from({ length: count }, (_, i) => i).flatMap((i) => {
    const back = year * 12 + (month - 1) - months * (count - 1 - i);
    const [y, m] = [Math.floor(back / 12), back % 12];
    // The financial year begins in April.
    const financial = m < 3 ? y - 1 : y;
    const quarter = Math.floor(((m + 9) % 12) / 3);
    const text = {
      month: `${y}-${String(m + 1).padStart(2, '0')}`,
      quarter: `${financial}-Q${quarter + 1}`,
      half: `${financial}-H${quarter < 2 ? 1 : 2}`,
      year: `${financial}-FY`,
      calendarYear: `${y}-CY`,
    }[kind];
    return FORM.test(text) ? [parsePeriod(text)] : [];
  });
}

/** Earlier first; of two that begin together the shorter first. For `sort`. */
export const comparePeriods = (a: Period, b: Period): number =>
  a.from !== b.from ? (a.from < b.from ? -1 : 1) : a.until < b.until ? -1 : a.until > b.until ? 1 : 0;
