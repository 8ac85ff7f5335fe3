import { checkCertificate } from './checker';
import { certificateOf, type Pair } from './covers';
import { withSolver } from './highs';
import type { Move } from './moves';
import { attackersOf, splitIntoParts, type Part } from './parts';
import { isProtected, parseProblem, type Certificate, type Exposure, type Problem } from './problem';
import { OutOfTime, PartProtector, type Rule } from './suppress';
import type { Highs } from 'highs';

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
  /** false: time ran out, and more is hidden than needed. */
  readonly complete?: false;
  readonly ms: number;
}

/** Nothing may leave. Holds secrets. */
export interface Refused {
  readonly status: 'refused';
  /** The pairs that no hiding can save; empty where safety could not be shown in time. */
  readonly exposed: readonly Exposure[];
}

export type Decision = Protected | Refused;

export interface ProtectOptions {
  /** Seconds of wall clock within which an answer is given. */
  readonly timeLimitSeconds?: number;
}

/** What tidying and searching may spend when no time is given: linear programs for each sensitive cell of a part. */
const SEARCH_EFFORT = 15;
/** Parts above this size are only tidied: a search gains a few per cent and takes a minute. */
const SEARCH_CELLS = 700;

/**
 * Decides what of a table is hidden, so that no attacker of the problem can compute a sensitive count, and proves it.
 * The same problem gives the same answer, whatever the order of its cells, unless a time limit strikes. Synchronous
 * once the solver is loaded: in a server call `protectInThread`.
 * @throws ProblemMalformed
 */
export async function protect(problem: Problem, options: ProtectOptions = {}): Promise<Decision> {
  const started = performance.now();
  const checked = parseProblem(problem);
  const limit = options.timeLimitSeconds === undefined ? Infinity : options.timeLimitSeconds * 1000;
  return withSolver((solver) => decide(solver, checked, started, started + limit));
}

/** Parts of the time limit: the rest is for the certificate, its check and writing the answer. */
const WORK_SHARE = 0.85;

function decide(solver: Highs, problem: Problem, started: number, deadline: number): Decision {
  const { parts, lost } = splitIntoParts(problem);
  const exposed: Exposure[] = lost.flatMap(({ cell, attackers }) =>
    attackers.map((attacker) => ({ id: cell.id, attacker, interval: [cell.value, cell.value] as const })),
  );
  const rules = rulesOf(problem);
  const stop = started + (deadline - started) * WORK_SHARE;
  const protectors: PartProtector[] = [];
  try {
    let isUndecided = false;
    let complete = true;
    for (const part of parts) {
      const protector = new PartProtector(solver, part, rules, stop);
      protectors.push(protector);
      for (const { cell, bit, low, high } of protector.makeSafe()) {
        for (const attacker of part.attackers[bit]!)
          exposed.push({ id: part.ids[cell]!, attacker, interval: [low, high] });
      }
      isUndecided ||= protector.undecided;
      if (exposed.length === 0) continue;
      protector.dispose();
    }
    if (exposed.length > 0 || isUndecided) return { status: 'refused', exposed: inOrder(exposed) };
    for (const protector of protectors) complete = protector.tidy() && complete;
    for (const protector of protectors) {
      const { ids, sensitive } = protector.part;
      if (ids.length > SEARCH_CELLS) continue;
      const many = sensitive.reduce((sum, each) => sum + each, 0);
      protector.search(20 + 2 * many, SEARCH_EFFORT * many);
    }
    return answer(problem, protectors, rules, complete, started);
  } catch (error) {
    if (error instanceof OutOfTime) return { status: 'refused', exposed: [] };
    throw error;
  } finally {
    for (const protector of protectors) protector.dispose();
  }
}

/** What each pair has to meet. Someone who was told is held off by `exact` alone; without that the promise is one. */
function rulesOf({ policy }: Problem): Rule[] {
  if (policy.protect === 'range')
    return [{ told: false, wide: true }, ...(policy.told ? [{ told: true, wide: false }] : [])];
  return [{ told: policy.told, wide: false }];
}

const inOrder = (exposed: readonly Exposure[]): Exposure[] => {
  const once = new Map(exposed.map((each) => [`${each.id}\n${each.attacker}`, each]));
  return [...once.values()].sort((a, b) => compare(a.id, b.id) || compare(a.attacker, b.attacker));
};
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Writes the answer, and lets it out only if its certificate holds. */
function answer(
  problem: Problem,
  protectors: readonly PartProtector[],
  rules: readonly Rule[],
  complete: boolean,
  started: number,
): Decision {
  const hidden = new Set(problem.cells.filter(({ locked }) => locked === 'suppressed').map(({ id }) => id));
  const unpublished = new Set(problem.cells.filter(({ locked }) => locked === 'unpublished').map(({ id }) => id));
  for (const { part, hidden: flags } of protectors) {
    part.ids.forEach((id, i) => {
      if (flags[i] && !unpublished.has(id)) hidden.add(id);
    });
  }
  const suppressed = [...hidden].sort(compare);
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
    ...(complete ? {} : { complete }),
    ms: Math.round(performance.now() - started),
  };
}

/** One witness for each move and attacker that needs it: true table plus move. */
function proofOf(problem: Problem, protectors: readonly PartProtector[]): Certificate {
  const tables: { attacker: string; values: Record<string, number> }[] = [];
  const pairs: Pair[] = [];
  const made = new Map<Move | undefined, Set<string>>();
  for (const { part, proofs } of protectors.map((one) => ({ part: one.part, proofs: one.proofs() }))) {
    for (const { cell, bit, rule, low, high } of proofs) {
      for (const attacker of part.attackers[bit]!) {
        for (const move of [low, high]) {
          const having = made.get(move) ?? new Set<string>();
          made.set(move, having);
          if (having.has(attacker)) continue;
          having.add(attacker);
          tables.push({ attacker, values: move ? valuesOf(part, move) : {} });
        }
        pairs.push({ cell: part.ids[cell]!, attacker, told: rule.told });
      }
    }
  }
  return certificateOf(problem, tables, pairs);
}

const valuesOf = (part: Part, move: Move): Record<string, number> =>
  Object.fromEntries([...move.cells].map((cell, k) => [part.ids[cell]!, part.value[cell]! + move.change[k]!]));
