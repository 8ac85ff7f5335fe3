import * as fc from 'fast-check';
import { csvCell, parsePeriod } from '@hub/kernel';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { validate } from '@hub/submissions/domain';
import { columns } from './columns';
import { columnLetters, makePayload, type MakeOptions } from './make';
import { workbookOf, type MadeCell } from './workbook.builder';

const catalogue = loadCatalogue();
const dataset = newestDataset(catalogue, 'case-file-audits');
const options: MakeOptions = {
  dataset,
  authority: 'E06000001',
  period: parsePeriod('2025-Q2'),
  agreement: { id: 'north-east-benchmarking', version: 1 },
};
const judgements = { outstanding: 2, good: 31, 'requires-improvement': 14, inadequate: 3, 'not-judged': 1250 };
const all = Object.values(judgements).reduce((a, b) => a + b);

/** A good return as a table: the header, and the rows under it. */
const good: readonly (readonly (string | number)[])[] = [
  ['indicator', 'dimension', 'category', 'count', 'of', 'status', 'reason', 'commentary'],
  ['AU01', '', '', all, '', '', '', 'A quarter of many audits, "as planned".'],
  ...Object.entries(judgements).map(([category, count]) => ['AU01', 'judgement', category, count, '', '', '', '']),
  ['AU02', '', '', 33, all, '', '', ''],
  ['AU03', '', '', 3, all, '', '', ''],
  ['AU04', '', '', 20, 20, '', '', ''],
  ['AU05', '', '', '', '', 'notCollected', 'Begins in April.', ''],
  ['AU06', '', '', 0, all, '', '', ''],
  ['AU07', '', '', 9, 10, '', '', ''],
  ['AU08', '', '', '', '', 'notAvailable', 'The system was changed over.', ''],
];
const csv = (table: readonly (readonly (string | number)[])[], separator = ',', end = '\r\n') =>
  table.map((row) => row.map(csvCell).join(separator)).join(end) + end;
const made = (bytes: Uint8Array | string, more: Partial<MakeOptions> = {}) =>
  makePayload(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, { ...options, ...more });
const found = (bytes: Uint8Array | string, more: Partial<MakeOptions> = {}) =>
  made(bytes, more).findings.map(
    ({ row, column, rule, message, severity }) =>
      `${row}:${column} ${rule}${severity === 'error' ? '' : ` ${severity}`} ${message}`,
  );
/** The good table with one cell changed; row and column as people count them. */
const changed = (row: number, column: number, value: string) =>
  csv(good.map((cells, r) => cells.map((cell, c) => (r === row - 1 && c === column - 1 ? value : cell))));
const payload = made(csv(good)).payload!;

test('a good table is the payload that was meant, and the hub has nothing against it', () => {
  const body = JSON.parse(payload) as { rows: object[]; commentary: object[] };
  expect(body).toMatchObject({
    authority: 'E06000001',
    dataset: { code: 'case-file-audits', version: '1.0' },
    period: '2025-Q2',
    agreement: { id: 'north-east-benchmarking', version: 1 },
  });
  expect(body.rows).toHaveLength(13);
  expect(body.rows[1]).toEqual({ indicator: 'AU01', breakdown: { judgement: 'outstanding' }, count: 2 });
  expect(body.rows[9]).toEqual({ indicator: 'AU05', status: 'notCollected', reason: 'Begins in April.' });
  expect(body.commentary).toEqual([{ indicator: 'AU01', text: 'A quarter of many audits, "as planned".' }]);
  expect(validate(body, dataset, { period: options.period }).findings).toEqual([]);
  expect(found(csv(good))).toEqual([]);
});

