import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from './1795400000001-schemas';

/** Pending work is a row written with the change that asks for it; who read what is a row written with the read. */
export class Outbox1795400000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table platform.outbox (
        id uuid primary key,
        type text not null,
        subject uuid not null,
        created_at timestamptz not null,
        attempts int not null default 0,
        next_at timestamptz not null,
        lease_until timestamptz,
        fence int not null default 0,
        done_at timestamptz
      );
      create index outbox_pending on platform.outbox (next_at) where done_at is null;
      create table platform.access_log (
        id uuid primary key,
        at timestamptz not null,
        member_id uuid,
        action text not null,
        subject text not null,
        region_id int references registry.region (id),
        agreement_id text,
        agreement_version int,
        clause text,
        refusal text
      );
      create index access_log_member on platform.access_log (member_id, at);
      ${behindRowSecurity('platform.outbox', 'platform.access_log')}

      grant insert on platform.outbox to hub_intake, hub_desk, hub_worker;
      grant select, update on platform.outbox to hub_worker;
      create policy append on platform.outbox for insert to hub_intake, hub_desk, hub_worker with check (true);
      create policy work on platform.outbox for select to hub_worker using (true);
      create policy settle on platform.outbox for update to hub_worker using (true) with check (true);

      grant insert on platform.access_log to hub_intake, hub_reader, hub_desk, hub_worker;
      grant select on platform.access_log to hub_reader;
      create policy append on platform.access_log for insert to hub_intake, hub_reader, hub_desk, hub_worker
        with check (true);
      create policy own on platform.access_log for select to hub_reader using (member_id = (select identity.caller()));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
