import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * What an authority or a region's lead says of an indicator in a period. The figures in it are named, not copied: `figures` holds
 * publication, series and authority of each. Read as a note is, a region's by its members; what was taken back is gone.
 */
export class Commentary1795700000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table remarks.commentary (
        id uuid primary key,
        -- the one or the other has said it
        authority_id int references registry.authority (id),
        region_id int references registry.region (id),
        indicator text not null,
        period text not null,
        from_date date not null,
        until_date date not null,
        text text not null,
        figures jsonb not null,
        written_by uuid not null references identity.member (id),
        written_at timestamptz not null,
        withdrawn_by uuid references identity.member (id),
        withdrawn_at timestamptz,
        check (num_nonnulls(authority_id, region_id) = 1),
        check ((withdrawn_by is null) = (withdrawn_at is null) and (withdrawn_at is null or (text = '' and figures = '[]')))
      );
      create index commentary_authority on remarks.commentary (authority_id, from_date);
      create index commentary_region on remarks.commentary (region_id, from_date);
      ${behindRowSecurity('remarks.commentary')}

      create function remarks.caller_leads() returns setof int
        language sql stable security definer set search_path = pg_catalog as $$
          select r.region_id from identity.reach(identity.caller()) r where r.role = 'regional-lead' and r.region_id is not null
        $$;
      revoke all on function remarks.caller_leads() from public;
      grant execute on function remarks.caller_leads() to hub_desk;

      grant select on remarks.commentary to hub_reader, hub_desk;
      grant insert, update (text, figures, withdrawn_by, withdrawn_at) on remarks.commentary to hub_desk;
      create policy seen on remarks.commentary for select to hub_reader using (withdrawn_at is null and (
        region_id in (select identity.caller_regions())
        or authority_id in (select ra.authority_id from registry.region_authority ra
          where ra.region_id in (select identity.caller_regions()))
        or authority_id in (select remarks.shared_authorities())));
      create policy own on remarks.commentary for select to hub_desk
        using (authority_id in (select identity.caller_authorities()) or region_id in (select remarks.caller_leads()));
      create policy write on remarks.commentary for insert to hub_desk
        with check (written_by = (select identity.caller())
          and (authority_id in (select identity.caller_authorities()) or region_id in (select remarks.caller_leads())));
      create policy settle on remarks.commentary for update to hub_desk
        using (withdrawn_at is null
          and (authority_id in (select identity.caller_authorities()) or region_id in (select remarks.caller_leads())))
        with check (withdrawn_by = (select identity.caller())
          and (authority_id in (select identity.caller_authorities()) or region_id in (select remarks.caller_leads())));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
