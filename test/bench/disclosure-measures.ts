import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import {
  audit,
  auditBeside,
  boundsOf,
  checkCertificate,
  protect,
  withstands,
  type Problem,
  type Protected,
  type ProtectOptions,
  type Proved,
} from '@hub/disclosure';
import { linearlySafe } from './disclosure-baseline';
import { copies, handMade, lateRecord, regional, seededTables, type Shape } from './disclosure-instances';
import { round } from './measure';

/*
 * What `npm run bench:disclosure` measures, each in a process of its own (its memory and its first run are its own).
 */

/** One instance: what its answer hides, and what it takes. */
export interface Measured {
  readonly instance: string;
  readonly cells: number;
  readonly sensitive: number;
  readonly hidden: number;
  readonly complementary: number;
  /** Of wall clock and of the processor, for `protect` with its certificate. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
  /** Pairs beyond help, where the answer was a refusal. */
  readonly refused?: number;
  /** The phase that the time limit cut. */
  readonly cut?: string;
}

/** What the auditor says of that answer. */
export interface Attacked {
  /** Pairs that it opens. */
  readonly failing: number;
  /** The same for someone told which hidden counts are small, whatever the policy promised; only up to `UNTIMED` cells. */
  readonly failingTold?: number;
  /** Hand-made: the fewest complementary cells that any safe set has. */
  readonly optimum?: number;
}

/** An untimed answer, out of which some complementary cells were printed again, one at a time. */
export interface Untimed {
  readonly untimed: number;
  /** So many at least every safe answer hides: where it is as many, this answer is proved to be the best. */
  readonly bound: number;
  readonly tried: number;
  /** Of these such that could be printed by themselves. */
  readonly printable: number;
}

/** What the command line asks of each measurement. */
export interface Asked {
  readonly limit?: number;
  readonly search?: number;
  /** Complementary cells of each instance that are printed again. */
  readonly sample: number;
}

export const growth = [1, 2, 4, 8, 16, 32];
export const growthName = (times: number) => `growth ${times}`;

export function problemOf(name: string): Problem {
  const shape = seededTables[name];
  if (shape) return regional(shape);
  const times = growth.find((each) => growthName(each) === name);
  if (times) return copies(seededTables['360 exact']!, times);
  return handMade[name]!();
}

/** Cells that must be hidden whatever is decided. */
const mustHide = ({ cells, policy }: Problem) =>
  cells.filter(
    ({ value, sensitive, locked }) =>
      locked === 'suppressed' || (locked === undefined && (sensitive ?? (value > 0 && value < policy.threshold))),
  );

/** The fewest further cells that make a release safe, below a number already reached: every set is tried. */
async function optimumBelow(problem: Problem, reached: number): Promise<number> {
  const always = mustHide(problem).map(({ id }) => id);
  const may = problem.cells
    .filter(({ id, value, locked }) => value > 0 && locked === undefined && !always.includes(id))
    .map(({ id }) => id);
  const isSafe = async (chosen: readonly string[]) =>
    (await audit(problem, { suppressed: [...always, ...chosen] })).status === 'safe';
  // Hiding more never opens anything, so a safe set one smaller exists wherever any smaller one does.
  const search = async (from: number, chosen: readonly string[], left: number): Promise<boolean> => {
    if (left === 0) return isSafe(chosen);
    for (let at = from; at + left <= may.length; at++) {
      if (await search(at + 1, [...chosen, may[at]!], left - 1)) return true;
    }
    return false;
  };
  let best = reached;
  while (best > 0 && (await search(0, [], best - 1))) best--;
  return best;
}

/**
 * Up to so many cells the auditor finds every table by itself, under each rule. Beyond, its programs over everything hidden take
 * minutes to hours: there it begins from the tables of the certificate, which it adds up itself.
 */
const ALONE = { exact: 1000, range: 400 };
/** Up to so many cells the auditor is asked of one who was told, and complementary cells are printed again. */
export const UNTIMED = 1000;
/** Seconds of search in an untimed run, and as many of the last look. */
const UNTIMED_SECONDS = 20;
/** Seconds for a bound beside that of the search. */
const BOUND_SECONDS = 10;

