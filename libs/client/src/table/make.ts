import { canonical, nearest, parsePeriod, type Finding, type Period } from '@hub/kernel';
import type { Dataset, Indicator } from '@hub/registry/domain';
import { isEarlierOfTheYear, statuses, validate } from '@hub/submissions/domain';
import { isDateOf, looksLike, monthOf } from './as-dates';
import { isFilled, normal, numberIn, textOf, unreadable } from './cells';
import { columns, requiredColumns, type Column } from './columns';
import { isHeader, sheetOf } from './file';
import { namingPlaces } from './places';
import { NotATable, type Cell, type SheetRow } from './sheet';

export interface MakeOptions {
  readonly dataset: Dataset;
  readonly authority: string;
  readonly period: Pick<Period, 'text' | 'kind' | 'from' | 'until'>;
  readonly agreement: { readonly id: string; readonly version: number };
  /** Why the return takes the place of one that is in use. */
  readonly reason?: string;
  /** Its codes are held against the return's, where it has any. */
  readonly fileName?: string;
  /** Told now and then how many rows of the table are read. */
  readonly onRows?: (done: number, total: number) => void;
}

/** What is wrong or worth knowing, and where in the file; rows and columns as people count them, from 1. */
export interface TableFinding extends Omit<Finding, 'pointer'> {
  readonly row: number;
  readonly column: number;
  /** What the column is called in the table, where the place is a cell under its header. */
  readonly heading?: Column;
  /** The count that the row is of: `CP01`, `RF01 source police`. */
  readonly of?: string;
}

export interface Made {
  /** The text to sign, RFC 8785 but for a line of its own for every row; undefined where a finding of severity `error` refuses the file. */
  readonly payload?: string;
  /** In the order of the file. */
  readonly findings: readonly TableFinding[];
}

/** What a spreadsheet calls a column, counted from 1: 1 is `A`, 28 is `AB`. */
export const columnLetters = (column: number): string =>
  column < 1 ? '' : columnLetters(Math.floor((column - 1) / 26)) + String.fromCharCode(65 + ((column - 1) % 26));

/**
 * Turns a CSV or XLSX file into the payload of a return, so that what is signed is what was meant: what is ambiguous is
 * refused by name and place, and nothing is guessed. The content is checked as the hub does it, but for what only the hub
 * knows (the returns of before, rounds, agreements). A row without count, status or text is not sent.
 * @param bytes  the file as it lies there
 */
export function makePayload(bytes: Uint8Array, options: MakeOptions): Made {
  const reading = new Reading(options);
  try {
    return reading.read(bytes);
  } catch (error) {
    if (!(error instanceof NotATable)) throw error;
    const { rule, message, row, column } = error;
    return { findings: [{ severity: 'error', rule, message, row, column }] };
  }
}

/** One member on a line, and of a list one entry: a place in it can be found again. */
const inLines = (payload: object): string =>
  `{${Object.entries(payload)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]: [string, unknown]) => {
      const text = Array.isArray(value) ? `[\n${value.map(canonical).join(',\n')}\n]` : canonical(value);
      return `"${name}":${text}`;
    })
    .join(',\n')}}`;

/** In the place of an indicator: one of them all. */
const ANY = 'any';

/** Names that people give the columns; only suggested, never taken. */
const alsoCalled: Readonly<Record<string, Column>> = {
  numerator: 'count',
  value: 'count',
  number: 'count',
  total: 'count',
  denominator: 'of',
  measure: 'indicator',
  code: 'indicator',
  'indicator code': 'indicator',
  breakdown: 'dimension',
  group: 'category',
  la: 'authority',
  'la code': 'authority',
  quarter: 'period',
  comment: 'commentary',
  comments: 'commentary',
  note: 'commentary',
};

type Row = Record<string, unknown>;

