import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * Editions that wait for their moment, where only the worker can look: until then nobody else's tables hold a trace of them. Their
 * certificates are in the book already, for what is compiled meanwhile has to be safe beside them. See docs/decisions/0028.
 */
export class Prepared1795500000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table proof.prepared (
        round_id uuid primary key references rounds.round (id),
        region_id int not null,
        -- from when on the members see it
        moment timestamptz not null,
        -- nothing leaves, and why; or all of the others
        held_because text,
        publication_id uuid unique,
        number int,
        -- RFC 8785
        document text,
        -- the proof for everybody, where there is one, and by authority its own
        proof text,
        own jsonb,
        check (num_nulls(publication_id, number, document, own) = case when held_because is null then 0 else 4 end)
      );
      alter table proof.prepared alter column document set statistics 0, alter column own set statistics 0;
      ${behindRowSecurity('proof.prepared')}
      grant select, insert, delete on proof.prepared to hub_worker;
      create policy work on proof.prepared for select to hub_worker using (true);
      create policy keep on proof.prepared for insert to hub_worker with check (true);
      create policy leave on proof.prepared for delete to hub_worker using (true);
      alter table proof.certificate drop constraint certificate_publication_id_fkey;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
