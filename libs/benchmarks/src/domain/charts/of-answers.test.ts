import { parsePeriod, periodsUntil } from '@hub/kernel';
import type { Printed, PublicationDocument } from '@hub/publications/domain';
import {
  allSeries,
  loadCatalogue,
  loadEngland,
  loadNeighbours,
  loadRegistry,
  newestDataset,
  seriesKey,
} from '@hub/registry/domain';
import { benchmarkOf, type Benchmark } from '../benchmark';
import { charted } from '../history';
import { linesOf } from '../line';
import { Notes } from '../notes';
import { englandOf } from '../england-figure';
import { funnelOf } from '../funnel';
import { barOf, funnelChartOf, heatOf, spineOf, timeOf } from './of-answers';
import { benchmark, documentOf, referrals } from '../region.builder';
import { comparedInWords, isDrawn, type Told } from './told';

const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const registry = loadRegistry();
const lists = loadNeighbours(registry);
const authorities = ['E06000001', 'E06000002', 'E06000003', 'E06000004', 'E06000005', 'E08000021', 'E08000023'];
const MINE = 'E06000002';
const nameOf = (code: string) => registry.authorities.find((one) => one.code === code)!.name;
const told = (period: string): Told => ({
  region: 'North East',
  period,
  source: 'Publication 7',
  handling: 'For members.',
  nameOf,
  notes: new Notes([]),
  englandOf: () => null,
});

/** @param counts  of each authority; any other series is not collected */
function seen(
  period: string,
  counts: readonly Printed[],
  together?: PublicationDocument['together'],
  region: Printed = 2_800,
  between?: PublicationDocument['between'],
) {
  const series = allSeries(dataset).map(({ indicator, categories, measure }) => {
    const key = seriesKey(indicator, categories, measure);
    return key === 'RF01#count'
      ? { key, region, figures: counts }
      : { key, region: 'notAvailable' as const, figures: authorities.map(() => 'notAvailable' as const) };
  });
  const document = {
    period,
    authorities,
    series,
    ...(together ? { together } : {}),
    ...(between ? { between } : {}),
  } as unknown as PublicationDocument;
  return (categories: Readonly<Record<string, string>> = {}) =>
    benchmarkOf(document, dataset, 'RF01', categories, () => 20_000)!;
}
/** However a picture breaks them into lines. */
const wordsOf = ({ svg }: { svg: string }) => svg.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const counts = [400, 300, 410, 420, 390, 380, 500];

test('a category that is told together with others is said so in the caption of its charts, and no other is', () => {
  const together = [
    { dimension: 'source', indicators: ['RF01'], categories: ['legal', 'school'], label: 'Legal agency and Schools' },
  ];
  const of = seen('2025-Q1', counts, together as PublicationDocument['together']);
  const words =
    'Referrals (Source of the referral or contact: School), per 10,000 of all children aged 0 to 17 in the quarter. Legal agency and Schools are told together.';
  expect(wordsOf(barOf(of({ source: 'school' }), told('2025-Q1'), null))).toContain(words);
  expect(barOf(of({ source: 'police' }), told('2025-Q1'), null).svg).not.toContain('told together');
  expect(barOf(of(), told('2025-Q1'), null).svg).not.toContain('told together');
  const line = (categories: Readonly<Record<string, string>>) =>
    charted(linesOf([{ period: parsePeriod('2025-Q1'), benchmark: of(categories) }]).at(-1)!, of().indicator, {});
  const svg = (categories: Readonly<Record<string, string>>) =>
    wordsOf(timeOf(line(categories), of(categories), told('2025-Q1')));
  expect(svg({ source: 'school' })).toContain('Legal agency and Schools are told together');
  expect(svg({})).not.toContain('told together');
});

test('a picture of a category says of which in its title, description, caption and axis, and that its rate is of all children', () => {
  const key = (category: string) => `RF01|age=${category}#count`;
  const lines = [referrals(400, 300, 410, 420, 390, 380), [key('under-1'), 230, 40, 30, 41, 42, 39, 38] as const];
  const of = (categories: Readonly<Record<string, string>>) =>
    benchmarkOf(documentOf('2025-Q1', lines), dataset, 'RF01', categories, () => 20_000)!;
  const drawn = (one: Benchmark) => {
    const line = linesOf([{ period: parsePeriod('2025-Q1'), benchmark: one }]).at(-1)!;
    return [
      barOf(one, told('2025-Q1'), null),
      funnelChartOf(one, funnelOf(one)!, told('2025-Q1'), null),
      timeOf(charted(line, one.indicator, {}), one, told('2025-Q1')),
    ];
  };
  for (const chart of drawn(of({ age: 'under-1' }))) {
    for (const words of [chart.title, chart.description]) expect(words).toMatch(/^Referrals \(Under 1\)/);
    expect(wordsOf(chart)).toContain(
      'Referrals (Age: Under 1), per 10,000 of all children aged 0 to 17 in the quarter.',
    );
    expect(chart.svg).toMatch(/>Under 1, per 10,000 in the quarter[;<]/);
  }
  for (const chart of drawn(of({}))) {
    expect(chart.title + chart.description).not.toContain('Referrals (');
    expect(chart.svg).toMatch(/>per 10,000 children in the quarter[;<]/);
  }
});

