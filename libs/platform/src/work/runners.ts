import Bull from 'bull';
import type { Health } from '../health';
import type { Runner } from './relay';

/** Runs work in this process, one piece at a time. */
export class InProcessRunner implements Runner {
  private last: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly run: (id: string) => Promise<void>) {}

  async hand(id: string): Promise<void> {
    if (this.closed) throw new Error('closing');
    this.last = this.last.then(() => this.run(id)).catch(() => undefined);
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

/**
 * Runs work on Bull. Nothing durable lives in Redis: a job holds the outbox id alone, and its own id carries the hand-out
 * (the row's fence), because Bull silently ignores an id that it still keeps.
 */
export class BullRunner implements Runner {
  private readonly queue: Bull.Queue<{ id: string }>;

  constructor(redisUrl: string, run: (id: string) => Promise<void>, prefix = 'hub') {
    this.queue = new Bull<{ id: string }>('work', redisUrl, {
      prefix,
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    });
    // Without a listener a lost connection would end the process; the outbox holds the work meanwhile.
    this.queue.on('error', () => undefined);
    void this.queue.process(1, (job) => run(job.data.id));
  }

  async hand(id: string, handOut: number): Promise<void> {
    await within(2_000, 'Redis', this.queue.add({ id }, { jobId: `${id}:${handOut}` }));
  }

  async close(): Promise<void> {
    await within(5_000, 'Redis', this.queue.close()).catch(() => undefined);
  }

  async describe(): Promise<Health> {
    try {
      await within(1_000, 'Redis', this.queue.client.ping());
      return { state: 'ok', text: 'background work: Redis answers' };
    } catch {
      return { state: 'degraded', text: 'background work: Redis does not answer; work waits in the outbox' };
    }
  }
}
