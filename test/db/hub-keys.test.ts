import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { HubKeys, loadHubKey, recordHubKey, type HubKey } from '@hub/ledger';
import { DeskStore, openDataSource, readConfig } from '@hub/platform';
import { freshDatabase } from '../support/database';

/** The hub's own keys: written down by the owner at the start, and read by whoever tells others about them. */

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let owner: DataSource;
let desk: DataSource;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-own-keys-'));
  database = await freshDatabase();
  owner = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  desk = await openDataSource(database.urls.desk, 'desk');
});
afterAll(async () => {
  await owner.destroy();
  await desk.destroy();
  await database.stop();
  rmSync(folder, { recursive: true });
});

function aHubKey(name: string): HubKey {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
  return loadHubKey(readConfig({ HUB_ID: 'hub.example', HUB_SIGNING_KEY_FILE: file }));
}

test('every key stays, newest first, with the moment at which it was first there', async () => {
  const [first, second] = [aHubKey('a'), aHubKey('b')];
  await recordHubKey(owner, first, new Date('2025-07-01T09:00:00Z'));
  await recordHubKey(owner, second, new Date('2026-07-01T09:00:00Z'));
  await recordHubKey(owner, first, new Date('2027-07-01T09:00:00Z'));
  const keys = new HubKeys(new DeskStore(desk), second);
  expect(await keys.list()).toEqual([
    { line: second.line, jwk: second.publicJwk, since: new Date('2026-07-01T09:00:00Z') },
    { line: first.line, jwk: first.publicJwk, since: new Date('2025-07-01T09:00:00Z') },
  ]);
  await expect(keys.onModuleInit()).resolves.toBeUndefined();
});

test('a further process with a key that the hub has not started with does not start', async () => {
  const stranger = new HubKeys(new DeskStore(desk), aHubKey('c'));
  await expect(stranger.onModuleInit()).rejects.toMatchObject({
    code: 'CONFIGURATION',
    facts: { variable: 'HUB_SIGNING_KEY_FILE' },
  });
});

test('a hub in another name than its ledger is signed in does not start, and its key is not written down', async () => {
  const [first, second] = [aHubKey('d'), aHubKey('e')];
  await recordHubKey(owner, first, new Date());
  await owner.query(`insert into ledger.checkpoint (size, note, at) values (1, $1, now())`, [
    'hub.other\n1\nAAAA\n\n— x',
  ]);
  await expect(recordHubKey(owner, second, new Date())).rejects.toMatchObject({
    facts: { variable: 'HUB_ID', expected: expect.stringMatching(/^hub\.other, .* not hub\.example$/) as string },
  });
  const lines = (await new HubKeys(new DeskStore(desk), first).list()).map(({ line }) => line);
  expect(lines).toContain(first.line);
  expect(lines).not.toContain(second.line);
});
