/**
 * Published figures, recomputed. Skipped, and counted so, where the folder of sources does not lie beside the project; the
 * tests in `domain` always run. The last test prints how many expected values were held against ours.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  areaQuantiles,
  assuranceOf,
  bandOf,
  byarLimits,
  chiSquaredQuantile,
  colourOf,
  compare,
  controlChart,
  controlLimits,
  countFlag,
  directlyStandardised,
  exactLimits,
  expectedEvents,
  falseAlarms,
  indirectlyStandardised,
  judgementOf,
  meanLimits,
  neighbourMean,
  percentage,
  proportionFlag,
  proportionFunnel,
  proportionLimits,
  quantile,
  quartiles,
  quintiles,
  rank,
  rateLimits,
  ratePer10000,
  ratioFunnel,
  recentTrend,
  rowsOfSigns,
  tiles,
  trendEnds,
  twoOfThree,
  wholeRows,
  type Confidence,
  type Limits,
  type Polarity,
} from './index';
import { simulateAlarms } from './domain/chance.builder';

const folder = join(__dirname, '../../../../shared/data/vectors/statistics');
const maybe = existsSync(folder) ? test : test.skip;
const read = <T>(name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T;
const orAbsent = <T>(values: readonly (T | null)[]) => values.map((value) => value ?? undefined);

const checked = new Map<string, number>();
/** Counts what was expected in a file, and says what differs. */
function counterOf(file: string) {
  const add = (n = 1) => void checked.set(file, (checked.get(file) ?? 0) + n);
  return {
    /** Equal to so many significant digits; ten unless said. */
    near: (ours: number | undefined, expected: number, relative = 1e-9) => {
      add();
      if (ours === undefined || !(Math.abs(ours - expected) <= relative * Math.max(Math.abs(expected), 1e-3))) {
        throw new Error(`${file}: ours is ${ours}, expected ${expected}`);
      }
    },
    same: (ours: unknown, expected: unknown) => {
      add(Array.isArray(expected) ? expected.length : 1);
      expect(ours).toEqual(expected);
    },
  };
}

interface Row {
  readonly numerator: number;
  readonly denominator: number;
  readonly multiplier: number;
  readonly value: number;
  readonly lower95: number;
  readonly upper95: number;
  readonly lower998?: number;
  readonly upper998?: number;
}
const confidences = [
  ['95', 0.95],
  ['998', 0.998],
] as const;
type Check = ReturnType<typeof counterOf>;
function limitsAsIn(check: Check, row: object, ours: (confidence: Confidence) => Limits | undefined) {
  const expected = row as Readonly<Record<string, number | undefined>>;
  for (const [name, confidence] of confidences) {
    for (const side of ['lower', 'upper'] as const) {
      const limit = expected[`${side}${name}`];
      if (limit !== undefined) check.near(ours(confidence)?.[side], limit);
    }
  }
}

maybe('rates, with Byar’s and exact limits', () => {
  const check = counterOf('ci-rates-byars-exact');
  type Count = { x: number; confidence: Confidence; lower: number | null; upper: number };
  const { byars_counts, rates, computed } = read<{ byars_counts: Count[]; rates: Row[]; computed: Row[] }>(
    'ci-rates-byars-exact',
  );
  for (const { x, confidence, lower, upper } of byars_counts) {
    const ours = byarLimits(x, confidence);
    // The package prints no lower limit where it is negative.
    if (lower === null) check.same(ours.lower < 0, true);
    else check.near(ours.lower, lower);
    check.near(ours.upper, upper);
  }
  for (const row of [...rates, ...computed]) {
    const { numerator, denominator, multiplier, value } = row;
    check.near((numerator / denominator) * multiplier, value);
    limitsAsIn(check, row, (confidence) => rateLimits(numerator, denominator, multiplier, confidence));
    if (multiplier === 100) expect(percentage(numerator, denominator)).toBeCloseTo(Math.round(value * 10) / 10, 9);
    if (multiplier === 100_000) expect(ratePer10000(numerator, denominator)).toBeCloseTo(Math.round(value) / 10, 9);
  }
});

