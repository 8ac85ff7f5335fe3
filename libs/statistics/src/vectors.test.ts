/** Published figures, recomputed: skipped, and counted so, where the folder of sources does not lie beside the project. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { percentage, quartiles, rank, ratePer10000 } from './index';

const folder = join(__dirname, '../../../../shared/data/vectors/statistics');
const maybe = existsSync(folder) ? test : test.skip;
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
const orAbsent = (values: readonly (number | null)[]) => values.map((value) => value ?? undefined);

maybe('ranks as in LAIT', () => {
  const { ranks } = read('lait-rank-quartile.json') as {
    ranks: { values: (number | null)[]; polarity: 'Low' | 'High'; rank: (number | null)[] }[];
  };
  expect(ranks.length).toBeGreaterThan(3);
  for (const { values, polarity, rank: expected } of ranks) {
    expect(rank(orAbsent(values), polarity === 'Low' ? 'lower' : 'higher')).toEqual(orAbsent(expected));
  }
});

maybe('quartiles of type 7 as R computes them', () => {
  const { type7 } = read('quantiles.json') as { type7: { values: number[]; q: number[] }[] };
  const enough = type7.filter(({ values }) => values.length >= 4);
  expect(enough.length).toBeGreaterThan(3);
  for (const { values, q } of enough) {
    expect(quartiles(values)).toEqual({ lower: q[1], median: q[2], upper: q[3], basis: values.length });
  }
});

maybe('rates and percentages as in PHEindicatormethods, to a tenth', () => {
  const { rates } = read('ci-rates-byars-exact.json') as {
    rates: { numerator: number; denominator: number; multiplier: number; value: number }[];
  };
  expect(rates.length).toBeGreaterThan(10);
  for (const { numerator, denominator, multiplier, value } of rates) {
    if (multiplier === 100) expect(percentage(numerator, denominator)).toBeCloseTo(Math.round(value * 10) / 10, 9);
    if (multiplier === 100_000) expect(ratePer10000(numerator, denominator)).toBeCloseTo(Math.round(value) / 10, 9);
  }
});
