import * as fc from 'fast-check';
import { parsePeriod, periodsUntil } from '@hub/kernel';
import type { Printed, PublicationDocument } from '@hub/publications/domain';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { benchmarkOf, placeInWords, type Benchmark } from './benchmark';
import { funnelOf, spreadInWords } from './funnel';
import { addedUp, changeBetween, charted, linesOf, type Seen } from './history';
import { chanceInWords, patternsOf } from './patterns';
import { present } from './present';

const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const authorities = ['E06000001', 'E06000002', 'E06000003', 'E06000004', 'E06000005', 'E06000047'];
const CHILDREN = 20_000;

type Line = readonly [key: string, region: Printed, ...figures: Printed[]];
const documentOf = (period: string, lines: readonly Line[], between?: PublicationDocument['between']): PublicationDocument => ({
  v: 1,
  hub: 'hub-local',
  id: 'pub_hub-local_1',
  region: 'E12000001',
  number: 1,
  dataset: { code: dataset.code, version: dataset.version },
  period,
  edition: 'provisional',
  publishedAt: '2025-08-01T09:00:00.000Z',
  agreement: { id: 'north-east-benchmarking', version: 1 },
  handling: 'For members of the region.',
  threshold: 10,
  authorities,
  submitted: authorities,
  series: lines.map(([key, region, ...figures]) => ({ key, region, figures })),
  ...(between ? { between } : {}),
}); // prettier-ignore
const benchmark = (code: string, lines: readonly Line[], between?: PublicationDocument['between']): Benchmark =>
  benchmarkOf(documentOf('2025-Q1', lines, between), dataset, code, {}, () => CHILDREN)!;
const sum = (figures: readonly Printed[]): number => figures.reduce<number>((all, one) => all + (typeof one === 'number' ? one : 0), 0); // prettier-ignore
const referrals = (...figures: Printed[]): Line => ['RF01#count', sum(figures), ...figures];

describe('beside each value', () => {
  const lines: Line[] = [
    referrals(1000, 1000, 1000, 1000, 1000, 1000),
    ['RF02#count', 1200, 150, 190, 200, 210, 180, 270],
  ];
  const answer = benchmark('RF02', lines);

  test('stand its limits, which hold it, and its place beside the region by what is better', () => {
    // Of 1,000 each; the region has 20 %. Fewer re-referrals are better.
    expect(answer.region.value).toBe(20);
    expect(answer.authorities.map(({ comparison }) => comparison)).toEqual(['better', 'similar', 'similar', 'similar', 'similar', 'worse']); // prettier-ignore
    for (const { figure, limits } of answer.authorities) {
      expect(limits!.lower < figure.value! && figure.value! < limits!.upper).toBe(true);
    }
    // Wilson for 150 of 1,000.
    expect(answer.authorities[0]!.limits).toEqual({ lower: 12.9, upper: 17.3 });
  });

  test('stands its band, by quartiles of the printed values', () => {
    expect(answer.authorities.map(({ band }) => band)).toEqual(['A', 'B', 'C', 'D', 'A', 'D']);
    expect(answer.quartiles).toMatchObject({ least: 15, most: 27, basis: 6 });
  });

  test('a rate of volumes is higher or lower, and has no band', () => {
    const volumes = benchmark('RF01', [referrals(400, 500, 500, 500, 500, 600)]);
    expect(volumes.authorities.map(({ comparison }) => comparison)).toEqual(['lower', 'similar', 'similar', 'similar', 'similar', 'higher']); // prettier-ignore
    expect(volumes.authorities.every(({ band }) => band === null)).toBe(true);
  });
});

