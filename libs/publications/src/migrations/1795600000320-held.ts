import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * What may be known of a round that is held, by whom: the region's leads which tables could not be protected, each authority
 * which of its own counts. Until its moment it waits with the rest. See docs/decisions/0035. And of each certificate whom it holds, so
 * that a compile reads those alone that can have a bearing on it.
 */
export class Held1795600000320 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table proof.prepared add column held jsonb;
      alter table proof.prepared alter column held set statistics 0;
      alter table proof.certificate add column places text[];
      update proof.certificate c set places = array(
        select distinct split_part(cell ->> 'id', '|', 1) from jsonb_array_elements(c.problem::jsonb -> 'cells') cell order by 1)
        where c.attackers is not null;
      create table rounds.held_table (
        round_id uuid not null,
        region_id int not null,
        indicator text not null,
        -- '' is the indicator itself
        dimension text not null,
        primary key (round_id, indicator, dimension),
        foreign key (round_id, region_id) references rounds.round (id, region_id)
      );
      create table intake.held_cell (
        round_id uuid not null references rounds.round (id),
        authority_id int not null references registry.authority (id),
        series_id int not null references registry.series (id),
        primary key (round_id, authority_id, series_id)
      );
      -- Which of its counts are small is the authority's own affair.
      alter table intake.held_cell alter column series_id set statistics 0;
      ${behindRowSecurity('rounds.held_table', 'intake.held_cell')}
      grant select on rounds.held_table to hub_reader;
      create policy lead on rounds.held_table for select to hub_reader
        using (region_id in (select identity.caller_led_regions()));
      grant select on intake.held_cell to hub_intake;
      create policy own on intake.held_cell for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      grant insert, delete, select (round_id, region_id) on rounds.held_table to hub_worker;
      grant insert, delete, select (round_id, authority_id) on intake.held_cell to hub_worker;
      ${['rounds.held_table', 'intake.held_cell']
        .map(
          (table) => `
            create policy hold on ${table} for insert to hub_worker with check (true);
            create policy work on ${table} for select to hub_worker using (true);
            create policy let_go on ${table} for delete to hub_worker using (true);`,
        )
        .join('\n')}
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
