import { strToU8, Zip, ZipDeflate } from 'fflate';
import { parsePeriod } from '@hub/kernel';
import { WHAT_LIMITS_LEAVE_OUT } from '../chance';
import { escaped } from '../charts';
import { dayInFull, editionMark } from '../edition';
import { isSent } from '../shown';
import {
  LICENCE,
  headOf,
  isPartial,
  notInColumns,
  POPULATION,
  reasonsOf,
  sourceInWords,
  rowsUnder,
  togetherInWords,
  WHY_NONE,
  written,
  yearsOf,
  type ExportFigure,
  type ExportHead,
  type ExportIndicator,
  type ExportRow,
  type ExportTable,
  type Written,
} from './table';

/** A sheet: what stands above the table, and the columns of the table. */
interface SheetOf {
  readonly name: string;
  readonly above: readonly string[];
  readonly columns?: readonly string[];
  /** Of columns that hold numbers, by their place, how these are written; all others hold texts. */
  readonly formats?: ReadonlyMap<number, number>;
  /** Of lines above, by their place, the sheet that each leads to. */
  readonly links?: ReadonlyMap<number, string>;
}

const letters = (i: number): string =>
  (i < 26 ? '' : letters(Math.floor(i / 26) - 1)) + String.fromCharCode(65 + (i % 26));
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

type Cell = string | number;
const [PLAIN, TITLE, HEADING, WRAPPED, LINK, QUOTED] = [0, 1, 2, 3, 4, 5];
/** Numbers with separators of thousands, whole and with one decimal; years; and what stands in place of a number. */
const [WHOLE, TENTHS, YEARS, SHORT] = [6, 7, 8, 9];
/** What a spreadsheet would run if it were typed into a cell. */
const RUN = /^[=+\-@\t\r]/;

/** Cells hold texts as texts, whatever they begin with, so that none is ever a formula; not even once somebody edits it. */
function cell(value: Cell, at: string, style: number): string {
  if (typeof value === 'number') return `<c r="${at}" s="${style}"><v>${value}</v></c>`;
  return `<c r="${at}" s="${RUN.test(value) ? QUOTED : style}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
}
/** @param formats  as those of a sheet @param texts  the style of all other columns */
const line = (cells: readonly Cell[], row: number, texts: number, formats: SheetOf['formats'] = new Map()) =>
  `<row r="${row}">${cells
    .map((one, c) => {
      const format = formats.get(c) ?? texts;
      return cell(one, `${letters(c)}${row}`, typeof one === 'string' && formats.has(c) ? SHORT : format);
    })
    .join('')}</row>`;

/** Whose figures do not compare: the indicators that a place has said something of. */
const CARE = 'Compare with care, see table 6';
/** Columns that hold sentences, or names longer than a figure. */
const WIDE: Readonly<Record<string, number>> = {
  Note: 80,
  Commentary: 80,
  'Why [x]': 60,
  'Codes of the indicators': 80,
  'Kind and periods': 40,
  [CARE]: 40,
  'Unit of the value': 40,
  Indicator: 40,
  Category: 30,
};

function beginningOf({ above, columns, links }: SheetOf): string {
  const widths = columns ? columns.map((name, i) => WIDE[name] ?? [12, 12, 30][i] ?? 18) : [110];
  const cols = widths
    .map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`)
    .join('');
  const rows = above.map((text, i) =>
    line([text], i + 1, links?.has(i) ? LINK : i ? (columns ? PLAIN : WRAPPED) : TITLE),
  );
  if (columns) rows.push(line(columns, above.length + 1, HEADING));
  return `${HEAD}<worksheet xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheetViews><sheetView workbookViewId="0"><selection activeCell="A1" sqref="A1"/></sheetView></sheetViews><cols>${cols}</cols><sheetData>${rows.join('')}`;
}

/** What stands behind the cells of a sheet that has no table: its links, each with the words of its cell. */
function endOf({ above, links = new Map() }: SheetOf): string {
  const all = [...links].map(
    ([i, sheet]) => `<hyperlink ref="A${i + 1}" location="'${escaped(sheet)}'!A1" display="${escaped(above[i]!)}"/>`,
  );
  return `</sheetData>${all.length ? `<hyperlinks>${all.join('')}</hyperlinks>` : ''}</worksheet>`;
}

