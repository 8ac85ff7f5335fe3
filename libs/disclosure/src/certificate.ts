import { fits, suffices, viewOf } from './knowledge';
import type { Certificate, Exposure, Problem, Release } from './problem';

/** What a check of a certificate says. */
export interface CertificateVerdict {
  readonly status: 'safe' | 'exposed';
  /** The pairs that the certificate does not show to be safe; none when `safe`. */
  readonly exposed: readonly Exposure[];
}

/**
 * Checks a certificate by addition alone, without a solver and without anything that made it: for every attacker and
 * every sensitive cell that it does not know itself there must be two tables that fit what it knows and differ there
 * by as much as the policy demands.
 * The problem is taken as parsed (its values meet its equations).
 */
export function checkCertificate(problem: Problem, release: Release, certificate: Certificate): CertificateVerdict {
  const view = viewOf(problem, release);
  const byName = new Map(view.attackers.map((attacker) => [attacker.name, attacker]));
  // The tables, each with the verdict under either reading of what the attacker was told.
  const tables = certificate.witnesses.map(({ attacker: name, values: written }) => {
    const attacker = byName.get(name);
    const values = new Map<number, number>();
    for (const [id, value] of Object.entries(written)) {
      const place = view.placeOf.get(id);
      if (place === undefined) return undefined;
      values.set(place, value);
    }
    if (!attacker || !fits(view, attacker, values, false)) return undefined;
    return { name, values, isTold: view.demands.some(({ isTold }) => isTold) && fits(view, attacker, values, true) };
  });
  const shown = new Set<string>();
  const key = (place: number, name: string, demand: number) => `${demand} ${place} ${name}`;
  for (const { cell, attacker, low, high } of certificate.covers) {
    const place = view.placeOf.get(cell);
    const lowTable = tables[low];
    const highTable = tables[high];
    if (place === undefined || lowTable?.name !== attacker || highTable?.name !== attacker) continue;
    const seen = view.seen[place]!;
    const least = lowTable.values.get(place) ?? seen.cell.value;
    const most = highTable.values.get(place) ?? seen.cell.value;
    view.demands.forEach((demand, at) => {
      if (demand.isTold && !(lowTable.isTold && highTable.isTold)) return;
      if (suffices(demand, seen, least, most)) shown.add(key(place, attacker, at));
    });
  }
  const missing: Exposure[] = [];
  for (const { cell, place, isHidden, isProtected } of view.seen) {
    if (!isProtected) continue;
    for (const { name, knows } of view.attackers) {
      if (knows.has(place)) continue;
      if (!isHidden) missing.push({ id: cell.id, attacker: name, interval: [cell.value, cell.value] });
      else if (!view.demands.every((_, at) => shown.has(key(place, name, at)))) {
        missing.push({ id: cell.id, attacker: name, interval: [null, null] });
      }
    }
  }
  return { status: missing.length === 0 ? 'safe' : 'exposed', exposed: missing };
}
