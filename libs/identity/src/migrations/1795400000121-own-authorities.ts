import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The authorities of the caller are asked for at every statement about a return, some fourteen times while one is accepted.
 * They are found without the regions, which `identity.reach` looks up for each of them and which nobody asked for here.
 */
export class OwnAuthorities1795400000121 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function identity.caller_authorities() returns setof int
        language sql stable security definer set search_path = pg_catalog as $$
          with held as (
            select r.organisation from identity.member_role r
            where r.member_id = identity.caller() and r.valid @> identity.today()
              and r.role in ('authority-system', 'authority-analyst', 'authority-approver')
          )
          select a.id from held h join registry.authority a on a.code = h.organisation and a.valid @> identity.today()
          union
          select o.authority_id from held h
            join registry.organisation_area o on o.organisation = h.organisation and o.valid @> identity.today()
        $$;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
