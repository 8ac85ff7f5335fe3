import * as fc from 'fast-check';
import { parsePeriod, periodsUntil } from '@hub/kernel';
import type { Printed } from '@hub/publications/domain';
import { controlChart, type ControlChart } from '@hub/statistics';
import { changeBetween, changeOver } from './change';
import { acrossInWords } from './comparable';
import { addedUp, charted, controlShown, measureOf, OF_MONTHS, uncharted } from './history';
import { linesOf, type Line } from './line';
import { Notes } from './notes';
import { chanceInWords, foundIn, patternInWords, patternsOf, together } from './patterns';
import { present } from './present';
import { authorities, dataset, seenOver } from './region.builder';

const indicator = dataset.indicators.find(({ code }) => code === 'RF01')!;

describe('a history', () => {
  test('has a line for each authority by name and one of the region; what is not there is a gap', () => {
    const lines = linesOf(seenOver([100, null, 'hidden', 120]));
    expect(lines.map(({ authority }) => authority)).toEqual([...authorities, null]);
    expect(lines[0]!.points.map(({ period, figure }) => [period, figure?.kind ?? null, figure?.value ?? null])).toEqual(
      [
        ['2024-Q2', 'value', 50],
        ['2024-Q3', null, null],
        ['2024-Q4', 'hidden', null],
        ['2025-Q1', 'value', 60],
      ],
    );
  });

  test('says at each point of the region who stands in it, and adds up periods of the same authorities alone', () => {
    const coverageOf = ({ points }: Line) => points.map(({ coverage }) => coverage?.text ?? null);
    const lines = linesOf(seenOver([100, null, 'notSubmitted', 'hidden', 120]));
    expect(coverageOf(lines[0]!)).toEqual([null, null, null, null, null]);
    expect(coverageOf(lines.at(-1)!)).toEqual(['6 of 6', null, '5 of 6', '6 of 6', '6 of 6']);
    const seen = seenOver([100, 110, 120, 130, 140, 150]);
    const whole = linesOf(seen).at(-1)!;
    const part = { shown: 5, submitted: 5, parties: 6, text: '5 of 6', inside: authorities.slice(1) };
    const points = whole.points.map((point, i) => (i === 1 ? { ...point, coverage: part } : point));
    const sumsOf = (measure: 'twelve-months' | 'year-to-date', authority: string | null = null) => {
      const periods = seen.map(({ period }) => period);
      const sums = addedUp({ ...whole, authority, points }, periods, indicator, measure, []);
      return { isThere: sums.points.map(({ figure }) => figure !== null), remarks: sums.remarks };
    };
    const mixed = /same authorities stand are added up: there is no sum up to /;
    const rolled = sumsOf('twelve-months');
    expect(rolled.isThere.slice(3)).toEqual([false, false, true]);
    expect(rolled.remarks).toEqual([expect.stringMatching(mixed)]);
    // 2023-Q4, then the four quarters of 2024, then 2025-Q1.
    const toDate = sumsOf('year-to-date');
    expect(toDate.isThere.slice(1)).toEqual([true, false, false, false, true]);
    const left = [2, 3, 4].map((i) => seen[i]!.period.text).join(', ');
    expect(toDate.remarks).toEqual([expect.stringContaining(`no sum up to ${left}.`)]);
  });

  test('of those without names has none', () => {
    const seen = seenOver([100, 110]).map((one) => ({
      ...one,
      benchmark: present(one.benchmark!, 'own-and-unnamed', ['E06000001']),
    }));
    expect(linesOf(seen).map(({ authority }) => authority)).toEqual(['E06000001', null]);
  });

  const summed = (
    counts: readonly (Printed | null)[],
    measure: 'twelve-months' | 'year-to-date',
    childrenIn?: (period: string) => number,
  ) => {
    const seen = seenOver(counts, childrenIn);
    return linesOf(seen).map(
      (line) =>
        addedUp(
          line,
          seen.map(({ period }) => period),
          indicator,
          measure,
          [],
        ).points,
    );
  };

  test('adds up four quarters, and a year from April, of printed counts alone', () => {
    const counts = [100, 110, 120, 130, 'hidden', 150] as const;
    const [rolled] = summed(counts, 'twelve-months');
    expect(rolled!.map(({ figure }) => figure?.count ?? null)).toEqual([null, null, null, 460, null, null]);
    // 2023-Q4, then the four quarters of 2024, then 2025-Q1.
    const [toDate] = summed(counts, 'year-to-date');
    expect(toDate!.map(({ figure }) => figure?.count ?? null)).toEqual([null, 110, 230, 360, null, 150]);
    expect(toDate![2]!.figure!.value).toBe(115);
    expect(toDate![2]!.limits!.lower).toBeLessThan(115);
  });

  test('of the region adds up too, with a rate and limits', () => {
    const region = summed([100, 110, 120, 130], 'twelve-months').at(-1)!;
    // 460 and 500 in each quarter, of the children of six authorities.
    expect(region.at(-1)!.figure).toMatchObject({ kind: 'value', count: 2460, value: 205 });
    expect(region.at(-1)!.limits).toEqual({ lower: 197, upper: 213.3 });
    expect(
      summed([100, 110], 'year-to-date')
        .at(-1)!
        .map(({ figure }) => figure?.value ?? null),
    ).toEqual([null, 50.8]);
  });

  test('has sums by the mean number of children of their periods', () => {
    const childrenIn = (period: string) => (period < '2024-Q4' ? 20_000 : 30_000);
    const [line] = summed([100, 100, 100, 100], 'twelve-months', childrenIn);
    expect(line!.at(-1)).toMatchObject({ base: 25_000, figure: { count: 400, value: 160 } });
  });

  test('a sum without a value says why: a base of one of its periods is not there', () => {
    const sumOf = (lacking: number | null) => {
      const seen = seenOver([100, 100, 100, 100]);
      const [line] = linesOf(seen);
      const points = line!.points.map((point, i) =>
        i === lacking
          ? { ...point, base: null, figure: { ...point.figure!, value: null, valueKind: 'hidden' as const } }
          : point,
      );
      const periods = seen.map(({ period }) => period);
      return addedUp({ ...line!, points }, periods, indicator, 'twelve-months', []).points.at(-1)!.figure;
    };
    expect(sumOf(1)).toMatchObject({ count: 400, value: null, valueKind: 'hidden' });
    expect(sumOf(null)).toMatchObject({ count: 400, value: 200, valueKind: 'value' });
  });

  test('says nothing of a sum that a hidden period is in, not even what is left of that period', () => {
    const seen = seenOver([100, 100, 100, 'hidden']);
    const [line] = linesOf(seen);
    const left = line!.points.map((point) => ({ ...point, figure: { ...point.figure!, between: [1, 9] } }));
    const points = addedUp(
      { ...line!, points: left },
      seen.map(({ period }) => period),
      indicator,
      'twelve-months',
      [],
    ).points;
    expect(points.at(-1)).toMatchObject({ figure: { kind: 'hidden', between: null }, limits: null, base: null });
  });

  test('of sums has neither chart nor trend, and says so; what does not add up is as published', () => {
    expect(measureOf(indicator, 'as-published', 'quarter')).toEqual({ measure: 'as-published', choices: [] });
    const sums = measureOf(indicator, 'twelve-months', 'quarter');
    expect(sums.measure).toBe('twelve-months');
    expect(sums.choices.join(' ')).toMatch(/^Without control limits and recent trend: .* mean number of children/);
    const plans = dataset.indicators.find(({ code }) => code === 'CP01')!;
    expect(measureOf(plans, 'year-to-date', 'quarter')).toEqual({
      measure: 'as-published',
      choices: [expect.stringContaining('as published')],
    });
    const rising = linesOf(seenOver(Array.from({ length: 14 }, (_, i) => 100 + 20 * i)))[0]!;
    expect(charted(rising, indicator, {}).chart.points.at(-1)!.signal).toBeDefined();
    const { chart, recent } = uncharted(rising);
    expect([recent, chart.isTrial, chart.points.length]).toEqual([null, false, 14]);
    expect(chart.points.every(({ limits, signal }) => !limits && !signal)).toBe(true);
  });

  test('a change is beyond chance where the limits lie apart', () => {
    const [line] = linesOf(seenOver([400, 410, 700]));
    const [a, b, c] = line!.points;
    expect(changeBetween(a, b, indicator)).toEqual({
      from: '2024-Q3',
      was: 200,
      by: 5,
      isBeyondChance: false,
      remark: null,
      isConfirmed: false,
    });
    expect(changeBetween(b, c, indicator)).toMatchObject({ was: 205, by: 145, isBeyondChance: true });
    const [hidden] = linesOf(seenOver(['hidden', 410]));
    expect(changeBetween(hidden!.points[0], hidden!.points[1], indicator)).toBeNull();
  });

  test('becomes a control chart, which a hidden period leaves open', () => {
    const steady = Array.from({ length: 14 }, (_, i) => (i % 2 ? 110 : 100));
    const [line] = linesOf(seenOver([...steady, 'hidden', 300]));
    const { chart, recent } = charted(line!, indicator, {});
    expect(chart.points.at(-1)!.signal).toEqual({ rule: 'outside', direction: 'up' });
    expect(chart.points.at(-2)!.value).toBeUndefined();
    expect(recent).toBeNull();
    expect(charted(linesOf(seenOver([400, 500, 600, 700, 800]))[0]!, indicator, {}).recent).toBe('increasing');
  });

  test('says of months that schools are closed in some of them, of no other periods', () => {
    const [line] = linesOf(seenOver([100, 110, 120]));
    const points = line!.points.map((point, i) => ({ ...point, period: `2025-0${i + 6}` }));
    const choicesOf = (one: Line) => charted(one, indicator, {}).chart.choices;
    expect(choicesOf({ ...line!, points })).toContain(OF_MONTHS);
    expect(choicesOf(line!)).not.toContain(OF_MONTHS);
  });

  test('is of values before they are rounded', () => {
    const few = (counts: readonly number[], children = 300_000) => linesOf(seenOver(counts, () => children))[0]!;
    // Rates from 0.1 to 0.8: a chart of them is that of the counts.
    const counts = fc.array(fc.integer({ min: 3, max: 25 }), { minLength: 6, maxLength: 24 });
    const signalsOf = ({ points }: ControlChart) => points.map(({ signal }) => signal);
    fc.assert(
      fc.property(counts, (list) => {
        expect(signalsOf(charted(few(list), indicator, {}).chart)).toEqual(signalsOf(controlChart(list)));
      }),
    );
    // 0.29 is under 0.33, and both are shown as 0.3.
    const [earlier, later] = few([3, 17]).points;
    expect([earlier!.limits!.upper, later!.limits!.lower]).toEqual([0.3, 0.3]);
    expect(changeBetween(earlier, later, indicator)).toMatchObject({ by: 0.5, isBeyondChance: true });
    // Shown as 0.3, 0.7 and 0.7; 0.34, 0.66 and 0.74 before.
    const [low, high, higher] = few([34, 66, 74], 1_000_000).points;
    expect([changeBetween(low, high, indicator)!.by, changeBetween(high, higher, indicator)!.by]).toEqual([0.3, 0.1]);
    expect(charted(few([20, 60, 100, 140, 180], 30_000_000), indicator, {}).recent).toBe('increasing');
  });

  const regionOf = (counts: readonly (Printed | null)[]) => linesOf(seenOver(counts)).at(-1)!;

  test('holds the region against periods of the same authorities alone', () => {
    // The region's rate rises by a sixth where the first authority, which has few, has not sent.
    const line = regionOf([...Array.from({ length: 8 }, (_, i) => (i % 2 ? 40 : 50)), 'notSubmitted', 40]);
    const { chart } = charted(line, indicator, {});
    expect(
      chart.points.map(({ value, limits, signal }) => [
        value !== undefined,
        limits !== undefined,
        signal !== undefined,
      ]),
    ).toEqual([...Array.from({ length: 8 }, () => [true, true, false]), [false, false, false], [true, true, false]]);
    expect(chart.points.at(-1)!.limits).toEqual(
      controlChart(chart.points.map(({ value }) => value)).points.at(-1)!.limits,
    );
    expect(chart.choices.at(-1)).toBe(
      'Of the region only periods in which the same authorities stand as in the newest are held against each other. Left out beside 2025-Q1 (6 of 6): 2024-Q4 (5 of 6).',
    );
    const [before, newest] = line.points.slice(-2);
    expect(changeBetween(before, newest, indicator)).toEqual({
      from: '2024-Q4',
      was: 50,
      by: null,
      isBeyondChance: null,
      remark:
        '6 of 6 authorities stand in the region’s figure of 2025-Q1, 5 of 6 in that of 2024-Q4: they do not compare.',
      isConfirmed: false,
    });
    // As many, and not the same ones.
    const coverage = { ...before!.coverage!, inside: authorities.slice(0, -1) };
    expect(changeBetween(before, { ...before!, coverage }, indicator)!.remark).toContain('but not the same ones');
    expect(charted(regionOf([400, 500, 'notSubmitted', 600, 700, 800]), indicator, {}).recent).toBeNull();
    expect(charted(regionOf([100, 400, 500, 600, 700, 800]), indicator, {}).recent).toBe('increasing');
  });

  test('has a mean and limits of its own from a break that its authority states', () => {
    // A new system counts twice as many from 2023-Q3 on.
    const counts = [
      ...Array.from({ length: 8 }, (_, i) => (i % 2 ? 110 : 100)),
      ...Array.from({ length: 7 }, (_, i) => (i % 2 ? 210 : 200)),
    ];
    const lines = linesOf(seenOver(counts));
    const breaks = new Notes([
      {
        id: '1',
        authority: 'E06000001',
        indicator: 'RF01',
        kind: 'systemChange',
        from: '2023-Q3',
        until: null,
        text: '',
        writtenAt: new Date(0),
      },
    ]).breaksIn('RF01');
    const [line] = lines;
    const { chart } = charted(line!, indicator, {}, breaks);
    expect(line!.points.findIndex(({ period }) => period === '2023-Q3')).toBe(8);
    expect(chart.points.map(({ limits }) => limits!.mean)).toEqual(
      chart.points.map((_, i) => (i < 8 ? 52.5 : expect.closeTo(102.14, 1))),
    );
    expect(chart.points.some(({ signal }) => signal)).toBe(false);
    expect(chart.choices).toContain('New limits from point 9: E06000001, from 2023-Q3 on, another recording system');
    // Not in another authority's line, nor the region's.
    expect(charted(lines[1]!, indicator, {}, breaks).chart.choices.join()).not.toContain('New limits');
    const series = { indicator, categories: {}, lines: [line!] };
    expect(patternsOf([series]).patterns).toHaveLength(1);
    expect(patternsOf([{ ...series, breaks }])).toMatchObject({ patterns: [], charts: 1 });
    expect(chanceInWords(patternsOf([{ ...series, breaks }]))).toMatch(
      /Held against periods since a stated break alone: RF01: E06000001, from 2023-Q3 on, another recording system\.$/,
    );
    const over = (from: string) => changeOver(line!, from, indicator, breaks);
    expect(over('2023-Q2')).toMatchObject({
      by: 45,
      isBeyondChance: null,
      remark: expect.stringContaining('another recording system') as string,
      across: breaks[0]!.reason,
    });
    expect(over('2023-Q3')).toMatchObject({ by: 0, isBeyondChance: false, remark: null });
    expect(changeOver(lines[1]!, '2023-Q2', indicator, breaks)).toMatchObject({ remark: null });
    const rising = linesOf(seenOver([400, 500, 600, 700, 800]))[0]!;
    expect(charted(rising, indicator, {}, [{ ...breaks[0]!, from: '2025-01-01' }]).recent).toBeNull();
  });

  test('keeps its limits and its pattern where too little is printed since a stated break, which is told beside them', () => {
    // Else whoever states a break ends three years of patterns with it.
    const counts = [...Array.from({ length: 20 }, (_, i) => (i % 2 ? 110 : 100)), 200, 210, 200, 210];
    const [line] = linesOf(seenOver(counts));
    const note = { id: '1', authority: 'E06000001', indicator: 'RF01', until: null, text: '', writtenAt: new Date(0) };
    const stated = (from: string) => new Notes([{ ...note, kind: 'systemChange', from }]).breaksIn('RF01');
    const breaks = stated('2024-Q2');
    const series = { indicator, categories: {}, lines: [line!] };
    const [before, after] = [patternsOf([series]), patternsOf([{ ...series, breaks }])];
    expect(after).toMatchObject({ charts: 1, tooShort: 0, anew: [], expected: before.expected });
    expect(after.patterns).toEqual([{ ...before.patterns[0]!, breaks: [breaks[0]!.reason] }]);
    expect(patternInWords(after.patterns[0]!)).toBe(
      'above the upper control limit since Jul–Sep 2024; a break is stated (E06000001, from 2024-Q2 on, another recording system)',
    );
    const { chart } = charted(line!, indicator, {}, breaks);
    expect(chart.points).toEqual(charted(line!, indicator, {}).chart.points);
    expect(chart.choices.join(' ')).toMatch(
      /A break is stated \(E06000001, from 2024-Q2 on.*too few printed periods since/,
    );
    // Six periods since have limits of their own.
    expect(patternsOf([{ ...series, breaks: stated('2023-Q4') }])).toMatchObject({
      charts: 1,
      anew: [expect.any(String)],
    });
    expect(charted(line!, indicator, {}, stated('2023-Q4')).chart.choices.join()).toContain('New limits from point 19');
  });

  test('says which breaks it runs across: a line of sums its own, the region’s those of whoever stands in it', () => {
    const seen = seenOver([100, 110, 100, 110, 100, 110, 100, 110]);
    const lines = linesOf(seen);
    const [own, other] = lines;
    const region = lines.at(-1)!;
    const note = { id: '1', authority: 'E06000001', indicator: 'RF01', text: '', writtenAt: new Date(0) };
    const breaksOf = (from: string, until: string | null) =>
      new Notes([{ ...note, kind: 'break', from, until }]).breaksIn('RF01');
    const breaks = breaksOf('2024-Q2', '2024-Q3');
    // Where it begins and where it ends is one statement.
    const stated = 'E06000001, from 2024-Q2 to 2024-Q3, a break in the series';
    const sums = addedUp(
      own!,
      seen.map(({ period }) => period),
      indicator,
      'twelve-months',
      [],
    );
    expect(acrossInWords(sums, breaks)).toEqual([
      `Sums run across a stated break (${stated}): one of periods on both sides of it compares with neither.`,
    ]);
    expect(acrossInWords(other!, breaks)).toEqual([]);
    expect(acrossInWords(own!, breaksOf('2019-Q1', null))).toEqual([]);
    const across = `The region’s line runs across breaks that authorities in it state, and moves with them (${stated}).`;
    expect(charted(region, indicator, {}, breaks).chart.choices).toContain(across);
    expect(charted(region, indicator, {}).chart.choices.join()).not.toContain('runs across');
    const without = region.points.map((point) => ({
      ...point,
      coverage: { ...point.coverage!, inside: authorities.slice(1) },
    }));
    expect(acrossInWords({ ...region, points: without }, breaks)).toEqual([]);
  });

  test('of values over twelve months has neither chart nor trend, and no chance of a change, while they share months', () => {
    const over12 = { ...indicator, basis: 'rolling12' as const };
    const [line] = linesOf(seenOver([400, 410, 420, 430, 440, 450, 460, 900]));
    expect(charted(line!, indicator, {}).chart.points.at(-1)!.signal).toBeDefined();
    const { chart, recent } = charted(line!, over12, {});
    expect([chart.points.some(({ limits }) => limits), recent]).toEqual([false, null]);
    expect(chart.choices).toEqual([expect.stringMatching(/^Without control limits and recent trend: .*twelve months/)]);
    const newest = line!.points.at(-1);
    expect(changeBetween(line!.points.at(-2), newest, over12)).toMatchObject({
      by: 220,
      isBeyondChance: null,
      remark: expect.stringContaining('twelve months') as string,
    });
    expect(changeBetween(line!.points.at(-5), newest, over12)).toMatchObject({ isBeyondChance: true, remark: null });
    const yearly = line!.points.map((point, i) => ({ ...point, period: `${2018 + i}-FY` }));
    expect(charted({ ...line!, points: yearly }, over12, {}).chart.points.at(-1)!.signal).toBeDefined();
    expect(patternsOf([{ indicator: over12, categories: {}, lines: [line!] }])).toMatchObject({
      charts: 0,
      tooShort: 0,
    });
  });

  test('says of numbers at a date that their charts signal by chance more often', () => {
    const atDate = { ...indicator, basis: 'snapshot' as const };
    const [line] = linesOf(seenOver([100, 110, 100, 110, 100, 110, 100]));
    const choicesOf = (of: typeof indicator) => charted(line!, of, {}).chart.choices.join(' ');
    expect(choicesOf(atDate)).toContain('A number at a date');
    expect(choicesOf(indicator)).not.toContain('A number at a date');
  });

  test('adds up twelve months, however long its periods are, and no years', () => {
    const sumsOf = (texts: readonly string[]) => {
      const [line] = linesOf(seenOver(texts.map(() => 10)));
      const points = line!.points.map((point, i) => ({ ...point, period: texts[i]! }));
      return addedUp({ ...line!, points }, texts.map(parsePeriod), indicator, 'twelve-months', []).points.map(
        ({ figure }) => figure?.count ?? null,
      );
    };
    expect(sumsOf(['2024-H1', '2024-H2', '2025-H1'])).toEqual([null, 20, 20]);
    const months = periodsUntil(parsePeriod('2025-03'), 13).map(({ text }) => text);
    expect(sumsOf(months)).toEqual([...Array<null>(11).fill(null), 120, 120]);
    expect(measureOf(indicator, 'twelve-months', 'year')).toEqual({
      measure: 'as-published',
      choices: ['Its periods are of twelve months already: it is shown as published.'],
    });
  });

  test('of a percentage has no limit over 100, and says so', () => {
    const [line] = linesOf(seenOver([80, 98, 80, 98, 80, 98, 80, 98]));
    const percent = { ...indicator, unit: 'percent' as const };
    const points = line!.points.map((point) => ({ ...point, base: 100 }));
    const { chart } = charted({ ...line!, points }, percent, {});
    expect(chart.points[0]!.limits!.upper).toBeGreaterThan(100);
    expect(controlShown(chart.points[0]!.limits!, percent).upper).toBe(100);
    expect(chart.choices).toContain('An upper control limit over 100 % is shown as 100.');
    expect(charted(line!, indicator, {}).chart.choices.join()).not.toContain('100 %');
  });

  test('says where a lower limit under 0 is shown as 0', () => {
    const choicesOf = (counts: readonly number[]) =>
      charted(linesOf(seenOver(counts))[0]!, indicator, {}).chart.choices.join(' ');
    expect(choicesOf([10, 60, 10, 60, 10, 60, 10, 60])).toContain('under 0 is shown as 0');
    expect(choicesOf([100, 110, 100, 110, 100, 110, 100])).not.toContain('under 0');
  });
});

describe('patterns', () => {
  test('of many lines are those of their parts, the largest first', () => {
    const parts = [300, 60, 400].map((newest) => of([...steady, newest]));
    expect(patternsOf(parts.flat())).toEqual(together(parts.map(foundIn)));
    const sizes = patternsOf(parts.flat()).patterns.map(({ size }) => size);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes.length).toBeGreaterThan(3);
  });

  const steady = Array.from({ length: 14 }, (_, i) => (i % 2 ? 110 : 100));
  const of = (counts: readonly (Printed | null)[]) => [{ indicator, categories: {}, lines: linesOf(seenOver(counts)) }];

  test('are the lines that are unusual at the newest period, with how many chance would give', () => {
    const found = patternsOf(of([...steady, 300]));
    // One authority and the region, which holds it; the other five never change.
    expect(found.patterns.map(({ authority, rule, since, meaning }) => [authority, rule, since, meaning])).toEqual([
      ['E06000001', 'outside', '2025-Q1', 'high'],
      [null, 'outside', '2025-Q1', 'high'],
    ]);
    expect(found.patterns.map(({ coverage }) => coverage?.text ?? null)).toEqual([null, '6 of 6']);
    expect(found).toMatchObject({ charts: 7, atDate: 0 });
    expect(found.expected).toBeGreaterThan(0);
    expect(chanceInWords(found)).toBe(
      '2 of 7 charts show a pattern at the newest period (chance alone: fewer than one).',
    );
  });

  test('are none of the region where fewer have sent, nor are its charts counted', () => {
    const level = Array.from({ length: 14 }, (_, i) => (i % 2 ? 41 : 40));
    const found = patternsOf(of([...level, 'notSubmitted']));
    expect(found.patterns).toEqual([]);
    // The five that have sent; the other, and the region, have no newest value that anything could be held against.
    expect(found).toMatchObject({ charts: 5, tooShort: 2 });
  });

  test('of numbers at a date are told apart, for chance gives more of them than is known', () => {
    const [one] = of([...steady, 300]);
    const atDate = { ...one!, indicator: { ...indicator, basis: 'snapshot' as const } };
    const both = patternsOf([one!, atDate]);
    expect(both).toMatchObject({ charts: 14, atDate: 7, expected: patternsOf([one!]).expected });
    expect(chanceInWords(both)).toBe(
      '2 of 7 charts show a pattern at the newest period (chance alone: fewer than one), 2 of 7 charts of numbers at a date.',
    );
    expect(chanceInWords(patternsOf([atDate]))).toBe(
      '2 of 7 charts of numbers at a date show a pattern at the newest period.',
    );
  });

  test('of months say what it was in the same month of the year before, where it is printed; and once that no season is taken out', () => {
    const months = periodsUntil(parsePeriod('2025-08'), 15).map(({ text }) => text);
    const monthly = (counts: readonly Printed[]) =>
      of(counts).map((one) => ({
        ...one,
        lines: one.lines.map((line) => ({
          ...line,
          points: line.points.map((point, i) => ({ ...point, period: months[i]! })),
        })),
      }));
    const found = patternsOf(monthly([...steady.slice(0, 2), 200, ...steady.slice(3), 300]));
    // The third of fifteen months is the same as the last.
    expect(found.patterns[0]).toMatchObject({
      yearBefore: { from: '2024-08', was: 100, by: 50, isBeyondChance: true },
    });
    expect(patternInWords(found.patterns[0]!)).toMatch(/ since Aug 2025; in Aug 2024 it was 100$/);
    expect(chanceInWords(found).split(OF_MONTHS)).toHaveLength(2);
    const hidden = patternsOf(monthly([...steady.slice(0, 2), 'hidden', ...steady.slice(3), 300]));
    expect(hidden.patterns[0]!.yearBefore).toBeNull();
    const quarters = patternsOf(of([...steady, 300]));
    expect(quarters.patterns[0]!.yearBefore).toBeNull();
    expect(chanceInWords(quarters)).not.toContain(OF_MONTHS);
  });

  test('say since when the newest rule is met, and since when the line is unusual', () => {
    const newestOf = (counts: readonly number[]) => {
      const [found] = patternsOf(of(counts)).patterns.filter(({ authority }) => authority !== null);
      return found && patternInWords(found);
    };
    const low = [100, 104, 100, 104, 100, 104, 100, 104];
    // Seven above the mean, then one above the limit.
    expect(newestOf([...low, 110, 112, 110, 112, 110, 112, 110])).toBe(
      'seven periods above the mean since Oct–Dec 2023',
    );
    expect(newestOf([...low, 110, 112, 110, 112, 110, 112, 110, 140])).toBe(
      'above the upper control limit since Apr–Jun 2025, unusual since Jul–Sep 2023',
    );
  });

  test('of the past are none, a hidden newest period has none, and too few points are said', () => {
    expect(patternsOf(of([...steady.slice(0, 12), 300, 100, 110])).patterns).toEqual([]);
    const hidden = patternsOf(of([...steady, 'hidden']));
    expect(hidden.patterns).toEqual([]);
    expect([hidden.charts, hidden.tooShort]).toEqual([5, 2]);
    expect(patternsOf(of([100, 110, 120])).charts).toBe(0);
    expect(chanceInWords(patternsOf([]))).toContain('No line');
  });
});
