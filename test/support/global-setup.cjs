/**
 * Once for all suites that need a database: one embedded PostgreSQL without fsync, and in it a migrated template, so
 * that each suite gets a database of its own in a tenth of a second. The template is named for what it is made of: it
 * is made again when that changes, and several runs beside one another share it.
 */
const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Client } = require('pg');

const root = join(__dirname, '..', '..');

/** A digest of everything that the template is made of. */
function fingerprint() {
  const hash = createHash('sha256');
  const libraries = readdirSync(join(root, 'libs')).map((name) => join('libs', name, 'src', 'migrations'));
  for (const folder of [...libraries, 'contracts/registry', 'contracts/datasets']) {
    if (!existsSync(join(root, folder))) continue;
    for (const file of readdirSync(join(root, folder)).sort())
      hash.update(file).update(readFileSync(join(root, folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

module.exports = async () => {
  if (globalThis.hubTestServer) return; // one process, several projects
  if (!process.env.HUB_TEST_BUILT) execFileSync(process.execPath, ['infra/build.mjs'], { cwd: root, stdio: 'inherit' });
  process.env.HUB_TEST_BUILT = 'yes';
  const { startEmbeddedPostgres, migrate } = require(join(root, 'dist/libs/platform/src/index.js'));
  const { migrations, layIn } = require(join(root, 'dist/apps/hub/src/database.js'));
  const folder = join(root, '.data', 'test');
  const server = await startEmbeddedPostgres(folder, { fsync: false });
  globalThis.hubTestServer = server;
  const template = `template_${fingerprint()}`;
  process.env.HUB_TEST_TEMPLATE = template;
  process.env.HUB_TEST_RUN = `${process.pid}_${Date.now().toString(36)}`;
  const owner = new Client({ connectionString: server.url('postgres') });
  await owner.connect();
  const { rowCount } = await owner.query('select 1 from pg_database where datname = $1', [template]);
  await owner.end();
  if (rowCount) return;
  const draft = `draft_${process.pid}`;
  await server.createDatabase(draft);
  try {
    const none = { intake: null, reader: null, desk: null, worker: null };
    await migrate(server.url(draft), none, folder, migrations, layIn);
    await server.createDatabase(template, draft);
  } finally {
    await server.dropDatabase(draft);
  }
};
