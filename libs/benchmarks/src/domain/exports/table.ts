import { figureInWords } from '@hub/publications/domain';
import type { Registry } from '@hub/registry/domain';
import type { Limits } from '@hub/statistics';
import { publicationInWords, type EditionTold } from '../edition';
import { isSent, type ShownFigure } from '../shown';

/** One figure of an export, as the answers print it. */
export interface ExportFigure {
  readonly kind: ShownFigure['kind'];
  readonly count: number | null;
  /** What a percentage or average is made of, where that is printed itself; null for rates. */
  readonly of: number | null;
  /** Of a rate: the children, and the first and last year of the estimates that they are; null where the reader is not shown it. */
  readonly population: { readonly children: number; readonly from: number; readonly to: number } | null;
  readonly value: number | null;
  /** Whether the value is there, and why not. */
  readonly valueKind: ShownFigure['kind'];
  readonly limits: Limits | null;
}

export interface ExportPlace {
  readonly code: string;
  readonly name: string;
  /** The three-digit number of education statistics. */
  readonly oldNumber: string | null;
  /** The English region that it lies in, whichever network shows it. */
  readonly region: { readonly code: string; readonly name: string };
}

/** By code what the lines of an authority say besides its figures; of a joint return the numbers of those whom it covers. */
export function exportPlaces({
  regions,
  authorities,
}: Pick<Registry, 'regions' | 'authorities'>): Map<string, ExportPlace> {
  const numbers = new Map(authorities.map(({ code, oldNumber }) => [code, oldNumber]));
  return new Map(
    authorities.map(({ code, name, region, covers = [code] }) => [
      code,
      {
        ...{ code, name },
        oldNumber: covers.flatMap((one) => numbers.get(one) ?? []).join(' / ') || null,
        region: regions.find((one) => one.code === region)!,
      },
    ]),
  );
}

export interface ExportIndicator {
  readonly code: string;
  readonly name: string;
  readonly theme: string;
  readonly unit: 'per 10,000' | '%' | 'average';
  /** Behind the unit of a rate of what happens in less than a year, ` in the quarter`; else empty. */
  readonly within: string;
  /** Of its numbers: 1 for what is counted in tenths. */
  readonly decimals: 0 | 1;
}

export interface ExportRow extends ExportIndicator {
  /** How many authorities stand in the region's figure, of how many: `11 of 12`. */
  readonly coverage: { readonly submitted: number; readonly parties: number; readonly text: string };
  /** England's figure of this period: public, and not the hub's; null where there is none. */
  readonly england: ExportEngland | null;
  readonly region: ExportFigure;
  /** By code: of the authorities that the reader is shown by name. */
  readonly figures: ReadonlyMap<string, ExportFigure>;
  /** What those authorities say of how their figures compare. */
  readonly notes: readonly ExportNote[];
  /** What those authorities and the region say of the indicator in the period. */
  readonly said: readonly ExportSaid[];
}

/** What is published for England. */
export interface ExportEngland {
  readonly count: number;
  /** What the value is made of: children, or what a percentage is of. */
  readonly of: number;
  readonly value: number;
  /** Of which period, and whose figure it is. */
  readonly text: string;
}

/** A note of an authority about one indicator. */
export interface ExportNote {
  /** Code of the authority. */
  readonly authority: string;
  /** Kind and periods in words. */
  readonly about: string;
  readonly text: string;
}

/** A commentary, each figure in it as its publication prints it for the reader of the export. */
export interface ExportSaid {
  /** Code of the authority or region that says it. */
  readonly of: string;
  readonly text: string;
}

/** One category of a breakdown, of the indicators that are broken down so. */
export interface ExportBreakdown {
  /** Code of the dimension, `source`. */
  readonly dimension: string;
  readonly dimensionName: string;
  readonly categoryName: string;
  /** In words the categories that it is told together with, itself among them: one text for each list of categories that has it. */
  readonly together: readonly string[];
  readonly rows: readonly ExportRow[];
}

/** All indicators of one published period, as their reader is shown them. */
export interface ExportTable {
  readonly region: { readonly code: string; readonly name: string };
  readonly dataset: string;
  /** The dataset's name: `Safeguarding children: the year`. */
  readonly title: string;
  readonly period: string;
  readonly authorities: readonly ExportPlace[];
  readonly rows: readonly ExportRow[];
  /** Empty where totals alone are wanted. */
  readonly breakdowns: readonly ExportBreakdown[];
  readonly publication: EditionTold & { readonly id: string; readonly number: number; readonly digest: string };
  readonly handling: string;
  /** Indicators that nobody has sent, which have no columns. */
  readonly leftOut: readonly Pick<ExportIndicator, 'code' | 'name'>[];
}

/** Of which publication its figures are, in words. */
export function sourceInWords({ publication, authorities }: Pick<ExportTable, 'publication' | 'authorities'>): string {
  const names = new Map(authorities.map(({ code, name }) => [code, name]));
  return publicationInWords(publication, (code) => names.get(code) ?? code);
}

