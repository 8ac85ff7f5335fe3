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
  /** The same before they are rounded; absent where they are not kept. */
  readonly exactLimits?: Limits | null;
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
  const region = seen.map(({ period: { text }, benchmark }) => {
    if (!benchmark) return new Point(text);
    const { region: figure, regionBase: base, regionLimits: limits, coverage } = benchmark;
    return new Point(text, { figure, base, limits }, coverage);
  });
  const gaps = seen.map(({ period }) => new Point(period.text));
  const lines: { readonly authority: string; readonly points: HistoryPoint[] }[] = [];
  for (let i = seen.length - 1; i >= 0; i--) {
    const { period, benchmark } = seen[i]!;
    benchmark?.authorities.forEach((one, place) => {
      const { authority } = one;
      if (authority === null) return;
      // Mostly they are the same in every period, in the same order.
      let line = lines[place]?.authority === authority ? lines[place] : lines.find((of) => of.authority === authority);
      if (!line) lines.push((line = { authority, points: [...gaps] }));
      line.points[i] = new Point(period.text, one);
    });
  }
  return [...lines, { authority: null, points: region }];
}

/** What is shown of one period. */
type Shown = Pick<HistoryPoint, 'figure' | 'limits' | 'exactLimits' | 'base'>;

/**
 * A point of what is shown of one period, or a gap. Limits are computed where they are read: patterns and changes read none. A class,
 * for a getter of its own makes every object ten times as large; a copy by `...` has no limits.
 */
class Point implements HistoryPoint {
  readonly figure: ShownFigure | null;
  readonly base: number | null;
  readonly #shown: Shown | null;

  constructor(
    readonly period: string,
    shown: Shown | null = null,
    readonly coverage: Coverage | null = null,
  ) {
    this.#shown = shown;
    this.figure = shown && shown.figure;
    this.base = shown && shown.base;
  }
  get limits(): Limits | null {
    return this.#shown && this.#shown.limits;
  }
  get exactLimits(): Limits | null | undefined {
    return this.#shown?.exactLimits;
  }
}

/** The 95 % limits of a point before they are rounded; null as `limitsOf`. */
export function exactLimitsAt({ exactLimits, figure, base }: HistoryPoint, indicator: Indicator): Limits | null {
  return exactLimits === undefined ? figure && exactLimitsOf(figure, base, indicator) : exactLimits;
}

/** A point before it is rounded. */
export function exactOf(point: HistoryPoint, indicator: Indicator) {
  const { figure, base } = point;
  return { value: figure && exactValueOf(figure, base, indicator), limits: exactLimitsAt(point, indicator) };
}
