import { parsePeriod, periodInWords } from '@hub/kernel';
import type { EnglandFigures, Indicator } from '@hub/registry/domain';
import { percentage, ratePer10000 } from '@hub/statistics';

/** The region's counts beside them are exact: a difference of a few is none. */
export const ROUNDED = 'made of counts that are published rounded to 10';

/** What is published for England beside a benchmark: public, and so no function of anything that is protected. */
export interface EnglandFigure {
  readonly count: number;
  readonly of: number;
  readonly value: number;
  readonly period: string;
  /** Who published it, and in which collection. */
  readonly source: string;
  /** In words: who published it, and that it is not the hub's. */
  readonly text: string;
}

/**
 * England's published figure of an indicator.
 * @param categories  only of totals is there one
 * @returns null where the Department's figure is not in the hub's file
 */
export function englandOf(
  { figures }: EnglandFigures,
  { code, unit, nationallyPublished }: Pick<Indicator, 'code' | 'unit' | 'nationallyPublished'>,
  categories: Readonly<Record<string, string>>,
  period: string,
): EnglandFigure | null {
  const found = figures.find((one) => one.indicator === code && one.period === period);
  if (!found || unit === 'mean' || Object.keys(categories).length) return null;
  const { count, of } = found;
  const value = (unit === 'per10000' ? ratePer10000 : percentage)(count, of)!;
  const source = nationallyPublished ? nationallyPublished.by : 'Department for Education';
  const text = `England, ${periodInWords(parsePeriod(period))}: a public figure of the ${source}, ${ROUNDED}; not collected by the hub.`;
  return { count, of, value, period, source, text };
}