/** Whether anybody has sent a figure of it. */
const isFilled = ({ region, figures }: ExportRow): boolean => [region, ...figures.values()].some(isSent);

/** Whether the region's figure is not of all its authorities. */
export const isPartial = ({ region, coverage: { submitted, parties } }: ExportRow): boolean =>
  isSent(region) && submitted < parties;

/** Whether the code is one of the statistics, and not a name that a network of authorities has given itself. */
export const isOfficial = ({ code }: ExportTable['region']): boolean => code.startsWith('E');

/** Said of a file in which a line of the region has no code; null where each has. */
export function withoutCode({ region, rows, breakdowns }: ExportTable): string | null {
  if (!isOfficial(region))
    return `${region.name} is no region of the statistics and has no code there: in the CSV its lines are the regional ones with z and "Not applicable", in the workbook those with ${region.code}.`;
  if (![rows, ...breakdowns.map((one) => one.rows)].flat().some(isPartial)) return null;
  return `Figures of ${region.name} in which not all its authorities stand have lines of their own in the CSV: the regional ones with z and "Not applicable" in the place of code and name, for the code is of the whole region. How many stand in them is in the columns that end in _authorities. In the workbook they stand in the region’s rows, and table 5 says of how many they are.`;
}

/** Codes of the indicators that somebody has sent in one of the periods. */
export const sentIn = (tables: readonly Pick<ExportTable, 'rows'>[]): ReadonlySet<string> =>
  new Set(tables.flatMap(({ rows }) => rows.filter(isFilled).map(({ code }) => code)));

/**
 * Without what nobody has sent: columns and categories of nothing but [x] are read by nobody.
 * @param sent  the indicators that have columns: those that somebody has sent in a period of the file
 */
export function filled(table: ExportTable, sent: ReadonlySet<string> = sentIn([table])): ExportTable {
  const { rows, breakdowns } = table;
  return {
    ...table,
    rows: rows.filter(({ code }) => sent.has(code)),
    breakdowns: breakdowns.map((one) => ({ ...one, rows: one.rows.filter(isFilled) })).filter((one) => one.rows.length),
    leftOut: rows.filter(({ code }) => !sent.has(code)),
  };
}

/** What a file of one or more periods has columns of: all that any of them has, as the newest that has it tells it. */
export interface ExportHead extends Pick<ExportTable, 'region' | 'dataset' | 'title' | 'handling' | 'leftOut'> {
  readonly indicators: readonly ExportIndicator[];
  /** Dimensions that are broken down by: code and name. */
  readonly dimensions: ReadonlyMap<string, string>;
  /** Whether authorities are shown by name in any of them. */
  readonly isNamed: boolean;
  /** Whether the children of rates are shown in any of them. */
  readonly isPeopled: boolean;
  /** Periods of indicators that were measured in another unit then: they have no place in its columns. */
  readonly otherUnits: readonly { readonly code: string; readonly period: string }[];
}

/** @param tables  of each period, the newest first, without what nobody has sent */
export function headOf(tables: readonly [ExportTable, ...ExportTable[]]): ExportHead {
  const [{ region, dataset, title }] = tables;
  /** By what they are called, the first told. */
  const firsts = <T>(all: readonly T[], named: (one: T) => string) =>
    new Map([...all].reverse().map((one) => [named(one), one]));
  const rows = tables.flatMap((table) => table.rows);
  const byCode = firsts(rows, ({ code }) => code);
  // In the order in which they are met.
  const indicators = [...new Set(rows.map(({ code }) => code))].map((code) => byCode.get(code)!);
  const dimensions = tables.flatMap(({ breakdowns }) => breakdowns);
  return {
    region,
    dataset,
    title,
    handling: [...new Set(tables.map(({ handling }) => handling))].join(' '),
    indicators,
    dimensions: new Map(dimensions.map(({ dimension, dimensionName }) => [dimension, dimensionName])),
    isNamed: tables.some(({ authorities }) => authorities.length),
    isPeopled: yearsOf(rows.flatMap((row) => [row.region, ...row.figures.values()])) !== null,
    leftOut: [
      ...firsts(
        tables.flatMap(({ leftOut }) => leftOut),
        ({ code }) => code,
      ).values(),
    ].filter(({ code }) => !byCode.has(code)),
    otherUnits: tables.flatMap(({ period, rows: own }) =>
      own.flatMap(({ code, unit }) => (byCode.get(code)!.unit === unit ? [] : [{ code, period }])),
    ),
  };
}

/** The rows of a period by the codes of their columns; without those that were measured in another unit then. */
export const rowsUnder = (
  { indicators }: Pick<ExportHead, 'indicators'>,
  rows: readonly ExportRow[],
): ReadonlyMap<string, ExportRow> => {
  const units = new Map(indicators.map(({ code, unit }) => [code, unit]));
  return new Map(rows.flatMap((row) => (units.get(row.code) === row.unit ? [[row.code, row] as const] : [])));
};

