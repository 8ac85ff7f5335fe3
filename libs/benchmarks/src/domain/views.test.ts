import * as fc from 'fast-check';
import type { Printed } from '@hub/publications/domain';
import { placeInWords, type Benchmark } from './benchmark';
import { funnelOf, spreadInWords } from './funnel';
import { present } from './present';
import { authorities, benchmark, referrals, sum, type Line } from './region.builder';

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
