import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a publication has to hold against beside single authorities. A circle may know some series alone, as an agency
 * knows its own figures in every area; and whoever takes an authority's place has its books. The compile reads the facts;
 * what follows from them is said in libs/registry/src/domain/circles.ts.
 */
export class Knowledge1795400000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- null: everything that its authorities send
      alter table registry.circle add column series text[] check (cardinality(series) > 0);

      drop function registry.circles_on(date);
      -- Who knows what together on a day, as sets of authorities: who stands behind one is nobody's business here. A person
      -- who has worked for several authorities counts from the first day of the second role, whatever has ended since; a
      -- role that was ended on its first day was held for a while, so it counts too. Of an heir the first of the
      -- authorities is the heir.
      create function registry.circles_on(day date) returns table (kind text, authorities text[], series text[])
        language sql stable security definer set search_path = pg_catalog as $$
          with recursive heirs as (
            select l.to_id as heir, l.from_id as earlier from registry.authority_link l where l.on_date <= day
            union
            select h.heir, l.from_id from heirs h join registry.authority_link l on l.to_id = h.earlier
          )
          select case when c.series is null then 'declared' else 'agency' end, array_agg(a.code order by a.code), c.series
            from registry.circle c join registry.circle_authority ca on ca.circle_id = c.id
              join registry.authority a on a.id = ca.authority_id
            where c.from_date <= day group by c.id
          union all
          select 'joint', j.code || array_agg(a.code order by a.code), null
            from registry.authority_cover c join registry.authority j on j.id = c.joint_id
              join registry.authority a on a.id = c.covered_id
            group by j.code
          union all
          select 'heir', h.code || array_agg(a.code order by a.code), null
            from heirs join registry.authority h on h.id = heirs.heir join registry.authority a on a.id = heirs.earlier
            group by h.code
          union all
          select 'person', array_agg(distinct a.code), null
            from identity.member_role r join registry.authority a on a.code = r.organisation
            where r.role in ('authority-system', 'authority-analyst', 'authority-approver')
              and (isempty(r.valid) or lower(r.valid) <= day)
            group by r.member_id having count(distinct a.code) > 1
        $$;
      revoke all on function registry.circles_on(date) from public;
      grant execute on function registry.circles_on(date) to hub_worker;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
