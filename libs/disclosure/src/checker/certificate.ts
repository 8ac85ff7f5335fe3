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

/** The tables that give a guarded cell another count than the true one, ascending, with these counts. */
interface Entries {
  readonly tables: number[];
  readonly counts: number[];
  /** Of them those that fit also what was told: 1. */
  readonly told: number[];
}

/** The tables with the lowest and the highest count of a cell, and these counts. */
interface Ends {
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
}

/** The tables of one attacker, in the order of the certificate. */
interface Tables {
  readonly all: number[];
  /** Those of them that fit also what was told; asked for only where a rule needs it. */
  readonly told: number[];
  /** By place of a guarded cell. */
  readonly entries: Map<number, Entries>;
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
    reading.fault === undefined ? tablesOf(reading, certificate, demands, faults) : new Map<string, Tables>();

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
      for (const demand of demands) {
        const ends = endsOf(reading, its, place, demand);
        if (!ends || !suffices(demand, reading.least[place]!, ends)) {
          isShown = false;
          continue;
        }
        if (last && ends.low === last.low && ends.high === last.high) continue; // one cover for both
        last = ends;
        const at = covers.findIndex(([low, high]) => low === ends.low && high === ends.high);
        if (at < 0) isShown = false;
        else {
          covers.splice(at, 1);
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

/** Adds every table up against all that its attacker knows, and sorts them by attacker. */
function tablesOf(
  reading: Reading,
  certificate: Certificate,
  demands: readonly Demand[],
  faults: string[],
): Map<string, Tables> {
  const { attackers, guarded } = reading;
  const knowsOf = new Map(attackers.map(({ name, knows }) => [name, knows]));
  const asksTold = demands.some(({ isTold }) => isTold);
  const tables = new Map<string, Tables>();
  const adder = new Adder(reading);
  certificate.witnesses.forEach(({ attacker, values }, table) => {
    const knows = knowsOf.get(attacker);
    const fault = knows ? adder.add(values, knows) : 'is of an attacker whom nobody named';
    if (fault !== undefined) return void faults.push(`table ${table} ${fault}`);
    let mine = tables.get(attacker);
    if (!mine) tables.set(attacker, (mine = { all: [], told: [], entries: new Map() }));
    const isTold = asksTold && adder.isTold();
    mine.all.push(table);
    if (isTold) mine.told.push(table);
    for (let k = 0; k < adder.many; k++) {
      const place = adder.places[k]!;
      if (!guarded[place]) continue;
      let entries = mine.entries.get(place);
      if (!entries) mine.entries.set(place, (entries = { tables: [], counts: [], told: [] }));
      entries.tables.push(table);
      entries.counts.push(adder.counts[k]!);
      entries.told.push(Number(isTold));
    }
  });
  return tables;
}

/** Adds one table after the other up against all that an attacker knows. */
class Adder {
  /** The cells that the table changes, and their counts in it. */
  readonly places: Int32Array;
  readonly counts: Float64Array;
  many = 0;
  /** How far the sum of each row moves, and the rows that it moves; back to nothing after each table. */
  private readonly moved: Float64Array;
  private readonly isTouched: Uint8Array;
  private readonly touched: Int32Array;

  constructor(private readonly reading: Reading) {
    const { cells, rows } = reading;
    this.places = new Int32Array(cells.length);
    this.counts = new Float64Array(cells.length);
    this.moved = new Float64Array(rows.length);
    this.isTouched = new Uint8Array(rows.length);
    this.touched = new Int32Array(rows.length);
  }

  /** @returns what is wrong with the table, in plain words */
  add(values: Readonly<Record<string, number>>, knows: Uint8Array): string | undefined {
    const { cells, placeOf, hidden, floor } = this.reading;
    this.many = 0;
    for (const id of Object.keys(values)) {
      const count = values[id]!;
      const place = placeOf.get(id);
      if (place === undefined) return 'names an unknown cell';
      if (!Number.isSafeInteger(count)) return 'holds a count that is not whole';
      if (count === cells[place]!.value) return 'names a cell that does not differ';
      if (!hidden[place] || knows[place]) return 'changes a count that its attacker knows';
      if (count < floor[place]!) return 'holds a count that everyone knows to be too low';
      this.places[this.many] = place;
      this.counts[this.many++] = count;
    }
    return this.keepsRows() ? undefined : 'breaks an equation or range';
  }

  private keepsRows(): boolean {
    const { cells, rows, rowStart, rowAt, coefficientAt } = this.reading;
    const { moved, isTouched, touched } = this;
    let rowsTouched = 0;
    for (let k = 0; k < this.many; k++) {
      const place = this.places[k]!;
      const change = this.counts[k]! - cells[place]!.value;
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

  /** Whether the table fits also what was told: of each hidden count whether it is none, small or not small. Hidden zeros are small. */
  isTold(): boolean {
    const { cells, least, fewest } = this.reading;
    for (let k = 0; k < this.many; k++) {
      const place = this.places[k]!;
      const count = this.counts[k]!;
      const { value, untold } = cells[place]!;
      if (untold) continue;
      if (value < fewest) return false;
      if (value < least[place]! ? count < fewest || count >= least[place]! : count < least[place]!) return false;
    }
    return true;
  }
}

/** The first table with the lowest count of a cell and the first with the highest; undefined without any table. */
function endsOf({ cells }: Reading, tables: Tables | undefined, place: number, demand: Demand): Ends | undefined {
  const list = (demand.isTold ? tables?.told : tables?.all) ?? [];
  const entries = tables?.entries.get(place);
  const { value } = cells[place]!;
  let [low, high, from, to] = [-1, -1, Infinity, -Infinity];
  const take = (table: number, count: number) => {
    if (count < from || (count === from && table < low)) [from, low] = [count, table];
    if (count > to || (count === to && table < high)) [to, high] = [count, table];
  };
  // Both lists ascend. The first table that leaves the cell alone stands for the true count.
  let alone = 0;
  for (let k = 0; k < (entries?.tables.length ?? 0); k++) {
    if (demand.isTold && !entries!.told[k]) continue;
    if (entries!.tables[k] === list[alone]) alone++;
    take(entries!.tables[k]!, entries!.counts[k]!);
  }
  if (alone < list.length) take(list[alone]!, value);
  return low < 0 ? undefined : { low, high, from, to };
}
