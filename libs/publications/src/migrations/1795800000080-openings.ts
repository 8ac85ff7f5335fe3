import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A release can open counts of several periods of one authority: a year, and the quarter that it leaves. One row for each period. */
export class Openings1795800000080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table intake.opening drop constraint opening_release_id_authority_id_key;
      alter table intake.opening add unique (release_id, authority_id, period);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
