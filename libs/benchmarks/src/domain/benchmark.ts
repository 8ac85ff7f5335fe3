import { fromPrinted, type Between, type Printed, type PublicationDocument } from '@hub/publications/domain';
import {
  denominatorSeriesOf,
  seriesKey,
  unitWords,
  type Dataset,
  type Estimate,
  type Indicator,
} from '@hub/registry/domain';
import {
  bandOf,
  compare,
  per,
  proportionLimits,
  rank,
  rateLimits,
  tenth,
  valueBy,
  type Band,
  type Comparison,
  type Limits,
} from '@hub/statistics';
import { isWholeOfItself, type AuthorityFigure, type Benchmark, type Coverage, type ShownFigure } from './shown';
import { bandsOf, placesOf, quartilesOf, spanOf } from './standing';

export type { AuthorityFigure, Benchmark, Coverage, ShownFigure } from './shown';

/** Of a series that the publication has not, or not for this reader. */
const missing = { region: 'notAvailable', figures: [] } as const satisfies { region: Printed; figures: Printed[] };

type Years = Pick<Estimate, 'from' | 'to'>;

/**
 * The regional view of one indicator, or of one category of it, out of a publication. All of it is computed from
 * protected figures: a hidden count has no rate, no rank and no place in the quartiles.
 * @param categories  one category for each dimension asked for, `{ source: 'police' }`
 * @param populationOf  children aged 0 to 17 of an authority in the period; undefined where there is no estimate
 * @param yearsOf  of which years that is an estimate; undefined where nobody asks
 * @returns null when the dataset has no such indicator or category
 */
export function benchmarkOf(
  document: PublicationDocument,
  dataset: Dataset,
  code: string,
  categories: Readonly<Record<string, string>>,
  populationOf: (authority: string) => number | undefined,
  yearsOf: (authority: string) => Years | undefined = () => undefined,
): Benchmark | null {
  const found = dataset.indicators.find((one) => one.code === code);
  const key = seriesKey(code, categories, 'count');
  const bySeries = seriesOf(document);
  const counts = bySeries.get(key);
  if (!found || !counts) return null;
  const indicator = isPartOfOthers(found, categories) ? withoutPolarity(found) : found;

  const denominatorKey = denominatorSeriesOf(dataset, code, categories);
  const denominators = denominatorKey ? (bySeries.get(denominatorKey) ?? missing) : null;
  const { authorities } = document;
  /** What each count is divided by; null: children. */
  const divisors =
    denominators && authorities.map((_, i) => (denominators.figures as readonly Printed[])[i] ?? 'notAvailable');
  const children = authorities.map((authority) => populationOf(authority) ?? null);
  const scale = 10 ** indicator.decimals;
  const unit = unitWords[indicator.unit];
  const printed = (figure: Printed | null) => (typeof figure === 'number' ? figure : null);
  const inTotal = (figure: Printed | undefined) => typeof figure === 'number' || figure === 'hidden';

  const isRate = indicator.unit === 'per10000';
  /** What a rate is of, for whoever wants to make it again: public, and nothing that is protected. */
  const populationOfRate = (children: number | null, whose: readonly string[]): ShownFigure['population'] => {
    if (!isRate || children === null || !whose.length) return undefined;
    let [from, to] = [Infinity, -Infinity];
    for (const one of whose) {
      const years = yearsOf(one);
      if (!years) return undefined;
      from = Math.min(from, years.from);
      to = Math.max(to, years.to);
    }
    return { children, year: from === to ? String(from) : `${from} to ${to}` };
  };

  // Every figure has the same properties in the same order: code that reads them is compiled for one kind of object.
  const show = (
    whose: string,
    count: Printed,
    denominator: Printed | null,
    population: number | null,
    bodies: readonly string[],
  ): ShownFigure => {
    const figure = fromPrinted(count);
    if (figure.kind !== 'value') {
      const between = figure.kind === 'hidden' ? inUnits(document.between?.[key]?.[whose], scale) : null;
      const { kind } = figure;
      return { kind, count: null, of: null, value: null, valueKind: kind, unit, between, population: undefined };
    }
    const of = printed(denominator);
    const base = isRate ? population : of;
    const value = base === null ? undefined : valueBy[indicator.unit](figure.value, base);
    const without = base === 0 ? 'notApplicable' : fromPrinted(denominator ?? 'notAvailable').kind;
    return {
      kind: 'value',
      count: figure.value / scale,
      of: of === null ? null : of / scale,
      value: value ?? null,
      valueKind: value === undefined ? without : 'value',
      unit,
      between: null,
      population: populationOfRate(population, bodies),
    };
  };

  const stored = authorities.map((authority, i) => ({
    authority,
    figure: show(authority, counts.figures[i]!, divisors && divisors[i]!, children[i] ?? null, [authority]),
    base: divisors ? inUnit(printed(divisors[i]!), scale) : (children[i] ?? null),
  }));

  // Who stands in the region's figure: printed and hidden alike.
  const inside = authorities.map((_, i) => i).filter((i) => inTotal(counts.figures[i]));
  const populations = inside.map((i) => children[i] ?? null);
  const population = populations.includes(null) ? null : populations.reduce<number>((a, b) => a + b!, 0);
  const coverage = {
    shown: stored.filter(({ figure }) => figure.kind === 'value').length,
    submitted: inside.length,
    parties: authorities.length,
    text: stored.every(({ figure }) => figure.kind === 'notSubmitted')
      ? `none of ${authorities.length} sent it`
      : `${inside.length} of ${authorities.length}`,
    inside: inside.map((i) => authorities[i]!),
  };
  const regionOf = regionDenominator();
  return new Computed({
    indicator,
    categories,
    categoryNames: namesIn(dataset, categories),
    together: togetherIn(document, code, categories),
    coverage,
    authorities: stored,
    region: show('region', counts.region, regionOf, population, coverage.inside),
    regionBase: denominators ? inUnit(printed(regionOf), scale) : population,
  });

  /** The denominators of just those authorities that stand in the count, from printed figures; else null. */
  function regionDenominator(): Printed | null {
    if (!denominators || !divisors) return null;
    if (divisors.every((of, i) => inTotal(counts!.figures[i]) === inTotal(of))) return denominators.region;
    const parts = inside.map((i) => divisors[i]!);
    // Where one has none there is no sum that could be hidden.
    if (!parts.every(inTotal)) return 'notAvailable';
    return parts.includes('hidden') ? 'hidden' : (parts as number[]).reduce((a, b) => a + b, 0);
  }
}

