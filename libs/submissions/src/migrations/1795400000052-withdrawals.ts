import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/** A return that its approver takes back before an edition, and why; from then on the authority has sent nothing. */
export class Withdrawals1795400000052 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table intake.withdrawal (
        submission_id uuid primary key,
        authority_id int not null,
        reason text not null check (reason <> ''),
        withdrawn_by uuid not null,
        withdrawn_at timestamptz not null,
        foreign key (submission_id, authority_id) references intake.submission (id, authority_id)
      );
      ${behindRowSecurity('intake.withdrawal')}
      grant select, insert on intake.withdrawal to hub_intake;
      create policy own on intake.withdrawal for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      create policy withdraw on intake.withdrawal for insert to hub_intake
        with check (authority_id in (select identity.caller_authorities())
          and (select code from registry.authority a where a.id = authority_id) in (select identity.caller_approves()));
      grant delete on rounds.return_state to hub_intake;
      create policy withdraw on rounds.return_state for delete to hub_intake
        using (authority_id in (select identity.caller_authorities())
          and (select code from registry.authority a where a.id = authority_id) in (select identity.caller_approves()));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
