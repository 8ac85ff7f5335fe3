import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Refusal } from '@hub/kernel';
import type { Health } from './health';
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
export async function isUnopened(store: Store): Promise<boolean> {
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

/** After a standby has taken over the hub goes on; what had not reached it is lost too. */
export const databaseHealth = async (reader: Store): Promise<Health> =>
  (await isUnopened(reader))
    ? { state: 'degraded', text: 'database: answers, but another than the operator has opened (runbook, Restore)' }
    : { state: 'ok', text: 'database: answers' };

/** Stands in every process of the hub, before its work begins. */
@Injectable()
export class Opened implements OnModuleInit {
  constructor(private readonly reader: ReaderStore) {}

  /** @throws Refusal DATABASE_RESTORED */
  async onModuleInit(): Promise<void> {
    if (await isUnopened(this.reader)) throw new Refusal('DATABASE_RESTORED');
  }
}
