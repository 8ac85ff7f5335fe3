import fc from 'fast-check';
import { Shelf } from './shelf';

test('what was used longest ago goes first, as soon as all weighs too much', () => {
  const shelf = new Shelf<string>(10, (value) => value.length);
  shelf.keep('a', 'aaaa');
  shelf.keep('b', 'bbbb');
  expect(shelf.find('a')).toBe('aaaa');
  shelf.keep('c', 'cc');
  expect([shelf.weight, shelf.find('b')]).toEqual([10, 'bbbb']);
  shelf.keep('d', 'dddd');
  expect(['a', 'b', 'c', 'd'].map((key) => shelf.find(key) !== undefined)).toEqual([false, true, true, true]);
});

test('what weighs more than all may is given back and not kept, and takes the place of what was there', () => {
  const shelf = new Shelf<string>(3, (value) => value.length);
  shelf.keep('a', 'aa');
  expect(shelf.keep('a', 'aaaa')).toBe('aaaa');
  expect([shelf.find('a'), shelf.weight]).toEqual([undefined, 0]);
});

test('it never holds more than it may, and finds nothing but what was kept last under a key', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(6)));
  fc.assert(
    fc.property(steps, (all) => {
      const shelf = new Shelf<number>(10, (value) => value);
      const last = new Map<string, number>();
      for (const [key, value] of all) {
        shelf.keep(key, value);
        last.set(key, value);
        const found = [...last].filter(([one]) => shelf.find(one) !== undefined);
        expect(found.every(([one, of]) => shelf.find(one) === of)).toBe(true);
        expect(found.reduce((sum, [, of]) => sum + of, 0)).toBe(shelf.weight);
        expect(shelf.weight).toBeLessThanOrEqual(10);
      }
    }),
  );
});
