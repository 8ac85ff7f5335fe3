import type { Cover, Rule } from '../cover';
import { changeAt, type Move } from '../moves';
import type { Space } from './space';
import { SMALL } from './view';

/**
 * Moves of hidden cells after which one attacker cannot break a rule at a cell.
 * @param turns  how often a way that ends in fractions is gone again in another order
 * @returns undefined where it is proved that there are none; `unknown` where only fractions were found
 */
export function lookIn(
  space: Space,
  cover: Cover,
  cell: number,
  rule: Rule,
  bit: number,
  turns = 0,
): Move[] | undefined | 'unknown' {
  if (!rule.wide) {
    for (let turn = 0; turn <= turns; turn++) {
      let bound = 0;
      for (const direction of [1, -1] as const) {
        const reach = space.reach(cell, direction, 1, rule.told, turn);
        if (reach.move) return [reach.move];
        bound = Math.max(bound, reach.bound);
      }
      if (bound < 1 - SMALL) return undefined;
    }
    return 'unknown';
  }
  const { part } = cover;
  const least = part.least[cell]!;
  const room = -part.down[cell]!;
  let { up, down } = cover.reach(cell, bit);
  const reachLeast = Math.max(0, least - part.value[cell]!);
  const far = Math.max(reachLeast, least - 1 - down);
  let highest = Math.max(up, far);
  let lowest = Math.max(down, room);
  let upwards: Move | undefined;
  let downwards: Move | undefined;
  for (let turn = 0; turn <= turns; turn++) {
    if (up < Math.min(far, highest)) {
      const { bound, move } = space.reach(cell, 1, far, rule.told, turn);
      highest = Math.min(highest, Math.max(up, Math.floor(bound + SMALL)));
      if (highest < reachLeast) return undefined;
      if (move && changeAt(move, cell) > up) {
        upwards = move;
        up = changeAt(move, cell);
      }
      if (up >= far) return upwards ? [upwards] : [];
    }
    if (down < Math.min(room, lowest)) {
      const { bound, move } = space.reach(cell, -1, room, rule.told, turn);
      lowest = Math.min(lowest, Math.max(down, Math.floor(bound + SMALL)));
      if (move && -changeAt(move, cell) > down) {
        downwards = move;
        down = -changeAt(move, cell);
      }
    }
    if (cover.isWide(cell, up, down)) return [upwards, downwards].filter((move) => move !== undefined);
    if (!cover.isWide(cell, highest, lowest)) return undefined;
  }
  return 'unknown';
}