class Reading {
  private readonly findings: TableFinding[] = [];
  private readonly at = new Map<Column, number>();
  /** The row in which the columns are named. */
  private headerAt = 0;
  /** The finding of the last run of rows without an indicator, and where the run ends. */
  private blank: { readonly at: number; readonly until: number } | undefined;
  private rowBefore = 0;
  private readonly indicators: ReadonlyMap<string, Indicator>;
  private readonly rows: { readonly row: Row; readonly number: number }[] = [];
  /** Rows of which it has been said that they cannot be read: they stand for what they were probably meant for. */
  private readonly doubtful: { readonly row: Row; readonly number: number }[] = [];
  /** Rows of a period that this return cannot hold: where there are no others, they were probably meant for this one. */
  private readonly ofOthers: { readonly row: Row; readonly number: number }[] = [];
  /** Indicators that may have rows which could not be placed; `ANY` where not even the indicator is known. */
  private readonly unplaced = new Set<string>();
  /** Indicators that were probably meant where an unknown one stands. */
  private readonly guesses: string[] = [];
  /** The count that each row is of, where that is known. */
  private readonly counts = new Map<number, string>();
  private readonly commentary: { readonly indicator: string; readonly text: string; readonly number: number }[] = [];
  private readonly explanations: { readonly entry: Row; readonly number: number }[] = [];
  /** Said once for the whole file. */
  private readonly said = new Set<string>();

  constructor(private readonly options: MakeOptions) {
    this.indicators = new Map(options.dataset.indicators.map((indicator) => [indicator.code, indicator]));
  }

  read(bytes: Uint8Array): Made {
    this.readName(this.options.fileName ?? '');
    const sheet = sheetOf(bytes);
    for (const message of sheet.notes) this.add('note', 'how-it-was-read', 1, 1, message);
    const header =
      sheet.rows.slice(0, 20).find(isHeader) ??
      sheet.rows.find(({ cells }) => cells.some((cell) => textOf(cell) !== ''));
    if (!header) throw new NotATable('empty-file', 'The file holds no cell.');
    this.headerAt = header.number;
    this.readHeader(header);
    const body = sheet.rows.filter(({ number }) => number > header.number);
    for (const { fromRow, toRow, fromColumn } of sheet.merged) {
      if (toRow >= header.number)
        this.add(
          'error',
          'merged-cells',
          Math.max(fromRow, header.number),
          fromColumn,
          'Merged cells have no value of their own each: take the merge away and fill every cell.',
        );
    }
    if (sheet.cutOff)
      this.add(
        'error',
        'cut-off',
        body.at(-1)?.number ?? 1,
        1,
        'The last row has too few cells and no end: the file breaks off.',
      );
    if (this.isRefused()) return this.made();
    if (!body.some(({ cells }) => cells.some((cell) => cell !== undefined))) {
      throw new NotATable('empty-file', 'There is a header and no row under it.', header.number);
    }
    for (const [i, row] of body.entries()) {
      if (i % 1_000 === 0) this.options.onRows?.(i, body.length);
      this.readRow(row);
      this.rowBefore = row.number;
    }
    this.checkPeriods();
    // What is there anyway was not meant.
    const there = [...this.rows.flatMap(({ row }) => ('breakdown' in row ? [] : row['indicator'])), ...this.guesses];
    if (this.guesses.some((code) => there.indexOf(code) !== there.lastIndexOf(code))) this.unplaced.add(ANY);
    (this.rows.length === 0 ? this.rows : this.doubtful).push(...this.ofOthers);
    if (this.rows.length === 0 && this.isRefused()) return this.made();
    if (this.rows.length === 0)
      throw new NotATable(
        'nothing-filled-in',
        'No row holds a count or a status.',
        header.number + 1,
        this.column('count'),
      );
    const { dataset, authority, period, agreement, reason } = this.options;
    const payload = {
      authority,
      dataset: { code: dataset.code, version: dataset.version },
      period: period.text,
      agreement,
      rows: [...this.rows, ...this.doubtful].map(({ row }) => row),
      ...(this.explanations.length ? { explanations: this.explanations.map(({ entry }) => entry) } : {}),
      ...(this.commentary.length
        ? { commentary: this.commentary.map(({ indicator, text }) => ({ indicator, text })) }
        : {}),
      ...(reason === undefined ? {} : { reason }),
    };
    // Every query is asked of what only the hub knows: whether one is asked cannot be told here.
    const findings = validate(payload, dataset, { period }).findings.filter(({ rule }) => rule !== 'answer-not-asked');
    const told = new Set(this.findings.map(({ row, column }) => `${row}:${column}`));
    for (const finding of findings) if (!this.follows(finding, told)) this.placed(finding);
    return this.isRefused() ? this.made() : { payload: inLines(payload), ...this.made() };
  }

