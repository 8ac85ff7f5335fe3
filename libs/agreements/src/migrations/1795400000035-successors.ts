import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A later version takes the place of those before on its first day, or on the day of the last signature where that came
 * later; one that was ended before its first day never does. The domain's `beganOn` says the same of one version.
 */
export class Successors1795400000035 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function agreements.successor_from(of_id text, of_version int) returns date
        language sql stable security definer set search_path = pg_catalog as $$
          select min(greatest(lower(n.effective), (n.concluded_at at time zone 'Europe/London')::date))
          from agreements.agreement n
          where n.id = of_id and n.version > of_version and n.concluded_at is not null
            and (n.ended_on is null or n.ended_on >= lower(n.effective))
        $$;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
