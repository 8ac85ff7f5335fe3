import { leastOf, type Certificate, type Problem } from './problem';

type Witness = Certificate['witnesses'][number];
/** A rule to be shown of a pair: of all tables of the attacker, or of those only that fit also what was told. */
export interface Pair {
  readonly cell: string;
  readonly attacker: string;
  readonly told: boolean;
}

/** The counts of a table, and whether they fit also what was told. */
interface Reading {
  readonly counts: readonly (readonly [id: string, count: number])[];
  readonly told: boolean;
}

/** Some tables of one attacker, by their numbers, which ascend. */
class Tables {
  private readonly all: number[] = [];
  private readonly at = new Map<string, { readonly tables: number[]; readonly counts: number[] }>();

  add(table: number, counts: Reading['counts']): void {
    this.all.push(table);
    for (const [id, count] of counts) {
      const known = this.at.get(id);
      if (known) {
        known.tables.push(table);
        known.counts.push(count);
      } else this.at.set(id, { tables: [table], counts: [count] });
    }
  }

  /**
   * The first table with the lowest count of a cell and the first with the highest.
   * @param truth  what a table has that does not name the cell
   */
  ends(cell: string, truth: number): { low: number; high: number } {
    const { tables, counts } = this.at.get(cell) ?? { tables: [], counts: [] };
    // The first table that does not name the cell: the first number that these skip.
    const still = this.all.findIndex((table, k) => tables[k] !== table);
    const first = still < 0 ? -1 : this.all[still]!;
    let [low, lowest] = [first, first < 0 ? Infinity : truth];
    let [high, highest] = [first, first < 0 ? -Infinity : truth];
    for (let k = 0; k < tables.length; k++) {
      const [table, count] = [tables[k]!, counts[k]!];
      if (count < lowest || (count === lowest && table < low)) [low, lowest] = [table, count];
      if (count > highest || (count === highest && table < high)) [high, highest] = [table, count];
    }
    return { low, high };
  }
}

/**
 * The one certificate that these tables make: for each pair the first of the attacker's tables with the lowest count of
 * the cell and the first with the highest; tables that are then of no use are left out. In this form no number can be
 * changed without being noticed.
 */
export function certificateOf(problem: Problem, tables: readonly Witness[], pairs: readonly Pair[]): Certificate {
  const cellOf = new Map(problem.cells.map((cell) => [cell.id, cell]));
  // Many tables have the same counts: those are read once.
  const readings = new Map<Witness['values'], Reading>();
  const readingOf = (values: Witness['values']): Reading => {
    let reading = readings.get(values);
    if (!reading) readings.set(values, (reading = { counts: Object.entries(values), told: fitsTold(values) }));
    return reading;
  };
  const fitsTold = (values: Witness['values']) =>
    problem.policy.told &&
    Object.entries(values).every(([id, count]) => {
      const cell = cellOf.get(id)!;
      const least = leastOf(cell, problem.policy);
      if (cell.untold) return true;
      const areZerosSmall = problem.policy.zeros === 'hidden';
      if (cell.value === 0 && !areZerosSmall) return count === 0;
      return cell.value < least ? count >= (areZerosSmall ? 0 : 1) && count < least : count >= least;
    });
  const byAttacker = new Map<string, { all: Tables; told: Tables }>();
  tables.forEach(({ attacker, values }, i) => {
    const mine = byAttacker.get(attacker) ?? { all: new Tables(), told: new Tables() };
    byAttacker.set(attacker, mine);
    const { counts, told } = readingOf(values);
    mine.all.add(i, counts);
    if (told) mine.told.add(i, counts);
  });

  const covers = new Map<string, Certificate['covers'][number]>();
  for (const { cell, attacker, told } of pairs) {
    const mine = byAttacker.get(attacker)!;
    const ends = (told ? mine.told : mine.all).ends(cell, cellOf.get(cell)!.value);
    covers.set(`${cell}\n${attacker}\n${ends.low}\n${ends.high}`, { cell, attacker, ...ends });
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
