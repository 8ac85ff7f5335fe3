import type { Certificate, Exposure, Problem, Release } from '../problem';
import { read, type Reading } from './reading';

/** What a check of a certificate says. Holds secrets. */
export interface CertificateVerdict {
  readonly status: 'safe' | 'exposed';
  /** The pairs that the certificate does not show to be safe; none when `safe`. */
  readonly exposed: readonly Exposure[];
  /** What is wrong with the certificate itself, in plain words: it then shows nothing of any pair. */
  readonly fault?: string;
}

/** A rule that every pair of attacker and cell has to meet. */
interface Demand {
  /** The interval must be wide and reach the threshold; otherwise two counts are enough. */
  readonly isWide: boolean;
  /** Only tables count that fit also what was told: of each hidden count whether it is none, small or not small. */
  readonly isTold: boolean;
}

/** The tables with the lowest and the highest count of a cell, and these counts. */
interface Ends {
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
}

/** Those tables of one attacker that count for one demand, in the order of the certificate. */
class Tables {
  private readonly all: number[] = [];
  /** By place of a cell, of the tables that change it: the first with the lowest count and the first with the highest. */
  private readonly low: Int32Array;
  private readonly high: Int32Array;
  private readonly from: Float64Array;
  private readonly to: Float64Array;
  /** How many of the first tables change it, one after the other: the next one leaves it alone. */
  private readonly run: Int32Array;

  constructor(cells: number) {
    this.low = new Int32Array(cells).fill(-1);
    this.high = new Int32Array(cells).fill(-1);
    this.from = new Float64Array(cells).fill(Infinity);
    this.to = new Float64Array(cells).fill(-Infinity);
    this.run = new Int32Array(cells);
  }

  add(table: number, { places, counts }: Changes): void {
    const before = this.all.push(table) - 1;
    for (let k = 0; k < places.length; k++) {
      const place = places[k]!;
      const count = counts[k]!;
      if (count < this.from[place]!) [this.from[place], this.low[place]] = [count, table];
      if (count > this.to[place]!) [this.to[place], this.high[place]] = [count, table];
      if (this.run[place] === before) this.run[place] = before + 1;
    }
  }

  /**
   * The first table with the lowest count of a cell and the first with the highest; undefined without any table.
   * @param truth  the count in tables that leave the cell alone
   */
  ends(place: number, truth: number): Ends | undefined {
    if (this.all.length === 0) return undefined;
    let [low, high, from, to] = [this.low[place]!, this.high[place]!, this.from[place]!, this.to[place]!];
    const alone = this.all[this.run[place]!];
    if (alone !== undefined && truth < from) [low, from] = [alone, truth];
    if (alone !== undefined && truth > to) [high, to] = [alone, truth];
    return { low, high, from, to };
  }
}

/**
 * Checks a certificate by adding and comparing whole numbers; no solver, and nothing shared with what made it but the
 * shape of a problem. For each guarded cell and each attacker who does not know it, the attacker's own tables must give
 * the cell counts as far apart as the policy demands. Every table must fit all that its attacker knows.
 *
 * One release and one set of tables have one certificate: a table names only what differs from the truth, each pair has
 * one cover for each rule (one for both where they are the same), `low` is the first of the attacker's tables with the
 * lowest count and `high` the first with the highest, and no table is without a cover. So a certificate in which any
 * number was changed is another one, and does not hold.
 */
