import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * A check window between the end of a round and its publication, and the moment of that; an approver's word that the version in
 * use is right. And what the code alone held: how others' returns stand is for leads.
 */
export class CheckWindow1795400000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table rounds.round
        add column check_until date check (check_until > closes),
        add column publishes_at timestamptz;
      create table rounds.confirmation (
        round_id uuid not null,
        region_id int not null,
        authority_id int not null references registry.authority (id),
        version int not null,
        confirmed_by uuid not null,
        confirmed_at timestamptz not null,
        primary key (round_id, authority_id, version),
        foreign key (round_id, region_id) references rounds.round (id, region_id)
      );
      ${behindRowSecurity('rounds.confirmation')}
      grant select, insert on rounds.confirmation to hub_intake;
      create policy own on rounds.confirmation for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      -- By an approver, of the version in use, and not by whoever has sent it.
      create policy confirm on rounds.confirmation for insert to hub_intake
        with check (confirmed_by = identity.caller()
          and (select code from registry.authority a where a.id = authority_id) in (select identity.caller_approves())
          and exists (select from rounds.return_state s where s.round_id = confirmation.round_id
            and s.authority_id = confirmation.authority_id and s.version = confirmation.version)
          and not exists (select from intake.submission b join rounds.round r on r.dataset = b.dataset and r.period = b.period
            where r.id = confirmation.round_id and b.authority_id = confirmation.authority_id
              and b.version = confirmation.version and b.received_by = identity.caller()));
      grant select on rounds.confirmation to hub_reader, hub_desk;
      create policy concerned on rounds.confirmation for select to hub_reader, hub_desk
        using (region_id in (select identity.caller_led_regions())
          or authority_id in (select identity.caller_authorities()));

      drop policy region on rounds.return_state;
      create policy concerned on rounds.return_state for select to hub_reader, hub_desk
        using (region_id in (select identity.caller_led_regions())
          or authority_id in (select identity.caller_authorities()));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
