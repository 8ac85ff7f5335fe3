import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import {
  ARCHIVE_SECONDS,
  findPlace,
  freePort,
  giveToServer,
  haltAtExit,
  halt,
  launch,
  postmaster,
  restoringFrom,
  superuser,
  type Notes,
} from './embedded-postgres';

/** Backups of the embedded PostgreSQL. One that DATABASE_URL names is backed up by the tools of its own. */

/** A backup cannot be made, or cannot be restored; the message says why and what to do. */
export class BackupProblem extends Error {
  override readonly name = 'BackupProblem';
}

/** What the server writes where the log from the backup's beginning to its end is not to be had. */
const NOT_ITS_LOG =
  /could not locate required checkpoint record|WAL ends before (?:end of online backup|consistent recovery point)/;

/** What a backup says of itself, in `backup.json`. */
export interface Backup {
  readonly v: 1;
  readonly startedAt: string;
  /** From here on a moment can be restored, with the archive. */
  readonly endedAt: string;
  readonly server: string;
  readonly bytes: number;
}

/** What belongs to a running server alone, or is laid anew at its start. */
const leftOut = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'pg_internal.init',
  'recovery.signal',
  'standby.signal',
  'backup_label',
]);
const leftEmpty = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/** Copies what is there; what the server takes away or changes meanwhile its log makes good. @returns bytes */
function copyFolder(from: string, to: string): number {
  mkdirSync(to, { mode: 0o700 });
  let bytes = 0;
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (leftOut.has(entry.name) || entry.name.startsWith('pgsql_tmp')) continue;
    if (entry.isDirectory()) {
      if (leftEmpty.has(entry.name)) mkdirSync(target, { mode: 0o700 });
      else bytes += copyFolder(source, target);
      continue;
    }
    if (!entry.isFile()) throw new BackupProblem(`${source} is a link; tablespaces elsewhere are not backed up.`);
    try {
      copyFileSync(source, target);
      bytes += statSync(target).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return bytes;
}

const notesOf = (dataFolder: string): Notes => {
  const file = join(dataFolder, 'postgres.json');
  if (!existsSync(file)) throw new BackupProblem(`There is no embedded PostgreSQL in ${dataFolder}.`);
  return JSON.parse(readFileSync(file, 'utf8')) as Notes;
};

/**
 * A copy of the running server's data folder, between `pg_backup_start` and `pg_backup_stop`; the hub goes on meanwhile.
 * With it go the passwords that lie in the data folder, and not the hub's signing key.
 * @param to  a folder that is not there yet
 * @throws BackupProblem where nothing runs there, or without an archive, which alone makes a copy whole
 */
export async function backUp(dataFolder: string, to: string): Promise<Backup> {
  const notes = notesOf(resolve(dataFolder));
  const data = join(notes.place, 'data');
  if (!postmaster(data)) throw new BackupProblem('The server does not run; a backup is made while the hub does.');
  if (existsSync(to)) throw new BackupProblem(`${to} is there already; a backup goes into a folder of its own.`);
  return superuser(notes, async (client) => {
    const one = async (sql: string) => ((await client.query(sql)).rows as Record<string, string>[])[0]!;
    const { archive_mode } = await one('show archive_mode');
    if (archive_mode !== 'on')
      throw new BackupProblem('The server archives nothing; start the hub with HUB_WAL_ARCHIVE, then back it up.');
    mkdirSync(to, { recursive: true, mode: 0o700 });
    const startedAt = new Date().toISOString();
    await client.query(`select pg_backup_start('hub', true)`);
    const bytes = copyFolder(data, join(to, 'data'));
    // Waits until the log up to here is in the archive.
    const { label } = await one('select labelfile as label from pg_backup_stop(true)');
    writeFileSync(join(to, 'data', 'backup_label'), label!, { mode: 0o600 });
    for (const file of ['postgres.json', 'roles.json'])
      if (existsSync(join(dataFolder, file))) copyFileSync(join(dataFolder, file), join(to, file));
    const { server } = await one('select version() as server');
    const backup: Backup = { v: 1, startedAt, endedAt: new Date().toISOString(), server: server!, bytes };
    // Last, and after everything is on the disk: a folder without it is no backup.
    spawnSync('sync');
    writeFileSync(join(to, 'backup.json'), JSON.stringify(backup));
    spawnSync('sync');
    return backup;
  });
}

export interface Restored {
  /** The last change that is in it; null where nothing was changed after the backup. */
  readonly lastChange: Date | null;
  readonly milliseconds: number;
}

/**
 * Lays a backup into a new data folder and plays the archived log on top, up to a moment or to its end. The server is then
 * stopped, and ready for `npm start` with that HUB_DATA_DIR.
 * @param at  everything that was committed until then is in it, and nothing after; absent is to the end of the archive
 * @param left  the folder `pg_wal` of the lost server where it can still be read: what was not archived yet is in it
 * @throws BackupProblem
 */
export async function restoreBackup(options: {
  readonly from: string;
  readonly archive: string;
  readonly dataFolder: string;
  readonly at?: Date;
  readonly left?: string;
}): Promise<Restored> {
  const began = Date.now();
  const [from, dataFolder] = [resolve(options.from), resolve(options.dataFolder)];
  if (!existsSync(join(from, 'backup.json'))) throw new BackupProblem(`${from} holds no finished backup.`);
  const { endedAt } = JSON.parse(readFileSync(join(from, 'backup.json'), 'utf8')) as Backup;
  const { at } = options;
  if (at && at < new Date(endedAt))
    throw new BackupProblem(`This backup was finished at ${endedAt}; take an earlier one.`);
  for (const folder of [options.archive, options.left ?? options.archive])
    if (!existsSync(folder)) throw new BackupProblem(`There is no folder ${folder}.`);
  mkdirSync(dataFolder, { recursive: true });
  if (existsSync(join(dataFolder, 'postgres.json')))
    throw new BackupProblem(
      `${dataFolder} holds a database already; restore into a new folder, and look before you switch.`,
    );
  const { superuserPassword, ownerPassword } = notesOf(from);
  const { place, native } = findPlace(dataFolder);
  const data = join(place, 'data');
  rmSync(data, { recursive: true, force: true });
  copyFolder(join(from, 'data'), data);
  copyFileSync(join(from, 'data', 'backup_label'), join(data, 'backup_label'));
  writeFileSync(join(data, 'recovery.signal'), '');
  giveToServer(data);
  const notes: Notes = { port: await freePort(), place, native, superuserPassword, ownerPassword };
  const forget = haltAtExit(data);
  try {
    const left = options.left && resolve(options.left);
    await launch(notes, [
      restoringFrom(resolve(options.archive), left),
      'recovery_target_action=promote',
      ...(at ? [`recovery_target_time=${at.toISOString().replace('Z', '+00')}`] : []),
    ]);
    const lastChange = await superuser(notes, async (client) => {
      for (;;) {
        const { rows } = await client.query<{ busy: boolean; last: Date | null }>(
          'select pg_is_in_recovery() as busy, pg_last_xact_replay_timestamp() as last',
        );
        if (!rows[0]!.busy) return rows[0]!.last;
        await wait(50);
      }
    });
    await halt(data);
    if (existsSync(join(from, 'roles.json'))) copyFileSync(join(from, 'roles.json'), join(dataFolder, 'roles.json'));
    // Last: until then the folder counts as having no database, and the restore can be begun again.
    writeFileSync(join(dataFolder, 'postgres.json'), JSON.stringify(notes), { mode: 0o600 });
    return { lastChange, milliseconds: Date.now() - began };
  } catch (error) {
    await halt(data);
    const log = existsSync(join(place, 'postgres.log')) ? readFileSync(join(place, 'postgres.log'), 'utf8') : '';
    if (/recovery ended before configured recovery target was reached/.test(log))
      throw new BackupProblem(
        'The archive ends before that moment; leave it out to restore everything that was archived.',
      );
    if (NOT_ITS_LOG.test(log))
      throw new BackupProblem(
        `${options.archive} does not hold the log of this backup: name the folder that HUB_WAL_ARCHIVE named when it was made.`,
      );
    throw error;
  } finally {
    forget();
  }
}

/** A change may be lost with the machine until it is archived: so many seconds at most. */
export const mostLostSeconds = ARCHIVE_SECONDS;