test('what is said of bars is what is drawn', () => {
  const whole = barOf(seen('2025-Q1', counts)(), told('2025-Q1'), null);
  expect(whole.description).toBe(
    'Referrals: a bar for each of 7 authorities with a printed value, the largest first, with 95% limits as whiskers; the region’s value as a dashed line.',
  );
  const between = { 'RF01#count': { E06000001: [150, 180] } } as unknown as PublicationDocument['between'];
  const hidden = ['hidden', ...counts.slice(1, 6), 'notSubmitted'] as const;
  expect(barOf(seen('2025-Q1', hidden, undefined, 2_100, between)(), told('2025-Q1'), null).description).toBe(
    'Referrals: a bar for each of 5 authorities with a printed value, the largest first, with 95% limits as whiskers; the region’s value as a dashed line. Hidden figures are dashed boxes over what is left of them.',
  );
  const mean = benchmark('WF04', [
    ['WF04#count', 7_200, 1200, 1200, 1200, 1200, 1200, 1200],
    ['WF04#of', 480, 80, 80, 80, 80, 80, 80],
  ]);
  expect(barOf(mean, told('2025-Q1'), null).description).toBe(
    'Average caseload: a bar for each of 6 authorities with a printed value, the largest first; the region’s value as a dashed line.',
  );
});

test('what is said of a spine is what is drawn, once', () => {
  const of = (one: Benchmark) => spineOf([one], MINE, told('2025-Q1'), lists, '2025').description;
  expect(of(seen('2025-Q1', counts)())).toBe(
    'One indicator between the least and the largest printed value of the region, better to the right; in 1 neither end is better, and higher is to the right; the middle half darker, or hollow where neither end is better; a dot for this authority, a diamond for the region, a triangle for the mean of those of its statistical neighbours that are printed.',
  );
  const between = { 'RF01#count': { E06000002: [150, 180] } } as unknown as PublicationDocument['between'];
  const hidden = (counts as readonly Printed[]).with(1, 'hidden');
  expect(of(seen('2025-Q1', hidden, undefined, 2_800, between)()).match(/dashed box/g)).toHaveLength(1);
});

test('a line without limits says why it has none, and not how limits are made', () => {
  const over = (periods: number, missing: number | readonly number[] | null, basis: 'flow' | 'rolling12' = 'flow') => {
    const all = periodsUntil(parsePeriod('2025-Q1'), periods).map((period, i) => ({
      period,
      benchmark: seen(
        period.text,
        [missing].flat().includes(i) ? (counts as readonly Printed[]).with(0, 'notSubmitted') : counts,
      )(),
    }));
    const { indicator } = all[0]!.benchmark;
    const line = charted(linesOf(all).at(-1)!, { ...indicator, basis }, {});
    const { about, description, svg } = timeOf(line, all.at(-1)!.benchmark, told('2025-Q1'));
    // What stands under the picture goes with its table too.
    expect(wordsOf({ svg })).toContain(about);
    expect(about).not.toContain('. .');
    return `${description} ${about}`;
  };
  expect(over(4, 2)).toMatch(/Of the region only periods in which the same authorities stand.*Left out beside 2025-Q1/);
  expect(over(8, null, 'rolling12')).toContain('each value is of twelve months');
  expect(over(4, 2)).not.toContain('moving ranges');
  expect(over(4, 2)).toContain('There are too few periods for control limits.');
  expect(over(8, [0, 1, 2])).toContain(
    'Too few periods have the same authorities in them as the newest for control limits.',
  );
  expect(over(8, [0, 1, 2])).not.toContain('with its mean and control limits');
  expect(over(8, null)).toContain('moving ranges');
});

test('a spine has the neighbours of the model that is asked for, and names it in column and caption', () => {
  const of = (model: '2025' | '2021') => {
    const spine = spineOf([seen('2025-Q1', counts)()], MINE, told('2025-Q1'), lists, model);
    const { columns, rows } = spine;
    expect(wordsOf(spine)).toContain(`the statistical neighbours (${model})`);
    return rows[0]!.slice(columns.indexOf(`Neighbours (${model})`)).slice(0, 2);
  };
  const mean = (...places: number[]) => places.reduce((sum, at) => sum + counts[at]! / 2, 0) / places.length;
  // Hartlepool, Newcastle and South Tyneside; of the earlier list two of them.
  expect(of('2025')).toEqual([String(Math.round(mean(0, 5, 6) * 10) / 10), '3 of 10']);
  expect(of('2021')).toEqual([String(mean(0, 6)), '2 of 10']);
});

test('a line too short for limits is called neither usual nor unusual', () => {
  const titleOf = (values: readonly number[]) => {
    const all = periodsUntil(parsePeriod('2025-Q1'), values.length).map((period, i) => ({
      period,
      benchmark: seen(period.text, [values[i]!, ...counts.slice(1)])(),
    }));
    const [line] = linesOf(all);
    return timeOf(charted(line!, all[0]!.benchmark.indicator, {}), all.at(-1)!.benchmark, told('2025-Q1')).title;
  };
  const steady = Array.from({ length: 14 }, (_, i) => (i % 2 ? 400 : 410));
  expect(titleOf(steady.slice(0, 3))).toBe('Referrals, Hartlepool: 205 per 10,000 in Apr–Jun 2025');
  expect(titleOf([400, 410, 390])).toBe('Referrals, Hartlepool: 195 per 10,000 in Apr–Jun 2025, lowest of 3 quarters');
  expect(titleOf([400, 410, 420])).toBe('Referrals, Hartlepool: 210 per 10,000 in Apr–Jun 2025, highest of 3 quarters');
  // Two are no row, and what is as low as another is not the lowest.
  expect(titleOf([400, 390])).toBe('Referrals, Hartlepool: 195 per 10,000 in Apr–Jun 2025');
  expect(titleOf([390, 410, 390])).toBe('Referrals, Hartlepool: 195 per 10,000 in Apr–Jun 2025');
  expect(titleOf(steady)).toBe('Referrals, Hartlepool: 200 per 10,000 in Apr–Jun 2025, as usual');
  expect(titleOf([...steady, 900])).toBe('Referrals, Hartlepool: 450 per 10,000, above the upper control limit');
});

