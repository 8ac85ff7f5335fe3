import type { Limits } from './limits';
import { tiles, type Polarity } from './order';

/** In words, how an area stands beside a reference: a judgement where one end is better, an order where neither is. */
export type Comparison = 'better' | 'similar' | 'worse' | 'higher' | 'lower';

/**
 * The area's interval beside the value of the reference (not its interval); an interval that touches it is similar.
 * @returns undefined where there is no interval or no reference: not compared
 * Source: FingertipsNext, the benchmark comparison engine.
 */
export function compare(
  limits: Limits | undefined,
  reference: number | undefined,
  polarity: Polarity,
): Comparison | undefined {
  if (!limits || reference === undefined) return undefined;
  const side = limits.upper < reference ? 'lower' : limits.lower > reference ? 'higher' : 'similar';
  if (side === 'similar' || polarity === 'neutral') return side;
  return side === polarity ? 'better' : 'worse';
}

const quintileNames = {
  higher: ['worst', 'worse', 'middle', 'better', 'best'],
  lower: ['best', 'better', 'middle', 'worse', 'worst'],
  neutral: ['lowest', 'low', 'middle', 'high', 'highest'],
} as const satisfies Record<Polarity, readonly string[]>;
export type Quintile = (typeof quintileNames)[Polarity][number];

/**
 * The fifth of the areas in which each one lies, lowest values first.
 * @returns undefined in every place for fewer than 5 values, and where there is none
 * Source: FingertipsNext, the stored procedure for quintiles.
 */
export const quintiles = (values: readonly (number | undefined)[], polarity: Polarity): (Quintile | undefined)[] =>
  tiles(values, 5).map((tile) => (tile === undefined ? undefined : quintileNames[polarity][tile - 1]));

/** Whether a movement is for the better; neither where neither end is. */
export function judgementOf(direction: 'up' | 'down', polarity: Polarity): 'improvement' | 'concern' | undefined {
  if (polarity === 'neutral') return undefined;
  return (direction === 'up') === (polarity === 'higher') ? 'improvement' : 'concern';
}
