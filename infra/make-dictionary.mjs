// Makes docs/rules.md and docs/datasets: a page and a CSV template for the newest version of each dataset.
// `npm run dictionary`, after `npm run build`; with --check it writes nothing and fails when something there is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { pagesOfDatasets } = createRequire(import.meta.url)(`${root}dist/libs/client/src/index.js`);

const stale = [];
for (const [name, text] of pagesOfDatasets()) {
  const file = `${root}docs/${name}`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale.push(name);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
}
console.log(stale.length ? `docs: ${stale.join(', ')}` : 'docs are as datasets and rules are');
if (stale.length && process.argv.includes('--check')) process.exit(1);
