import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, withLogin } from '@hub/platform';
import { ask } from '../support/database';
import { until } from '../support/field';
import { nameOf, quarterly, returnOf } from '../support/returns';
import { rootFolder } from '../support/root';
import { NORTH_EAST, World } from '../support/world';

/** A hub is backed up while it runs, goes on, loses its machine, and is restored elsewhere: to a moment, and to the end. */

const PERIOD = '2026-Q1';
let folder: string;
let world: World;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-restore-'));
  // As root the server runs as somebody else, who has to reach the archive.
  chmodSync(folder, 0o755);
  world = await World.start({ dataFolder: place('data'), environment: { HUB_WAL_ARCHIVE: place('archive') } });
}, 120_000);
afterAll(async () => {
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});
const place = (name: string) => join(folder, name);

const run = (program: string, args: readonly string[], environment: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(rootFolder, 'dist/apps', program), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...environment },
  });
  return { status, stdout, stderr };
};
const restore = (into: string, ...more: string[]) => {
  const began = Date.now();
  const args = ['--from', place('backup'), '--archive', place('archive'), '--data-dir', place(into), ...more];
  return { ...run('hub/src/backup.js', ['restore', ...args]), seconds: (Date.now() - began) / 1000 };
};
const hub = (...args: string[]) => run('cli/src/main.js', args);
const entriesIn = (url: string) =>
  ask<{ n: number }>(url, 'select count(*)::int as n from ledger.entry').then(([row]) => row!.n);
/** Entries of a restored database, without a hub on it. */
const restoredEntries = async (name: string) => {
  const server = await startEmbeddedPostgres(place(name));
  try {
    return await entriesIn(server.url('hub'));
  } finally {
    await server.stop();
  }
};