function tableXml({ above, columns }: SheetOf, id: number, rows: number): string {
  const name = `table_${id}`;
  const ref = `A${above.length + 1}:${letters(columns!.length - 1)}${above.length + 1 + rows}`;
  const named = columns!.map((column, i) => `<tableColumn id="${i + 1}" name="${escaped(column)}"/>`).join('');
  return `${HEAD}<table xmlns="${MAIN}" id="${id}" name="${name}" displayName="${name}" ref="${ref}" totalsRowShown="0"><tableColumns count="${columns!.length}">${named}</tableColumns></table>`;
}

const SHORTHAND =
  'Shorthand: [c] hidden so that no child can be found, [x] not available, [z] not applicable, [low] not 0 but rounds to it; behind a period [p] provisional, [r] revised.';
const MEASURES: readonly (readonly [name: string, of: Written, what: string])[] = [
  ['Values', 'value', 'Rates per 10,000 children, percentages and averages'],
  ['Numbers', 'count', 'Numbers that the values are made of'],
  ['Lower limits', 'lower', 'Lower 95% limits of the values'],
  ['Upper limits', 'upper', 'Upper 95% limits of the values'],
];

/** The place of its sheet among those of tables. */
const COMPARABILITY = MEASURES.length + 1;
const COMMENTARY = COMPARABILITY + 1;
const NOT_AVAILABLE = COMMENTARY + 1;
const BREAKDOWNS = NOT_AVAILABLE + 1;

const PARTS = ['count', 'of', 'value', 'lower', 'upper'] as const;

/** What a sheet has of an indicator: beside a number what its value is made of. */
const partsOf = (of: Written): readonly Written[] => (of === 'count' ? ['count', 'of'] : [of]);
const partName = (part: Written, { unit, within }: ExportIndicator): string =>
  part === 'count'
    ? 'number'
    : part !== 'of'
      ? unit + within
      : unit === 'per 10,000'
        ? 'children aged 0 to 17'
        : 'made of';
/** What the value of one row is in. */
const unitInFull = ({ unit, within }: ExportIndicator): string =>
  unit === 'per 10,000' ? `per 10,000 children aged 0 to 17${within}` : unit;
/** Beside numbers alone: of which year's estimate the children are. */
const YEAR = 'Children: estimate of';
const yearCell = (figures: Parameters<typeof yearsOf>[0]): Cell => {
  const years = yearsOf(figures);
  return years ? (years.from === years.to ? years.to : `${years.from} to ${years.to}`) : '[x]';
};

const formatOf = (part: Written, { unit, decimals }: Pick<ExportRow, 'unit' | 'decimals'>): number =>
  part === 'count' || part === 'of' ? (decimals && !(part === 'of' && unit === 'per 10,000') ? TENTHS : WHOLE) : TENTHS;
const formatsFrom = (first: number, formats: readonly number[]): ReadonlyMap<number, number> =>
  new Map(formats.map((format, i) => [first + i, format]));

const inCell = (value: ReturnType<typeof written>): Cell => (typeof value === 'number' ? value : `[${value}]`);

const NOTES = [
  'Notes',
  SHORTHAND,
  'A number is hidden where it is small, or where it would give a small one away; one mark says both, for the reason would be a clue.',
  POPULATION,
  'Limits are 95%: of a rate exact under 10 events and Byar’s from 10 on, of a percentage Wilson’s. Averages have none, nor have percentages of what is counted in tenths, such as full-time equivalents: [z].',
  WHAT_LIMITS_LEAVE_OUT,
  'A period is marked [p] in its first edition, which another may follow; [r] where an authority’s return is another one than in the edition before, late ones too, and in the region’s rows then. The sheet Cover names the edition of each period.',
  'Table 2 has beside each number what its value is made of: of a rate the children, with the year of their estimate in the last column.',
  'In table 9 the rate of a category, as of an age, is per 10,000 of all children aged 0 to 17; where categories are of how long something took, the percentage is of all that it was done for.',
  'The region’s figure holds the authorities that have sent one: table 5 says how many of how many.',
  'Table 6 holds what authorities say of how their figures compare: read it before comparing them. The last column of tables 1 to 4 names the indicators of which an area has said something there.',
  'Table 7 holds what authorities and the region say of a period; the figures in it are those of the publications, as this reader is shown them.',
  `Table 8 says of each value that is [x] why. ${WHY_NONE} England’s rows have [x] where the Department has published nothing for the period.`,
  'Of authorities those stand here that the agreement shows to the reader by name.',
];

