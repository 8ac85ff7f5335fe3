import { withSolver } from '@hub/disclosure';
import { monthsIn } from '@hub/kernel';
import {
  allSeries,
  denominatorSeriesOf,
  parseSeriesKey,
  seriesKey,
  termSeries,
  type Dataset,
  type Indicator,
  type Measure,
} from '@hub/registry/domain';

/** Made-up counts of one authority in one period: a whole number of 10^-decimals for every series of the dataset. */
export type DummyCounts = ReadonlyMap<string, number>;

/**
 * Made-up figures that keep every sum and rule of the dataset, for looking at an agreement before anybody has sent
 * anything. Plausible in size and unevenness only; the same arguments give the same figures.
 * @param children  the authorities, each with its children aged 0 to 17
 * @param periods   how many periods in a row; they differ a little
 * @returns for each period, the oldest first, the counts by authority
 */
export async function dummyFigures(
  dataset: Dataset,
  children: ReadonlyMap<string, number>,
  periods: number,
): Promise<ReadonlyMap<string, DummyCounts>[]> {
  const random = randomFrom(1);
  const typical = typicalOf(dataset, random);
  const constraints = constraintsOf(dataset);
  const keys = allSeries(dataset).map(({ key }) => key);
  const own = new Map(
    [...children].map(([authority, size]) => [authority, keys.map(() => (size / 10_000) * between(random, 0.6, 1.5))]),
  );
  const made: Map<string, DummyCounts>[] = [];
  for (let i = 0; i < periods; i++) {
    const counts = new Map<string, DummyCounts>();
    for (const [authority, sizes] of own) {
      const targets = keys.map((key, k) => Math.round(typical.get(key)! * sizes[k]! * between(random, 0.85, 1.15)));
      counts.set(authority, await nearest(keys, targets, constraints));
    }
    made.push(counts);
  }
  return made;
}

/** What an authority with 10,000 children counts in a period, of every series; categories are of uneven size. */
function typicalOf(dataset: Dataset, random: () => number): ReadonlyMap<string, number> {
  const typical = new Map<string, number>();
  const indicators = new Map(dataset.indicators.map((indicator) => [indicator.code, indicator]));
  const set = (indicator: Indicator, measure: Measure, total: number) => {
    typical.set(seriesKey(indicator.code, {}, measure), total);
    for (const { dimension, categories } of indicator.breakdowns) {
      const codes = categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code);
      const weights = codes.map(() => between(random, 0.1, 1) ** 3);
      const sum = weights.reduce((a, b) => a + b, 0);
      codes.forEach((code, i) => {
        const { denominator } = indicator;
        // A percentage of another indicator follows the sizes of that one's categories.
        const whole =
          'indicator' in denominator ? denominatorSeriesOf(dataset, indicator.code, { [dimension]: code }) : null;
        const base = whole === null ? undefined : typical.get(whole);
        const isLike = base !== undefined && parseSeriesKey(whole!).categories[dimension] !== undefined;
        const part = isLike
          ? (base * total) / typical.get(seriesKey(parseSeriesKey(whole!).indicator, {}, 'count'))!
          : (total * weights[i]!) / sum;
        typical.set(seriesKey(indicator.code, { [dimension]: code }, measure), part);
      });
    }
  };
  const visit = (indicator: Indicator) => {
    if (typical.has(seriesKey(indicator.code, {}, 'count'))) return;
    const { denominator, basis, decimals } = indicator;
    const happens = (basis === 'flow' ? monthsIn[dataset.frequency] / 12 : 1) * 10 ** decimals;
    if ('indicator' in denominator && denominator.indicator !== indicator.code) {
      visit(indicators.get(denominator.indicator)!);
      const whole = typical.get(seriesKey(denominator.indicator, {}, 'count'))!;
      return set(indicator, 'count', whole * between(random, 0.1, 0.6));
    }
    const total = Math.exp(between(random, Math.log(30), Math.log(500))) * happens;
    if ('own' in denominator) set(indicator, 'of', total);
    return set(indicator, 'count', 'own' in denominator ? total * between(random, 0.1, 0.9) : total);
  };
  dataset.indicators.forEach(visit);
  return typical;
}

/** `lower ≤ Σ factor × series ≤ upper`, between places in the list of all series. */
interface Constraint {
  readonly terms: readonly (readonly [place: number, factor: number])[];
  readonly lower?: number;
  readonly upper?: number;
}

