import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * Members, their roles, signing keys; and the functions by which the database itself finds out who is asking and what
 * they may see. They run as the owner with a fixed search path, so code that computes regions wrongly cannot widen
 * them, and a member whose role has ended is out at the next statement.
 */
export class Identity1795400000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table identity.member (
        id uuid primary key,
        issuer text not null,
        subject text not null,
        name text not null,
        unique (issuer, subject)
      );
      create table identity.member_role (
        member_id uuid not null references identity.member (id),
        role text not null check (role in ('authority-system', 'authority-analyst', 'authority-approver', 'regional-lead',
          'board-chair', 'agency-partner', 'elected-member', 'scrutineer', 'steward', 'auditor')),
        organisation text not null,
        valid daterange not null default '[2019-04-01,)',
        exclude using gist (member_id with =, role with =, organisation with =, valid with &&)
      );
      create index member_role_member on identity.member_role (member_id);
      create table identity.signing_key (
        kid text primary key,
        organisation text not null,
        algorithm text not null check (algorithm in ('EdDSA', 'ES256')),
        jwk jsonb not null,
        thumbprint text not null unique,
        state text not null check (state in ('pending', 'active', 'revoked')),
        registered_by uuid not null references identity.member (id),
        registered_at timestamptz not null,
        revoked_at timestamptz,
        revoked_by uuid references identity.member (id),
        reason text
      );
      create index signing_key_organisation on identity.signing_key (organisation);

      create function identity.today() returns date language sql stable set search_path = pg_catalog
        return (now() at time zone 'Europe/London')::date;

      create function identity.caller() returns uuid language sql stable set search_path = pg_catalog
        return nullif(current_setting('hub.member', true), '')::uuid;

      -- Roles held today, each with the authorities that its organisation stands for: an authority itself, the areas
      -- of a board or an agency; a region's own roles stand for no authority.
      create function identity.reach(member uuid)
        returns table (role text, organisation text, authority_id int, region_id int)
        language sql stable security definer set search_path = pg_catalog as $$
          with held as (
            select r.role, r.organisation from identity.member_role r
            where r.member_id = member and r.valid @> identity.today()
          ), areas as (
            select h.role, h.organisation, a.id as authority_id from held h
              join registry.authority a on a.code = h.organisation and a.valid @> identity.today()
            union all
            select h.role, h.organisation, o.authority_id from held h
              join registry.organisation_area o on o.organisation = h.organisation and o.valid @> identity.today()
          )
          select a.role, a.organisation, a.authority_id, ra.region_id from areas a
            left join registry.region_authority ra on ra.authority_id = a.authority_id and ra.valid @> identity.today()
          union all
          select h.role, h.organisation, null, g.id from held h join registry.region g on g.code = h.organisation
          union all
          select h.role, h.organisation, null, null from held h
            where h.organisation not in (select organisation from areas)
              and h.organisation not in (select code from registry.region)
        $$;

      -- Regions whose printed figures the caller may see. Stewards and auditors read no figures.
      create function identity.caller_regions() returns setof int
        language sql stable security definer set search_path = pg_catalog as $$
          select distinct region_id from identity.reach(identity.caller())
          where region_id is not null and role not in ('steward', 'auditor')
        $$;

      -- Regions that the caller leads.
      create function identity.caller_led_regions() returns setof int
        language sql stable security definer set search_path = pg_catalog as $$
          select distinct region_id from identity.reach(identity.caller())
          where region_id is not null and role = 'regional-lead'
        $$;

      -- Authorities for whose raw figures the caller acts.
      create function identity.caller_authorities() returns setof int
        language sql stable security definer set search_path = pg_catalog as $$
          select distinct authority_id from identity.reach(identity.caller())
          where authority_id is not null and role in ('authority-system', 'authority-analyst', 'authority-approver')
        $$;

      -- Organisations for which the caller may register and revoke keys.
      create function identity.caller_approves() returns setof text
        language sql stable security definer set search_path = pg_catalog as $$
          select distinct organisation from identity.reach(identity.caller()) where role = 'authority-approver'
        $$;

      -- The door: who is this token's subject? Asked before hub.member is set.
      create function identity.find_member(of_issuer text, of_subject text)
        returns table (id uuid, role text, organisation text, authority text, region text)
        language sql stable security definer set search_path = pg_catalog as $$
          select m.id, r.role, r.organisation, a.code, g.code
          from identity.member m
            left join lateral identity.reach(m.id) r on true
            left join registry.authority a on a.id = r.authority_id
            left join registry.region g on g.id = r.region_id
          where m.issuer = of_issuer and m.subject = of_subject
        $$;

      revoke all on all functions in schema identity from public;
      grant execute on all functions in schema identity to hub_intake, hub_reader, hub_desk, hub_worker;
      revoke execute on function identity.reach(uuid) from hub_intake, hub_reader, hub_desk, hub_worker;

      ${behindRowSecurity('identity.member', 'identity.member_role', 'identity.signing_key')}

      grant select on identity.member, identity.member_role, identity.signing_key
        to hub_intake, hub_reader, hub_desk, hub_worker;
      create policy own on identity.member for select to hub_intake, hub_reader, hub_desk
        using (id = (select identity.caller()));
      create policy own on identity.member_role for select to hub_intake, hub_reader, hub_desk
        using (member_id = (select identity.caller()));
      create policy work on identity.member for select to hub_worker using (true);
      create policy work on identity.member_role for select to hub_worker using (true);
      -- A signature is checked before it is known whose it is.
      create policy verify on identity.signing_key for select to hub_intake, hub_worker using (true);
      create policy own on identity.signing_key for select to hub_reader, hub_desk
        using (organisation in (select identity.caller_approves()));

      grant insert, update on identity.signing_key to hub_desk;
      create policy register on identity.signing_key for insert to hub_desk
        with check (organisation in (select identity.caller_approves()));
      create policy settle on identity.signing_key for update to hub_desk
        using (organisation in (select identity.caller_approves()))
        with check (organisation in (select identity.caller_approves()));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