maybe('proportions, with Wilson’s limits', () => {
  const check = counterOf('ci-proportions-wilson');
  type Raw = { x: number; n: number; confidence: Confidence; lower: number; upper: number };
  const { raw, proportions, computed } = read<{ raw: Raw[]; proportions: Row[]; computed: Row[] }>(
    'ci-proportions-wilson',
  );
  for (const { x, n, confidence, lower, upper } of raw) {
    const ours = proportionLimits(x, n, confidence)!;
    check.near(ours.lower, lower);
    check.near(ours.upper, upper);
  }
  for (const row of [...proportions, ...computed]) {
    const { numerator, denominator, multiplier, value } = row;
    check.near((numerator / denominator) * multiplier, value);
    limitsAsIn(check, row, (confidence) => {
      const { lower, upper } = proportionLimits(numerator, denominator, confidence)!;
      return { lower: lower * multiplier, upper: upper * multiplier };
    });
  }
});

maybe('means, with Student’s limits', () => {
  const check = counterOf('means-t');
  const { cases } = read<{ cases: ({ values: number[]; mean: number; sd: number } & Row)[] }>('means-t');
  for (const row of cases) {
    const ours = meanLimits(row.values, 0.95)!;
    check.near(ours.mean, row.mean);
    check.near(ours.deviation, row.sd);
    limitsAsIn(check, row, (confidence) => meanLimits(row.values, confidence));
  }
});

maybe('directly standardised rates, with Dobson’s limits', () => {
  const check = counterOf('dsr-dobson');
  type Case = { counts: (number | null)[]; populations: number[]; multiplier: number; value: number | null };
  const { standardPopulation, cases } = read<{ standardPopulation: { weights: number[] }; cases: Case[] }>(
    'dsr-dobson',
  );
  for (const row of cases) {
    const strata = row.counts.map((count, i) => ({
      count: count ?? 0,
      population: row.populations[i]!,
      weight: standardPopulation.weights[i]!,
    }));
    const ours = (confidence: Confidence) => directlyStandardised(strata, row.multiplier, confidence);
    if (row.value === null) check.same(ours(0.95), undefined);
    else {
      check.near(ours(0.95)?.value, row.value);
      limitsAsIn(check, row, ours);
    }
  }
});

maybe('indirectly standardised rates and ratios', () => {
  const check = counterOf('isr-smr');
  type Case = { observed: number; expected: number; referenceRate: number | null; value: number; statistic: string };
  const { strata, cases } = read<{
    strata: { population: number[]; refCount: number[]; refPopulation: number[] };
    cases: Case[];
  }>('isr-smr');
  const reference = strata.population.map((population, i) => ({
    population,
    referenceCount: strata.refCount[i]!,
    referencePopulation: strata.refPopulation[i]!,
  }));
  for (const row of cases) {
    check.near(expectedEvents(reference), row.expected);
    const per = row.referenceRate ?? Number(/\d+$/.exec(row.statistic)![0]);
    const ours = (confidence: Confidence) => indirectlyStandardised(row.observed, reference, per, confidence);
    check.near(ours(0.95)?.value, row.value);
    limitsAsIn(check, row, ours);
  }
});