test('columns in any order, any separator, encoding and line end give the same payload, byte for byte', () => {
  const order = fc.shuffledSubarray([...good[0]!.keys()], { minLength: good[0]!.length });
  const encode = {
    utf8: (text: string) => Buffer.from(text),
    bom: (text: string) => Buffer.from(`\uFEFF${text}`),
    utf16le: (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    utf16be: (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
    bare16: (text: string) => Buffer.from(text, 'utf16le'),
    windows: (text: string) => Buffer.from(text, 'latin1'),
  };
  fc.assert(
    fc.property(
      order,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom(...Object.values(encode)),
      fc.boolean(),
      (places, separator, end, bytes, capitals) => {
        const header = (cell: string | number) => (capitals ? ` ${String(cell).toUpperCase()}` : cell);
        const table = good.map((row, r) => places.map((i) => (r === 0 ? header(row[i]!) : row[i]!)));
        expect(made(bytes(csv(table, separator, end))).payload).toBe(payload);
      },
    ),
    { numRuns: 150 },
  );
});

describe('an XLSX workbook', () => {
  const table = good as readonly (readonly MadeCell[])[];
  const withCell = (row: number, column: number, value: MadeCell) =>
    table.map((cells, r) => cells.map((cell, c) => (r === row - 1 && c === column - 1 ? value : cell)));

  test.each([
    ['shared strings', workbookOf([{ rows: table }])],
    ['inline strings', workbookOf([{ rows: table }], { inline: true })],
    ['a title above the table', workbookOf([{ rows: [['Case file audits'], [], ...table], merged: ['A1:H1'] }])],
    ['the return on the second sheet', workbookOf([{ rows: [['Notes']] }, { rows: table }])],
    ['another one hidden', workbookOf([{ rows: table }, { rows: table, hidden: true }])],
    [
      'numbers as text',
      workbookOf([{ rows: table.map((row) => row.map((cell) => (typeof cell === 'number' ? String(cell) : cell))) }]),
    ],
  ])('with %s gives the payload of the CSV', (_what, bytes) => expect(made(bytes).payload).toBe(payload));

  test.each<[string, Uint8Array, string]>([
    ['a formula', workbookOf([{ rows: withCell(3, 4, { formula: 'SUM(A1:A2)', result: 2 }) }]), '3:4 formula-cell'],
    [
      'a formula for an indicator',
      workbookOf([{ rows: withCell(3, 1, { formula: 'A2', result: 2 }) }]),
      '3:1 formula-cell',
    ],
    [
      'a number shown as a date',
      workbookOf([{ rows: withCell(3, 4, { number: 45000, format: 'date' }) }]),
      '3:4 date-as-number',
    ],
    ['a percentage', workbookOf([{ rows: withCell(8, 4, { number: 0.25, format: 'percentage' }) }]), '8:4 percentage'],
    ['a failed formula', workbookOf([{ rows: withCell(3, 4, { error: '#REF!' }) }]), '3:4 formula-error'],
    ['merged cells', workbookOf([{ rows: table, merged: ['A3:A7'] }]), '3:1 merged-cells'],
    ['two returns', workbookOf([{ rows: table }, { rows: table }]), '1:1 two-returns'],
    ['nothing', workbookOf([{ rows: [] }]), '1:1 empty-file'],
    ['half a file', workbookOf([{ rows: table }]).subarray(0, 700), '1:1 cut-off'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), '1:1 old-workbook'],
  ])('with %s is refused by name and place', (_what, bytes, expected) => {
    const { payload: none, findings } = made(bytes);
    expect(none).toBeUndefined();
    expect(findings.map(({ row, column, rule }) => `${row}:${column} ${rule}`)).toEqual([expected]);
  });

  test('a date that a spreadsheet made of a category is read as the category, which is said', () => {
    const monthly = newestDataset(catalogue, 'safeguarding-quarterly');
    const rows = (category: MadeCell): MadeCell[][] => [
      ['indicator', 'dimension', 'category', 'count'],
      ['EH01', 'age', category, 4],
    ];
    const rulesOf = (bytes: Uint8Array) =>
      made(bytes, { dataset: monthly })
        .findings.filter(({ row }) => row === 2)
        .map(({ rule, message }) => `${rule} ${message}`);
    // 1 April of this year: 1-4. 1 October 2015: 10-15.
    for (const [serial, code] of [
      [45748, '1-4'],
      [42278, '10-15'],
    ] as const) {
      expect(rulesOf(workbookOf([{ rows: rows({ number: serial, format: 'date' }) }])).join(' ')).toContain(
        `category-as-date A spreadsheet has made dates of categories, here of ${code}`,
      );
    }
    expect(rulesOf(workbookOf([{ rows: rows({ number: 45659, format: 'date' }) }]))[0]).toContain('date-for-category');
    const text = (category: string) => rulesOf(Buffer.from(csv(rows(category) as string[][])));
    expect([text('01-Apr').join(' '), text('Oct-15').join(' ')]).toEqual([
      expect.stringContaining('here of 1-4'),
      expect.stringContaining('here of 10-15'),
    ]);
    expect(text('03-Jul')[0]).toContain('unknown-category');
  });
});

describe('a CSV file that is not as it should be is refused by name, with row and column', () => {
  test.each<[string, string, string]>([
    ['nothing', '', '1:1 empty-file'],
    ['blanks', ' \r\n\r\n', '1:1 empty-file'],
    ['a header alone', csv(good.slice(0, 1)), '1:1 empty-file'],
    [
      'a template that nobody filled in',
      csv([good[0]!, ['AU01', '', '', '', '', '', '', '']]),
      '2:4 nothing-filled-in',
    ],
    ['quotation marks that do not fit', csv(good).replace('outstanding', 'out"standing'), '3:1 csv-broken'],
    ['a file that breaks off', csv(good).slice(0, csv(good).indexOf('Begins') - 14), '11:1 cut-off'],
    ['a file that breaks off in a text', csv(good).slice(0, csv(good).indexOf('as planned')), '2:1 cut-off'],
    ['a renamed column', changed(1, 4, 'counts'), '1:4 unknown-column'],
    ['a column of another name', changed(1, 5, 'Denominator'), '1:5 unknown-column'],
    ['a column twice', changed(1, 5, 'count'), '1:5 column-twice'],
    [
      'a value beyond the last column',
      changed(3, 8, '').replace('AU01,judgement,outstanding,2,,,,', 'AU01,judgement,outstanding,2,,,,,Smith'),
      '3:9 extra-cell',
    ],
    ['an unknown indicator', changed(8, 1, 'AU20'), '8:1 unknown-indicator'],
    ['an unknown dimension', changed(3, 2, 'judgment'), '3:2 unknown-breakdown'],
    ['an unknown category', changed(3, 3, 'outstandig'), '3:3 unknown-category'],
    ['a category without its dimension', changed(3, 2, ''), '3:3 dimension-missing'],
    ['a percentage', changed(3, 4, '25%'), '3:4 percentage'],
    ['a decimal comma', changed(3, 4, '2,5'), '3:4 number-form'],
    ['the other way round', changed(3, 4, '1.250,5'), '3:4 number-form'],
    ['an exponent', changed(3, 4, '1E+03'), '3:4 number-form'],
    ['a leading zero', changed(3, 4, '007'), '3:4 number-form'],
    ['less than zero', changed(3, 4, '-2'), '3:4 negative'],
    ['a marker', changed(3, 4, '<5'), '3:4 marker-for-number'],
    ['a hidden one', changed(3, 4, 'c'), '3:4 marker-for-number'],
    ['a date', changed(3, 4, '01/04/2025'), '3:4 date-as-number'],
    ['a formula', changed(3, 4, '=B2+1').replace("'=", '='), '3:4 formula-cell'],
    ['a failed formula', changed(3, 4, '#DIV/0!'), '3:4 formula-error'],
    ['a word', changed(3, 4, 'many'), '3:4 not-a-number'],
    ['a comment on a category', changed(3, 8, 'Why not?'), '3:8 commentary-place'],
  ])('%s', (_what, text, expected) => {
    const { payload: none, findings } = made(text);
    expect(none).toBeUndefined();
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ row, column, rule }) => `${row}:${column} ${rule}`)).toEqual([expected]);
    expect(JSON.stringify(findings)).not.toMatch(/Smith|Why not|01\/04|many/);
  });

  test('a renamed column is told the name that is nearest, or that is meant by such a word', () => {
    expect(found(changed(1, 4, 'counts'))[0]).toContain('Did you mean count?');
    expect(found(changed(1, 5, 'Denominator'))[0]).toContain('Did you mean of?');
    expect(found(changed(3, 3, 'outstandig'))[0]).toContain('Did you mean outstanding?');
  });

  test('a marker is told what each status means', () => {
    const expected = made(changed(3, 4, '..')).findings[0]!.expected;
    for (const status of ['notCollected (', 'notApplicable (', 'notAvailable (']) expect(expected).toContain(status);
  });

  test('an indicator that is empty down a run of rows is one finding, and the next run another', () => {
    const empty = (...rows: number[]) =>
      csv(good.map((row, i) => (rows.includes(i + 1) ? ['', ...row.slice(1)] : row)));
    const how = 'take apart merged cells, and fill the code down.';
    expect(found(empty(3))).toEqual([`3:1 unknown-indicator The cell is empty: ${how}`]);
    expect(found(empty(3, 4, 5, 7))).toEqual([
      `3:1 unknown-indicator The cell is empty, and so are those under it to row 5: ${how}`,
      `7:1 unknown-indicator The cell is empty: ${how}`,
    ]);
    expect(made(csv([...good, ['', '', '', '', '', '', '', '']])).payload).toBe(payload);
  });

  test('a finding in a cell under the header names its column', () => {
    const headings = made(changed(3, 4, 'many')).findings.map(({ heading }) => heading);
    expect(headings).toEqual(['count']);
    expect(made(changed(1, 4, 'counts')).findings.map(({ heading }) => heading)).toEqual([undefined]);
    expect([1, 26, 27, 52, 53, 703].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'AAA']);
  });

  test('thousands separators are understood where nothing else can be meant', () => {
    for (const text of ['1,250', '1 250', '1\u00a0250', "1'250", ' 1250 ', '1250.0']) {
      expect(made(changed(7, 4, text)).payload).toBe(payload);
    }
    expect(made(csv(good, ';').replace(';1250;', ';1,250;')).payload).toBe(payload);
  });

  test('what the hub would find in the content is told of the cell that it stands in', () => {
    expect(found(changed(4, 4, '30'))).toEqual([
      '2:4 parts-do-not-sum The counts of AU01 by judgement do not sum to AU01.',
      '8:1 good-or-outstanding Files judged good or outstanding are those of the two judgements.',
    ]);
    expect(found(changed(8, 5, '1'))).toEqual([
      '8:1 numerator-above-denominator The count of AU02 is above its denominator.',
      '8:5 of-differs "of" is not the count of AU01, row 2.',
    ]);
    const twice = made(csv([...good, good[3]!])).findings.find(({ rule }) => rule === 'duplicate-row');
    expect(twice).toMatchObject({ row: 15, heading: 'indicator', expected: 'one row; the first is row 4' });
    expect(found(changed(11, 7, 'Ring 0191 498 0000'))[0]).toMatch(/^11:7 looks-like-a-person/);
    expect(found(csv(good.filter((_, i) => i !== 12)))).toEqual(['1:1 row-missing There is no row for AU07.']);
  });
});

