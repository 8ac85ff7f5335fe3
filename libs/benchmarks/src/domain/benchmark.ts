import {
  fromPrinted,
  type Between,
  type Figure,
  type Printed,
  type PublicationDocument,
} from '@hub/publications/domain';
import { denominatorSeriesOf, seriesKey, type Dataset, type Indicator } from '@hub/registry/domain';
import {
  bandOf,
  compare,
  mean,
  percentage,
  proportionLimits,
  quartiles,
  rank,
  rateLimits,
  ratePer10000,
  type Band,
  type Comparison,
  type Limits,
  type Polarity,
  type Quartiles,
} from '@hub/statistics';

/** One figure as a reader sees it. Every number in it is printed, or made of printed ones alone. */
export interface ShownFigure {
  readonly kind: Figure['kind'];
  /** In whole units or tenths, as the indicator counts; null unless the kind is value. */
  readonly count: number | null;
  /** The denominator, where it is printed itself; null for rates, whose population is public. */
  readonly of: number | null;
  /** Rate per 10,000, percentage or mean, one decimal; null where it cannot be made of printed figures. */
  readonly value: number | null;
  readonly unit: string;
  /**
   * Beside a hidden count what the publication's print leaves of it: the least and the largest; the least alone where it
   * is that many or more. Made from the whole print: for readers who may see all of it.
   */
  readonly between: readonly number[] | null;
}

/** One authority in a benchmark. */
export interface AuthorityFigure {
  /** Null for one of the others, where they are shown without names. */
  readonly authority: string | null;
  readonly figure: ShownFigure;
  /** Among the printed values. */
  readonly rank: number | null;
  /** 95 % limits of the value, in its unit, one decimal; null for means, and for what is counted in tenths. */
  readonly limits: Limits | null;
  /** The interval beside the region's value. */
  readonly comparison: Comparison | null;
  /** The quarter of the printed values in which it lies, A the best; null where neither end is better. */
  readonly band: Band | null;
  /**
   * Between which places it stands once those without a printed value are counted in, as far as their intervals tell. Of a
   * hidden figure too.
   */
  readonly places: readonly [first: number, last: number] | null;
  /** What its value is a part of, in whole units: the children of a rate, the printed denominator of a percentage. */
  readonly base: number | null;
}

/** Who stands behind a figure of the region. */
export interface Coverage {
  /** Authorities whose own figure is printed. */
  readonly shown: number;
  /** Authorities in the region's figure, printed and hidden alike. */
  readonly submitted: number;
  /** Authorities of the region in that period. */
  readonly parties: number;
  /** `11 of 12`. */
  readonly text: string;
}

export interface Benchmark {
  readonly indicator: Indicator;
  readonly categories: Readonly<Record<string, string>>;
  /** In words the categories that this one is told together with, itself among them; null where it is told by itself. */
  readonly together: string | null;
  readonly coverage: Coverage;
  readonly authorities: readonly AuthorityFigure[];
  readonly region: ShownFigure;
  /** What the region's value is a part of, as `base` of an authority; of a hidden one too. */
  readonly regionBase: number | null;
  readonly regionLimits: Limits | null;
  readonly quartiles: (Quartiles & { readonly least: number; readonly most: number }) | null;
}

const units: Record<Indicator['unit'], string> = { per10000: 'per 10,000', percent: '%', mean: 'average' };
const missing = { region: 'notSubmitted', figures: [] } as const satisfies { region: Printed; figures: Printed[] };

/**
 * The regional view of one indicator, or of one category of it, out of a publication. All of it is computed from
 * protected figures: a hidden count has no rate, no rank and no place in the quartiles.
 * @param categories  one category for each dimension asked for, `{ source: 'police' }`
 * @param populationOf  children aged 0 to 17 of an authority in the period; undefined where there is no estimate
 * @returns null when the dataset has no such indicator or category
 */
