import { leastOf, type Certificate, type Problem } from './problem';

type Witness = Certificate['witnesses'][number];
/** A rule to be shown of a pair: of all tables of the attacker, or of those only that fit also what was told. */
export interface Pair {
  readonly cell: string;
  readonly attacker: string;
  readonly told: boolean;
}

/**
 * The one certificate that these tables make: for each pair the first of the attacker's tables with the lowest count of
 * the cell and the first with the highest; tables that are then of no use are left out. In this form no number can be
 * changed without being noticed.
 */
export function certificateOf(problem: Problem, tables: readonly Witness[], pairs: readonly Pair[]): Certificate {
  const cellOf = new Map(problem.cells.map((cell) => [cell.id, cell]));
  const fitsTold = ({ values }: Witness) =>
    Object.entries(values).every(([id, count]) => {
      const cell = cellOf.get(id)!;
      const least = leastOf(cell, problem.policy);
      if (cell.value === 0) return count === 0;
      return cell.value < least ? count >= 1 && count < least : count >= least;
    });
  const told = new Set<number>();
  const byAttacker = new Map<string, { all: number[]; told: number[]; at: Map<string, number[]> }>();
  tables.forEach((table, i) => {
    const mine = byAttacker.get(table.attacker) ?? { all: [], told: [], at: new Map<string, number[]>() };
    byAttacker.set(table.attacker, mine);
    mine.all.push(i);
    if (problem.policy.told && fitsTold(table)) {
      told.add(i);
      mine.told.push(i);
    }
    for (const id of Object.keys(table.values)) {
      const list = mine.at.get(id);
      if (list) list.push(i);
      else mine.at.set(id, [i]);
    }
  });

  const covers = new Map<string, Certificate['covers'][number]>();
  for (const { cell, attacker, told: isTold } of pairs) {
    const mine = byAttacker.get(attacker)!;
    const list = isTold ? mine.told : mine.all;
    const own = mine.at.get(cell) ?? [];
    const moving = isTold ? own.filter((i) => told.has(i)) : own;
    const still = list.find((i, at) => moving[at] !== i);
    const count = (i: number) => tables[i]!.values[cell] ?? cellOf.get(cell)!.value;
    const candidates = [...moving, ...(still === undefined ? [] : [still])].sort((a, b) => a - b);
    const end = (sign: number) => candidates.reduce((best, i) => (sign * (count(i) - count(best)) > 0 ? i : best));
    const cover = { cell, attacker, low: end(-1), high: end(1) };
    covers.set(JSON.stringify(cover), cover);
  }

  const kept = [...new Set([...covers.values()].flatMap(({ low, high }) => [low, high]))].sort((a, b) => a - b);
  const place = new Map(kept.map((i, at) => [i, at]));
  return {
    v: 1,
    witnesses: kept.map((i) => tables[i]!),
    covers: [...covers.values()].map((cover) => ({
      ...cover,
      low: place.get(cover.low)!,
      high: place.get(cover.high)!,
    })),
  };
}
