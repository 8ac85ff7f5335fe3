import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * Invitations, and who administers whom: the database knows the table of libs/identity/src/domain/administration.ts too,
 * so code that forgets to ask cannot appoint anybody.
 */
export class Members1795400000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table identity.member_role
        add column ended_at timestamptz,
        add column ended_by uuid references identity.member (id);

      create table identity.invitation (
        id uuid primary key,
        role text not null check (role in ('authority-system', 'authority-analyst', 'authority-approver', 'regional-lead',
          'board-chair', 'agency-partner', 'elected-member', 'scrutineer', 'steward', 'auditor')),
        organisation text not null,
        name text not null,
        valid daterange not null check (not isempty(valid)),
        -- the code itself is shown once and kept nowhere
        code_digest bytea not null unique check (length(code_digest) = 32),
        invited_by uuid not null references identity.member (id),
        invited_at timestamptz not null,
        expires_at timestamptz not null,
        accepted_at timestamptz,
        accepted_by uuid references identity.member (id),
        withdrawn_at timestamptz,
        withdrawn_by uuid references identity.member (id),
        check ((accepted_at is null) = (accepted_by is null)),
        check ((withdrawn_at is null) = (withdrawn_by is null)),
        check (accepted_at is null or withdrawn_at is null)
      );
      create index invitation_organisation on identity.invitation (organisation);

      -- Every organisation with what it is, and each region in which it lies today: none, one or several. A joint return
      -- lies where those lie whom it covers.
      create function identity.seats() returns table (organisation text, kind text, region text)
        language sql stable security definer set search_path = pg_catalog as $$
          select 'hub', 'hub', null
          union all
          select g.code, 'region', g.code from registry.region g
          union all
          select a.code, 'authority', g.code from registry.authority a
            left join (
              select ra.authority_id, ra.region_id from registry.region_authority ra where ra.valid @> identity.today()
              union
              select c.joint_id, ra.region_id from registry.authority_cover c
                join registry.region_authority ra on ra.authority_id = c.covered_id and ra.valid @> identity.today()
            ) lies on lies.authority_id = a.id
            left join registry.region g on g.id = lies.region_id
          union
          select o.code, case when o.code like 'brd-%' then 'board' else 'agency' end, g.code from registry.organisation o
            left join registry.organisation_area area on area.organisation = o.code and area.valid @> identity.today()
            left join registry.region_authority ra on ra.authority_id = area.authority_id and ra.valid @> identity.today()
            left join registry.region g on g.id = ra.region_id
        $$;

      -- Which roles at which organisations a member appoints to and ends today.
      create function identity.administers(member uuid) returns table (role text, organisation text)
        language sql stable security definer set search_path = pg_catalog as $$
          with held as (
            select r.role, r.organisation from identity.member_role r
            where r.member_id = member and r.valid @> identity.today()
          ), led as (
            select distinct s.organisation, s.kind from held h
              join identity.seats() s on s.region = h.organisation
            where h.role = 'regional-lead'
          )
          select to_role, 'hub' from held h, unnest(array['steward', 'auditor']) to_role
            where h.role = 'steward' and h.organisation = 'hub'
          union
          select 'regional-lead', g.code from held h, registry.region g
            where h.role = 'steward' and h.organisation = 'hub'
          union
          select case l.kind when 'region' then 'regional-lead' when 'authority' then 'authority-approver'
              when 'board' then 'board-chair' else 'agency-partner' end, l.organisation
            from led l
            -- what concerns the lead's own authority the deputy from another authority decides
            where not (l.kind = 'authority' and l.organisation in (select h.organisation from held h
                where h.role in ('authority-system', 'authority-analyst', 'authority-approver')))
          union
          select to_role, h.organisation from held h,
              unnest(array['authority-approver', 'authority-analyst', 'authority-system', 'elected-member', 'scrutineer']) to_role
            where h.role = 'authority-approver'
        $$;

      create function identity.caller_administers() returns table (role text, organisation text)
        language sql stable security definer set search_path = pg_catalog as $$
          select role, organisation from identity.administers(identity.caller())
        $$;

      create function identity.caller_is_steward() returns boolean
        language sql stable security definer set search_path = pg_catalog as $$
          select exists (select from identity.member_role r where r.member_id = identity.caller()
            and r.role = 'steward' and r.organisation = 'hub' and r.valid @> identity.today())
        $$;

      -- The one way into the hub: whoever holds the code, and a token, gets the role. An unknown subject becomes a member.
      -- The role begins today at the earliest; days that the member holds already are not held twice. An invitation is
      -- worth as much as the right of the one who made it: who is removed leaves no open door behind.
      -- Answers with the member, or null, whatever is wrong with the code.
      create function identity.accept_invitation(new_id uuid, of_issuer text, of_subject text, of_code bytea) returns uuid
        language plpgsql security definer set search_path = pg_catalog as $$
          declare
            invited identity.invitation;
            accepting uuid;
            held daterange;
          begin
            select * into invited from identity.invitation i where i.code_digest = of_code for update;
            if not found or invited.accepted_at is not null or invited.withdrawn_at is not null
              or invited.expires_at <= now()
              or coalesce(upper(invited.valid) <= identity.today(), false)
              or not exists (select from identity.administers(invited.invited_by) a
                where a.role = invited.role and a.organisation = invited.organisation) then
              return null;
            end if;
            insert into identity.member (id, issuer, subject, name) values (new_id, of_issuer, of_subject, invited.name)
              on conflict (issuer, subject) do nothing;
            -- locked, so that two invitations that are accepted at once do not miss each other's role
            select m.id into accepting from identity.member m
              where m.issuer = of_issuer and m.subject = of_subject for update;
            held := daterange(greatest(lower(invited.valid), identity.today()), upper(invited.valid));
            with earlier as (
              delete from identity.member_role r
                where r.member_id = accepting and r.role = invited.role and r.organisation = invited.organisation
                  and r.valid && held
                returning r.valid
            )
            select range_merge(range_agg(e.valid)) into held
              from (select valid from earlier union all select held) e;
            insert into identity.member_role (member_id, role, organisation, valid)
              values (accepting, invited.role, invited.organisation, held);
            update identity.invitation set accepted_at = now(), accepted_by = accepting where id = invited.id;
            return accepting;
          end
        $$;

      revoke all on function identity.seats(), identity.administers(uuid), identity.caller_administers(),
        identity.caller_is_steward(), identity.accept_invitation(uuid, text, text, bytea) from public;
      grant execute on function identity.seats(), identity.caller_administers(), identity.caller_is_steward(),
        identity.accept_invitation(uuid, text, text, bytea) to hub_desk;

      ${behindRowSecurity('identity.invitation')}
      grant select (id, role, organisation, name, valid, invited_by, invited_at, expires_at, accepted_at, accepted_by,
        withdrawn_at, withdrawn_by), insert, update (withdrawn_at, withdrawn_by) on identity.invitation to hub_desk;
      create policy administered on identity.invitation for select to hub_desk
        using ((role, organisation) in (select role, organisation from identity.caller_administers()));
      create policy invite on identity.invitation for insert to hub_desk
        with check (invited_by = (select identity.caller())
          and (role, organisation) in (select role, organisation from identity.caller_administers()));
      create policy withdraw on identity.invitation for update to hub_desk
        using ((role, organisation) in (select role, organisation from identity.caller_administers()))
        with check (withdrawn_by = (select identity.caller()));

      grant update (valid, ended_at, ended_by) on identity.member_role to hub_desk;
      create policy administered on identity.member_role for select to hub_desk
        using ((role, organisation) in (select role, organisation from identity.caller_administers()));
      create policy finish on identity.member_role for update to hub_desk
        using ((role, organisation) in (select role, organisation from identity.caller_administers()))
        with check (ended_by = (select identity.caller()));
      -- Whoever holds, held or will hold a role that the caller administers.
      create policy administered on identity.member for select to hub_desk
        using (id in (select member_id from identity.member_role));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