  private made(): Made {
    const inOrder = [...this.findings].sort((a, b) => a.row - b.row || a.column - b.column);
    const named = new Map([...this.at].map(([name, i]) => [i + 1, name]));
    const findings = inOrder.map((one) => {
      if (one.row <= this.headerAt) return one;
      const [heading, of] = [named.get(one.column), this.counts.get(one.row)];
      return { ...one, ...(heading === undefined ? {} : { heading }), ...(of === undefined ? {} : { of }) };
    });
    return { findings };
  }
  private isRefused = (): boolean => this.findings.some(({ severity }) => severity === 'error');
  private add(
    severity: Finding['severity'],
    rule: string,
    row: number,
    column: number,
    message: string,
    expected?: string,
  ): void {
    this.findings.push({ severity, rule, row, column, message, ...(expected === undefined ? {} : { expected }) });
  }
  private column = (name: Column): number => (this.at.get(name) ?? 0) + 1;
  private once(rule: string, row: number, column: Column, message: string, expected?: string): void {
    if (this.said.has(rule)) return;
    this.said.add(rule);
    this.add('error', rule, row, this.column(column), message, expected);
  }

  /** A finding about the payload, at the row and column that it came from; other places that its texts name are told so too. */
  private placed({ pointer, ...finding }: Finding): void {
    const told = namingPlaces(finding, (named) => {
      const { row, column } = this.placeOf(named);
      return named.split('/').length > 3 ? `column ${columnLetters(column)} of row ${row}` : `row ${row}`;
    });
    this.findings.push({ ...told, ...this.placeOf(pointer) });
  }

  /** Whether a finding about the payload is only what follows from one about the table, by the cells of which something was said. */
  private follows({ rule, pointer }: Finding, told: ReadonlySet<string>): boolean {
    const [list, place] = pointer.split('/').slice(1);
    if (list !== 'rows') return false;
    if (place === undefined) return rule === 'row-missing' && this.unplaced.has(ANY);
    const one = this.rows[Number(place)];
    if (!one) return true;
    const { row, column } = this.placeOf(pointer);
    if (told.has(`${row}:${column}`) && pointer.split('/').length > 3) return true;
    if (this.unplaced.has(ANY)) return ['breakdown-incomplete', 'of-differs', 'own-measure-unnamed'].includes(rule);
    return rule === 'breakdown-incomplete' && this.unplaced.has(String(one.row['indicator']));
  }

  private placeOf(pointer: string): { row: number; column: number } {
    const [list, place, member] = pointer.split('/').slice(1);
    const i = Number(place);
    const of = { rows: this.rows, explanations: this.explanations, commentary: this.commentary };
    // What is missing is told of the header, and what stands in no table of the whole file.
    const whole = list === 'rows' ? this.headerAt : 1;
    const entry = place !== undefined && list! in of ? of[list as keyof typeof of][i] : undefined;
    const row = (entry ?? this.doubtful[i - this.rows.length])?.number ?? whole;
    const columnOf: Partial<Record<string, Column>> = {
      breakdown: 'category',
      text: list === 'commentary' ? 'commentary' : 'explanation',
      rule: 'query',
      pointer: 'query',
    };
    const first = list === 'commentary' ? 'commentary' : 'indicator';
    return { row, column: this.column(member === undefined ? first : (columnOf[member] ?? (member as Column))) };
  }

  /** A file name that names another authority, period or dataset is of another return. */
  private readName(name: string): void {
    const { authority, period, dataset } = this.options;
    const found = (form: RegExp) => [...name.matchAll(form)].map(([text]) => text);
    const codes = found(/E\d{8}/g);
    if (codes.length > 0 && !codes.some((code) => authority.includes(code))) {
      this.add('error', 'wrong-authority', 1, 1, 'The name of the file names another authority.', authority);
    }
    // A day in the name, 2025-07-03, is no period; nor is one of another kind about this return.
    const periods = found(/20\d\d-(?:Q[1-4]|H[12]|FY|CY|0[1-9]|1[0-2])(?![0-9A-Za-z]|-\d)/g).filter(
      (text) => parsePeriod(text).kind === period.kind,
    );
    if (periods.length > 0 && !periods.includes(period.text)) {
      this.add('error', 'wrong-period', 1, 1, 'The name of the file names another period.', period.text);
    }
    const frequencies = ['annual', 'quarterly', 'monthly'];
    const named = frequencies.find((word) => new RegExp(`safeguarding-${word}`).test(name));
    if (named && dataset.code.startsWith('safeguarding-') && dataset.code !== `safeguarding-${named}`) {
      this.add('error', 'wrong-dataset', 1, 1, 'The name of the file names another dataset.', dataset.code);
    }
  }

