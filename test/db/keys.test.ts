import { Client } from 'pg';
import { migrate, newId } from '@hub/platform';
import { migrations } from '../../apps/hub/src/database';
import { ask, freshDatabase } from '../support/database';

/** What the database itself holds of a key's life, over the login that the desk has, whatever the code above it does. */

const HARTLEPOOL = 'E06000001';
const MEMBER = `insert into identity.member (id, issuer, subject, name) values ($1, 'https://issuer.test', ($1::uuid)::text, 'A person')`;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let desk: Client;
const [first, second, other] = [newId(), newId(), newId()];

beforeAll(async () => {
  database = await freshDatabase();
  for (const [id, role, of] of [
    [first, 'authority-approver', HARTLEPOOL],
    [second, 'authority-approver', HARTLEPOOL],
    [other, 'authority-approver', 'E06000002'],
  ]) {
    await ask(database.ownerUrl, MEMBER, [id]);
    await ask(
      database.ownerUrl,
      'insert into identity.member_role (member_id, role, organisation) values ($1, $2, $3)',
      [id, role, of],
    );
  }
  desk = new Client({ connectionString: database.urls.desk });
  await desk.connect();
});
afterAll(async () => {
  await desk.end();
  await database.stop();
});

/** One statement of the desk as that member, committed; the SQLSTATE where it fails, else the number of rows. */
async function as(member: string, sql: string, values: unknown[] = []): Promise<number | string> {
  await desk.query('begin');
  await desk.query(`select set_config('hub.member', $1, true)`, [member]);
  const done = await desk.query(sql, values).then(
    ({ rowCount }) => rowCount!,
    (error: { code: string }) => error.code,
  );
  await desk.query('commit');
  return done;
}
const [CHECK, POLICY, FOREIGN_KEY] = ['23514', '42501', '23503'];

let count = 0;
/** A pending key of Hartlepool, registered by the first approver. */
async function pending(): Promise<string> {
  const kid = `key-${++count}`;
  expect(await as(first, INSERT, [kid, HARTLEPOOL, first])).toBe(1);
  return kid;
}
const INSERT = `insert into identity.signing_key (kid, organisation, algorithm, jwk, thumbprint, registered_by, registered_at)
  values ($1, $2, 'EdDSA', '{}', $1, $3, now())`;
const APPROVE = 'update identity.signing_key set approved_at = now(), approved_by = $2 where kid = $1';

test('a key is registered in the own name, and never as one that is good already', async () => {
  expect(await as(first, INSERT, ['in-another-name', HARTLEPOOL, second])).toBe(POLICY);
  const good = INSERT.replace('registered_at)', 'registered_at, approved_at)').replace('now())', 'now(), now())');
  expect(await as(first, good, ['good-already', HARTLEPOOL, first])).toBe(POLICY);
});

test('a second person approves, in the own name', async () => {
  const kid = await pending();
  expect(await as(first, APPROVE, [kid, first])).toBe(CHECK);
  expect(await as(first, APPROVE, [kid, second])).toBe(CHECK);
  expect(await as(second, 'update identity.signing_key set approved_at = now() where kid = $1', [kid])).toBe(CHECK);
  expect(await as(other, APPROVE, [kid, other])).toBe(0);
  expect(await as(second, APPROVE, [kid, second])).toBe(1);
});

test('an approver whose role has ended approves nothing; what such a one has registered still waits for another', async () => {
  const kid = await pending();
  const end = 'update identity.member_role set valid = $2 where member_id = $1';
  const today = `(now() at time zone 'Europe/London')::date`;
  const [{ until }] = (await ask<{ until: string }>(database.ownerUrl, `select ${today}::text as until`)) as [
    { until: string },
  ];
  const [ended, open] = [`[2019-04-01,${until})`, '[2019-04-01,)'];
  await ask(database.ownerUrl, end, [second, ended]);
  expect(await as(second, APPROVE, [kid, second])).toBe(0);
  await ask(database.ownerUrl, end, [first, ended]);
  await ask(database.ownerUrl, end, [second, open]);
  const [row] = await ask(database.ownerUrl, 'select approved_at from identity.signing_key where kid = $1', [kid]);
  expect(row).toEqual({ approved_at: null });
  expect(await as(second, APPROVE, [kid, second])).toBe(1);
  await ask(database.ownerUrl, end, [first, open]);
});

