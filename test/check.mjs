// What the pipeline runs: format, lint, arrows, types, build, published schema, and then the tests. Stops at the first
// part that fails, and names it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const arrows = ['apps', 'libs', 'contracts', 'test'].filter((folder) => existsSync(`${root}/${folder}`));
const parts = [
  ['format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  ['lint', 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'],
  [
    'arrows',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    ...arrows,
    '--config',
    '.dependency-cruiser.cjs',
  ],
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['build', 'infra/build.mjs'],
  ['schema', 'dist/test/schema-snapshot.js', '--check'],
  ['documents', 'dist/test/trusted-documents.js', '--check'],
];

const node = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

for (const [part, program, ...args] of parts) {
  // The snapshot comes with the first published schema.
  if (part === 'schema' && !existsSync(`${root}/${program}`)) continue;
  const started = Date.now();
  const status = node(program, ...args);
  console.log(`== ${part}: ${status === 0 ? 'ok' : 'failed'} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (status !== 0) {
    console.error(`check stopped at ${part}; no test was run`);
    console.log('0 passed, 1 failed');
    process.exit(1);
  }
}
process.exit(node('test/run.mjs'));
