import { setTimeout as wait } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import Bull from 'bull';
import {
  BullRunner,
  CONFIG,
  HealthRegister,
  LOGGER,
  WorkerStore,
  WorkModule,
  workTypes,
  type Lane,
  type Runner,
  type RunRow,
} from '@hub/platform';
import { outboxContract, type Ground } from '../support/outbox-contract';
import { hasRedis, RedisServer } from '../support/redis';

class Redis extends RedisServer implements Ground {
  private queues = 0;
  queue = '';

  /** Each test has a queue of its own; the workers of one test share it. */
  nextQueue(): void {
    this.queue = `test-${++this.queues}`;
  }

  runner(run: RunRow, lane: Lane = 'work'): Runner {
    return new BullRunner(this.url, run, lane, this.queue);
  }
}

async function reached(runner: Runner): Promise<void> {
  while ((await runner.describe()).state !== 'ok') await wait(20);
}

const suite = hasRedis ? describe : describe.skip;

suite(`background work on Redis${hasRedis ? '' : ' (skipped: there is no redis-server on this machine)'}`, () => {
  const redis = new Redis();
  beforeAll(() => redis.restore());
  beforeEach(() => redis.nextQueue());
  afterAll(() => redis.end());

  outboxContract(redis);

  test('a job carries the id and the fence of its row and nothing else', async () => {
    let go!: () => void;
    const held = new Promise<void>((done) => (go = done));
    const runner = redis.runner(() => held);
    try {
      await reached(runner);
      await runner.hand('first', 1);
      await runner.hand('second', 7);
      expect(await redis.command(`HGET ${redis.queue}:work:second:7 data`)).toBe(
        '$25\r\n{"id":"second","fence":7}\r\n',
      );
    } finally {
      go();
      await runner.close();
    }
  });

  test('the health page says whether Redis answers, and a worker may start before Redis does', async () => {
    await redis.interrupt();
    const seen: string[] = [];
    const runner = redis.runner(async (id) => void seen.push(id));
    try {
      expect(await runner.describe()).toEqual({
        state: 'degraded',
        text: 'background work: Redis does not answer; work waits in the outbox',
      });
      const asked = Date.now();
      await expect(runner.hand('a', 1)).rejects.toThrow();
      expect(Date.now() - asked).toBeLessThan(2_000);
      await redis.restore();
      await reached(runner);
      await runner.hand('a', 2);
      while (!seen.length) await wait(20);
      await wait(100);
      // What could not be handed out is not handed out behind the outbox's back.
      expect(seen).toEqual(['a']);
    } finally {
      await runner.close();
    }
  });

  test('a worker that never reached Redis stops without a word', async () => {
    await redis.interrupt();
    try {
      const runner = redis.runner(async () => undefined);
      await wait(200);
      const stopped = Date.now();
      await runner.close();
      expect(Date.now() - stopped).toBeLessThan(3_000);
    } finally {
      await redis.restore();
    }
  });

  test('what waits in Redis is left there by a start that is refused, and done by one that is not', async () => {
    const others = new Bull('work', redis.url, { prefix: 'hub' });
    const asked: unknown[] = [];
    const query = async (_sql: string, values: unknown[]) => (asked.push(...values), [[], 0]);
    const given = [
      { provide: CONFIG, useValue: { redisUrl: redis.url } },
      { provide: LOGGER, useValue: { error: () => undefined } },
      { provide: WorkerStore, useValue: { as: (_: null, work: (tx: object) => unknown) => work({ query }) } },
      HealthRegister,
    ];
    const start = async (begin: () => Promise<void>) => {
      const part = { provide: 'part', useValue: { onModuleInit: begin } };
      const handlers = Symbol('handlers');
      const all = Object.fromEntries(workTypes.map((type) => [type, async () => undefined]));
      class Platform {}
      class Parts {}
      const module = WorkModule.of({
        handlers,
        module: { module: Parts, providers: [{ provide: handlers, useValue: all }], exports: [handlers] },
      });
      const platform = { global: true, module: Platform, providers: [...given, part], exports: given };
      return NestFactory.createApplicationContext(
        { module: class {}, imports: [platform, module] },
        { logger: false, abortOnError: false },
      );
    };
    try {
      await others.add({ id: 'waiting' });
      const refused = start(async () => {
        // Long enough for a queue to connect, and to hand over what waits.
        await wait(1_000);
        throw new Error('not on this database');
      });
      await expect(refused).rejects.toThrow('not on this database');
      expect(asked).toEqual([]);
      const app = await start(async () => undefined);
      while (!asked.includes('waiting')) await wait(20);
      await app.close();
    } finally {
      await others.close();
    }
  });
});
