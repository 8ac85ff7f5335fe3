import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { audit, checkCertificate, protect, type Problem } from '@hub/disclosure';
import { copies, handMade, regional, seededTables } from './disclosure-instances';
import { round } from './measure';

/**
 * What the disclosure engine hides, how long it takes and whether it holds: seeded tables from 100 to 16,500 cells, small
 * nasty ones beside the best that trying every set finds, and growth at a fixed size of the parts. Each instance runs
 * in a process of its own, so that its memory and its first run are its own. Every release is attacked by the auditor,
 * which shares nothing with the engine.
 *
 * --quick: up to 1,000 cells. --only TEXT: instances whose name holds it. --limit S: a time limit for each. --search S: so
 * much longer a search. --no-audit: certificates only.
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

/** One instance in a process of its own. */
function inProcess(instance: string): Measured {
  const options = process.argv.slice(2).filter((each) => each !== '--quick');
  const text = execFileSync(process.execPath, [__filename, '--one', instance, ...options], { encoding: 'utf8' });
  return JSON.parse(text) as Measured;
}

function run(): void {
  const only = argument('only') ?? '';
  const quick = isSet('quick');
  const names = [...Object.keys(handMade), ...Object.keys(seededTables), ...growth.map(growthName)]
    .filter((name) => name.includes(only))
    .filter((name) => !quick || problemOf(name).cells.length <= 1000);
  print(columns.map(([, title]) => title));
  const measured = names.map((name) => {
    const row = inProcess(name);
    print(columns.map(([key]) => row[key]));
    return row;
  });
  const grown = measured.filter(({ instance }) => growth.some((times) => growthName(times) === instance));
  process.stdout.write('\ngrowth at a fixed size of the parts: milliseconds of processor for each cell\n');
  for (const { instance, cells, cpuSeconds } of grown)
    process.stdout.write(`${instance.padEnd(12)} ${String(cells).padStart(6)} ${round((1000 * cpuSeconds) / cells)}\n`);
  const load = round(loadavg()[0]!);
  process.stdout.write(`\n${JSON.stringify({ bench: 'disclosure', quick, load, instances: measured })}\n`);
}

const one = argument('one');
if (one) void measure(one).then((row) => process.stdout.write(`${JSON.stringify(row)}\n`));
else run();
