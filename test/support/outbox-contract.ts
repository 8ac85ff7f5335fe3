import { setTimeout as wait } from 'node:timers/promises';
import {
  appendWork,
  DeskStore,
  FenceLost,
  lanes,
  newId,
  openDataSource,
  Relay,
  runWork,
  WorkerStore,
  workTypes,
  type Database,
  type Handler,
  type Handlers,
  type Lane,
  type Run,
  type Runner,
  type Runners,
  type RunRow,
  type WorkType,
} from '@hub/platform';
import { ask, freshDatabase } from './database';

/** Where handed-out work waits and runs, and how a test makes it fail. */
export interface Ground {
  /** A runner as one worker process has it; several share what was handed out where several processes do. */
  runner(run: RunRow, lane: Lane): Runner;
  /** Forgets everything that was handed out and does not run yet. */
  lose(): Promise<void>;
  /** Nothing can be handed out from here on. */
  interrupt(): Promise<void>;
  /** It can again. */
  restore(): Promise<void>;
}

interface Row {
  id: string;
  attempts: number;
  fence: number;
  done: boolean;
  leased: boolean;
  /** Longer than a lease: for the next try. */
  putOff: boolean;
  due: boolean;
}

function deferred() {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

async function until(what: string, holds: () => Promise<boolean> | boolean, ms = 15_000): Promise<void> {
  for (const since = Date.now(); Date.now() - since < ms; await wait(15)) if (await holds()) return;
  throw new Error(`after ${ms} ms it is still not so that ${what}`);
}

/** What every runner promises, on a real PostgreSQL. Short leases, so that what is lost comes back soon. */
export function outboxContract(ground: Ground): void {
  const pace = { everyMs: 40, leaseMs: 300 };
  let database: Database;
  let desk: DeskStore;
  let worker: WorkerStore;
  let relays: Relay[] = [];
  let logged: string[] = [];
  const log = {
    error: (_facts: object, text: string) => void logged.push(text),
    info: (text: string) => void logged.push(text),
  };

  beforeAll(async () => {
    database = await freshDatabase();
    await ask(
      database.ownerUrl,
      `create schema scratch;
       create table scratch.change (id uuid);
       create table scratch.effect (work uuid, attempt int);
       grant usage on schema scratch to hub_desk, hub_worker;
       grant insert on scratch.change to hub_desk;
       grant insert on scratch.effect to hub_worker;`,
    );
    desk = new DeskStore(await openDataSource(database.urls.desk, 'desk'));
    worker = new WorkerStore(await openDataSource(database.urls.worker, 'worker'));
  });
  afterAll(async () => {
    await desk?.close();
    await worker?.close();
    await database?.stop();
  });
  beforeEach(() => {
    logged = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    relays = [];
    await ask(database.ownerUrl, 'delete from platform.outbox; delete from scratch.effect; delete from scratch.change');
  });

  /** A change of somebody's, and the work that it asks for, in one transaction. */
  const change = (tx: Parameters<Parameters<DeskStore['as']>[1]>[0], type: WorkType = 'round.compile') =>
    tx
      .query('insert into scratch.change (id) values ($1)', [newId()])
      .then(() => appendWork(tx, type, newId(), new Date()));
  const append = (type?: WorkType) => desk.as(null, (tx) => change(tx, type));
  const rows = () =>
    ask<Row>(
      database.ownerUrl,
      `select id, attempts, fence, done_at is not null as done, coalesce(lease_until > clock_timestamp(), false) as leased,
         coalesce(lease_until > clock_timestamp() + $1 * interval '1 millisecond', false) as "putOff",
         next_at <= clock_timestamp() as due from platform.outbox order by id`,
      [pace.leaseMs],
    );
  const allDone = async () => (await rows()).every(({ done }) => done);
  const effects = () =>
    ask<{ work: string; attempt: number }>(database.ownerUrl, 'select work, attempt from scratch.effect');
  const worked = (run: Run, before: () => unknown = () => undefined, after: () => unknown = () => undefined) =>
    worker.as(null, async (tx) => {
      await tx.query('insert into scratch.effect (work, attempt) values ($1, $2)', [run.id, run.attempt]);
      await before();
      await run.settle(tx);
      await after();
    });
  const makeRunner = (handler: Handler, at = pace, lane: Lane = 'book') =>
    ground.runner(
      runWork(worker, Object.fromEntries(workTypes.map((type) => [type, handler])) as Handlers, at, log),
      lane,
    );
  const makeRunners = (handler: Handler, at = pace): Runners => ({
    work: makeRunner(handler, at, 'work'),
    book: makeRunner(handler, at, 'book'),
    mail: makeRunner(handler, at, 'mail'),
  });
  const takesWork = (runner: Runner) => until('it takes work', async () => (await runner.describe()).state === 'ok');
  const startRelay = (runners: Runners, at = pace): Relay => {
    const relay = new Relay(worker, runners, at, log);
    relays.push(relay);
    relay.start();
    return relay;
  };
  /** A worker process: its runners, and the relay that looks at the table. */
  const startWorker = (handler: Handler, at = pace): Relay => startRelay(makeRunners(handler, at), at);
  /** Long enough for a few looks at the table and a lease to pass. */
  const aWhile = () => wait(2 * pace.leaseMs);

  const cases: Record<string, () => Promise<void>> = {
    'work that was committed with its change runs once': async () => {
      const runners = makeRunners((run) => worked(run));
      // Before its queue answers, a worker rightly logs that work stays in the outbox.
      await Promise.all(lanes.map((lane) => takesWork(runners[lane])));
      startRelay(runners);
      const id = await append();
      await until('it is done', async () => (await effects()).length > 0 && allDone());
      await aWhile();
      expect(await effects()).toEqual([{ work: id, attempt: 1 }]);
      expect(await rows()).toMatchObject([{ id, attempts: 1, done: true, leased: false }]);
      expect(logged).toEqual([]);
    },

    'a change that was rolled back leaves no work': async () => {
      startWorker((run) => worked(run));
      const changed = desk.as(null, async (tx) => {
        await change(tx);
        throw new Error('the rule says no');
      });
      await expect(changed).rejects.toThrow('the rule says no');
      await aWhile();
      expect(await rows()).toEqual([]);
      expect(await effects()).toEqual([]);
    },

    'a handler that fails is tried again, later, and what it had done is rolled back': async () => {
      let failures = 0;
      startWorker((run) =>
        worked(run, undefined, () => {
          if (++failures === 1) throw new Error('once');
        }),
      );
      const id = await append();
      await until('it has failed', () => logged.length > 0);
      await until('it is put off', async () => (await rows())[0]!.putOff);
      expect(await rows()).toMatchObject([{ attempts: 1, done: false, due: true }]);
      expect(await effects()).toEqual([]);
      await until('it is done', allDone);
      expect(await effects()).toEqual([{ work: id, attempt: 2 }]);
      expect(logged).toEqual(['background work failed and will be tried again']);
    },

    'work that runs twice at once has one effect: the older run cannot settle, and nothing of it stays': async () => {
      const [begun, go] = [deferred(), deferred()];
      const ends: [attempt: number, error: unknown][] = [];
      const patient = { ...pace, leaseMs: 30_000 };
      const handler: Handler = async (run) => {
        const end = worked(run, async () => {
          if (run.attempt !== 1) return;
          begun.resolve();
          await go.promise;
        });
        await end.then(
          () => ends.push([run.attempt, null]),
          (error: unknown) => ends.push([run.attempt, error]),
        );
        await end;
      };
      const [one, other] = [makeRunner(handler, patient), makeRunner(handler, patient)];
      try {
        const id = await append();
        await Promise.all([one, other].map(takesWork));
        await one.hand(id, 0);
        await begun.promise;
        await other.hand(id, 1);
        await until('the newer run has settled', () => ends.length === 1);
        go.resolve();
        await until('the older run has ended', () => ends.length === 2);
        expect(ends).toEqual([
          [2, null],
          [1, expect.any(FenceLost)],
        ]);
        expect(await effects()).toEqual([{ work: id, attempt: 2 }]);
        expect(await rows()).toMatchObject([{ attempts: 2, done: true }]);
        expect(logged).toEqual([]);
      } finally {
        go.resolve();
        await Promise.all([one.close(), other.close()]);
      }
    },

    'work that is done does not run again, however often it is handed out': async () => {
      let runs = 0;
      const runner = makeRunner((run) => {
        runs++;
        return worked(run);
      });
      try {
        const id = await append();
        await takesWork(runner);
        for (const fence of [0, 1, 2]) await runner.hand(id, fence);
        await until('it is done', async () => (await effects()).length > 0 && allDone());
        await runner.hand(id, (await rows())[0]!.fence);
        await aWhile();
        expect(runs).toBe(1);
        expect(await effects()).toEqual([{ work: id, attempt: 1 }]);
      } finally {
        await runner.close();
      }
    },

    'work that takes longer than its lease is not given to another': async () => {
      // Its beats come before the lease has passed, also on a machine that pauses.
      const slowly = { ...pace, leaseMs: 1_500 };
      let runs = 0;
      const slow: Handler = async (run) => {
        runs++;
        await worked(run, () => wait(2 * slowly.leaseMs));
      };
      startWorker(slow, slowly);
      startWorker(slow, slowly);
      await append();
      await until('it is done', allDone);
      expect(runs).toBe(1);
      expect(await effects()).toHaveLength(1);
    },

    'a hand-out runs only while it is the newest': async () => {
      const runner = makeRunner((run) => worked(run));
      try {
        const [stale, newest] = [await append(), await append()];
        await ask(database.ownerUrl, 'update platform.outbox set fence = 5');
        await takesWork(runner);
        await runner.hand(stale, 4);
        await runner.hand(newest, 5);
        await until('the other is done', async () => (await effects()).length > 0);
        expect(await effects()).toEqual([{ work: newest, attempt: 1 }]);
        expect((await rows()).find(({ id }) => id === stale)).toMatchObject({ attempts: 0, fence: 5, done: false });
      } finally {
        await runner.close();
      }
    },

    'what waits for the book or for the mail server holds up nothing else; a stop waits for what runs of each':
      async () => {
        const waits: Partial<Record<WorkType, ReturnType<typeof deferred>>> = {
          'round.compile': deferred(),
          'notice.send': deferred(),
        };
        const go = deferred();
        const ended: string[] = [];
        const relay = startWorker(async (run) => {
          await worked(run, async () => {
            if (!waits[run.type]) return;
            waits[run.type]!.resolve();
            await go.promise;
          });
          ended.push(run.type);
        });
        for (const type of ['round.compile', 'notice.send'] as const) await append(type);
        try {
          await Promise.all(Object.values(waits).map(({ promise }) => promise));
          for (const type of ['book.load', 'opening.tell', 'exchange.tell'] as const) await append(type);
          const release = await append('round.release');
          await until('the release is done', async () => (await effects()).length > 0);
          expect(await effects()).toEqual([{ work: release, attempt: 1 }]);
          const stopped = relay.stop().then(() => ended.push('stopped'));
          await aWhile();
          expect(ended).toEqual(['round.release']);
          go.resolve();
          await stopped;
          // What waited behind them is left in the outbox.
          expect([...ended].sort()).toEqual(['notice.send', 'round.compile', 'round.release', 'stopped']);
          expect(ended.at(-1)).toBe('stopped');
        } finally {
          go.resolve();
        }
      },

    'work outlives a stop between its commit and its being handed out': async () => {
      await startWorker((run) => worked(run)).stop();
      const id = await append();
      await aWhile();
      expect(await rows()).toMatchObject([{ id, attempts: 0, fence: 0, done: false }]);
      startWorker((run) => worked(run));
      await until('it is done', allDone);
      expect(await effects()).toEqual([{ work: id, attempt: 1 }]);
    },

    'a stop waits for what runs and begins nothing more': async () => {
      const begun = deferred();
      const relay = startWorker((run) =>
        worked(run, () => {
          begun.resolve();
          return wait(200);
        }),
      );
      const first = await append();
      await begun.promise;
      const stopped = relay.stop();
      const second = await append();
      await stopped;
      expect(await effects()).toEqual([{ work: first, attempt: 1 }]);
      expect((await rows()).find(({ id }) => id === second)).toMatchObject({ attempts: 0, done: false });
    },

    'everything that was handed out is lost in the middle of fifty, twice, and each still has exactly one effect':
      async () => {
        const ids = await desk.as(null, async (tx) => {
          const made: string[] = [];
          while (made.length < 50) made.push(await change(tx));
          return made;
        });
        for (let worker = 0; worker < 2; worker++) startWorker((run) => worked(run, () => wait(40)));
        for (const some of [10, 25]) {
          await until(`${some} are done`, async () => (await effects()).length >= some);
          await ground.lose();
          expect((await effects()).length).toBeLessThan(50);
        }
        await until('all are done', allDone);
        await aWhile();
        expect((await effects()).map(({ work }) => work).sort()).toEqual([...ids].sort());
        // Each hand-out and each run take a fence: more than two of them, and it had been lost.
        expect((await rows()).filter(({ fence }) => fence > 2).length).toBeGreaterThan(0);
        expect(logged).toEqual([]);
      },

    'work that cannot be handed out stays pending, and is handed out when it can be': async () => {
      const relay = startWorker((run) => worked(run));
      await ground.interrupt();
      const id = await append();
      try {
        await until('it could not be handed out', () => logged.length > 0, 5_000);
        await until('it was given back', async () => (await rows())[0]!.putOff);
        expect(await rows()).toMatchObject([{ id, attempts: 0, done: false, due: true }]);
      } finally {
        await ground.restore();
      }
      await until('it is done', allDone);
      expect(await effects()).toEqual([{ work: id, attempt: 1 }]);
      await until('it is told', () => logged.length > 1);
      expect(logged).toEqual([
        'background work cannot be handed out; it stays in the outbox',
        'background work can be handed out again',
      ]);
      await relay.stop();
    },
  };

  for (const [name, body] of Object.entries(cases)) test(name, body);
}
