import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join, relative } from 'node:path';
import { processorTimeOf } from '../support/processor-time';
import { rootFolder } from '../support/root';
import { mutantsOf } from './plant';
import { firstRed, type Change } from './try';

/**
 * Plants one small fault after the other into the rules of agreements and runs the tests that stand beside them: how many
 * faults turn one red? Prints those that no test noticed. Some change nothing that anybody could notice; they stand, each
 * with the reason, in equivalent.txt, and still count as planted. A fault that uses many times the processor time that its
 * tests need is stopped: noticed, and counted apart.
 *
 * Options: `--file NAME` one file alone, `--workers N`.
 */
const LEAST = 0.9;
/** The long ones, and the files whose rules they are about: what else is broken, a shorter one has to notice. */
const longTests: Readonly<Record<string, readonly string[]>> = {
  'decisions.test.ts': ['decide.ts', 'narrow.ts'],
  'life.test.ts': ['agreement.ts', 'narrow.ts'],
  'keep.test.ts': ['keep.ts', 'agreement.ts'],
};
/** How many times what its tests need without a fault, and milliseconds besides, before a fault counts as one without an end. */
const PATIENCE = { times: 5, besides: 10_000 };
const library = join(rootFolder, 'libs/agreements/src');
const folder = join(library, 'domain');
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};

interface Task extends Change {
  readonly tests: readonly string[];
  /** Milliseconds of processor time. */
  readonly limit: number;
}
type Verdict = 'survived' | 'invalid' | 'timeout' | 'killed';

if (process.send) {
  process.on('message', (task: Task) => {
    void firstRed(task.tests, library, task).then(({ red }) =>
      process.send!(red === undefined ? 'survived' : red === null ? 'invalid' : 'killed'),
    );
  });
} else {
  main().catch((error: Error) => {
    process.stderr.write(`mutants failed: ${error.stack}\n`);
    process.exitCode = 1;
  });
}

async function main(): Promise<void> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const tests = names.filter((name) => name.endsWith('.test.ts')).map((name) => join(folder, name));
  const files = names.filter((name) => !name.endsWith('.test.ts') && name !== 'index.ts');

  // What is red without a fault would make every fault look noticed.
  const { red, done } = await firstRed(tests, library);
  if (red !== undefined) throw new Error(`red without a change: ${red}`);
  const whole = done.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  process.stdout.write(`  all tests once: ${(whole / 1000).toFixed(1)} s of processor time\n`);
  const quickest = [...done].sort((a, b) => a.milliseconds - b.milliseconds);

  const tasks = files
    .filter((name) => (option('file') ?? name) === name)
    .flatMap((name): Task[] => {
      const file = join(folder, name);
      const own = join(folder, name.replace('.ts', '.test.ts'));
      const using = quickest.filter(
        (one) => one.uses.has(file) && (longTests[basename(one.file)]?.includes(name) ?? true),
      );
      const ordered = [...using.filter((one) => one.file === own), ...using.filter((one) => one.file !== own)];
      const needed = ordered.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      const limit = PATIENCE.times * needed + PATIENCE.besides;
      return mutantsOf(readFileSync(file, 'utf8')).map((mutant) => ({
        ...mutant,
        file,
        tests: ordered.map((one) => one.file),
        limit,
      }));
    });
  const verdicts = await tryAll(tasks);

  const explained = explanations();
  const unused = new Set(explained.keys());
  const byFile: Record<string, { planted: number; noticed: number }> = {};
  let equivalent = 0;
  tasks.forEach((task, i) => {
    const verdict = verdicts[i]!;
    if (verdict === 'invalid') return;
    const of = (byFile[basename(task.file)] ??= { planted: 0, noticed: 0 });
    of.planted++;
    const { key, text } = shown(task);
    if (verdict === 'timeout') process.stdout.write(`stopped: ${text}\n`);
    if (verdict !== 'survived') {
      of.noticed++;
      return;
    }
    if (unused.delete(key)) equivalent++;
    else if (explained.has(key)) equivalent++;
    else process.stdout.write(`${text}\n`);
  });
  const sum = (of: 'planted' | 'noticed') => Object.values(byFile).reduce((all, one) => all + one[of], 0);
  const [planted, noticed] = [sum('planted'), sum('noticed')];
  const score = Math.round((noticed / planted) * 1000) / 1000;
  for (const [name, one] of Object.entries(byFile)) {
    process.stdout.write(`  ${name.padEnd(20)} ${one.noticed} of ${one.planted}\n`);
  }
  if (option('file') === undefined) {
    for (const key of unused) process.stdout.write(`explained, and noticed or not planted: ${key}\n`);
  }
  const timeouts = verdicts.filter((one) => one === 'timeout').length;
  process.stdout.write(`  ${(score * 100).toFixed(1)} % of the planted faults turn a test red\n`);
  process.stdout.write(
    `${JSON.stringify({ mutants: relative(rootFolder, folder), planted, noticed, timeouts, equivalent, unexplained: planted - noticed - equivalent, score, byFile })}\n`,
  );
  if (!(score >= LEAST)) process.exitCode = 1;
}