/** `2024-FY` may be taken for the year that ends in 2024. */
function periodInFull(text: string): string {
  const { from, until } = parsePeriod(text);
  const last = new Date(Date.parse(until) - 24 * 60 * 60 * 1000);
  return `${text}, from ${dayInFull(from)} to ${dayInFull(last.toISOString())}`;
}

/** `North East (region)`; `North East (region: 11 to 12 of 12 authorities)` where some of its figures are not of all of them. */
function regionIn({ region, rows }: ExportTable): string {
  if (!rows.some(isPartial)) return `${region.name} (region)`;
  const inside = rows.filter((row) => isSent(row.region)).map(({ coverage }) => coverage.submitted);
  const [least, most] = [Math.min(...inside), Math.max(...inside)];
  return `${region.name} (region: ${least === most ? '' : `${least} to `}${most} of ${rows[0]!.coverage.parties} authorities)`;
}

/** One open part of the workbook: what is written goes into the archive at once, packed. */
interface Part {
  write(text: string): void;
  end(): void;
}

/**
 * An accessible workbook: cover, contents, notes, and then one real table on each sheet, at its left edge, with one header row
 * and nothing below. No merged, hidden or empty cells, no colour that means something. Written period by period: of what was
 * written only packed bytes are kept. The same figures give the same bytes.
 * Source: the checklist of the Analysis Function for releasing statistics in spreadsheets, as aftables implements it.
 */
export class WorkbookFile {
  private readonly zip: Zip;
  private readonly sheets: readonly SheetOf[];
  private readonly open: readonly Part[];
  private readonly rows: number[];
  private readonly periods: string[] = [];
  private readonly editions: string[] = [];
  private readonly sources: string[] = [];
  private readonly toldTogether = new Set<string>();
  private readonly england = new Set<string>();

  /** @param write  takes the bytes of the file in their order */
  constructor(
    private readonly head: ExportHead,
    write: (bytes: Uint8Array) => void,
  ) {
    this.zip = new Zip((error, bytes) => {
      if (error) throw error;
      write(bytes);
    });
    const { region, title, handling, indicators, dimensions } = head;
    const above = (number: number, what: string) => [
      `Table ${number}: ${what}. ${title}, ${region.name}`,
      `This sheet has one table. ${SHORTHAND} Notes stand on the sheet Notes.`,
      `Source: publications of the hub, named on the sheet Cover. ${handling}`,
    ];
    this.sheets = [
      ...MEASURES.map(([name, of, what], i) => ({
        name: `${i + 1} ${name}`,
        above: above(i + 1, what),
        columns: [
          'Period',
          'Area code',
          'Area',
          ...indicators.flatMap((one) => partsOf(of).map((part) => `${one.code} ${one.name} (${partName(part, one)})`)),
          ...(of === 'count' ? [YEAR] : []),
          CARE,
        ],
        formats: formatsFrom(3, [
          ...indicators.flatMap((indicator) => partsOf(of).map((part) => formatOf(part, indicator))),
          ...(of === 'count' ? [YEARS] : []),
        ]),
      })),
      {
        name: '5 Coverage',
        above: above(5, 'Authorities that stand in the region’s figure'),
        columns: ['Period', 'Indicator code', 'Indicator', 'Authorities'],
      },
      {
        name: '6 Comparability',
        above: above(6, 'What authorities say of how their figures compare'),
        columns: ['Period', 'Area code', 'Area', 'Indicator code', 'Kind and periods', 'Note'],
      },
      {
        name: '7 Commentary',
        above: above(7, 'What authorities and the region say of an indicator in the period'),
        columns: ['Period', 'Area code', 'Area', 'Indicator code', 'Commentary'],
      },
      {
        name: '8 Not available',
        above: above(8, 'Why values are not available'),
        columns: ['Period', 'Area code', 'Area', 'Why [x]', 'Codes of the indicators'],
      },
      ...(dimensions.size
        ? [
            {
              name: '9 Breakdowns',
              above: above(9, 'Categories of the indicators that are broken down'),
              columns: [
                'Period',
                'Area code',
                'Area',
                'Indicator code',
                'Indicator',
                'Broken down by',
                'Category',
                'Authorities in it',
                'Unit of the value',
                'Number',
                'Made of',
                'Value',
                'Lower limit',
                'Upper limit',
              ],
            },
          ]
        : []),
    ];
    this.rows = this.sheets.map(() => 0);
    this.open = this.sheets.map((sheet, i) => {
      const part = this.part(`xl/worksheets/sheet${i + 4}.xml`);
      part.write(beginningOf(sheet));
      return part;
    });
  }

