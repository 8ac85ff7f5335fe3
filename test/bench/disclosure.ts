import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { audit, checkCertificate, protect, type Problem, type Protected, type ProtectOptions } from '@hub/disclosure';
import { copies, handMade, regional, seededTables, type Shape } from './disclosure-instances';
import { round } from './measure';

/**
 * What the disclosure engine hides, how long it takes and whether it holds: seeded tables from 100 to 16,500 cells, small
 * nasty ones beside the best that trying every set finds, and growth at a fixed size of the parts. Each instance runs
 * in a process of its own, so that its memory and its first run are its own. Every release is attacked by the auditor,
 * which shares nothing with the engine.
 *
 * Then: what `told` costs beside `range`, how a limit of 0.1 seconds is kept, and how much faster an answer comes that
 * starts from an earlier one. Times are of wall clock and of the processor: on a busy machine read the latter.
 *
 * --quick: up to 1,000 cells. --only TEXT: instances whose name holds it. --limit S: a time limit for each. --search S: so
 * much longer a search. --no-audit: certificates only. --sample N: so many complementary cells of each instance up to 1,000
 * cells are printed again, one at a time, and the auditor asked (3 when absent).
 */

/** One instance, measured. */
interface Measured {
  readonly instance: string;
  readonly cells: number;
  readonly sensitive: number;
  readonly hidden: number;
  readonly complementary: number;
  /** Of wall clock and of the processor, for `protect` with its certificate. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Pairs that the auditor opens; null where it was not asked. */
  readonly failing: number | null;
  /** The same for someone told which hidden counts are small, whatever the policy promised. */
  readonly failingTold: number | null;
  readonly certificateSeconds: number;
  readonly megabytes: number;
  /** Pairs beyond help, where the answer was a refusal. */
  readonly refused?: number;
  /** Complementary cells tried, and of these such that could be printed by themselves. */
  readonly tried?: number;
  readonly printable?: number;
  /** The phase that the time limit cut. */
  readonly cut?: string;
  /** Hand-made: the fewest complementary cells that any safe set has. */
  readonly optimum?: number;
}

const growth = [1, 2, 4, 8, 16, 32];
const growthName = (times: number) => `growth ${times}`;

