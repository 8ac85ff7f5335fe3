import * as fc from 'fast-check';
import { mean, percentage, ratePer10000 } from '../index';

test.each([
  [45, 100_000, 4.5],
  [1, 200_000, 0.1], // 0.05, a half, goes up
  [1, 200_001, 0],
  [0, 21_090, 0],
  [3367, 100_432, 335.3],
])('%d of %d children are %d per 10,000', (count, population, rate) =>
  expect(ratePer10000(count, population)).toBe(rate),
);

test.each([
  [212, 441, 48.1],
  [1, 3, 33.3],
  [2, 3, 66.7],
  [45, 10_000, 0.5], // 0.45
  [1049, 100_000, 1], // 1.049
  [29, 2_000, 1.5], // 1.45
  [5, 5, 100],
])('%d of %d is %d %%', (count, of, percent) => expect(percentage(count, of)).toBe(percent));

test('a mean is the number for each one', () => {
  expect(mean(309, 20)).toBe(15.5); // 15.45
  expect(mean(0, 20)).toBe(0);
});

test('without a denominator there is no ratio, which is not a ratio of zero', () => {
  expect(ratePer10000(5, 0)).toBeUndefined();
  expect(ratePer10000(5, undefined)).toBeUndefined();
  expect(percentage(0, 0)).toBeUndefined();
  expect(mean(0, 0)).toBeUndefined();
});

test.each([
  [-1, 10],
  [1.5, 10],
  [1, -10],
  [1, 0.5],
  [Number.NaN, 10],
  [2 ** 53, 10],
])('%d of %d is no count of anything', (count, of) => {
  expect(() => percentage(count, of)).toThrow(RangeError);
  expect(() => ratePer10000(count, of)).toThrow(RangeError);
  expect(() => mean(count, of)).toThrow(RangeError);
});

test('the tenth is the nearest one, a half the upper one: checked by whole numbers alone', () => {
  const count = fc.nat({ max: 300_000 });
  fc.assert(
    fc.property(count, fc.integer({ min: 1, max: 2_000_000 }), (x, n) => {
      const tenths = BigInt(Math.round(ratePer10000(x, n)! * 10));
      const [exact, half] = [2n * BigInt(x) * 100_000n, BigInt(n)];
      const distance = exact - 2n * BigInt(n) * tenths; // of 2n parts of a tenth
      expect(distance >= -half && distance < half).toBe(true);
    }),
  );
});
