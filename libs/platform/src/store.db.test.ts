import { Client } from 'pg';
import { ask, freshDatabase } from '../../../test/support/database';
import { toRefusalOrDefect } from './edge';
import { newId } from './ids';
import type { Logger } from './logger';
import { DeskStore, openDataSource, ReaderStore, Store, type Tx } from './store';
import { WorkerStore } from './background/relay';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let reader: ReaderStore;
let desk: DeskStore;
let worker: WorkerStore;
const POOL = 3;

beforeAll(async () => {
  database = await freshDatabase();
  await ask(
    database.ownerUrl,
    `create schema scratch;
     create table scratch.note (id uuid primary key, text text not null, parent uuid references scratch.note (id) deferrable initially deferred);
     grant usage on schema scratch to hub_desk, hub_reader;
     grant select, insert, update, delete on scratch.note to hub_desk;`,
  );
  reader = new ReaderStore(await openDataSource(database.urls.reader, 'reader', [], POOL));
  desk = new DeskStore(await openDataSource(database.urls.desk, 'desk', [], POOL));
  worker = new WorkerStore(await openDataSource(database.urls.worker, 'worker', [], POOL));
});
afterAll(async () => {
  await Promise.all([reader, desk, worker].map((store) => store?.close()));
  await database?.stop();
});
beforeEach(() => ask(database.ownerUrl, 'delete from scratch.note'));

const caller = () => ({ id: newId() });
const note = (tx: Tx, text: string, id = newId()) =>
  tx.query('insert into scratch.note (id, text) values ($1, $2)', [id, text]);
const notes = async () =>
  (await ask<{ text: string }>(database.ownerUrl, 'select text from scratch.note order by text')).map(
    ({ text }) => text,
  );
/** Who the database thinks is asking, and on which connection. */
const who = async (tx: Tx) =>
  (
    (await tx.query(`select identity.caller() as id, pg_backend_pid() as connection`)) as {
      id: string | null;
      connection: number;
    }[]
  )[0]!;
const deferred = () => {
  let resolve!: () => void;
  return { promise: new Promise<void>((done) => (resolve = done)), resolve: () => resolve() };
};

test('the work is committed as a whole, and its answer given', async () => {
  const answer = await desk.as(caller(), async (tx) => {
    await note(tx, 'a');
    await note(tx, 'b');
    expect(await notes()).toEqual([]);
    return 42;
  });
  expect(answer).toBe(42);
  expect(await notes()).toEqual(['a', 'b']);
});

test('work that fails leaves nothing, and its error is passed on as it is', async () => {
  const why = new RangeError('the rule says no');
  const failed = desk.as(caller(), async (tx) => {
    await note(tx, 'a');
    throw why;
  });
  await expect(failed).rejects.toBe(why);
  expect(await notes()).toEqual([]);
});

test('work that the database refuses leaves nothing, and says which rule', async () => {
  const id = newId();
  const failed = desk.as(caller(), async (tx) => {
    await note(tx, 'a', id);
    await note(tx, 'b', id);
  });
  await expect(failed).rejects.toMatchObject({ driverError: { code: '23505' } });
  expect(await notes()).toEqual([]);
});

test('what only the commit refuses is an error too, and leaves nothing', async () => {
  const failed = desk.as(caller(), async (tx) => {
    await note(tx, 'a');
    await tx.query('insert into scratch.note (id, text, parent) values ($1, $2, $3)', [newId(), 'orphan', newId()]);
  });
  await expect(failed).rejects.toMatchObject({ code: '23503' });
  expect(await notes()).toEqual([]);
});

test('work that swallowed an error of the database is not taken for done', async () => {
  const swallowed = desk.as(caller(), async (tx) => {
    await note(tx, 'a');
    await tx.query('select 1 / 0').catch(() => undefined);
    return 'done';
  });
  await expect(swallowed).rejects.toThrow();
  expect(await notes()).toEqual([]);
});

test('what is given values, be it none, is prepared once in its connection', async () => {
  const sql = 'select count(*)::int as n from pg_prepared_statements where statement like $$%pg_prepared_statements%$$';
  const ask = (values?: unknown[]) => desk.as(caller(), (tx) => tx.query(sql, values) as Promise<[{ n: number }]>);
  expect((await ask())[0].n).toBe(0);
  expect((await ask([]))[0].n).toBe(1);
  expect((await ask([]))[0].n).toBe(1);
});

