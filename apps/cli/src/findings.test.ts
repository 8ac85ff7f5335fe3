import { findingLines, inFile, named } from './findings';
import { tableLines } from './make';

test('places in what is said of a payload are lines of its file, as the finding’s own', () => {
  const text = '{\n  "rows": [\n    { "indicator": "LM01",\n      "count": 4 },\n    { "indicator": "LM01" }\n  ]\n}\n';
  const twice = { severity: 'error', rule: 'duplicate-row', message: 'Twice.' } as const;
  const finding = { ...twice, pointer: '/rows/1', expected: 'one row; the first is /rows/0' };
  expect(inFile([finding], text)).toEqual([
    { ...twice, expected: 'one row; the first is line 3, column 5', row: 5, column: 5 },
  ]);
  expect(inFile([{ ...twice, pointer: '/rows', message: 'See /rows/0/count.' }], text)).toEqual([
    { ...twice, message: 'See line 4, column 16.', row: 2, column: 11 },
  ]);
});

test('a finding of a row names its count, by code and in words, and a pointer that is to be written stays one', () => {
  const payload = JSON.stringify(
    {
      dataset: { code: 'local-measures', version: '1.1' },
      rows: [
        { indicator: 'LM01', count: 4 },
        { indicator: 'LM01', breakdown: { team: 't03' } },
        { indicator: 'LM99' },
        null,
      ],
      explanations: [{ rule: 'change-against-previous', pointer: '/rows/1' }],
    },
    null,
    1,
  );
  const finding = { severity: 'error', rule: 'query-unanswered', message: 'M.' } as const;
  const at = (pointer: string, more = {}) => ({ ...finding, pointer, ...more });
  const expected = 'an explanation with rule r and pointer /rows/1';
  const all = ['/rows/1', '/explanations/0/text', '/rows/2', '/rows/3', '/rows', ''].map((pointer) => at(pointer));
  expect(named(all, payload)).toEqual([
    at('/rows/1', { of: 'LM01 team t03', name: 'Own measure 1: Team 3' }),
    at('/explanations/0/text', { of: 'LM01 team t03', name: 'Own measure 1: Team 3' }),
    ...all.slice(2),
  ]);
  expect(named(all, '{ "rows": [nul')).toEqual(all);
  expect(named(all, '{ "dataset": 3, "rows": "none" }')).toEqual(all);
  const told = named([at('/rows/1/count', { expected })], payload);
  expect(findingLines(told)).toBe(
    `error  /rows/1/count (LM01 team t03: Own measure 1: Team 3)  query-unanswered\n    M.\n    expected: ${expected}\n`,
  );
  expect(tableLines('p.json', inFile(told, payload))).toBe(
    `p.json:11:3 query-unanswered (LM01 team t03: Own measure 1: Team 3) M. (expected: ${expected})\n`,
  );
  expect(findingLines(named([at('/rows/0'), at('/rows/1'), at('/rows/0/of')], payload))).toContain(
    '/rows/0 LM01, /rows/1 LM01 team t03, /rows/0/of LM01\n',
  );
});

test('what is wrong in hundreds of rows is one line of a table, with how many and the first places', () => {
  const at = (row: number, column = 3, more = {}) => ({
    severity: 'error' as const,
    rule: 'dimension-missing',
    message: 'There is a category without a dimension.',
    expected: 'source',
    row,
    column,
    heading: 'category' as const,
    ...more,
  });
  const rows = Array.from({ length: 250 }, (_, i) => at(i + 2));
  const other = at(5, 4, { rule: 'negative', heading: 'count', expected: undefined });
  const lines = tableLines('return.csv', [...rows, other])
    .trim()
    .split('\n');
  expect(lines).toEqual([
    'return.csv:2:3 dimension-missing (column C, category) There is a category without a dimension. (expected: source; 250 times, also at 3:3, 4:3, 5:3, 6:3, 7:3, 8:3, 9:3, 10:3 and 241 more)',
    expect.stringMatching(/^return\.csv:5:4 negative /) as string,
  ]);
  // Two are told as they are, and every place has its own answer of before.
  expect(tableLines('return.csv', rows.slice(0, 2)).match(/dimension-missing/g)).toHaveLength(2);
  expect(tableLines('return.csv', rows.slice(0, 10))).toMatch(/10 times, also at 3:3, .*, 11:3\)\n$/);
});

test('and one finding of a payload, with its first places', () => {
  const all = Array.from({ length: 30 }, (_, i) => ({
    severity: 'query' as const,
    rule: 'r',
    message: 'M.',
    pointer: `/rows/${i}`,
  }));
  expect(findingLines(all)).toMatch(/^query {2}30 places {2}r\n {4}M\.\n {4}\/rows\/0, .*\/rows\/7 and 22 more\n$/);
  const offered = { period: '2025-Q1', answer: 'confirmed' as const, text: 'So it is.' };
  expect(findingLines(all.map((one) => ({ ...one, offered }))).match(/answered for/g)).toHaveLength(30);
});
