import { MONTHS } from '@hub/kernel';
import { META, NO_CODE, STANDARD } from './ees';
import type { ExportPlace } from './table';

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
/** What stands for nothing elsewhere: nulls of programs, and the symbols of before 2017. */
const NULLS = ['NULL', 'Null', 'null', 'NA', 'na', 'N/A', 'n/a', '.', '..', '-'];
/** Names of columns that speak of a place, and so are no filter. */
const PLACES =
  /^(country|sch|prov|inst|estab|reg|la|local|rsc|pfa|pcon|lep|mca|oa|ward|mat).*(name|code|urn|ukprn|number|upin|id)$|^(laestab|estab|schools?|sch|providers?|prov|institutions?|inst|name|code|urn|ukprn|number|upin|id|region|la|lad|rsc|pcon|lep|mca|oa|ward|mat)$/i;
/** Categories that belong into a filter, not into the name of an indicator. */
const SMUSHED =
  /male|asian|chinese|indian|pakistani|bangladeshi|black|african|caribbean|white|roma|irish|english|british|scottish|welsh|arab/i;
/** What has one name in all files of the Department, and those names. */
const HARMONISED = /sen_|primary_need|secondary_need|establishment_type|provider_type|school_type|phase|ethnic/;
const HARMONISED_NAMES =
  /^(sen_(status|primary_need|secondary_need|provision)|establishment_type(_group)?|education_phase|ethnicity_(major|minor|detailed)|minority_ethnic)$/;
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
  col_ind_smushed: (_, __, meta) => named(meta, 'Indicator').filter((column) => SMUSHED.test(column)),
  col_var_characteristic: (_, __, meta) =>
    column(meta, 'col_name').filter((one) => /^characteristic(_group)?$/.test(one)),
  geog_region_col_present: (_, header) => together(header, ['region_code', 'region_name']),
  geog_la_col_present: (_, header) => together(header, ['new_la_code', 'la_name', 'old_la_code']),
  harmonised_variables: (_, __, meta) =>
    column(meta, 'col_name').filter((one) => HARMONISED.test(one) && !HARMONISED_NAMES.test(one)),
  meta_col_missing: (_, __, meta) => beyond(META, meta[0] ?? []),
  meta_col_invalid: (_, __, meta) => beyond(meta[0] ?? [], META),
  meta_col_name: (_, __, meta) => column(meta, 'col_name').map((one, i) => (one ? undefined : `row ${i + 1}`)),
  meta_ob_unit: (_, __, meta) => column(meta, 'col_name').filter((one) => (STANDARD as Cells).includes(one)),
  meta_geog_catch: (_, __, meta) => named(meta, 'Filter').filter((one) => PLACES.test(one)),
  meta_fil_grp: (_, __, meta) => column(meta, 'filter_grouping_column').filter((group) => group !== ''),
  meta_col_name_dupe: (_, __, meta) => repeated(column(meta, 'col_name')),
  meta_data_crosscheck: (_, header, meta) => beyond(column(meta, 'col_name'), own(header)),
  data_meta_crosscheck: (_, header, meta) => beyond(own(header), column(meta, 'col_name')),
  meta_label: (_, __, meta) => column(meta, 'label').map((label, i) => (label ? undefined : `row ${i + 1}`)),
  meta_dupe_label: (_, __, meta) => repeated(column(meta, 'label')),
  meta_col_type: (_, __, meta) => beyond(column(meta, 'col_type'), ['Filter', 'Indicator']),
  meta_ind_unit_validation: (_, __, meta) => beyond(column(meta, 'indicator_unit'), UNITS),
  meta_ind_dp_values: (_, __, meta) => column(meta, 'indicator_dp').filter((dp) => !/^\d?$/.test(dp)),
  general_null: (_, __, meta) => meta.flat().filter((cell) => NULLS.includes(cell)),
  meta_whitespace: (_, __, meta) => meta.flat().filter((cell) => cell !== cell.trim()),
  api_char_limit: (_, header, meta) => [
    ...header.filter((one) => one.length > 50),
    ...column(meta, 'label').filter((one) => one.length > 100),
  ],
};

/** Of one line, by what its columns hold; @param columns  those of indicators @param known  codes with their names */
const eachLine: Readonly<
  Record<string, (at: (column: string) => string, cells: Cells, columns: Cells, known: ReadonlySet<string>) => Faults>
