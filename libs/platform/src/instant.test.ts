import { Kind, type ValueNode } from 'graphql';
import { Instant } from './instant';

const refused = expect.objectContaining({
  code: 'REQUEST_MALFORMED',
  facts: { expected: 'an instant such as 2025-07-31T09:00:00Z' },
});
const literal = (node: ValueNode) => Instant.parseLiteral(node, {});

test.each([
  ['2025-07-31T09:00:00Z', '2025-07-31T09:00:00.000Z'],
  ['2025-07-31T09:00:00.125Z', '2025-07-31T09:00:00.125Z'],
  ['2025-07-31T00:30+01:00', '2025-07-30T23:30:00.000Z'],
  ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
])('%s is an instant, and given out in UTC', (text, utc) => {
  expect(Instant.serialize(Instant.parseValue(text))).toBe(utc);
  expect(literal({ kind: Kind.STRING, value: text })).toEqual(new Date(utc));
});

test.each([
  '2025-07-31',
  '2025-07-31T09:00:00',
  '2025-02-29T09:00:00Z',
  '2025-13-01T09:00:00Z',
  '2025-07-31T25:00:00Z',
  '2025-07-31 09:00:00Z',
  '2025-07-31T09:00:00Z\n',
  '1753952400',
  '',
])('%j is not', (text) => {
  expect(() => Instant.parseValue(text)).toThrow(refused);
  expect(() => literal({ kind: Kind.STRING, value: text })).toThrow(refused);
});

test('a number is not an instant, nor is nothing', () => {
  expect(() => Instant.parseValue(1753952400)).toThrow(refused);
  expect(() => Instant.parseValue(null)).toThrow(refused);
  expect(() => literal({ kind: Kind.INT, value: '1753952400' })).toThrow(refused);
});