test('what is asked together is done in the order in which it was asked', async () => {
  const [id, other] = [newId(), newId()];
  const answers = await desk.as(caller(), (tx) =>
    Promise.all([
      note(tx, 'a', id),
      tx.query('update scratch.note set text = $2 where id = $1 returning text', [id, 'b']),
      tx.query('insert into scratch.note (id, text, parent) select $1, text, id from scratch.note', [other]),
      tx.query('select text from scratch.note where parent = $1', [id]),
    ]),
  );
  expect(answers).toEqual([[], [[{ text: 'b' }], 1], [], [{ text: 'b' }]]);
});

test('of what is asked together the first that fails is the error, and nothing is left of the others', async () => {
  const id = newId();
  const failed = desk.as(caller(), (tx) =>
    Promise.all([note(tx, 'a', id), note(tx, 'b', id), note(tx, 'c'), tx.query('select 1')]),
  );
  await expect(failed).rejects.toMatchObject({ driverError: { code: '23505' } });
  expect(await notes()).toEqual([]);
  await desk.as(caller(), (tx) => note(tx, 'c'));
  expect(await notes()).toEqual(['c']);
});

test('what nobody waited for is answered before the commit: where it fails, nothing is committed and its error is told', async () => {
  const id = newId();
  const done = await desk.as(caller(), async (tx) => {
    void note(tx, 'a', id);
    return 'done';
  });
  expect([done, await notes()]).toEqual(['done', ['a']]);
  const failed = desk.as(caller(), async (tx) => {
    void note(tx, 'b');
    void note(tx, 'c', id);
    return 'done';
  });
  await expect(failed).rejects.toMatchObject({ driverError: { code: '23505' } });
  expect(await notes()).toEqual(['a']);
});

test('what still runs of work that has ended asks nothing more, neither outside nor in the next one’s name', async () => {
  const late = deferred();
  const asked: Promise<unknown>[] = [];
  const failed = desk.as(caller(), (tx) =>
    Promise.all([
      note(tx, 'a').then(() => Promise.reject(new Error('no'))),
      tx.query('select 1').then(() => late.promise.then(() => asked.push(note(tx, 'late')))),
    ]),
  );
  await expect(failed).rejects.toThrow('no');
  await desk.as(caller(), async () => {
    late.resolve();
    await late.promise;
    await new Promise((later) => setTimeout(later, 5));
  });
  expect(asked).toHaveLength(1);
  await expect(asked[0]).rejects.toThrow('the transaction is over');
  expect(await notes()).toEqual([]);
});

test('the database is told who asks, for this transaction alone', async () => {
  const [one, other] = [caller(), caller()];
  const store = new Store(await openDataSource(database.urls.reader, 'reader', [], 1));
  try {
    const first = await store.as(one, who);
    expect(first.id).toBe(one.id);
    expect(await store.as(null, who)).toEqual({ id: null, connection: first.connection });
    expect(await store.as(other, who)).toEqual({ id: other.id, connection: first.connection });
    await store.as(one, () => Promise.reject(new Error('no'))).catch(() => undefined);
    expect(await store.ask('select identity.caller() as id, pg_backend_pid() as connection where $1', [true])).toEqual([
      { id: null, connection: first.connection },
    ]);
  } finally {
    await store.close();
  }
});

test('those who ask one statement at once share a connection; what fails of one touches no other, and it goes back', async () => {
  const store = new Store(await openDataSource(database.urls.reader, 'reader', [], 1));
  const asked = (n: number) =>
    store.ask<{ n: number; connection: number; transaction: string }>(
      'select 1 / ($1 - 3) as n, pg_backend_pid() as connection, pg_current_xact_id()::text as transaction',
      [n],
    );
  try {
    const answers = await Promise.allSettled([1, 2, 3, 4, 5].map(asked));
    expect(answers.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true]);
    const rows = answers.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    expect(new Set(rows.map(({ connection }) => connection)).size).toBe(1);
    expect(new Set(rows.map(({ transaction }) => transaction)).size).toBe(4);
    // The pool has no other.
    expect((await store.as(null, who)).connection).toBe(rows[0]!.connection);
    await expect(asked(3)).rejects.toThrow('division by zero');
    expect((await store.as(null, who)).connection).toBe(rows[0]!.connection);
  } finally {
    await store.close();
  }
});

test('where their connection is lost, all who wait are told, and who asks next has another', async () => {
  const logger = { error: () => undefined } as unknown as Logger;
  const store = new Store(await openDataSource(database.urls.reader, 'reader', [], 2));
  try {
    const [{ connection }] = (await store.ask<{ connection: number }>(
      'select pg_backend_pid() as connection where $1',
      [true],
    )) as [{ connection: number }];
    const waiting = Promise.allSettled([1, 2].map((n) => store.ask('select pg_sleep(60 * $1)', [n])));
    await new Promise((later) => setTimeout(later, 50));
    await ask(database.urls.reader, 'select pg_terminate_backend($1)', [connection]);
    for (const one of await waiting)
      expect([one.status, toRefusalOrDefect((one as PromiseRejectedResult).reason, logger)]).toMatchObject([
        'rejected',
        { code: 'UNAVAILABLE' },
      ]);
    expect(await store.ask('select $1::int as n', [7])).toEqual([{ n: 7 }]);
    expect((await store.as(null, who)).connection).not.toBe(connection);
  } finally {
    await store.close();
  }
});

