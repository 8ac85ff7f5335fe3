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

      -- Every version has the home of the first: or another region's leads could put theirs in its place.
      alter table agreements.agreement add constraint one_home exclude using gist (id with =, region_id with <>);

      -- The newest version of that name, also where the caller does not see it: names are the hub's.
      create function agreements.newest_version(of_id text) returns int
        language sql stable security definer set search_path = pg_catalog as $$
          select coalesce(max(version), 0) from agreements.agreement where id = of_id
        $$;

      -- Whose a key is: a key of another organisation is foreign, not unknown.
      create function agreements.owner_of_key(of_kid text) returns text
        language sql stable security definer set search_path = pg_catalog as $$
          select organisation from identity.signing_key where kid = of_kid
        $$;

      -- Agreements to which an authority is a party that the caller signs for.
      create function agreements.caller_signs() returns table (id text, version int)
        language sql stable security definer set search_path = pg_catalog as $$
          select p.agreement_id, p.agreement_version from agreements.party p
            join registry.authority a on a.id = p.authority_id
            where a.code in (select identity.caller_approves())
        $$;
      revoke all on function agreements.newest_version(text), agreements.owner_of_key(text), agreements.caller_signs()
        from public;
      grant execute on function agreements.newest_version(text), agreements.owner_of_key(text), agreements.caller_signs()
        to hub_desk;

      -- What the parties sign stays as it is, and nobody writes for another party.
      revoke update on agreements.agreement, agreements.party from hub_desk;
      grant update (state, changed_at, concluded_at, ended_on, reason) on agreements.agreement to hub_desk;
      grant update (status, signature, kid, withdrawn_from, notice) on agreements.party to hub_desk;
      drop policy settle on agreements.party;
      create policy own on agreements.party for update to hub_desk
        using (authority_id in (select id from registry.authority where code in (select identity.caller_approves())))
        with check (authority_id in (select id from registry.authority where code in (select identity.caller_approves())));
      create policy conclude on agreements.agreement for update to hub_desk
        using ((id, version) in (select id, version from agreements.caller_signs()))
        with check ((id, version) in (select id, version from agreements.caller_signs()));

      create function agreements.keep_steps() returns trigger
        language plpgsql security definer set search_path = pg_catalog as $$
        begin
          if new.state <> old.state and (old.state = 'terminated' or new.state <> 'terminated') and (old.state, new.state) not in
              (('draft', 'proposed'), ('proposed', 'inForce'), ('inForce', 'suspended'), ('suspended', 'inForce'))
          then raise exception 'an agreement does not go from % to %', old.state, new.state using errcode = 'check_violation';
          end if;
          -- The last signature concludes, once, and nothing else does.
          if new.concluded_at is distinct from old.concluded_at and (old.state <> 'proposed' or new.state <> 'inForce'
              or exists (select from agreements.party p where p.agreement_id = old.id
                and p.agreement_version = old.version and p.status <> 'signed'))
          then raise exception 'an agreement is concluded by the last signature' using errcode = 'check_violation';
          end if;
          if identity.caller() is not null and (old.state, new.state) <> ('proposed', 'inForce')
              and old.region_id not in (select identity.caller_led_regions())
          then raise exception 'those who sign conclude; the other steps are the leads''' using errcode = 'check_violation';
          end if;
          return new;
        end $$;
      create trigger keep_steps before update on agreements.agreement
        for each row execute function agreements.keep_steps();

      create function agreements.keep_signatures() returns trigger
        language plpgsql security definer set search_path = pg_catalog as $$
        begin
          if (old.signature is not null and (new.signature, new.kid) is distinct from (old.signature, old.kid))
            or (old.notice is not null and (new.notice, new.withdrawn_from) is distinct from (old.notice, old.withdrawn_from))
            or (new.status <> old.status and (old.status = 'withdrawn' or new.status = 'invited'))
          then raise exception 'what a party has signed stays' using errcode = 'check_violation';
          end if;
          if new.signature is distinct from old.signature and not exists (select from agreements.agreement a
              where a.id = old.agreement_id and a.version = old.agreement_version and a.state = 'proposed')
          then raise exception 'only what is proposed is signed' using errcode = 'check_violation';
          end if;
          return new;
        end $$;
      create trigger keep_signatures before update on agreements.party
        for each row execute function agreements.keep_signatures();
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
