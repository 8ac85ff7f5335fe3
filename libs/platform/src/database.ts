import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, type MigrationInterface } from 'typeorm';
import { Refusal } from '@hub/kernel';
import { logins, type Config, type Login } from './config';
import { makeDataFolder } from './data-folder';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres';
import { MIGRATIONS_LOCK, ROLES_LOCK } from './locks';
import { assertOpened } from './opened';
import { firstConnection } from './store';

export type Migration = new () => MigrationInterface;

/** A database that is ready: at the newest migration, with a connection string for each login. */
export interface Database {
  readonly ownerUrl: string;
  readonly urls: Readonly<Record<Login, string>>;
  /** Lets go of the embedded server, if this is one. */
  stop(): Promise<void>;
}

/** The same server and database, another login. */
export function withLogin(ownerUrl: string, user: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = user;
  url.password = password;
  return url.toString();
}

/** Passwords that the owner gave to the logins, kept beside the data. */
function passwordsIn(folder: string): Record<Login, string> {
  const file = join(folder, 'roles.json');
  if (!existsSync(file)) {
    makeDataFolder(folder);
    const passwords = Object.fromEntries(logins.map((login) => [login, randomBytes(24).toString('hex')]));
    // Linked into its place whole: of a hub and a worker that start together one wins, and neither reads half a file.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(passwords), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Record<Login, string>;
}

/** Roles belong to the cluster, not to the database: made once, under a lock, with the passwords of this data folder. */
async function makeRoles(owner: DataSource, passwords: Record<Login, string> | null): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [ROLES_LOCK]);
    for (const login of logins) {
      const role = `hub_${login}`;
      const known = (await tx.query('select 1 from pg_roles where rolname = $1', [role])) as unknown[];
      if (!known.length) {
        await tx.query(`create role ${role} login nosuperuser nocreatedb nocreaterole noinherit nobypassrls`);
      }
      if (passwords) await tx.query(`alter role ${role} login password '${passwords[login]}'`);
    }
  });
}

/**
 * Brings a database to the newest migration, as its owner, and gives each login its connection string.
 * @param afterwards  work of the owner once the tables stand, such as laying in the registry
 * @throws Refusal DATABASE_TOO_OLD | DATABASE_RESTORED before anything is touched
 */
export async function migrate(
  ownerUrl: string,
  given: Readonly<Record<Login, string | null>>,
  dataFolder: string,
  migrations: readonly Migration[],
  afterwards: (owner: DataSource) => Promise<void>,
): Promise<Readonly<Record<Login, string>>> {
  const unopened = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    synchronize: false,
    migrations: [...migrations],
    migrationsTransactionMode: 'each',
    poolSize: 2,
    applicationName: 'hub owner',
  });
  const owner = await firstConnection(unopened, 'DATABASE_URL');
  try {
    const [{ version }] = (await owner.query(`select current_setting('server_version_num')::int as version`)) as [
      { version: number },
    ];
    if (version < 150_000) throw new Refusal('DATABASE_TOO_OLD', { expected: 'PostgreSQL 15 or newer' });
    await assertOpened(owner);
    const own = logins.every((login) => given[login] === null);
    const passwords = own ? passwordsIn(dataFolder) : null;
    await makeRoles(owner, passwords);
    const runner = owner.createQueryRunner();
    try {
      await runner.query('select pg_advisory_lock($1)', [MIGRATIONS_LOCK]);
      await owner.runMigrations();
      await afterwards(owner);
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [MIGRATIONS_LOCK]);
      await runner.release();
    }
    return Object.fromEntries(
      logins.map((login) => [login, given[login] ?? withLogin(ownerUrl, `hub_${login}`, passwords![login])]),
    ) as Record<Login, string>;
  } finally {
    await owner.destroy();
  }
}

/**
 * The database that the configuration names, or an embedded one, migrated and ready.
 * @throws Refusal CONFIGURATION where the logins are given without the database to migrate; DATABASE_TOO_OLD | DATABASE_RESTORED
 */
export async function prepareDatabase(
  config: Config,
  migrations: readonly Migration[],
  afterwards: (owner: DataSource) => Promise<void>,
): Promise<Database> {
  let embedded: EmbeddedPostgres | null = null;
  let ownerUrl = config.databaseUrl;
  if (!ownerUrl) {
    // Otherwise an embedded database would be migrated, and another one read.
    if (logins.some((login) => config.loginUrls[login])) {
      throw new Refusal('CONFIGURATION', {
        variable: 'DATABASE_URL',
        expected: 'the owner’s connection to the database of the four logins',
      });
    }
    embedded = await startEmbeddedPostgres(config.dataFolder, config);
    await embedded.createDatabase('hub');
    ownerUrl = embedded.url('hub');
  }
  try {
    const urls = await migrate(ownerUrl, config.loginUrls, config.dataFolder, migrations, afterwards);
    return { ownerUrl, urls, stop: async () => embedded?.stop() };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/**
 * The connection strings of a database that a hub has prepared: for a further process of the same hub, which migrates
 * nothing.
 */
export async function joinDatabase(config: Config): Promise<Database> {
  const embedded =
    config.databaseUrl || config.loginUrls.worker ? null : await startEmbeddedPostgres(config.dataFolder, config);
  const ownerUrl = config.databaseUrl ?? embedded?.url('hub') ?? config.loginUrls.worker!;
  const passwords = config.loginUrls.worker ? null : passwordsIn(config.dataFolder);
  const urls = Object.fromEntries(
    logins.map((login) => [login, config.loginUrls[login] ?? withLogin(ownerUrl, `hub_${login}`, passwords![login])]),
  ) as Record<Login, string>;
  return { ownerUrl, urls, stop: async () => embedded?.stop() };
}
