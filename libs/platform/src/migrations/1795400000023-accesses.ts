import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An access record says for which organisation somebody read, for what purpose, and whose figures. Refusals at the read door
 * are counted by the day and not piled up: asking in vain fills no disk. See docs/decisions/0014.
 */
export class Accesses1795400000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table platform.access_log
        add column role text,
        add column organisation text,
        add column purpose text,
        -- whose figures were read; null: of all the region's authorities of that day
        add column authorities int[],
        -- of a refusal: how often on that day
        add column times int not null default 1 check (times > 0),
        add column day date;
      create unique index access_log_refusals on platform.access_log
        (day, member_id, action, region_id, refusal, agreement_id, agreement_version, clause, purpose, organisation, role)
        nulls not distinct where day is not null;
      create index access_log_region on platform.access_log (region_id, id);

      -- Counts one more refusal of the caller. Only this can change a record, and nothing of it but the count.
      create function platform.count_refusal(new_id uuid, moment timestamptz, action text, subject text, region int,
          agreement text, version int, clause text, purpose text, organisation text, role text, refusal text) returns void
        language sql volatile security definer set search_path = pg_catalog as $$
          insert into platform.access_log as l (id, at, day, member_id, action, subject, region_id, agreement_id,
            agreement_version, clause, purpose, organisation, role, refusal)
          values ($1, $2, ($2 at time zone 'Europe/London')::date, identity.caller(), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
          on conflict (day, member_id, action, region_id, refusal, agreement_id, agreement_version, clause, purpose,
            organisation, role) where day is not null
          do update set times = l.times + 1
        $$;
      revoke all on function platform.count_refusal(uuid, timestamptz, text, text, int, text, int, text, text, text, text, text)
        from public;
      grant execute on function
        platform.count_refusal(uuid, timestamptz, text, text, int, text, int, text, text, text, text, text) to hub_reader;

      -- Those who act for an authority see who read figures of it, or was refused them.
      create policy concerned on platform.access_log for select to hub_reader using (action like 'read.%' and (
        authorities && (select array_agg(own) from identity.caller_authorities() own)
        or (authorities is null and region_id in (
          select ra.region_id from registry.region_authority ra where ra.valid @> identity.today()
            and ra.authority_id in (select identity.caller_authorities())))));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
