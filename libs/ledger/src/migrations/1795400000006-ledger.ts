import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/** The append-only record of what was accepted. `node` keeps the complete subtrees, so a proof reads only a few rows. */
export class Ledger1795400000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ledger.entry (index bigint primary key check (index >= 0), leaf bytea not null, at timestamptz not null);
      create table ledger.node (level smallint, index bigint, hash bytea not null check (length(hash) = 32), primary key (level, index));
      create table ledger.checkpoint (size bigint primary key check (size >= 0), note text not null, at timestamptz not null);
      create function ledger.refuse_change() returns trigger language plpgsql as $$
        begin raise exception 'the ledger is append-only'; end $$;
      ${['entry', 'node', 'checkpoint']
        .map(
          (table) => `
            create trigger append_only before update or delete or truncate on ledger.${table}
              for each statement execute function ledger.refuse_change();
            ${behindRowSecurity(`ledger.${table}`)}
            grant select, insert on ledger.${table} to hub_intake, hub_desk, hub_worker;
            create policy record on ledger.${table} for insert to hub_intake, hub_desk, hub_worker with check (true);
            create policy prove on ledger.${table} for select to hub_intake, hub_desk, hub_worker using (true);`,
        )
        .join('\n')}
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