export function checkCertificate(problem: Problem, release: Release, certificate: Certificate): CertificateVerdict {
  const reading = read(problem, release);
  const demands = demandsOf(problem);
  const faults: string[] = reading.fault === undefined ? [] : [reading.fault];
  const tables =
    reading.fault === undefined ? tablesOf(reading, certificate, demands, faults) : new Map<string, Tables[]>();

  // The covers as written; each that is right is struck out.
  const written = new Map<string, Map<string, [low: number, high: number][]>>();
  const used = new Set<number>();
  for (const { cell, attacker, low, high } of certificate.covers) {
    const byCell = written.get(attacker) ?? new Map<string, [number, number][]>();
    written.set(attacker, byCell);
    const covers = byCell.get(cell);
    if (covers) covers.push([low, high]);
    else byCell.set(cell, [[low, high]]);
    used.add(low).add(high);
  }
  if (certificate.witnesses.some((_, table) => !used.has(table))) faults.push('a table is without a cover');

  const attackers = reading.attackers.map((one) => ({
    ...one,
    its: tables.get(one.name),
    written: written.get(one.name),
  }));
  const missing: Exposure[] = [];
  let struck = 0;
  reading.cells.forEach((cell, place) => {
    if (!reading.guarded[place]) return;
    for (const { name, knows, its, written: byCell } of attackers) {
      if (knows[place]) continue;
      const covers = byCell?.get(cell.id) ?? [];
      let isShown = reading.hidden[place] === 1;
      let last: Ends | undefined;
      for (const [at, demand] of demands.entries()) {
        const ends = its?.[at]!.ends(place, cell.value);
        if (!ends || !suffices(demand, reading.least[place]!, ends)) {
          isShown = false;
          continue;
        }
        if (last && ends.low === last.low && ends.high === last.high) continue; // one cover for both
        last = ends;
        const cover = covers.findIndex(([low, high]) => low === ends.low && high === ends.high);
        if (cover < 0) isShown = false;
        else {
          covers.splice(cover, 1);
          struck++;
        }
      }
      if (!isShown) missing.push(pairOf(reading, place, name));
    }
  });
  if (struck < certificate.covers.length) faults.push('a cover is not one that the tables give');

  const fault = faults[0];
  if (fault !== undefined) return { status: 'exposed', exposed: pairsOf(reading), fault };
  return { status: missing.length === 0 ? 'safe' : 'exposed', exposed: missing };
}

function pairOf({ cells, hidden }: Reading, place: number, attacker: string): Exposure {
  const { id, value } = cells[place]!;
  const printed = hidden[place] ? null : value;
  return { id, attacker, interval: [printed, printed] };
}

/** Every guarded cell with each attacker who does not know it. */
const pairsOf = (reading: Reading): Exposure[] =>
  reading.cells.flatMap((_, place) =>
    reading.guarded[place]
      ? reading.attackers.flatMap(({ name, knows }) => (knows[place] ? [] : [pairOf(reading, place, name)]))
      : [],
  );

/** Someone who was told thinks fewer tables possible: two counts left to them are left to everybody. */
function demandsOf({ policy: { protect, told } }: Problem): Demand[] {
  if (protect === 'exact') return [{ isWide: false, isTold: told }];
  return [{ isWide: true, isTold: false }, ...(told ? [{ isWide: false, isTold: true }] : [])];
}

const suffices = ({ isWide }: Demand, least: number, { from, to }: { from: number; to: number }): boolean =>
  isWide ? to - from >= least - 1 && to >= least : to > from;

/** Adds every table up against all that its attacker knows, and sorts them by attacker and demand. */
function tablesOf(
  reading: Reading,
  { witnesses }: Certificate,
  demands: readonly Demand[],
  faults: string[],
): Map<string, Tables[]> {
  const { attackers, cells } = reading;
  const knowsOf = new Map(attackers.map(({ name, knows }) => [name, knows]));
  const tables = new Map<string, Tables[]>();
  const adder = new Adder(reading);
  // Where many attackers have one table, it is added up once.
  const isShared = new Set(witnesses.map(({ values }) => values)).size < witnesses.length / 2;
  const added = new Map<Witness['values'], Changes | string>();
  witnesses.forEach(({ attacker, values }, table) => {
    const changes = added.get(values) ?? adder.add(values);
    if (isShared) added.set(values, changes);
    const knows = knowsOf.get(attacker);
    const fault = knows ? faultOf(changes, knows) : 'is of an attacker whom nobody named';
    if (typeof changes === 'string' || fault !== undefined) return void faults.push(`table ${table} ${fault}`);
    let mine = tables.get(attacker);
    if (!mine) tables.set(attacker, (mine = demands.map(() => new Tables(cells.length))));
    demands.forEach(({ isTold }, at) => {
      if (!isTold || changes.isTold) mine[at]!.add(table, changes);
    });
  });
  return tables;
}