/** Prints some complementary cells of an untimed answer again, each by itself: which of these releases are still safe? */
async function printableAgain(instance: string, sample: number): Promise<Untimed> {
  const problem = problemOf(instance);
  const parts: Proved[] = [];
  const decision = (await protect(problem, { searchSeconds: UNTIMED_SECONDS }, (part) =>
    parts.push(part),
  )) as Protected;
  const bounds = parts.some(({ isCheapest }) => !isCheapest) ? await boundsOf(problem, decision, BOUND_SECONDS) : parts;
  // All costs of these tables are alike: a cost is a number of cells.
  const bound = parts.reduce((sum, part, at) => sum + Math.max(part.bound, bounds[at]!.bound), 0);
  const always = new Set(mustHide(problem).map(({ id }) => id));
  const complementary = decision.suppressed.filter((id) => !always.has(id));
  // Where the auditor does not begin from nothing either, a cell takes half a minute.
  const isSlow = problem.cells.length > ALONE[problem.policy.protect];
  const many = Math.min(isSlow ? Math.ceil(sample / 14) : sample, complementary.length);
  let printable = 0;
  for (let at = 0; at < many; at++) {
    const cell = complementary[Math.floor(((at + 0.5) * complementary.length) / many)]!;
    const suppressed = decision.suppressed.filter((id) => id !== cell);
    if (await withstands(problem, { suppressed }, decision.certificate)) printable++;
  }
  return { untimed: complementary.length, bound: round(bound), tried: many, printable };
}

/** Times work on the clock and on the processor, in seconds. */
async function timed<T>(work: () => T | Promise<T>): Promise<{ result: T; seconds: number; cpuSeconds: number }> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const result = await work();
  const seconds = round((performance.now() - began) / 1000);
  const { user, system } = process.cpuUsage(cpu);
  return { result, seconds, cpuSeconds: round((user + system) / 1e6) };
}

const released = (file: string): Protected => JSON.parse(readFileSync(file, 'utf8')) as Protected;

/** Checks a certificate, in a process that does nothing else. @returns seconds */
async function checkFile(instance: string, file: string): Promise<number> {
  const problem = problemOf(instance);
  const { suppressed, certificate } = released(file);
  const { result, seconds } = await timed(() => checkCertificate(problem, { suppressed }, certificate));
  if (result.status !== 'safe') throw new Error('the certificate does not hold');
  return seconds;
}

/** @param file  takes the answer, for those who judge it */
async function measureOne(instance: string, asked: Asked, file: string): Promise<Measured> {
  const problem = problemOf(instance);
  const options = { timeLimitSeconds: asked.limit, searchSeconds: asked.search };
  const { result: decision, seconds, cpuSeconds } = await timed(() => protect(problem, options));
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const sensitive = mustHide(problem).length;
  const common = { instance, cells: problem.cells.length, seconds, cpuSeconds, megabytes, sensitive };
  if (decision.status === 'refused')
    return { ...common, hidden: 0, complementary: 0, refused: decision.exposed.length };
  writeFileSync(file, JSON.stringify(decision));
  const hidden = decision.suppressed.length;
  return { ...common, hidden, complementary: hidden - sensitive, ...(decision.cut ? { cut: decision.cut } : {}) };
}

async function attack(instance: string, file: string): Promise<Attacked> {
  const problem = problemOf(instance);
  const decision = released(file);
  const beside = (each: Problem) => auditBeside(each, decision, decision.certificate);
  const { length } = problem.cells;
  const isAlone = length <= ALONE[problem.policy.protect];
  const failing = (isAlone ? await audit(problem, decision) : await beside(problem)).exposed.length;
  if (length > UNTIMED) return { failing };
  const told = { ...problem, policy: { ...problem.policy, protect: 'exact' as const, told: true } };
  const failingTold = (await beside(told)).exposed.length;
  if (!(instance in handMade)) return { failing, failingTold };
  const reached = decision.suppressed.length - mustHide(problem).length;
  return { failing, failingTold, optimum: await optimumBelow(problem, reached) };
}

