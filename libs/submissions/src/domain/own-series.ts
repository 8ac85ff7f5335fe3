import { Refusal } from '@hub/kernel';
import {
  allSeries,
  breakdownIn,
  indicatorAbsent,
  isAggregated,
  seriesKey,
  unitWords,
  type Dataset,
  type Indicator,
} from '@hub/registry/domain';
import { changeOf, per, tenth } from '@hub/statistics';
import { ownFigures, type OwnFigure, type ReturnedCell } from './own-figures';
import type { CellKind } from './validate';

/** What stands under every answer that holds them. */
export const OWN_HANDLING =
  'Raw figures of your own authority, small numbers and all: for those who work for it. Do not share, print or publish them; what others may see is in the publications.';

/** A return in use, as it was sent. */
export interface OwnReturned {
  readonly period: string;
  readonly version: number;
  readonly dataset: Dataset;
  /** None once the counts have been deleted. */
  readonly cells: readonly ReturnedCell[];
  /** Aged 0 to 17 of the authority in the period; undefined where there is no estimate. */
  readonly children: number | undefined;
  /** What it says of each indicator. */
  readonly comments: ReadonlyMap<string, string>;
}

export interface OwnPoint {
  readonly period: string;
  /** Of the return in use; null where there is none. */
  readonly version: number | null;
  /** null where the return has no such row, or its counts have been deleted. */
  readonly kind: CellKind | null;
  readonly count: number | null;
  /** The denominator; null for a rate. */
  readonly of: number | null;
  /** Rate per 10,000 children of the whole authority, percentage or mean, one decimal. */
  readonly value: number | null;
  /** Against the period just before; null where either has none, and where an own measure's comment is another by now. */
  readonly countChange: number | null;
  /** Likewise, of the values before they are rounded; one decimal. */
  readonly valueChange: number | null;
}

/** The total of an indicator, or one category of it, in every period. */
export interface OwnLine {
  readonly dimension: string | null;
  readonly category: string | null;
  readonly points: readonly OwnPoint[];
}

export interface OwnSeries {
  readonly indicator: { readonly code: string; readonly name: string };
  readonly unit: string;
  /** The newest first; `since`: the first of these periods from which on it said so. */
  readonly comments: readonly { readonly since: string; readonly text: string }[];
  /** The total, then its categories in the order of the dataset; those alone that some return gives. */
  readonly lines: readonly OwnLine[];
}

/** Which breakdown is wanted; nothing: all of them. The total stands beside it. */
export interface OwnBreakdown {
  readonly dimension?: string;
  readonly category?: string;
}

/**
 * An authority's own figures over periods, as it sent them: nothing is hidden, and nothing of others is in them.
 * @param versions  of the dataset, the newest first
 * @param periods   one after the other, the oldest first; the first one is there for the changes of the second alone
 * @param returns   at most one for each period
 * @param wanted    codes of indicators; those of which no return gives anything are left out
 */
export function ownSeries(
  versions: readonly Dataset[],
  periods: readonly string[],
  returns: readonly OwnReturned[],
  wanted: readonly string[],
  breakdown: OwnBreakdown = {},
): OwnSeries[] {
  const given = periods.map((period): Given => {
    const returned = returns.find((one) => one.period === period);
    const figures = returned ? ownFigures(returned.dataset, returned.cells, returned.children) : [];
    const keyOf = ({ indicator, categories }: OwnFigure) => seriesKey(indicator, categories, 'count');
    return { period, returned, figures: new Map(figures.map((one) => [keyOf(one), one])) };
  });
  const [, ...shown] = given;
  return wanted.flatMap((code) => {
    const indicator = indicatorOf(versions, code);
    if (!indicator) return [];
    const lines = placesOf(versions, code, breakdown)
      .filter(({ key }) => shown.some(({ figures }) => figures.has(key)))
      .map(({ key, ...place }) => ({ ...place, points: pointsOf(given, key, indicator) }));
    if (!lines.length) return [];
    const { name, unit } = indicator;
    return [{ indicator: { code, name }, unit: unitWords[unit], comments: commentsOn(code, shown), lines }];
  });
}

/** As the newest version has it; undefined where none has. */
const indicatorOf = (versions: readonly Dataset[], code: string): Indicator | undefined =>
  versions.flatMap(({ indicators }) => indicators).find((one) => one.code === code);

