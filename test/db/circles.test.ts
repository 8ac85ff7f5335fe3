import { Client } from 'pg';
import { newId } from '@hub/platform';
import { ask, freshDatabase } from '../support/database';

const [HARTLEPOOL, MIDDLESBROUGH, REDCAR, STOCKTON] = ['E06000001', 'E06000002', 'E06000003', 'E06000004'] as const;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let worker: Client;
let steward: string;

beforeAll(async () => {
  database = await freshDatabase();
  worker = new Client({ connectionString: database.urls.worker });
  await worker.connect();
  steward = await person();
});
afterAll(async () => {
  await worker?.end();
  await database?.stop();
});

const own = <T = Record<string, unknown>>(sql: string, values: unknown[] = []) =>
  ask<T>(database.ownerUrl, sql, values);

/** Somebody new with these roles. */
async function person(...held: [role: string, of: string, valid: string][]): Promise<string> {
  const id = newId();
  await own(`insert into identity.member (id, issuer, subject, name) values ($1, 'https://issuer.test', $2, 'N')`, [
    id,
    id,
  ]);
  for (const [role, of, valid] of held) {
    await own('insert into identity.member_role (member_id, role, organisation, valid) values ($1, $2, $3, $4)', [
      id,
      role,
      of,
      valid,
    ]);
  }
  return id;
}
async function declare(from: string, authorities: readonly string[], series: string[] | null = null): Promise<void> {
  const id = newId();
  await own(
    `insert into registry.circle (id, name, series, from_date, declared_by, declared_at) values ($1, 'S', $2, $3, $4, now())`,
    [id, series, from, steward],
  );
  await own('insert into registry.circle_authority select $1, a.id from registry.authority a where a.code = any($2)', [
    id,
    authorities,
  ]);
}
/** What the worker finds of one kind on a day, in order. */
const on = async (day: string, kind: string) =>
  (
    await worker.query<{ authorities: string[]; series: string[] | null }>(
      'select authorities, series from registry.circles_on($1) where kind = $2 order by 1',
      [day, kind],
    )
  ).rows.map(({ authorities, series }) => [authorities, ...(series ? [series] : [])]);

test('a declared circle counts from its day on', async () => {
  await declare('2026-03-01', [MIDDLESBROUGH, HARTLEPOOL]);
  expect(await on('2026-02-28', 'declared')).toEqual([]);
  expect(await on('2026-03-01', 'declared')).toEqual([[[HARTLEPOOL, MIDDLESBROUGH]]]);
  expect(await on('2035-01-01', 'declared')).toHaveLength(1);
});

test('an agency that knows its series does, in one area too', async () => {
  await declare('2026-03-01', [REDCAR], ['RF01|source=police#count']);
  expect(await on('2026-02-28', 'agency')).toEqual([]);
  expect(await on('2026-03-01', 'agency')).toEqual([[[REDCAR], ['RF01|source=police#count']]]);
});

test('who has worked for two authorities counts from the second role on, whatever has ended since', async () => {
  await person(
    ['authority-analyst', HARTLEPOOL, '[2020-01-01,2021-01-01)'],
    ['authority-approver', STOCKTON, '[2025-06-01,2025-07-01)'],
  );
  await person(['authority-system', HARTLEPOOL, '[2020-01-01,)'], ['authority-analyst', REDCAR, 'empty']);
  // The same authority twice, printed figures, and a region's role know no raw figures of several authorities.
  await person(['authority-analyst', HARTLEPOOL, '[2020-01-01,)'], ['authority-approver', HARTLEPOOL, '[2020-01-01,)']);
  await person(['authority-analyst', HARTLEPOOL, '[2020-01-01,)'], ['elected-member', REDCAR, '[2020-01-01,)']);
  await person(['authority-analyst', HARTLEPOOL, '[2020-01-01,)'], ['regional-lead', 'E12000001', '[2020-01-01,)']);
  expect(await on('2025-05-31', 'person')).toEqual([[[HARTLEPOOL, REDCAR]]]);
  expect(await on('2025-06-01', 'person')).toEqual([[[HARTLEPOOL, REDCAR]], [[HARTLEPOOL, STOCKTON]]]);
  expect(await on('2035-01-01', 'person')).toHaveLength(2);
});

test('a joint return and those whom it covers are one circle', async () => {
  expect(await on('2026-01-01', 'joint')).toContainEqual([['E09000021 / E09000027', 'E09000021', 'E09000027']]);
});

test('who takes an authority’s place has its books from that day on', async () => {
  const heirs = async (day: string) =>
    (await on(day, 'heir')).map(([authorities]) => (authorities as string[]).join(' '));
  // Barnsley under a new code; Cumberland after Cumbria.
  expect(await heirs('2025-03-31')).not.toContain('E08000038 E08000016');
  expect(await heirs('2025-04-01')).toContain('E08000038 E08000016');
  expect(await heirs('2023-03-31')).not.toContain('E06000063 E10000006');
  expect(await heirs('2023-04-01')).toContain('E06000063 E10000006');
});

test('nobody but the worker asks', async () => {
  for (const login of ['intake', 'reader', 'desk'] as const) {
    const client = new Client({ connectionString: database.urls[login] });
    await client.connect();
    try {
      await expect(client.query('select * from registry.circles_on($1)', ['2026-01-01'])).rejects.toMatchObject({
        code: '42501',
      });
    } finally {
      await client.end();
    }
  }
});