/** Answers under a limit of a tenth of a second. */
export interface Limited {
  readonly cells: number;
  readonly runs: number;
  readonly safe: number;
  readonly refused: number;
  /** Releases that the checker or the auditor does not pass. */
  readonly unsafe: number;
  /** Milliseconds by which the limit was passed, at most. */
  readonly over: number;
}
export const LIMIT = 0.1;
export const limited: Readonly<Record<string, { shape: Shape; runs: number }>> = {
  'limit 120': { shape: { seed: 20, regions: [3], ages: 2, sexes: 1, quarters: 4, mean: 6 }, runs: 20 },
  'limit 1020': { shape: { seed: 40, regions: [16], ages: 3, sexes: 2, quarters: 4, mean: 6 }, runs: 20 },
  'limit 4440': { shape: { seed: 60, regions: [36], ages: 7, sexes: 2, quarters: 4, mean: 6 }, runs: 10 },
};

async function measureLimit(name: string): Promise<Limited> {
  const { shape, runs } = limited[name]!;
  let [safe, refused, unsafe, over, cells] = [0, 0, 0, 0, 0];
  // Once without a limit, so that the first run does not pay for compiling.
  await protect(regional({ ...seededTables['360 exact']!, seed: 99 }));
  for (let run = 0; run < runs; run++) {
    const problem = regional({ ...shape, seed: shape.seed + run, policy: { protect: run % 2 ? 'range' : 'exact' } });
    cells = problem.cells.length;
    const began = performance.now();
    const decision = await protect(problem, { timeLimitSeconds: LIMIT });
    over = Math.max(over, Math.round(performance.now() - began - 1000 * LIMIT));
    if (decision.status === 'refused') refused++;
    else if (
      checkCertificate(problem, decision, decision.certificate).status === 'safe' &&
      (await auditBeside(problem, decision, decision.certificate)).status === 'safe'
    )
      safe++;
    else unsafe++;
  }
  return { cells, runs, safe, refused, unsafe, over };
}

/** An edition after something has changed, from nothing and from the edition before; processor seconds. */
export interface Again {
  readonly what: string;
  readonly cells: number;
  readonly anew: number;
  readonly fromBefore: number;
  readonly hiddenAnew: number;
  readonly hiddenFromBefore: number;
}
/** Names of what has changed, each with the table before and after. */
export const again: Readonly<Record<string, () => readonly [Problem, Problem]>> = {
  'again: one table of twelve': () => {
    const shape = seededTables['360 range']!;
    const before = copies(shape, 12);
    const other = copies({ ...shape, seed: shape.seed + 1 }, 12);
    const is = (id: string) => id.startsWith('0/');
    return [
      before,
      {
        ...before,
        cells: [...before.cells.filter(({ id }) => !is(id)), ...other.cells.filter(({ id }) => is(id))],
        equations: [
          ...before.equations.filter(({ total }) => !is(total)),
          ...other.equations.filter(({ total }) => is(total)),
        ],
      },
    ];
  },
  'again: a late record, 975 exact': () => lateRecord(seededTables['975 exact']!),
  'again: a late record, 975 range': () => lateRecord(seededTables['975 range']!),
  'again: a late record, 960 linked range': () => lateRecord(seededTables['960 linked range']!),
};

/** What was moved in an earlier proof, moved from the counts of now: as the book hands it on. */
function inNewCounts(
  { suppressed, certificate }: Protected,
  before: Problem,
  after: Problem,
): NonNullable<ProtectOptions['start']> {
  const old = new Map(before.cells.map(({ id, value }) => [id, value]));
  const now = new Map(after.cells.map(({ id, value }) => [id, value]));
  const witnesses = certificate.witnesses.map(({ attacker, values }) => ({
    attacker,
    values: Object.fromEntries(
      Object.entries(values).flatMap(([id, count]) => (now.has(id) ? [[id, now.get(id)! + count - old.get(id)!]] : [])),
    ),
  }));
  return { suppressed, certificate: { ...certificate, witnesses } };
}

