import { parse } from 'csv-parse/sync';
import { loadRegistry } from '@hub/registry/domain';
import { EesFiles, eesTime } from './ees';
import { EesScreener, placesKnown } from './ees-checks';
import {
  exportPlaces,
  filled,
  headOf,
  LICENCE,
  sentIn,
  withoutCode,
  written,
  type ExportFigure,
  type ExportRow,
  type ExportTable,
} from './table';
import { workbookOf } from './workbook';
import { partsOf, sheetsOf } from '../../workbook.builder';

const printed = (count: number, value: number, lower: number, upper: number): ExportFigure => ({
  kind: 'value',
  count,
  of: null,
  population: null,
  value,
  valueKind: 'value',
  limits: { lower, upper },
});
const without = (kind: ExportFigure['kind']): ExportFigure => ({
  kind,
  count: null,
  of: null,
  population: null,
  value: null,
  valueKind: kind,
  limits: null,
});
/** A rate with the children that it is of. */
const peopled = (figure: ExportFigure, children: number, from: number, to = from): ExportFigure => ({
  ...figure,
  population: { children, from, to },
});
const region = { code: 'E12000001', name: 'North East' };
const authorities = [
  { code: 'E06000001', name: 'Hartlepool', oldNumber: '805', region },
  { code: 'E06000002', name: '=HYPERLINK("http://evil.example","Middlesbrough")', oldNumber: null, region },
  { code: 'E06000003', name: 'Redcar, and "Cleveland" & <others>', oldNumber: '807', region },
];
const known = placesKnown(
  [region],
  authorities.map((one) => ({ ...one, name: one.name.replace(/^=/, "'=") })),
);
const row = (code: string, name: string, unit: ExportRow['unit'], figures: readonly ExportFigure[]): ExportRow => ({
  code,
  name,
  unit,
  theme: 'Referrals',
  coverage: { submitted: 2, parties: 3, text: '2 of 3' },
  within: code === 'RF01' ? ' in the quarter' : '',
  decimals: code === 'WF04' ? 1 : 0,
  england: null,
  region: printed(900, 40, 37.4, 42.7),
  figures: new Map(authorities.map((one, i) => [one.code, figures[i]!])),
  notes: [],
  said: [],
});
const note = {
  authority: 'E06000001',
  about: 'from 2024-Q1 on, another recording system',
  text: '=Contacts are counted too.',
};
const england = {
  count: 640_400,
  of: 11_910_000,
  value: 537.7,
  text: 'England, 2025-Q2: a public figure of the Department.',
};
const said = [
  { of: 'E06000001', text: '=Referrals are 100.' },
  { of: 'E12000001', text: 'Asked at the meeting.' },
];
const table: ExportTable = {
  region,
  dataset: 'safeguarding-quarterly',
  title: 'Safeguarding children: the quarter',
  period: '2025-Q2',
  publication: {
    id: 'pub_hub-local_1',
    number: 7,
    digest: 'ab'.repeat(32),
    edition: 'final',
    publishedAt: new Date('2025-12-01T09:00:00Z'),
    revised: [],
  },
  handling: 'Official: for members of the region.',
  authorities,
  breakdowns: [],
  leftOut: [],
  rows: [
    {
      ...row('RF01', 'Referrals', 'per 10,000', [
        peopled(printed(100, 50, 40.7, 60.8), 20_000, 2024),
        without('hidden'),
        without('notSubmitted'),
      ]),
      region: peopled(printed(900, 40, 37.4, 42.7), 225_000, 2023, 2024),
      notes: [note],
      said,
      england,
    },
    row('RF02', 'Re-referrals within 12 months', '%', [
      { ...printed(0, 0, 0, 3.7), of: 101 },
      without('notApplicable'),
      { ...without('value'), count: 20, valueKind: 'hidden' },
    ]),
    row('WF04', 'Average caseload', 'average', [
      { ...printed(1500.5, 15, 0, 0), of: 100.5, limits: null },
      without('notCollected'),
      without('notAvailable'),
    ]),
  ],
};
/** With the referrals of two sources. */
const broken: ExportTable = {
  ...table,
  breakdowns: ['Police', 'Schools'].map((categoryName) => ({
    dimension: 'source',
    dimensionName: 'Source',
    categoryName,
    together: categoryName === 'Schools' ? ['Schools and Health'] : [],
    rows: [
      row('RF01', 'Referrals', 'per 10,000', [
        peopled(printed(40, 20, 14.3, 27.2), 20_000, 2024),
        without('hidden'),
        without('notSubmitted'),
      ]),
    ],
  })),
};
/** The period before, without its last indicator and its last authority. */
const before: ExportTable = {
  ...table,
  period: '2025-Q1',
  publication: { ...table.publication, number: 4, digest: 'cd'.repeat(32) },
  authorities: authorities.slice(0, 2),
  rows: table.rows.slice(0, 2).map((one) => ({ ...one, england: null })),
};

const read = (text: string) => parse(text, { relaxColumnCount: true }) as string[][];

