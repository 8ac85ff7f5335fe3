import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What day it is was worked out for each row of every authority's regions, at each request and again wherever a policy asks for
 * regions; it is asked once for all rows.
 */
export class OneDayForAllRows1795900000159 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function identity.reach(member uuid)
        returns table (role text, organisation text, authority_id int, region_id int)
        language sql stable as $$
          with held as (
            select r.role, r.organisation from identity.member_role r
            where r.member_id = member and r.valid @> (select identity.today())
          ), areas as (
            select h.role, h.organisation, a.id as authority_id from held h
              join registry.authority a on a.code = h.organisation and a.valid @> (select identity.today())
            union all
            select h.role, h.organisation, o.authority_id from held h
              join registry.organisation_area o on o.organisation = h.organisation and o.valid @> (select identity.today())
          )
          select a.role, a.organisation, a.authority_id, ra.region_id from areas a
            left join registry.region_authority ra on ra.authority_id = a.authority_id and ra.valid @> (select identity.today())
          union all
          select h.role, h.organisation, null, g.id from held h join registry.region g on g.code = h.organisation
          union all
          select h.role, h.organisation, null, null from held h
            where h.organisation not in (select organisation from areas)
              and h.organisation not in (select code from registry.region)
        $$;
      create or replace function identity.find_member(of_issuer text, of_subject text)
        returns table (id uuid, role text, organisation text, authority text, region text, boards text[])
        language sql stable security definer set search_path = pg_catalog as $$
          select m.id, r.role, r.organisation, a.code, g.code,
            (select array_agg(o.organisation) from registry.organisation_area o
             where o.authority_id = r.authority_id and o.organisation like 'brd-%' and o.valid @> (select identity.today()))
          from identity.member m
            left join lateral identity.reach(m.id) r on true
            left join registry.authority a on a.id = r.authority_id
            left join registry.region g on g.id = r.region_id
          where m.issuer = of_issuer and m.subject = of_subject
        $$;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
