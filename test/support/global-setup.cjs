/**
 * Once for all suites that need a database: one embedded PostgreSQL without fsync, and in it a migrated template, so
 * that each suite gets a database of its own in a tenth of a second.
 */
const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

module.exports = async () => {
  if (globalThis.hubTestServer) return; // one process, several projects
  const root = join(__dirname, '..', '..');
  if (!existsSync(join(root, 'dist')) || !process.env.HUB_TEST_BUILT) execFileSync(process.execPath, ['infra/build.mjs'], { cwd: root, stdio: 'inherit' });
  process.env.HUB_TEST_BUILT = 'yes';
  const { startEmbeddedPostgres, migrate } = require(join(root, 'dist/libs/platform/src/index.js'));
  const { migrations, layIn } = require(join(root, 'dist/apps/hub/src/database.js'));
  const folder = join(root, '.data', 'test');
  const server = await startEmbeddedPostgres(folder, { fsync: false });
  globalThis.hubTestServer = server;
  await server.dropDatabase('template_hub');
  await server.createDatabase('template_hub');
  const none = { intake: null, reader: null, desk: null, worker: null };
  await migrate(server.url('template_hub'), none, folder, migrations, layIn);
};
