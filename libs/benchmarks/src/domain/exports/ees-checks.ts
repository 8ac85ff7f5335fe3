import { MONTHS } from '@hub/kernel';
import { META, STANDARD } from './ees';

/** One check of the two files. */
export interface EesCheck {
  readonly check: string;
  readonly result: 'PASS' | 'FAIL';
  readonly message: string;
}

type Cells = readonly string[];
/** What a check has against something, a few words each. */
type Faults = readonly (string | undefined)[];

const repeated = (texts: readonly string[]): string[] => texts.filter((one, i) => texts.indexOf(one) !== i);
const beyond = (texts: readonly string[], known: readonly string[]) => texts.filter((one) => !known.includes(one));
/** What a file opens with where nothing else is chosen, and how many there may be to choose from. */
const [TOTAL, MOST_ITEMS] = ['Total', 25_000];
const LEVELS = ['National', 'Regional', 'Local authority'];
const UNITS = ['', '%', 'pp', '£', '£m', 'numberstring'];
const SIX_DIGITS = /^(Academic year|Financial year( Q[1-4])?|Part [12] \(.*\)|Tax year)$/;
const FOUR_DIGITS = new RegExp(`^(Calendar year|Reporting year|Week \\d\\d?|${MONTHS.join('|')})$`);
/** A number, or one of the symbols that stand for none. */
const VALUE = /^(-?\d+(\.\d+)?|z|x|c|k|low|u)$/;

/** Of one file: its name, and what its columns say. */
const wholeFile: Readonly<Record<string, (name: string, header: Cells, meta: readonly Cells[]) => Faults>> = {
  filename_spaces: (name) => [/\s/.test(name) ? name : undefined],
  filename_special: (name) => [/^[a-z0-9_-]+$/.test(name) ? undefined : name],
  // Of the place of an authority only where a line has one: see `geog_level_completed`.
  col_missing: (_, header) => beyond(STANDARD.slice(0, 7), header),
  col_dupes: (_, header) => repeated(header),
  col_snake_case: (_, header) => header.filter((column) => !/^[a-z0-9_]+$/.test(column)),
  col_var_start: (_, header) => header.filter((column) => !/^[a-z]/.test(column)),
  meta_col_missing: (_, __, meta) => beyond(META, meta[0] ?? []),
  meta_col_name_dupe: (_, __, meta) => repeated(column(meta, 'col_name')),
  meta_data_crosscheck: (_, header, meta) => beyond(column(meta, 'col_name'), own(header)),
  data_meta_crosscheck: (_, header, meta) => beyond(own(header), column(meta, 'col_name')),
  meta_label: (_, __, meta) => column(meta, 'label').map((label, i) => (label ? undefined : `row ${i + 1}`)),
  meta_dupe_label: (_, __, meta) => repeated(column(meta, 'label')),
  meta_col_type: (_, __, meta) => beyond(column(meta, 'col_type'), ['Filter', 'Indicator']),
  meta_ind_unit_validation: (_, __, meta) => beyond(column(meta, 'indicator_unit'), UNITS),
  meta_ind_dp_values: (_, __, meta) => column(meta, 'indicator_dp').filter((dp) => !/^\d?$/.test(dp)),
  meta_whitespace: (_, __, meta) => meta.flat().filter((cell) => cell !== cell.trim()),
  api_char_limit: (_, header, meta) => [
    ...header.filter((one) => one.length > 50),
    ...column(meta, 'label').filter((one) => one.length > 100),
  ],
};

/** Of one line, by what its columns hold; @param columns  those of indicators */
const eachLine: Readonly<Record<string, (at: (column: string) => string, cells: Cells, columns: Cells) => Faults>> = {
  empty_rows: (_, cells) => [cells.every((cell) => cell === '') ? 'a line without anything' : undefined],
  geog_level: (at) => beyond([at('geographic_level')], LEVELS),
  geog_level_completed: (at) => {
    const needed = {
      'Local authority': ['new_la_code', 'la_name', 'old_la_code', 'region_code', 'region_name'],
      Regional: ['region_code', 'region_name'],
    };
    return (needed[at('geographic_level') as keyof typeof needed] ?? []).filter((one) => at(one) === '');
  },
  geog_overcompleted_cols: (at) => {
    const level = at('geographic_level');
    const beyondRegion = level === 'Local authority' ? [] : ['new_la_code', 'la_name', 'old_la_code'];
    const beyondCountry = level === 'National' ? ['region_code', 'region_name'] : [];
    return [...beyondRegion, ...beyondCountry].filter((one) => at(one) !== '');
  },
  geog_country_combos: (at) => beyond([`${at('country_code')} ${at('country_name')}`], ['E92000001 England']),
  geog_api_location_limit: (at) => ['region_code', 'new_la_code', 'old_la_code'].filter((one) => at(one).length > 30),
  time_identifier: (at) => [at('time_identifier')].filter((one) => !SIX_DIGITS.test(one) && !FOUR_DIGITS.test(one)),
  time_period: (at) => [at('time_period')].filter((one) => !/^(\d{4}|\d{6})$/.test(one)),
  time_period_six: (at) => {
    const [time, isSix] = [at('time_period'), SIX_DIGITS.test(at('time_identifier'))];
    const follows = String((Number(time.slice(0, 4)) + 1) % 100).padStart(2, '0') === time.slice(4);
    return [(isSix ? time.length === 6 && follows : time.length === 4) ? undefined : time];
  },
  ind_blanks: (at, _, header) => header.filter((one) => at(one) === ''),
  ind_obsolete_symbols: (at, _, header) => header.filter((one) => ['~', ':', '.', '..'].includes(at(one))),
  ind_invalid_entry: (at, _, header) => header.filter((one) => at(one) !== '' && !VALUE.test(at(one))),
};