maybe('funnels: flags and limits', () => {
  const check = counterOf('funnel');
  type Point = { numerator: number; denominator: number; observed: number; expected: number; significance: string };
  const file = read<{
    pooledProportion: number;
    proportionPoints: Point[];
    proportionLimits: { population: number; average: number; [limit: string]: number }[];
    ratioPoints: Point[];
    ratioLimits: { observed: number; [limit: string]: number }[];
    ratePointsPer100000: {
      pooledRatePer100000: number;
      points: { count: number; population: number; significance: string }[];
    };
    funnelPlotRPoissonRatio: { expected: number; [limit: string]: number }[];
  }>('funnel');
  const named = (flag: string) =>
    ({
      'high-0.998': 'High (0.001)',
      'high-0.95': 'High (0.025)',
      'low-0.95': 'Low (0.025)',
      'low-0.998': 'Low (0.001)',
    })[flag] ?? 'Not significant';
  for (const { numerator, denominator, significance } of file.proportionPoints) {
    check.same(named(proportionFlag({ count: numerator, of: denominator }, file.pooledProportion)), significance);
  }
  for (const { observed, expected, significance } of file.ratioPoints) {
    check.same(named(countFlag({ count: observed, of: expected })), significance);
  }
  const { pooledRatePer100000, points } = file.ratePointsPer100000;
  for (const { count, population, significance } of points) {
    check.same(named(countFlag({ count, of: (population * pooledRatePer100000) / 100_000 })), significance);
  }
  for (const row of file.proportionLimits) {
    for (const [name, confidence] of confidences) {
      const ours = proportionFunnel(row.average / 100, row.population, confidence);
      // Printed to six decimals of a percent.
      check.near(ours.lower * 100, row[`lower${name}`]!, 1e-6);
      check.near(ours.upper * 100, row[`upper${name}`]!, 1e-6);
    }
  }
  for (const row of file.ratioLimits) {
    // Solved there in steps of 1e-7: the numbers expected at which that many observed just touch a limit.
    for (const [name, confidence] of confidences) {
      const { lower, upper } = exactLimits(row.observed, confidence);
      check.near(upper, row[`expectedAtLower${name}`]!, 5e-5);
      check.near((row.observed / upper) * 100, row[`ratioLower${name}`]!, 5e-5);
      check.near(lower, row[`expectedAtUpper${name}`]!, 5e-5);
      check.near((row.observed / lower) * 100, row[`ratioUpper${name}`]!, 5e-5);
    }
  }
  for (const row of file.funnelPlotRPoissonRatio) {
    for (const [name, confidence] of confidences) {
      check.near(ratioFunnel(row.expected, confidence).lower, row[`lower${name}`]!, 1e-6);
      check.near(ratioFunnel(row.expected, confidence).upper, row[`upper${name}`]!, 1e-6);
    }
  }
});

maybe('quantiles: areas by rank, and cuts of type 7', () => {
  const check = counterOf('quantiles');
  const { phe, type7 } = read<{
    phe: { nquantiles: number; quantile1IsHighest: boolean; values: (number | null)[]; quantile: (number | null)[] }[];
    type7: { values: number[]; p: number[]; q: number[] }[];
  }>('quantiles');
  for (const { values, nquantiles, quantile1IsHighest, quantile: expected } of phe) {
    check.same(areaQuantiles(orAbsent(values), nquantiles, quantile1IsHighest), orAbsent(expected));
  }
  for (const { values, p, q } of type7) {
    const sorted = [...values].sort((a, b) => a - b);
    check.same(
      p.map((share) => quantile(sorted, share)),
      q,
    );
    if (values.length >= 4) {
      expect(quartiles(values)).toEqual({ lower: q[1], median: q[2], upper: q[3], basis: values.length });
    }
  }
});

const polarities: Readonly<Record<string, Polarity>> = {
  Low: 'lower',
  High: 'higher',
  '-': 'neutral',
  HighIsGood: 'higher',
  LowIsGood: 'lower',
  NoJudgement: 'neutral',
  'High is good': 'higher',
  'Low is good': 'lower',
  'No judgement': 'neutral',
};

maybe('ranks, bands and neighbours as in LAIT', () => {
  const check = counterOf('lait-rank-quartile');
  const { cuts, bands, ranks, statisticalNeighbourMean } = read<{
    cuts: number[];
    bands: { value: number | null; polarity: string; band: string | null }[];
    ranks: { values: (number | null)[]; polarity: string; rank: (number | null)[] }[];
    statisticalNeighbourMean: { neighbourValues: (number | null)[]; average: number | null }[];
  }>('lait-rank-quartile');
  const [least, lower, median, upper, most] = cuts as [number, number, number, number, number];
  for (const { value, polarity, band } of bands) {
    // The cuts are those of all values, so that one outside them is an error of LAIT's caller, and none of ours.
    if (value === null || band === 'Error') {
      check.same(value === null || value < least || value > most, true);
    } else check.same(bandOf(value, { lower, median, upper }, polarities[polarity]!) ?? '-', band);
  }
  for (const { values, polarity, rank: expected } of ranks) {
    check.same(rank(orAbsent(values), polarities[polarity]!), orAbsent(expected));
  }
  for (const { neighbourValues, average } of statisticalNeighbourMean) {
    check.same(neighbourMean(orAbsent(neighbourValues)), average ?? undefined);
  }
});

