import * as fc from 'fast-check';
import type { Printed } from '@hub/publications/domain';
import type { Benchmark } from './benchmark';
import { present } from './present';
import { authorities, benchmark, referrals, sum, type Line } from './region.builder';
import { bandInWords, placeInWords, quartilesInWords } from './standing';

const lines: Line[] = [
  referrals(1000, 1000, 1000, 1000, 1000, 1000),
  ['RF02#count', 'hidden', 150, 190, 'hidden', 210, 'hidden', 'notSubmitted'],
];
const key = 'RF02#count';

describe('a place', () => {
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
        const between = Object.fromEntries(
          authorities.map((code, i) => [code, [Math.max(0, all[i]! - slack), all[i]! + slack] as const]),
        );
        const shown = benchmark('RF02', [referrals(...all.map(() => 1000)), ['RF02#count', 'hidden', ...printed]], {
          [key]: between,
        });
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

describe('quartiles and bands', () => {
  // 10, 15, 20 and 25 % are printed.
  const two: Line[] = [
    referrals(1000, 1000, 1000, 1000, 1000, 1000),
    [key, 'hidden', 100, 150, 200, 250, 'hidden', 'hidden'],
  ];
  const between = { [key]: { E06000005: [1, 9], E06000047: [180, 199] } } as const;
  const wordsOf = (one: Benchmark) => one.authorities.map((each) => bandInWords(one, each));

  test('say of how many printed, and between what they lie with the others', () => {
    const answer = benchmark('RF02', two, between);
    expect(answer.quartiles).toMatchObject({ lower: 13.75, median: 17.5, upper: 21.25, basis: 4, unprinted: 2 });
    expect(quartilesInWords(answer.quartiles!)).toBe(
      'of the 4 printed; with the 2 not printed lower quartile 11.3, median 16.5 to 17.5, upper quartile 19.5 to 20',
    );
    expect(wordsOf(answer)).toEqual([
      'A among the 4 printed, whatever the 2 not printed are',
      'B among the 4 printed, whatever the 2 not printed are',
      'C among the 4 printed; D with the 2 not printed',
      'D among the 4 printed, whatever the 2 not printed are',
      'A among 6',
      'C among 6',
    ]);
  });

  test('of one that is not printed speak of one', () => {
    const one = benchmark('RF02', [two[0]!, [key, 'hidden', 100, 150, 200, 250, 260, 'hidden']], {
      [key]: { E06000047: [270, 280] },
    });
    expect(wordsOf(one)[0]).toBe('A among the 5 printed, whatever the 1 not printed is');
  });

  test('of all printed say so, and without intervals could be anything that the printed ones leave', () => {
    const whole = benchmark('RF02', [two[0]!, [key, 1200, 150, 190, 200, 210, 180, 270]]);
    expect(quartilesInWords(whole.quartiles!)).toBe('of 6');
    expect(wordsOf(whole)[0]).toBe('A among 6');
    const open = benchmark('RF02', two);
    expect(quartilesInWords(open.quartiles!)).toContain('median 12.5 to 22.5');
    expect(wordsOf(open)[1]).toBe('B among the 4 printed; A to C with the 2 not printed');
    // A rate has no upper end of its own.
    const rates = benchmark('RF01', [['RF01#count', 'hidden', 100, 150, 200, 250, 'hidden', 'hidden']]);
    expect(quartilesInWords(rates.quartiles!)).toContain('upper quartile 93.8 or more');
  });

  test('leave out who is a part of nobody', () => {
    const answer = benchmark('RF02', [
      referrals(1000, 1000, 1000, 1000, 1000, 0),
      [key, 880, 150, 190, 200, 210, 130, 0],
    ]);
    expect(quartilesInWords(answer.quartiles!)).toBe('of 5');
    expect(wordsOf(answer).at(-1)).toBeNull();
  });

  test('hold the true ones, whatever is hidden', () => {
    const six = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 6, maxLength: 6 });
    const hidden = six(fc.constantFrom('none', 'none', 'count', 'base'));
    fc.assert(
      fc.property(six(fc.nat({ max: 300 })), hidden, fc.nat(40), fc.nat(40), (all, hide, below, above) => {
        const truth = benchmark('RF02', [referrals(...all.map(() => 1000)), [key, sum(all), ...all]]);
        const printed = all.map((count, i): Printed => (hide[i] === 'count' ? 'hidden' : count));
        const bases = all.map((_, i): Printed => (hide[i] === 'base' ? 'hidden' : 1000));
        const left = Object.fromEntries(
          authorities.map((code, i) => [code, [Math.max(0, all[i]! - below), all[i]! + above] as const]),
        );
        const shown = benchmark(
          'RF02',
          [
            ['RF01#count', 'hidden', ...bases],
            [key, 'hidden', ...printed],
          ],
          { [key]: left },
        );
        truth.authorities.forEach(({ band }, i) => {
          const [best, worst] = shown.authorities[i]!.bands!;
          expect(best <= band! && band! <= worst).toBe(true);
        });
        if (!shown.quartiles) return;
        for (const cut of ['lower', 'median', 'upper'] as const) {
          const { lower, upper } = shown.quartiles.ranges![cut];
          expect(lower <= truth.quartiles![cut] && truth.quartiles![cut] <= upper).toBe(true);
        }
      }),
    );
  });

  test('say only that the others could change them where intervals are not shown', () => {
    const unnamed = present(benchmark('RF02', two, between), 'own-and-unnamed', ['E06000003']);
    expect(quartilesInWords(unnamed.quartiles!)).toBe('of the 4 printed; the 2 not printed could change them');
    expect(wordsOf(unnamed)[0]).toBe('C among the 4 printed; the 2 not printed could change it');
  });
});