describe('a place', () => {
  const lines: Line[] = [
    referrals(1000, 1000, 1000, 1000, 1000, 1000),
    ['RF02#count', 'hidden', 150, 190, 'hidden', 210, 'hidden', 'notSubmitted'],
  ];
  const key = 'RF02#count';
  const words = (one: Benchmark) => one.authorities.map((each) => placeInWords(one, each));

  test('says of how many printed, and how far the hidden ones could move it', () => {
    const answer = benchmark('RF02', lines, { [key]: { E06000003: [1, 9], E06000005: [160, 200] } });
    expect(answer.authorities.map(({ places }) => places)).toEqual([[2, 2], [3, 4], [1, 1], [5, 5], [3, 4], null]);
    expect(words(answer)).toEqual([
      '1st of the 3 printed; 2nd with the 2 not printed',
      '2nd of the 3 printed; 3rd to 4th with the 2 not printed',
      '1st of 5',
      '3rd of the 3 printed; 5th with the 2 not printed',
      '3rd to 4th of 5',
      null,
    ]);
  });

  test('without intervals may be anything that the printed ones leave', () => {
    const answer = benchmark('RF02', lines);
    expect(answer.authorities[0]!.places).toEqual([1, 3]);
    expect(words(answer)[0]).toBe('1st of the 3 printed; 1st to 3rd with the 2 not printed');
  });

  test('holds the true place, whatever is hidden', () => {
    const counts = fc.array(fc.nat({ max: 300 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(counts, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), fc.nat(20), (all, hide, slack) => {
        const truth = benchmark('RF02', [referrals(...all.map(() => 1000)), ['RF02#count', sum(all), ...all]]);
        const printed = all.map((count, i): Printed => (hide[i] ? 'hidden' : count));
        const between = Object.fromEntries(authorities.map((code, i) => [code, [Math.max(0, all[i]! - slack), all[i]! + slack] as const])); // prettier-ignore
        const shown = benchmark('RF02', [referrals(...all.map(() => 1000)), ['RF02#count', 'hidden', ...printed]], { [key]: between }); // prettier-ignore
        truth.authorities.forEach(({ rank }, i) => {
          const [first, last] = shown.authorities[i]!.places!;
          expect(first <= rank! && rank! <= last).toBe(true);
        });
      }),
    );
  });

  test('goes unsaid where the others are shown without names, and so do limits', () => {
    const answer = benchmark('RF02', lines, { [key]: { E06000003: [1, 9], E06000005: [160, 200] } });
    const unnamed = present(answer, 'own-and-unnamed', ['E06000001']);
    expect(unnamed.authorities[0]).toMatchObject({ authority: 'E06000001', rank: 1, places: null });
    expect(placeInWords(unnamed, unnamed.authorities[0]!)).toBe(
      '1st of the 3 printed; the 2 not printed could change it',
    );
    for (const { limits, comparison, band, places, base } of unnamed.authorities.slice(1)) {
      expect([limits, comparison, band, places, base]).toEqual([null, null, null, null, null]);
    }
    const whole = benchmark('RF02', [lines[0]!, ['RF02#count', 1200, 150, 190, 200, 210, 180, 270]]);
    const alone = present(whole, 'own-and-region', ['E06000001']);
    expect(alone.authorities).toMatchObject([{ rank: null, band: null, places: null, comparison: 'better' }]);
  });
});

describe('a funnel', () => {
  const lines: Line[] = [
    referrals(1000, 1000, 1000, 1000, 1000, 1000),
    ['RF02#count', 1200, 100, 190, 200, 210, 'hidden', 270],
  ];

  test('flags who differs from the region by more than chance, and says how much chance explains', () => {
    const funnel = funnelOf(benchmark('RF02', [lines[0]!, ['RF02#count', 1200, 100, 190, 200, 210, 230, 270]]))!;
    expect(funnel.pooled).toBe(20);
    expect(funnel.authorities.map(({ flag }) => flag)).toEqual(['low-0.998', 'within', 'within', 'within', 'high-0.95', 'high-0.998']); // prettier-ignore
    expect(spreadInWords(funnel)).toMatch(
      /^2 of 6 lie outside the 99\.8 % limits; chance alone leaves one of 500 there\. Authorities differ/,
    );
    for (const { usual, wide } of funnel.curve) {
      expect(wide.lower <= usual.lower && usual.lower <= 20 && 20 <= usual.upper && usual.upper <= wide.upper).toBe(
        true,
      );
    }
    const widened = funnelOf(benchmark('RF02', [lines[0]!, ['RF02#count', 1200, 100, 190, 200, 210, 230, 270]]), true)!;
    expect(widened.authorities.every(({ flag }) => !flag.endsWith('0.998'))).toBe(true);
    expect(widened.curve[0]!.wide.upper).toBeGreaterThan(funnel.curve[0]!.wide.upper);
  });

  test('leaves out who has no printed value, and is none where the region’s is hidden', () => {
    expect(funnelOf(benchmark('RF02', lines))!.authorities).toHaveLength(5);
    const [first, [, , ...figures]] = lines as [Line, Line];
    expect(funnelOf(benchmark('RF02', [first, ['RF02#count', 'hidden', ...figures]]))).toBeNull();
  });

  test('of others without names holds the own alone', () => {
    const unnamed = present(benchmark('RF02', lines), 'own-and-unnamed', ['E06000001']);
    expect(funnelOf(unnamed)!.authorities.map(({ authority }) => authority)).toEqual(['E06000001']);
  });
});

/** Referrals and re-referrals of one authority and the like of the others, over quarters. */
const seenOver = (counts: readonly (Printed | null)[], last = '2025-Q1'): Seen[] =>
  periodsUntil(parsePeriod(last), counts.length).map((period, i) => {
    const count = counts[i]!;
    return {
      period,
      benchmark:
        count === null
          ? null
          : benchmarkOf(
              documentOf(period.text, [
                ['RF01#count', typeof count === 'number' ? count + 500 : count, count, 100, 100, 100, 100, 100],
              ]),
              dataset,
              'RF01',
              {},
              () => CHILDREN,
            ),
    };
  });

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

  test('of those without names has none', () => {
    const seen = seenOver([100, 110]).map((one) => ({
      ...one,
      benchmark: present(one.benchmark!, 'own-and-unnamed', ['E06000001']),
    }));
    expect(linesOf(seen).map(({ authority }) => authority)).toEqual(['E06000001', null]);
  });

  test('adds up four quarters, and a year from April, of printed counts alone', () => {
    const seen = seenOver([100, 110, 120, 130, 'hidden', 150]);
    const periods = seen.map(({ period }) => period);
    const [line] = linesOf(seen);
    const rolled = addedUp(line!, periods, seen[0]!.benchmark!, 'rolling-four').points.map(
      ({ figure }) => figure?.count ?? null,
    );
    expect(rolled).toEqual([null, null, null, 460, null, null]);
    // 2023-Q4, then the four quarters of 2024, then 2025-Q1.
    const toDate = addedUp(line!, periods, seen[0]!.benchmark!, 'year-to-date').points;
    expect(toDate.map(({ figure }) => figure?.count ?? null)).toEqual([null, 110, 230, 360, null, 150]);
    expect(toDate[2]!.figure!.value).toBe(115);
    expect(toDate[2]!.limits!.lower).toBeLessThan(115);
  });

  test('a change is beyond chance where the limits lie apart', () => {
    const [line] = linesOf(seenOver([400, 410, 700]));
    const [a, b, c] = line!.points;
    expect(changeBetween(a, b)).toEqual({ from: '2024-Q3', by: 5, isBeyondChance: false });
    expect(changeBetween(b, c)).toEqual({ from: '2024-Q4', by: 145, isBeyondChance: true });
    const [hidden] = linesOf(seenOver(['hidden', 410]));
    expect(changeBetween(hidden!.points[0], hidden!.points[1])).toBeNull();
  });

  test('becomes a control chart, which a hidden period leaves open', () => {
    const steady = Array.from({ length: 14 }, (_, i) => (i % 2 ? 110 : 100));
    const [line] = linesOf(seenOver([...steady, 'hidden', 300]));
    const { chart, recent } = charted(line!, {});
    expect(chart.points.at(-1)!.signal).toEqual({ rule: 'outside', direction: 'up' });
    expect(chart.points.at(-2)!.value).toBeUndefined();
    expect(recent).toBeNull();
    expect(charted(linesOf(seenOver([400, 500, 600, 700, 800]))[0]!, {}).recent).toBe('increasing');
  });
});

describe('patterns', () => {
  const steady = Array.from({ length: 14 }, (_, i) => (i % 2 ? 110 : 100));
  const indicator = dataset.indicators.find(({ code }) => code === 'RF01')!;
  const of = (counts: readonly (Printed | null)[]) => [{ indicator, categories: {}, lines: linesOf(seenOver(counts)) }];

  test('are the lines that are unusual at the newest period, with how many chance would give', () => {
    const found = patternsOf(of([...steady, 300]));
    // One authority and the region, which holds it; the other five never change.
    expect(found.patterns.map(({ authority, rule, since, meaning }) => [authority, rule, since, meaning])).toEqual([
      [null, 'outside', '2025-Q1', 'high'],
      ['E06000001', 'outside', '2025-Q1', 'high'],
    ]);
    expect(found.charts).toBe(7);
    expect(found.expected).toBeGreaterThan(0);
    expect(chanceInWords(found)).toBe('2 of 7 charts show a pattern at the newest period; fewer than one would by chance alone if nothing had changed.'); // prettier-ignore
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
