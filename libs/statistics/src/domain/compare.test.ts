import * as fc from 'fast-check';
import {
  areaQuantiles,
  bandOf,
  changeOf,
  compare,
  countFlag,
  neighbourMean,
  overdispersion,
  proportionFlag,
  proportionFunnel,
  quintiles,
  ratioFunnel,
  recentTrend,
  rolling,
  tiles,
  yearToDate,
} from '../index';

test('an interval beside a value: what is better depends on the indicator, touching is similar', () => {
  const above = { lower: 11, upper: 13 };
  expect(compare(above, 10, 'higher')).toBe('better');
  expect(compare(above, 10, 'lower')).toBe('worse');
  expect(compare(above, 10, 'neutral')).toBe('higher');
  expect(compare(above, 11, 'higher')).toBe('similar');
  expect(compare(above, 14, 'neutral')).toBe('lower');
  expect(compare(undefined, 10, 'higher')).toBeUndefined();
  expect(compare(above, undefined, 'higher')).toBeUndefined();
});

test('groups differ in size by one at most, and a lower value is never in a higher group', () => {
  const values = fc.array(fc.option(fc.nat({ max: 30 }), { nil: undefined }), { maxLength: 30 });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 6 }), (list, groups) => {
      const placed = tiles(list, groups);
      const there = list.filter((value) => value !== undefined).length;
      if (there < groups) return expect(placed.every((tile) => tile === undefined)).toBe(true);
      const sizes = Array.from({ length: groups }, (_, i) => placed.filter((tile) => tile === i + 1).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
      list.forEach((a, i) =>
        list.forEach((b, j) => {
          if (a !== undefined && b !== undefined && a < b) expect(placed[i]!).toBeLessThanOrEqual(placed[j]!);
        }),
      );
    }),
  );
});

test('quintiles are named by what is better', () => {
  expect(quintiles([5, 1, 3, 2, 4], 'lower')).toEqual(['worst', 'best', 'middle', 'better', 'worse']);
  expect(quintiles([5, 1, 3, 2, 4], 'neutral')).toEqual(['highest', 'lowest', 'middle', 'low', 'high']);
  expect(quintiles([1, 2, 3, 4, undefined], 'lower')).toEqual(Array(5).fill(undefined));
});

test('equal areas share a quantile', () => {
  const [first, second, third] = areaQuantiles([4, 4, 9, 1, 6], 2, true);
  expect(first).toBe(second);
  expect(third).toBe(1);
});

test('a band is closed above, and a neutral indicator has none', () => {
  const cuts = { lower: 10, median: 20, upper: 30 };
  expect([5, 10, 11, 20, 30, 31].map((value) => bandOf(value, cuts, 'lower'))).toEqual(['A', 'A', 'B', 'B', 'C', 'D']);
  expect(bandOf(5, cuts, 'higher')).toBe('D');
  expect(bandOf(5, cuts, 'neutral')).toBeUndefined();
});

test('neighbours without a value are left out', () => {
  expect(neighbourMean([10, undefined, 14])).toBe(12);
  expect(neighbourMean([undefined])).toBeUndefined();
});

test('a funnel flags what its own curve leaves outside', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 3_000 }), fc.nat(), fc.integer({ min: 5, max: 95 }), (of, some, percent) => {
      const [x, pooled] = [some % (of + 1), percent / 100];
      const flag = proportionFlag({ count: x, of }, pooled);
      const { lower, upper } = proportionFunnel(pooled, of, 0.95);
      const edge = Math.min(Math.abs(x / of - lower), Math.abs(x / of - upper));
      if (edge > 1e-9) expect(flag === 'within').toBe(x / of > lower && x / of < upper);
      expect(flag.startsWith('high')).toBe(flag !== 'within' && x / of > pooled);
    }),
  );
});

