import { Client } from 'pg';
import type { Database } from '@hub/platform';
import { ask, freshDatabase } from '../support/database';

/** Over TCP, with the login's own password: the wall that holds when every line of code is wrong. */

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.stop());

test('hub_reader gets 42501 on every table of intake and proof, whatever it tries', async () => {
  const tables = await ask<{ name: string }>(
    database.ownerUrl,
    `select schemaname || '.' || tablename as name from pg_tables where schemaname in ('intake', 'proof')`,
  );
  expect(tables.length).toBeGreaterThanOrEqual(4);
  const reader = new Client({ connectionString: database.urls.reader });
  await reader.connect();
  try {
    expect((await reader.query('select current_user, session_user')).rows).toEqual([
      { current_user: 'hub_reader', session_user: 'hub_reader' },
    ]);
    for (const { name } of tables) {
      for (const sql of [
        `select count(*) from ${name}`,
        `insert into ${name} default values`,
        `delete from ${name}`,
        `truncate ${name}`,
        `copy ${name} to stdout`,
      ]) {
        await expect(reader.query(sql)).rejects.toMatchObject({ code: '42501' });
      }
    }
    for (const role of ['hub_owner', 'hub_intake', 'hub_worker']) {
      await expect(reader.query(`set role ${role}`)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(reader.query(`select * from identity.reach(gen_random_uuid())`)).rejects.toMatchObject({
      code: '42501',
    });
  } finally {
    await reader.end();
  }
});

test('another login’s password does not open the door', async () => {
  const url = new URL(database.urls.intake);
  url.username = 'hub_worker';
  const client = new Client({ connectionString: url.toString() });
  await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
});
