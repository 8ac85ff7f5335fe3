import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who asks and what day it is are written into the statements that ask for them. As functions with a setting of their own they were
 * called for each row that a policy looks at, some 240 times while a return is accepted. What their bodies name was looked up when
 * they were made, so no search path changes it.
 */
export class CallerInPlace1795900000156 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter function identity.today() reset search_path;
      alter function identity.caller() reset search_path;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
