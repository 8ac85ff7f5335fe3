import { findingLines, inFile } from './findings';
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
