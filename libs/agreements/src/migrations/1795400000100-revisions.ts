import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * What every request asks of agreements, made cheap, and no wall moved. Who reads by an agreement, what it stands under and
 * until when its review holds are columns that the database makes of the document, so that no policy parses one again. And
 * each agreement counts its changes: a request that meets the same numbers need not read the same rows again.
 */
export class Revisions1795400000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function agreements.places_of(document text) returns text[]
        language sql immutable set search_path = pg_catalog as $$
          select coalesce(array_agg(distinct entry ->> 'of'), '{}')
          from jsonb_array_elements(document::jsonb -> 'audience') entry
        $$;
      create function agreements.parent_of(document text) returns text
        language sql immutable set search_path = pg_catalog as $$ select document::jsonb ->> 'parent' $$;
      -- Ninety days after the review was due, the first day on which it holds no longer.
      create function agreements.overdue_from(document text) returns date
        language sql immutable set search_path = pg_catalog as $$
          select make_date(left(day, 4)::int, substr(day, 6, 2)::int, right(day, 2)::int) + 90
          from (select document::jsonb #>> '{dpia,reviewDate}' as day) review
        $$;
      revoke all on function agreements.places_of(text), agreements.parent_of(text), agreements.overdue_from(text)
        from public;
      grant execute on function agreements.places_of(text), agreements.parent_of(text), agreements.overdue_from(text)
        to hub_desk;
      alter table agreements.agreement
        add column places text[] generated always as (agreements.places_of(document)) stored,
        add column parent text generated always as (agreements.parent_of(document)) stored,
        add column overdue_from date generated always as (agreements.overdue_from(document)) stored;

      -- How often any version of an agreement has changed: its rows, those of its parties, its regions.
      create table agreements.revision (
        agreement_id text primary key,
        number bigint not null
      );
      ${behindRowSecurity('agreements.revision')}
      grant select on agreements.revision to hub_intake;
      create policy ask on agreements.revision for select to hub_intake using (true);
      insert into agreements.revision select distinct id, 0 from agreements.agreement;
      create function agreements.count_change() returns trigger
        language plpgsql security definer set search_path = pg_catalog as $$
        declare changed jsonb := to_jsonb(coalesce(new, old));
        begin
          insert into agreements.revision as r (agreement_id, number)
            values (coalesce(changed ->> 'agreement_id', changed ->> 'id'), 1)
            on conflict (agreement_id) do update set number = r.number + 1;
          return null;
        end $$;
      ${['agreement', 'party', 'scope']
        .map(
          (table) => `
            create trigger count_change after insert or update or delete on agreements.${table}
              for each row execute function agreements.count_change();`,
        )
        .join('')}

      -- As before, by the columns.
      create or replace function agreements.caller_sees() returns table (id text, version int)
        language sql stable security definer set search_path = pg_catalog as $$
          with held as (select * from identity.reach(identity.caller()) where role not in ('steward', 'auditor'))
          select s.agreement_id, s.agreement_version from agreements.scope s
            where s.region_id in (select region_id from held)
          union
          select p.agreement_id, p.agreement_version from agreements.party p
            where p.authority_id in (select authority_id from held)
          union
          select a.id, a.version from agreements.agreement a
            where a.places && (select array_agg(place) from identity.caller_standings())
        $$;
      create or replace function agreements.binds(of_id text, of_version int) returns boolean
        language sql stable security definer set search_path = pg_catalog as $$
          select exists (select from agreements.agreement a
            where a.id = of_id and a.version = of_version and a.state = 'inForce'
              and a.effective @> identity.today()
              and coalesce(agreements.successor_from(a.id, a.version) > identity.today(), true)
              and a.overdue_from > identity.today())
        $$;

      -- As before, of those alone that name a place of the caller.
      create or replace function agreements.caller_reads() returns table (id text, version int, region_id int, effective daterange,
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
                select n.id, n.version, n.parent from agreements.agreement n
                where n.id = a.parent and n.concluded_at is not null
                  and lower(n.effective) <= identity.today()
                  and (n.ended_on is null or n.ended_on >= lower(n.effective))
                order by n.version desc limit 1
              ) above on true
            where a.places && (select array_agg(place) from standing) and agreements.binds(a.id, a.version)
              and (a.parent is null
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

      -- The agreements about a region that the caller has a part in and all parties have signed, each with the number of its
      -- changes and, where it stands under another, with that one's and the versions of it that the caller sees: one text,
      -- which stays the same as long as they do.
      create function agreements.revisions_about(of_region int) returns text
        language sql stable security definer set search_path = pg_catalog as $$
          select string_agg(concat_ws(' ', a.id, a.version, r.number, above.seen), ',' order by a.id, a.version)
          from agreements.scope s
            join agreements.agreement a on a.id = s.agreement_id and a.version = s.agreement_version
            join agreements.revision r on r.agreement_id = a.id
            left join lateral (
              select concat_ws(' ', 'under', min(u.number), string_agg(n.version::text, '+' order by n.version)) as seen
              from agreements.agreement n join agreements.revision u on u.agreement_id = n.id
              where n.id = a.parent and n.concluded_at is not null
                and (n.id, n.version) in (select id, version from agreements.caller_sees())
            ) above on a.parent is not null
          where s.region_id = of_region and a.concluded_at is not null
            and (of_region in (select identity.caller_regions())
              or (a.id, a.version) in (select id, version from agreements.caller_sees()))
        $$;
      revoke all on function agreements.count_change(), agreements.revisions_about(int) from public;
      grant execute on function agreements.revisions_about(int) to hub_reader;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
