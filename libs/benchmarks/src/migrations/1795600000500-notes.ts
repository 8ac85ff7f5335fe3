import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * What people say beside figures. A note is read by whoever may see figures of its authority: members of its regions, and those
 * with whom an agreement shares it. It is written and ended by those who act for the authority; one that was taken back is gone.
 */
export class Notes1795600000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema remarks;
      grant usage on schema remarks to hub_desk, hub_reader;

      create table remarks.note (
        id uuid primary key,
        authority_id int not null references registry.authority (id),
        indicator text not null,
        kind text not null check (kind in ('ownDefinition', 'systemChange', 'break')),
        period_from text not null,
        -- null: it still holds
        period_until text,
        from_date date not null,
        until_date date,
        text text not null,
        written_by uuid not null references identity.member (id),
        written_at timestamptz not null,
        ended_by uuid references identity.member (id),
        ended_at timestamptz,
        withdrawn boolean not null default false,
        check ((period_until is null) = (until_date is null) and until_date > from_date),
        check (not withdrawn or (text = '' and ended_by is not null))
      );
      create index note_authority on remarks.note (authority_id, id);
      ${behindRowSecurity('remarks.note')}

      create function remarks.shared_authorities() returns setof int
        language sql stable security definer set search_path = pg_catalog as $$
          select a.id from agreements.caller_reads() r join registry.authority a on a.code = any(r.shown)
        $$;
      revoke all on function remarks.shared_authorities() from public;
      grant execute on function remarks.shared_authorities() to hub_reader;

      grant select on remarks.note to hub_reader, hub_desk;
      grant insert, update (period_until, until_date, text, ended_by, ended_at, withdrawn) on remarks.note to hub_desk;
      -- Members of its regions are found first; what agreements share is asked for nobody else.
      create policy seen on remarks.note for select to hub_reader using (not withdrawn and (
        authority_id in (select ra.authority_id from registry.region_authority ra
          where ra.region_id in (select identity.caller_regions()))
        or authority_id in (select remarks.shared_authorities())));
      create policy own on remarks.note for select to hub_desk
        using (authority_id in (select identity.caller_authorities()));
      create policy write on remarks.note for insert to hub_desk
        with check (authority_id in (select identity.caller_authorities()) and written_by = (select identity.caller()));
      create policy settle on remarks.note for update to hub_desk
        using (authority_id in (select identity.caller_authorities()) and not withdrawn)
        with check (authority_id in (select identity.caller_authorities()));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
