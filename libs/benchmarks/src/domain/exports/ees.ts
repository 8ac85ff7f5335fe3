import { csvCell, MONTHS } from '@hub/kernel';
import {
  isOfficial,
  isPartial,
  rowsUnder,
  written,
  yearsOf,
  type ExportFigure,
  type ExportHead,
  type ExportIndicator,
  type ExportRow,
  type ExportTable,
  type Written,
} from './table';

/** A period as explore education statistics writes it: `202526` and `Financial year Q1`. */
export function eesTime(period: string): readonly [time: string, identifier: string] {
  const [year, kind] = period.split('-') as [string, string];
  const financial = `${year}${String((Number(year) + 1) % 100).padStart(2, '0')}`;
  if (kind === 'CY') return [year, 'Calendar year'];
  if (kind === 'FY') return [financial, 'Financial year'];
  if (kind.startsWith('Q')) return [financial, `Financial year ${kind}`];
  if (kind === 'H1') return [financial, 'Part 1 (April to September)'];
  if (kind === 'H2') return [financial, 'Part 2 (October to March)'];
  return [year, MONTHS[Number(kind) - 1]!];
}

export const STANDARD = [
  'time_period',
  'time_identifier',
  'geographic_level',
  'country_code',
  'country_name',
  'region_code',
  'region_name',
  'old_la_code',
  'new_la_code',
  'la_name',
] as const;
/**
 * In the place of code and name where no code is of what the line is of: some of a region's authorities, or a network.
 * Source: the analysts' guide of explore education statistics, of locations to which no code applies.
 */
export const NO_CODE = { code: 'z', name: 'Not applicable' } as const;
/** Where the place of something is not known. Source: the same. */
export const UNKNOWN = { code: 'x', name: 'Not available' } as const;

export const META = [
  'col_name',
  'col_type',
  'label',
  'indicator_grouping',
  'indicator_unit',
  'indicator_dp',
  'filter_hint',
  'filter_grouping_column',
] as const;

const measureOf = { 'per 10,000': 'rate', '%': 'percentage', average: 'average' } as const;

interface Column {
  readonly indicator: Pick<ExportIndicator, 'code' | 'theme'>;
  readonly column: string;
  readonly of: Written | 'authorities';
  readonly label: string;
  readonly unit: '' | '%';
  readonly decimals: 0 | 1;
}

/**
 * The columns of an indicator: number, what the value is made of, value and its limits; and how many authorities stand in
 * the region's figure.
 */
function columnsOf(indicator: ExportIndicator): readonly Column[] {
  const { code, name, unit, within, decimals } = indicator;
  const [stem, measure] = [code.toLowerCase().replace(/[^a-z0-9]/g, '_'), measureOf[unit]];
  const said = { rate: `rate per 10,000 children${within}`, percentage: 'percentage', average: 'average' }[measure];
  const number = { unit: '', decimals } as const;
  const value = { unit: unit === '%' ? '%' : '', decimals: 1 } as const;
  const column = (ending: string, of: Column['of'], what: string, more: Pick<Column, 'unit' | 'decimals'>): Column => ({
    indicator,
    column: `${stem}_${ending}`,
    of,
    label: labelled(name, what, code),
    ...more,
  });
  return [
    column('number', 'count', 'number', number),
    measure === 'rate'
      ? column('denominator', 'of', 'children aged 0 to 17', { unit: '', decimals: 0 })
      : column('denominator', 'of', `what the ${measure} is made of`, number),
    column(measure, 'value', said, value),
    column(`${measure}_lower_ci`, 'lower', `${said}, lower 95% limit`, value),
    column(`${measure}_upper_ci`, 'upper', `${said}, upper 95% limit`, value),
    column('authorities', 'authorities', "authorities in the region's figure", { unit: '', decimals: 0 }),
  ];
}

/** Labels hold 100 letters at most; what is cut is the indicator's name, whose code stands behind. */
function labelled(name: string, measure: string, code: string): string {
  const rest = `: ${measure} (${code})`;
  return `${name.length + rest.length > 100 ? `${name.slice(0, 99 - rest.length)}…` : name}${rest}`;
}

const line = (cells: readonly (string | number)[]) => `${cells.map(csvCell).join(',')}\n`;

/**
 * The pair of files that explore education statistics takes, line by line: of each
 * period one line for the region, another, without a code, for what not all its authorities stand in, one for each authority and one for England where the Department publishes it, the indicators as columns;
 * where breakdowns are wanted, the same for each category, with a filter column for each dimension. Hidden is c, not applicable z,
 * anything else without a number x; low is what rounds to 0 and is not.
 * Source: the analysts' guide of explore education statistics; `eesScreener` holds its published checks against them.
 */
export class EesFiles {
  /** Without an ending, and without years: `safeguarding_quarterly_e12000001`. */
  readonly name: string;
  readonly header: string;
  readonly meta: string;
  private readonly columns: readonly Column[];
  /** Of the estimates that rates are of: none where the reader is shown none. */
  private readonly years: readonly ('from' | 'to')[];
  /** A region alone has no columns of authorities: empty ones are refused. */
  private readonly places: 0 | 3;

