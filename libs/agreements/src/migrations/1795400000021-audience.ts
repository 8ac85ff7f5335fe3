import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What agreements let a caller read, found by the database itself: whoever computes it wrongly in code still sees no more.
 * The rules are those of ../domain/decide.ts and ../domain/agreement.ts. Of purposes the database knows nothing: they are
 * asked in the code.
 */
export class Audience1795400000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- As before, and boards count as wherever somebody belongs.
      create or replace function agreements.caller_sees() returns table (id text, version int)
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
            where entry ->> 'of' in (select place from identity.caller_standings())
        $$;

      -- Signed by all, within its dates, reviewed, neither suspended nor ended, and the newest that has begun.
      create function agreements.binds(of_id text, of_version int) returns boolean
        language sql stable security definer set search_path = pg_catalog as $$
          select exists (select from agreements.agreement a
            where a.id = of_id and a.version = of_version and a.state = 'inForce'
              and a.effective @> identity.today()
              and coalesce(agreements.successor_from(a.id, a.version) > identity.today(), true)
              and (a.document::jsonb #>> '{dpia,reviewDate}')::date + 90 > identity.today())
        $$;

      -- Each agreement that binds today and in whose audience the caller stands, once for each region that it opens: which
      -- tables, and the authorities that share under it on this day. Where it shows the own and the region alone, those
      -- of the caller.
      create function agreements.caller_reads() returns table (id text, version int, region_id int, effective daterange,
          threshold int, tables jsonb, parties text[], shown text[])
        language sql stable security definer set search_path = pg_catalog as $$
          with standing as (select * from identity.caller_standings()),
          own as (
            select a.code from identity.reach(identity.caller()) r join registry.authority a on a.id = r.authority_id
            where r.role not in ('steward', 'auditor')
          ),
          binding as (
            select a.id, a.version, a.effective, a.document::jsonb as document, above.id as parent_id,
              above.version as parent_version
            from agreements.agreement a
              left join lateral (
                select n.id, n.version, n.document::jsonb ->> 'parent' as parent from agreements.agreement n
                where n.id = a.document::jsonb ->> 'parent' and n.concluded_at is not null
                  and lower(n.effective) <= identity.today()
                  and (n.ended_on is null or n.ended_on >= lower(n.effective))
                order by n.version desc limit 1
              ) above on true
            where agreements.binds(a.id, a.version)
              and (a.document::jsonb ->> 'parent' is null
                or (above.parent is null and agreements.binds(above.id, above.version)))
          ),
          shared as (
            select b.id, b.version, array_agg(a.code) as codes
            from binding b
              join agreements.party p on p.agreement_id = b.id and p.agreement_version = b.version
              join registry.authority a on a.id = p.authority_id
              left join agreements.party above on above.agreement_id = b.parent_id
                and above.agreement_version = b.parent_version and above.authority_id = p.authority_id
            where (p.status = 'signed' or p.withdrawn_from > identity.today())
              and (b.parent_id is null or above.status = 'signed' or above.withdrawn_from > identity.today())
            group by b.id, b.version
          )
          select b.id, b.version, g.id, b.effective, (b.document #>> '{disclosure,threshold}')::int,
            b.document -> 'tables', s.codes,
            case entry.presentation when 'own-and-region'
              then array(select unnest(s.codes) intersect select code from own) else s.codes end
          from binding b
            join shared s on s.id = b.id and s.version = b.version
            join agreements.scope c on c.agreement_id = b.id and c.agreement_version = b.version
            join registry.region g on g.id = c.region_id
            -- the first entry in which the caller stands
            cross join lateral (
              select e.value ->> 'presentation' as presentation
              from jsonb_array_elements(b.document -> 'audience') with ordinality e(value, place)
              where (jsonb_array_length(b.document -> 'regions') = 1 or e.value ->> 'of' <> g.code)
                and exists (select from standing t
                  where t.place = e.value ->> 'of' and e.value -> 'roles' ? t.role
                    -- who acts for an authority that has left reads no longer
                    and (jsonb_array_length(b.document -> 'regions') = 1 or not exists (select from agreements.party p
                      join registry.authority a on a.id = p.authority_id
                      where p.agreement_id = b.id and p.agreement_version = b.version and a.code = t.organisation
                        and p.status = 'withdrawn' and p.withdrawn_from <= identity.today())))
              order by e.place limit 1
            ) entry
        $$;
      revoke all on function agreements.binds(text, int), agreements.caller_reads() from public;
      grant execute on function agreements.caller_reads() to hub_reader;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