describe('the CSV of explore education statistics', () => {
  const files = new EesFiles(headOf([table, before]));
  const { name, meta } = files;
  const data = files.header + [table, before].flatMap((one) => [...files.lines(one)]).join('');
  const [header, ...lines] = read(data);
  const cell = (line: number, column: string) => lines[line]![header!.indexOf(column)];
  const screened = (file: string, d: string[][], m: string[][]) => {
    const screener = new EesScreener(file, d[0]!, m, known);
    for (const line of d.slice(1)) screener.line(line);
    return screener.results();
  };

  test('has lines for the region and each authority, period by period, with the shorthand of the guide', () => {
    expect(name).toBe('safeguarding_quarterly_e12000001');
    expect(lines.map((line) => line.slice(0, 3))).toEqual([
      ['202526', 'Financial year Q2', 'Regional'],
      ...authorities.map(() => ['202526', 'Financial year Q2', 'Local authority']),
      ['202526', 'Financial year Q2', 'National'],
      ['202526', 'Financial year Q1', 'Regional'],
      ...authorities.slice(0, 2).map(() => ['202526', 'Financial year Q1', 'Local authority']),
    ]);
    expect([1, 2, 3].map((i) => cell(i, 'rf01_number'))).toEqual(['100', 'c', 'x']);
    expect([1, 2, 3].map((i) => cell(i, 'rf02_number'))).toEqual(['0', 'z', '20']);
    // A count without a printed denominator has a value that is hidden with it.
    expect([1, 2, 3].map((i) => cell(i, 'rf02_percentage'))).toEqual(['0', 'z', 'c']);
    expect(cell(1, 'rf01_rate_lower_ci')).toBe('40.7');
    expect(cell(1, 'wf04_average_upper_ci')).toBe('z');
    expect([cell(0, 'la_name'), cell(2, 'old_la_code'), cell(1, 'old_la_code')]).toEqual(['', 'x', '805']);
    // Who stands in the region's figure, of how many; England has a line of its own, where something is published.
    expect(
      ['region_authorities', 'rf01_authorities', 'rf01_number', 'rf01_rate'].map((column) =>
        [0, 1, 4].map((i) => cell(i, column)),
      ),
    ).toEqual([
      ['3', 'z', 'z'],
      ['2', 'z', 'z'],
      ['900', '100', '640400'],
      ['40', '50', '537.7'],
    ]);
    expect(lines[4]!.slice(2, 10)).toEqual(['National', 'E92000001', 'England', '', '', '', '', '']);
    expect([cell(4, 'rf01_rate_lower_ci'), cell(4, 'rf02_number')]).toEqual(['z', 'x']);
    // What percentages and averages are made of, as printed; a rate is by children.
    expect([1, 2, 3].map((i) => cell(i, 'rf02_denominator'))).toEqual(['101', 'z', 'c']);
    expect(cell(1, 'wf04_denominator')).toBe('100.5');
    // Children and the years of their estimate: public, and in England's line not of this publication.
    expect(
      [0, 1, 2, 3, 4].map((i) =>
        ['rf01_denominator', 'population_from', 'population_to'].map((column) => cell(i, column)),
      ),
    ).toEqual([
      ['225000', '2023', '2024'],
      ['20000', '2024', '2024'],
      ['c', 'x', 'x'],
      ['x', 'x', 'x'],
      ['11910000', 'z', 'z'],
    ]);
    // A rate of a quarter is not taken for one of a year.
    expect(meta).toContain('Referrals: rate per 10,000 children in the quarter (RF01)');
    // Where the reader is shown no children there are no years of them.
    const unpeopled = table.rows.map((one) => ({
      ...one,
      region: { ...one.region, population: null },
      figures: new Map(),
    }));
    const bare = new EesFiles(headOf([{ ...table, rows: unpeopled }]));
    expect(bare.header).not.toContain('population');
    const [names, first] = read(bare.header + [...bare.lines({ ...table, rows: unpeopled })].join(''));
    expect(first![names!.indexOf('rf01_denominator')]).toBe('x');
    // Decimals are those of what is counted: staff in tenths.
    expect(
      read(meta)
        .filter(([one]) => /_(number|denominator)$/.test(one!))
        .map(([one, , , , , decimals]) => [one, decimals]),
    ).toEqual([
      ['rf01_number', '0'],
      ['rf01_denominator', '0'],
      ['rf02_number', '0'],
      ['rf02_denominator', '0'],
      ['wf04_number', '1'],
      ['wf04_denominator', '1'],
    ]);
    // An indicator that the earlier period does not have.
    expect(cell(6, 'wf04_number')).toBe('x');
  });

  test('writes low for what rounds to 0 and is not, and 0 for none', () => {
    const rare = (count: number) => ({
      ...table.rows[0]!,
      figures: new Map([['E06000001', printed(count, 0, 0, 0.2)]]),
    });
    for (const [count, csv, cell] of [
      [3, 'low', '[low]'],
      [0, '0', 0],
    ] as const) {
      const one = { ...table, rows: [rare(count)] };
      const of = new EesFiles(headOf([one]));
      const [names, ...all] = read(of.header + [...of.lines(one)].join(''));
      expect(all[1]![names!.indexOf('rf01_rate')]).toBe(csv);
      expect(sheetsOf(workbookOf([one])).get('1 Values')![5]![3]).toBe(cell);
      expect(screened(of.name, [names!, ...all], read(of.meta)).filter(({ result }) => result === 'FAIL')).toEqual([]);
    }
  });

  /** Of the lines of a level some columns; the file passes all checks. */
  const linesOf = (one: ExportTable, level = 'Regional') => {
    const of = new EesFiles(headOf([one]));
    const [names, ...all] = read(of.header + [...of.lines(one)].join(''));
    expect(screened(of.name, [names!, ...all], read(of.meta)).filter(({ result }) => result === 'FAIL')).toEqual([]);
    const columns = [
      'region_code',
      'region_name',
      'rf01_number',
      'rf01_authorities',
      'rf02_number',
      'rf02_authorities',
    ];
    return all.filter((line) => line[2] === level).map((line) => columns.map((column) => line[names!.indexOf(column)]));
  };
  const whole = { submitted: 3, parties: 3, text: '3 of 3' };

  test('gives the region’s code to figures of all its authorities alone, and says where the others are', () => {
    const mixed = { ...table, rows: table.rows.map((one, i) => (i ? one : { ...one, coverage: whole })) };
    const complete = ['E12000001', 'North East'];
    const partial = ['z', 'Not applicable'];
    expect(linesOf(mixed)).toEqual([
      [...complete, '900', '3', 'x', 'x'],
      [...partial, 'x', 'x', '900', '2'],
    ]);
    expect(linesOf(table)).toEqual([[...partial, '900', '2', '900', '2']]);
    const all = table.rows.map((one) => ({ ...one, coverage: whole }));
    expect(linesOf({ ...table, rows: all })).toEqual([[...complete, '900', '3', '900', '3']]);
    // What nobody has sent is no sum of some.
    const none = { ...table.rows[1]!, region: without('notSubmitted'), coverage: { ...whole, submitted: 0 } };
    expect(linesOf({ ...table, rows: [all[0]!, none] })).toEqual([[...complete, '900', '3', 'x', '0']]);
    expect(withoutCode(mixed)).toMatch(
      /^Figures of North East in which not all its authorities stand .* z and "Not applic/,
    );
    expect(withoutCode({ ...table, rows: all })).toBeNull();
    const regionIn = (one: ExportTable) => sheetsOf(workbookOf([one])).get('1 Values')![4]![2];
    expect([mixed, table, { ...table, rows: all }].map(regionIn)).toEqual([
      'North East (region: 2 to 3 of 3 authorities)',
      'North East (region: 2 of 3 authorities)',
      'North East (region)',
    ]);
  });

  test('gives a network no code, for it is no region of the statistics, and its authorities that of their own', () => {
    const network = { ...table, region: { code: 'net-tees', name: 'Tees Valley' } };
    const mixed = { ...network, rows: table.rows.map((one, i) => (i ? one : { ...one, coverage: whole })) };
    expect(linesOf(mixed)).toEqual([['z', 'Not applicable', '900', '3', '900', '2']]);
    expect(linesOf(mixed, 'Local authority').map(([code, name]) => [code, name])).toEqual(
      authorities.map(() => ['E12000001', 'North East']),
    );
    expect(withoutCode(network)).toMatch(/^Tees Valley is no region of the statistics/);
  });

  test('passes its published checks, and each of them can fail', () => {
    const good = screened(name, read(data), read(meta));
    expect(good.filter(({ result }) => result === 'FAIL')).toEqual([]);
    const failing = (change: (data: string[][], meta: string[][]) => void, file = name): string[] => {
      const [d, m] = [read(data), read(meta)];
      change(d, m);
      return screened(file, d, m)
        .filter(({ result }) => result === 'FAIL')
        .map(({ check }) => check);
    };
    const faults: [string, Parameters<typeof failing>[0]][] = [
      ['col_missing', (d) => void (d[0]![4] = 'country')],
      ['col_dupes', (d) => void (d[0]![11] = d[0]![10]!)],
      ['col_snake_case', (d, m) => void ((d[0]![10] = 'RF01'), (m[1]![0] = 'RF01'))],
      ['col_ind_smushed', (d, m) => void ((d[0]![10] = 'rf01_female'), (m[1]![0] = 'rf01_female'))],
      ['col_var_characteristic', (_, m) => void (m[1]![0] = 'characteristic_group')],
      ['harmonised_variables', (_, m) => void (m[1]![0] = 'ethnicity')],
      ['empty_cols', (d) => d.slice(1).forEach((line) => (line[7] = ''))],
      ['general_null', (d) => void (d[1]![10] = 'NA')],
      ['general_null', (_, m) => void (m[1]![3] = 'NULL')],
      ['geog_region_col_present', (d) => void (d[0]![6] = 'name_of_region')],
      ['geog_la_col_present', (d) => void (d[0]![7] = 'number_of_la')],
      ['geog_region_combos', (d) => void (d[1]![5] = 'x')],
      ['geog_region_combos', (d) => void (d[1]![5] = '')],
      ['geog_region_combos', (d) => void (d[2]![6] = 'Tees Valley')],
      ['geog_la_combos', (d) => void (d[2]![7] = '806')],
      ['filter_ob_total', (d) => void (d[2]![9] = 'Total')],
      ['meta_col_invalid', (_, m) => void (m[0]![6] = 'hint')],
      ['meta_col_name', (_, m) => void (m[1]![0] = '')],
      ['meta_ob_unit', (_, m) => void (m[1]![0] = 'region_code')],
      ['meta_fil_grp', (_, m) => void (m[1]![7] = 'rf')],
      ['meta_ind_dp_set', (_, m) => void (m[1]![5] = '')],
      ['col_var_start', (d, m) => void ((d[0]![10] = '1st'), (m[1]![0] = '1st'))],
      ['meta_col_missing', (_, m) => void (m[0]![2] = 'name')],
      ['meta_col_name_dupe', (_, m) => void (m[1]![0] = m[2]![0]!)],
      ['data_meta_crosscheck', (_, m) => void m.pop()],
      ['meta_data_crosscheck', (_, m) => void m.push(['more', 'Indicator', 'More', '', '', '0', '', ''])],
      ['meta_label', (_, m) => void (m[1]![2] = '')],
      ['api_char_limit', (_, m) => void (m[1]![2] = 'x'.repeat(101))],
      ['meta_dupe_label', (_, m) => void (m[1]![2] = m[2]![2]!)],
      ['meta_col_type', (_, m) => void (m[1]![1] = 'Measure')],
      ['meta_ind_unit_validation', (_, m) => void (m[1]![4] = 'percent')],
      ['meta_ind_dp_values', (_, m) => void (m[1]![5] = 'one')],
      ['meta_whitespace', (_, m) => void (m[1]![3] = ' Referrals')],
      ['meta_filter_hint', (_, m) => void (m[1]![6] = 'Choose one')],
      ['rectangular', (d) => void d[2]!.pop()],
      ['empty_rows', (d) => void d.push(d[0]!.map(() => ''))],
      ['total_rows', (d) => void d.splice(1)],
      ['geog_level', (d) => void (d[1]![2] = 'Region')],
      ['geog_level_completed', (d) => void (d[2]![9] = '')],
      ['geog_overcompleted_cols', (d) => void (d[1]![8] = 'E06000001')],
      ['geog_country_combos', (d) => void (d[1]![4] = 'Wales')],
      ['geog_api_location_limit', (d) => void (d[2]![8] = 'E'.repeat(31))],
      ['geog_code_dupes', (d) => void (d[7]![9] = 'Somewhere else')],
      ['geog_overcompleted_cols', (d) => void (d[5]![5] = 'E12000001')],
      ['time_period', (d) => void (d[1]![0] = '2025-26')],
      ['time_period_six', (d) => void (d[1]![0] = '202527')],
      ['time_identifier', (d) => void (d[1]![1] = 'Quarter 1')],
      ['time_identifier_mix', (d) => void (d[1]![1] = 'Financial year')],
      ['general_dupes', (d) => void d.push([...d[2]!])],
      ['ind_blanks', (d) => void (d[1]![10] = '')],
      ['ind_obsolete_symbols', (d) => void (d[1]![10] = '~')],
      ['ind_invalid_entry', (d) => void (d[1]![10] = '79%')],
    ];
    for (const [code, change] of faults) expect(failing(change)).toContain(code);
    expect(failing(() => undefined, '2025 file')).toEqual(['filename_spaces', 'filename_special']);
    const filtered = new EesFiles(headOf([broken]));
    const whole = filtered.header + [...filtered.lines(broken)].join('');
    const ofFilters: [string, Parameters<typeof failing>[0]][] = [
      ['filter_blanks', (d) => void (d[6]![10] = '')],
      ['filter_whitespace', (d) => void (d[6]![10] = ' Police')],
      ['meta_geog_catch', (_, m) => void (m[1]![0] = 'ward')],
      ['meta_indicator_grouping', (_, m) => void (m[1]![3] = 'Referrals')],
      ['meta_indicator_dp', (_, m) => void (m[1]![5] = '0')],
      ['filter_not_singular', (d) => void d.splice(6)],
      ['filter_defaults', (d) => void d.splice(1, 5)],
      ['filter_item_limit', (d) => d.push(...Array.from({ length: 25_001 }, (_, i) => d[6]!.with(10, String(i))))],
      ['meta_ind_unit', (_, m) => void (m[1]![4] = '%')],
      ['api_char_limit', (d) => void (d[6]![10] = 'x'.repeat(121))],
    ];
    const withFilters = (change: (data: string[][], meta: string[][]) => unknown) => {
      const [d, m] = [read(whole), read(filtered.meta)];
      change(d, m);
      return screened(name, d, m)
        .filter(({ result }) => result === 'FAIL')
        .map(({ check }) => check);
    };
    expect(withFilters(() => undefined)).toEqual([]);
    for (const [code, change] of ofFilters) expect(withFilters(change)).toContain(code);
    const tried = [...faults, ...ofFilters].map(([code]) => code);
    expect(new Set(['filename_spaces', 'filename_special', ...tried])).toEqual(new Set(good.map(({ check }) => check)));
  });

  test('knows every authority of the registry by code, name and number, joint returns by the numbers of both', () => {
    const registry = loadRegistry();
    const all = placesKnown(registry.regions, [...exportPlaces(registry).values()]);
    for (const one of [
      'E12000003 Yorkshire and The Humber',
      'z Not applicable',
      '805 E06000001 Hartlepool',
      '314 / 318 E09000021 / E09000027 Kingston upon Thames / Richmond upon Thames',
    ])
      expect(all).toContain(one);
    expect([...all].filter((one) => /^x /.test(one))).toEqual([]);
  });

  test('has a filter for each breakdown: a line for each category, and the total in all others', () => {
    const filtered = new EesFiles(headOf([broken]));
    const [columns, ...rest] = read(filtered.header + [...filtered.lines(broken)].join(''));
    const at = (i: number, column: string) => rest[i]![columns!.indexOf(column)];
    expect(columns!.slice(9, 13)).toEqual(['la_name', 'source', 'region_authorities', 'rf01_number']);
    expect(rest.map((_, i) => at(i, 'source'))).toEqual([
      ...Array<string>(5).fill('Total'),
      ...['Police', 'Schools'].flatMap((one) => [one, one, one]),
    ]);
    // Who has sent nothing of a category has no line of it.
    expect([5, 6, 7].map((i) => at(i, 'rf01_number'))).toEqual(['900', '40', 'c']);
    // An indicator that is not broken down so.
    expect([5, 6].map((i) => at(i, 'rf02_number'))).toEqual(['z', 'z']);
    expect(read(filtered.meta)[1]).toEqual(['source', 'Filter', 'Source', '', '', '', '', '']);
    // The Department's name for the column that all its files have.
    const groups = broken.breakdowns.map((one) => ({ ...one, dimension: 'ethnicity' }));
    const ethnic = new EesFiles(headOf([{ ...broken, breakdowns: groups }]));
    expect([read(ethnic.header)[0]![10], read(ethnic.meta)[1]![0]]).toEqual(['ethnicity_major', 'ethnicity_major']);
  });

  test('of a region alone has no columns of authorities', () => {
    const alone = { ...table, authorities: [] };
    const own = new EesFiles(headOf([alone]));
    const [names, ...rest] = read(own.header + [...own.lines(alone)].join(''));
    expect(names).not.toContain('la_name');
    expect(rest).toHaveLength(2);
    expect(screened(name, [names!, ...rest], read(own.meta)).filter(({ result }) => result === 'FAIL')).toEqual([]);
  });

  test('has no cell that a spreadsheet would run', () => {
    for (const line of read(data)) for (const one of line) expect(one).not.toMatch(/^[=+@\t\r]/);
    for (const first of ['=', '+', '-', '@', '\t', '\r']) {
      const name = `${first}1+cmd|'/C calc'!A0`;
      const told = {
        ...table,
        region: { ...table.region, name },
        authorities: authorities.map((one) => ({ ...one, name, region: { ...region, name } })),
      };
      const [names, ...rest] = read(
        new EesFiles(headOf([told])).header + [...new EesFiles(headOf([told])).lines(told)].join(''),
      );
      for (const column of ['region_name', 'la_name']) expect(rest[1]![names!.indexOf(column)]).toBe(`'${name}`);
    }
    expect(cell(2, 'la_name')).toBe(`'${authorities[1]!.name}`);
    expect(cell(3, 'la_name')).toBe(authorities[2]!.name);
  });

  test.each([
    ['2024-FY', ['202425', 'Financial year']],
    ['2025-Q4', ['202526', 'Financial year Q4']],
    ['2025-H2', ['202526', 'Part 2 (October to March)']],
    ['2025-07', ['2025', 'July']],
    ['2025-CY', ['2025', 'Calendar year']],
    ['2099-FY', ['209900', 'Financial year']],
  ])('the period %s is written %j', (period, expected) => expect(eesTime(period)).toEqual(expected));
});