/** What is not in the columns of a file, in sentences. */
export const notInColumns = ({
  leftOut,
  otherUnits,
}: Pick<ExportHead, 'leftOut' | 'otherUnits'>): readonly string[] => [
  ...(leftOut.length ? [leftOutInWords(leftOut)] : []),
  ...otherUnits.map(
    ({ code, period }) =>
      `${code} was measured in another unit in ${period}, and so is not in its columns: export that period by itself.`,
  ),
];

/** Said beside tables that leave indicators out. */
const leftOutInWords = (leftOut: ExportTable['leftOut']): string =>
  `Nobody has sent, and so without a column: ${leftOut.map(({ code, name }) => `${code} ${name}`).join('; ')}.`;

/** What may be done with an export, in a sentence: it is printed on each. */
export const LICENCE =
  'For the purposes and readers that the agreement names, and for no one else; small numbers are protected by the hub. Not under an open licence.';

/** How what has no value is written: hidden, not applicable, and the rest. Spreadsheets put it in brackets. */
export const shorthandOf = ({ valueKind }: Pick<ExportFigure, 'valueKind'>): 'c' | 'z' | 'x' =>
  valueKind === 'hidden' ? 'c' : valueKind === 'notApplicable' ? 'z' : 'x';

/** Why a value is written x, in the words of the pictures; null where it is not. @param figure  undefined: none of the area is there */
function whyNone(figure: ExportFigure | undefined): string | null {
  if (written(figure, 'value') !== 'x') return null;
  if (!figure) return 'not among the figures of the period';
  const why = figureInWords(figure.valueKind as Exclude<ExportFigure['kind'], 'value'>, undefined, 0);
  return figure.kind === 'value' ? `the number is there; what it would be divided by is ${why}` : why;
}

/** Of an area in a period why values are written x: by reason the codes of their indicators, `all` where it is every one. */
export function reasonsOf(
  { indicators }: Pick<ExportHead, 'indicators'>,
  figureOf: (code: string) => ExportFigure | undefined,
): ReadonlyMap<string, string> {
  const reasons = new Map<string, string[]>();
  for (const { code } of indicators) {
    const why = whyNone(figureOf(code));
    if (why !== null) reasons.set(why, [...(reasons.get(why) ?? []), code]);
  }
  const isAll = (codes: readonly string[]) => codes.length > 1 && codes.length === indicators.length;
  return new Map([...reasons].map(([why, codes]) => [why, isAll(codes) ? 'all' : codes.join(', ')]));
}

/** What the reasons mean. Source: the schema's words for the kinds of figures. */
export const WHY_NONE =
  'Not submitted: no return of the authority has it. Not collected: the authority has said that it does not collect it. Not available: it has said that it cannot give it this time; of the region, too few authorities stand in the figure, or others than the reader is shown.';

/** Said of categories without a number of their own: `[x]` alone would be read as missing. */
export const togetherInWords = (period: string, dimensionName: string, label: string): string =>
  `${period}, ${dimensionName}: ${label} are told together, because the region had few of some of them; their sum is what the others leave of the total.`;

/** From which to which year the estimates are that rates of a place in a period are of; null where none is shown. */
export function yearsOf(
  figures: readonly (ExportFigure | undefined)[],
): { readonly from: number; readonly to: number } | null {
  const years = figures.flatMap((figure) => figure?.population ?? []);
  if (!years.length) return null;
  return { from: Math.min(...years.map(({ from }) => from)), to: Math.max(...years.map(({ to }) => to)) };
}

/** Said where the children of rates stand. */
export const POPULATION =
  'Rates are per 10,000 children aged 0 to 17: the mid-year estimate, of the year that stands beside it, by the Office for National Statistics. A newer estimate changes the rates of a publication, not its numbers. Where others are not shown by name the region’s children are not shown either: they would tell who has not sent.';

export type Written = 'count' | 'of' | 'value' | 'lower' | 'upper';

/** Whether a value reads 0 and is not: there are some, and too few to be seen in its decimal. */
export const isLow = ({ count, value }: Pick<ExportFigure, 'count' | 'value'>): boolean =>
  value === 0 && count !== null && count > 0;

/** A number of a figure as a table writes it: itself, or why there is none; a figure that is not there is not available. */
export function written(figure: ExportFigure | undefined, of: Written): number | 'c' | 'z' | 'x' | 'low' {
  if (!figure) return 'x';
  if (figure.kind !== 'value') return shorthandOf(figure);
  if (of === 'count') return figure.count ?? 'x';
  if (of === 'of' && (figure.of ?? figure.population) !== null) return figure.of ?? figure.population!.children;
  if (figure.value === null) return shorthandOf(figure);
  if (of === 'value') return isLow(figure) ? 'low' : figure.value;
  if (of === 'of') return 'x';
  return figure.limits?.[of] ?? 'z';
}
