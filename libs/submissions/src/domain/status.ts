import { addDays, londonDate } from '@hub/kernel';
import { parseSeriesKey, seriesKey, type Dataset } from '@hub/registry/domain';

/** What an authority has said of an indicator: 0 is a confirmed nil, and nothing is nothing. */
export const indicatorStates = ['reported', 'confirmedNil', 'missing'] as const;
export type IndicatorState = (typeof indicatorStates)[number];

/** How one indicator of an authority's own return stands. */
export interface IndicatorStanding {
  readonly indicator: string;
  readonly state: IndicatorState;
  /** Whether there is a count, nil or not; false too where it was said to be not collected, applicable or available. */
  readonly counted: boolean;
  /** What the dataset asks for and the return does not give: the total, `RF01`, and breakdowns, `RF01|source`. */
  readonly expected: readonly string[];
}

/** One cell of a return, as far as its status asks. */
export interface CellStanding {
  /** Key of a series. */
  readonly series: string;
  /** false: a status instead of a count. */
  readonly counted: boolean;
  readonly nil: boolean;
}

/**
 * Every indicator of the dataset, in its order, as the authority's own return leaves it.
 * @param cells  of the return in use; none where there is no return
 */
export function standingsOfReturn(dataset: Dataset, cells: readonly CellStanding[]): IndicatorStanding[] {
  const totals = new Map(cells.map((cell) => [cell.series, cell]));
  const broken = new Set(
    cells.flatMap(({ series }) => {
      const { indicator, categories } = parseSeriesKey(series);
      return Object.keys(categories).map((dimension) => `${indicator}|${dimension}`);
    }),
  );
  return dataset.indicators.map(({ code, breakdowns }) => {
    const total = totals.get(seriesKey(code, {}, 'count'));
    const places = breakdowns.map(({ dimension }) => `${code}|${dimension}`).filter((place) => !broken.has(place));
    if (!total) return { indicator: code, state: 'missing', counted: false, expected: [code, ...places] };
    const { counted, nil } = total;
    // What is not counted has no parts either.
    return { indicator: code, state: nil ? 'confirmedNil' : 'reported', counted, expected: counted ? places : [] };
  });
}

/**
 * For how many indicators a return gives a count. A nil counts like any other number, so that who learns this learns
 * nothing of what was counted.
 */
export const indicatorsCounted = (cells: readonly Pick<CellStanding, 'series' | 'counted'>[]): number =>
  cells.filter(({ series, counted }) => counted && /^[^|#]+#count$/.test(series)).length;

/**
 * Whether a return is late against its soft due date, which ends at London midnight.
 * @param firstReceived  when the authority first sent what has stood since; null while there is nothing
 */
export const isLate = (due: string, firstReceived: Date | null, now: Date): boolean =>
  londonDate(firstReceived ?? now) > due;

/** Since which day those who have sent nothing are late: the one after the soft due date; null until it has come. */
export const lateSince = (due: string, now: Date): string | null => (isLate(due, null, now) ? addDays(due, 1) : null);