/** Every sum, part of a whole and rule of the dataset. */
function constraintsOf(dataset: Dataset): Constraint[] {
  const places = new Map(allSeries(dataset).map(({ key }, i) => [key, i]));
  const constraints: Constraint[] = [];
  for (const indicator of dataset.indicators) {
    for (const { dimension, categories, exhaustive, sumsTo } of indicator.breakdowns) {
      const codes = categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code);
      for (const measure of ['count', 'of'] as const) {
        const total = places.get(seriesKey(sumsTo ?? indicator.code, {}, measure));
        const parts = codes.map((code) => places.get(seriesKey(indicator.code, { [dimension]: code }, measure)));
        if (total === undefined || parts.includes(undefined)) continue;
        if (exhaustive)
          constraints.push({ terms: [[total, 1], ...parts.map((part) => [part!, -1] as const)], lower: 0, upper: 0 });
        else
          for (const part of parts)
            constraints.push({
              terms: [
                [total, 1],
                [part!, -1],
              ],
              lower: 0,
            });
      }
    }
  }
  for (const { key, indicator, categories, measure } of allSeries(dataset)) {
    if (measure !== 'count' || dataset.indicators.find(({ code }) => code === indicator)!.unit !== 'percent') continue;
    const whole = places.get(denominatorSeriesOf(dataset, indicator, categories) ?? '');
    if (whole !== undefined && whole !== places.get(key)) {
      constraints.push({
        terms: [
          [whole, 1],
          [places.get(key)!, -1],
        ],
        lower: 0,
      });
    }
  }
  for (const { terms, lower, upper } of dataset.rules) {
    const scale = 10 ** dataset.indicators.find(({ code }) => code === termSeries(terms[0]![0]).indicator)!.decimals;
    constraints.push({
      terms: terms.map(([term, factor]) => [places.get(termSeries(term).key)!, factor]),
      ...(lower === undefined ? {} : { lower: lower * scale }),
      ...(upper === undefined ? {} : { upper: upper * scale }),
    });
  }
  return constraints;
}

/** The whole numbers nearest to the targets, relative to their size, that keep the constraints. */
async function nearest(
  keys: readonly string[],
  targets: readonly number[],
  constraints: readonly Constraint[],
): Promise<DummyCounts> {
  const rows = constraints.flatMap(({ terms, lower, upper }) => {
    const sum = terms.map(([place, factor]) => `${factor < 0 ? '-' : '+'} ${Math.abs(factor)} v${place}`).join(' ');
    if (lower === upper) return [`${sum} = ${lower!}`];
    return [
      ...(lower === undefined ? [] : [`${sum} >= ${lower}`]),
      ...(upper === undefined ? [] : [`${sum} <= ${upper}`]),
    ];
  });
  targets.forEach((target, i) => rows.push(`v${i} - d${i} <= ${target}`, `v${i} + d${i} >= ${target}`));
  const program = [
    'Minimize',
    ` o: ${targets.map((target, i) => `${(1 / (target + 1)).toFixed(6)} d${i}`).join(' + ')}`,
    'Subject To',
    ...rows.map((row, i) => ` c${i}: ${row}`),
  ];
  const solved = async (more: readonly string[]): Promise<number[]> => {
    const text = [...program, ...more, 'End'].join('\n');
    const { Status: status, Columns: columns } = await withSolver((solver) =>
      // Near enough is near enough: nobody gains from the last hundredth.
      solver.solve(text, { mip_rel_gap: 0.1, random_seed: 1, output_flag: false }),
    );
    if (status !== 'Optimal') throw new Error(`no made-up figures keep the rules of the dataset: ${status}`);
    return keys.map((_, i) => (columns[`v${i}`] as { Primal: number }).Primal);
  };
  // Sums and parts of sums nearly always come out whole by themselves, which is ten times quicker.
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6;
  let values = await solved([]);
  if (!values.every(isWhole)) values = await solved(['General', ` ${keys.map((_, i) => `v${i}`).join(' ')}`]);
  return new Map(keys.map((key, i) => [key, Math.round(values[i]!)]));
}

const between = (random: () => number, least: number, most: number): number => least + (most - least) * random();

/** Numbers from 0 to 1 that look random and are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
