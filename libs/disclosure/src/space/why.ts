import type { Cover, Rule } from '../cover';
import type { Space } from './space';
import { SMALL } from './view';

/**
 * Printed cells of which at least one has to be hidden before a rule can be met at a cell before one attacker: what linear
 * programming proves of the moves among the hidden cells.
 * @returns undefined where it proves nothing: then only fractions meet the rule
 */
export function whyNot(space: Space, { part }: Cover, cell: number, rule: Rule): number[] | undefined {
  if (!rule.wide) {
    const ways = ([1, -1] as const).map((direction) => space.why(cell, direction, 1, rule.told));
    if (ways.some(({ bound }) => bound >= 1 - SMALL)) return undefined;
    return [...new Set(ways.flatMap(({ cells }) => cells))];
  }
  const least = part.least[cell]!;
  const value = part.value[cell]!;
  const up = space.why(cell, 1, Math.max(least - value, least - 1), rule.told);
  const down = space.why(cell, -1, -part.down[cell]!, rule.told);
  const [upTo, downTo] = [up, down].map(({ bound }) => Math.floor(bound + SMALL)) as [number, number];
  if (value + upTo < least) return up.cells;
  return upTo + downTo < least - 1 ? [...new Set([...up.cells, ...down.cells])] : undefined;
}