> = {
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
  geog_region_combos: (at, _, __, known) => {
    // On a line of a region nothing is let off: on others a region may be wanting.
    if (at('geographic_level') !== 'Regional' && ['', 'x'].includes(at('region_code'))) return [];
    return [`${at('region_code')} ${at('region_name')}`].filter((one) => !known.has(one));
  },
  geog_la_combos: (at, _, __, known) => {
    if (['', 'x'].includes(at('new_la_code'))) return [];
    return [`${at('old_la_code')} ${at('new_la_code')} ${at('la_name')}`].filter((one) => !known.has(one));
  },
  general_null: (_, cells) => cells.filter((cell) => NULLS.includes(cell)),
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
const named = (meta: readonly Cells[], type: 'Filter' | 'Indicator'): string[] => {
  const types = column(meta, 'col_type');
  return column(meta, 'col_name').filter((_, i) => types[i] === type);
};
/** Columns that come all or not at all: those that are wanting. */
const together = (header: Cells, columns: Cells): string[] =>
  columns.some((one) => header.includes(one)) ? beyond(columns, header) : [];

/**
 * The codes of places with their names, as the checks look them up: `E12000001 North East`, `805 E06000001 Hartlepool`.
 * Of what has no code the Department lets in a few names, of which the files have one.
 */
export const placesKnown = (
  regions: readonly { readonly code: string; readonly name: string }[],
  authorities: readonly Pick<ExportPlace, 'code' | 'name' | 'oldNumber'>[],
): ReadonlySet<string> =>
  new Set([
    ...[...regions, NO_CODE].map(({ code, name }) => `${code} ${name}`),
    ...authorities.map(({ code, name, oldNumber }) => `${oldNumber ?? 'x'} ${code} ${name}`),
  ]);

const isOfPlaceOrTime = (column: string): boolean => (STANDARD as Cells).includes(column) || PLACES.test(column);

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
 * Source: eesyscreener 0.3.1, those of its checks that apply to these files, by its names where it has one; which do not, and
 * why, stands in decision 56.
 */
export class EesScreener {
  private readonly faults = new Map<string, string[]>();
  private readonly families = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly codes = new Map<string, string>();
  private readonly filters: ReadonlyMap<string, Set<string>>;
  private readonly indicators: Cells;
  private readonly empty: Set<string>;

  /** @param meta  the file of metadata, its header first @param known  see `placesKnown` */
  constructor(
    name: string,
    private readonly header: Cells,
    meta: readonly Cells[],
    private readonly known: ReadonlySet<string>,
  ) {
    this.empty = new Set(header);
    for (const [check, of] of Object.entries(wholeFile)) this.note(check, of(name, header, meta));
    const types = column(meta, 'col_type');
    const names = column(meta, 'col_name');
    this.filters = new Map(named(meta, 'Filter').map((one) => [one, new Set()]));
    this.indicators = own(header).filter((one) => !this.filters.has(one));
    // What tells filters apart belongs to no indicator; group, unit and decimals to no filter.
    for (const [check, of, type] of [
      ['meta_filter_hint', 'filter_hint', 'Indicator'],
      ['meta_indicator_grouping', 'indicator_grouping', 'Filter'],
      ['meta_ind_unit', 'indicator_unit', 'Filter'],
      ['meta_indicator_dp', 'indicator_dp', 'Filter'],
    ] as const)
      this.note(
        check,
        column(meta, of).map((cell, i) => (cell && types[i] === type ? names[i] : undefined)),
      );
    this.note(
      'meta_ind_dp_set',
      column(meta, 'indicator_dp').map((dp, i) => (!dp && types[i] === 'Indicator' ? names[i] : undefined)),
    );
  }

  /** One line of the data. */
  line(cells: Cells): void {
    const at = (name: string) => cells[this.header.indexOf(name)] ?? '';
    this.note('rectangular', [cells.length === this.header.length ? undefined : `${cells.length} cells`]);
    for (const [check, of] of Object.entries(eachLine)) this.note(check, of(at, cells, this.indicators, this.known));
    for (const one of this.empty) if (at(one) !== '') this.empty.delete(one);
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
      this.header.filter((one) => isOfPlaceOrTime(one) && /^(total|all)$/i.test(at(one))),
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
    this.note('empty_cols', this.seen.size ? [...this.empty] : []);
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
