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

/** A count that a table gives to a cell, where it is not the true one. */
interface Entry {
  readonly table: number;
  readonly count: number;
  readonly isTold: boolean;
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
  readonly entries: Map<number, Entry[]>;
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
    byCell.set(cell, [...(byCell.get(cell) ?? []), [low, high]]);
    used.add(low).add(high);
  }
  if (certificate.witnesses.some((_, table) => !used.has(table))) faults.push('a table is without a cover');

  const pairs: Exposure[] = [];
  const missing: Exposure[] = [];
  let struck = 0;
  reading.cells.forEach(({ id, value }, place) => {
    if (!reading.guarded[place]) return;
    for (const { name, knows } of reading.attackers) {
      if (knows[place]) continue;
      const printed = reading.hidden[place] ? null : value;
      const pair: Exposure = { id, attacker: name, interval: [printed, printed] };
      pairs.push(pair);
      const covers = written.get(name)?.get(id) ?? [];
      let isShown = printed === null;
      let last: Ends | undefined;
      for (const demand of demands) {
        const ends = endsOf(reading, tables.get(name), place, demand);
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
      if (!isShown) missing.push(pair);
    }
  });
  if (struck < certificate.covers.length) faults.push('a cover is not one that the tables give');

  const fault = faults[0];
  if (fault !== undefined) return { status: 'exposed', exposed: pairs, fault };
  return { status: missing.length === 0 ? 'safe' : 'exposed', exposed: missing };
}

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
  const { cells, placeOf, hidden, guarded, floor, least, rows, rowsAt, attackers } = reading;
  const knowsOf = new Map(attackers.map(({ name, knows }) => [name, knows]));
  const asksTold = demands.some(({ isTold }) => isTold);
  const tables = new Map<string, Tables>();
  /** How far the sum of a row moves; back to nothing after each table. */
  const moved = new Float64Array(rows.length);

  certificate.witnesses.forEach(({ attacker, values }, table) => {
    const wrong = (words: string) => void faults.push(`table ${table} ${words}`);
    const knows = knowsOf.get(attacker);
    if (!knows) return wrong('is of an attacker whom nobody named');
    const mine = tables.get(attacker) ?? { all: [], told: [], entries: new Map<number, Entry[]>() };
    tables.set(attacker, mine);
    const changed: { place: number; count: number }[] = [];
    const touched = new Set<number>();
    for (const [id, count] of Object.entries(values)) {
      const place = placeOf.get(id);
      if (place === undefined) return wrong('names an unknown cell');
      const { value } = cells[place]!;
      if (!Number.isSafeInteger(count)) return wrong('holds a count that is not whole');
      if (count === value) return wrong('names a cell that does not differ');
      if (!hidden[place] || knows[place]) return wrong('changes a count that its attacker knows');
      if (count < floor[place]!) return wrong('holds a count that everyone knows to be too low');
      changed.push({ place, count });
      for (const [row] of rowsAt[place]!) touched.add(row);
    }
    for (const { place, count } of changed) {
      for (const [row, coefficient] of rowsAt[place]!) moved[row]! += coefficient * (count - cells[place]!.value);
    }
    let isBroken = false;
    for (const row of touched) {
      const { now, lo, hi } = rows[row]!;
      const sum = now + moved[row]!;
      if (!Number.isSafeInteger(moved[row]) || !Number.isSafeInteger(sum) || sum < lo || sum > hi) isBroken = true;
      moved[row] = 0;
    }
    if (isBroken) return wrong('breaks an equation or range');
    const isTold =
      asksTold &&
      changed.every(({ place, count }) => {
        const { value } = cells[place]!;
        if (value === 0) return false;
        return value < least[place]! ? count >= 1 && count < least[place]! : count >= least[place]!;
      });
    mine.all.push(table);
    if (isTold) mine.told.push(table);
    for (const { place, count } of changed) {
      if (!guarded[place]) continue;
      const entries = mine.entries.get(place);
      if (entries) entries.push({ table, count, isTold });
      else mine.entries.set(place, [{ table, count, isTold }]);
    }
  });
  return tables;
}

/** The first table with the lowest count of a cell and the first with the highest; undefined without any table. */
function endsOf({ cells }: Reading, tables: Tables | undefined, place: number, demand: Demand): Ends | undefined {
  const list = (demand.isTold ? tables?.told : tables?.all) ?? [];
  const entries = (tables?.entries.get(place) ?? []).filter(({ isTold }) => isTold || !demand.isTold);
  const candidates: { table: number; count: number }[] = [...entries];
  // Both lists ascend. The first table that leaves the cell alone stands for the true count.
  const alone = list.find((table, at) => entries[at]?.table !== table);
  if (alone !== undefined) candidates.push({ table: alone, count: cells[place]!.value });
  if (candidates.length === 0) return undefined;
  const first = (is: (count: number, than: number) => boolean) =>
    candidates.reduce((best, each) =>
      is(each.count, best.count) || (each.count === best.count && each.table < best.table) ? each : best,
    );
  const least = first((count, than) => count < than);
  const most = first((count, than) => count > than);
  return { low: least.table, high: most.table, from: least.count, to: most.count };
}
