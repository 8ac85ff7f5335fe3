import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An ending says of what it told: in which direction the line was unusual, and until which period. Rule and first period alone do
 * not know a pattern again, for both move as the limits are made of one more period. Of before both are unknown.
 */
export class EndingSpan1795900000110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table remarks.ending
        add column direction text check (direction in ('up', 'down')),
        add column until text;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
