import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of a publication without its document: all that the desk and intake read of one. */
const head = `region_id, id, number, round_id, dataset, dataset_version, period, period_kind, period_from, period_until, edition,
  state, agreement_id, agreement_version, digest, published_at, threshold, authorities`;

/**
 * The database's own wall before what was withdrawn: document, figures and proofs are no rows any more for the logins under which
 * people ask. That there was one, since when it is withdrawn, why, and which stands in its place they find in two views, those too to
 * whom an agreement shares it. The worker keeps all: the book needs it, and so does what is purged.
 * See docs/decisions/0043.
 */
export class WithdrawnWithheld1795900000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index publication_withdrawn on release.publication (id) where state = 'withdrawn';
      -- Asked by the policies below, for the login that asks them does not see these rows.
      create function release.withdrawn() returns setof uuid
        language sql stable security definer set search_path = pg_catalog as $$
          select id from release.publication where state = 'withdrawn'
        $$;
      revoke all on function release.withdrawn() from public;
      grant execute on function release.withdrawn() to hub_reader, hub_intake;

      -- Restrictive: whatever opens a row, now or later, does not open it.
      create policy not_withdrawn on release.publication as restrictive for select to hub_reader using (state <> 'withdrawn');
      create policy not_withdrawn on release.figure as restrictive for select to hub_reader, hub_intake
        using (publication_id not in (select release.withdrawn()));
      create policy not_withdrawn on release.proof as restrictive for select to hub_reader
        using (publication_id not in (select release.withdrawn()));
      create policy not_withdrawn on intake.own_proof as restrictive for select to hub_intake
        using (publication_id not in (select release.withdrawn()));
      -- The desk withdraws, and intake says where an authority's figures stand: for both the head is enough.
      revoke select on release.publication from hub_intake, hub_desk;
      grant select (${head}) on release.publication to hub_intake, hub_desk;
      revoke select on release.figure from hub_desk;
      alter policy region on release.figure to hub_intake, hub_reader;

      -- Publications of the caller's regions in whatever state, without their documents. Which series have a count, printed or
      -- hidden, says whether somebody is shown the whole of one.
      create view release.head with (security_barrier) as
        select ${head}, array(
            select distinct s.key from release.figure f join registry.series s on s.id = f.series_id
            where f.region_id = p.region_id and f.publication_id = p.id and f.kind in (0, 1)) as series
        from release.publication p where p.region_id in (select identity.caller_regions());
      -- Of what the caller sees by a region or by an agreement.
      create view release.withdrawal with (security_barrier) as
        with shared as (select id from release.caller_reads())
        select e.publication_id, e.at, e.because, (
            select n.id from release.publication n
            where n.region_id = p.region_id and n.dataset = p.dataset and n.period = p.period and n.state = 'current'
              and (n.region_id in (select identity.caller_regions()) or n.id in (select id from shared))) as replaced_by
        from release.publication_event e join release.publication p on p.id = e.publication_id
        where e.event = 'withdrawn'
          and (e.region_id in (select identity.caller_regions()) or e.publication_id in (select id from shared));
      grant select on release.head, release.withdrawal to hub_reader;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