  private readHeader({ number, cells }: SheetRow): void {
    const meantElsewhere = new Set<string>();
    cells.forEach((cell, i) => {
      if (!isFilled(cell)) return;
      const name = normal(textOf(cell));
      const column = columns.find((one) => one === name);
      if (!column) {
        const near = alsoCalled[name] ?? nearest(name, columns);
        if (near) meantElsewhere.add(near);
        const meant = near === undefined ? '' : ` Did you mean ${near}?`;
        return this.add(
          'error',
          'unknown-column',
          number,
          i + 1,
          `Nobody asks for this column.${meant}`,
          near ?? columns.join(', '),
        );
      }
      if (this.at.has(column))
        this.add(
          'error',
          'column-twice',
          number,
          i + 1,
          `There is more than one column ${column}.`,
          `one; the first is column ${this.column(column)}`,
        );
      else this.at.set(column, i);
    });
    for (const column of requiredColumns) {
      if (!this.at.has(column) && !meantElsewhere.has(column))
        this.add('error', 'column-missing', number, 1, `There is no column ${column}.`, column);
    }
  }

  private readRow({ number, cells }: SheetRow): void {
    const cell = (column: Column): Cell | undefined => {
      const i = this.at.get(column);
      return i === undefined ? undefined : cells[i];
    };
    const last = Math.max(...this.at.values());
    const beyond = cells.findIndex((one, i) => i > last && one !== undefined && textOf(one) !== '');
    if (beyond >= 0)
      this.add('error', 'extra-cell', number, beyond + 1, 'There is a value beyond the last named column.');
    const filled = (
      ['count', 'of', 'status', 'reason', 'commentary', 'query', 'answer', 'explanation'] as const
    ).filter((column) => isFilled(cell(column)));
    if (filled.length === 0) return;
    if (!this.checkHead(number, cell)) return void this.unplaced.add(ANY);
    const before = this.findings.length;
    const plain = (column: Column): string => this.plainText(number, column, cell(column));

    const code = plain('indicator').toUpperCase();
    const indicator = this.indicators.get(code);
    const isUnreadable = this.findings.length > before;
    if (plain('indicator') === '' && !isUnreadable) return this.readBlank(number);
    if (!indicator && !isUnreadable) {
      const near = nearest(code, [...this.indicators.keys()]);
      this.add(
        'error',
        'unknown-indicator',
        number,
        this.column('indicator'),
        `The dataset has no such indicator.${near === undefined ? '' : ` Did you mean ${near}?`}`,
        `a code of ${this.options.dataset.code}`,
      );
    }
    const breakdown = indicator && this.readBreakdown(number, indicator, cell);
    if (indicator) this.counts.set(number, [indicator.code, ...(Object.entries(breakdown ?? {})[0] ?? [])].join(' '));
    const period = this.readPeriod(number, cell('period'));
    const row: Row = { indicator: indicator?.code };
    if (breakdown) Object.assign(row, { breakdown });
    if (period && period !== this.options.period.text) Object.assign(row, { period });
    for (const column of ['count', 'of'] as const) {
      const value = numberIn(cell(column));
      if (typeof value === 'object') {
        this.add('error', value.rule, number, this.column(column), value.message, value.expected);
        Object.assign(row, { [column]: null });
      } else if (value !== undefined) Object.assign(row, { [column]: value });
    }
    const status = plain('status');
    if (status !== '')
      Object.assign(row, {
        status: statuses.find((one) => normal(one) === normal(status).replace(/ /g, '')) ?? status,
      });
    if (plain('reason') !== '') Object.assign(row, { reason: plain('reason') });
    const comment = plain('commentary');
    if (comment !== '' && breakdown)
      this.add(
        'error',
        'commentary-place',
        number,
        this.column('commentary'),
        'A comment is on an indicator: write it on the row of the total.',
      );
    const unread = this.findings.slice(before).filter(({ severity }) => severity === 'error');
    const isUnread = (...places: readonly Column[]) =>
      places.some((one) => this.at.has(one) && unread.some(({ column }) => column === this.column(one)));
    const isElsewhere = isUnread('dimension', 'category') || (!indicator && isFilled(cell('dimension')));
    if (comment !== '' && indicator && !breakdown && !isElsewhere)
      this.commentary.push({ indicator: indicator.code, text: comment, number });
    if (!indicator || isElsewhere || isUnread('status', 'reason'))
      return this.doubt(number, indicator ?? this.meant(code), breakdown, isElsewhere);
    if (period === null) return void this.ofOthers.push({ row, number });
    if ('count' in row || 'of' in row || 'status' in row || 'reason' in row) {
      const [query, answer, explanation] = (['query', 'answer', 'explanation'] as const).map(plain);
      if (query || answer || explanation) {
        const entry = {
          rule: query,
          pointer: `/rows/${this.rows.length}`,
          answer: answer!.toLowerCase(),
          text: explanation,
        };
        this.explanations.push({ entry, number });
      }
      this.rows.push({ row, number });
    }
  }

