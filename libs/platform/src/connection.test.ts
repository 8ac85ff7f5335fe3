import * as fc from 'fast-check';
import { PAGE_SIZE, pageOf, toConnection } from './connection';
import { newId } from './ids';

const refused = expect.objectContaining({ code: 'REQUEST_MALFORMED' });
const cursor = (key: string) => Buffer.from(key).toString('base64url');
const text = String;

test('without arguments a page is as long as pages get, from the beginning', () => {
  expect(pageOf(null, null, 'id')).toEqual({ limit: 100, after: null });
  expect(pageOf(undefined, undefined, 'id')).toEqual({ limit: PAGE_SIZE, after: null });
});

test.each([1, 50, 100])('first %d is a page', (first) => {
  expect(pageOf(first, null, 'id').limit).toBe(first);
});

test.each([0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('first %d is none', (first) => {
  expect(() => pageOf(first, null, 'id')).toThrow(refused);
});

test('a cursor leads to the key of its row', () => {
  const id = newId();
  expect(pageOf(10, cursor(id), 'id')).toEqual({ limit: 10, after: id });
  expect(pageOf(10, cursor('42'), 'number').after).toBe('42');
});

test.each(['', 'abc', '-', '1e9', '9999999999', ' 1', "1' or '1'='1", '0198c2f4-7a11-7c33-8d44', '\u0000'])(
  'a cursor that holds %j is none of ours, and is not repeated',
  (key) => {
    expect(() => pageOf(10, cursor(key), 'id')).toThrow(refused);
    expect(() => pageOf(10, cursor(key), 'number')).toThrow(
      expect.objectContaining({ facts: { expected: 'a cursor from an earlier page' } }),
    );
  },
);

test('a cursor of a list with other keys is none of this one', () => {
  expect(() => pageOf(10, cursor('42'), 'id')).toThrow(refused);
  expect(() => pageOf(10, cursor(newId()), 'number')).toThrow(refused);
});

test('a page says whether there is more before and after it', () => {
  const page = toConnection([1, 2, 3], { limit: 2, after: '9' }, text, (n) => ({ n }));
  expect(page.edges).toEqual([
    { cursor: cursor('1'), node: { n: 1 } },
    { cursor: cursor('2'), node: { n: 2 } },
  ]);
  expect(page.pageInfo).toEqual({
    hasNextPage: true,
    hasPreviousPage: true,
    startCursor: cursor('1'),
    endCursor: cursor('2'),
  });
});

test('a page that ends where its list ends has none after it', () => {
  const { pageInfo } = toConnection([1, 2], { limit: 2, after: null }, text, text);
  expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
});

test('an empty page has no cursors', () => {
  expect(toConnection([], { limit: 5, after: null }, text, text)).toEqual({
    edges: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
});

test('page after page gives every row once, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(999), { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (numbers, first) => {
      const rows = [...numbers].sort((a, b) => a - b);
      const seen: number[] = [];
      let after: string | null = null;
      for (;;) {
        const page = pageOf(first, after, 'number');
        const from = page.after === null ? rows : rows.filter((n) => n > Number(page.after));
        const { edges, pageInfo } = toConnection(from.slice(0, page.limit + 1), page, text, (n) => n);
        expect(pageInfo.hasPreviousPage).toBe(after !== null);
        seen.push(...edges.map(({ node }) => node));
        if (!pageInfo.hasNextPage) return expect(seen).toEqual(rows);
        after = pageInfo.endCursor;
      }
    }),
  );
});
