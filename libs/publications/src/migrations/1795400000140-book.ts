import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The book is the list of certificates: beside its problem, in names that hold for all of them, each says whom it was to
 * hold against and on which publications it draws, for it goes when one of these goes. What was written before has
 * neither; editions that share figures with such a publication are held.
 */
export class Book1795400000140 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table proof.certificate add column attackers jsonb, add column linked uuid[];
      alter table proof.gate_refusal add column linked uuid[];
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
