import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * How unusual patterns ended: read by members of the region, told by its leads, and by chairs of what lies in their board's areas;
 * by nobody of the own authority. What was told stays.
 */
export class Endings1795600000501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table remarks.ending (
        id uuid primary key,
        region_id int not null references registry.region (id),
        series_id int not null references registry.series (id),
        -- null: the region
        authority_id int references registry.authority (id),
        rule text not null check (rule in ('outside', 'trend', 'twoOfThree', 'run')),
        since text not null,
        ended_as text not null check (ended_as in ('support', 'challenge', 'evaluation', 'none')),
        reason text not null,
        written_by uuid not null references identity.member (id),
        role text not null check (role in ('regional-lead', 'board-chair')),
        organisation text not null,
        at timestamptz not null
      );
      create index ending_region on remarks.ending (region_id, since);
      ${behindRowSecurity('remarks.ending')}

      create function remarks.caller_settles(of_region int, of_authority int) returns boolean
        language sql stable security definer set search_path = pg_catalog as $$
          select coalesce(of_authority not in (select identity.caller_authorities()), true)
            and exists (select from identity.reach(identity.caller()) r where r.region_id = of_region
              and (r.role = 'regional-lead' or (r.role = 'board-chair' and r.authority_id = of_authority)))
        $$;
      revoke all on function remarks.caller_settles(int, int) from public;
      grant execute on function remarks.caller_settles(int, int) to hub_desk;

      grant select on remarks.ending to hub_reader;
      grant insert on remarks.ending to hub_desk;
      create policy seen on remarks.ending for select to hub_reader
        using (region_id in (select identity.caller_regions()));
      create policy settle on remarks.ending for insert to hub_desk
        with check (written_by = (select identity.caller()) and remarks.caller_settles(region_id, authority_id));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
