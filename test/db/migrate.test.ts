import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, prepareDatabase, readConfig, startEmbeddedPostgres } from '@hub/platform';
import { layIn, migrations } from '../../apps/hub/src/database';
import { ask, asSuperuser, freshDatabase, rowCounts } from '../support/database';
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

test('returns that were received before envelopes had a table of their own are moved, and nothing of them stays behind', async () => {
  const older = `older_${process.pid}_${Date.now().toString(36)}`;
  await server.createDatabase(older);
  try {
    const before = migrations.findIndex(({ name: each }) => each === 'Retention1795400000013');
    await migrate(server.url(older), migrated.urls, folder, migrations.slice(0, before), layIn);
    const [id, mark] = ['0190c0de-0000-7000-8000-000000000001', 'a mark that occurs nowhere else'];
    await ask(
      server.url(older),
      `insert into intake.submission (id, authority_id, dataset, dataset_version, period, period_kind, period_from, period_until,
         version, state, agreement_id, agreement_version, jti, kids, salt, payload_digest, envelope, envelope_digest, findings,
         received_by, received_at)
       select $1, id, 'x', '1.0', '2024-FY', 'year', '2024-04-01', '2025-04-01', 1, 'accepted', 'a', 1, 'jti', '{}',
         substr(sha256('salt'), 1, 16), sha256('payload'), $2::text::bytea, sha256('bytes'), '[{"rule":"x"}]',
         gen_random_uuid(), now()
       from registry.authority order by id limit 1`,
      [id, mark],
    );
    await migrate(server.url(older), migrated.urls, folder, migrations, layIn);
    const [row] = await ask<Record<string, unknown>>(
      server.url(older),
      `select submission_id, convert_from(envelope, 'UTF8') as envelope, findings, payload_digest = sha256('payload') as digest,
         salt = substr(sha256('salt'), 1, 16) as salt,
         authority_id = (select authority_id from intake.submission) as authority from intake.raw`,
    );
    expect(row).toEqual({
      submission_id: id,
      envelope: mark,
      findings: [{ rule: 'x' }],
      digest: true,
      salt: true,
      authority: true,
    });
    // The table's own pages, in which a dropped column would still lie.
    await ask(asSuperuser(server.url(older)), 'checkpoint');
    const [page] = await ask<{ text: string }>(
      asSuperuser(server.url(older)),
      `select encode(pg_read_binary_file(pg_relation_filepath('intake.submission')), 'escape') as text`,
    );
    expect(page!.text).not.toContain(mark);
    expect(page!.text).toContain('2024-FY');
  } finally {
    await server.dropDatabase(older);
  }
});

test('a database that was restored is left as it is by a start that is refused', async () => {
  await start();
  const owner = (sql: string) => ask(asSuperuser(server.url(name)), sql);
  await owner(`insert into platform.opened (server, at) values ('elsewhere', now())`);
  const laidIn = jest.fn(async () => undefined);
  const further = class Further1999000000000 {
    readonly name = 'Further1999000000000';
    up = laidIn;
    down = laidIn;
  };
  try {
    const refused = migrate(server.url(name), migrated.urls, folder, [...migrations, further], laidIn);
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_RESTORED' });
    expect(laidIn).not.toHaveBeenCalled();
  } finally {
    await owner('delete from platform.opened');
  }
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