/** Whether a category is one of a distribution, as how long it took, of which the indicator is another part: what is better there is not better here. */
const isPartOfOthers = ({ breakdowns }: Indicator, categories: Readonly<Record<string, string>>): boolean =>
  breakdowns.some(({ dimension, sumsTo }) => sumsTo !== undefined && dimension in categories);

const neutral = new WeakMap<Indicator, Indicator>();
/** The same one each time. */
function withoutPolarity(indicator: Indicator): Indicator {
  const known = neutral.get(indicator) ?? { ...indicator, polarity: 'neutral' };
  neutral.set(indicator, known);
  return known;
}

/** What a benchmark is computed of. */
type Stored = Pick<
  Benchmark,
  'indicator' | 'categories' | 'categoryNames' | 'together' | 'coverage' | 'region' | 'regionBase'
> & {
  readonly authorities: readonly (Pick<AuthorityFigure, 'figure' | 'base'> & { readonly authority: string })[];
};

/**
 * A benchmark of which that is computed which is asked for: most answers ask for little of it, and the first one after a publication
 * waits for all that is made. A copy by `...` has what is stored alone.
 */
class Computed implements Benchmark {
  readonly indicator: Indicator;
  readonly categories: Benchmark['categories'];
  readonly categoryNames: Benchmark['categoryNames'];
  readonly together: string | null;
  readonly coverage: Coverage;
  readonly authorities: readonly AuthorityFigure[];
  readonly region: ShownFigure;
  readonly regionBase: number | null;
  #ranks: readonly (number | undefined)[] | undefined;
  #spans: readonly (Limits | null)[] | undefined;
  #quartiles: Benchmark['quartiles'] | undefined;

  constructor({ indicator, categories, categoryNames, together, coverage, authorities, region, regionBase }: Stored) {
    this.indicator = indicator;
    this.categories = categories;
    this.categoryNames = categoryNames;
    this.together = together;
    this.coverage = coverage;
    this.region = region;
    this.regionBase = regionBase;
    this.authorities = authorities.map(({ authority, figure, base }, i) => new Entry(authority, figure, base, i, this));
  }

  get regionLimits(): Limits | null {
    return limitsOf(this.region, this.regionBase, this.indicator);
  }
  get quartiles(): Benchmark['quartiles'] {
    if (this.#quartiles === undefined) {
      const values = this.values.filter((value) => value !== null);
      this.#quartiles = quartilesOf(this.spans, values);
    }
    return this.#quartiles;
  }
  /** Those that stand among each other: where all are 100 % none does. */
  get values(): readonly (number | null)[] {
    const isWhole = isWholeOfItself(this);
    return this.authorities.map(({ figure }) => (isWhole ? null : figure.value));
  }
  get ranks(): readonly (number | undefined)[] {
    return (this.#ranks ??= rank(
      this.values.map((value) => value ?? undefined),
      this.indicator.polarity,
    ));
  }
  get spans(): readonly (Limits | null)[] {
    const isWhole = isWholeOfItself(this);
    return (this.#spans ??= this.authorities.map(({ figure, base }) =>
      isWhole ? null : spanOf(figure, base, this.indicator),
    ));
  }
  /** The region's value before it is rounded. */
  get reference(): number | null {
    return exactValueOf(this.region, this.regionBase, this.indicator);
  }
}