  /** The indicator that was probably meant. */
  private meant(code: string): Indicator | undefined {
    const near = code === '' ? undefined : nearest(code, [...this.indicators.keys()]);
    if (near !== undefined) this.guesses.push(near);
    return near === undefined ? undefined : this.indicators.get(near);
  }

  /** Keeps that there is a row, of which nothing more is said. */
  private doubt(
    number: number,
    indicator: Indicator | undefined,
    breakdown: Record<string, string> | undefined,
    isElsewhere: boolean,
  ): void {
    if (!indicator) this.unplaced.add(ANY);
    else if (isElsewhere && !breakdown) this.unplaced.add(indicator.code);
    else
      this.doubtful.push({
        row: { indicator: indicator.code, ...(breakdown ? { breakdown } : {}), count: null },
        number,
      });
  }

  /** A row without its indicator; rows that follow one another are one finding, for one cell was shown over all of them. */
  private readBlank(number: number): void {
    this.unplaced.add(ANY);
    const run = this.blank?.until === this.rowBefore ? this.blank : { at: this.findings.length, until: number };
    const first = this.findings[run.at]?.row ?? number;
    const how = 'take apart merged cells, and fill the code down';
    const message =
      first === number
        ? `The cell is empty: ${how}.`
        : `The cell is empty, and so are those under it to row ${number}: ${how}.`;
    this.findings[run.at] = {
      ...{ severity: 'error', rule: 'unknown-indicator', row: first, column: this.column('indicator'), message },
      expected: `a code of ${this.options.dataset.code}`,
    };
    this.blank = { ...run, until: number };
  }

  /** Whether the row says that it is of this dataset and authority, or says nothing of it. */
  private checkHead(number: number, cell: (column: Column) => Cell | undefined): boolean {
    const { dataset, authority } = this.options;
    const [code, version, whose] = (['dataset', 'version', 'authority'] as const).map((column) => textOf(cell(column)));
    const other = code !== '' && normal(code!) !== dataset.code;
    if (other) this.once('wrong-dataset', number, 'dataset', 'This is a file for another dataset.', dataset.code);
    // A spreadsheet writes 1.0 as 1.
    const isVersion = version === '' || version === dataset.version || `${version}.0` === dataset.version;
    if (!other && !isVersion)
      this.once(
        'wrong-version',
        number,
        'version',
        'This is a file for another version of the dataset.',
        dataset.version,
      );
    const foreign = whose !== '' && whose!.replace(/\s+/g, ' ') !== authority;
    const what = /^E\d{8}$/i.test(whose!)
      ? 'This is a file of another authority.'
      : 'The column takes the code of the authority, not its name or anything else.';
    if (foreign) this.once('wrong-authority', number, 'authority', what, authority);
    return !other && isVersion && !foreign;
  }

