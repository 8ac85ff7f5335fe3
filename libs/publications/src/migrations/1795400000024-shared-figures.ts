import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The database's own wall around what an agreement shares beyond a region. A publication's row stays closed, for its
 * document holds everything; who reads by an agreement gets the heads from a function and the figures row by row: those
 * of the indicators, breakdowns and authorities that the agreement names today.
 */
export class SharedFigures1795400000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What the caller reads by agreements, once for each of their tables: head of the publication, what the table names,
      -- whose figures are shown, and whether the region's may be: only where it holds nobody else's.
      create function release.caller_reads() returns table (id uuid, region_id int, edition text, state text, dataset text,
          dataset_version text, period text, published_at timestamptz, agreement_id text, agreement_version int,
          threshold int, authorities jsonb, indicators jsonb, breakdowns jsonb, shown text[], whole boolean)
        language sql stable security definer set search_path = pg_catalog as $$
          select p.id, p.region_id, p.edition, p.state, p.dataset, p.dataset_version, p.period, p.published_at,
            p.agreement_id, p.agreement_version, p.threshold, p.authorities, t.value -> 'indicators',
            t.value -> 'breakdowns', r.shown, coalesce(p.authorities <@ to_jsonb(r.parties), false)
          from agreements.caller_reads() r
            join release.publication p on p.region_id = r.region_id
              and (p.agreement_id = r.id or (lower(r.effective) <= p.period_from
                and p.period_until <= upper(r.effective) and p.threshold >= r.threshold))
            cross join lateral jsonb_array_elements(r.tables) t
          where t.value ->> 'dataset' = p.dataset and t.value ->> 'frequency' = p.period_kind
            and string_to_array(p.dataset_version, '.')::int[] >= string_to_array(t.value #>> '{versions,from}', '.')::int[]
            and coalesce(string_to_array(p.dataset_version, '.')::int[]
              < string_to_array(t.value #>> '{versions,until}', '.')::int[], true)
        $$;
      revoke all on function release.caller_reads() from public;
      grant execute on function release.caller_reads() to hub_reader;

      create policy shared on release.figure for select to hub_reader using (exists (
        select from release.caller_reads() r join registry.series s on s.id = figure.series_id
        where r.id = figure.publication_id
          and (r.indicators = '"all"' or r.indicators ? substring(s.key from '^[A-Z0-9-]+'))
          and (r.breakdowns = '"all"' or not exists (
            select from regexp_matches(s.key, '\\|([a-z]+)=', 'g') dimension where not r.breakdowns ? dimension[1]))
          and case when figure.authority_id is null then r.whole
            else (select a.code from registry.authority a where a.id = figure.authority_id) = any(r.shown) end));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