  /** One more period. */
  add(table: ExportTable): void {
    const { region, period, authorities, rows, publication } = table;
    this.periods.push(period);
    this.editions.push(`${periodInFull(period)}: ${sourceInWords(table)}.`);
    this.sources.push(`Source of ${period}: ${publication.id}, digest (SHA-256): ${publication.digest}`);
    const whole = regionIn(table);
    const periodOf = (place: string | null) => period + editionMark(publication, place);
    const byCode = rowsUnder(this.head, rows);
    MEASURES.forEach(([, of], i) => {
      const cells = (
        figureOf: (row: ExportRow | undefined) => ExportFigure | undefined,
        whose: string | null,
      ): Cell[] => {
        const said = rows.flatMap(({ code, notes }) =>
          notes.some(({ authority }) => authority === whose) ? [code] : [],
        );
        const figures = this.head.indicators.map(({ code }) => figureOf(byCode.get(code)));
        const all = figures.flatMap((figure) => partsOf(of).map((part) => inCell(written(figure, part))));
        return [...all, ...(of === 'count' ? [yearCell(figures)] : []), said.join(', ') || '[z]'];
      };
      this.row(i, [periodOf(null), region.code, whole, ...cells((row) => row?.region, null)]);
      for (const { code, name } of authorities)
        this.row(i, [periodOf(code), code, name, ...cells((row) => row?.figures.get(code), code)]);
    });
    this.addEngland(period, rows);
    for (const { code, name } of [{ code: region.code, name: whole }, ...authorities]) {
      const reasons = reasonsOf(this.head, (indicator) => {
        const row = byCode.get(indicator);
        return code === region.code ? row?.region : row?.figures.get(code);
      });
      const place = code === region.code ? null : code;
      for (const [why, codes] of reasons) this.row(NOT_AVAILABLE, [periodOf(place), code, name, why, codes]);
    }
    for (const { code, name, coverage } of rows) this.row(MEASURES.length, [periodOf(null), code, name, coverage.text]);
    const names = new Map(authorities.map((one) => [one.code, one.name]));
    names.set(region.code, `${region.name} (region)`);
    const notes = rows.flatMap((row) => row.notes.map((note) => ({ ...note, code: row.code })));
    for (const { authority, code, about, text } of notes) {
      this.row(COMPARABILITY, [period, authority, names.get(authority) ?? authority, code, about, text]);
    }
    for (const { code, said } of rows) {
      for (const { of, text } of said) this.row(COMMENTARY, [period, of, names.get(of) ?? of, code, text]);
    }
    this.addBreakdowns(table);
  }

  /** A public comparator under the region and its authorities, where one is published for the period. */
  private addEngland(period: string, rows: readonly ExportRow[]): void {
    const shown = [...rowsUnder(this.head, rows).values()];
    const byCode = new Map(shown.flatMap(({ code, england }) => (england ? [[code, england]] : [])));
    if (!byCode.size) return;
    for (const { text } of byCode.values()) this.england.add(text);
    const cells = (of: 'value' | 'count') =>
      this.head.indicators.flatMap(({ code }) => partsOf(of).map((part) => byCode.get(code)?.[part as 'of'] ?? '[x]'));
    for (const [sheet, of] of [
      [0, 'value'],
      [1, 'count'],
    ] as const)
      this.row(sheet, [
        period,
        'E92000001',
        'England (public, not of this publication)',
        ...cells(of),
        ...(of === 'count' ? ['[z]'] : []),
        '[z]',
      ]);
  }

