import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/** All that decides which agreements a caller sees, and what they say. */
const tables = [
  'agreements.agreement',
  'agreements.party',
  'agreements.scope',
  'identity.member_role',
  'registry.region',
  'registry.authority',
  'registry.region_authority',
  'registry.organisation_area',
] as const;

/**
 * One number for the whole hub that grows with every change of an agreement or of who belongs where: while it stays the
 * same, whoever saw an agreement on a day sees it still, and it says what it said. Reading it costs next to nothing, where
 * finding out anew what a caller sees cost as much as the figures.
 */
export class ChangeCount1795500000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table agreements.change_count (
        only_row boolean primary key default true check (only_row),
        number bigint not null,
        -- the transaction that counted last: each counts once
        counted_by xid8 not null
      );
      insert into agreements.change_count (number, counted_by) values (0, pg_current_xact_id());
      ${behindRowSecurity('agreements.change_count')}
      grant select (number) on agreements.change_count to hub_intake, hub_reader;
      create policy ask on agreements.change_count for select to hub_intake, hub_reader using (true);
      create function agreements.count_transaction() returns trigger
        language plpgsql security definer set search_path = pg_catalog as $$
        begin
          update agreements.change_count set number = number + 1, counted_by = pg_current_xact_id()
            where counted_by <> pg_current_xact_id();
          return null;
        end $$;
      revoke all on function agreements.count_transaction() from public;
      -- Last of all, at the commit: nobody who waits for this row holds up another who has it.
      ${tables
        .map(
          (table) => `
            create constraint trigger count_transaction after insert or update or delete on ${table}
              deferrable initially deferred for each row execute function agreements.count_transaction();`,
        )
        .join('')}
      revoke select on agreements.revision from hub_intake;
      drop policy ask on agreements.revision;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
