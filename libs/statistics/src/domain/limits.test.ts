import * as fc from 'fast-check';
import {
  chiSquaredQuantile,
  directlyStandardised,
  indirectlyStandardised,
  logGamma,
  meanLimits,
  normalQuantile,
  poissonLimits,
  proportionLimits,
  rateLimits,
  studentQuantile,
} from '../index';

const count = fc.nat({ max: 20_000 });
const confidence = fc.constantFrom(0.95 as const, 0.998 as const);

test.each([
  [normalQuantile(0.975), 1.959963984540054],
  [normalQuantile(0.999), 3.090232306167814],
  [chiSquaredQuantile(0.95, 1), 3.841458820694124],
  [chiSquaredQuantile(0.05, 10), 3.940299136076905],
  [studentQuantile(0.975, 1), 12.706204736432095],
  [studentQuantile(0.975, 30), 2.042272456301238],
  [logGamma(11), Math.log(3_628_800)],
])('%d is a quantile as tables print it', (ours, expected) => expect(ours).toBeCloseTo(expected, 9));

test('the quantiles of the normal and of Student are symmetric, and the middle is none', () => {
  expect(normalQuantile(0.5)).toBe(0);
  expect(studentQuantile(0.5, 7)).toBe(0);
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.499, noNaN: true }), fc.integer({ min: 1, max: 40 }), (p, df) => {
      expect(normalQuantile(p)).toBeCloseTo(-normalQuantile(1 - p), 9);
      expect(studentQuantile(p, df)).toBeCloseTo(-studentQuantile(1 - p, df), 9);
      expect(Math.abs(studentQuantile(p, df))).toBeGreaterThan(Math.abs(normalQuantile(p)));
    }),
    { numRuns: 50 },
  );
});

test.each([0, 1, -0.2, Number.NaN])('%d is no probability to ask a quantile of', (p) => {
  expect(() => normalQuantile(p)).toThrow(RangeError);
  expect(() => chiSquaredQuantile(p, 3)).toThrow(RangeError);
  expect(() => studentQuantile(p, 3)).toThrow(RangeError);
});

test('a count lies within its limits, more confidence is wider, and a larger count has higher ones', () => {
  fc.assert(
    fc.property(count, (x) => {
      const [usual, wide, next] = [poissonLimits(x, 0.95), poissonLimits(x, 0.998), poissonLimits(x + 1, 0.95)];
      expect(usual.lower <= x && x <= usual.upper).toBe(true);
      expect(wide.lower <= usual.lower && usual.upper <= wide.upper).toBe(true);
      // Where Byar's takes over from the exact ones they hang together to a hundredth.
      expect(next.lower).toBeGreaterThan(usual.lower - 0.01);
      expect(next.upper).toBeGreaterThan(usual.upper);
      expect(usual.lower >= 0).toBe(true);
    }),
  );
  expect(poissonLimits(0, 0.95)).toEqual({ lower: 0, upper: expect.closeTo(3.6888794541139, 9) as number });
});

test('a rate has the limits of its count, by its population; without one there is none', () => {
  const { lower, upper } = poissonLimits(45, 0.95);
  const ours = rateLimits(45, 100_000, 10_000, 0.95)!;
  expect(ours.lower * 10).toBeCloseTo(lower, 9);
  expect(ours.upper * 10).toBeCloseTo(upper, 9);
  expect(rateLimits(45, undefined, 10_000, 0.95)).toBeUndefined();
  expect(rateLimits(0, 0, 10_000, 0.95)).toBeUndefined();
});

test('a share lies within its limits, which lie within none and all and mirror those of the rest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(), confidence, (n, some, how) => {
      const x = some % (n + 1);
      const { lower, upper } = proportionLimits(x, n, how)!;
      const rest = proportionLimits(n - x, n, how)!;
      expect(0 <= lower && lower <= x / n && x / n <= upper && upper <= 1).toBe(true);
      expect(rest.lower).toBeCloseTo(1 - upper, 9);
      expect(rest.upper).toBeCloseTo(1 - lower, 9);
    }),
  );
  expect(proportionLimits(0, 0, 0.95)).toBeUndefined();
  expect(proportionLimits(7, 7, 0.95)!.upper).toBe(1);
});

test.each([
  [() => proportionLimits(8, 7, 0.95)],
  [() => proportionLimits(-1, 7, 0.95)],
  [() => poissonLimits(-1, 0.95)],
  [() => poissonLimits(Number.NaN, 0.95)],
])('what is no count, or more than its whole, is a defect of the caller', (ask) => expect(ask).toThrow(RangeError));

test('a mean lies in the middle of its limits; one value has none', () => {
  const { mean, lower, upper } = meanLimits([1, 2, 3, 4, 5], 0.95)!;
  expect(mean).toBe(3);
  expect(upper - mean).toBeCloseTo(mean - lower, 12);
  expect(upper).toBeCloseTo(4.963243, 6);
  expect(meanLimits([1], 0.95)).toBeUndefined();
});

test('with one stratum a directly standardised rate is the crude one, and has its limits', () => {
  const crude = rateLimits(50, 20_000, 10_000, 0.95)!;
  const standard = directlyStandardised([{ count: 50, population: 20_000, weight: 7 }], 10_000, 0.95)!;
  expect(standard.value).toBeCloseTo(25, 9);
  expect(standard.lower).toBeCloseTo(crude.lower, 9);
  expect(standard.upper).toBeCloseTo(crude.upper, 9);
});

test('the standard population’s size does not matter, only its shares', () => {
  const strata = [
    { count: 12, population: 900, weight: 3 },
    { count: 30, population: 4_000, weight: 5 },
  ];
  const doubled = strata.map((one) => ({ ...one, weight: one.weight * 2 }));
  expect(directlyStandardised(doubled, 1_000, 0.95)!.value).toBeCloseTo(
    directlyStandardised(strata, 1_000, 0.95)!.value,
    9,
  );
});

test('fewer than ten events are not standardised; events without people are a defect', () => {
  expect(directlyStandardised([{ count: 9, population: 100, weight: 1 }], 1, 0.95)).toBeUndefined();
  expect(() => directlyStandardised([{ count: 1, population: 0, weight: 1 }], 1, 0.95)).toThrow(RangeError);
});

test('an area just like the reference has a ratio of 1', () => {
  const strata = [{ population: 500, referenceCount: 40, referencePopulation: 1_000 }];
  const { value, lower, upper } = indirectlyStandardised(20, strata, 1, 0.95)!;
  expect(value).toBe(1);
  expect(lower < 1 && 1 < upper).toBe(true);
  const nobody = [{ population: 5, referenceCount: 0, referencePopulation: 0 }];
  expect(indirectlyStandardised(3, nobody, 1, 0.95)).toBeUndefined();
});
