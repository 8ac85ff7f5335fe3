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

/** Of the tables that name a cell the first with the lowest count and the first with the highest, and these counts. */
interface Ends {
  low: number;
  lowest: number;
  high: number;
  highest: number;
  /** How many of the first tables name it, one after the other. */
  run: number;
}

/** Some tables of one attacker, by their numbers, which ascend. */
class Tables {
  private readonly all: number[] = [];
  private readonly at = new Map<string, Ends>();

  add(table: number, counts: Reading['counts']): void {
    const before = this.all.push(table) - 1;
    for (const [id, count] of counts) {
      const ends = this.at.get(id);
      if (!ends) {
        this.at.set(id, { low: table, lowest: count, high: table, highest: count, run: before === 0 ? 1 : 0 });
        continue;
      }
      if (count < ends.lowest) [ends.low, ends.lowest] = [table, count];
      if (count > ends.highest) [ends.high, ends.highest] = [table, count];
      if (ends.run === before) ends.run++;
    }
  }

  /**
   * The first table with the lowest count of a cell and the first with the highest.
   * @param truth  what a table has that does not name the cell
   */
  ends(cell: string, truth: number): { low: number; high: number } {
    const ends = this.at.get(cell);
    const still = this.all[ends?.run ?? 0];
    if (!ends) return { low: still ?? -1, high: still ?? -1 };
    return {
      low: still !== undefined && truth < ends.lowest ? still : ends.low,
      high: still !== undefined && truth > ends.highest ? still : ends.high,
    };
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
  const tablesOf = placesByAttacker(tables);
  const lows = new Int32Array(pairs.length);
  const highs = new Int32Array(pairs.length);
  const isNew = new Uint8Array(pairs.length);
  // One attacker at a time: the tables of all, by cell, would be most of what a large problem takes of memory.
  for (const [attacker, asked] of placesByAttacker(pairs)) {
    const mine = { all: new Tables(), told: new Tables() };
    for (const i of tablesOf.get(attacker)!) {
      const { counts, told } = readingOf(tables[i]!.values);
      mine.all.add(i, counts);
      if (told) mine.told.add(i, counts);
    }
    const seen = new Set<string>();
    for (const at of asked) {
      const { cell, told } = pairs[at]!;
      const { low, high } = (told ? mine.told : mine.all).ends(cell, cellOf.get(cell)!.value);
      const cover = `${low} ${high} ${cell}`;
      if (seen.has(cover)) continue; // one cover for both rules
      seen.add(cover);
      [lows[at], highs[at], isNew[at]] = [low, high, 1];
    }
  }

  const places = [...pairs.keys()].filter((at) => isNew[at] === 1);
  const kept = [...new Set([...places.map((at) => lows[at]!), ...places.map((at) => highs[at]!)])].sort(
    (a, b) => a - b,
  );
  const place = new Map(kept.map((i, at) => [i, at]));
  return {
    v: 1,
    witnesses: kept.map((i) => tables[i]!),
    covers: places.map((at) => ({
      cell: pairs[at]!.cell,
      attacker: pairs[at]!.attacker,
      low: place.get(lows[at]!)!,
      high: place.get(highs[at]!)!,
    })),
  };
}

/** The places of each attacker's entries in a list. */
function placesByAttacker(list: readonly { readonly attacker: string }[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  list.forEach(({ attacker }, at) => {
    const mine = places.get(attacker);
    if (mine) mine.push(at);
    else places.set(attacker, [at]);
  });
  return places;
}
