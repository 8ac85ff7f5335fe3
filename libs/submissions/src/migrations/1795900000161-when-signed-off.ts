import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a return was in use when another came: a compile says so of the one before. */
export class WhenSignedOff1795900000161 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('grant select (signed_off_at) on intake.submission to hub_worker');
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
