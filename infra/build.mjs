// One swc call over everything; types are checked apart, by `npm run types`.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');

// swc knows no `*` in the middle of a name, so each door of each library is named.
const config = JSON.parse(readFileSync('.swcrc', 'utf8'));
const doors = { '@hub/contracts': ['contracts/index.ts'] };
for (const library of readdirSync('libs')) {
  for (const door of ['domain', 'checker']) {
    if (existsSync(`libs/${library}/src/${door}/index.ts`))
      doors[`@hub/${library}/${door}`] = [`libs/${library}/src/${door}/index.ts`];
  }
  if (existsSync(`libs/${library}/src/index.ts`)) doors[`@hub/${library}`] = [`libs/${library}/src/index.ts`];
}
config.jsc.baseUrl = resolve('.');
config.jsc.paths = doors;
writeFileSync('dist/swc.json', JSON.stringify(config));

const folders = ['apps', 'libs', 'contracts', 'test'].filter((folder) => existsSync(folder));
const done = spawnSync(
  process.execPath,
  [
    'node_modules/@swc/cli/bin/swc.js',
    ...folders,
    '-d',
    'dist',
    '--config-file',
    'dist/swc.json',
    '--ignore',
    '**/*.test.ts',
    '--quiet',
  ],
  { stdio: 'inherit' },
);
// swc has `export *` ask the module that it came through, at each use, so that a name that goes through three indexes is three calls; here
// each index hands on the getter of the module that defines it. What is said of figures asks for such names a thousand times an answer.
const through = /get: function\(\) \{\s*return from\[k\];\s*\}/;
const indexes = readdirSync('dist', { recursive: true }).filter((file) => file.endsWith('index.js'));
for (const file of done.status === 0 ? indexes : []) {
  const text = readFileSync(`dist/${file}`, 'utf8');
  if (!text.includes('function _export_star')) continue;
  if (!through.test(text)) throw new Error(`swc writes \`export *\` in another way now: see dist/${file}`);
  writeFileSync(`dist/${file}`, text.replace(through, 'get: Object.getOwnPropertyDescriptor(from, k).get'));
}
// `npx hub` finds a command among those of node_modules at once. One that package.json names it installs into a cache of
// its own at every call, which takes longer than most commands.
const cli = 'dist/apps/cli/src/main.js';
if (done.status === 0 && existsSync(cli)) {
  chmodSync(cli, 0o755);
  mkdirSync('node_modules/.bin', { recursive: true });
  rmSync('node_modules/.bin/hub', { force: true });
  symlinkSync(`../../${cli}`, 'node_modules/.bin/hub');
}
process.exit(done.status ?? 1);
