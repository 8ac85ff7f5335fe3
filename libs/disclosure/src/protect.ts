import type { Highs } from 'highs';
import { checkCertificate } from './checker';
import type { Rule } from './cover';
import { certificateOf, type Pair } from './certify';
import { Deadline, OutOfTime } from './deadline';
import { earlierMoves } from './earlier';
import { beyondHelp } from './first-look';
import { loadSolver, withSolver } from './highs';
import type { Move } from './moves';
import { attackersOf, splitIntoParts, type Part } from './parts';
import { isProtected, parseProblem, type Certificate, type Exposure, type Problem } from './problem';
import { outOfTime, refused, type Refused } from './refused';
import { PartProtector } from './suppress';

/** The work that time can cut short. Cut while it is made safe, nothing leaves; after that the answer hides more. */
export type Phase = 'construct' | 'tidy' | 'search';

/** A safe release, with the proof of it. Holds secrets: only `suppressed` and `published` may be shown to anybody. */
export interface Protected {
  readonly status: 'protected';
  /** Everything hidden, for whichever reason, in ascending order of ids. */
  readonly suppressed: readonly string[];
  readonly published: Readonly<Record<string, number>>;
  /** How many cells had to be kept from somebody. */
  readonly sensitive: number;
  readonly attackers: number;
  readonly certificate: Certificate;
  /** false: time ran out, and more may be hidden than needed. */
  readonly complete?: false;
  /** What time cut short: printing again what need not be hidden, or the search for a cheaper answer. */
  readonly cut?: Phase;
  readonly ms: number;
}

export type Decision = Protected | Refused;

export interface ProtectOptions {
  /** Seconds of wall clock within which an answer is given; a generous limit buys no further effort. */
  readonly timeLimitSeconds?: number;
  /**
   * Seconds of wall clock that the search for a cheaper answer may go on beyond its usual effort, and as many the last look at what
   * could be printed, within the limit.
   */
  readonly searchSeconds?: number;
  /**
   * An earlier answer to nearly the same problem: what it hid is tried first, and with its certificate the tables that
   * still fit need not be found again. Near what has to be mended it is looked at what could be printed again, and nowhere
   * else. Ids that are unknown say nothing.
   */
  readonly start?: { readonly suppressed: readonly string[]; readonly certificate?: Certificate };
  /**
   * Before anything is built it is looked for what no hiding can save: where something is found, that is the answer, with one attacker
   * for each cell; and the cells of a part that is too hard to be looked at are `unfinished`. For tables of which others
   * print so much that such cells are likely.
   */
  readonly firstLook?: boolean;
}

/** How good the answer is in one part, as far as that was proved. Costs are in mean costs of the part's cells, of complementary ones. */
export interface Proved {
  readonly cells: number;
  readonly cost: number;
  /** No safe answer costs less; 0 where nothing is known. */
  readonly bound: number;
  readonly isCheapest: boolean;
}

/** What the search may spend in all on small tables: about so many microseconds on a common machine. */
const SEARCH_EFFORT = 400_000;
/** Above so many cells a round costs more and gains less: there the search has less, by the square. */
const SEARCHED = 300;
/** Above so many it is left out: of a second at 1,000 cells nothing came. */
const UNSEARCHED = 600;
/** Places that the search looks at without a gain before it stops, for each complementary cell; and where seconds were asked for. */
const PATIENCE = 1;
const LONG_PATIENCE = 4;
/**
 * Decides what of a table is hidden, so that no attacker of the problem can compute a sensitive count, and proves it.
 * The same problem gives the same answer, whatever the order of its cells, unless a time limit strikes or
 * `searchSeconds` are given. Synchronous once the solver is loaded: in a server call `protectInThread`.
 * @param report  is told of each part how good the answer is there, for benches and tests; of what is refused nothing
 * @throws ProblemMalformed
 */
export async function protect(
  problem: Problem,
  options: ProtectOptions = {},
  report: (part: Proved) => void = () => undefined,
): Promise<Decision> {
  const started = performance.now();
  const limit = options.timeLimitSeconds === undefined ? Infinity : options.timeLimitSeconds * 1000;
  const deadline = new Deadline(started + limit * WORK_SHARE);
  loadSolver().catch(() => undefined); // it loads beside the splitting; where that fails, `withSolver` says so
  let checked: Problem | undefined;
  try {
    const read = (checked = parseProblem(problem, deadline));
    const split = splitIntoParts(read, deadline);
    return await withSolver((solver) => decide(solver, read, split, options, started, started + limit, report));
  } catch (error) {
    if (error instanceof OutOfTime) return outOfTime(checked);
    throw error;
  }
}