/** One authority of it. */
class Entry implements AuthorityFigure {
  readonly #at: number;
  readonly #among: Computed;
  #exact: Limits | null | undefined;

  constructor(
    readonly authority: string,
    readonly figure: ShownFigure,
    readonly base: number | null,
    at: number,
    among: Computed,
  ) {
    this.#at = at;
    this.#among = among;
  }

  get rank(): number | null {
    return this.#among.ranks[this.#at] ?? null;
  }
  get limits(): Limits | null {
    return rounded(this.exactLimits);
  }
  get comparison(): Comparison | null {
    const { indicator, reference } = this.#among;
    if (isWholeOfItself(this.#among)) return null;
    // Both before they are rounded.
    return compare(this.exactLimits ?? undefined, reference ?? undefined, indicator.polarity) ?? null;
  }
  get band(): Band | null {
    const { quartiles, indicator } = this.#among;
    const { value } = this.figure;
    return (quartiles && value !== null && bandOf(value, quartiles, indicator.polarity)) || null;
  }
  get places(): AuthorityFigure['places'] {
    return placesOf(this.#at, this.#among.spans, this.#among.indicator.polarity);
  }
  get bands(): AuthorityFigure['bands'] {
    return bandsOf(this.#at, this.#among.spans, this.#among.indicator.polarity);
  }
  get exactLimits(): Limits | null {
    if (this.#exact === undefined) this.#exact = exactLimitsOf(this.figure, this.base, this.#among.indicator);
    return this.#exact;
  }
}

const namesIn = ({ dimensions }: Dataset, categories: Benchmark['categories']): Benchmark['categoryNames'] =>
  Object.fromEntries(
    Object.entries(categories).map(([dimension, category]) => [
      dimensions[dimension]!.name,
      dimensions[dimension]!.categories.find(({ code }) => code === category)!.name,
    ]),
  );

function togetherIn(
  { together = [] }: PublicationDocument,
  code: string,
  categories: Benchmark['categories'],
): string | null {
  const found = together.find(
    (one) => one.indicators.includes(code) && one.categories.includes(categories[one.dimension] ?? ''),
  );
  return found?.label ?? null;
}

const inUnit = (count: number | null, scale: number): number | null => (count === null ? null : count / scale);

const byDocument = new WeakMap<PublicationDocument, ReadonlyMap<string, PublicationDocument['series'][number]>>();
/** A heat table asks a document for each of its indicators. */
function seriesOf(document: PublicationDocument): ReadonlyMap<string, PublicationDocument['series'][number]> {
  let known = byDocument.get(document);
  if (!known) byDocument.set(document, (known = new Map(document.series.map((one) => [one.key, one]))));
  return known;
}

/** The 95 % limits of a printed value, one decimal; null where there is none, and where what is counted is no number of events. */
export function limitsOf(figure: ShownFigure, base: number | null, indicator: Indicator): Limits | null {
  return rounded(exactLimitsOf(figure, base, indicator));
}
const rounded = (limits: Limits | null): Limits | null => {
  return limits && { lower: tenth(limits.lower), upper: tenth(limits.upper) };
};

/**
 * A printed value before it is rounded, of its printed count and base: what charts, comparisons and changes are computed of. A
 * rate of 0.4 stands for anything from 0.35 to 0.45, which is more than chance moves a small one. It is not shown itself.
 * @returns the rounded one where count or base are not shown; null where there is no value
 */
export function exactValueOf({ count, value }: ShownFigure, base: number | null, { unit }: Indicator): number | null {
  return value === null || count === null || !base ? value : (count / base) * per[unit];
}

/** The 95 % limits of a printed value before they are rounded; null as `limitsOf`. */
export function exactLimitsOf(
  { count, value }: ShownFigure,
  base: number | null,
  { unit, decimals }: Indicator,
): Limits | null {
  if (value === null || count === null || !base || decimals || unit === 'mean') return null;
  if (unit === 'per10000') return rateLimits(count, base, 10_000, 0.95) ?? null;
  if (count > base) return null;
  const { lower, upper } = proportionLimits(count, base, 0.95)!;
  return { lower: lower * 100, upper: upper * 100 };
}

/** An interval in the indicator's own numbers; without its end where it has none. */
const inUnits = (between: Between | undefined, scale: number): number[] | null =>
  between ? between.filter((end) => end !== null).map((end) => end / scale) : null;
