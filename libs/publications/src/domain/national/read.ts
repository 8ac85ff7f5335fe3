import { CsvError, parse } from 'csv-parse/sync';
import { canonical, MONTHS, parsePeriod, Refusal, sha256, type Period, type PeriodKind } from '@hub/kernel';
import { allSeries, type Dataset } from '@hub/registry/domain';

/** How a national release is to be read: which column is which count, and how it is printed. */
export interface NationalMap {
  readonly v: 1;
  /** Its short name, the same every year. */
  readonly release: string;
  readonly title: string;
  readonly by: string;
  readonly dataset: { readonly code: string; readonly version: string };
  /** What a `time_period` stands for, with its `time_identifier` where there are several in a year. */
  readonly periods: keyof typeof spans;
  /** Series by column. */
  readonly columns: Readonly<Record<string, string>>;
  /** Rows that are meant, where the file holds others too: values by column. */
  readonly where?: Readonly<Record<string, string>>;
  /** Counts under it, but not 0, are hidden; others are hidden beside them. */
  readonly threshold: number;
  /** To what counts of authorities, and sums over them, are rounded; 0: not at all. */
  readonly rounding: { readonly authority: number; readonly sum: number };
}

/** What is printed of one count of an authority. */
export interface NationalFigure {
  readonly authority: string;
  readonly key: string;
  /** The count; null where it does not stand there. */
  readonly printed: number | null;
  /** What the print itself says of it. */
  readonly least: number;
  readonly most: number | null;
}

/** A printed sum over authorities: `parts` together are from `least` to `most`. */
export interface NationalSum {
  readonly area: string;
  readonly key: string;
  readonly parts: readonly string[];
  readonly least: number;
  readonly most: number;
}

/** One period of a national release. */
export interface NationalRelease {
  readonly release: string;
  readonly title: string;
  readonly period: string;
  readonly threshold: number;
  readonly rounding: NationalMap['rounding'];
  readonly figures: readonly NationalFigure[];
  readonly sums: readonly NationalSum[];
}

/** Symbols of the format: what each leaves open. `absent`: there is no such count. */
const symbols: Readonly<Record<string, 'hidden' | 'roundsToZero' | 'unsaid' | 'absent'>> = {
  c: 'hidden',
  low: 'roundsToZero',
  k: 'roundsToZero',
  u: 'unsaid',
  x: 'unsaid',
  ':': 'unsaid',
  z: 'absent',
};
/** How a file writes a period of ours, and ours of that kind, for example. A year to 31 August is none of ours. */
interface Span {
  readonly kind: PeriodKind;
  readonly example: string;
  readonly written: (period: Period) => { readonly time_period: string; readonly time_identifier?: string };
}
const yearOf = (date: string) => date.slice(0, 4);
/** The financial year that holds the day: `202526`. */
const financialYear = ({ from }: Period): string => {
  const year = Number(yearOf(from)) - (from.slice(5, 7) < '04' ? 1 : 0);
  return `${year}${String((year + 1) % 100).padStart(2, '0')}`;
};
const monthOf = ({ from }: Period) => Number(from.slice(5, 7));
const spans = {
  /** A reporting year ends on 31 March of the year that it is called by. */
  'year-to-31-march': { kind: 'year', example: '2024-FY', written: ({ until }) => ({ time_period: yearOf(until) }) },
  'financial-year': { kind: 'year', example: '2024-FY', written: (period) => ({ time_period: financialYear(period) }) },
  'financial-quarter': {
    kind: 'quarter',
    example: '2024-Q1',
    written: (period) => ({
      time_period: financialYear(period),
      time_identifier: `Financial Year Q${Math.floor(((monthOf(period) + 8) % 12) / 3) + 1}`,
    }),
  },
  'calendar-quarter': {
    kind: 'quarter',
    example: '2024-Q1',
    written: (period) => ({
      time_period: yearOf(period.from),
      time_identifier: `Calendar Year Q${Math.floor((monthOf(period) - 1) / 3) + 1}`,
    }),
  },
  'calendar-year': { kind: 'calendarYear', example: '2024-CY', written: ({ from }) => ({ time_period: yearOf(from) }) },
  month: {
    kind: 'month',
    example: '2024-04',
    written: (period) => ({ time_period: yearOf(period.from), time_identifier: MONTHS[monthOf(period) - 1]! }),
  },
} satisfies Readonly<Record<string, Span>>;