export function benchmarkOf(
  document: PublicationDocument,
  dataset: Dataset,
  code: string,
  categories: Readonly<Record<string, string>>,
  populationOf: (authority: string) => number | undefined,
): Benchmark | null {
  const indicator = dataset.indicators.find((one) => one.code === code);
  const key = seriesKey(code, categories, 'count');
  const bySeries = seriesOf(document);
  const counts = bySeries.get(key);
  if (!indicator || !counts) return null;

  const denominatorKey = denominatorSeriesOf(dataset, code, categories);
  const denominators = denominatorKey ? (bySeries.get(denominatorKey) ?? missing) : null;
  const scale = 10 ** indicator.decimals;
  const printed = (figure: Printed | undefined) => (typeof figure === 'number' ? figure : null);
  const inTotal = (figure: Printed | undefined) => typeof figure === 'number' || figure === 'hidden';

  const show = (whose: string, count: Printed, of: number | null, population: number | null): ShownFigure => {
    const figure = fromPrinted(count);
    const unit = units[indicator.unit];
    if (figure.kind !== 'value') {
      const between = figure.kind === 'hidden' ? inUnits(document.between?.[key]?.[whose], scale) : null;
      return { kind: figure.kind, count: null, of: null, value: null, unit, between };
    }
    const value =
      indicator.unit === 'per10000'
        ? ratePer10000(figure.value, population ?? undefined)
        : of === null
          ? undefined
          : (indicator.unit === 'mean' ? mean : percentage)(figure.value, of);
    return {
      kind: 'value',
      count: figure.value / scale,
      of: of === null ? null : of / scale,
      value: value ?? null,
      unit,
      between: null,
    };
  };

  const figures = document.authorities.map((authority, i) =>
    show(authority, counts.figures[i]!, printed(denominators?.figures[i]), populationOf(authority) ?? null),
  );
  const bases = document.authorities.map((authority, i) =>
    denominators ? inUnit(printed(denominators.figures[i]), scale) : (populationOf(authority) ?? null),
  );
  const values = figures.map(({ value }) => value ?? undefined);

  // Who stands in the region's figure: printed and hidden alike.
  const inside = document.authorities.map((_, i) => i).filter((i) => inTotal(counts.figures[i]));
  const populations = inside.map((i) => populationOf(document.authorities[i]!));
  const population = populations.every((n) => n !== undefined) ? populations.reduce((a, b) => a! + b!, 0)! : null;
  const coverage = {
    shown: figures.filter(({ kind }) => kind === 'value').length,
    submitted: inside.length,
    parties: document.authorities.length,
    text: `${inside.length} of ${document.authorities.length}`,
  };
  const regionOf = regionDenominator();
  const region = show('region', counts.region, regionOf, population);
  const regionBase = denominators ? inUnit(regionOf, scale) : population;
  const ranks = once(() => rank(values, indicator.polarity));
  const spans = once(() => figures.map((figure, i) => spanOf(figure, bases[i]!, indicator)));
  const ends = once(() => {
    const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
    const cuts = quartiles(sorted);
    return cuts ? { ...cuts, least: sorted[0]!, most: sorted.at(-1)! } : null;
  });
  const among: Among = { indicator, region, ranks, spans, ends };
  const entries = document.authorities.map((authority, i) => new Entry(authority, figures[i]!, bases[i]!, i, among));
  return {
    indicator,
    categories,
    together: togetherIn(document, code, categories),
    coverage,
    authorities: entries,
    region,
    regionBase,
    get regionLimits() {
      return limitsOf(region, regionBase, indicator);
    },
    get quartiles() {
      return ends();
    },
  };

  /** The denominators of just those authorities that stand in the count, from printed figures; else null. */
  function regionDenominator(): number | null {
    if (!denominators) return null;
    const all = document.authorities.map((_, i) => i);
    if (all.every((i) => inTotal(counts!.figures[i]) === inTotal(denominators.figures[i])))
      return printed(denominators.region);
    const parts = inside.map((i) => printed(denominators.figures[i]));
    return parts.every((part) => part !== null) ? parts.reduce((a, b) => a! + b!, 0) : null;
  }
}

/** What an authority stands among. */
interface Among {
  readonly indicator: Indicator;
  readonly region: ShownFigure;
  ranks(): readonly (number | undefined)[];
  spans(): readonly (Limits | null)[];
  ends(): Benchmark['quartiles'];
}

/**
 * What is computed of a figure, only where it is asked for: most answers ask for little of it, and the first one after a publication
 * waits for all that is made. A copy by `...` has the stored members alone.
 */
class Entry implements AuthorityFigure {
  private exact: Limits | null | undefined;

