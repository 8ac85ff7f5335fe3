// Every suite, one after the other, with its time. `node test/run.mjs` runs all, `node test/run.mjs unit db` those named.
// The last line is `N passed, N failed`, with `, N skipped` behind it when there are such. A test file that cannot run
// counts as failed; what was skipped is named, for a suite that nobody runs proves nothing.
// NO_SKIPPING=redis (names, with commas) makes skipped tests of a suite count as failed: the pipeline sets it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const suites = createRequire(import.meta.url)('../jest.config.cjs').projects.map(({ displayName }) => displayName);
/** A suite that takes longer hangs. */
const LONGEST = 20 * 60_000;

const named = process.argv.slice(2);
const unknown = named.filter((name) => !suites.includes(name));
if (unknown.length > 0) {
  console.error(`no such suite: ${unknown.join(', ')}; there are ${suites.join(', ')}`);
  process.exit(2);
}
const chosen = named.length > 0 ? suites.filter((name) => named.includes(name)) : suites;
const mayNotSkip = (process.env.NO_SKIPPING ?? '').split(',');

const run = (command, args, options = {}) => spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
const works = (command, ...args) => run(command, args, { stdio: 'ignore' }).status === 0;

/** Programs without which a suite skips tests, each in the Debian package of its name. */
const wanted = { redis: ['redis-server'], e2e: ['python3', 'curl', 'openssl'] };

/** As root on Debian a missing program is soon there. */
function provide(program) {
  const isThere = () => works('sh', '-c', `command -v ${program}`);
  if (isThere()) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && works('apt-get', '--version')) {
    console.log(`${program} is missing: installing it with apt-get`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = () =>
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', program], { stdio: 'ignore', env });
    if (install().status !== 0) {
      run('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
      install();
    }
    if (isThere()) return;
  }
  console.log(`${program} is missing, so tests will be skipped; on Debian: sudo apt-get install ${program}`);
}

const total = { passed: 0, failed: 0, skipped: 0 };
const times = [];

const built = Date.now();
if (run(process.execPath, ['infra/build.mjs']).status !== 0) {
  console.error('the build failed; no test was run');
  console.log('0 passed, 1 failed');
  process.exit(1);
}
times.push(`build ${seconds(built)}`);
chosen.flatMap((suite) => wanted[suite] ?? []).forEach(provide);

const folder = mkdtempSync(join(tmpdir(), 'hub-tests-'));
for (const suite of chosen) {
  console.log(`\n== ${suite}`);
  const started = Date.now();
  const file = join(folder, `${suite}.json`);
  const { status } = run(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--selectProjects', suite, '--passWithNoTests', '--json', `--outputFile=${file}`],
    // The build above is the one that suites in processes of their own run against.
    { env: { ...process.env, HUB_TEST_BUILT: 'yes' }, timeout: LONGEST },
  );
  count(suite, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined, status);
  times.push(`${suite} ${seconds(started)}`);
}
rmSync(folder, { recursive: true, force: true });

console.log(`\n${times.join(' · ')}`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed > 0 ? 1 : 0;

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/** Adds jest's own report to the totals; a run without one has crashed. */
function count(suite, report, status) {
  if (!report) {
    console.error(`the suite ${suite} did not finish`);
    total.failed++;
    return;
  }
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = report.numPendingTests + report.numTodoTests;
  total.passed += report.numPassedTests;
  // Jest may fail beside its tests, in a teardown for instance.
  total.failed += failed === 0 && status !== 0 ? 1 : failed;
  for (const { name, assertionResults } of report.testResults) {
    const left = assertionResults.filter((test) => test.status === 'pending' || test.status === 'todo');
    if (left.length > 0) console.log(`skipped: ${left.length} in ${relative(root, name)}`);
  }
  if (skipped > 0 && mayNotSkip.includes(suite)) {
    console.error(`the suite ${suite} may not be skipped here`);
    total.failed += skipped;
  } else {
    total.skipped += skipped;
  }
}