type Witness = Certificate['witnesses'][number];

/** What a table changes that keeps every equation and range. */
interface Changes {
  readonly places: Int32Array;
  /** What each of them has in the table. */
  readonly counts: Float64Array;
  /** Whether it fits also what was told: of each hidden count whether it is none, small or not small. Hidden zeros are small. */
  readonly isTold: boolean;
}

/** What is wrong with a table before the eyes of one attacker, in plain words. */
function faultOf(changes: Changes | string, knows: Uint8Array): string | undefined {
  if (typeof changes === 'string') return changes;
  for (let k = 0; k < changes.places.length; k++)
    if (knows[changes.places[k]!]) return 'changes a count that its attacker knows';
  return undefined;
}

/** Adds one table after the other up. */
class Adder {
  /** How far the sum of each row moves, and the rows that it moves; back to nothing after each table. */
  private readonly moved: Float64Array;
  private readonly isTouched: Uint8Array;
  private readonly touched: Int32Array;

  constructor(private readonly reading: Reading) {
    const { rows } = reading;
    this.moved = new Float64Array(rows.length);
    this.isTouched = new Uint8Array(rows.length);
    this.touched = new Int32Array(rows.length);
  }

  /** @returns what is wrong with the table, in plain words, where something is */
  add(values: Witness['values']): Changes | string {
    const { cells, placeOf, hidden, floor } = this.reading;
    const ids = Object.keys(values);
    const places = new Int32Array(ids.length);
    const counts = new Float64Array(ids.length);
    for (const [k, id] of ids.entries()) {
      const count = values[id]!;
      const place = placeOf.get(id);
      if (place === undefined) return 'names an unknown cell';
      if (!Number.isSafeInteger(count)) return 'holds a count that is not whole';
      if (count === cells[place]!.value) return 'names a cell that does not differ';
      if (!hidden[place]) return 'changes a count that its attacker knows';
      if (count < floor[place]!) return 'holds a count that everyone knows to be too low';
      places[k] = place;
      counts[k] = count;
    }
    if (!this.keepsRows(places, counts)) return 'breaks an equation or range';
    return { places, counts, isTold: this.isTold(places, counts) };
  }

  private keepsRows(places: Int32Array, counts: Float64Array): boolean {
    const { cells, rows, rowStart, rowAt, coefficientAt } = this.reading;
    const { moved, isTouched, touched } = this;
    let rowsTouched = 0;
    for (let k = 0; k < places.length; k++) {
      const place = places[k]!;
      const change = counts[k]! - cells[place]!.value;
      for (let e = rowStart[place]!; e < rowStart[place + 1]!; e++) {
        const row = rowAt[e]!;
        if (!isTouched[row]) {
          isTouched[row] = 1;
          touched[rowsTouched++] = row;
        }
        // What is not exact becomes NaN, and stays it.
        const step = coefficientAt[e]! * change;
        const sum = moved[row]! + step;
        moved[row] = Number.isSafeInteger(step) && Number.isSafeInteger(sum) ? sum : NaN;
      }
    }
    let keeps = true;
    for (let k = 0; k < rowsTouched; k++) {
      const row = touched[k]!;
      const { now, lo, hi } = rows[row]!;
      const sum = now + moved[row]!;
      if (!Number.isSafeInteger(sum) || sum < lo || sum > hi) keeps = false;
      moved[row] = 0;
      isTouched[row] = 0;
    }
    return keeps;
  }

  private isTold(places: Int32Array, counts: Float64Array): boolean {
    const { cells, least, fewest } = this.reading;
    for (let k = 0; k < places.length; k++) {
      const place = places[k]!;
      const count = counts[k]!;
      const { value, untold } = cells[place]!;
      if (untold) continue;
      if (value < fewest) return false;
      if (value < least[place]! ? count < fewest || count >= least[place]! : count < least[place]!) return false;
    }
    return true;
  }
}
