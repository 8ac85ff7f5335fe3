import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Refusal } from '@hub/kernel';
import type { Health } from './health';
import type { Logger } from './logger';
import { ReaderStore, type Store } from './store';

/**
 * A database remembers on which server, and on which line of that server's history (timeline), its operator has opened it. One
 * that was restored to a moment finds itself on a new line, a dump that was loaded elsewhere on another server: what was ended
 * since is back, and no process of the hub starts on it until the operator says so (decision 66).
 */
const HERE = `select system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) as here from pg_control_system()`;
/** So answers a service that does not let its customers ask: there nothing is noticed. */
const UNTOLD = ['42501', '0A000', '42883'];

async function whereIs(asked: Promise<{ here: string }[]>): Promise<string | null> {
  try {
    return (await asked)[0]!.here;
  } catch (error) {
    if (UNTOLD.includes(String((error as { code?: unknown }).code))) return null;
    throw error;
  }
}

/** Whether the database is another than its operator has opened. */
export async function isUnopened(store: Pick<Store, 'ask'>): Promise<boolean> {
  const [opened] = await store.ask<{ server: string }>('select server from platform.opened', []);
  if (!opened) return false;
  const here = await whereIs(store.ask<{ here: string }>(HERE, []));
  return here !== null && here !== opened.server;
}

/** Opens the database where it is now, as the owner. @param again  false: only where it never was, which is a new one */
export async function openDatabase(owner: DataSource, { again }: { again: boolean }): Promise<void> {
  const here = await whereIs(owner.query(HERE) as Promise<{ here: string }[]>);
  if (here === null) return;
  await owner.query(
    `insert into platform.opened (server, at) values ($1, now()) on conflict (only_one)
     ${again ? 'do update set server = excluded.server, at = excluded.at' : 'do nothing'}`,
    [here],
  );
}

/**
 * Asked as the owner, before anything is written: a database that its operator looks at after a restore is as it was restored.
 * @throws Refusal DATABASE_RESTORED
 */
export async function assertOpened(owner: DataSource): Promise<void> {
  const [{ is }] = (await owner.query(`select to_regclass('platform.opened') is not null as is`)) as [{ is: boolean }];
  const asked = <T>(sql: string) => owner.query(sql) as Promise<T[]>;
  if (is && (await isUnopened({ ask: asked }))) throw new Refusal('DATABASE_RESTORED');
}

/** After a standby has taken over the hub goes on; what had not reached it is lost too. Anybody may ask: why it is so is logged, once. */
export function databaseHealth(reader: Store, log: Pick<Logger, 'warn'>): () => Promise<Health> {
  let isTold = false;
  return async () => {
    if (!(await isUnopened(reader))) return { state: 'ok', text: 'database: answers' };
    if (!isTold) log.warn({}, 'the database is another than the operator has opened (runbook, Restore)');
    isTold = true;
    return { state: 'degraded', text: 'database' };
  };
}

/** Stands in every process of the hub, before its work begins. */
@Injectable()
export class Opened implements OnModuleInit {
  constructor(private readonly reader: ReaderStore) {}

  /** @throws Refusal DATABASE_RESTORED */
  async onModuleInit(): Promise<void> {
    if (await isUnopened(this.reader)) throw new Refusal('DATABASE_RESTORED');
  }
}
