import { DataSource } from 'typeorm';
import { ask, freshDatabase } from '../../../test/support/database';
import type { Database } from './database';
import { assertOpened, databaseHealth, isUnopened, Opened, openDatabase } from './opened';
import { openDataSource, ReaderStore } from './store';

let database: Database;
let owner: DataSource;
let reader: ReaderStore;
beforeAll(async () => {
  database = await freshDatabase();
  owner = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  reader = new ReaderStore(await openDataSource(database.urls.reader, 'reader'));
});
afterAll(async () => {
  await reader.close();
  await owner.destroy();
  await database.stop();
});
const start = () => new Opened(reader).onModuleInit();

test('a new database is opened by its first start, and stays so', async () => {
  await ask(database.ownerUrl, 'delete from platform.opened');
  await start();
  await openDatabase(owner, { again: false });
  expect(await ask(database.ownerUrl, 'select server from platform.opened')).toEqual([
    { server: expect.stringMatching(/^\d{15,}\/[0-9A-F]{8}$/) as string },
  ]);
  await start();
});

test.each([
  ['on another server', `'1' || server`],
  ['on another line of its history', `left(server, -1) || 'F'`],
])('one that finds itself %s is not started on until it is opened again', async (_, elsewhere) => {
  await ask(database.ownerUrl, `update platform.opened set server = ${elsewhere}`);
  await expect(start()).rejects.toMatchObject({ code: 'DATABASE_RESTORED' });
  await expect(assertOpened(owner)).rejects.toMatchObject({ code: 'DATABASE_RESTORED' });
  // Anybody may ask how the database is; why is told to the log alone, and once.
  const logged: string[] = [];
  const health = databaseHealth(reader, { warn: (_: object, text: string) => void logged.push(text) } as never);
  for (const _ of [1, 2]) expect(await health()).toEqual({ state: 'degraded', text: 'database' });
  expect(logged).toEqual([expect.stringContaining('than the operator has opened')]);
  // A further start does not open it.
  await openDatabase(owner, { again: false });
  expect(await isUnopened(reader)).toBe(true);
  await openDatabase(owner, { again: true });
  await start();
  await assertOpened(owner);
  expect(await health()).toEqual({ state: 'ok', text: 'database: answers' });
});

test('where PostgreSQL does not tell, nothing is noticed and nothing stops the start', async () => {
  const isAsked = jest.spyOn(reader, 'ask').mockImplementation((sql) => {
    if (sql.includes('pg_control_system')) return Promise.reject(Object.assign(new Error('no'), { code: '0A000' }));
    return Promise.resolve([{ server: 'elsewhere' } as never]);
  });
  expect(await isUnopened(reader)).toBe(false);
  isAsked.mockRestore();
});
