import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, prepareDatabase, readConfig, startEmbeddedPostgres } from '@hub/platform';
import { layIn, migrations } from '../../apps/hub/src/database';
import { ask, freshDatabase, rowCounts } from '../support/database';
import { rootFolder } from '../support/root';

const folder = join(rootFolder, '.data', 'test');
const name = `empty_${process.pid}_${Date.now().toString(36)}`;
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
let migrated: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  server = await startEmbeddedPostgres(folder, { fsync: false });
  await server.createDatabase(name);
  migrated = await freshDatabase();
});
afterAll(async () => {
  await server.dropDatabase(name);
  await server.stop();
  await migrated.stop();
});

// The logins are given, so that no password of this cluster changes under the suites beside this one.
const start = () => migrate(server.url(name), migrated.urls, folder, migrations, layIn);

test('two hubs that start at once on an empty database both find it ready, and laid in once', async () => {
  const [one, other] = await Promise.all([start(), start()]);
  expect(one).toEqual(migrated.urls);
  expect(other).toEqual(migrated.urls);
  expect(await rowCounts(server.url(name))).toEqual(await rowCounts(migrated.ownerUrl));
  const applied = await ask<{ name: string }>(
    server.url(name),
    'select name from public.migrations order by timestamp',
  );
  expect(applied.map((row) => row.name)).toEqual(migrations.map((migration) => migration.name));
});

test('a start on a database that is ready changes nothing', async () => {
  const before = await rowCounts(server.url(name));
  await start();
  expect(await rowCounts(server.url(name))).toEqual(before);
});

test('what fails while a database is laid in leaves the lock free for the next', async () => {
  const broken = migrate(server.url(name), migrated.urls, folder, migrations, () =>
    Promise.reject(new Error('no registry')),
  );
  await expect(broken).rejects.toThrow('no registry');
  await start();
});

test('logins without the database that they belong to are refused before a server is started', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'hub-config-'));
  try {
    const config = readConfig({
      HUB_DATA_DIR: empty,
      DATABASE_INTAKE_URL: 'postgres://hub_intake@db.example/hub',
      DATABASE_READER_URL: 'postgres://hub_reader@db.example/hub',
      DATABASE_DESK_URL: 'postgres://hub_desk@db.example/hub',
      DATABASE_WORKER_URL: 'postgres://hub_worker@db.example/hub',
    });
    await expect(prepareDatabase(config, migrations, layIn)).rejects.toMatchObject({
      code: 'CONFIGURATION',
      facts: { variable: 'DATABASE_URL' },
    });
    expect(existsSync(join(empty, 'postgres.json'))).toBe(false);
  } finally {
    rmSync(empty, { recursive: true });
  }
});
