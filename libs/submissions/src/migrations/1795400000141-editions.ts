import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The edition for which a round collects, or that was its last: after it the round opens again for the next one. */
export class Editions1795400000141 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table rounds.round add column edition text not null default 'provisional'
        check (edition in ('provisional', 'revised', 'final'));
      -- What each publication was made of: the return of each authority.
      alter table proof.certificate add column returns jsonb;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
