import * as fc from 'fast-check';
import type { Benchmark, ShownFigure } from './benchmark';
import { LEAST_UNNAMED, present } from './present';

const unit = 'per 10,000';
const printed = (count: number, value: number | null): ShownFigure => ({
  kind: 'value',
  count,
  of: null,
  value,
  valueKind: value === null ? 'hidden' : 'value',
  unit,
  between: null,
});
const without = (kind: ShownFigure['kind']): ShownFigure => ({
  kind,
  count: null,
  of: null,
  value: null,
  valueKind: kind,
  unit,
  between: kind === 'hidden' ? [1, 11] : null,
});
const benchmark = (figures: readonly ShownFigure[], children: readonly number[] = []): Benchmark => ({
  indicator: { code: 'RF01', unit: 'per10000' } as Benchmark['indicator'],
  coverage: { shown: 4, submitted: 5, parties: 6, inside: [], text: '5 of 6' },
  categories: {},
  categoryNames: {},
  together: null,
  authorities: figures.map((figure, i) => ({
    authority: `E0600000${i}`,
    figure,
    rank: figure.value === null ? null : i,
    limits: { lower: 1, upper: 99 },
    comparison: 'similar',
    band: 'B',
    places: [1, 3],
    bands: ['A', 'C'],
    base: children[i] ?? 20_000,
  })),
  regionLimits: { lower: 39, upper: 41 },
  regionBase: 120_000,
  region: printed(900, 40),
  quartiles: { least: 0, lower: 1, median: 2, upper: 3, most: 4, basis: 4, unprinted: 2, ranges: null },
});
const six = benchmark([
  printed(100, 31.5),
  without('hidden'),
  printed(20, 55.1),
  without('notSubmitted'),
  printed(300, 12),
  printed(70, null),
]);

test('by name it is what was computed', () => expect(present(six, 'named', ['E06000000'])).toBe(six));

test('the own come first by name, the others by value, highest first, and those without one behind', () => {
  const { authorities, ...rest } = present(six, 'own-and-unnamed', ['E06000000', 'E12000001']);
  expect(
    authorities.map(({ authority, figure, rank }) => [authority, figure.kind, figure.count, figure.value, rank]),
  ).toEqual([
    ['E06000000', 'value', 100, 31.5, 0],
    [null, 'value', null, 55, null],
    [null, 'value', null, 12, null],
    [null, 'value', null, null, null],
    [null, 'hidden', null, null, null],
    [null, 'notSubmitted', null, null, null],
  ]);
  const { authorities: _, ...whole } = six;
  expect(rest).toEqual(whole);
  // Why one has a count and no value is not told of the others.
  expect(authorities[3]!.figure.valueKind).toBe('notAvailable');
  expect(present(six, 'own-and-unnamed', ['E06000005']).authorities[0]!.figure.valueKind).toBe('hidden');
});

test('whose value is whose does not show: any order of the others gives the same', () => {
  const figures = fc.array(
    fc.oneof(
      fc.record({ count: fc.nat(), value: fc.option(fc.nat(1000)) }).map(({ count, value }) => printed(count, value)),
      fc.constantFrom<ShownFigure['kind']>('hidden', 'notSubmitted', 'notCollected').map(without),
    ),
    { minLength: LEAST_UNNAMED, maxLength: 8 },
  );
  fc.assert(
    fc.property(
      figures.chain((others) =>
        fc.tuple(
          fc.constant(others),
          fc.shuffledSubarray(others, { minLength: others.length, maxLength: others.length }),
        ),
      ),
      ([others, shuffled]) => {
        const own = printed(50, 25);
        const seen = (figures: readonly ShownFigure[]) =>
          present(benchmark([own, ...figures]), 'own-and-unnamed', ['E06000000']).authorities;
        expect(seen(shuffled).slice(1)).toEqual(seen(others).slice(1));
        // No number beside a value that would name its authority.
        for (const { figure } of seen(others).slice(1)) expect([figure.count, figure.of]).toEqual([null, null]);
      },
    ),
  );
});

test('an interval is shown to readers of the whole print alone', () => {
  const hidden = { ...six, region: without('hidden') };
  const intervals = (presentation: 'named' | 'own-and-unnamed' | 'own-and-region') => {
    const { authorities, region } = present(hidden, presentation, ['E06000001']);
    return [...authorities.map(({ figure }) => figure), region].map(({ between }) => between).filter(Boolean);
  };
  expect(intervals('named')).toEqual([
    [1, 11],
    [1, 11],
  ]);
  expect([intervals('own-and-unnamed'), intervals('own-and-region')]).toEqual([[], []]);
});

test('the own and the region show no other, and nothing made of them', () => {
  const seen = present(six, 'own-and-region', ['E06000001', 'E06000002']);
  expect(seen.authorities.map(({ authority, rank }) => [authority, rank])).toEqual([
    ['E06000001', null],
    ['E06000002', null],
  ]);
  expect(seen.quartiles).toBeNull();
  expect(seen.coverage).toMatchObject({ shown: 1, submitted: 5, parties: 6, text: '5 of 6' });
  expect(present(six, 'own-and-region', []).authorities).toEqual([]);
});

test('with fewer than three others, names left out would leave nothing out', () => {
  const four = benchmark([printed(100, 31.5), printed(20, 55.1), printed(300, 12), printed(70, 3)]);
  const own = (n: number) => ['E06000000', 'E06000001'].slice(0, n);
  expect(present(four, 'own-and-unnamed', own(1)).authorities).toHaveLength(4);
  expect(present(four, 'own-and-unnamed', own(2))).toEqual(present(four, 'own-and-region', own(2)));
});

test('without the names of others the region has no number of children: less each authority’s it would name who has not sent', () => {
  const population = { children: 100_000, year: '2024' };
  const peopled = (one: Benchmark): Benchmark => ({
    ...one,
    region: { ...one.region, population },
    authorities: one.authorities.map((each) => ({ ...each, figure: { ...each.figure, population } })),
  });
  for (const presentation of ['own-and-unnamed', 'own-and-region'] as const) {
    const { region, authorities } = present(peopled(six), presentation, ['E06000000']);
    expect(region.population).toBeUndefined();
    // One's own is no secret.
    expect(authorities.map(({ figure }) => figure.population !== undefined)).toEqual(
      authorities.map(({ authority }) => authority !== null),
    );
  }
  expect(present(peopled(six), 'named', []).region.population).toEqual(population);
});

test('a rate without a name could be that of any other: of their children it makes a whole count, as the quartiles do', () => {
  const children = fc.integer({ min: 300, max: 200_000 });
  const count = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(fc.array(fc.record({ count, children }), { minLength: 4, maxLength: 14 }), (all) => {
      const of = benchmark(
        all.map((one) => printed(one.count, Math.round((one.count / one.children) * 100_000) / 10)),
        all.map((one) => one.children),
      );
      const { authorities, quartiles } = present(of, 'own-and-unnamed', ['E06000000']);
      const { least, lower, median, upper, most } = quartiles!;
      const values = [...authorities.slice(1).map(({ figure }) => figure.value!), least, lower, median, upper, most];
      for (const value of values)
        for (const one of all) {
          const step = Math.max(1, Math.ceil(10_000 / Math.min(...all.map((each) => each.children))));
          const fitting = Math.round((value * one.children) / 10_000);
          expect(Math.round(((fitting / one.children) * 10_000) / step) * step).toBe(value);
        }
      expect(authorities[0]!.figure.value).toBe(of.authorities[0]!.figure.value);
    }),
  );
});
