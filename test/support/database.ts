import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { logins, startEmbeddedPostgres, withLogin, type Database, type Login } from '@hub/platform';
import { rootFolder } from './root';

const folder = join(rootFolder, '.data', 'test');

/** A database of this suite's own, copied from the migrated template or another; dropped when it stops. */
export async function freshDatabase(
  template = process.env.HUB_TEST_TEMPLATE!,
): Promise<Database & { readonly name: string }> {
  const server = await startEmbeddedPostgres(folder, { fsync: false });
  const name = `test_${process.pid}_${Date.now().toString(36)}_${Math.floor(Math.random() * 1e6)}`;
  await server.createDatabase(name, template);
  const passwords = JSON.parse(readFileSync(join(folder, 'roles.json'), 'utf8')) as Record<Login, string>;
  const ownerUrl = server.url(name);
  return {
    name,
    ownerUrl,
    urls: Object.fromEntries(
      logins.map((login) => [login, withLogin(ownerUrl, `hub_${login}`, passwords[login])]),
    ) as Record<Login, string>,
    stop: async () => {
      await server.dropDatabase(name);
      await server.stop();
    },
  };
}

/** The same database for the superuser of the suites' server, who sees what PostgreSQL keeps for itself. */
export function asSuperuser(ownerUrl: string): string {
  const { superuserPassword } = JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8')) as {
    superuserPassword: string;
  };
  return withLogin(ownerUrl, 'postgres', superuserPassword);
}

/** Rows of one statement over a connection of its own. */
export async function ask<T = Record<string, unknown>>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as T[];
  } finally {
    await client.end();
  }
}

/** The row count of every table but the access log: the measure of "nothing was stored". */
export const rowCounts = (ownerUrl: string): Promise<Record<string, number>> => ofEveryTable(ownerUrl, 'count(*)::int');

/** A digest of the rows of every table but the access log: the measure of "nothing was changed". */
export const contents = (ownerUrl: string): Promise<Record<string, string>> =>
  ofEveryTable(ownerUrl, `coalesce(md5(string_agg(t::text, '|' order by t::text)), '')`);

async function ofEveryTable<T>(ownerUrl: string, value: string): Promise<Record<string, T>> {
  const tables = await ask<{ name: string }>(
    ownerUrl,
    `select schemaname || '.' || tablename as name from pg_tables
     where schemaname in ('registry','identity','agreements','rounds','intake','proof','ledger','release','platform','exchange')
       and (schemaname, tablename) <> ('platform', 'access_log') order by 1`,
  );
  const each = tables.map(({ name }) => `select '${name}' as name, ${value} as v from ${name} t`).join(' union all ');
  return Object.fromEntries((await ask<{ name: string; v: T }>(ownerUrl, each)).map(({ name, v }) => [name, v]));
}