const column = (meta: readonly Cells[], name: string): string[] => {
  const [header = [], ...lines] = meta;
  const place = header.indexOf(name);
  return lines.map((cells) => cells[place] ?? '');
};
const own = (header: Cells): string[] => beyond(header, STANDARD);

/** Quarters, years and months do not stand in one file. */
const familyOf = (identifier: string): string =>
  MONTHS.includes(identifier)
    ? 'months'
    : identifier
        .replace(/Q[1-4]$/, 'quarters')
        .replace(/^Part.*/, 'parts')
        .replace(/^Week.*/, 'weeks');

/**
 * The published checks of explore education statistics on a pair of files, one line after the other: of the data no more is
 * held than which places, periods and categories there were.
 * Source: eesyscreener 0.3.1, those of its checks that apply to files without groups of filters, by its names where it has one.
 */
export class EesScreener {
  private readonly faults = new Map<string, string[]>();
  private readonly families = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly codes = new Map<string, string>();
  private readonly filters: ReadonlyMap<string, Set<string>>;
  private readonly indicators: Cells;

  /** @param meta  the file of metadata, its header first */
  constructor(
    name: string,
    private readonly header: Cells,
    meta: readonly Cells[],
  ) {
    for (const [check, of] of Object.entries(wholeFile)) this.note(check, of(name, header, meta));
    const types = column(meta, 'col_type');
    const names = column(meta, 'col_name');
    this.filters = new Map(names.filter((_, i) => types[i] === 'Filter').map((one) => [one, new Set()]));
    this.indicators = own(header).filter((one) => !this.filters.has(one));
    // What tells filters apart belongs to no indicator, and a unit to no filter.
    this.note(
      'meta_filter_hint',
      column(meta, 'filter_hint').map((hint, i) => (hint && types[i] !== 'Filter' ? names[i] : undefined)),
    );
    this.note(
      'meta_ind_unit',
      column(meta, 'indicator_unit').map((unit, i) => (unit && types[i] === 'Filter' ? names[i] : undefined)),
    );
  }

  /** One line of the data. */
  line(cells: Cells): void {
    const at = (name: string) => cells[this.header.indexOf(name)] ?? '';
    this.note('rectangular', [cells.length === this.header.length ? undefined : `${cells.length} cells`]);
    for (const [check, of] of Object.entries(eachLine)) this.note(check, of(at, cells, this.indicators));
    const items = [...this.filters.keys()].map(at);
    this.note(
      'filter_blanks',
      items.map((item, i) => (item === '' ? [...this.filters.keys()][i] : undefined)),
    );
    this.note(
      'filter_whitespace',
      items.filter((item) => item !== item.trim()),
    );
    this.note(
      'filter_ob_total',
      items.filter((item) => item !== TOTAL && /^(total|all|any)$/i.test(item)),
    );
    this.note(
      'api_char_limit',
      items.filter((item) => item.length > 120),
    );
    [...this.filters.values()].forEach((known, i) => known.add(items[i]!));
    this.families.add(familyOf(at('time_identifier')));
    const place = [at('geographic_level'), at('new_la_code') || at('region_code')].join(' ');
    const key = [at('time_period'), at('time_identifier'), place, ...items].join(' ');
    this.note('general_dupes', [this.seen.has(key) ? key : undefined]);
    this.seen.add(key);
    const name = at('la_name') || at('region_name');
    this.note('geog_code_dupes', [(this.codes.get(place) ?? name) === name ? undefined : place]);
    this.codes.set(place, name);
  }

  /** Every check, with the first of what it found. */
  results(): EesCheck[] {
    this.note('time_identifier_mix', [this.families.size > 1 ? [...this.families].join(' and ') : undefined]);
    this.note('total_rows', [this.seen.size ? undefined : 'no line']);
    const filters = [...this.filters];
    this.note(
      'filter_not_singular',
      filters.map(([name, items]) => (items.size < 2 ? name : undefined)),
    );
    this.note(
      'filter_defaults',
      filters.map(([name, items]) => (items.has(TOTAL) ? undefined : name)),
    );
    this.note(
      'filter_item_limit',
      filters.map(([name, items]) => (items.size > MOST_ITEMS ? name : undefined)),
    );
    return [...this.faults].map(([check, faults]) => ({
      check,
      result: faults.length ? 'FAIL' : 'PASS',
      message: faults.slice(0, 5).join('; ') || 'holds',
    }));
  }

  private note(check: string, faults: Faults): void {
    const known = this.faults.get(check) ?? [];
    this.faults.set(check, known);
    // The first five are shown; a file that is wrong throughout need not be held whole.
    for (const one of faults) if (one !== undefined && known.length < 5) known.push(one);
  }
}