const fixed = ['time_period', 'geographic_level', 'country_code', 'region_code', 'new_la_code'] as const;

/** @throws Refusal NATIONAL_MAP for what is none, names periods that the hub does not have, or a series that the dataset does not have */
export function parseNationalMap(text: string, datasetOf: (code: string, version: string) => Dataset): NationalMap {
  const refuse = (expected: string): never => {
    throw new Refusal('NATIONAL_MAP', { expected });
  };
  let map: Partial<NationalMap> | null = null;
  try {
    map = JSON.parse(text) as Partial<NationalMap> | null;
  } catch {
    refuse('JSON');
  }
  const isText = (value: unknown) => typeof value === 'string' && value.length > 0 && value.length <= 200;
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (map?.v !== 1 || !isText(map.title) || !isText(map.by)) return refuse('v 1, a title, and by whom');
  if (!/^[a-z0-9-]{1,60}$/.test(map.release ?? '')) return refuse('release: small letters, digits and hyphens');
  if (!Object.hasOwn(spans, map.periods ?? '')) return refuse(`periods: one of ${Object.keys(spans).join(', ')}`);
  const { rounding } = map;
  if (!isCount(map.threshold) || !isCount(rounding?.authority) || !isCount(rounding?.sum))
    return refuse('threshold, rounding.authority and rounding.sum as whole numbers');
  const { code = '', version = '' } = map.dataset ?? {};
  const known = new Set(allSeries(datasetOf(code, version)).map(({ key }) => key));
  const keys = Object.values(map.columns ?? {});
  if (!keys.length || new Set(keys).size < keys.length || !keys.every((key) => known.has(key)))
    return refuse('columns: for each column one series of the dataset');
  if (!Object.values(map.where ?? {}).every(isText)) return refuse('where: a value for each column');
  return map as NationalMap;
}

/**
 * Reads one period of a national release in the format of explore education statistics: one row for each authority, region and for
 * England. A sum is over the authorities that stand under its code in the file itself: what they are depends on the year.
 * @param period  ours, `2020-FY`
 * @throws Refusal NATIONAL_FILE | NATIONAL_SYMBOL with line and column | NATIONAL_CONTRADICTS where printed parts do not give a
 *   printed sum
 */
export function readNational(csv: string, map: NationalMap, period: string): NationalRelease {
  const ours = parsePeriod(period);
  const span: Span = spans[map.periods];
  if (ours.kind !== span.kind) throw new Refusal('NATIONAL_FILE', { expected: `a period such as ${span.example}` });
  const written = span.written(ours);
  const where = Object.entries(map.where ?? {});
  const rows = recordsOf(csv, [
    ...fixed,
    ...Object.keys(written),
    ...Object.keys(map.columns),
    ...where.map(([column]) => column),
  ]).filter(
    ({ row }) =>
      Object.entries(written).every(([column, text]) => row[column]!.toLowerCase() === text.toLowerCase()) &&
      where.every(([column, value]) => row[column] === value),
  );
  if (!rows.length) throw new Refusal('NATIONAL_FILE', { expected: `rows of ${Object.values(written).join(', ')}` });
  const locals = rows.filter(({ row }) => row['geographic_level'] === 'Local authority');
  const figures: NationalFigure[] = [];
  const sums: NationalSum[] = [];
  for (const [column, key] of Object.entries(map.columns)) {
    const own = new Map<string, NationalFigure>();
    for (const one of locals) {
      const authority = one.row['new_la_code']!;
      if (own.has(authority))
        throw new Refusal('NATIONAL_FILE', { line: String(one.line), expected: 'each authority once' });
      const figure = figureOf(one, column, map);
      if (figure) own.set(authority, { authority, key, ...figure });
    }
    figures.push(...own.values());
    for (const one of rows) {
      const { geographic_level: level, region_code: region, country_code: country } = one.row;
      if (level !== 'Regional' && level !== 'National') continue;
      const parts = locals
        .filter(({ row }) => level === 'National' || isWithin(row['region_code']!, region!, locals))
        .map(({ row }) => row['new_la_code']!)
        .filter((authority) => own.has(authority));
      const count = countOf(one, column);
      if (count === undefined || !parts.length) continue;
      const [least, most] = within(count, map.rounding.sum);
      sums.push({ area: level === 'National' ? country! : region!, key, parts, least, most });
    }
  }
  for (const { key, parts, least, most } of sums) {
    const all = figures.filter((figure) => figure.key === key && parts.includes(figure.authority));
    const low = all.reduce((sum, figure) => sum + figure.least, 0);
    const high = all.reduce((sum, figure) => sum + (figure.most ?? Infinity), 0);
    if (low > most || high < least) throw new Refusal('NATIONAL_CONTRADICTS', { series: key });
  }
  return {
    release: map.release,
    title: map.title,
    period,
    threshold: map.threshold,
    rounding: map.rounding,
    figures,
    sums,
  };
}