function problemOf(name: string): Problem {
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

/** Prints some complementary cells again, each by itself: which of these releases are still safe? */
async function printableAgain(
  problem: Problem,
  { suppressed }: Protected,
): Promise<{ tried: number; printable: number }> {
  const always = new Set(mustHide(problem).map(({ id }) => id));
  const complementary = suppressed.filter((id) => !always.has(id));
  const many = Math.min(Number(argument('sample') ?? 3), complementary.length);
  let printable = 0;
  for (let at = 0; at < many; at++) {
    const cell = complementary[Math.floor(((at + 0.5) * complementary.length) / many)]!;
    const verdict = await audit(problem, { suppressed: suppressed.filter((id) => id !== cell) });
    if (verdict.status === 'safe') printable++;
  }
  return { tried: many, printable };
}

const argument = (name: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const isSet = (name: string) => process.argv.includes(`--${name}`);

async function measure(instance: string): Promise<Measured> {
  const problem = problemOf(instance);
  const [limit, search] = [argument('limit'), argument('search')];
  const cpu = process.cpuUsage();
  const began = performance.now();
  const decision = await protect(problem, {
    ...(limit ? { timeLimitSeconds: Number(limit) } : {}),
    ...(search ? { searchSeconds: Number(search) } : {}),
  });
  const seconds = round((performance.now() - began) / 1000);
  const { user, system } = process.cpuUsage(cpu);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const common = {
    instance,
    cells: problem.cells.length,
    seconds,
    cpuSeconds: round((user + system) / 1e6),
    megabytes,
  };
  const sensitive = mustHide(problem).length;
  if (decision.status === 'refused') {
    const none = { hidden: 0, complementary: 0, failing: null, failingTold: null, certificateSeconds: 0 };
    return { ...common, sensitive, ...none, refused: decision.exposed.length };
  }
  const checked = performance.now();
  const verdict = checkCertificate(problem, decision, decision.certificate);
  const certificateSeconds = round((performance.now() - checked) / 1000);
  if (verdict.status !== 'safe') throw new Error(`${instance}: the certificate does not hold`);
  let failing: number | null = null;
  let failingTold: number | null = null;
  if (!isSet('no-audit')) {
    failing = (await audit(problem, decision)).exposed.length;
    const told = { ...problem, policy: { ...problem.policy, protect: 'exact' as const, told: true } };
    failingTold = (await audit(told, decision)).exposed.length;
  }
  const again = problem.cells.length <= 1000 && !isSet('no-audit') ? await printableAgain(problem, decision) : {};
  const hidden = decision.suppressed.length;
  const complementary = hidden - sensitive;
  const optimum = instance in handMade ? await optimumBelow(problem, complementary) : undefined;
  const { cut } = decision;
  return {
    ...common,
    sensitive,
    hidden,
    complementary,
    failing,
    failingTold,
    certificateSeconds,
    ...again,
    ...(cut ? { cut } : {}),
    ...(optimum === undefined ? {} : { optimum }),
  };
}

const columns: readonly (readonly [keyof Measured, string])[] = [
  ['instance', 'instance'],
  ['cells', 'cells'],
  ['sensitive', 'sensitive'],
  ['hidden', 'hidden'],
  ['complementary', 'complementary'],
  ['optimum', 'optimum'],
  ['seconds', 'seconds'],
  ['cpuSeconds', 'cpu s'],
  ['failing', 'failing'],
  ['failingTold', 'if told'],
  ['certificateSeconds', 'certificate s'],
  ['megabytes', 'MB'],
  ['tried', 'tried'],
  ['printable', 'printable'],
  ['refused', 'refused'],
  ['cut', 'cut'],
];

function print(values: readonly (string | number | null | undefined)[]): void {
  const cells = values.map((value, at) => {
    const text = value === null || value === undefined ? '' : String(value);
    return at === 0 ? text.padEnd(40) : text.padStart(columns[at]![1].length);
  });
  process.stdout.write(`${cells.join('  ')}\n`);
}

/** Answers under a limit of a tenth of a second. */
interface Limited {
  readonly cells: number;
  readonly runs: number;
  readonly safe: number;
  readonly refused: number;
  /** Releases that the checker or the auditor does not pass. */
  readonly unsafe: number;
  /** Milliseconds by which the limit was passed, at most. */
  readonly over: number;
}
const LIMIT = 0.1;
const limited: Readonly<Record<string, { shape: Shape; runs: number }>> = {
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
      (cells > 1500 || (await audit(problem, decision)).status === 'safe')
    )
      safe++;
    else unsafe++;
  }
  return { cells, runs, safe, refused, unsafe, over };
}

/** An edition after one authority's count has changed, from nothing and from the edition before; processor seconds. */
interface Again {
  readonly cells: number;
  readonly anew: number;
  readonly fromBefore: number;
  readonly hiddenAnew: number;
  readonly hiddenFromBefore: number;
}
const AGAIN = 'from an earlier answer';

async function measureAgain(): Promise<Again> {
  const shape = seededTables['360 range']!;
  const times = 12;
  const before = copies(shape, times);
  // Of twelve tables one is another.
  const other = copies({ ...shape, seed: shape.seed + 1 }, times);
  const changed: Problem = {
    ...before,
    cells: [...before.cells.filter(({ id }) => !id.startsWith('0/')), ...other.cells.filter(({ id }) => id.startsWith('0/'))], // prettier-ignore
    equations: [...before.equations.filter(({ total }) => !total.startsWith('0/')), ...other.equations.filter(({ total }) => total.startsWith('0/'))], // prettier-ignore
  };
  const timed = async (options: ProtectOptions, problem: Problem) => {
    const cpu = process.cpuUsage();
    const decision = await protect(problem, options);
    const { user, system } = process.cpuUsage(cpu);
    if (decision.status !== 'protected') throw new Error(`${AGAIN}: refused`);
    return { seconds: round((user + system) / 1e6), decision };
  };
  const first = await timed({}, before);
  const fromBefore = await timed({ start: first.decision }, changed);
  const anew = await timed({}, changed);
  return {
    cells: changed.cells.length,
    anew: anew.seconds,
    fromBefore: fromBefore.seconds,
    hiddenAnew: anew.decision.suppressed.length,
    hiddenFromBefore: fromBefore.decision.suppressed.length,
  };
}

