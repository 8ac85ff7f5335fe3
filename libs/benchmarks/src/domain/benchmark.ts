import {
  fromPrinted,
  type Between,
  type Figure,
  type Printed,
  type PublicationDocument,
} from '@hub/publications/domain';
import { denominatorSeriesOf, seriesKey, type Dataset, type Indicator } from '@hub/registry/domain';
import { mean, percentage, quartiles, rank, ratePer10000, type Quartiles } from '@hub/statistics';

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

export interface Benchmark {
  readonly indicator: Indicator;
  readonly coverage: {
    readonly shown: number;
    readonly submitted: number;
    readonly parties: number;
    readonly text: string;
  };
  readonly authorities: readonly {
    /** Null for one of the others, where they are shown without names. */
    readonly authority: string | null;
    readonly figure: ShownFigure;
    readonly rank: number | null;
  }[];
  readonly region: ShownFigure;
  readonly quartiles: Quartiles | null;
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
  const bySeries = new Map(document.series.map((one) => [one.key, one]));
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
  const values = figures.map(({ value }) => value ?? undefined);
  const ranks = rank(values, indicator.polarity);

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
  return {
    indicator,
    coverage,
    authorities: document.authorities.map((authority, i) => ({
      authority,
      figure: figures[i]!,
      rank: ranks[i] ?? null,
    })),
    region: show('region', counts.region, regionDenominator(), population),
    quartiles: quartiles(values.filter((value) => value !== undefined)) ?? null,
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

/** An interval in the indicator's own numbers; without its end where it has none. */
const inUnits = (between: Between | undefined, scale: number): number[] | null =>
  between ? between.filter((end) => end !== null).map((end) => end / scale) : null;
