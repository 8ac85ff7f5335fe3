import { inFile } from './findings';

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
