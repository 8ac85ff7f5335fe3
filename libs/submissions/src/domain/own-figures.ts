import { denominatorSeriesOf, parseSeriesKey, seriesKey, unitWords, type Dataset } from '@hub/registry/domain';
import { measure } from './printed-range';
import type { CellKind } from './validate';

/** What a return gives for one series. */
export interface ReturnedCell {
  /** Key of a series. */
  readonly series: string;
  readonly kind: CellKind;
  /** Whole number of 10^-decimals; null unless the kind is value. */
  readonly value: number | null;
}

/**
 * A figure of the own return, in the numbers in which it is printed where nothing hides it. What will be hidden is not told: it
 * would be a function of the others' counts.
 */
export interface OwnFigure {
  readonly indicator: string;
  readonly categories: Readonly<Record<string, string>>;
  readonly kind: CellKind;
  readonly count: number | null;
  /** The denominator; null for a rate, whose population is public. */
  readonly of: number | null;
  /** Rate per 10,000, percentage or mean, one decimal. */
  readonly value: number | null;
  readonly unit: string;
}

/**
 * The figures of a return, indicator by indicator, a total before its categories.
 * @param children  aged 0 to 17 of the authority in the period; undefined where there is no estimate
 */
export function ownFigures(
  dataset: Dataset,
  cells: readonly ReturnedCell[],
  children: number | undefined,
): OwnFigure[] {
  const bySeries = new Map(cells.map((cell) => [cell.series, cell]));
  const valueOf = (series: string) => bySeries.get(series)?.value ?? undefined;
  return dataset.indicators.flatMap(({ code, unit, decimals, breakdowns }) => {
    const places: Record<string, string>[] = [{}];
    for (const { dimension, categories } of breakdowns) {
      const codes = categories ?? dataset.dimensions[dimension]!.categories.map((category) => category.code);
      places.push(...codes.map((category) => ({ [dimension]: category })));
    }
    return places.flatMap((categories): OwnFigure[] => {
      const cell = bySeries.get(seriesKey(code, categories, 'count'));
      if (!cell) return [];
      const denominator = denominatorSeriesOf(dataset, code, categories);
      const written = (value: number | null | undefined, tenths: number) =>
        value === null || value === undefined ? null : value / 10 ** tenths;
      const of = denominator === null ? undefined : valueOf(denominator);
      const whose = denominator === null ? code : parseSeriesKey(denominator).indicator;
      const ofDecimals = dataset.indicators.find((one) => one.code === whose)!.decimals;
      return [
        {
          indicator: code,
          categories,
          kind: cell.kind,
          count: written(cell.value, decimals),
          of: cell.value === null ? null : written(of, ofDecimals),
          value: measure(dataset, code, valueOf, children, categories)?.value ?? null,
          unit: unitWords[unit],
        },
      ];
    });
  });
}

/** What a version says of a count that the one before said otherwise; null: it gave none. */
export interface OwnChange {
  readonly indicator: string;
  readonly categories: Readonly<Record<string, string>>;
  /** The denominator, where it has one of its own, and not the count. */
  readonly ofDenominator: boolean;
  readonly before: number | null;
  readonly after: number | null;
}

/** The counts in which two versions of a return differ, in the order of the dataset. */
export function changesBetween(
  dataset: Dataset,
  before: readonly ReturnedCell[],
  after: readonly ReturnedCell[],
): OwnChange[] {
  const decimals = new Map(
    dataset.indicators.map((indicator, i) => [indicator.code, [i, indicator.decimals] as const]),
  );
  const [old, now] = [before, after].map((cells) => new Map(cells.map((cell) => [cell.series, cell])));
  const differing = [...new Set([...old!.keys(), ...now!.keys()])].filter((series) => {
    const [left, right] = [old!.get(series), now!.get(series)];
    return left?.kind !== right?.kind || left?.value !== right?.value;
  });
  const place = (series: string) => decimals.get(parseSeriesKey(series).indicator)?.[0] ?? 0;
  return differing
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
    .map((series) => {
      const { indicator, categories, measure: which } = parseSeriesKey(series);
      const scale = 10 ** (decimals.get(indicator)?.[1] ?? 0);
      const written = (cell: ReturnedCell | undefined) => (typeof cell?.value === 'number' ? cell.value / scale : null);
      const [left, right] = [written(old!.get(series)), written(now!.get(series))];
      return { indicator, categories, ofDenominator: which === 'of', before: left, after: right };
    });
}
