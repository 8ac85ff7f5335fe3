import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What lies in a region lies in the region of what it belongs to: a figure with its publication, the state of a return with
 * its round. And what the read door asks of a publication stands beside its document, so that none has to be opened for it.
 */
export class OneRegion1795400000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table rounds.round add constraint round_of_region unique (id, region_id);
      alter table rounds.return_state drop constraint return_state_round_id_fkey,
        add constraint return_state_of_region foreign key (round_id, region_id) references rounds.round (id, region_id);
      alter table release.publication add constraint publication_of_region unique (id, region_id);
      alter table release.figure drop constraint figure_publication_id_fkey,
        add constraint figure_of_region foreign key (publication_id, region_id)
          references release.publication (id, region_id);

      alter table release.publication
        add column threshold int generated always as ((document::jsonb ->> 'threshold')::int) stored,
        add column authorities jsonb generated always as (document::jsonb -> 'authorities') stored;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