test('the table of a line says of no period without limits that nothing is unusual about it', () => {
  const signals = (length: number) => {
    const all = periodsUntil(parsePeriod('2025-Q1'), length).map((period, i) => ({
      period,
      benchmark: seen(period.text, [i === 2 ? 'hidden' : 400 + (i % 2), ...counts.slice(1)])(),
    }));
    const { columns, rows } = timeOf(
      charted(linesOf(all)[0]!, all[0]!.benchmark.indicator, {}),
      all.at(-1)!.benchmark,
      told('2025-Q1'),
    );
    return rows.map((row) => row[columns.indexOf('Signal')]);
  };
  expect(signals(3)).toEqual(['[z]', '[z]', '[z]']);
  expect(signals(14).slice(0, 4)).toEqual(['none', 'none', '[z]', 'none']);
});

test('beside each month stands the same month of the year before, as it is printed; beside other periods nothing does', () => {
  const of = (until: string) => {
    const all = periodsUntil(parsePeriod(until), 14).map((period, i) => ({
      period,
      benchmark: seen(period.text, [i ? 400 + i : 'hidden', ...counts.slice(1)], undefined, 2_800)(),
    }));
    return timeOf(charted(linesOf(all)[0]!, all[0]!.benchmark.indicator, {}), all.at(-1)!.benchmark, told(until));
  };
  const { columns, rows } = of('2025-03');
  expect(columns.at(-1)).toBe('Same month of the year before');
  // 2025-03 and 2025-02 beside 2024-03 and 2024-02; further back the line does not reach.
  expect(rows.map((row) => row.at(-1)).slice(-3)).toEqual(['[x]', '[c]', rows[1]![1]]);
  expect(of('2025-Q1').columns.at(-1)).toBe('Signal');
});

test('beside a long name less is said, and no title has a code alone', () => {
  const one = seen('2025-Q1', counts)();
  const named = (name: string) => ({ ...one, indicator: { ...one.indicator, name } });
  expect(barOf(one, told('2025-Q1'), null).title).toMatch(/^Referrals: \d of 7 differ from the region$/);
  const long = named('Three or more placements within a year');
  expect(barOf(long, told('2025-Q1'), null).title).toMatch(/^Three or more placements within a year: \d of 7 differ$/);
  expect(funnelChartOf(long, funnelOf(long)!, told('2025-Q1'), null).title).toMatch(
    /a year: \d of 7 outside 99\.8% limits, \d once widened$/,
  );
});

test('the title of a funnel says how many lie outside widened limits too where its caption does, and that they are widened', () => {
  const of = (one: Benchmark, widened = false) =>
    funnelChartOf(one, funnelOf(one, widened)!, told('2025-Q1'), null).title;
  const far = benchmark('RF01', [referrals(20, 60, 200, 300, 700, 1500)]);
  expect(of(far)).toBe('Referrals: 6 of 6 outside the 99.8% limits, 0 once widened');
  expect(of(far, true)).toBe('Referrals: 0 of 6 outside the widened 99.8% limits');
  const alike = benchmark('RF01', [referrals(500, 510, 490, 505, 495, 500)]);
  for (const widened of [false, true]) expect(of(alike, widened)).toBe('Referrals: 0 of 6 outside the 99.8% limits');
});

test('the title of the region’s line says how many authorities stand in its figure where they are not all', () => {
  const of = (periods: number, last: number, name = 'Referrals') => {
    const partial = (counts as readonly Printed[]).with(0, 'notSubmitted');
    const all = periodsUntil(parsePeriod('2025-Q1'), periods).map((period, i) => ({
      period,
      benchmark: seen(period.text, partial, undefined, i === periods - 1 ? last : 2_400 + (i % 2) * 12)(),
    }));
    const newest = all.at(-1)!.benchmark;
    const line = charted(linesOf(all).at(-1)!, newest.indicator, {});
    const { quartiles, regionLimits } = newest;
    const named = { ...newest, quartiles, regionLimits, indicator: { ...newest.indicator, name } };
    return timeOf(line, named, told('2025-Q1')).title;
  };
  expect(of(2, 2_400)).toBe('Referrals, North East: 200 per 10,000 in Apr–Jun 2025 (6 of 7)');
  expect(of(14, 2_400)).toBe('Referrals, North East: 200 per 10,000 (6 of 7), as usual');
  // However long the name is.
  expect(of(14, 4_800, 'Three or more placements within a year')).toMatch(/, above the upper control limit$/);
  // What is unusual stands in the title, and how many there are in the caption.
  expect(of(14, 4_800)).toBe('Referrals, North East: 400 per 10,000, above the upper control limit');
});

test('the region’s line is broken where other authorities stand in it, and its title counts none of those', () => {
  const all = periodsUntil(parsePeriod('2025-Q1'), 4).map((period, i) => ({
    period,
    benchmark: seen(
      period.text,
      i === 1 ? (counts as readonly Printed[]).with(0, 'notSubmitted') : counts,
      undefined,
      2_800 - i * 100,
    )(),
  }));
  const { svg, title } = timeOf(
    charted(linesOf(all).at(-1)!, all[0]!.benchmark.indicator, {}),
    all.at(-1)!.benchmark,
    told('2025-Q1'),
  );
  expect(svg).toContain('other authorities in it: not compared');
  expect(title).toBe('Referrals, North East: 178.6 per 10,000, lowest of 3 quarters');
});

