import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A return may refresh earlier periods: each becomes the next version of its own return, whole, and carried by the return that
 * refreshes it. Envelope, receipt and `jti` are the carrier's. See docs/decisions/0026.
 */
export class Refreshes1795500000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table intake.submission
        add column carried_by uuid,
        alter column jti drop not null,
        add check ((jti is null) = (carried_by is not null)),
        add check (carried_by <> id),
        add foreign key (carried_by, authority_id) references intake.submission (id, authority_id);
      create index submission_carried on intake.submission (carried_by) where carried_by is not null;
      -- With the counts of a refreshed period go the findings of the return that carried it.
      grant select (carried_by) on intake.submission to hub_worker;

      -- The period that an answer is about, where it is not the return's own.
      alter table intake.answer
        add column refreshes text,
        drop constraint answer_pkey,
        add unique nulls not distinct (submission_id, rule, series_id, refreshes);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
