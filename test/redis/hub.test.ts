import { join } from 'node:path';
import { freshDatabase } from '../support/database';
import { Clients, letLeasesPass, makeField, reckon, until, type Field } from '../support/field';
import { startHubProcess, startProcess, type HubProcess } from '../support/hub-process';
import { hasRedis, RedisServer } from '../support/redis';
import { rootFolder } from '../support/root';

const suite = hasRedis ? describe : describe.skip;

suite(`a hub with Redis${hasRedis ? '' : ' (skipped: there is no redis-server on this machine)'}`, () => {
  const redis = new RedisServer();
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let field: Field;
  let hub: HubProcess;
  beforeAll(async () => {
    await redis.restore();
    database = await freshDatabase();
    field = await makeField(database);
    hub = await startHubProcess({ ...field.environment(database), LOG_LEVEL: 'silent', REDIS_URL: redis.url });
  }, 180_000);
  afterAll(async () => {
    redis.resume();
    await hub?.stop();
    await field?.world.stop();
    await database?.stop();
    await redis.end();
  });

  test('takes returns and loses no work while Redis is emptied, paused and killed; each round is published once', async () => {
    const clients = new Clients(field, () => [hub.url], 3, 40);
    const more = (n: number) => {
      const from = clients.acknowledged;
      return until(`${n} more are acknowledged`, () => clients.acknowledged >= from + n);
    };
    const health = async () => (await fetch(`${hub.url}/health/ready`)).text();
    const published = async () => {
      await letLeasesPass(database.ownerUrl);
      await until('the round is published', () => !clients.isPublishing);
    };
    clients.start();
    try {
      await more(10);
      // Emptied, again and again while a round is compiled.
      clients.publishNext();
      for (let i = 0; i < 10; i++) {
        await redis.lose();
        await new Promise((later) => setTimeout(later, 100));
      }
      await published();
      // Paused: its connections stay, and nothing is answered. Returns do not wait for it.
      redis.pause();
      clients.publishNext();
      await more(20);
      await until('the hub says so', async () => (await health()).includes('degraded background work'));
      expect(clients.isPublishing).toBe(true);
      redis.resume();
      await published();
      // Killed, and back, empty.
      await redis.interrupt();
      clients.publishNext();
      await more(20);
      expect(await health()).toContain('degraded background work');
      expect(clients.isPublishing).toBe(true);
      await redis.restore();
      await published();
      await clients.stop();
      const counts = await reckon(field, clients, hub.url, database.ownerUrl);
      expect(counts).toMatchObject({ published: 3, unknown: 0 });
      process.stdout.write(`Redis emptied, paused and killed: ${JSON.stringify(counts)}\n`);
    } finally {
      redis.resume();
      await clients.abandon();
    }
  }, 600_000);

  test('has a worker beside it that starts without what only a hub has, and stops at a signal', async () => {
    const environment = { ...field.environment(database), LOG_LEVEL: 'silent', REDIS_URL: redis.url };
    const worker = await startProcess(
      join(rootFolder, 'dist/apps/worker/src/main.js'),
      environment,
      /worker takes work/,
    );
    expect(await worker.stop()).toBe(0);
    expect(worker.stderr()).toBe('');
  });
});
