import * as fc from 'fast-check';
import { assuranceOf, colourOf, controlChart, falseAlarms, type ControlOptions, type Rule } from '../index';
import { simulateAlarms } from './chance.builder';

const calm = Array.from({ length: 16 }, (_, i) => (i % 2 ? 12 : 10));
const rulesOf = (values: readonly (number | undefined)[], options?: ControlOptions): (Rule | undefined)[] =>
  controlChart(values, options).points.map(({ signal }) => signal?.rule);

test('limits stand 2.66 average moving ranges from the mean, near ones two thirds of the way', () => {
  const { points, isTrial } = controlChart(calm);
  expect(points[0]!.limits).toEqual({
    mean: 11,
    averageRange: 2,
    lower: 5.68,
    upper: 16.32,
    nearLower: 11 - 5.32 * (2 / 3),
    nearUpper: 11 + 5.32 * (2 / 3),
  });
  expect(isTrial).toBe(false);
  expect(rulesOf(calm).every((rule) => rule === undefined)).toBe(true);
});

test('a point beyond a limit is a signal, and comes before the other rules', () => {
  expect(rulesOf([...calm, 40], { fixAfter: 16 }).at(-1)).toBe('outside');
  expect(controlChart([...calm, -40], { fixAfter: 16 }).points.at(-1)!.signal?.direction).toBe('down');
});

test('seven on one side are a run, and with the older guides six', () => {
  const six = [...calm, 13, 13, 13, 13, 13, 13.1];
  // The last of the calm ones lies above the mean as well, so that there are seven.
  expect(rulesOf(six, { fixAfter: 16 }).at(-1)).toBe('run');
  const five = [...calm, 9, 13, 13, 13, 13, 13, 13];
  expect(rulesOf(five, { fixAfter: 16 }).at(-1)).toBeUndefined();
  expect(rulesOf(five, { fixAfter: 16, length: 6 }).at(-1)).toBe('run');
});

test('a repeated value ends a trend, and a gap ends everything', () => {
  const rise = [9, 9.4, 9.8, 10.2, 10.6, 10.8, 10.9];
  expect(rulesOf([...calm, ...rise], { fixAfter: 16 }).at(-1)).toBe('trend');
  expect(rulesOf([...calm, 9, 9.4, 9.4, 9.8, 10.2, 10.6, 10.8], { fixAfter: 16 }).at(-1)).not.toBe('trend');
  const broken = [...calm, ...rise.slice(0, 3), undefined, ...rise.slice(3)];
  expect(rulesOf(broken, { fixAfter: 16 })).toEqual(broken.map(() => undefined));
  const chart = controlChart(broken, { fixAfter: 16 });
  expect(chart.points[19]).toEqual({
    value: undefined,
    limits: chart.points[0]!.limits,
    signal: undefined,
    standsIn: {},
  });
  expect(chart.choices.join(' ')).toContain('is a gap');
});

test('too few points have no limits, somewhat more are on trial', () => {
  expect(controlChart([1, 5, 2, 6, 1]).points.every(({ limits }) => limits === undefined)).toBe(true);
  const trial = controlChart([1, 5, 2, 6, 1, 4, 3]);
  expect(trial.isTrial).toBe(true);
  expect(trial.points[0]!.limits).toBeDefined();
});

test('new limits from a place on come with their reason', () => {
  const moved = [...calm, ...calm.map((value) => value + 50)];
  const chart = controlChart(moved, { rebases: [{ at: 16, reason: 'A new front door.' }] });
  expect(chart.points[15]!.limits!.mean).toBe(11);
  expect(chart.points[16]!.limits!.mean).toBe(61);
  expect(chart.points.every(({ signal }) => !signal)).toBe(true);
  expect(chart.choices).toContain('New limits from point 17: A new front door.');
  // Where one reason ends another may begin.
  const two = controlChart(moved, {
    rebases: [
      { at: 16, reason: 'An old one ends.' },
      { at: 16, reason: 'A new one begins.' },
    ],
  });
  expect([two.points, two.isTrial]).toEqual([chart.points, chart.isTrial]);
  expect(two.choices.join()).toMatch(/An old one ends.*A new one begins/);
});

