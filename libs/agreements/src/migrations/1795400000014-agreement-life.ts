import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * The whole life of an agreement: when it was concluded and ended, notices of withdrawal, and the regions that it is about.
 * That it has expired or been superseded is not stored: its dates and later versions say so.
 */
export class AgreementLife1795400000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A document of the form before names one region; it is signed as it is and cannot be brought into the new form.
      do $$ begin
        if exists (select from agreements.agreement) then
          raise exception 'agreements of the form before 0.2 cannot be kept: draft and sign them again';
        end if;
      end $$;
      alter table agreements.agreement
        add column concluded_at timestamptz,
        add column ended_on date,
        add column reason text,
        drop constraint agreement_state_check,
        add check (state in ('draft', 'proposed', 'inForce', 'suspended', 'terminated')),
        add check ((state in ('inForce', 'suspended')) <= (concluded_at is not null)),
        add check ((state = 'terminated') = (ended_on is not null));
      alter table agreements.party
        add column notice text,
        drop constraint party_check,
        add check ((status = 'signed') <= (signature is not null)),
        add check ((signature is null) = (kid is null)),
        add check ((status = 'withdrawn') = (withdrawn_from is not null)),
        add check ((status = 'withdrawn') = (notice is not null));
      create table agreements.scope (
        agreement_id text not null,
        agreement_version int not null,
        region_id int not null references registry.region (id),
        primary key (agreement_id, agreement_version, region_id),
        foreign key (agreement_id, agreement_version) references agreements.agreement (id, version)
      );
      create index scope_region on agreements.scope (region_id);
      ${behindRowSecurity('agreements.scope')}

      -- Whether a later version has been concluded is true for everybody, also for those who no longer see that version.
      create function agreements.successor_from(of_id text, of_version int) returns date
        language sql stable security definer set search_path = pg_catalog as $$
          select min(lower(n.effective)) from agreements.agreement n
          where n.id = of_id and n.version > of_version and n.concluded_at is not null
        $$;

      -- Agreements that the caller has a part in: about a region of theirs, read by an organisation of theirs, or with an
      -- authority of theirs as a party.
      create function agreements.caller_sees() returns table (id text, version int)
        language sql stable security definer set search_path = pg_catalog as $$
          with held as (select * from identity.reach(identity.caller()) where role not in ('steward', 'auditor'))
          select s.agreement_id, s.agreement_version from agreements.scope s
            where s.region_id in (select region_id from held)
          union
          select p.agreement_id, p.agreement_version from agreements.party p
            where p.authority_id in (select authority_id from held)
          union
          select a.id, a.version from agreements.agreement a,
            jsonb_array_elements(a.document::jsonb -> 'audience') entry
            where entry ->> 'of' in (select organisation from held)
              or entry ->> 'of' in (select g.code from registry.region g join held on held.region_id = g.id)
        $$;
      revoke all on function agreements.successor_from(text, int), agreements.caller_sees() from public;
      grant execute on function agreements.successor_from(text, int), agreements.caller_sees()
        to hub_intake, hub_reader, hub_desk, hub_worker;

      grant select on agreements.scope to hub_intake, hub_reader, hub_desk, hub_worker;
      grant insert on agreements.scope to hub_desk;
      create policy ask on agreements.scope for select to hub_intake, hub_worker using (true);
      create policy part on agreements.scope for select to hub_reader, hub_desk
        using ((agreement_id, agreement_version) in (select id, version from agreements.caller_sees()));
      create policy draft on agreements.scope for insert to hub_desk
        with check (exists (select from agreements.agreement a where a.id = agreement_id and a.version = agreement_version
          and a.region_id in (select identity.caller_led_regions())));
      drop policy region on agreements.agreement;
      drop policy region on agreements.party;
      create policy part on agreements.agreement for select to hub_reader, hub_desk
        using ((id, version) in (select id, version from agreements.caller_sees())
          or region_id in (select identity.caller_led_regions()));
      create policy part on agreements.party for select to hub_reader, hub_desk
        using ((agreement_id, agreement_version) in (select id, version from agreements.caller_sees()));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