test('what was acknowledged is there again up to the moment that was asked for, and what is missing is named by its entries', async () => {
  const { parties } = await world.concludeAgreement(NORTH_EAST);
  const [authority] = parties.map((party) => party.authority as string);
  await world.openRound(NORTH_EAST, quarterly.code, PERIOD);
  let sent = 0;
  const envelopes: string[] = [];
  const send = async (times: number) => {
    for (let i = 0; i < times; i++, sent++) {
      const rows = returnOf(quarterly, [{ indicator: 'RF01', count: 300 + sent }]);
      const payload = world.payload(NORTH_EAST, nameOf(quarterly), { authority: authority!, period: PERIOD, rows });
      envelopes.push(await world.sign(authority!, payload));
      expect((await world.send(authority!, envelopes.at(-1)!)).status).toBe(201);
    }
    return entriesIn(world.ownerUrl);
  };

  // An archive that cannot be written is seen before it is missed.
  const health = async () => (await fetch(`${world.hub.url}/health/ready`)).text();
  const says = (text: string) => until(`the hub says ${text}`, async () => (await health()).includes(text));
  const notes = JSON.parse(readFileSync(join(place('data'), 'postgres.json'), 'utf8')) as {
    place: string;
    superuserPassword: string;
  };
  const superuser = withLogin(world.ownerUrl, 'postgres', notes.superuserPassword);
  renameSync(place('archive'), place('aside'));
  await ask(superuser, 'select pg_switch_wal()');
  await says('degraded archive of the database');
  renameSync(place('aside'), place('archive'));
  await says('ok archive of the database');

  // A copy without an archive would be worth nothing once the hub goes on: see the other test. Here there is one.
  const atBackup = await send(3);
  const made = run('hub/src/backup.js', ['make', '--to', place('backup')], { HUB_DATA_DIR: place('data') });
  expect(made).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(place('backup')).sort()).toEqual(['backup.json', 'data', 'postgres.json', 'roles.json']);
  const archived = await entriesIn(world.ownerUrl);
  const atMoment = await send(3);
  const [{ moment }] = (await ask<{ moment: Date }>(world.ownerUrl, 'select clock_timestamp() as moment')) as [
    { moment: Date },
  ];
  await new Promise((later) => setTimeout(later, 50));
  const atEnd = await send(4);
  expect([archived - atBackup, atMoment - archived, atEnd - atMoment]).toEqual([0, 3, 4]);
  expect(hub('ledger', 'watch', '--url', world.hub.url, '--state', place('watched')).status).toBe(0);

  // The machine is lost: hub and server at once.
  const server = notes.place;
  const postmaster = Number(readFileSync(join(server, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  await world.hub.kill();
  process.kill(postmaster, 'SIGQUIT');
  for (let there = true; there; await new Promise((later) => setTimeout(later, 20)))
    there = readdirSync(join(server, 'data')).includes('postmaster.pid');

  // With the archive alone: what it holds, and not one entry more or less.
  const fromArchive = restore('from-archive');
  expect(fromArchive).toMatchObject({ status: 0, stderr: '' });
  expect(await restoredEntries('from-archive')).toBe(archived);
  // With what is left of the lost server's log: everything that was acknowledged.
  const left = ['--left', join(server, 'data', 'pg_wal')];
  const whole = restore('whole', ...left);
  expect(whole).toMatchObject({ status: 0, stderr: '' });
  expect(await restoredEntries('whole')).toBe(atEnd);
  // A moment that the log does not reach, or that lies before the backup, is refused, and nothing is left half done.
  expect(restore('late', ...left, '--at', new Date(Date.now() + 60_000).toISOString())).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The archive ends before that moment') as string,
  });
  expect(restore('early', '--at', '2026-01-01T00:00:00Z')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('take an earlier one') as string,
  });
  expect(restore('whole', ...left).stderr).toContain('holds a database already');
  // What was mistyped is named, and not that a server did not start.
  mkdirSync(place('empty'));
  expect(restore('lost', '--archive', place('nowhere'))).toMatchObject({
    status: 1,
    stderr: `There is no folder ${place('nowhere')}.\n`,
  });
  expect(restore('lost', '--archive', place('empty'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('does not hold the log of this backup') as string,
  });
  expect(restore('lost', '--at', '2026-01-01T09:00:00')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^--at is a moment with its time zone/) as string,
  });

  // To a moment, in which a hub then runs.
  const began = Date.now();
  const toMoment = restore('moment', ...left, '--at', moment.toISOString());
  expect(toMoment).toMatchObject({ status: 0, stderr: '' });
  copyFileSync(join(place('data'), 'hub-key.json'), join(place('moment'), 'hub-key.json'));
  // What was ended since is back: no process of the hub starts on it before its operator has said so.
  const restored = { HUB_DATA_DIR: place('moment'), HUB_WAL_ARCHIVE: '' };
  await expect(world.restart(restored)).rejects.toThrow('did not start: DATABASE_RESTORED');
  expect(run('worker/src/main.js', [], restored).stderr).toContain('did not start: DATABASE_RESTORED');
  expect(run('hub/src/operate.js', ['open'], restored)).toMatchObject({ status: 0, stderr: '' });
  await world.restart(restored);
  const seconds = (Date.now() - began) / 1000;
  const url = ['--url', world.hub.url];
  expect(hub('ledger', 'verify', ...url, '--json')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`"size":${atMoment},`) as string,
  });
  // Against what somebody saw later the tool says which entries are gone.
  const missing = hub('ledger', 'verify', ...url, '--from', place('watched'), '--json');
  expect(missing).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(`"fault":"shrunk","first":${atMoment},"until":${atEnd},`) as string,
    stderr: `LEDGER_BROKEN: The ledger does not hold: the ledger has fewer entries than it had: entries ${atMoment} to ${atEnd - 1} are gone, 4 of them.\n`,
  });
  // What was lost is accepted when it is sent again, and what was not is known.
  const again = [];
  for (const envelope of envelopes) again.push((await world.send(authority!, envelope)).status);
  expect(again).toEqual([200, 200, 200, 200, 200, 200, 201, 201, 201, 201]);
  expect(hub('ledger', 'verify', ...url).status).toBe(0);
  // The new entries are others than those that the receipts name: who watched sees that.
  expect(hub('ledger', 'watch', ...url, '--state', place('watched')).stderr).toContain('another history');
  process.stdout.write(
    `restore: archive alone ${fromArchive.seconds.toFixed(1)} s, with the log that was left ${whole.seconds.toFixed(1)} s, to a moment with a hub that answers ${seconds.toFixed(1)} s; ` +
      `missing after the moment: entries ${atMoment} to ${atEnd - 1}, 4 of 4 named\n`,
  );
}, 240_000);

test('a backup without an archive is refused, for it could not be made whole', async () => {
  const server = await startEmbeddedPostgres(place('bare'));
  try {
    const made = run('hub/src/backup.js', ['make', '--to', place('nothing')], { HUB_DATA_DIR: place('bare') });
    expect(made).toMatchObject({ status: 1, stderr: expect.stringContaining('HUB_WAL_ARCHIVE') as string });
    expect(readdirSync(folder)).not.toContain('nothing');
  } finally {
    await server.stop();
  }
}, 60_000);
