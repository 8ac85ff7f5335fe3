import type { Indicator } from '@hub/registry/domain';
import { valueOver, type ShownFigure } from './shown';

/** Over a base under this a share says nothing that the counts do not: 1 to 10 of 14 is anything. */
const LEAST_BASE = 30;

/**
 * What may be said beside a hidden figure, in words: `1 to 11 of 489, so 0.2 to 2.2 %`; the counts alone over a base of few;
 * `1 or more` where the print leaves no end. Made of what is printed, as is the interval itself.
 * @param base  what the count is divided by, in the indicator's own numbers: the printed denominator, or the children; null
 *   where it is not printed
 * @returns null for a figure that is not hidden, or of which no interval is shown
 */
export function saidOf(
  { kind, between }: Pick<ShownFigure, 'kind' | 'between'>,
  base: number | null,
  indicator: Pick<Indicator, 'unit' | 'decimals'>,
): string | null {
  const { unit } = indicator;
  if (kind !== 'hidden' || !between) return null;
  const [least, most] = between as readonly [number, number?];
  const number = (n: number) => n.toLocaleString('en-GB');
  const counts = most === undefined ? `${number(least)} or more` : `${number(least)} to ${number(most)}`;
  const of = base === null || unit === 'per10000' ? '' : ` ${unit === 'mean' ? 'over' : 'of'} ${number(base)}`;
  if (base === null || base < LEAST_BASE || most === undefined) return `${counts}${of}`;
  const at = (count: number) => number(valueOver(count, base, indicator)!);
  const ends = { per10000: ' per 10,000', percent: ' %', mean: ' on average' }[unit];
  return `${counts}${of}, so ${at(least)} to ${at(most)}${ends}`;
}