/** One instance in a process of its own. */
function inProcess<T>(instance: string): T {
  const options = process.argv.slice(2).filter((each) => each !== '--quick');
  const text = execFileSync(process.execPath, [__filename, '--one', instance, ...options], { encoding: 'utf8' });
  return JSON.parse(text) as T;
}

function run(): void {
  const only = argument('only') ?? '';
  const quick = isSet('quick');
  const names = [...Object.keys(handMade), ...Object.keys(seededTables), ...growth.map(growthName)]
    .filter((name) => name.includes(only))
    .filter((name) => !quick || problemOf(name).cells.length <= 1000);
  const say = (text: string) => process.stdout.write(`${text}\n`);
  print(columns.map(([, title]) => title));
  const measured = names.map((name) => {
    const row = inProcess<Measured>(name);
    print(columns.map(([key]) => row[key]));
    return row;
  });
  const sum = (key: 'tried' | 'printable' | 'failing') => measured.reduce((all, row) => all + (row[key] ?? 0), 0);
  const peak = Math.max(0, ...measured.map(({ megabytes }) => megabytes));
  say(`\nfailing ${sum('failing')}; printable again ${sum('printable')} of ${sum('tried')} tried; peak ${peak} MB`);

  const grown = measured.filter(({ instance }) => growth.some((times) => growthName(times) === instance));
  if (grown.length > 0) say('\ngrowth at a fixed size of the parts: milliseconds of processor for each cell');
  for (const { instance, cells, cpuSeconds } of grown)
    say(`${instance.padEnd(12)} ${String(cells).padStart(6)} ${round((1000 * cpuSeconds) / cells)}`);

  const told = measured.flatMap((row) => {
    const alone = measured.find(({ instance }) => instance === `${row.instance}, range alone`);
    if (!alone || row.refused !== undefined) return [];
    return [{ instance: row.instance, more: row.complementary - alone.complementary, of: alone.complementary }];
  });
  if (told.length > 0) say('\nwhat told hides beside range alone');
  for (const { instance, more, of } of told)
    say(`${instance.padEnd(20)} ${more} of ${of} (${round((100 * more) / of)} %)`);

  const limits = Object.keys(limited)
    .filter((name) => name.includes(only) && !quick)
    .map((name) => inProcess<Limited>(name));
  if (limits.length > 0)
    say(`\na limit of ${LIMIT} seconds: cells, runs, safe, refused, unsafe, milliseconds over at most`);
  for (const { cells, runs, safe, refused, unsafe, over } of limits)
    say([cells, runs, safe, refused, unsafe, over].map((each) => String(each).padStart(6)).join(' '));

  const again = !quick && AGAIN.includes(only) ? inProcess<Again>(AGAIN) : undefined;
  if (again)
    say(
      `\n${AGAIN}, one table of twelve changed: ${again.fromBefore} s of processor, from nothing ${again.anew} s; ` +
        `hidden ${again.hiddenFromBefore} and ${again.hiddenAnew}`,
    );
  const load = round(loadavg()[0]!);
  say(`\n${JSON.stringify({ bench: 'disclosure', quick, load, instances: measured, told, limits, again })}`);
}

const one = argument('one');
const measureOne = (name: string): Promise<unknown> =>
  name in limited ? measureLimit(name) : name === AGAIN ? measureAgain() : measure(name);
if (one) void measureOne(one).then((row) => process.stdout.write(`${JSON.stringify(row)}\n`));
else run();
