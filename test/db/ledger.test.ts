import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import {
  auditLedger,
  encodeLeaf,
  leafHash,
  Ledger,
  ledgerOwner,
  loadHubKey,
  parseReceipt,
  recordHubKey,
  verifyRecord,
  watchLedger,
  type HubKey,
  type LedgerSource,
  type SubmissionLeaf,
} from '@hub/ledger';
import { openDataSource, readConfig, Store, type Login } from '@hub/platform';
import { freshDatabase } from '../support/database';

/** The ledger on a real database: many writers at once, and what whoever owns the database could do to it. */

const HUB = 'hub.example';
const logins = ['intake', 'desk', 'worker'] as const satisfies readonly Login[];
let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let owner: DataSource;
let stores: Record<(typeof logins)[number], Store>;
let [key, nextKey]: HubKey[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-ledger-'));
  database = await freshDatabase();
  owner = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  const opened = await Promise.all(
    logins.map(async (login) => [login, new Store(await openDataSource(database.urls[login], login))] as const),
  );
  stores = Object.fromEntries(opened) as typeof stores;
  [key, nextKey] = await Promise.all([aHubKey('a'), aHubKey('b')]);
});
afterAll(async () => {
  await Promise.all(logins.map((login) => stores[login].close()));
  await owner.destroy();
  await database.stop();
  rmSync(folder, { recursive: true });
});

async function aHubKey(name: string): Promise<HubKey> {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
  const made = loadHubKey(config(file));
  await recordHubKey(owner, made, new Date());
  return made;
}
const config = (file: string) => readConfig({ HUB_ID: HUB, HUB_SIGNING_KEY_FILE: file });
const clock = { now: () => new Date('2025-07-31T09:00:00Z') };
/** The ledger as another process of the hub has it. */
const ledgerWith = (hubKey = key!) => new Ledger(config('unused'), clock, hubKey);
const ledgerOwnerNow = () => ledgerOwner(HUB, [key!.line, nextKey!.line]);

const leaf = (n: number): SubmissionLeaf => ({
  v: 1,
  kind: 'submission',
  hub: HUB,
  authority: 'E06000001',
  dataset: { code: 'safeguarding-quarterly', version: '1.0' },
  period: '2025-Q1',
  agreement: { id: 'north-east-benchmarking', version: 1 },
  version: n + 1,
  envelope: 'ab'.repeat(32),
  acceptedAt: '2025-07-31T09:00:00.000Z',
});
const record = (n: number, ledger = ledgerWith(), login: (typeof logins)[number] = 'intake') =>
  stores[login].as(null, (tx) => ledger.append(tx, leaf(n)));

/** What anybody may read, out of the database. */
const source: LedgerSource = {
  checkpoint: (size) =>
    stores.desk.as(null, (tx) =>
      size === undefined ? ledgerWith().checkpoint(tx) : ledgerWith().checkpointAt(tx, size),
    ),
  tile: (tile) => stores.desk.as(null, (tx) => ledgerWith().tile(tx, tile)),
};
const audit = (before: readonly string[] = []) => auditLedger(source, ledgerOwnerNow(), before);
const sizeNow = async () => (await audit()).size;

test('sixteen writers over three logins and several processes leave no gap and no twin', async () => {
  const processes = [ledgerWith(), ledgerWith(), ledgerWith()];
  const each = 20;
  const receipts = (
    await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        const mine: string[] = [];
        for (let i = 0; i < each; i++)
          mine.push(await record(writer * each + i, processes[writer % 3], logins[writer % 3]));
        return mine;
      }),
    )
  ).flat();
  const places = receipts.map((receipt) => parseReceipt(receipt).index).sort((a, b) => a - b);
  expect(places).toEqual(Array.from({ length: 16 * each }, (_, i) => i));
  expect(receipts.map((receipt) => verifyRecord(receipt, key!.line))).toEqual(receipts.map((_, n) => leaf(n)));
  expect(await sizeNow()).toBe(16 * each);
  const checkpoints: { size: string }[] = await owner.query('select size from ledger.checkpoint order by size');
  expect(checkpoints.map(({ size }) => Number(size))).toEqual(places.map((place) => place + 1));
});

test('what is rolled back leaves nothing, and the next entry takes its place', async () => {
  const before = await sizeNow();
  const failed = stores.intake.as(null, async (tx) => {
    await ledgerWith().append(tx, leaf(before));
    throw new Error('and then something failed');
  });
  await expect(failed).rejects.toThrow('something failed');
  expect(await sizeNow()).toBe(before);
  expect(parseReceipt(await record(before)).index).toBe(before);
});

test('the hash beside an entry is of its bytes, and nobody can write another', async () => {
  const [row]: { leaf: Buffer; hash: Buffer }[] = await owner.query('select leaf, hash from ledger.entry limit 1');
  expect(row!.hash).toEqual(leafHash(row!.leaf));
  await expect(
    owner.query(`insert into ledger.entry (index, leaf, at, hash) values (99999, '', now(), '')`),
  ).rejects.toThrow('hash');
});

