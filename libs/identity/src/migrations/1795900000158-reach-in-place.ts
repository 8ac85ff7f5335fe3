import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whom a member stands for becomes part of the functions that ask for it, which are the owner's and say what is looked at. No
 * login may call it by itself, before or after.
 */
export class ReachInPlace1795900000158 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter function identity.reach(uuid) security invoker reset search_path');
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