maybe('comparisons with a benchmark, and quintiles', () => {
  const check = counterOf('benchmark-outcomes');
  type Case = {
    polarity: string;
    lower: number | null;
    upper: number | null;
    reference: number;
    outcome: string | null;
  };
  const { ciOverlap, ntile, quintileNames } = read<{
    ciOverlap: Case[];
    ntile: { areas: number; tiles: number; assignment: number[] }[];
    quintileNames: Record<string, string[]>;
  }>('benchmark-outcomes');
  for (const { polarity, lower, upper, reference, outcome } of ciOverlap) {
    const limits = lower === null || upper === null ? undefined : { lower, upper };
    check.same(compare(limits, reference, polarities[polarity]!), outcome?.toLowerCase());
  }
  for (const { areas, tiles: groups, assignment } of ntile) {
    check.same(tiles([...Array(areas).keys()], groups), assignment);
  }
  for (const [polarity, names] of Object.entries(quintileNames)) {
    check.same(
      quintiles([1, 2, 3, 4, 5], polarities[polarity]!),
      names.map((name) => name.toLowerCase()),
    );
  }
});

maybe('recent trends', () => {
  const check = counterOf('recent-trend');
  interface Case {
    readonly polarity: string;
    readonly oldestFirst: { value: number; lower95: number; upper95: number }[];
    readonly expected: string;
    readonly slope?: number;
    readonly chiSquare?: number;
  }
  for (const row of read<{ cases: Case[] }>('recent-trend').cases) {
    const ours = recentTrend(
      row.oldestFirst.map(({ value, lower95, upper95 }) => ({ value, lower: lower95, upper: upper95 })),
    );
    const judged =
      ours && ours.direction !== 'noChange'
        ? { improvement: 'AndGettingBetter', concern: 'AndGettingWorse', none: '' }[
            judgementOf(ours.direction === 'increasing' ? 'up' : 'down', polarities[row.polarity]!) ?? 'none'
          ]
        : '';
    const name = ours ? ours.direction.replace(/^./, (first) => first.toUpperCase()) + judged : 'CannotBeCalculated';
    check.same(name, row.expected);
    if (row.slope !== undefined) check.near(ours?.slope, row.slope);
    if (row.chiSquare !== undefined) check.near(ours?.chiSquared, row.chiSquare);
  }
  check.near(chiSquaredQuantile(0.998, 1), 9.54953570608324);
});

maybe('mean and limits of control charts', () => {
  const check = counterOf('spc-xmr-limits');
  interface Case {
    readonly values: number[];
    readonly screenOutliers: boolean;
    readonly fixAfter: number | null;
    readonly expected: Record<'mean' | 'amr' | 'lpl' | 'upl' | 'nearLower' | 'nearUpper', number>;
  }
  for (const { values, screenOutliers, fixAfter, expected } of read<{ cases: Case[] }>('spc-xmr-limits').cases) {
    const ours = controlLimits(values.slice(0, fixAfter ?? values.length), screenOutliers)!;
    const pairs = {
      mean: ours.mean,
      amr: ours.averageRange,
      lpl: ours.lower,
      upl: ours.upper,
      nearLower: ours.nearLower,
      nearUpper: ours.nearUpper,
    };
    for (const [name, value] of Object.entries(pairs)) check.near(value, expected[name as keyof typeof pairs]);
    const [point] = controlChart(values, { screenOutliers, ...(fixAfter ? { fixAfter } : {}) }).points;
    expect(point?.limits).toEqual(ours);
  }
});