test('all that is wrong is told at once, and not what follows from something that was told', () => {
  const table = good.map((row) => [...row, '']);
  table[0]![8] = 'period';
  const put = (row: number, column: number, value: string | number) => (table[row - 1]![column - 1] = value);
  put(3, 4, '25%'); // A category that cannot be read: the sum of its breakdown is not looked at.
  put(8, 1, 'AU2'); // AU02 was meant, which is not missing therefore.
  put(9, 4, all + 1); // Above its denominator.
  put(12, 9, '2025-Q9'); // Of this return all the same.
  table.push([...table[9]!]); // AU04 once more.
  table.splice(12, 1); // AU07 is missing.
  expect(found(csv([['A title'], ...table]))).toEqual([
    '2:1 row-missing There is no row for AU07.',
    '4:4 percentage This is a percentage: send the count and what it is of.',
    '9:1 unknown-indicator The dataset has no such indicator. Did you mean AU02?',
    '10:1 inadequate Files judged inadequate are those of that judgement.',
    '10:1 numerator-above-denominator The count of AU03 is above its denominator.',
    '13:9 period-form This is not a period.',
    '15:1 duplicate-row There is more than one row for the same count.',
  ]);
  expect(made(csv([['A title'], ...table])).findings.map(({ of }) => of)).toEqual([
    ...[undefined, 'AU01 judgement outstanding', undefined, 'AU03', 'AU03', 'AU06', 'AU04'],
  ]);
});

