import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A return that waits for its approver and whose envelope goes by the agreement's clause can never be completed: it has lapsed, those
 * of before too.
 */
export class Lapsed1795900000160 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table intake.submission drop constraint submission_state_check,
        add constraint submission_state_check
          check (state in ('awaitingSignOff', 'accepted', 'superseded', 'withdrawn', 'lapsed'));
      update intake.submission s set state = 'lapsed'
        where state = 'awaitingSignOff' and not exists (select from intake.raw w where w.submission_id = s.id);
      grant update (state) on intake.submission to hub_worker;
      create policy lapse on intake.submission for update to hub_worker
        using (state = 'awaitingSignOff') with check (state = 'lapsed');
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
