import { Kind, type ValueNode } from 'graphql';
import { CivilDate } from './civil-date';

const refused = expect.objectContaining({
  code: 'REQUEST_MALFORMED',
  facts: { expected: 'a civil date such as 2025-07-31' },
});
const literal = (node: ValueNode) => CivilDate.parseLiteral(node, {});

test.each(['2025-07-31', '2024-02-29', '1999-12-31'])('%s is a day', (day) => {
  expect(CivilDate.parseValue(day)).toBe(day);
  expect(literal({ kind: Kind.STRING, value: day })).toBe(day);
  expect(CivilDate.serialize(day)).toBe(day);
});

test.each([
  '2025-02-29',
  '2025-04-31',
  '2025-13-01',
  '2025-00-10',
  '2025-7-31',
  '31/07/2025',
  '2025-07-31T00:00:00Z',
  ' 2025-07-31',
  '2025-07-31\n',
  '',
])('%j is not', (text) => {
  expect(() => CivilDate.parseValue(text)).toThrow(refused);
  expect(() => literal({ kind: Kind.STRING, value: text })).toThrow(refused);
});

test('a number is not a day, nor is nothing', () => {
  expect(() => CivilDate.parseValue(20250731)).toThrow(refused);
  expect(() => CivilDate.parseValue(null)).toThrow(refused);
  expect(() => literal({ kind: Kind.INT, value: '20250731' })).toThrow(refused);
});
