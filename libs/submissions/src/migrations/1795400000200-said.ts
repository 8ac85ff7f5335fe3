import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * What a return says beside its numbers: answers to queries, which are offered again for the same query; comments, which are
 * shown in the check window; and why it takes another's place. All of it goes with the envelope that it came in.
 */
export class Said1795400000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table intake.raw
        add column reason text, alter column reason set statistics 0,
        add unique (submission_id, authority_id);
      create table intake.answer (
        submission_id uuid not null,
        authority_id int not null,
        rule text not null,
        series_id int not null references registry.series (id),
        answer text not null check (answer in ('confirmed', 'corrected')),
        text text not null,
        primary key (submission_id, rule, series_id),
        foreign key (submission_id, authority_id) references intake.raw (submission_id, authority_id) on delete cascade
      );
      create table intake.comment (
        submission_id uuid not null,
        authority_id int not null,
        indicator text not null,
        text text not null,
        primary key (submission_id, indicator),
        foreign key (submission_id, authority_id) references intake.raw (submission_id, authority_id) on delete cascade
      );
      -- Statistics are samples: of texts there shall be none.
      alter table intake.answer alter column text set statistics 0;
      alter table intake.comment alter column text set statistics 0;
      ${behindRowSecurity('intake.answer', 'intake.comment')}
      grant select, insert on intake.answer, intake.comment to hub_intake;
      grant select on intake.answer, intake.comment to hub_worker;
      ${['answer', 'comment']
        .map(
          (table) => `
            create policy own on intake.${table} for select to hub_intake
              using (authority_id in (select identity.caller_authorities()));
            create policy accept on intake.${table} for insert to hub_intake
              with check (authority_id in (select identity.caller_authorities()));
            create policy work on intake.${table} for select to hub_worker using (true);`,
        )
        .join('\n')}
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