  constructor(private readonly head: ExportHead) {
    const { dataset, region, indicators, dimensions, isNamed, isPeopled } = head;
    this.name = `${dataset}_${region.code}`.toLowerCase().replace(/[^a-z0-9_]/g, '_');
    this.columns = indicators.flatMap(columnsOf);
    this.years = isPeopled ? ['from', 'to'] : [];
    this.places = isNamed ? 3 : 0;
    this.header = line([
      ...STANDARD.slice(0, 7 + this.places),
      ...[...dimensions.keys()].map(filterOf),
      ALL,
      ...this.columns.map(({ column }) => column),
      ...this.years.map((end) => `population_${end}`),
    ]);
    const filters = [...dimensions].map(([code, name]) => [filterOf(code), 'Filter', name, '', '', '', '', '']);
    this.meta = [
      META,
      ...filters,
      [ALL, 'Indicator', 'Authorities of the region', '', '', 0, '', ''],
      ...this.columns.map(metaOf),
      ...this.years.map((end) => [`population_${end}`, 'Indicator', YEARS[end], '', '', 0, '', '']),
    ]
      .map(line)
      .join('');
  }

  /** The totals, and then each category: `Total` stands in the columns of all other dimensions. */
  *lines(table: ExportTable): Generator<string> {
    yield* this.linesOf(table, table.rows, () => TOTAL, 'x');
    yield* this.nationalOf(table);
    for (const { dimension, categoryName, rows } of table.breakdowns)
      yield* this.linesOf(table, rows, (one) => (one === dimension ? categoryName : TOTAL), 'z');
  }

  /** @param none  of an indicator that has no row */
  private *linesOf(
    { region, period, authorities }: ExportTable,
    rows: ExportTable['rows'],
    category: (dimension: string) => string,
    none: 'x' | 'z',
  ): Generator<string> {
    const byCode = rowsUnder(this.head, rows);
    const start = [...eesTime(period)];
    const country = ['E92000001', 'England'];
    const filters = [...this.head.dimensions.keys()].map(category);
    const figures = (figureOf: (row: ExportRow) => ExportFigure | undefined, isRegion: boolean) => {
      const parties = rows[0]?.coverage.parties ?? none;
      const cells = this.columns.map(({ indicator: { code }, of }) => {
        const row = byCode.get(code);
        if (of !== 'authorities') return row ? written(figureOf(row), of) : none;
        return !isRegion ? 'z' : !row ? none : figureOf(row) ? row.coverage.submitted : 'x';
      });
      const years = yearsOf(rows.map(figureOf));
      return [isRegion ? parties : 'z', ...cells, ...this.years.map((end) => years?.[end] ?? 'x')];
    };
    const regional = ({ code, name }: ExportTable['region'], isShown: (row: ExportRow) => boolean) => {
      const place = ['Regional', ...country, code, name, ...['', '', ''].slice(0, this.places)];
      return line([...start, ...place, ...filters, ...figures((row) => (isShown(row) ? row.region : undefined), true)]);
    };
    // The official code is of the whole region: whoever joins by it gets no sum of some of its authorities. A network has none.
    const hasCode = (row: ExportRow) => isOfficial(region) && !isPartial(row);
    if (isOfficial(region) && (!rows.length || rows.some(hasCode))) yield regional(region, hasCode);
    if (!isOfficial(region) || rows.some(isPartial)) yield regional(NO_CODE, (row) => !hasCode(row));
    if (!this.places) return;
    for (const { code, name, oldNumber, region: home } of authorities) {
      const cells = figures((row) => row.figures.get(code), false);
      // A category that an authority has nothing of is no line.
      if (none === 'z' && cells.every((cell) => cell === 'x' || cell === 'z')) continue;
      const place = [...country, home.code, home.name, oldNumber ?? 'x', code, name];
      yield line([...start, 'Local authority', ...place, ...filters, ...cells]);
    }
  }

  /** England, where the Department publishes it for the period: public, and not the hub's. */
  private *nationalOf({ period, rows }: ExportTable): Generator<string> {
    const byCode = rowsUnder(this.head, rows);
    if (![...byCode.values()].some(({ england }) => england)) return;
    const cells = this.columns.map(({ indicator: { code }, of }) => {
      const england = byCode.get(code)?.england;
      return of === 'count' || of === 'value' || of === 'of' ? (england?.[of] ?? 'x') : 'z';
    });
    const places = ['', '', ...['', '', ''].slice(0, this.places)];
    const filters = [...this.head.dimensions.keys()].map(() => TOTAL);
    yield line([
      ...eesTime(period),
      'National',
      'E92000001',
      'England',
      ...places,
      ...filters,
      'z',
      ...cells,
      ...this.years.map(() => 'z'),
    ]);
  }
}

/** How many authorities the region has in the period. */
const ALL = 'region_authorities';

const YEARS = {
  from: 'Children of the rates: year of the mid-year estimate, the first',
  to: 'Children of the rates: year of the mid-year estimate, the last',
};

/** The column of a dimension: the Department has one name for that of ethnicity in all its files. */
const filterOf = (dimension: string): string => (dimension === 'ethnicity' ? 'ethnicity_major' : dimension);

/** What stands in the column of a dimension that a line is not broken down by. */
const TOTAL = 'Total';

const metaOf = ({ column, label, unit, decimals, indicator }: Column) => [
  column,
  'Indicator',
  label,
  indicator.theme,
  unit,
  decimals,
  '',
  '',
];