  /** The period that the row names; undefined where it names none, null where it names one that this return cannot hold. */
  private readPeriod(number: number, cell: Cell | undefined): string | undefined | null {
    const { period } = this.options;
    if (!isFilled(cell)) return undefined;
    const written =
      cell.kind === 'date' && cell.day === 1
        ? `${cell.year}-${String(cell.month).padStart(2, '0')}`
        : monthOf(textOf(cell));
    let named: Period | undefined;
    try {
      named = parsePeriod(written.toUpperCase());
    } catch {
      this.once('period-form', number, 'period', 'This is not a period.', period.text);
      return null;
    }
    if (named.text !== period.text && !isEarlierOfTheYear(named, period)) {
      this.once('wrong-period', number, 'period', 'This is a file for another period.', period.text);
      return null;
    }
    return named.text;
  }

  /** A file whose every row is of an earlier period is last quarter's file. */
  private checkPeriods(): void {
    if (this.rows.length === 0 || this.ofOthers.length > 0) return;
    if (this.rows.some(({ row }) => row['period'] === undefined)) return;
    this.once(
      'wrong-period',
      this.rows[0]!.number,
      'period',
      'Every row is of an earlier period: this is a file for another period.',
      this.options.period.text,
    );
    for (const { row } of this.rows) delete row['period'];
  }

  private readBreakdown(
    number: number,
    indicator: Indicator,
    cell: (column: Column) => Cell | undefined,
  ): Record<string, string> | undefined {
    const dimension = normal(this.plainText(number, 'dimension', cell('dimension')));
    const given = cell('category');
    if (dimension === '') {
      if (isFilled(given))
        this.add(
          'error',
          'dimension-missing',
          number,
          this.column('category'),
          'There is a category without a dimension.',
          // Of all indicators, so that a column that was left empty is told once.
          Object.keys(this.options.dataset.dimensions).join(', '),
        );
      return undefined;
    }
    const breakdown = indicator.breakdowns.find((one) => one.dimension === dimension);
    if (!breakdown) {
      this.add(
        'error',
        'unknown-breakdown',
        number,
        this.column('dimension'),
        `${indicator.code} is not broken down in this way.`,
        indicator.breakdowns.map((one) => one.dimension).join(', ') || 'no dimension',
      );
      return undefined;
    }
    const all = this.options.dataset.dimensions[dimension]!.categories;
    const codes = breakdown.categories ?? all.map(({ code }) => code);
    const text = normal(given?.kind === 'date' ? '' : this.plainText(number, 'category', given));
    const exact = codes.find((code) => code === text);
    if (exact) return { [dimension]: exact };
    // A spreadsheet makes a date of 1-4, and shows 01-Apr: only one category can have been meant.
    const meant = codes.filter((code) => (given?.kind === 'date' ? isDateOf(code, given) : looksLike(code, text)));
    if (meant.length === 1) {
      if (!this.said.has('category-as-date')) {
        this.said.add('category-as-date');
        this.add(
          'note',
          'category-as-date',
          number,
          this.column('category'),
          `A spreadsheet has made dates of categories, here of ${meant[0]!}; they were read as the categories.`,
        );
      }
      return { [dimension]: meant[0]! };
    }
    const near =
      nearest(text, codes) ?? all.find(({ code, name }) => codes.includes(code) && normal(name) === text)?.code;
    const rule = given?.kind === 'date' ? 'date-for-category' : 'unknown-category';
    this.add(
      'error',
      rule,
      number,
      this.column('category'),
      `The dimension has no such category.${near === undefined ? '' : ` Did you mean ${near}?`}`,
      codes.join(', '),
    );
    return near === undefined ? undefined : { [dimension]: near };
  }

  /** The text of a cell that should hold one; what is no text of its own is refused. */
  private plainText(number: number, column: Column, cell: Cell | undefined): string {
    if (cell === undefined) return '';
    if (cell.kind === 'text' || cell.kind === 'number') return textOf(cell);
    const [rule, message] = unreadable[cell.kind];
    if (!this.findings.some((one) => one.row === number && one.column === this.column(column))) {
      this.add('error', rule, number, this.column(column), message);
    }
    return '';
  }
}
