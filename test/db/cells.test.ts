import { ask, freshDatabase } from '../support/database';

/** What a cell belongs to is checked by statement: each way round it, tried as the owner, whom no policy stops. */
let database: Awaited<ReturnType<typeof freshDatabase>>;
const own = '00000000-0000-7000-8000-000000000001';
const stray = '00000000-0000-7000-8000-000000000002';

beforeAll(async () => {
  database = await freshDatabase();
  await ask(
    database.ownerUrl,
    `insert into intake.submission (id, authority_id, dataset, dataset_version, period, period_kind, period_from, period_until,
       version, state, agreement_id, agreement_version, jti, kids, salt, payload_digest, envelope, envelope_digest, findings,
       received_by, received_at, receipt)
     select $1, min(id), 'd', '1.0', '2025-Q1', 'quarter', '2025-04-01', '2025-07-01', 1, 'accepted', 'a', 1, 'j', '{k}',
       decode(repeat('00', 16), 'hex'), decode(repeat('00', 32), 'hex'), '', decode(repeat('00', 32), 'hex'), '[]', $1, now(), ''
     from registry.authority`,
    [own],
  );
});
afterAll(() => database.stop());

const insert = (submission: string, authority: string, series: string, first = true) =>
  ask(
    database.ownerUrl,
    `insert into intake.cell (submission_id, authority_id, series_id, kind, value, first)
     select $1, (select ${authority} from registry.authority), s, 0, 5, $2 from unnest(array[(select ${series} from registry.series)]) s`,
    [submission, first],
  );
const cells = async () =>
  (await ask<{ n: number }>(database.ownerUrl, 'select count(*)::int as n from intake.cell'))[0]!.n;

test('a first cell of another authority than its submission is refused', async () => {
  await expect(insert(own, 'max(id)', 'min(id)')).rejects.toMatchObject({ code: '23503' });
  expect(await cells()).toBe(0);
});

test('a cell of its submission and of a series is stored', async () => {
  await insert(own, 'min(id)', 'min(id)');
  expect(await cells()).toBe(1);
});

test.each([
  ['no submission', stray, 'min(id)', 'max(id)', true],
  ['no submission and no first', stray, 'min(id)', 'max(id)', false],
  ['a later statement', own, 'min(id)', 'max(id)', false],
  ['no series', own, 'min(id)', 'max(id) + 1', false],
])('a cell of %s is refused', async (_, submission, authority, series, first) => {
  await expect(insert(submission, authority, series, first)).rejects.toMatchObject({ code: '23503' });
  expect(await cells()).toBe(1);
});

test('a return has one first cell', async () => {
  await expect(insert(own, 'min(id)', 'max(id)')).rejects.toMatchObject({ code: '23505' });
});

test('a cell is not changed, and its submission does not go before it', async () => {
  await expect(ask(database.ownerUrl, 'update intake.cell set value = 6')).rejects.toThrow('cells are not changed');
  await expect(ask(database.ownerUrl, 'delete from intake.submission')).rejects.toMatchObject({ code: '23503' });
  await ask(database.ownerUrl, 'delete from intake.cell');
  await ask(database.ownerUrl, 'delete from intake.submission');
  expect(await cells()).toBe(0);
});
