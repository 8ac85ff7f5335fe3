import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/** Where an authority wants to be reminded, and what it was reminded of: no figures. */
export class Notices1795400000202 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table rounds.contact (
        authority_id int primary key references registry.authority (id),
        address text not null check (length(address) <= 254),
        set_by uuid not null,
        set_at timestamptz not null
      );
      create table rounds.notice (
        id uuid primary key,
        round_id uuid not null,
        region_id int not null,
        authority_id int not null references registry.authority (id),
        kind text not null check (kind in ('beforeDue', 'afterDue', 'beforeEnd')),
        made_at timestamptz not null,
        -- null: it is kept, and shown; nothing was sent
        sent_at timestamptz,
        unique (round_id, authority_id, kind),
        foreign key (round_id, region_id) references rounds.round (id, region_id)
      );
      ${behindRowSecurity('rounds.contact', 'rounds.notice')}
      grant select, insert, update, delete on rounds.contact to hub_desk;
      create policy own on rounds.contact for select to hub_desk
        using (authority_id in (select identity.caller_authorities()));
      create policy put on rounds.contact for insert to hub_desk
        with check (authority_id in (select identity.caller_authorities()) and set_by = identity.caller());
      create policy change on rounds.contact for update to hub_desk
        using (authority_id in (select identity.caller_authorities()))
        with check (authority_id in (select identity.caller_authorities()) and set_by = identity.caller());
      create policy take_out on rounds.contact for delete to hub_desk
        using (authority_id in (select identity.caller_authorities()));
      grant select on rounds.contact to hub_worker;
      create policy work on rounds.contact for select to hub_worker using (true);

      grant select on rounds.notice to hub_reader;
      create policy concerned on rounds.notice for select to hub_reader
        using (region_id in (select identity.caller_led_regions())
          or authority_id in (select identity.caller_authorities()));
      grant select, insert, update (sent_at) on rounds.notice to hub_worker;
      create policy work on rounds.notice for select to hub_worker using (true);
      create policy remind on rounds.notice for insert to hub_worker with check (true);
      create policy send on rounds.notice for update to hub_worker using (true) with check (true);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