test('a file of another period is read as one of this, and rows without an indicator explain what is missing', () => {
  const others = good.map((row, i) => [
    ...(i === 8 ? ['AU03', '', '', all + 1, all, '', '', ''] : row),
    i ? '2025-Q3' : 'period',
  ]);
  expect(found(csv(others.filter((_, i) => i !== 12)))).toEqual([
    '1:1 row-missing There is no row for AU07.',
    '2:9 wrong-period This is a file for another period.',
    '9:1 inadequate Files judged inadequate are those of that judgement.',
    '9:1 numerator-above-denominator The count of AU03 is above its denominator.',
  ]);
  // A row of another period beside rows of this one is still named as what they are held against.
  const beside = good.map((row, i) => [
    ...(i === 7 ? ['AU02', '', '', 33, 1, '', '', ''] : row),
    ['period', '2025-Q9'][i] ?? '',
  ]);
  expect(found(csv(beside))).toContain('8:5 of-differs "of" is not the count of AU01, row 2.');
  const blank = good.map((row, i) => (i === 1 || i === 3 ? ['', ...row.slice(1)] : row));
  expect(found(csv(blank)).map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
    '2:1 unknown-indicator',
    '4:1 unknown-indicator',
  ]);
});

test('whatever stands in the cells, there is a payload or a reason why there is none', () => {
  const odd = fc.constantFrom(
    '',
    'AU01',
    'AU2',
    'judgement',
    'good',
    'nonsense',
    '5%',
    '-1',
    '7',
    '2025-Q1',
    '2025-Q9',
    '=A1',
  );
  const cell = fc.tuple(fc.nat(good.length - 2), fc.nat(8), odd);
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 12 }), (cells) => {
      const table = good.map((row, i) => [...row, i ? '' : 'period']);
      for (const [row, column, text] of cells) table[row + 1]![column] = text;
      const { payload: text, findings } = made(csv(table));
      const refused = findings.some(({ severity }) => severity === 'error');
      expect(text === undefined).toBe(refused);
    }),
    { numRuns: 300 },
  );
});