/** Tries each in one of several processes; one that comes to no end is stopped. */
async function tryAll(tasks: readonly Task[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const workers = Number(option('workers') ?? cpus().length);
  const began = Date.now();
  let next = 0;
  const tryOne = (child: ChildProcess, task: Task) =>
    new Promise<Verdict>((done) => {
      const usedBefore = processorTimeOf(child.pid!);
      const end = (verdict: Verdict) => {
        clearInterval(watch);
        child.removeAllListeners();
        done(verdict);
      };
      // One that waits for ever uses no processor time: hence the wall clock too, with room for a busy machine.
      const latest = Date.now() + 20 * task.limit;
      const watch = setInterval(() => {
        if (processorTimeOf(child.pid!) - usedBefore < task.limit && Date.now() < latest) return;
        child.removeAllListeners();
        child.once('exit', () => end('timeout')).kill('SIGKILL');
      }, 500);
      child.once('message', (verdict: Verdict) => end(verdict));
      child.once('exit', () => end('timeout'));
      child.send(task);
    });
  await Promise.all(
    Array.from({ length: workers }, async () => {
      let child = fork(__filename);
      while (next < tasks.length) {
        const i = next++;
        verdicts[i] = await tryOne(child, tasks[i]!);
        if (verdicts[i] === 'timeout') child = fork(__filename);
        if (i % 100 === 99) {
          process.stderr.write(`  ${i + 1} of ${tasks.length} after ${Math.round((Date.now() - began) / 1000)} s\n`);
        }
      }
      child.kill();
    }),
  );
  return verdicts;
}

/** The line before and after, and a name of the change that does not move with the lines above it. */
function shown({ file, start, end, replacement }: Change): { key: string; text: string } {
  const whole = readFileSync(file, 'utf8');
  const from = whole.lastIndexOf('\n', start - 1) + 1;
  const to = whole.indexOf('\n', end);
  const line = (text: string) => text.replace(/\s+/g, ' ').trim();
  const before = line(whole.slice(from, to));
  const after = line(whole.slice(from, start) + replacement + whole.slice(end, to));
  const number = whole.slice(0, start).split('\n').length;
  return {
    key: `${basename(file)} | ${before} | ${after}`,
    text: `${relative(rootFolder, file)}:${number}\n  - ${before}\n  + ${after}`,
  };
}

/** Each line `file | before | after | why nobody could notice`; only the first three are compared. */
function explanations(): Map<string, string> {
  const path = join(rootFolder, 'test/mutants/equivalent.txt');
  if (!existsSync(path)) return new Map();
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' | ');
      return [line.slice(0, at), line.slice(at + 3)] as const;
    }),
  );
}
