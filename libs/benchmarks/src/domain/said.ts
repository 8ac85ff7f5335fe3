import type { Period } from '@hub/kernel';
import { figureInWords } from '@hub/publications/domain';
import type { Indicator } from '@hub/registry/domain';
import { valueOver, withinInWords, type AuthorityFigure, type ShownFigure } from './shown';

/** Over a base under this a share says nothing that the counts do not: 1 to 10 of 14 is anything. */
const LEAST_BASE = 30;

const number = (n: number) => n.toLocaleString('en-GB');
const names = { per10000: 'rate', percent: 'percentage', mean: 'average' } as const;

/**
 * The value that is made of a printed count, in words: `150.1 per 10,000 children in the quarter (95% limits 142.3 to 158.2), of 9,412
 * children, mid-year estimate of 2024`; `25.3 % of 489 (95% limits 21.6 to 29.4)`; or why there is none.
 * @returns null for a figure that is not printed
 */
export function valueInWords(
  { figure, base, limits }: Pick<AuthorityFigure, 'figure' | 'base' | 'limits'>,
  indicator: Indicator,
  period: Pick<Period, 'kind'>,
): string | null {
  const { kind, count, value, valueKind, population } = figure;
  if (kind !== 'value') return null;
  const { unit } = indicator;
  if (value === null)
    return `no ${names[unit]}: what it would be of is ${valueKind === 'value' ? 'not told' : figureInWords(valueKind, undefined, 0)}`;
  // A few of very many: the number is not none.
  const made = value === 0 && count ? 'under 0.05' : number(value);
  const within = limits ? ` (95% limits ${number(limits.lower)} to ${number(limits.upper)})` : '';
  if (unit === 'per10000') {
    const of = population
      ? `, of ${number(population.children)} children, mid-year estimate of ${population.year}`
      : '';
    return `${made} per 10,000 children${withinInWords(indicator, period)}${within}${of}`;
  }
  const of = base === null ? '' : ` ${unit === 'mean' ? 'over' : 'of'} ${number(base)}`;
  return `${made}${unit === 'mean' ? ' on average' : ' %'}${of}${within}`;
}

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
  const counts = most === undefined ? `${number(least)} or more` : `${number(least)} to ${number(most)}`;
  const of = base === null || unit === 'per10000' ? '' : ` ${unit === 'mean' ? 'over' : 'of'} ${number(base)}`;
  if (base === null || base < LEAST_BASE || most === undefined) return `${counts}${of}`;
  const at = (count: number) => number(valueOver(count, base, indicator)!);
  const ends = { per10000: ' per 10,000', percent: ' %', mean: ' on average' }[unit];
  return `${counts}${of}, so ${at(least)} to ${at(most)}${ends}`;
}
