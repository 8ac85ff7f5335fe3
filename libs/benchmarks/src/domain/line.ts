import type { Period } from '@hub/kernel';
import type { Indicator } from '@hub/registry/domain';
import type { Limits } from '@hub/statistics';
import { exactLimitsOf, exactValueOf, type Benchmark, type Coverage, type ShownFigure } from './benchmark';

/** One period of a line. */
export interface HistoryPoint {
  readonly period: string;
  /** Null where nothing of the period is published, or nothing that this reader may see. */
  readonly figure: ShownFigure | null;
  readonly limits: Limits | null;
  readonly base: number | null;
  /** Who stands in the region's figure; null for an authority, and where there is none. */
  readonly coverage: Coverage | null;
}

/** One authority, or the region, over time; oldest first. */
export interface Line {
  /** Null: the region. */
  readonly authority: string | null;
  readonly points: readonly HistoryPoint[];
}

/** A period and what is seen of it. */
export interface Seen {
  readonly period: Period;
  readonly benchmark: Benchmark | null;
}

/**
 * The lines of a history: of each authority that is shown by name, in the order of the newest period, and of the region
 * last. A period in which there is nothing to show is a gap, never a nought.
 * @param seen  oldest first, one for each period
 */
export function linesOf(seen: readonly Seen[]): Line[] {
  const named = new Set<string>();
  for (const { benchmark } of [...seen].reverse()) {
    for (const { authority } of benchmark?.authorities ?? []) if (authority !== null) named.add(authority);
  }
  const lines = [...named].map((authority) => ({
    authority,
    points: seen.map(
      ({ period, benchmark }) =>
        new Point(
          period,
          benchmark?.authorities.find((each) => each.authority === authority),
        ),
    ),
  }));
  const region = seen.map(
    ({ period, benchmark }) =>
      new Point(
        period,
        benchmark && {
          figure: benchmark.region,
          base: benchmark.regionBase,
          coverage: benchmark.coverage,
          get limits() {
            return benchmark.regionLimits;
          },
        },
      ),
  );
  return [...lines, { authority: null, points: region }];
}

/** What is shown of one period. */
type Shown = Pick<HistoryPoint, 'figure' | 'limits' | 'base'> & { readonly coverage?: Coverage };

/**
 * A point of what is shown of one period, or a gap. Limits are computed where they are read: patterns and changes read none. A class,
 * for a getter of its own makes every object ten times as large; a copy by `...` has no limits.
 */
class Point implements HistoryPoint {
  readonly period: string;
  readonly figure: ShownFigure | null;
  readonly base: number | null;
  readonly coverage: Coverage | null;
  readonly #shown: Shown | null | undefined;

  constructor({ text }: Period, shown: Shown | null | undefined) {
    this.#shown = shown;
    this.period = text;
    this.figure = shown?.figure ?? null;
    this.base = shown?.base ?? null;
    this.coverage = shown?.coverage ?? null;
  }
  get limits(): Limits | null {
    return this.#shown?.limits ?? null;
  }
}

/** A point before it is rounded. */
export function exactOf({ figure, base }: HistoryPoint, indicator: Indicator) {
  return {
    value: figure && exactValueOf(figure, base, indicator),
    limits: figure && exactLimitsOf(figure, base, indicator),
  };
}