/** Does something to the ledger that no running process can do, and undoes it after. */
async function after<T>(sql: string, values: unknown[], work: () => Promise<T>): Promise<T> {
  const tables = ['entry (index, leaf, at)', 'node (level, index, hash)', 'checkpoint (size, note, at)'];
  const names = tables.map((table) => table.split(' ')[0]!);
  const unlocked = async (statement: string, parameters: unknown[] = []) => {
    for (const name of names) await owner.query(`alter table ledger.${name} disable trigger append_only`);
    await owner.query(statement, parameters);
    for (const name of names) await owner.query(`alter table ledger.${name} enable trigger append_only`);
  };
  for (const name of names) await owner.query(`create table public.kept_${name} as table ledger.${name}`);
  try {
    await unlocked(sql, values);
    return await work();
  } finally {
    for (const [i, name] of names.entries()) {
      const columns = tables[i]!.slice(name.length + 1);
      await unlocked(`delete from ledger.${name}`);
      await owner.query(
        `insert into ledger.${name} ${columns} select ${columns.slice(1, -1)} from public.kept_${name}`,
      );
      await owner.query(`drop table public.kept_${name}`);
    }
  }
}

const forgery = encodeLeaf({ ...leaf(0), authority: 'E06000002' });
/** Moves entries apart or together: a primary key is checked row by row, so over a place where nobody is. */
const shift = (where: string, by: number) => `update ledger.entry set index = index + 100000 where ${where};
  update ledger.entry set index = index - 100000 + ${by} where index >= 100000`;
describe('whoever owns the database, and not the hub’s key, is found out', () => {
  test.each<[what: string, sql: string, found: object]>([
    [
      'an altered entry',
      `update ledger.entry set leaf = '\\x${forgery.toString('hex')}' where index = 270`,
      { fault: 'altered', first: 270 },
    ],
    ['an entry taken out', 'delete from ledger.entry where index = 17', { fault: 'missing', first: 17 }],
    [
      'an entry taken out, and the others moved up',
      `delete from ledger.entry where index = 17; ${shift('index > 17', -1)}`,
      { fault: 'altered', first: 17 },
    ],
    [
      'an entry inserted',
      `${shift('index >= 256', 1)}; insert into ledger.entry (index, leaf, at) values (256, '\\x${forgery.toString('hex')}', now())`,
      { fault: 'altered', first: 256 },
    ],
    [
      'two entries in each other’s place',
      `update ledger.entry set index = case index when 5 then 100300 else 5 end where index in (5, 300);
       update ledger.entry set index = 300 where index = 100300`,
      { fault: 'altered', first: 5 },
    ],
    [
      'an entry behind the last',
      `insert into ledger.entry (index, leaf, at) select max(index) + 1, '\\x${forgery.toString('hex')}', now() from ledger.entry`,
      { fault: 'unrecorded', first: 321 },
    ],
    [
      'an altered node',
      `update ledger.node set hash = sha256('x') where level = 8 and index = 0`,
      { fault: 'node', first: 0, until: 256 },
    ],
    [
      'a checkpoint that nobody signed',
      `update ledger.checkpoint set note = replace(note, '${HUB}\n321', '${HUB}\n320') where size = 321`,
      { fault: 'unsigned' },
    ],
  ])('%s', async (_what, sql, found) => {
    await after(sql, [], () => expect(audit()).rejects.toMatchObject(found));
    expect(await sizeNow()).toBe(321);
  });

  test('the end cut off, checkpoints and all, by who saw it', async () => {
    const seen = [(await source.checkpoint())!];
    const cut = `delete from ledger.entry where index >= 300; delete from ledger.checkpoint where size > 300;
      delete from ledger.node where (index + 1) * 2 ^ level > 300`;
    await after(cut, [], async () => {
      expect(await sizeNow()).toBe(300);
      for (const found of [audit(seen), watchLedger(source, ledgerOwnerNow(), seen)])
        await expect(found).rejects.toMatchObject({ fault: 'shrunk', first: 300, until: 321 });
      // The hub itself goes on and so makes another history: that too is seen.
      for (let n = 0; n < 30; n++) await record(1000 + n);
      for (const found of [audit(seen), watchLedger(source, ledgerOwnerNow(), seen)])
        await expect(found).rejects.toMatchObject({ fault: 'forked', first: 0, until: 321 });
      const more = [(await source.checkpoint(300))!, ...seen];
      await expect(audit(more)).rejects.toMatchObject({ fault: 'forked', first: 300, until: 321 });
    });
  });
});

/** Each capital letter becomes the next: something of a signature in base64 changes, whatever it is. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
describe('the hub does not build on what it has not signed', () => {
  test.each<[what: string, sql: string]>([
    ['a peak of the tree', `update ledger.node set hash = sha256('x') where level = 8 and index = 0`],
    ['a node that is gone', 'delete from ledger.node where level = 8 and index = 0'],
    [
      'the last checkpoint',
      `update ledger.checkpoint set note = translate(note, '${LETTERS}', '${LETTERS.slice(1)}A') where size = 321`,
    ],
    ['a checkpoint out of nothing', `insert into ledger.checkpoint (size, note, at) values (322, 'x', now())`],
  ])('%s', async (_what, sql) => {
    await after(sql, [], () =>
      expect(record(321)).rejects.toThrow(/the ledger (is not as the hub has signed it|misses)/),
    );
    expect(await sizeNow()).toBe(321);
  });

  test('and goes on under another key of its own, over both in turn', async () => {
    const [old, rotated] = [ledgerWith(), ledgerWith(nextKey)];
    const receipts: string[] = [];
    for (const ledger of [rotated, old, rotated, rotated]) receipts.push(await record(receipts.length, ledger));
    expect(receipts.map((receipt) => parseReceipt(receipt).index)).toEqual([321, 322, 323, 324]);
    expect(() => verifyRecord(receipts[0]!, key!.line)).toThrow('signer');
    for (const receipt of receipts) verifyRecord(receipt, [key!.line, nextKey!.line]);
    expect(await sizeNow()).toBe(325);
  });
});