test('a spine counts what lies apart in each sense, and says of who has no figure that nothing is drawn', () => {
  const of = (counted: readonly Printed[], whose = MINE) =>
    spineOf([seen('2025-Q1', counted)()], whose, told('2025-Q1'), lists, '2025');
  expect(of(counts).title).toBe('Middlesbrough beside the region: 1 lower');
  expect(of((counts as readonly Printed[]).with(1, 400)).title).toBe('Middlesbrough beside the region: nothing apart');
  const none = of((counts as readonly Printed[]).with(1, 'notSubmitted'));
  expect(none.title).toBe('Middlesbrough: no figure of April to June 2025');
  expect(
    none.svg.match(/>Middlesbrough stands in no figure of April to June 2025: nothing is drawn.<\/text>/g),
  ).toHaveLength(1);
  expect(none.svg).toContain('>Middlesbrough. North East, April to June 2025 (2025-Q1).</text>');
  expect(of(counts).rows[0]!.slice(0, 2)).toEqual(['RF01 Referrals', 'per 10,000 in the quarter']);
});

test('a spine has the recent trend of each row in words, with an arrow, and in its table; one without any does not speak of it', () => {
  const one = seen('2025-Q1', counts)();
  const { quartiles, regionLimits } = one;
  const worse = { ...one, quartiles, regionLimits, indicator: { ...one.indicator, polarity: 'lower' as const } };
  const hidden = { ...seen('2025-Q1', (counts as readonly Printed[]).with(1, 'hidden'))(), quartiles, regionLimits };
  const trends = new Map<Benchmark, 'increasing' | 'decreasing' | 'noChange' | null>([
    [one, 'increasing'],
    [worse, 'increasing'],
    [{ ...one, quartiles, regionLimits }, 'noChange'],
    [{ ...worse }, 'decreasing'],
    [{ ...one, quartiles, regionLimits }, null],
    [hidden, null],
  ]);
  const of = (recentOf?: Told['recentOf']) =>
    spineOf([...trends.keys()], MINE, { ...told('2025-Q1'), ...(recentOf ? { recentOf } : {}) }, lists, '2025');
  const spine = of((benchmark) => trends.get(benchmark) ?? null);
  const words = ['rising', 'rising, worse', 'no clear trend', 'falling, better'];
  expect(spine.columns.at(-1)).toBe('Recent trend');
  expect(spine.rows.map((row) => row.at(-1))).toEqual([...words, '[z]', '[c]']);
  for (const word of words) expect(spine.svg).toContain(`>${word}</text>`);
  // Arrows: up, up, level, down.
  const arrows = [...spine.svg.matchAll(/<path d="M[\d.]+ [\d.]+(l10 -10|l10 10|h11)m/g)].map(([, way]) => way);
  expect(arrows).toEqual(['l10 -10', 'l10 -10', 'h11', 'l10 10']);
  expect(wordsOf(spine)).toContain('Trend: the last five values rise or fall');
  for (const none of [of(), of(() => null)]) {
    expect(none.columns).not.toContain('Recent trend');
    expect(wordsOf(none) + none.description).not.toMatch(/trend|arrow/i);
  }
});

test('a spine says of each row which end is better, and in its caption what is turned', () => {
  const one = seen('2025-Q1', counts)();
  const { quartiles, regionLimits } = one;
  const as = (polarity: 'higher' | 'lower') => ({
    ...one,
    quartiles,
    regionLimits,
    indicator: { ...one.indicator, polarity },
  });
  const spine = spineOf([one, as('lower'), as('higher')], MINE, told('2025-Q1'), lists, '2025');
  const at = spine.columns.indexOf('Which is better');
  expect(spine.rows.map((row) => row[at])).toEqual(['neither is better', 'lower is better', 'higher is better']);
  expect(wordsOf(spine)).toContain(
    'better is to the right, so that 1 where lower is better is turned; in 1 neither end is better, and higher is to the right.',
  );
  expect(spine.description).toContain('where lower is better');
  const plain = spineOf([as('higher')], MINE, told('2025-Q1'), lists, '2025');
  expect(wordsOf(plain)).toContain('better is to the right. [c] hidden');
});

test('what is 100 % for all by what it counts stands in neither heat table nor spine; a category of it does', () => {
  const one = seen('2025-Q1', counts)();
  const { quartiles, regionLimits } = one;
  const factors = {
    ...one,
    quartiles,
    regionLimits,
    indicator: dataset.indicators.find(({ code }) => code === 'AS05')!,
  };
  const codesIn = (all: readonly Benchmark[]) =>
    [heatOf(all, told('2025-Q1')), spineOf(all, MINE, told('2025-Q1'), lists, '2025')].map(({ rows }) => [
      ...new Set(rows.map(([name]) => name!.slice(0, 4))),
    ]);
  expect(codesIn([one, factors])).toEqual([['RF01'], ['RF01']]);
  expect(codesIn([{ ...factors, categories: { factor: 'alcohol' } }])).toEqual([['AS05'], ['AS05']]);
});

test('the table of bars has places and bands, and says which end is the first', () => {
  const contacts = referrals(400, 400, 400, 400, 400, 400);
  const judged = benchmark('RF02', [contacts, ['RF02#count', 'hidden', 'hidden', 80, 100, 120, 140, 160]]);
  const of = (one: Benchmark) => barOf(one, told('2025-Q1'), null);
  const names = ['Place (1 is best)', 'Band (A is the best quarter)', 'Place in words', 'Band in words'];
  expect(of(judged).columns.slice(-4)).toEqual(names);
  const places = of(judged).rows.map(([, value, ...row]) => [value, ...row.slice(-4)]);
  // Without words the place of one among the printed would be read as that among all.
  const among = 'among the 5 printed';
  expect(places[0]).toEqual([
    '40',
    '5',
    'D',
    '5th of the 5 printed; 5th to 6th with the 1 not printed',
    `D ${among}, whatever the 1 not printed is`,
  ]);
  expect(places[4]).toEqual([
    '20',
    '1',
    'A',
    '1st of the 5 printed; 1st to 2nd with the 1 not printed',
    `A ${among}, whatever the 1 not printed is`,
  ]);
  expect(places[5]).toEqual(['[c]', '[c]', '[c]', '1st to 6th of 6', 'A to D among 6']);
  expect(places[6]).toEqual(['[c]', '[z]', '[z]', '[z]', '[z]']);
  const neutral = of(benchmark('RF01', [referrals(500, 400, 300, 200, 100, 50)]));
  expect(neutral.columns.at(-4)).toBe('Place (1 is highest)');
  expect(neutral.rows[0]!.slice(-4)).toEqual(['1', '[z]', '1st of 6, highest first', '[z]']);
});

test('in a picture numbers of one indicator have the same number of decimals, in its table as a program reads them', () => {
  const one = seen('2025-Q1', [401, ...counts.slice(1)])();
  const heat = heatOf([one], told('2025-Q1'));
  expect(heat.svg).toContain('150.0 L');
  expect(heat.rows.flat()).toContain('150');
  const line = linesOf([
    { period: parsePeriod('2024-Q4'), benchmark: one },
    { period: parsePeriod('2025-Q1'), benchmark: seen('2025-Q1', counts)() },
  ])[0]!;
  expect(timeOf(charted(line, one.indicator, {}), one, told('2025-Q1')).title).toBe(
    'Referrals, Hartlepool: 200.0 per 10,000 in Apr–Jun 2025',
  );
});

test('pictures have separators of thousands, tables have none', () => {
  const { svg, rows } = heatOf([seen('2025-Q1', [4000, ...counts.slice(1)])()], told('2025-Q1'));
  expect(svg).toContain('2,000 H');
  expect(rows[0]).toContain('2000');
});

test('beside the picture of a heat table stands a line for each figure, with its limits and what is left of it where it is hidden', () => {
  const between = { 'RF01#count': { E08000023: [1, 9] } } as const;
  const one = seen('2025-Q1', [...counts.slice(0, 6), 'hidden'], undefined, 2_800, between)();
  const chart = heatOf([one], told('2025-Q1'));
  const name = 'RF01 Referrals, per 10,000 children in the quarter';
  expect(chart.rows).toHaveLength(authorities.length + 1);
  const { lower, upper } = one.authorities[0]!.limits!;
  expect(chart.rows[0]).toEqual([
    name,
    'Hartlepool',
    '200',
    '[z]',
    '[z]',
    String(lower),
    String(upper),
    one.authorities[0]!.comparison,
  ]);
  expect(chart.rows[6]).toEqual([name, 'South Tyneside', '[c]', '0.5', '4.5', '[c]', '[c]', '[c]']);
  expect(chart.rows[7]!.slice(0, 3)).toEqual([name, 'Region (7 of 7)', '200']);
});

test('a line whose newest figure nobody has sent is not called hidden', () => {
  const of = (newest: Printed) => {
    const one = seen('2025-Q1', counts, undefined, newest)();
    return timeOf(
      charted(linesOf([{ period: parsePeriod('2025-Q1'), benchmark: one }]).at(-1)!, one.indicator, {}),
      one,
      told('2025-Q1'),
    ).title;
  };
  expect(of('hidden')).toBe('Referrals, North East: not printed in Apr–Jun 2025');
  expect(of('notAvailable')).toBe('Referrals, North East: without a figure in Apr–Jun 2025');
});

test('a line too short for limits says nothing of how limits are made', () => {
  const line = (length: number) => {
    const all = periodsUntil(parsePeriod('2025-Q1'), length).map((period, i) => ({
      period,
      benchmark: seen(period.text, [i % 2 ? 400 : 410, ...counts.slice(1)])(),
    }));
    const gaps = ['2019-Q1: nothing is published.'];
    return timeOf(charted(linesOf(all)[0]!, all[0]!.benchmark.indicator, {}), all[0]!.benchmark, {
      ...told('2025-Q1'),
      gaps,
    });
  };
  expect(wordsOf(line(3))).not.toMatch(/moving ranges|A run is/);
  expect(wordsOf(line(14))).toMatch(/moving ranges/);
  // Missing periods are said in either.
  for (const length of [3, 14]) expect(wordsOf(line(length))).toContain('2019-Q1: nothing is published.');
});

test('a funnel names who is looked for wherever it lies, in bold and with a ring, and says of whom it has names', () => {
  const one = seen('2025-Q1', counts)();
  const of = (focus: string | null) => funnelChartOf(one, funnelOf(one)!, told('2025-Q1'), focus).svg;
  const within = funnelOf(one)!.authorities.find(({ flag }) => flag === 'within')!.authority!;
  expect(of(null)).not.toContain(`>${nameOf(within)}</text>`);
  expect(of(within)).toMatch(new RegExp(`font-weight="bold"[^>]*>${nameOf(within)}</text>`));
  expect(of(within).match(/r="9"/g)).toHaveLength(1);
  expect(of(null)).toContain('>Named: who lies outside the limits; the table names all.');
});

test('an authority that is left out is not drawn, which the picture says, and changes no number', () => {
  const one = seen('2025-Q1', [4000, ...counts.slice(1, 6), 'hidden'])();
  const without = { ...told('2025-Q1'), without: new Set([authorities[0]!, authorities[6]!]) };
  const kinds = {
    bar: (as: Told) => barOf(one, as, null),
    funnel: (as: Told) =>
      funnelChartOf(
        one,
        funnelOf(one, false, (of) => isDrawn(as, of))!,
        as,
        null,
      ),
    heat: (as: Told) => heatOf([one], as),
  };
  for (const [kind, of] of Object.entries(kinds)) {
    const [all, left] = [of(told('2025-Q1')), of(without)];
    const caption = 'Left out of the picture by choice: Hartlepool, South Tyneside. The table has them, and';
    expect(wordsOf(left)).toContain(caption);
    expect(left.description).toContain('by choice: Hartlepool, South Tyneside.');
    expect(wordsOf(all)).not.toContain('by choice');
    const texts = [...left.svg.matchAll(/<(?:text|title)[^>]*>([^<]*)/g)].map(([, words]) => words!);
    const drawn = texts.filter((words) => !words.startsWith('Left out of the picture')).join('\n');
    expect([kind, drawn]).toEqual([kind, expect.not.stringMatching(/Hartlepool|South Tyneside/)]);
    expect(drawn).toContain('Darlington');
    expect([left.columns, left.rows]).toEqual([all.columns, all.rows]);
  }
  expect(kinds.bar(without).title).toBe(kinds.bar(told('2025-Q1')).title);
  expect(kinds.heat(without).title).toBe('North East, April to June 2025: authorities beside the region');
  // The scale is of who is drawn; the limits at each number of children are of all.
  const [all, drawn] = [funnelOf(one)!, funnelOf(one, false, (of) => isDrawn(without, of))!];
  expect(kinds.bar(without).svg).not.toContain('>2,000<');
  expect(drawn).toEqual({ ...all, curve: drawn.curve });
  expect(drawn.curve.every(({ base }) => base < 25_000)).toBe(true);
});

test('a rate of what happens says in how long, where it is less than a year; one of what there is at a date does not', () => {
  const flow = seen('2025-Q1', counts)();
  const stock = {
    ...flow,
    quartiles: flow.quartiles,
    regionLimits: flow.regionLimits,
    indicator: { ...flow.indicator, basis: 'snapshot' } as const,
  };
  const wordsIn = (one: Benchmark, period: string) =>
    [
      barOf(one, told(period), null),
      funnelChartOf(one, funnelOf(one)!, told(period), null),
      spineOf([one], MINE, told(period), lists, '2025'),
      heatOf([one], told(period)),
    ].map(wordsOf);
  for (const words of wordsIn(flow, '2025-Q1')) expect(words).toContain('in the quarter');
  for (const words of wordsIn(flow, '2025-07')) expect(words).toContain('in the month');
  for (const words of wordsIn(flow, '2025-H2')) expect(words).toContain('in the half-year');
  for (const words of [...wordsIn(flow, '2025-FY'), ...wordsIn(stock, '2025-Q1')])
    expect(words).not.toMatch(/10,000[^.]* in the (quarter|year|half)/);
});

test('values that are read off points of a funnel have the same number of decimals', () => {
  const one = seen('2025-Q1', [401, ...counts.slice(1)])();
  const { svg } = funnelChartOf(one, funnelOf(one)!, told('2025-Q1'), null);
  expect(svg).toContain('<title>Hartlepool: 200.5</title>');
  expect(svg).toContain('<title>Middlesbrough: 150.0</title>');
});

test('a funnel names what its values are a part of, a heat table its period', () => {
  const one = seen('2025-Q1', counts)();
  expect(funnelChartOf(one, funnelOf(one)!, told('2025-Q1'), null).columns[1]).toBe('Children aged 0 to 17');
  const percent = dataset.indicators.find(({ code }) => code === 'FD02')!;
  const named = { ...told('2025-Q1'), indicatorName: (code: string) => `${code} in words` };
  expect(funnelChartOf({ ...one, indicator: percent }, funnelOf(one)!, named, null).columns[1]).toBe('FD01 in words');
  expect(heatOf([one], told('2025-Q1')).title).toBe('North East, April to June 2025: each authority beside the region');
});

test('quartiles in a table have one decimal, as the values beside them', () => {
  const spine = spineOf([seen('2025-Q1', [401, 303, 412, 427, 398, 380, 500])()], MINE, told('2025-Q1'), lists, '2025');
  const at = spine.columns.indexOf('Least');
  for (const cut of spine.rows[0]!.slice(at, at + 5)) expect(cut).toMatch(/^\d+(\.\d)?$/);
});

test('a quartile that figures which are not printed could change is marked in the picture, and the foot says so', () => {
  const of = (counted: readonly Printed[]) =>
    wordsOf(spineOf([seen('2025-Q1', counted)()], MINE, told('2025-Q1'), lists, '2025'));
  expect(of(counts)).not.toContain('*');
  const words = of((counts as readonly Printed[]).with(6, 'hidden'));
  expect(words).toMatch(/\d\*/);
  expect(words).toContain('* figures that are not printed could make it another, and the table says between what');
});

test('in a heat table one that is similar has a letter too, so that it is not taken for one that was not compared', () => {
  const { svg } = heatOf([seen('2025-Q1', [400, ...counts.slice(1, 6), 'hidden'])()], told('2025-Q1'));
  expect(svg).toContain('200 S');
  expect(svg).toContain('[c]</text>');
  expect(svg).toContain(
    'S similar, W worse; H higher, L lower, where neither end is the better one; no letter: not compared',
  );
});

describe('of a region that is hidden, with one authority hidden and one that has sent nothing', () => {
  const between = {
    'RF01#count': { region: [2_000, 2_400], E06000001: [150, 180] },
  } as unknown as PublicationDocument['between'];
  const one = seen('2025-Q1', ['hidden', 1300, ...counts.slice(2, 6), 'notSubmitted'], undefined, 'hidden', between)();
  const line = linesOf([{ period: parsePeriod('2025-Q1'), benchmark: one }]).at(-1)!;
  const charts = {
    bar: barOf(one, told('2025-Q1'), null),
    line: timeOf(charted(line, one.indicator, {}), one, told('2025-Q1')),
    spine: spineOf([one], MINE, told('2025-Q1'), lists, '2025'),
    heat: heatOf([one], told('2025-Q1')),
  };

  test.each(Object.entries(charts))(
    'the %s says how complete it is, and what is left of it in cells that a program reads',
    (_, { svg, columns, rows }) => {
      const words = [...columns, ...rows.flat()];
      expect(rows.some((row) => row.join().includes('[c],166.7,200'))).toBe(true);
      expect(rows.flat().filter((cell) => cell.startsWith('[c]') && cell !== '[c]')).toEqual([]);
      const at = columns.indexOf('Hidden: at least');
      for (const end of rows.flatMap((row) => row.slice(at, at + 2))) expect(end).toMatch(/^(\d+(\.\d)?|\[[cxz]\])$/);
      expect(words.some((cell) => cell.includes('6 of 7'))).toBe(true);
      expect(svg).toContain('6 of 7');
      // Drawn, or in a cell of the heat table written.
      expect(svg).toMatch(/stroke-dasharray|\[c\]<\/text><text[^>]*>166\.7–200/);
    },
  );

  test('nothing that is hidden is called not applicable, and what was not sent is not available', () => {
    const row = (name: string) => charts.bar.rows.find(([first]) => first === name)!.slice(1);
    expect(row('Region (6 of 7)')).toEqual(['[c]', '166.7', '200', '[c]', '[c]', ...Array(5).fill('[z]')]);
    expect(row('Hartlepool').slice(0, 8)).toEqual(['[c]', '75', '90', '[c]', '[c]', '[c]', '[c]', '[c]']);
    expect(row('Hartlepool').slice(8)).toEqual(['6th of 6, highest first', '[z]']);
    expect(row(nameOf('E08000023'))).toEqual(Array(10).fill('[x]'));
    // Numbers as a program reads them, and beside a hidden region no comparison is known.
    const first = '1st of the 5 printed, highest first, whatever the 1 not printed is';
    expect(row('Middlesbrough')).toEqual(['650', '[z]', '[z]', '615.1', '686.3', '[c]', '1', '[z]', first, '[z]']);
    const { columns, rows } = charts.spine;
    expect(rows[0]![columns.indexOf('Beside the region')]).toBe('[c]');
  });

  test('a funnel draws hidden authorities as what is left of them, and counts those that are not drawn', () => {
    const whole = seen('2025-Q1', ['hidden', ...counts.slice(1, 6), 'notSubmitted'], undefined, 2_100, between)();
    const { svg, rows, description } = funnelChartOf(whole, funnelOf(whole)!, told('2025-Q1'), null);
    expect(svg).toContain('Hartlepool: [c] 75 to 90');
    expect(description).toMatch(/Dashed boxes are what is left of hidden figures\. 1 without a printed value/);
    expect(rows.find(([name]) => name === 'Hartlepool')).toEqual(['Hartlepool', '20000', '[c]', '75', '90', '[c]']);
    expect(rows.at(-1)!.slice(0, 1)).toEqual(['Region (6 of 7)']);
  });
});

test('England stands beside what the Department publishes, with its period and source, and is said to be public', () => {
  const annual = newestDataset(loadCatalogue(), 'safeguarding-annual');
  const indicator = annual.indicators.find(({ code }) => code === 'RF01')!;
  const england = englandOf(loadEngland(), indicator, {}, '2024-FY')!;
  const beside = { ...told('2024-FY'), englandOf: () => england };
  const source = 'England, year to March 2025, public: Department for Education, children in need census';
  const bar = barOf(seen('2025-Q1', counts)(), beside, null);
  expect(bar.rows.at(-1)!.slice(0, 2)).toEqual([source, String(england.value)]);
  const { columns, rows, svg } = spineOf([seen('2025-Q1', counts)()], MINE, beside, lists, '2025');
  const at = columns.indexOf('England');
  expect(rows[0]!.slice(at, at + 2)).toEqual([String(england.value), source]);
  for (const picture of [bar.svg, svg]) expect(picture).toMatch(/England[^<]* \(public\)/);
  expect(spineOf([seen('2025-Q1', counts)()], MINE, told('2025-Q1'), lists, '2025').columns).not.toContain('England');
});

test('a picture that marks a note has its text too, and what may be done with it', () => {
  const note = {
    id: 'n',
    authority: MINE,
    indicator: 'RF01',
    kind: 'system-change',
    from: '2024-04-01',
    until: null,
    text: 'Contacts are counted too.',
  };
  const noted = { ...told('2025-Q1'), notes: new Notes([note as never]) };
  const one = seen('2025-Q1', counts)();
  const line = linesOf([{ period: parsePeriod('2025-Q1'), benchmark: one }]).find(
    ({ authority }) => authority === MINE,
  )!;
  const of = (as: Told) => [
    barOf(one, as, null),
    funnelChartOf(one, funnelOf(one)!, as, null),
    timeOf(charted(line, one.indicator, {}), one, as),
    spineOf([one], MINE, as, lists, '2025'),
    heatOf([one], as),
  ];
  for (const chart of of(noted)) {
    // Once where it is about, once before its text.
    expect(wordsOf(chart).match(/\[note 1\]/g)!.length).toBeGreaterThan(1);
    expect(wordsOf(chart)).toContain(`[note 1] Middlesbrough, RF01`);
    expect(wordsOf(chart)).toContain('Contacts are counted too.');
    expect(wordsOf(chart)).toContain('Not under an open licence.');
  }
  // Several are one mark in a cell; of many each is cut short, and it is said where they stand whole.
  const many = Array.from({ length: 9 }, (_, i) => ({
    ...note,
    id: `n${i}`,
    text: `${i} ${'Contacts are counted. '.repeat(9)}`,
  }));
  const heat = heatOf([one], { ...told('2025-Q1'), notes: new Notes(many as never) });
  expect(wordsOf(heat)).toContain('[notes 1–9]');
  expect(wordsOf(heat)).toMatch(/\[note 9\] Middlesbrough, RF01[^[]*… Of so many notes each is cut short here/);
  expect(heat.notes[8]).toHaveLength(heat.notes[0]!.length);
  expect(heat.notes[8]!.length).toBeGreaterThan(200);
  // Of who is left out no note stands in the picture.
  const without = { ...noted, without: new Set([MINE]) };
  expect(wordsOf(heatOf([one], without))).not.toContain('[note 1]');
  expect(heatOf([one], without).notes).toHaveLength(1);
});

test('a picture of rates says of which year’s children they are', () => {
  const benchmarkIn = (yearsOf?: () => { from: number; to: number }) =>
    benchmarkOf(
      documentOf('2025-Q1', [referrals(400, 300, 410, 420, 390, 380)]),
      dataset,
      'RF01',
      {},
      () => 20_000,
      yearsOf,
    )!;
  const wordsWith = (one: Benchmark) => wordsOf(barOf(one, told('2025-Q1'), null));
  const words = 'Children aged 0 to 17: mid-year estimate of 2024, Office for National Statistics';
  const rates = benchmarkIn(() => ({ from: 2024, to: 2024 }));
  expect(wordsWith(rates)).toContain(words);
  expect(wordsOf(funnelChartOf(rates, funnelOf(rates)!, told('2025-Q1'), null))).toContain(words);
  expect(wordsWith(benchmarkIn())).not.toContain('mid-year estimate');
});

test('a picture says of a figure that is not there why, and of whom', () => {
  const one = seen('2025-Q1', [...counts.slice(0, 4), 'notCollected', 'notSubmitted', 'notSubmitted'])();
  const other = seen('2025-Q1', [...counts.slice(0, 5), 'hidden', 'notSubmitted'])();
  const reasons = 'not collected: Darlington; not submitted: Newcastle upon Tyne, South Tyneside';
  expect(wordsOf(barOf(one, told('2025-Q1'), null))).toContain(`Without a figure: ${reasons}.`);
  expect(wordsOf(heatOf([one, other], told('2025-Q1')))).toContain(
    'Without a figure: not collected: Darlington (RF01); not submitted: Newcastle upon Tyne (RF01), South Tyneside (all).',
  );
  const unnamed = {
    ...one,
    quartiles: null,
    regionLimits: null,
    authorities: one.authorities.map((of) => ({ ...of, authority: null })),
  };
  expect(wordsOf(barOf(unnamed, told('2025-Q1'), null))).toContain(
    'not collected: one of the others; not submitted: 2 of the others.',
  );
  expect(wordsOf(barOf(seen('2025-Q1', counts)(), told('2025-Q1'), null))).not.toContain('Without a figure');
});

test('what stands beside the region says how many chance would mark, and where authorities are not alike', () => {
  const far = benchmark('RF01', [referrals(20, 60, 200, 300, 700, 1500)]);
  const chance =
    'where chance alone would give fewer than one (somewhat more, for brothers and sisters are counted together)';
  const still = 'with limits widened to allow for that, 1 of the 6 would still differ from the region';
  expect(comparedInWords([far])).toBe(
    `. 6 of 6 values differ from the region by their 95% limits, ${chance}. Authorities differ from each other far more than chance explains: ${still}`,
  );
  const alike = benchmark('RF01', [referrals(500, 510, 490, 505, 495, 500)]);
  expect(comparedInWords([alike])).toBe(`. 0 of 6 values differ from the region by their 95% limits, ${chance}`);
  expect(comparedInWords([far, alike])).toContain('6 of 12 values differ');
  expect(comparedInWords([far, alike])).toContain(
    `. In 1 of 2 indicators authorities differ from each other far more than chance explains: ${still}`,
  );
  const many = Array.from({ length: 10 }, () => alike);
  expect(comparedInWords(many)).toContain('chance alone would give at most about 3 (');
  expect(comparedInWords(many, ({ authority }) => authority === 'E06000001')).toContain('0 of 10 values');
  expect(comparedInWords([])).toBe('');
});
