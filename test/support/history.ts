/** One try of a client. A thing is tried until an answer says what became of it, or is given up. */
export interface Attempt {
  readonly client: string;
  /** What was asked for: the jti of an envelope, or a round to publish. */
  readonly what: string;
  /** Moments on one clock that only goes forward. */
  readonly invoked: number;
  readonly ended: number;
  /** `unknown`: the connection broke, or the answer was 503; it may have happened, and may not. */
  readonly outcome: 'ok' | 'refused' | 'unknown';
  /** What an `ok` gave: a receipt, byte for byte. */
  readonly answer?: string;
}

/** What is there at the end: each thing with its place in the ledger and what it is proved by. */
export interface Found {
  readonly what: string;
  readonly place: number;
  readonly answer: string;
}

function grouped<K, T>(all: readonly T[], by: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group) group.push(one);
    else groups.set(by(one), [one]);
  }
  return groups;
}

/**
 * Whether the hub did what it told its clients, whatever was killed meanwhile: everything acknowledged is there once, with
 * the answer that was given; nothing refused is there; what is unknown is there once or not at all; and what was asked for
 * after another had been acknowledged stands behind it.
 * @returns every fault in words, none where it holds
 */
export function faultsOf(history: readonly Attempt[], found: readonly Found[]): string[] {
  const faults: string[] = [];
  const there = grouped(found, ({ what }) => what);
  const asked = grouped(history, ({ what }) => what);
  for (const [what, all] of there) {
    if (all.length > 1) faults.push(`${what} is there ${all.length} times`);
    if (!asked.has(what)) faults.push(`${what} is there, and nobody asked for it`);
  }
  const twins = grouped(found, ({ place }) => place);
  for (const [place, all] of twins) if (all.length > 1) faults.push(`${all.length} things stand at place ${place}`);

  for (const [what, attempts] of asked) {
    const answers = new Set(attempts.filter(({ outcome }) => outcome === 'ok').map(({ answer }) => answer));
    const [one] = there.get(what) ?? [];
    if (answers.size > 1) faults.push(`${what} was acknowledged with ${answers.size} different answers`);
    if (answers.size && !one) faults.push(`${what} was acknowledged and is lost`);
    if (one && answers.size && !answers.has(one.answer)) faults.push(`${what} was acknowledged with another answer`);
    // The last word counts: a try before it may have gone in, and then the hub knows it again instead of refusing it.
    const last = attempts.reduce((latest, each) => (each.invoked > latest.invoked ? each : latest));
    if (last.outcome === 'refused' && one) faults.push(`${what} was refused and is there`);
  }
  return [...faults, ...disorder(asked, there)];
}

/** What was first asked for after another was acknowledged, and stands before it. */
function disorder(
  asked: ReadonlyMap<string, readonly Attempt[]>,
  there: ReadonlyMap<string, readonly Found[]>,
): string[] {
  const faults: string[] = [];
  const events: { at: number; place: number; what: string; begins: boolean }[] = [];
  for (const [what, attempts] of asked) {
    const [one] = there.get(what) ?? [];
    if (!one) continue;
    events.push({ at: Math.min(...attempts.map(({ invoked }) => invoked)), place: one.place, what, begins: true });
    const ends = attempts.filter(({ outcome }) => outcome === 'ok').map(({ ended }) => ended);
    if (ends.length) events.push({ at: Math.min(...ends), place: one.place, what, begins: false });
  }
  // At the same moment both orders are possible, so a beginning comes first.
  events.sort((a, b) => a.at - b.at || Number(b.begins) - Number(a.begins));
  let furthest = { place: -1, what: '' };
  for (const { place, what, begins } of events) {
    if (begins && place < furthest.place)
      faults.push(`${what} was asked for after ${furthest.what}, and stands before it`);
    if (!begins && place > furthest.place) furthest = { place, what };
  }
  return faults;
}