  private addBreakdowns({ region, period, authorities, breakdowns, publication }: ExportTable): void {
    for (const { dimensionName, categoryName, together, rows } of breakdowns) {
      for (const label of together) this.toldTogether.add(togetherInWords(period, dimensionName, label));
      for (const { coverage, region: whole, figures, ...indicator } of rows) {
        const lines = [
          {
            code: region.code,
            name: `${region.name} (region)`,
            figure: whole as ExportFigure | undefined,
            of: coverage.text,
          },
          ...authorities.map((one) => ({ ...one, figure: figures.get(one.code), of: '[z]' })),
        ];
        for (const { code: area, name: areaName, figure, of: complete } of lines) {
          // A category that an authority has nothing of is no row.
          if (area !== region.code && !(figure && isSent(figure))) continue;
          const values = PARTS.map((of) => inCell(written(figure, of)));
          const marked = period + editionMark(publication, area === region.code ? null : area);
          const { code, name } = indicator;
          const about = [
            marked,
            area,
            areaName,
            code,
            name,
            dimensionName,
            categoryName,
            complete,
            unitInFull(indicator),
          ];
          const formats = PARTS.map((part) => formatOf(part, indicator));
          this.row(BREAKDOWNS, [...about, ...values], formatsFrom(about.length, formats));
        }
      }
    }
  }

  /** Ends the tables, and says what the workbook holds. */
  end(): void {
    // A table has a row at least.
    for (const [sheet, none] of [
      [COMPARABILITY, 'Nobody has said anything.'],
      [COMMENTARY, 'Nobody has said anything.'],
      [NOT_AVAILABLE, 'No value is [x].'],
    ] as const) {
      const [, ...columns] = this.sheets[sheet]!.columns!;
      if (!this.rows[sheet]) this.row(sheet, [...columns.map(() => 'None'), none]);
    }
    this.open.forEach((part, i) => {
      part.write(`</sheetData><tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>`);
      part.end();
      const sheet = i + 4;
      this.whole(
        `xl/worksheets/_rels/sheet${sheet}.xml.rels`,
        `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/table" Target="../tables/table${sheet}.xml"/></Relationships>`,
      );
      this.whole(`xl/tables/table${sheet}.xml`, tableXml(this.sheets[i]!, i + 1, this.rows[i]!));
    });
    const { region, title: name, handling, dimensions } = this.head;
    const [newest, oldest] = [this.periods[0]!, this.periods.at(-1)!];
    const title = `${name}. ${region.name}, ${newest === oldest ? newest : `${oldest} to ${newest}`}`;
    const listed = this.sheets.map(({ name, above }) => `${name}: ${above[0]}`);
    const front: SheetOf[] = [
      {
        name: 'Cover',
        above: [
          title,
          ...this.editions,
          handling,
          LICENCE,
          'No hidden number is in this file; regional totals hold them and have been checked not to give them away.',
          ...(dimensions.size
            ? []
            : [
                'These are totals. Breakdowns by age, source or reason, where the publication has any, come with hub export … --breakdowns.',
              ]),
          ...this.sources,
        ],
      },
      {
        name: 'Contents',
        above: ['Contents', 'Notes: how to read the tables', ...listed],
        links: new Map(['Notes', ...this.sheets.map(({ name }) => name)].map((name, i) => [i + 1, name])),
      },
      {
        name: 'Notes',
        above: [...NOTES, ...notInColumns(this.head), ...this.england, ...this.toldTogether],
      },
    ];
    front.forEach((sheet, i) => this.whole(`xl/worksheets/sheet${i + 1}.xml`, `${beginningOf(sheet)}${endOf(sheet)}`));
    for (const [name, xml] of bookParts([...front, ...this.sheets], title, region.name)) this.whole(name, xml);
    this.zip.end();
  }