  constructor(
    readonly authority: string,
    readonly figure: ShownFigure,
    readonly base: number | null,
    private readonly at: number,
    private readonly among: Among,
  ) {}

  get rank(): number | null {
    return this.among.ranks()[this.at] ?? null;
  }
  get limits(): Limits | null {
    return rounded(this.exactLimits);
  }
  get comparison(): Comparison | null {
    const { indicator, region } = this.among;
    // Compared before they are rounded.
    return compare(this.exactLimits ?? undefined, region.value ?? undefined, indicator.polarity) ?? null;
  }
  get band(): Band | null {
    const ends = this.among.ends();
    return (
      (ends && this.figure.value !== null && bandOf(this.figure.value, ends, this.among.indicator.polarity)) || null
    );
  }
  get places(): AuthorityFigure['places'] {
    return placesOf(this.at, this.among.spans(), this.among.indicator.polarity);
  }
  private get exactLimits(): Limits | null {
    return (this.exact ??= exactLimitsOf(this.figure, this.base, this.among.indicator));
  }
}

/** Makes a value when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

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
  const tenth = (limit: number) => Math.round(limit * 10) / 10;
  return limits && { lower: tenth(limits.lower), upper: tenth(limits.upper) };
};

function exactLimitsOf(
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

/** Between which values a figure lies: the printed one, what is left of a hidden one; null for one that is not there. */
export function spanOf(
  { kind, value, between }: ShownFigure,
  base: number | null,
  { unit, decimals }: Indicator,
): Limits | null {
  if (value !== null) return { lower: value, upper: value };
  if (kind !== 'value' && kind !== 'hidden') return null;
  const most = unit === 'percent' ? 100 : Infinity;
  if (!between || !base) return { lower: 0, upper: most };
  const scale = 10 ** decimals;
  const ratio = { per10000: ratePer10000, percent: percentage, mean }[unit];
  const at = (count: number) =>
    ratio(Math.round(count * scale), unit === 'per10000' ? base : Math.round(base * scale))!;
  return { lower: at(between[0]!), upper: between[1] === undefined ? most : Math.min(most, at(between[1])) };
}

/** The places that a figure may take among all that have one, printed or hidden. */
function placesOf(
  mine: number,
  spans: readonly (Limits | null)[],
  polarity: Polarity,
): readonly [first: number, last: number] | null {
  const own = spans[mine];
  if (!own) return null;
  let [surely, possibly] = [0, 0];
  spans.forEach((other, i) => {
    if (!other || i === mine) return;
    const isLow = polarity === 'lower';
    if (isLow ? other.upper < own.lower : other.lower > own.upper) surely++;
    if (isLow ? other.lower < own.upper : other.upper > own.lower) possibly++;
  });
  return [1 + surely, 1 + possibly];
}

const ORDINALS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const ordinals = new Intl.PluralRules('en-GB', { type: 'ordinal' });
const nth = (place: number): string => `${place}${ORDINALS[ordinals.select(place)]}`;

/**
 * Where an authority stands, in words: of how many, and whether those without a printed value could change it.
 * @returns null where it has no place
 */
export function placeInWords(
  { indicator, authorities }: Benchmark,
  { rank: place, places }: AuthorityFigure,
): string | null {
  const order = indicator.polarity === 'neutral' ? ', highest first' : '';
  const printed = authorities.filter(({ figure }) => figure.value !== null).length;
  const others = authorities.filter(
    ({ figure: { kind, value } }) => value === null && (kind === 'value' || kind === 'hidden'),
  );
  const range = places && (places[0] === places[1] ? nth(places[0]) : `${nth(places[0])} to ${nth(places[1])}`);
  if (place === null) return range && `${range} of ${printed + others.length}${order}`;
  const among = `${nth(place)} of ${others.length ? `the ${printed} printed` : printed}${order}`;
  if (!others.length) return among;
  const rest = `${others.length} not printed`;
  if (!range) return `${among}; the ${rest} could change it`;
  return range === nth(place) ? `${among}, whatever the ${rest} are` : `${among}; ${range} with the ${rest}`;
}

/** An interval in the indicator's own numbers; without its end where it has none. */
const inUnits = (between: Between | undefined, scale: number): number[] | null =>
  between ? between.filter((end) => end !== null).map((end) => end / scale) : null;