test('limits are not fixed on fewer than twelve points', () => {
  expect(() => controlChart(calm, { fixAfter: 11 })).toThrow(RangeError);
});

test('equal values all along are no signal', () => {
  expect(rulesOf(Array<number>(20).fill(3))).toEqual(Array(20).fill(undefined));
});

test('turned upside down, a chart has the same signals the other way', () => {
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined, freq: 8 }), { maxLength: 40 });
  fc.assert(
    fc.property(values, fc.boolean(), (list, screenOutliers) => {
      const here = controlChart(list, { screenOutliers }).points;
      const there = controlChart(
        list.map((v) => (v === undefined ? v : -v)),
        { screenOutliers },
      ).points;
      expect(there.map(({ signal }) => signal?.rule)).toEqual(here.map(({ signal }) => signal?.rule));
      here.forEach(({ signal }, i) => {
        if (signal) expect(there[i]!.signal!.direction).toBe(signal.direction === 'up' ? 'down' : 'up');
      });
    }),
  );
});

test('a scale and a shift of the values change no signal', () => {
  const values = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 6, maxLength: 40 });
  fc.assert(
    fc.property(values, (list) => {
      expect(rulesOf(list.map((v) => 4 * v + 64))).toEqual(rulesOf(list));
    }),
  );
});

test('colours and targets go by what is better', () => {
  expect(colourOf('up', 'lower')).toBe('concern');
  expect(colourOf('down', 'lower')).toBe('improvement');
  expect(colourOf('up', 'neutral')).toBe('high');
  expect(assuranceOf({ lower: 1, upper: 3 }, 4, 'higher')).toBe('consistentFail');
  expect(assuranceOf({ lower: 1, upper: 3 }, 3, 'higher')).toBe('inconsistent');
  expect(assuranceOf({ lower: 1, upper: 3 }, 4, 'neutral')).toBeUndefined();
});

test('where neighbouring values are alike, a tenth to a third of charts signal at the newest point', () => {
  const [least, most] = [0.5, 0.85].map((alike) => simulateAlarms(2_000, 16, Infinity, {}, alike).newest);
  expect(least).toBeCloseTo(0.1, 1);
  expect(Math.abs(most! - 1 / 3)).toBeLessThan(0.05);
});

test('a point says every rule that it stands in', () => {
  const { points } = controlChart([...calm, 15, 11.5, 15], { fixAfter: 16 });
  expect(points.slice(-3).map(({ signal, standsIn }) => [signal?.rule, standsIn])).toEqual([
    ['twoOfThree', { twoOfThree: 'up' }],
    [undefined, { twoOfThree: 'up' }],
    ['twoOfThree', { twoOfThree: 'up' }],
  ]);
  expect(controlChart([...calm, ...Array<number>(6).fill(13), 40], { fixAfter: 16 }).points.at(-1)).toMatchObject({
    signal: { rule: 'outside' },
    standsIn: { outside: 'up', run: 'up' },
  });
});

test('the share of signals by chance is what a new simulation gives, and small counts give more', () => {
  for (const [points, mean] of [
    [12, Infinity],
    [24, 3],
  ] as const) {
    const again = simulateAlarms(1_500, points, mean);
    expect(Math.abs(again.any - falseAlarms(points, mean).any)).toBeLessThan(0.035);
    expect(Math.abs(again.newest - falseAlarms(points, mean).newest)).toBeLessThan(0.012);
  }
  expect(falseAlarms(24, 3).newest).toBeGreaterThan(falseAlarms(24).newest);
  expect(falseAlarms(36).any).toBeGreaterThan(falseAlarms(12).any);
});