/**
 * Codes of the indicators that are asked for, in the order of the dataset.
 * @param named  all that there are when null: with a breakdown those that have it
 * @throws Refusal INDICATOR_ABSENT for one that is none or has no such breakdown, with the code that was probably meant; for a
 *   breakdown that none has, and a category without its dimension
 */
export function indicatorsWanted(
  versions: readonly Dataset[],
  named: readonly string[] | null,
  { dimension, category }: OwnBreakdown,
): string[] {
  const known = versions.flatMap(({ indicators }) => indicators);
  const all = [...new Set(known.map(({ code }) => code))];
  const unknown = named?.find((code) => !all.includes(code));
  if (unknown !== undefined) throw indicatorAbsent(unknown, known);
  const wanted = all.filter((code) => named?.includes(code) ?? true);
  if (dimension === undefined && category === undefined) return wanted;
  const broken = new Set(
    versions.flatMap(allSeries).flatMap(({ indicator, categories }) => {
      const isSo = Object.entries(categories).some(([of, one]) => of === dimension && one === (category ?? one));
      return isSo ? [indicator] : [];
    }),
  );
  const found = wanted.filter((code) => broken.has(code));
  if (!found.length || (named && found.length < wanted.length)) throw new Refusal('INDICATOR_ABSENT');
  return found;
}

/** A period, with what was sent of it. */
interface Given {
  readonly period: string;
  readonly returned: OwnReturned | undefined;
  /** By the key of their series. */
  readonly figures: ReadonlyMap<string, OwnFigure>;
}

/** The total of an indicator, and those of its categories that are wanted, each once. */
function placesOf(versions: readonly Dataset[], code: string, wanted: OwnBreakdown) {
  const places = versions.flatMap((dataset) =>
    allSeries(dataset)
      .filter(({ indicator, measure }) => indicator === code && measure === 'count')
      .map(({ key, categories }) => ({ key, ...breakdownIn(categories) })),
  );
  const isWanted = (one: string | null, asked: string | undefined) => asked === undefined || one === asked;
  return [...new Map(places.map((place) => [place.key, place])).values()].filter(
    ({ dimension, category }) =>
      dimension === null || (isWanted(dimension, wanted.dimension) && isWanted(category, wanted.category)),
  );
}

/** One for each period but the first. */
function pointsOf(given: readonly Given[], key: string, indicator: Indicator): OwnPoint[] {
  return given.slice(1).map(({ period, returned, figures }, i) => {
    const before = given[i]!;
    const figure = figures.get(key);
    const last = countsTheSame(before.returned, returned, indicator) ? before.figures.get(key) : undefined;
    const change = changeOf(exactOf(figure, indicator, returned), exactOf(last, indicator, before.returned));
    return {
      period,
      version: returned?.version ?? null,
      kind: figure?.kind ?? null,
      count: figure?.count ?? null,
      of: figure?.of ?? null,
      value: figure?.value ?? null,
      countChange: changeOf(figure?.count ?? undefined, last?.count ?? undefined) ?? null,
      valueChange: change === undefined ? null : tenth(change),
    };
  });
}

/** The comment on an own measure says what it counts, and which team is which; elsewhere the dataset says so. */
const countsTheSame = (before: OwnReturned | undefined, now: OwnReturned | undefined, { code }: Indicator): boolean =>
  !before || !now || isAggregated(now.dataset) || before.comments.get(code) === now.comments.get(code);

/** A value before it is rounded: the change of two rounded ones may be a tenth off. */
function exactOf(
  figure: OwnFigure | undefined,
  { unit }: Indicator,
  returned: OwnReturned | undefined,
): number | undefined {
  const base = unit === 'per10000' ? returned?.children : figure?.of;
  if (!figure || figure.count === null || !base) return undefined;
  return (figure.count / base) * per[unit];
}

/** What was said, the newest first; what was said again is there once, from its first period on. */
function commentsOn(code: string, shown: readonly Given[]): OwnSeries['comments'] {
  const said = shown.flatMap(({ period: since, returned }) => {
    const text = returned?.comments.get(code);
    return text === undefined ? [] : [{ since, text }];
  });
  return said.filter(({ text }, i) => said[i - 1]?.text !== text).reverse();
}
