import Bull from 'bull';
import type { Health } from '../health';
import type { Lane } from './outbox';
import type { Runner, RunRow } from './relay';

/** Runs work in this process, one piece at a time. */
export class InProcessRunner implements Runner {
  private last: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly run: RunRow) {}

  async hand(id: string, fence: number): Promise<void> {
    if (this.closed) throw new Error('closing');
    this.last = this.last
      .then(() => (this.closed ? undefined : this.run(id, fence))) // its row comes again
      .catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.last;
  }

  async describe(): Promise<Health> {
    return { state: 'ok', text: 'background work: in this process' };
  }
}

const within = <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`${what} did not answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** How long a stop waits for what runs; what takes longer is run again elsewhere when its lease has passed. */
const LONGEST_STOP_MS = 5_000;

/**
 * Runs work on Bull. Nothing durable lives in Redis: a job holds the outbox id and the fence of the hand-out alone, and its own id
 * carries both, because Bull silently ignores an id that it still keeps.
 */
export class BullRunner implements Runner {
  private readonly queue: Bull.Queue<{ id: string; fence: number }>;
  private readonly running = new Set<Promise<void>>();
  private closed = false;

  /** Takes work from here on, also what others have handed out before. @param lane  what names the queue */
  constructor(redisUrl: string, run: RunRow, lane: Lane, prefix = 'hub') {
    this.queue = new Bull<{ id: string; fence: number }>(lane, redisUrl, {
      prefix,
      redis: {
        // Bull reads host and password out of the URL, and overlooks that `rediss` asks for encryption.
        ...(redisUrl.startsWith('rediss:') ? { tls: {} } : {}),
        // Redis may be away for as long as it likes: a command that gives up would end the worker for good.
        maxRetriesPerRequest: null,
        retryStrategy: (times) => Math.min(50 * times, 2_000),
        disconnectTimeout: 200,
      },
      // When Redis has lost a job that was running, Bull pauses before it takes the next.
      settings: { retryProcessDelay: 500 },
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    });
    // Without a listener a lost connection would end the process; the outbox holds the work meanwhile.
    this.queue.on('error', () => undefined);
    // Bull names the worker in a promise that nobody awaits: closed too early it would end the process.
    this.queue.setWorkerName = () => Promise.resolve();
    this.queue
      .process(1, async ({ data }) => {
        if (this.closed) return; // its row comes again
        const one = run(data.id, data.fence);
        this.running.add(one);
        await one.finally(() => this.running.delete(one));
      })
      .catch(() => undefined); // rejects when it is closed before it has begun
  }

  async hand(id: string, fence: number): Promise<void> {
    // A command to a Redis that is away would wait and be sent later, behind the outbox's back.
    if (this.closed || !this.isReached()) throw new Error('Redis is not reached');
    await within(2_000, 'Redis', this.queue.add({ id, fence }, { jobId: `${id}:${fence}` }));
  }

  async close(): Promise<void> {
    this.closed = true;
    await within(LONGEST_STOP_MS, 'what runs', Promise.allSettled(this.running)).catch(() => undefined);
    if (!this.isReached()) this.disconnect();
    // Bull does not wait as well: for a job that Redis has lost it would wait for ever.
    await within(2_000, 'Redis', this.queue.close(true)).catch(() => undefined);
    this.disconnect();
  }

  async describe(): Promise<Health> {
    try {
      if (!this.isReached()) throw new Error('Redis is not reached');
      await within(1_000, 'Redis', this.queue.client.ping());
      return { state: 'ok', text: 'background work: Redis answers' };
    } catch {
      return { state: 'degraded', text: 'background work: Redis does not answer; work waits in the outbox' };
    }
  }

  private isReached(): boolean {
    return this.queue.client.status === 'ready';
  }

  /** A connection that still looks for Redis would keep the process alive. */
  private disconnect(): void {
    for (const client of this.queue.clients) if (client.status !== 'end') client.disconnect();
  }
}
