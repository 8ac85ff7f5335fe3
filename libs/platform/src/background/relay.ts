import { crashPoint } from '../crash-points';
import { toLog } from '../gone';
import type { Health } from '../health';
import { aboutHowLong, counted } from '../metrics';
import type { Tx } from '../store';
import { Store } from '../store';
import { FenceLost, laneOf, lanes, type Handlers, type Lane, type Run, type WorkType } from './outbox';

/** The login of background work: reads cells, writes publications and proofs, answers no request. */
export class WorkerStore extends Store {}

/** Where a handed-out row is run: in this process, or on any worker of the same Redis. */
export interface Runner {
  /**
   * Takes a row to run. Resolves once it is taken, not once it is done; throws when it cannot take it.
   * @param fence  of this hand-out
   */
  hand(id: string, fence: number): Promise<void>;
  /** Stops taking work and waits for what runs; what it has taken and not begun is handed out again when its lease has passed. */
  close(): Promise<void>;
  /** One line for the health page. */
  describe(): Promise<Health>;
}

/** Runs a row that was handed out with this fence. */
export type RunRow = (id: string, fence: number) => Promise<void>;

export type Runners = Readonly<Record<Lane, Runner>>;

interface Pace {
  /** How often pending rows are looked for. */
  readonly everyMs: number;
  /** How long a row stays handed out before it is handed out again. */
  readonly leaseMs: number;
}

interface Log {
  error(facts: object, text: string): void;
  info(text: string): void;
}

/** What fails at each look until it is mended: a line of the log when that begins, and one when it is over. */
class Outage {
  private lasts = false;

  constructor(
    private readonly log: Log,
    private readonly begun: string,
    private readonly over: string,
  ) {}

  fails(facts: object): void {
    if (!this.lasts) this.log.error(facts, this.begun);
    this.lasts = true;
  }

  holds(): void {
    if (this.lasts) this.log.info(this.over);
    this.lasts = false;
  }
}

/**
 * Runs one outbox row, if it has not been handed out again or run since: takes a new fence, calls the handler, and leaves the row pending, put off by its lease, when it fails.
 * Each run has a higher fence than the one before, and only the newest can settle; so a job run twice has one effect.
 */
export function runWork(store: WorkerStore, handlers: Handlers, pace: Pace, log: Log): RunRow {
  return async (id, handedOut) => {
    const begun = await store.as(null, async (tx) => {
      const rows = await returning<{ type: WorkType; subject: string; attempts: number; fence: number }>(
        tx,
        `update platform.outbox set fence = fence + 1, attempts = attempts + 1,
           lease_until = clock_timestamp() + $3 * interval '1 millisecond'
         where id = $1 and fence = $2 and done_at is null returning type, subject, attempts, fence`,
        [id, handedOut, pace.leaseMs],
      );
      return rows[0];
    });
    if (!begun) return;
    crashPoint('work.begun');
    const { type, subject, attempts, fence } = begun;
    const run: Run = {
      id,
      type,
      subject,
      attempt: attempts,
      settle: async (tx) => {
        const settled = await returning(
          tx,
          `update platform.outbox set done_at = clock_timestamp(), lease_until = null
           where id = $1 and fence = $2 and done_at is null returning id`,
          [id, fence],
        );
        if (settled.length !== 1) throw new FenceLost('another run has begun');
      },
    };
    /** It is handed out to nobody else for so long; when it was due stays as it is, for who runs the hub to see. */
    const leaseFor = (ms: number) =>
      store.as(null, (tx) =>
        tx.query(
          `update platform.outbox set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
           where id = $1 and fence = $2 and done_at is null`,
          [id, fence, ms],
        ),
      );
    const beat = setInterval(() => void leaseFor(pace.leaseMs).catch(() => undefined), pace.leaseMs / 3);
    const from = performance.now();
    const ended = (outcome: string) =>
      counted.work.inc({ type, outcome, within: aboutHowLong((performance.now() - from) / 1000) });
    try {
      await handlers[type](run);
      crashPoint('work.done');
      ended('done');
    } catch (error) {
      if (error instanceof FenceLost) return ended('overtaken');
      ended('failed');
      log.error({ work: id, type, attempt: attempts, err: error }, 'background work failed and will be tried again');
      await leaseFor(Math.min(60_000, 500 * 2 ** Math.min(attempts, 10)));
    } finally {
      clearInterval(beat);
    }
  };
}

/** TypeORM answers `[rows, count]` to an update with returning. */
async function returning<T>(tx: Tx, sql: string, values: unknown[]): Promise<T[]> {
  const [rows] = (await tx.query(sql, values)) as [T[], number];
  return rows;
}

/**
 * Hands pending rows to the runner, and again when their lease has passed: whatever a queue forgets, the table does not.
 */
export class Relay {
  private timer: NodeJS.Timeout | null = null;
  private turn: Promise<void> | null = null;
  private readonly reading: Outage;
  private readonly handing: Outage;

  constructor(
    private readonly store: WorkerStore,
    private readonly runners: Runners,
    private readonly pace: Pace,
    log: Log,
  ) {
    this.reading = new Outage(log, 'the outbox cannot be read; trying again', 'the outbox can be read again');
    this.handing = new Outage(
      log,
      'background work cannot be handed out; it stays in the outbox',
      'background work can be handed out again',
    );
  }

  start(): void {
    this.timer = setInterval(() => {
      // One look at a time: a slow one must not leave a row of others behind it.
      this.turn ??= this.handOut().finally(() => (this.turn = null));
    }, this.pace.everyMs);
  }

  /** One look at the table. */
  async handOut(): Promise<void> {
    try {
      const rows = await this.store.as(null, (tx) =>
        returning<{ id: string; type: WorkType; fence: number }>(
          tx,
          `update platform.outbox set fence = fence + 1, lease_until = clock_timestamp() + $1 * interval '1 millisecond'
           where id in (
             select id from platform.outbox
             where done_at is null and next_at <= clock_timestamp()
               and (lease_until is null or lease_until < clock_timestamp())
             order by next_at, id limit 20 for update skip locked)
           returning id, type, fence`,
          [this.pace.leaseMs],
        ),
      );
      this.reading.holds();
      if (rows.length) crashPoint('relay.leased');
      for (const [place, { id, type, fence }] of rows.entries()) {
        try {
          await this.runners[laneOf(type)].hand(id, fence);
          this.handing.holds();
          crashPoint('relay.handed');
        } catch (error) {
          // Where one cannot be handed out the others cannot either: all are given back at once.
          const left = rows.slice(place);
          counted.handOutsFailed.inc();
          this.handing.fails({ work: id, left: left.length, err: error });
          await this.store.as(null, (tx) =>
            tx.query(
              `update platform.outbox set lease_until = clock_timestamp() + interval '1 second'
               where (id, fence) in (select * from unnest($1::uuid[], $2::int[])) and done_at is null`,
              [left.map((row) => row.id), left.map((row) => row.fence)],
            ),
          );
          return;
        }
      }
    } catch (error) {
      this.reading.fails(toLog(error));
    }
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.turn;
    await Promise.all(lanes.map((lane) => this.runners[lane].close()));
  }
}