test.each([
  ['its approval', `approved_at = now() - interval '1 year'`],
  ['who approved it', 'approved_by = null'],
  ['its end', `until = now() + interval '10 years'`],
  ['no end any more', 'until = null'],
  ['its revocation', `revoked_at = now() + interval '1 year'`],
  ['no revocation any more', 'revoked_at = null, revoked_by = null, reason = null'],
  ['another reason', `reason = 'none'`],
])('what was written of a key stays: %s', async (_what, change) => {
  const kid = await pending();
  expect(await as(second, APPROVE, [kid, second])).toBe(1);
  expect(
    await as(first, `update identity.signing_key set until = now() + interval '30 days' where kid = $1`, [kid]),
  ).toBe(1);
  const revoke = `update identity.signing_key set revoked_at = now(), revoked_by = $2, reason = 'lost' where kid = $1`;
  expect(await as(first, revoke, [kid, second])).toBe(CHECK);
  expect(await as(first, revoke, [kid, first])).toBe(1);
  // Somebody who could write it, were it not written already.
  expect(await as(second, `update identity.signing_key set ${change} where kid = $1`, [kid])).toBe(CHECK);
});

test.each(['kid', 'organisation', 'thumbprint', 'replaces', 'registered_at', 'registered_by', 'jwk', 'algorithm'])(
  'nobody at the desk may change the %s of a key',
  async (name) => {
    const kid = await pending();
    expect(await as(first, `update identity.signing_key set ${name} = ${name} where kid = $1`, [kid])).toBe(POLICY);
  },
);

test('a key takes the place of one of its own organisation alone', async () => {
  const kid = await pending();
  const replacing = INSERT.replace('registered_at)', 'registered_at, replaces)').replace('now())', 'now(), $4)');
  expect(await as(other, replacing, ['elsewhere', 'E06000002', other, kid])).toBe(FOREIGN_KEY);
  expect(await as(first, replacing, ['here', HARTLEPOOL, first, kid])).toBe(1);
});

test('keys from before there was a second person go on working', async () => {
  const [{ url }] = (await ask<{ url: string }>(database.ownerUrl, 'select current_database() as url')) as [
    { url: string },
  ];
  const old = `old_${process.pid}_${Date.now().toString(36)}`;
  await ask(database.ownerUrl, `create database ${old}`);
  const oldUrl = database.ownerUrl.replace(url, old);
  try {
    const before = migrations.filter(({ name }) => !name.startsWith('Keys'));
    const stamp = (name: string) => Number(name.slice(-13));
    const keys = Math.min(...migrations.filter(({ name }) => name.startsWith('Keys')).map(({ name }) => stamp(name)));
    await migrate(
      oldUrl,
      database.urls,
      '',
      before.filter(({ name }) => stamp(name) < keys),
      async () => undefined,
    );
    await ask(oldUrl, MEMBER, [first]);
    await ask(
      oldUrl,
      `insert into identity.signing_key (kid, organisation, algorithm, jwk, thumbprint, state, registered_by, registered_at, revoked_at, revoked_by, reason)
       values ('good', 'E06000001', 'EdDSA', '{}', 'a', 'active', $1, '2025-07-01Z', null, null, null),
              ('lost', 'E06000001', 'EdDSA', '{}', 'b', 'revoked', $1, '2025-07-01Z', '2025-08-01Z', $1, 'lost')`,
      [first],
    );
    await migrate(oldUrl, database.urls, '', migrations, async () => undefined);
    const rows = await ask(
      oldUrl,
      'select kid, approved_at, approved_by, until, revoked_at from identity.signing_key order by kid',
    );
    const approved_at = new Date('2025-07-01Z');
    expect(rows).toEqual([
      { kid: 'good', approved_at, approved_by: null, until: null, revoked_at: null },
      { kid: 'lost', approved_at, approved_by: null, until: null, revoked_at: new Date('2025-08-01Z') },
    ]);
  } finally {
    await ask(database.ownerUrl, `drop database if exists ${old} with (force)`);
  }
});
