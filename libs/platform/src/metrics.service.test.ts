import { createServer, type AddressInfo } from 'node:net';
import type { Config } from './config';
import type { Logger } from './logger';
import { MetricsService } from './metrics.service';
import type { Pools } from './pools';
import type { WorkerStore } from './background/relay';

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
const pool = (applicationName: string, totalCount: number) => ({
  options: { applicationName },
  driver: { master: { totalCount, idleCount: 1, waitingCount: 0 } },
});

let service: MetricsService;
let port: number;
let pools: { all: unknown[] };
const logger = { warn: jest.fn(), error: jest.fn() };
const read = async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  return { status: answer.status, text: await answer.text() };
};

beforeEach(async () => {
  [port, pools] = [await freePort(), { all: [] }];
  const store = { ask: () => Promise.reject(new Error('the database is down')) };
  service = new MetricsService(
    { metrics: { port, host: '127.0.0.1' } } as unknown as Config,
    logger as unknown as Logger,
    pools as unknown as Pools,
    store as unknown as WorkerStore,
  );
  await service.onApplicationBootstrap();
});
afterEach(() => service.onApplicationShutdown());

test('two pools of one login are told together', async () => {
  pools.all = [pool('hub reader', 5), pool('hub reader', 3), pool('hub desk', 2)];
  const { status, text } = await read();
  expect(status).toBe(200);
  const connections = text.split('\n').filter((line) => line.startsWith('hub_database_connections{'));
  expect(connections).toContain('hub_database_connections{login="reader",state="busy"} 6');
  expect(connections).toContain('hub_database_connections{login="reader",state="idle"} 2');
  expect(connections).toContain('hub_database_connections{login="desk",state="busy"} 1');
  expect(text).toContain('hub_database_up 0');
});

test('what cannot be told is answered with 500 and logged, and the next who asks is told again', async () => {
  pools.all = [{ options: {}, driver: {} }];
  expect(await read()).toEqual({ status: 500, text: '' });
  expect(logger.error).toHaveBeenCalledTimes(1);
  pools.all = [pool('hub reader', 5)];
  expect((await read()).status).toBe(200);
});
