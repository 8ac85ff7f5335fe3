import * as fc from 'fast-check';
import { quartiles, rank } from '../index';

test('one is the best, and equal values share a place', () => {
  expect(rank([10, 20, 20, 30], 'lower')).toEqual([1, 2, 2, 4]);
  expect(rank([10, 20, 20, 30], 'higher')).toEqual([4, 2, 2, 1]);
});

test('a neutral indicator is put in order from the highest, without a judgement', () => {
  expect(rank([10, 30, 20], 'neutral')).toEqual([3, 1, 2]);
});

test('a missing value has no place and takes none', () => {
  expect(rank([10, undefined, 30, 20, undefined], 'lower')).toEqual([1, undefined, 3, 2, undefined]);
  expect(rank([], 'lower')).toEqual([]);
});

test('ranks are what sorting gives: the place of the first equal value', () => {
  const values = fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 12 });
  fc.assert(
    fc.property(values, (list) => {
      const sorted = [...list].sort((a, b) => a - b);
      expect(rank(list, 'lower')).toEqual(list.map((value) => sorted.indexOf(value) + 1));
    }),
  );
});

test('quartiles lie on the line between neighbours', () => {
  expect(quartiles([4, 1, 3, 2])).toEqual({ lower: 1.75, median: 2.5, upper: 3.25, basis: 4 });
  expect(quartiles([0.1, 0.2, 0.3, 0.7])).toEqual({ lower: 0.175, median: 0.25, upper: 0.4, basis: 4 });
});

test('fewer than four values have none', () => {
  expect(quartiles([1, 2, 3])).toBeUndefined();
  expect(quartiles([])).toBeUndefined();
});

test('quartiles do not depend on the order of the values, nor change it', () => {
  const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 30 });
  fc.assert(
    fc.property(values, (list) => {
      const before = [...list];
      const cuts = quartiles(list)!;
      expect(quartiles([...list].reverse())).toEqual(cuts);
      expect(list).toEqual(before);
      expect(cuts.lower).toBeLessThanOrEqual(cuts.median);
      expect(cuts.median).toBeLessThanOrEqual(cuts.upper);
      // A quarter of the values at least lies on each side, counted with the cut.
      expect(list.filter((value) => value <= cuts.lower).length * 4).toBeGreaterThanOrEqual(list.length);
      expect(list.filter((value) => value >= cuts.upper).length * 4).toBeGreaterThanOrEqual(list.length);
    }),
  );
});