test('a count far over what is expected is flagged twice as strictly as one somewhat over it', () => {
  expect(countFlag({ count: 100, of: 100 })).toBe('within');
  expect(countFlag({ count: 125, of: 100 })).toBe('high-0.95');
  expect(countFlag({ count: 150, of: 100 })).toBe('high-0.998');
  expect(countFlag({ count: 60, of: 100 })).toBe('low-0.998');
  const narrow = ratioFunnel(1_000, 0.95);
  const wide = ratioFunnel(10, 0.95);
  expect(wide.lower < narrow.lower && narrow.lower < 1 && 1 < narrow.upper && narrow.upper < wide.upper).toBe(true);
});

test('where areas differ by chance alone the funnel stays as it is; where they differ more it is wider', () => {
  const bases = [200, 300, 400, 500, 600, 700, 800, 900];
  const alike = bases.map((of) => ({ count: of * 0.4, of }));
  const calm = overdispersion('proportion', alike, 0.4)!;
  expect(calm.tauSquared).toBe(0);
  const { lower, upper } = calm.limits(400, 0.95);
  const usual = proportionFunnel(0.4, 400, 0.95);
  expect(lower).toBeCloseTo(usual.lower, 2);
  expect(upper).toBeCloseTo(usual.upper, 2);

  const apart = bases.map((of, i) => ({ count: of * (i % 2 ? 0.3 : 0.5), of }));
  const rough = overdispersion('proportion', apart, 0.4)!;
  expect(rough.phi).toBeGreaterThan(10);
  expect(rough.limits(400, 0.95).upper).toBeGreaterThan(usual.upper + 0.1);
  const ratios = overdispersion(
    'ratio',
    bases.map((of, i) => ({ count: of * (i % 2 ? 0.8 : 1.25), of })),
    1,
  )!;
  expect(ratios.limits(400, 0.95).lower).toBeLessThan(0.8);
  expect(ratios.limits(400, 0.95).upper).toBeGreaterThan(1.25);
  expect(overdispersion('ratio', apart.slice(0, 4), 1)).toBeUndefined();
});

const point = (value: number, half = 1) => ({ value, lower: value - half, upper: value + half });

test('five values that rise are a trend; one that carries it alone is none; four are too few', () => {
  expect(recentTrend([10, 12, 14, 16, 18].map((v) => point(v)))?.direction).toBe('increasing');
  expect(recentTrend([90, 12, 10, 8, 6, 4].map((v) => point(v)))?.direction).toBe('decreasing');
  expect(recentTrend([10, 9.5, 9.1, 8.6, 18].map((v) => point(v)))?.direction).toBe('noChange');
  expect(recentTrend([10, 12, 14, 16].map((v) => point(v)))).toBeUndefined();
});

test('a trend turned round is the other one', () => {
  const five = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(five, (values) => {
      const [there, back] = [values, [...values].reverse()].map((list) => recentTrend(list.map((v) => point(v)))!);
      expect(back!.slope).toBeCloseTo(-there!.slope, 9);
      const opposite = { increasing: 'decreasing', decreasing: 'increasing', noChange: 'noChange' };
      expect(back!.direction).toBe(opposite[there!.direction]);
    }),
  );
});

test('events add up over four quarters and over the year so far; a gap stays one; a day’s count is the newest', () => {
  const quarters = [10, 20, 30, 40, 50, undefined, 70];
  expect(rolling(quarters, 4)).toEqual([undefined, undefined, undefined, 100, 140, undefined, undefined]);
  expect(rolling(quarters, 4, 'snapshot')).toEqual(quarters);
  const years = [2024, 2024, 2024, 2025, 2025, 2025, 2025];
  const starts = [false, false, false, true, false, false, false];
  const toDate = [undefined, undefined, undefined, 40, 90, undefined, undefined];
  expect(yearToDate(quarters, years, starts)).toEqual(toDate);
  expect(yearToDate(quarters, years, starts, 'snapshot')).toEqual(quarters);
});

test('a change needs both of its ends', () => {
  expect(changeOf(0.3, 0.1)).toBe(0.2);
  expect(changeOf(undefined, 1)).toBeUndefined();
});
