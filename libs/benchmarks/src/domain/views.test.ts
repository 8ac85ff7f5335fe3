import type { Printed } from '@hub/publications/domain';
import { funnelOf, spreadInWords, whyNoFunnel } from './funnel';
import { present } from './present';
import { benchmark, referrals, smallRates, type Line } from './region.builder';

describe('beside each value', () => {
  const lines: Line[] = [
    referrals(1000, 1000, 1000, 1000, 1000, 1000),
    ['RF02#count', 1200, 150, 190, 200, 210, 180, 270],
  ];
  const answer = benchmark('RF02', lines);

  test('stand its limits, which hold it, and its place beside the region by what is better', () => {
    // Of 1,000 each; the region has 20 %. Fewer re-referrals are better.
    expect(answer.region.value).toBe(20);
    expect(answer.authorities.map(({ comparison }) => comparison)).toEqual([
      'better',
      'similar',
      'similar',
      'similar',
      'similar',
      'worse',
    ]);
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
    expect(volumes.authorities.map(({ comparison }) => comparison)).toEqual([
      'lower',
      'similar',
      'similar',
      'similar',
      'similar',
      'higher',
    ]);
    expect(volumes.authorities.every(({ band }) => band === null)).toBe(true);
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
    expect(funnel.authorities.map(({ flag }) => flag)).toEqual([
      'low-0.998',
      'within',
      'within',
      'within',
      'high-0.95',
      'high-0.998',
    ]);
    expect(spreadInWords(funnel)).toMatch(
      /^2 of 6 lie outside the 99\.8% limits; chance alone leaves at most about one of 500 there\. Authorities differ about 2\.\d times as much as chance alone makes them \(dispersion [4-8]/,
    );
    for (const { usual, wide } of funnel.curve) {
      expect(wide.lower <= usual.lower && usual.lower <= 20 && 20 <= usual.upper && usual.upper <= wide.upper).toBe(
        true,
      );
    }
    const widened = funnelOf(benchmark('RF02', [lines[0]!, ['RF02#count', 1200, 100, 190, 200, 210, 230, 270]]), true)!;
    expect(widened.authorities.every(({ flag }) => !flag.endsWith('0.998'))).toBe(true);
    expect(widened.curve[0]!.wide.upper).toBeGreaterThan(funnel.curve[0]!.wide.upper);
    expect([funnel.isWidened, widened.isWidened]).toEqual([false, true]);
    expect(spreadInWords(widened)).toMatch(/^0 of 6 lie outside the 99\.8% limits\. The limits allow for/);
    // Each says what the other kind shows.
    expect(spreadInWords(widened)).toMatch(/; outside limits of chance alone lie 2 of 6\.$/);
    expect(spreadInWords(funnel)).toMatch(/ Outside limits that are widened to allow for that lie 0 of 6\.$/);
  });

  test('is not widened where nothing but chance is between authorities, and is nowhere narrower than it was', () => {
    const alike = benchmark('RF01', [referrals(5, 5, 6, 5, 5, 5)]);
    const [plain, asked] = [funnelOf(alike)!, funnelOf(alike, true)!];
    expect(asked.isWidened).toBe(false);
    expect(asked.curve).toEqual(plain.curve);
    expect(spreadInWords(asked)).toMatch(/The limits are not widened: authorities differ no more than chance/);
    const apart = benchmark('RF01', [referrals(2, 3, 5, 6, 7, 9)]);
    const [narrow, wide] = [funnelOf(apart)!, funnelOf(apart, true)!];
    expect(wide.isWidened).toBe(true);
    wide.curve.forEach(({ usual }, i) => {
      expect(usual.lower).toBeLessThanOrEqual(narrow.curve[i]!.usual.lower);
      expect(usual.upper).toBeGreaterThanOrEqual(narrow.curve[i]!.usual.upper);
    });
  });

  test('says where it is not widened, for fewer than five tell nothing of how they differ', () => {
    const four = funnelOf(
      benchmark('RF02', [lines[0]!, ['RF02#count', 1200, 100, 190, 200, 210, 'hidden', 'hidden']]),
      true,
    )!;
    expect(four.isWidened).toBe(false);
    expect(spreadInWords(four)).toContain('not widened: fewer than five');
    expect(spreadInWords({ ...four, isWideningAsked: false })).not.toContain('not widened');
  });

  test('and a comparison are beside the region’s value before it is rounded', () => {
    // Of 300,000 children each; the region has 0.039, which is shown as 0.
    const small = smallRates([1, 0, 0, 0, 0, 6]);
    expect(small.region.value).toBe(0);
    expect(small.authorities.map(({ comparison }) => comparison)).toEqual([
      'similar',
      'similar',
      'similar',
      'similar',
      'similar',
      'higher',
    ]);
    expect(funnelOf(small)!.authorities.map(({ flag }) => flag)).toEqual([
      'within',
      'within',
      'within',
      'within',
      'within',
      'high-0.95',
    ]);
  });

  test('leaves out who has no printed value, and is none where the region’s is hidden', () => {
    expect(funnelOf(benchmark('RF02', lines))!.authorities).toHaveLength(5);
    const [first, [, , ...figures]] = lines as [Line, Line];
    expect(funnelOf(benchmark('RF02', [first, ['RF02#count', 'hidden', ...figures]]))).toBeNull();
  });

  test.each<readonly [why: RegExp, figures: readonly [region: Printed, ...Printed[]]]>([
    [/^the value of the region, .* is not printed$/, ['hidden', 100, 190, 200, 210, 'hidden', 270]],
    [/^the region’s count is larger than what it is a share of/, [6001, 1000, 1000, 1000, 1000, 1000, 1000]],
    [/^the value of the region is 0, /, [0, 0, 0, 0, 0, 0, 0]],
    [
      /^no authority that is shown to you has a printed value$/,
      [1200, 'hidden', 'hidden', 'hidden', 'hidden', 'hidden', 'hidden'],
    ],
  ])('that is none says why: %s', (why, figures) => {
    const none = benchmark('RF02', [lines[0]!, ['RF02#count', ...figures]]);
    expect(funnelOf(none)).toBeNull();
    expect(whyNoFunnel(none)).toMatch(why);
  });

  test('of others without names holds the own alone', () => {
    const unnamed = present(benchmark('RF02', lines), 'own-and-unnamed', ['E06000001']);
    expect(funnelOf(unnamed)!.authorities.map(({ authority }) => authority)).toEqual(['E06000001']);
  });
});
