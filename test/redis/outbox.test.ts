import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BullRunner, type Runner } from '@hub/platform';
import { outboxContract, type Ground } from '../support/outbox-contract';

/** A real redis-server of this suite's own, which keeps nothing on disk. */
class Redis implements Ground {
  private server: ChildProcess | null = null;
  private port = 0;
  private readonly folder = mkdtempSync(join(tmpdir(), 'hub-redis-'));
  private queues = 0;
  queue = '';

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async restore(): Promise<void> {
    this.port ||= await new Promise<number>((found) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as { port: number };
        probe.close(() => found(port));
      });
    });
    const settings = [
      '--port',
      `${this.port}`,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      this.folder,
    ];
    this.server = spawn('redis-server', settings, { stdio: 'ignore' });
    while ((await this.command('PING').catch(() => '')) !== '+PONG\r\n') await wait(20);
  }

  /** Killed, as a crash would: what was in it is gone. */
  async interrupt(): Promise<void> {
    const ended = once(this.server!, 'exit');
    this.server!.kill('SIGKILL');
    await ended;
  }

  async lose(): Promise<void> {
    expect(await this.command('FLUSHALL')).toBe('+OK\r\n');
  }

  /** Each test has a queue of its own; the workers of one test share it. */
  nextQueue(): void {
    this.queue = `test-${++this.queues}`;
  }

  runner(run: (id: string) => Promise<void>): Runner {
    return new BullRunner(this.url, run, this.queue);
  }

  async command(text: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.write(`${text}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString();
    } finally {
      socket.destroy();
    }
  }

  async end(): Promise<void> {
    if (this.server?.exitCode === null && this.server.signalCode === null) await this.interrupt();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function reached(runner: Runner): Promise<void> {
  while ((await runner.describe()).state !== 'ok') await wait(20);
}

const isThere = spawnSync('redis-server', ['--version']).status === 0;
const suite = isThere ? describe : describe.skip;

suite(`background work on Redis${isThere ? '' : ' (skipped: there is no redis-server on this machine)'}`, () => {
  const redis = new Redis();
  beforeAll(() => redis.restore());
  beforeEach(() => redis.nextQueue());
  afterAll(() => redis.end());

  outboxContract(redis);

  test('a job carries the id of its row and nothing else', async () => {
    let go!: () => void;
    const held = new Promise<void>((done) => (go = done));
    const runner = redis.runner(() => held);
    try {
      await reached(runner);
      await runner.hand('first', 1);
      await runner.hand('second', 7);
      expect(await redis.command(`HGET ${redis.queue}:work:second:7 data`)).toBe('$15\r\n{"id":"second"}\r\n');
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
      expect(Date.now() - asked).toBeLessThan(500);
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
});
