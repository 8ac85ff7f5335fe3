import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The SQL that puts a table behind row-level security, for its owner too. The owner's policy serves migrations and
 * security-definer functions; no running process keeps that login.
 */
export const behindRowSecurity = (...tables: string[]): string =>
  tables
    .map(
      (table) => `
        alter table ${table} enable row level security;
        alter table ${table} force row level security;
        create policy owner on ${table} to current_user using (true) with check (true);`,
    )
    .join('\n');

/** One schema for each concern, so that a login's reach can be read off its grants. */
export class Schemas1795400000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- so that "no two at the same time" can be a constraint
      create extension if not exists btree_gist with schema public;
      create schema registry;
      create schema identity;
      create schema agreements;
      create schema rounds;
      create schema intake;
      create schema proof;
      create schema ledger;
      create schema release;
      create schema platform;
      revoke all on schema public from public;
      grant usage on schema registry, identity, agreements, rounds, release, platform
        to hub_intake, hub_reader, hub_desk, hub_worker;
      grant usage on schema ledger to hub_intake, hub_desk, hub_worker;
      grant usage on schema intake to hub_intake, hub_worker;
      grant usage on schema proof to hub_worker;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
