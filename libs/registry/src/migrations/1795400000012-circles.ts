import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * Circles: those who share raw knowledge of several authorities, and against whom a publication has to hold as one
 * attacker. Shared services and boards are declared; joint returns and persons follow from what the hub knows anyway.
 * A circle never ends: what was known once stays known.
 */
export class Circles1795400000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table registry.circle (
        id uuid primary key,
        name text not null,
        from_date date not null,
        declared_by uuid not null references identity.member (id),
        declared_at timestamptz not null
      );
      create table registry.circle_authority (
        circle_id uuid not null references registry.circle (id),
        authority_id int not null references registry.authority (id),
        primary key (circle_id, authority_id)
      );
      ${behindRowSecurity('registry.circle', 'registry.circle_authority')}
      grant select, insert on registry.circle, registry.circle_authority to hub_desk;
      grant select on registry.circle, registry.circle_authority to hub_worker;
      create policy steward on registry.circle for select to hub_desk using ((select identity.caller_is_steward()));
      create policy declare on registry.circle for insert to hub_desk
        with check ((select identity.caller_is_steward()) and declared_by = (select identity.caller()));
      create policy work on registry.circle for select to hub_worker using (true);
      create policy steward on registry.circle_authority for select to hub_desk
        using ((select identity.caller_is_steward()));
      create policy declare on registry.circle_authority for insert to hub_desk
        with check ((select identity.caller_is_steward()));
      create policy work on registry.circle_authority for select to hub_worker using (true);

      -- The circles of a day, as sets of authorities: who stands behind one is nobody's business here. A person who has
      -- worked for several authorities counts from the first day of the second role, whatever has ended since; a role that
      -- was ended on its first day was held for a while, so it counts too. Whoever works for a joint return knows those
      -- whom it covers.
      create function registry.circles_on(day date) returns table (authorities text[])
        language sql stable security definer set search_path = pg_catalog as $$
          with worked as (
            select r.member_id as circle, a.id as authority_id
            from identity.member_role r join registry.authority a on a.code = r.organisation
            where r.role in ('authority-system', 'authority-analyst', 'authority-approver')
              and (isempty(r.valid) or lower(r.valid) <= day)
          ), knows as (
            select 'circle ' || c.id as circle, ca.authority_id from registry.circle c
              join registry.circle_authority ca on ca.circle_id = c.id where c.from_date <= day
            union
            select 'person ' || circle, authority_id from worked
            union
            select 'person ' || w.circle, j.covered_id from worked w
              join registry.authority_cover j on j.joint_id = w.authority_id
            union
            select 'joint ' || joint_id, joint_id from registry.authority_cover
            union
            select 'joint ' || joint_id, covered_id from registry.authority_cover
          )
          select distinct array_agg(a.code order by a.code) from knows k join registry.authority a on a.id = k.authority_id
          group by k.circle having count(*) > 1
        $$;
      revoke all on function registry.circles_on(date) from public;
      grant execute on function registry.circles_on(date) to hub_worker;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