/**
 * What tells one release from another: SHA-256, lower-case hex, of the RFC 8785 form of what was read of it. Whoever has the Department's
 * file and the map finds the same.
 */
export const nationalDigest = ({ dataset: { code, version } }: NationalMap, facts: NationalRelease): string =>
  sha256(canonical({ v: 1, dataset: { code, version }, ...facts })).toString('hex');

/** The file without what is not asked for: other periods, other columns, names. It reads as the whole one. */
export function narrowed(csv: string, map: NationalMap, period: string): string {
  const span: Span = spans[map.periods];
  const written = Object.entries(span.written(parsePeriod(period)));
  const where = Object.keys(map.where ?? {});
  const columns = [...new Set([...fixed, ...written.map(([column]) => column), ...Object.keys(map.columns), ...where])];
  const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const kept = recordsOf(csv, columns).filter(({ row }) =>
    written.every(([column, text]) => row[column]!.toLowerCase() === text.toLowerCase()),
  );
  return [columns, ...kept.map(({ row }) => columns.map((column) => row[column]!))]
    .map((cells) => cells.map(quoted).join(','))
    .join('\n');
}

interface Row {
  readonly line: number;
  readonly row: Readonly<Record<string, string>>;
}

function recordsOf(csv: string, columns: readonly string[]): Row[] {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(csv, { bom: true, columns: true, info: true }) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (error as CsvError & { lines?: number }).lines ?? 1;
    throw new Refusal('NATIONAL_FILE', { line: String(line), expected: 'a whole CSV file' });
  }
  const missing = columns.find((column) => records[0] && !(column in records[0].record));
  if (!records.length || missing !== undefined)
    throw new Refusal('NATIONAL_FILE', { expected: missing === undefined ? 'rows' : `a column ${missing}` });
  return records.map(({ record, info }) => ({ line: info.lines, row: record }));
}

/** Whole numbers alone; undefined for a symbol. @throws Refusal NATIONAL_SYMBOL for what is neither */
function countOf({ row, line }: Row, column: string): number | undefined {
  const text = row[column]!;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!Object.hasOwn(symbols, text)) throw new Refusal('NATIONAL_SYMBOL', { line: String(line), column });
  return undefined;
}

/** A symbol says what it says and no more: `c` stands beside small counts too, to protect them, so it has no end above. */
function figureOf(
  one: Row,
  column: string,
  { rounding }: NationalMap,
): Omit<NationalFigure, 'authority' | 'key'> | null {
  const count = countOf(one, column);
  if (count !== undefined) {
    const [least, most] = within(count, rounding.authority);
    return { printed: rounding.authority === 0 ? count : null, least, most };
  }
  const says = symbols[one.row[column]!];
  if (says === 'absent') return null;
  if (says === 'hidden') return { printed: null, least: 1, most: null };
  const most = says === 'roundsToZero' ? Math.floor(Math.max(rounding.authority, 1) / 2) : null;
  return { printed: null, least: 0, most };
}

const within = (count: number, rounding: number): [number, number] => [
  Math.max(0, Math.ceil(count - rounding / 2)),
  Math.floor(count + rounding / 2),
];

/** London's authorities stand under its halves, which are rows of their own beside London. */
function isWithin(own: string, region: string, locals: readonly Row[]): boolean {
  if (own === region) return true;
  const isLondon = region === 'E12000007' && !locals.some(({ row }) => row['region_code'] === region);
  return isLondon && own.startsWith('E1300000');
}