describe('the workbook', () => {
  const bytes = workbookOf([table, before]);
  const parts = partsOf(bytes);
  const sheets = sheetsOf(bytes);

  test('has cover, contents and notes, and then one table on each sheet, each found again with what was put in', () => {
    expect([...sheets.keys()]).toEqual([
      'Cover',
      'Contents',
      'Notes',
      '1 Values',
      '2 Numbers',
      '3 Lower limits',
      '4 Upper limits',
      '5 Coverage',
      '6 Comparability',
      '7 Commentary',
      '8 Not available',
    ]);
    const cover = sheets.get('Cover')!.flat().join('\n');
    for (const said of [
      table.handling,
      LICENCE,
      table.publication.digest,
      before.publication.digest,
      '2025-Q1 to 2025-Q2',
    ]) {
      expect(cover).toContain(said);
    }
    const [columns, ...rows] = sheets.get('1 Values')!.slice(3);
    expect(columns!.slice(2)).toEqual([
      'Area',
      'RF01 Referrals (per 10,000 in the quarter)',
      'RF02 Re-referrals within 12 months (%)',
      'WF04 Average caseload (average)',
      'Compare with care, see table 6',
    ]);
    expect(rows.map(([period, code, , ...rest]) => [period, code, ...rest])).toEqual([
      ['2025-Q2', 'E12000001', 40, 40, 40, '[z]'],
      ['2025-Q2', 'E06000001', 50, 0, 15, 'RF01'],
      ['2025-Q2', 'E06000002', '[c]', '[z]', '[x]', '[z]'],
      ['2025-Q2', 'E06000003', '[x]', '[c]', '[x]', '[z]'],
      ['2025-Q2', 'E92000001', 537.7, '[x]', '[x]', '[z]'],
      ['2025-Q1', 'E12000001', 40, 40, '[x]', '[z]'],
      ['2025-Q1', 'E06000001', 50, 0, '[x]', 'RF01'],
      ['2025-Q1', 'E06000002', '[c]', '[z]', '[x]', '[z]'],
    ]);
    expect(sheets.get('2 Numbers')![3]!.slice(3)).toEqual([
      'RF01 Referrals (number)',
      'RF01 Referrals (children aged 0 to 17)',
      'RF02 Re-referrals within 12 months (number)',
      'RF02 Re-referrals within 12 months (made of)',
      'WF04 Average caseload (number)',
      'WF04 Average caseload (made of)',
      'Children: estimate of',
      'Compare with care, see table 6',
    ]);
    expect(sheets.get('2 Numbers')![5]!.slice(2)).toEqual([
      'Hartlepool',
      100,
      20_000,
      0,
      101,
      1500.5,
      100.5,
      2024,
      'RF01',
    ]);
    expect([4, 8].map((at) => sheets.get('2 Numbers')![at]!.at(-2))).toEqual(['2023 to 2024', '[z]']);
    expect(sheets.get('2 Numbers')![8]!.slice(3, 5)).toEqual([england.count, england.of]);
    expect(sheets.get('2 Numbers')![4]!.slice(3, 5)).toEqual([900, 225_000]);
    expect(sheets.get('3 Lower limits')![5]![3]).toBe(40.7);
    expect(sheets.get('5 Coverage')!.at(-1)).toEqual(['2025-Q1', 'RF02', 'Re-referrals within 12 months', '2 of 3']);
    expect(sheets.get('6 Comparability')!.slice(4)).toEqual([
      ['2025-Q2', 'E06000001', 'Hartlepool', 'RF01', note.about, note.text],
      ['2025-Q1', 'E06000001', 'Hartlepool', 'RF01', note.about, note.text],
    ]);
    expect(sheets.get('7 Commentary')!.slice(4, 6)).toEqual([
      ['2025-Q2', 'E06000001', 'Hartlepool', 'RF01', said[0]!.text],
      ['2025-Q2', 'E12000001', 'North East (region)', 'RF01', said[1]!.text],
    ]);
    const silent = { ...table, rows: table.rows.map((one) => ({ ...one, notes: [], said: [] })) };
    const nobody = sheetsOf(workbookOf([silent]));
    for (const name of ['6 Comparability', '7 Commentary'])
      expect(nobody.get(name)!.at(-1)!.slice(-2)).toEqual(['None', 'Nobody has said anything.']);
    // A public comparator is said to be one, and whose it is.
    expect(rows[4]![2]).toBe('England (public, not of this publication)');
    expect(sheets.get('Notes')!.flat()).toContain(england.text);
    expect(sheets.get('2 Numbers')!.flat()).toContain(england.count);
    // A text that looks like a formula is a text, and stays one when somebody edits its cell.
    expect(rows[2]![2]).toBe(authorities[1]!.name);
    const quoted = [
      ...parts
        .get('xl/styles.xml')!
        .split('<cellXfs')[1]!
        .matchAll(/<xf [^>]*>/g),
    ].findIndex(([xf]) => xf.includes('quotePrefix="1"'));
    for (const [sheet, at] of [
      [4, 'C7'],
      [9, 'F5'],
      [10, 'E5'],
    ] as const)
      expect(parts.get(`xl/worksheets/sheet${sheet}.xml`)).toContain(`<c r="${at}" s="${quoted}" t="inlineStr">`);
    expect(parts.get('xl/styles.xml')).toContain('<cellStyle name="Normal" xfId="0" builtinId="0"/>');
  });

  test('says of each value that is not available why, by period, area and reason', () => {
    expect(sheets.get('8 Not available')!.slice(3)).toEqual([
      ['Period', 'Area code', 'Area', 'Why [x]', 'Codes of the indicators'],
      ['2025-Q2', 'E06000002', authorities[1]!.name, 'not collected', 'WF04'],
      ['2025-Q2', 'E06000003', authorities[2]!.name, 'not submitted', 'RF01'],
      ['2025-Q2', 'E06000003', authorities[2]!.name, 'not available', 'WF04'],
      [
        '2025-Q1',
        'E12000001',
        'North East (region: 2 of 3 authorities)',
        'not among the figures of the period',
        'WF04',
      ],
      ['2025-Q1', 'E06000001', 'Hartlepool', 'not among the figures of the period', 'WF04'],
      ['2025-Q1', 'E06000002', authorities[1]!.name, 'not among the figures of the period', 'WF04'],
    ]);
    expect(sheets.get('Notes')!.flat().join(' ')).toContain('Not collected: the authority has said');
    const bare = { ...without('value'), count: 20, valueKind: 'notCollected' as const };
    const one = {
      ...table,
      rows: table.rows.map((each) => ({
        ...each,
        figures: new Map([
          ['E06000001', without('notSubmitted')],
          ['E06000002', bare],
          ['E06000003', without('hidden')],
        ]),
      })),
    };
    expect(
      sheetsOf(workbookOf([one]))
        .get('8 Not available')!
        .slice(4)
        .map((cells) => cells.slice(3)),
    ).toEqual([
      ['not submitted', 'all'],
      ['the number is there; what it would be divided by is not collected', 'all'],
    ]);
    const full = { ...table, authorities: [] };
    expect(
      sheetsOf(workbookOf([full]))
        .get('8 Not available')!
        .at(-1)!
        .slice(-2),
    ).toEqual(['None', 'No value is [x].']);
  });

  test('marks each table up as one, from its header row to its last, with nothing merged, hidden, empty or run', () => {
    for (const [i, name] of [...sheets.keys()].slice(3).entries()) {
      const lines = sheets.get(name)!.slice(3);
      const [, last, end] = /ref="A4:([A-Z])(\d+)"/.exec(parts.get(`xl/tables/table${i + 4}.xml`)!)!;
      expect([last!.charCodeAt(0) - 64, Number(end)]).toEqual([lines[0]!.length, 3 + lines.length]);
      expect(lines.every((one) => one.length === lines[0]!.length && one.every((each) => each !== ''))).toBe(true);
      expect(new Set(lines[0]).size).toBe(lines[0]!.length);
    }
    expect([...parts.values()].join('')).not.toMatch(/<mergeCell|hidden=|<f>|<autoFilter|<pane/);
    expect(parts.get('docProps/core.xml')).toMatch(/<dc:title>.*<dc:language>en-GB/);
  });

  test('its contents lead to each sheet, by links that say where to', () => {
    const xml = parts.get('xl/worksheets/sheet2.xml')!;
    const links = [...xml.matchAll(/<hyperlink ref="A(\d+)" location="'([^']+)'!A1" display="([^"]+)"\/>/g)];
    expect(links.map(([, , sheet]) => sheet)).toEqual([...sheets.keys()].slice(2));
    for (const [, row, sheet, words] of links) {
      const [text] = sheets.get('Contents')![Number(row) - 1]!;
      expect([String(text).startsWith(sheet!), text]).toEqual([true, words]);
    }
  });

  test('its cover begins with from when to when a period is, and of which edition', () => {
    expect(sheets.get('Cover')!.flat().slice(1, 3)).toEqual([
      '2025-Q2, from 1 July 2025 to 30 September 2025: publication 7, final edition of 1 December 2025.',
      '2025-Q1, from 1 April 2025 to 30 June 2025: publication 4, final edition of 1 December 2025.',
    ]);
  });

  test('has behind a period whether it is provisional or revised, and says on its cover who is', () => {
    const breakdown = { dimension: 'source', dimensionName: 'Source', categoryName: 'Police', together: [] };
    const of = (publication: Partial<ExportTable['publication']>) => {
      const broken = [{ ...breakdown, rows: table.rows.slice(0, 1) }];
      const book = { ...table, publication: { ...table.publication, ...publication }, breakdowns: broken };
      const found = sheetsOf(workbookOf([book]));
      const periodsIn = (sheet: string) =>
        new Set(
          found
            .get(sheet)!
            .slice(4)
            .map(([period, code]) => `${code} ${period}`),
        );
      return { cover: found.get('Cover')!.flat().join('\n'), periodsIn };
    };
    const provisional = of({ edition: 'provisional', revised: null });
    expect(provisional.cover).toContain(': publication 7, provisional edition of 1 December 2025.');
    expect(provisional.periodsIn('1 Values')).toEqual(
      new Set(
        ['E12000001', ...authorities.map(({ code }) => code)]
          .map((code) => `${code} 2025-Q2 [p]`)
          .concat('E92000001 2025-Q2'),
      ),
    );
    // Two of them, of whom one has nothing of the category.
    const revised = of({
      edition: 'revised',
      revised: ['E06000001', 'E06000003'],
      publishedAt: new Date('2026-03-31T23:30:00Z'),
    });
    expect(revised.cover).toContain(
      ': publication 7, revised edition of 1 April 2026 (revised: Hartlepool, Redcar, and',
    );
    for (const sheet of ['1 Values', '2 Numbers', '3 Lower limits', '4 Upper limits'])
      expect(revised.periodsIn(sheet)).toEqual(
        new Set([
          'E12000001 2025-Q2 [r]',
          'E06000001 2025-Q2 [r]',
          'E06000002 2025-Q2',
          'E06000003 2025-Q2 [r]',
          ...(/[12]/.test(sheet) ? ['E92000001 2025-Q2'] : []),
        ]),
      );
    expect(revised.periodsIn('5 Coverage')).toEqual(new Set(table.rows.map(({ code }) => `${code} 2025-Q2 [r]`)));
    expect(revised.periodsIn('9 Breakdowns')).toEqual(
      new Set(['E12000001 2025-Q2 [r]', 'E06000001 2025-Q2 [r]', 'E06000002 2025-Q2']),
    );
    // Of whom nothing is known, nothing is said.
    expect(of({ edition: 'revised', revised: null }).periodsIn('1 Values')).toContain('E12000001 2025-Q2');
  });

  test('its sentences are wrapped', () => {
    const sheet = parts.get('xl/worksheets/sheet9.xml')!;
    expect(sheet).toMatch(/<col min="6" max="6" width="80"/);
    expect(sheet).toMatch(/<c r="E5" s="3" t="inlineStr">/);
  });

  test('has a table of the breakdowns where they are wanted', () => {
    const said = sheetsOf(workbookOf([broken])).get('Notes')!;
    expect(JSON.stringify(said)).toContain('2025-Q2, Source: Schools and Health are told together');
    const breakdowns = sheetsOf(workbookOf([broken]))
      .get('9 Breakdowns')!
      .slice(3);
    // Who has sent nothing of a category has no row of it.
    expect(breakdowns).toHaveLength(1 + 2 * 3);
    expect(breakdowns[0]!.slice(5)).toEqual([
      'Broken down by',
      'Category',
      'Authorities in it',
      'Unit of the value',
      'Number',
      'Made of',
      'Value',
      'Lower limit',
      'Upper limit',
    ]);
    expect(breakdowns[2]).toEqual([
      '2025-Q2',
      'E06000001',
      'Hartlepool',
      'RF01',
      'Referrals',
      'Source',
      'Police',
      '[z]',
      'per 10,000 children aged 0 to 17 in the quarter',
      40,
      20_000,
      20,
      14.3,
      27.2,
    ]);
    expect(breakdowns[1]![7]).toBe('2 of 3');
    expect(breakdowns[3]!.slice(9)).toEqual(['[c]', '[c]', '[c]', '[c]', '[c]']);
  });

  test('leaves out what nobody has sent, and says so', () => {
    const nobody = row(
      'FD01',
      'Contacts',
      'per 10,000',
      authorities.map(() => without('notSubmitted')),
    );
    const part = filled({
      ...broken,
      rows: [{ ...nobody, region: without('notAvailable') }, ...table.rows],
      breakdowns: [{ ...broken.breakdowns[0]!, rows: [{ ...nobody, region: without('notAvailable') }] }],
    });
    expect([part.rows.map(({ code }) => code), part.breakdowns]).toEqual([['RF01', 'RF02', 'WF04'], []]);
    const sheetsOfPart = sheetsOf(workbookOf([part]));
    expect(sheetsOfPart.get('Notes')!.flat()).toContain('Nobody has sent, and so without a column: FD01 Contacts.');
    expect(JSON.stringify(sheetsOfPart.get('1 Values'))).not.toContain('FD01');
    // Hidden is sent.
    expect(
      filled({
        ...table,
        rows: [
          row(
            'RF01',
            'Referrals',
            'per 10,000',
            authorities.map(() => without('hidden')),
          ),
        ],
      }).leftOut,
    ).toEqual([]);
  });

  test('of several periods keeps what somebody has sent in any of them, and a dimension that only the older has', () => {
    const silent = {
      ...table.rows[0]!,
      region: without('notAvailable'),
      figures: new Map(authorities.map(({ code }) => [code, without('notSubmitted')])),
    };
    const newest = {
      ...broken,
      rows: [silent, { ...silent, code: 'FD01', name: 'Contacts' }, table.rows[1]!],
      breakdowns: broken.breakdowns.map((one) => ({ ...one, rows: [silent] })),
    };
    const older = { ...broken, period: '2025-Q1' };
    const sent = sentIn([newest, older]);
    const [first, second] = [filled(newest, sent), filled(older, sent)];
    expect([first.rows.map(({ code }) => code), first.leftOut.map(({ code }) => code)]).toEqual([
      ['RF01', 'RF02'],
      ['FD01'],
    ]);
    const files = new EesFiles(headOf([first, second]));
    const [columns, ...lines] = read(files.header + [first, second].flatMap((one) => [...files.lines(one)]).join(''));
    expect(columns).toEqual(expect.arrayContaining(['source', 'rf01_rate', 'wf04_average']));
    expect(lines.filter((line) => line.includes('Police'))).toHaveLength(3);
    // Of the newest period it has no number, of the older one its own.
    const caseload = lines.map((line) => [line[1], line[columns!.indexOf('wf04_average')]]);
    expect(caseload).toContainEqual(['Financial year Q2', 'x']);
    expect(caseload).toContainEqual(['Financial year Q1', '15']);
    const sheets = sheetsOf(workbookOf([first, second]));
    expect(sheets.get('1 Values')![3]).toContain('WF04 Average caseload (average)');
    expect(
      sheets
        .get('9 Breakdowns')!
        .slice(4)
        .map(([period]) => period),
    ).toContain('2025-Q1');
    expect(sheets.get('Notes')!.flat()).toContain('Nobody has sent, and so without a column: FD01 Contacts.');
    expect(filled(newest).breakdowns).toEqual([]);
  });

  test('has handling of every agreement, and no number of another unit under a column', () => {
    const another = {
      ...before,
      handling: 'Official-sensitive.',
      rows: before.rows.map((one) => (one.code === 'RF01' ? { ...one, unit: '%' as const } : one)),
    };
    const head = headOf([table, another]);
    expect(head.handling).toBe(`${table.handling} Official-sensitive.`);
    const files = new EesFiles(head);
    const [columns, ...lines] = read(files.header + [...files.lines(another)].join(''));
    expect(columns!.filter((one) => /^rf01_(number|rate|percentage)$/.test(one))).toEqual(['rf01_number', 'rf01_rate']);
    expect(new Set(lines.map((line) => line[columns!.indexOf('rf01_rate')]))).toEqual(new Set(['x']));
    expect(
      sheetsOf(workbookOf([table, another]))
        .get('Notes')!
        .flat(),
    ).toContain(
      'RF01 was measured in another unit in 2025-Q1, and so is not in its columns: export that period by itself.',
    );
  });

  test('writes whole numbers and values with their own formats, and sentences alone are wrapped', () => {
    const formats = [
      ...parts
        .get('xl/styles.xml')!
        .split('<cellXfs')[1]!
        .matchAll(/<xf ([^>]*)>/g),
    ].map(([, one]) => /numFmtId="(\d+)"/.exec(one!)?.[1] ?? '0');
    const formatAt = (sheet: number, at: string) =>
      formats[Number(new RegExp(`<c r="${at}" s="(\\d+)"`).exec(parts.get(`xl/worksheets/sheet${sheet}.xml`)!)![1])];
    expect(parts.get('xl/styles.xml')).toContain('<numFmt numFmtId="164" formatCode="#,##0.0"/>');
    // Values; numbers and children; staff in tenths; the year of an estimate.
    expect([formatAt(4, 'D5'), formatAt(5, 'D5'), formatAt(5, 'E5'), formatAt(5, 'H5'), formatAt(5, 'J6')]).toEqual([
      '164',
      '3',
      '3',
      '164',
      '1',
    ]);
    const breakdowns = partsOf(workbookOf([broken])).get('xl/worksheets/sheet12.xml')!;
    expect(breakdowns).toMatch(/<c r="J5" s="6"><v>900<.*<c r="L5" s="7"><v>40</);
    // A mark in place of a number is not wrapped.
    expect(parts.get('xl/worksheets/sheet4.xml')).toContain('<c r="D7" s="9" t="inlineStr">');
  });

  test('says on its cover what it is, by the name of the dataset, and that there are breakdowns', () => {
    expect(sheets.get('Cover')![0]).toEqual(['Safeguarding children: the quarter. North East, 2025-Q1 to 2025-Q2']);
    expect(sheets.get('Cover')!.flat().join()).toContain('--breakdowns');
    expect(
      sheetsOf(workbookOf([broken]))
        .get('Cover')!
        .flat()
        .join(),
    ).not.toContain('--breakdowns');
  });

  test('is the same bytes of the same figures', () => expect(workbookOf([table, before])).toEqual(bytes));
});

test('a figure without a number says why, and a true zero is a zero', () => {
  expect(written(printed(0, 0, 0, 3.7), 'value')).toBe(0);
  expect(written(without('hidden'), 'lower')).toBe('c');
  expect(written(undefined, 'count')).toBe('x');
});

test('beside a printed count stands why there is no value: of none is not applicable, of what is hidden hidden, of what is not there not available', () => {
  const partsOfNone = (of: number | null, valueKind: ExportFigure['kind']) =>
    (['count', 'of', 'value', 'lower', 'upper'] as const).map((part) =>
      written({ ...without('value'), count: 0, of, valueKind }, part),
    );
  expect(partsOfNone(0, 'notApplicable')).toEqual([0, 0, 'z', 'z', 'z']);
  expect(partsOfNone(null, 'hidden')).toEqual([0, 'c', 'c', 'c', 'c']);
  expect(partsOfNone(null, 'notSubmitted')).toEqual([0, 'x', 'x', 'x', 'x']);
});