maybe('the rules of control charts', () => {
  const check = counterOf('spc-rules');
  const file = read<{
    runOneSide: { sideOfMean: number[]; flagAtEnd: number[] }[];
    extendBack: { flags: number[]; partOf: number[] }[];
    trend: { values: number[]; flagAtEnd: number[] }[];
    twoOfThree: { near: number[]; sideOfMean: number[]; window: number[]; highlighted: number[] }[];
    assurance: Record<'lpl' | 'upl' | 'target', number>[] &
      Record<'increase' | 'decrease' | 'neutral', string | null>[];
    fullSeries: ({
      values: number[];
      screenOutliers: boolean;
      fixAfter: number | null;
      lpl: number;
      mean: number;
      upl: number;
    } & Record<'labels' | 'increaseIsGood' | 'decreaseIsGood' | 'neutral', string[]>)[];
  }>('spc-rules');
  // That a row ended is told there by 1 alone, on whichever side.
  for (const { sideOfMean, flagAtEnd } of file.runOneSide) {
    check.same(rowsOfSigns(sideOfMean, 7).map(Math.abs), flagAtEnd.map(Math.abs));
  }
  for (const { flags, partOf } of file.extendBack) {
    check.same(wholeRows(flags, 7).map(Math.abs), partOf.map(Math.abs));
  }
  for (const { values, flagAtEnd } of file.trend) check.same(trendEnds(values, 7), flagAtEnd);
  for (const { near, sideOfMean, window, highlighted } of file.twoOfThree) {
    const ours = twoOfThree(near.map(Boolean), sideOfMean);
    check.same(ours.windows.map(Number), window);
    check.same(ours.marked.map(Number), highlighted);
  }
  const wayOf = { increase: 'higher', decrease: 'lower', neutral: 'neutral' } as const;
  for (const row of file.assurance) {
    for (const [name, polarity] of Object.entries(wayOf)) {
      const ours = assuranceOf({ lower: row.lpl, upper: row.upl }, row.target, polarity);
      const said = ours && { consistentPass: 'consistent_pass', consistentFail: 'consistent_fail' }[ours as string];
      check.same(ours && (said ?? ours), row[name as keyof typeof wayOf] ?? undefined);
    }
  }
  const label = (signal: { rule: string; direction: 'up' | 'down' } | undefined) => {
    if (!signal) return 'Common Cause';
    const isUp = signal.direction === 'up';
    return {
      outside: isUp ? 'Above UCL' : 'Below LCL',
      trend: `7 Point Trend (${isUp ? 'Increasing' : 'Decreasing'})`,
      twoOfThree: `2 in 3 ${isUp ? 'Above' : 'Below'} CL`,
      run: `7 Points ${isUp ? 'Above' : 'Below'} CL`,
    }[signal.rule];
  };
  for (const row of file.fullSeries) {
    const { points } = controlChart(row.values, {
      screenOutliers: row.screenOutliers,
      ...(row.fixAfter ? { fixAfter: row.fixAfter } : {}),
    });
    check.near(points[0]?.limits?.lower, row.lpl);
    check.near(points[0]?.limits?.mean, row.mean);
    check.near(points[0]?.limits?.upper, row.upl);
    check.same(
      points.map(({ signal }) => label(signal)),
      row.labels,
    );
    for (const [name, polarity] of [
      ['increaseIsGood', 'higher'],
      ['decreaseIsGood', 'lower'],
      ['neutral', 'neutral'],
    ] as const) {
      const colours = points.map(({ signal }) => (signal ? colourOf(signal.direction, polarity) : 'common_cause'));
      const prefix = polarity === 'neutral' ? 'special_cause_neutral_' : 'special_cause_';
      check.same(
        colours.map((one) => (one === 'common_cause' ? one : prefix + one)),
        row[name],
      );
    }
  }
});

maybe('signals by chance, as another simulation found them', () => {
  const check = counterOf('spc-false-alarm-rates');
  interface Case {
    readonly process: string;
    readonly months: number;
    readonly screenOutliers: boolean;
    readonly chartsWithAnySignal: number;
    readonly lastMonthSignal: number;
  }
  for (const row of read<{ rows: Case[] }>('spc-false-alarm-rates').rows) {
    const mean = row.process.startsWith('poisson') ? Number(/\d+/.exec(row.process)![0]) : Infinity;
    if (!row.screenOutliers) {
      // The tolerances that the file names, and the error of its 3,000 charts where that is more.
      const { any, newest } = falseAlarms(row.months, mean);
      check.same(Math.abs(any - row.chartsWithAnySignal) < 0.025, true);
      check.same(Math.abs(newest - row.lastMonthSignal) < 0.01, true);
    } else if (row.months === 24 && mean !== 50) {
      const { any, newest } = simulateAlarms(1_000, row.months, mean, { screenOutliers: true });
      check.same(Math.abs(any - row.chartsWithAnySignal) < 0.04, true);
      check.same(Math.abs(newest - row.lastMonthSignal) < 0.015, true);
    }
  }
});

maybe('every vector file was read', () => {
  const all = [...checked.values()].reduce((sum, n) => sum + n, 0);
  process.stdout.write(`statistics: ${all} expected values of ${checked.size} files hold\n`);
  expect(checked.size).toBe(13);
  expect(all).toBeGreaterThan(1_500);
});