/** Of the time that is left, what the search may take: the rest is for a last, thorough look at each cell. */
const SEARCH_SHARE = 0.8;
/** Parts of the time limit: the rest is for the certificate, its check and writing the answer. */
const WORK_SHARE = 0.85;
/** Milliseconds that these take for each pair of attacker and sensitive cell, on a slow machine. */
const PAIR_MS = 0.03;

/** How many pairs of attacker and sensitive cell the certificate of some parts will hold, about. */
const pairsOf = (parts: readonly Part[]): number =>
  parts.reduce(
    (sum, { sensitive, attackers }) => sum + sensitive.filter((each) => each === 1).length * attackers.flat().length,
    0,
  );

function decide(
  solver: Highs,
  problem: Problem,
  { parts, lost }: ReturnType<typeof splitIntoParts>,
  options: ProtectOptions,
  started: number,
  deadline: number,
  report: (part: Proved) => void,
): Decision {
  if (performance.now() > started + (deadline - started) * WORK_SHARE) return outOfTime(problem);
  const exposed: Exposure[] = lost.flatMap(({ cell, attackers }) =>
    attackers.map((attacker) => ({ id: cell.id, attacker, interval: [cell.value, cell.value] as const })),
  );
  const rules = rulesOf(problem);
  const stop = Math.min(started + (deadline - started) * WORK_SHARE, deadline - pairsOf(parts) * PAIR_MS);
  const protectors = parts.map((part) => new PartProtector(solver, part, rules, new Deadline(stop)));
  const hidden = new Set(options.start?.suppressed);
  const moves = options.start && earlierMoves(parts, hidden, options.start.certificate);
  if (options.firstLook) {
    const seen = firstLook(solver, parts, rules, new Deadline(stop));
    if (exposed.length > 0 || seen.exposed.length > 0 || seen.unfinished.length > 0)
      return refused([...exposed, ...seen.exposed], seen.unfinished);
  }
  if (moves) protectors.forEach((protector, at) => protector.startFrom(hidden, moves[at]!));
  const unfinished: string[] = [];
  inShares(protectors, stop, (protector) => {
    const { part } = protector;
    try {
      for (const { cell, bit, low, high } of protector.makeSafe()) {
        for (const attacker of part.attackers[bit]!)
          exposed.push({ id: part.ids[cell]!, attacker, interval: [low, high] });
      }
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
      unfinished.push(...part.ids);
    }
  });
  if (exposed.length > 0 || unfinished.length > 0 || protectors.some(({ undecided }) => undecided))
    return refused(exposed, unfinished);
  const cut = cheapen(protectors, stop, (options.searchSeconds ?? 0) * 1000);
  for (const { part, cover, proved } of protectors) report({ cells: part.ids.length, cost: cover.cost, ...proved });
  return answer(problem, protectors, cut, started);
}

/** What no hiding can save, as far as a look at each part finds it. */
function firstLook(
  solver: Highs,
  parts: readonly Part[],
  rules: readonly Rule[],
  deadline: Deadline,
): { exposed: Exposure[]; unfinished: string[] } {
  const exposed: Exposure[] = [];
  const unfinished: string[] = [];
  for (const part of parts) {
    try {
      const { lost, isTooHard } = beyondHelp(solver, part, rules, deadline);
      for (const { cell, bit, low, high } of lost)
        exposed.push({ id: part.ids[cell]!, attacker: part.attackers[bit]![0]!, interval: [low, high] });
      if (isTooHard) unfinished.push(...part.ids);
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
      unfinished.push(...part.ids);
    }
  }
  return { exposed, unfinished };
}

/**
 * Works on each part for its share of the time: half of it is shared out evenly, half by the number of cells. The smallest
 * go first, so that what they leave is the larger ones', and a part that takes too long costs no other.
 */
function inShares(protectors: readonly PartProtector[], stop: number, work: (protector: PartProtector) => void): void {
  const mean = protectors.reduce((sum, { part }) => sum + part.ids.length, 0) / protectors.length;
  const shareOf = ({ part }: PartProtector) => part.ids.length + mean;
  const bySize = [...protectors].sort((a, b) => shareOf(a) - shareOf(b));
  let left = bySize.reduce((sum, protector) => sum + shareOf(protector), 0);
  for (const protector of bySize) {
    const now = performance.now();
    protector.deadline.at = now + ((stop - now) * shareOf(protector)) / left;
    left -= shareOf(protector);
    work(protector);
    protector.deadline.at = stop;
  }
}

/**
 * Prints again what need not be hidden, searches for a while (each part for its share), and looks at every cell once
 * more, thoroughly.
 * @param asked  milliseconds that the search may go on beyond its usual effort, and as many the last look
 * @returns the first phase that was cut short
 */