describe('a file of another return', () => {
  const head = ['dataset', 'version', 'period', 'authority', ...good[0]!];
  const table = (dataset = 'case-file-audits', version = '1.0', period = '2025-Q2', authority = 'E06000001') =>
    csv([head, ...good.slice(1).map((row) => [dataset, version, period, authority, ...row])]);

  test('is taken where it is none', () => {
    expect(made(table()).payload).toBe(payload);
    expect(made(table('case-file-audits', '1')).payload).toBe(payload);
    expect(made(csv(good), { fileName: 'E06000001 2025-Q2 audits, 2025-07-03.csv' }).payload).toBe(payload);
  });

  test.each([
    ['another dataset', table('workforce'), '2:1 wrong-dataset'],
    ['another version', table('case-file-audits', '2.0'), '2:2 wrong-version'],
    ['the next quarter', table('case-file-audits', '1.0', '2025-Q3'), '2:3 wrong-period'],
    ['last year’s quarter', table('case-file-audits', '1.0', '2024-Q2'), '2:3 wrong-period'],
    ['the quarter before', table('case-file-audits', '1.0', '2025-Q1'), '2:3 wrong-period'],
    ['no period', table('case-file-audits', '1.0', 'spring'), '2:3 period-form'],
    ['another authority', table('case-file-audits', '1.0', '2025-Q2', 'E06000002'), '2:4 wrong-authority'],
  ])('%s is said once, at its first place', (_what, text, expected) => {
    expect(made(text).findings.map(({ row, column, rule }) => `${row}:${column} ${rule}`)).toEqual([expected]);
  });

  test('a name in the place of the code is not another authority', () => {
    const said = (authority: string) => made(table(undefined, undefined, undefined, authority)).findings[0];
    const what = 'The column takes the code of the authority, not its name or anything else.';
    expect(said('Hartlepool')).toMatchObject({ rule: 'wrong-authority', message: what, expected: 'E06000001' });
    expect(said('E06000002')).toMatchObject({ message: 'This is a file of another authority.' });
  });

  test.each([
    ['E06000002-2025-Q2.csv', 'wrong-authority'],
    ['audits_2025-Q1.csv', 'wrong-period'],
  ])('the name %s is held against the return', (fileName, rule) =>
    expect(made(csv(good), { fileName }).findings.map((one) => one.rule)).toEqual([rule]),
  );

  test('a month that a spreadsheet shows as Jul-25 is understood', () => {
    const monthly = newestDataset(catalogue, 'front-door-monthly');
    const text = csv([
      ['indicator', 'period', 'count'],
      ['FD01', 'Jul-25', 5],
    ]);
    const rules = made(text, { dataset: monthly, period: parsePeriod('2025-07') }).findings.map(({ rule }) => rule);
    expect(new Set(rules)).toEqual(new Set(['row-missing']));
  });
});

test('answers to queries travel with the row that was asked about', () => {
  const head = [...good[0]!, 'query', 'answer', 'explanation'];
  const table = csv([
    head,
    ...good
      .slice(1)
      .map((row, i) => [
        ...row,
        ...(i === 2 ? ['change-against-previous', 'Confirmed', 'A larger sample.'] : ['', '', '']),
      ]),
  ]);
  // Whether a query is asked only the hub can tell, out of the returns of before and of what is printed.
  expect(found(table)).toEqual([]);
  const body = JSON.parse(made(table).payload!) as { explanations: object[] };
  expect(body.explanations).toEqual([
    { rule: 'change-against-previous', pointer: '/rows/2', answer: 'confirmed', text: 'A larger sample.' },
  ]);
});

test('the columns are those of the template', () => expect(columns).toContain('explanation'));

test('20,000 rows are taken and one more is refused; a workbook is read in memory that does not grow', () => {
  const rows = (many: number): MadeCell[][] => [
    good[0] as MadeCell[],
    ...Array.from({ length: many }, () => ['AU01', '', '', 1, '', '', '', ''] as MadeCell[]),
  ];
  const rules = (many: number) => {
    const { findings } = made(workbookOf([{ rows: rows(many) }]));
    return new Set(findings.map(({ rule }) => rule));
  };
  expect(rules(20_000)).not.toContain('too-many-rows');
  expect(rules(20_001)).toContain('too-many-rows');
});