  private row(sheet: number, cells: readonly Cell[], formats = this.sheets[sheet]!.formats): void {
    const { above } = this.sheets[sheet]!;
    this.rows[sheet]!++;
    this.open[sheet]!.write(line(cells, above.length + 1 + this.rows[sheet]!, WRAPPED, formats));
  }

  private part(name: string): Part {
    const file = new ZipDeflate(name);
    file.mtime = new Date(2000, 0, 1);
    this.zip.add(file);
    return { write: (text) => void file.push(strToU8(text)), end: () => void file.push(new Uint8Array(), true) };
  }

  private whole(name: string, xml: string): void {
    const part = this.part(name);
    part.write(xml);
    part.end();
  }
}

/** What a spreadsheet reads to find the sheets. */
function bookParts(sheets: readonly SheetOf[], title: string, creator: string): [name: string, xml: string][] {
  const override = (part: string, type: string) => `<Override PartName="${part}" ContentType="${type}"/>`;
  const types = sheets.map(
    ({ columns }, i) =>
      override(`/xl/worksheets/sheet${i + 1}.xml`, `${CONTENT}.worksheet+xml`) +
      (columns ? override(`/xl/tables/table${i + 1}.xml`, `${CONTENT}.table+xml`) : ''),
  );
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`;
  const relations = (inner: string) =>
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${inner}</Relationships>`;
  const named = sheets.map(({ name }, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  const found = sheets.map((_, i) => relation(`rId${i + 1}`, `${RELATIONS}/worksheet`, `worksheets/sheet${i + 1}.xml`));
  const styles = relation(`rId${sheets.length + 1}`, `${RELATIONS}/styles`, 'styles.xml');
  const font = (size: number, bold = '') => `<font>${bold}<sz val="${size}"/><name val="Arial"/></font>`;
  const numbered = (format: number) =>
    `<xf numFmtId="${format}" fontId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>`;
  const wrap = '<alignment wrapText="1" vertical="top"/>';
  return [
    [
      '[Content_Types].xml',
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('/xl/workbook.xml', `${CONTENT}.sheet.main+xml`)}${override('/xl/styles.xml', `${CONTENT}.styles+xml`)}${override('/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml')}${types.join('')}</Types>`,
    ],
    [
      '_rels/.rels',
      relations(
        relation('rId1', `${RELATIONS}/officeDocument`, 'xl/workbook.xml') +
          relation('rId2', `${PACKAGE}/relationships/metadata/core-properties`, 'docProps/core.xml'),
      ),
    ],
    [
      'docProps/core.xml',
      `${HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escaped(title)}</dc:title><dc:creator>${escaped(creator)}</dc:creator><dc:language>en-GB</dc:language></cp:coreProperties>`,
    ],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${named.join('')}</sheets></workbook>`,
    ],
    ['xl/_rels/workbook.xml.rels', relations(found.join('') + styles)],
    [
      'xl/styles.xml',
      `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.0"/></numFmts><fonts count="4">${font(12)}${font(16, '<b/>')}${font(12, '<b/>')}${font(12, '<u/>')}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="10"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf fontId="1" applyFont="1"/><xf fontId="2" applyFont="1" applyAlignment="1">${wrap}</xf><xf fontId="0" applyAlignment="1">${wrap}</xf><xf fontId="3" applyFont="1" applyAlignment="1">${wrap}</xf><xf fontId="0" applyAlignment="1" quotePrefix="1">${wrap}</xf>${numbered(3)}${numbered(164)}${numbered(1)}<xf fontId="0" applyAlignment="1"><alignment horizontal="right" vertical="top"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
    ],
  ];
}

/** The whole workbook in memory, of one period or more, the newest first. */
export function workbookOf(tables: readonly [ExportTable, ...ExportTable[]]): Uint8Array {
  const chunks: Uint8Array[] = [];
  const file = new WorkbookFile(headOf(tables), (bytes) => chunks.push(bytes));
  tables.forEach((table) => file.add(table));
  file.end();
  return Buffer.concat(chunks);
}