function cheapen(every: readonly PartProtector[], stop: number, asked: number): Phase | undefined {
  const protectors = every.filter(({ isMended }) => !isMended);
  let cut: Phase | undefined;
  for (const protector of every) if (protector.isMended && !protector.tidyMended()) cut = 'tidy';
  const sizeOf = (some: readonly PartProtector[]) => some.reduce((sum, { part }) => sum + part.ids.length, 0);
  const all = sizeOf(every);
  const shareOf = ({ part }: PartProtector) => (asked * part.ids.length) / all;
  for (const protector of protectors)
    if (!protector.tidy(false) || !protector.tidy(true, shareOf(protector))) cut = 'tidy';
  const effort = all > UNSEARCHED ? 0 : SEARCH_EFFORT * Math.min(1, SEARCHED / all) ** 2;
  let left = sizeOf(protectors);
  for (const protector of protectors) {
    const cells = protector.part.ids.length;
    const now = performance.now();
    const until = now + ((stop - now) * SEARCH_SHARE * cells) / left;
    const askedUntil = now + shareOf(protector);
    left -= cells;
    const enough = protector.effort + (effort * cells) / all;
    const mayGoOn = (spent: number) => {
      const time = performance.now();
      return time < until && (protector.effort + spent < enough || time < askedUntil);
    };
    const seconds = () => Math.max(0, askedUntil - performance.now()) / 1000;
    const isOther = protector.search(mayGoOn, asked > 0 ? LONG_PATIENCE : PATIENCE, asked > 0 ? seconds : undefined);
    if (performance.now() >= until && protector.effort < enough) cut ??= 'search';
    if (isOther && !protector.tidy(true, shareOf(protector))) cut ??= 'tidy';
  }
  return cut;
}

/** What each pair has to meet. Someone who was told is held off by `exact` alone; without that the promise is one. */
export function rulesOf({ policy }: Problem): Rule[] {
  if (policy.protect === 'range')
    return [{ told: false, wide: true }, ...(policy.told ? [{ told: true, wide: false }] : [])];
  return [{ told: policy.told, wide: false }];
}

/** Writes the answer, and lets it out only if its certificate holds. */
function answer(
  problem: Problem,
  protectors: readonly PartProtector[],
  cut: Phase | undefined,
  started: number,
): Decision {
  const hidden = new Set(problem.cells.filter(({ locked }) => locked === 'suppressed').map(({ id }) => id));
  const unpublished = new Set(problem.cells.filter(({ locked }) => locked === 'unpublished').map(({ id }) => id));
  for (const { part, cover } of protectors) {
    const flags = cover.hidden;
    part.ids.forEach((id, i) => {
      if (flags[i] && !unpublished.has(id)) hidden.add(id);
    });
  }
  const suppressed = [...hidden].sort();
  const certificate = proofOf(problem, protectors);
  if (checkCertificate(problem, { suppressed }, certificate).status !== 'safe')
    return { status: 'refused', exposed: [] };
  return {
    status: 'protected',
    suppressed,
    published: Object.fromEntries(
      problem.cells.filter(({ id }) => !hidden.has(id) && !unpublished.has(id)).map(({ id, value }) => [id, value]),
    ),
    sensitive: problem.cells.filter((cell) => isProtected(cell, problem.policy)).length,
    attackers: attackersOf(problem).length,
    certificate,
    ...(cut ? { complete: false, cut } : {}),
    ms: Math.round(performance.now() - started),
  };
}

/** One witness for each move and attacker that needs it: true table plus move. */
function proofOf(problem: Problem, protectors: readonly PartProtector[]): Certificate {
  const tables: { attacker: string; values: Record<string, number> }[] = [];
  const pairs: Pair[] = [];
  const made = new Map<Move | undefined, { values: Record<string, number>; having: Set<string> }>();
  for (const { part, proofs } of protectors.map((one) => ({ part: one.part, proofs: one.cover.proofs() }))) {
    for (const { cell, bit, rule, low, high } of proofs) {
      for (const attacker of part.attackers[bit]!) {
        for (const move of [low, high]) {
          let table = made.get(move);
          if (!table) made.set(move, (table = { values: move ? valuesOf(part, move) : {}, having: new Set() }));
          if (table.having.has(attacker)) continue;
          table.having.add(attacker);
          tables.push({ attacker, values: table.values });
        }
        pairs.push({ cell: part.ids[cell]!, attacker, told: rule.told });
      }
    }
  }
  return certificateOf(problem, tables, pairs);
}

function valuesOf(part: Part, { cells, change }: Move): Record<string, number> {
  // Without a prototype, for an id may be any text: otherwise `__proto__` would be no member.
  const values = Object.create(null) as Record<string, number>;
  for (let k = 0; k < cells.length; k++) values[part.ids[cells[k]!]!] = part.value[cells[k]!]! + change[k]!;
  return values;
}