test('two who ask at once never see each other’s member, on shared connections, in any order', async () => {
  const seen = await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      const me = n % 5 === 0 ? null : caller();
      const ids = await reader
        .as(me, async (tx) => {
          const found: (string | null)[] = [];
          for (let turn = 0; turn < 3; turn++) {
            found.push((await who(tx)).id);
            await new Promise((later) => setTimeout(later, (n * 7) % 5));
          }
          if (n % 7 === 0) throw Object.assign(new Error('in between'), { found });
          return found;
        })
        .catch((error: { found: (string | null)[] }) => error.found);
      return [me?.id ?? null, ids] as const;
    }),
  );
  for (const [id, ids] of seen) expect(ids).toEqual([id, id, id]);
});

test('two transactions that are open at the same moment are two connections with two members', async () => {
  const [one, other] = [caller(), caller()];
  const [begun, go] = [deferred(), deferred()];
  const first = reader.as(one, async (tx) => {
    const before = await who(tx);
    begun.resolve();
    await go.promise;
    expect(await who(tx)).toEqual(before);
    return before;
  });
  await begun.promise;
  const second = await reader.as(other, who);
  go.resolve();
  const { id, connection } = await first;
  expect([id, second.id]).toEqual([one.id, other.id]);
  expect(second.connection).not.toBe(connection);
});

test('a caller whose id is no UUID is refused before a connection is taken', async () => {
  for (const id of ['', '*', `${newId()}'; select set_config('hub.member', '', false); --`, newId().toUpperCase()]) {
    await expect(reader.as({ id }, who)).rejects.toThrow(TypeError);
  }
});

test('connections go back to the pool, however the work ended', async () => {
  for (let n = 0; n < 4 * POOL; n++) {
    await desk.as(caller(), () => Promise.reject(new Error('no'))).catch(() => undefined);
    await desk.as(caller(), (tx) => tx.query('select 1 / 0')).catch(() => undefined);
    await desk.as(caller(), (tx) => tx.query('select 1'));
  }
  const [{ open, idle }] = (await ask<{ open: number; idle: number }>(
    database.urls.desk,
    `select count(*)::int as open, count(*) filter (where state = 'idle')::int as idle from pg_stat_activity
     where usename = current_user and datname = current_database() and pid <> pg_backend_pid()`,
  )) as [{ open: number; idle: number }];
  expect(open).toBeLessThanOrEqual(POOL);
  expect(idle).toBe(open);
});

test('answers are TypeORM’s: rows, or rows and their count for a change', async () => {
  const answers = await desk.as(caller(), async (tx) => [
    await tx.query('insert into scratch.note (id, text) values ($1, $2) returning text', [newId(), 'a']),
    await tx.query(`update scratch.note set text = $1 returning text`, ['b']),
    await tx.query(`update scratch.note set text = 'c'`),
    await tx.query('select text from scratch.note where text = $1', ['c']),
    await tx.query('delete from scratch.note where text = $1', ['c']),
    await tx.query('select text from scratch.note'),
  ]);
  expect(answers).toEqual([[{ text: 'a' }], [[{ text: 'b' }], 1], [[], 1], [{ text: 'c' }], [[], 1], []]);
});

test('a database that goes away is UNAVAILABLE, and is used again when it is back', async () => {
  const logger = { error: () => undefined } as unknown as Logger;
  const broken = reader.as(caller(), async (tx) => {
    const { connection } = await who(tx);
    await ask(database.urls.reader, 'select pg_terminate_backend($1)', [connection]);
    return tx.query('select 1');
  });
  const error = await broken.catch((seen: unknown) => seen);
  expect([error, toRefusalOrDefect(error, logger)]).toMatchObject([expect.any(Error), { code: 'UNAVAILABLE' }]);
  expect(await reader.as(null, who)).toMatchObject({ id: null });

  const nowhere = new Client({ connectionString: 'postgres://hub_reader@127.0.0.1:1/hub' });
  expect(toRefusalOrDefect(await nowhere.connect().catch((seen: unknown) => seen), logger)).toMatchObject({
    code: 'UNAVAILABLE',
  });
});
