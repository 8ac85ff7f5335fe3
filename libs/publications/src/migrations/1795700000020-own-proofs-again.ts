import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A revised edition takes over what still fits of an authority's own proof of the edition before: with every edition each of them was
 * worked out anew, though a late record changes a few figures. The worker has written them and holds the counts that they are
 * made of. See docs/decisions/0044.
 */
export class OwnProofsAgain1795700000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('grant select (proof) on intake.own_proof to hub_worker');
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