async function measureAgain(what: string): Promise<Again> {
  const [before, after] = again[what]!();
  const run = async (problem: Problem, options: ProtectOptions) => {
    const { result, cpuSeconds } = await timed(() => protect(problem, options));
    if (result.status !== 'protected') throw new Error(`${what}: refused`);
    return { cpuSeconds, decision: result };
  };
  const first = await run(before, {});
  const fromBefore = await run(after, { start: inNewCounts(first.decision, before, after) });
  const anew = await run(after, {});
  return {
    what,
    cells: after.cells.length,
    anew: anew.cpuSeconds,
    fromBefore: fromBefore.cpuSeconds,
    hiddenAnew: anew.decision.suppressed.length,
    hiddenFromBefore: fromBefore.decision.suppressed.length,
  };
}

/** What a search of twenty seconds finds at about 1,000 cells. */
export interface Searched {
  readonly instance: string;
  readonly cells: number;
  readonly sensitive: number;
  readonly complementary: number;
  readonly seconds: number;
}
const SEARCH_SECONDS = 20;
export const searched = ['975 exact', '975 range', '960 linked exact', '960 linked range'];
export const searchName = (instance: string) => `search ${instance}`;

async function measureSearch(instance: string): Promise<Searched> {
  const problem = problemOf(instance);
  const options = { timeLimitSeconds: SEARCH_SECONDS, searchSeconds: SEARCH_SECONDS };
  const { result, seconds } = await timed(() => protect(problem, options));
  const sensitive = mustHide(problem).length;
  const hidden = result.status === 'protected' ? result.suppressed.length : Infinity;
  return { instance, cells: problem.cells.length, sensitive, complementary: hidden - sensitive, seconds };
}

/**
 * One measurement, by its name; only in a process of its own.
 * @param file  with an answer; `measure` writes it, `check` and `attack` read it
 */
export function measureNamed(name: string, asked: Asked, work: string, file: string): Promise<unknown> {
  if (work === 'check') return checkFile(name, file);
  if (work === 'attack') return attack(name, file);
  if (work === 'untimed') return printableAgain(name, asked.sample);
  if (name in limited) return measureLimit(name);
  if (name in again) return measureAgain(name);
  const baseline = beside.find((each) => besideName(each) === name);
  if (baseline !== undefined) return measureLinear(baseline);
  const search = searched.find((each) => searchName(each) === name);
  return search === undefined ? measureOne(name, asked, file) : measureSearch(search);
}

/** The same table, safe from who reasons with equations alone. */
export interface Linear {
  readonly instance: string;
  readonly complementary: number;
  readonly seconds: number;
  readonly sensitive: number;
  /** Sensitive cells that somebody can compute all the same, and those of them that the outsider can. */
  readonly exposed: number;
  readonly toOutsider: number;
}

export const beside = ['108 exact', '360 exact', '975 exact', '960 linked exact'];
export const besideName = (instance: string) => `baseline ${instance}`;

async function measureLinear(instance: string): Promise<Linear> {
  const problem = problemOf(instance);
  const sensitive = new Set(mustHide(problem).map(({ id }) => id));
  const { result, seconds } = await timed(() => linearlySafe(problem, sensitive));
  const { exposed } = await audit(problem, { suppressed: result });
  const cells = (those: typeof exposed) => new Set(those.map(({ id }) => id)).size;
  return {
    instance,
    complementary: result.length - sensitive.size,
    seconds,
    sensitive: sensitive.size,
    exposed: cells(exposed),
    toOutsider: cells(exposed.filter(({ attacker }) => attacker === 'outsider')),
  };
}

const run = promisify(execFile);
const main = join(__dirname, 'disclosure.js');

/** Takes one measurement in a process of its own. */
export async function inProcess<T>(name: string, work = 'measure', file = '', ...more: readonly string[]): Promise<T> {
  const { stdout } = await run(process.execPath, [main, '--one', name, work, file, ...more]);
  return JSON.parse(stdout) as T;
}
