import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Everywhere a member belongs: the database's own knowledge of what `standingsOf` in ../domain/member.ts says, so that an
 * agreement's audience means the same in both. Who works in an area of a board belongs to that board, and so does an agency
 * that serves it; an agency that serves several areas belongs to several boards.
 */
export class Standings1795400000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function identity.find_member(text, text);
      create function identity.find_member(of_issuer text, of_subject text)
        returns table (id uuid, role text, organisation text, authority text, region text, boards text[])
        language sql stable security definer set search_path = pg_catalog as $$
          select m.id, r.role, r.organisation, a.code, g.code,
            (select array_agg(o.organisation) from registry.organisation_area o
             where o.authority_id = r.authority_id and o.organisation like 'brd-%' and o.valid @> identity.today())
          from identity.member m
            left join lateral identity.reach(m.id) r on true
            left join registry.authority a on a.id = r.authority_id
            left join registry.region g on g.id = r.region_id
          where m.issuer = of_issuer and m.subject = of_subject
        $$;

      -- Each place with the role, and the organisation that the role is for.
      create function identity.caller_standings() returns table (place text, role text, organisation text)
        language sql stable security definer set search_path = pg_catalog as $$
          with held as (select * from identity.reach(identity.caller()) where role not in ('steward', 'auditor'))
          select organisation, role, organisation from held
          union
          select g.code, h.role, h.organisation from held h join registry.region g on g.id = h.region_id
          union
          select o.organisation, h.role, h.organisation from held h
            join registry.organisation_area o on o.authority_id = h.authority_id
              and o.organisation like 'brd-%' and o.valid @> identity.today()
        $$;
      revoke all on function identity.find_member(text, text), identity.caller_standings() from public;
      grant execute on function identity.find_member(text, text), identity.caller_standings()
        to hub_intake, hub_reader, hub_desk, hub_worker;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
