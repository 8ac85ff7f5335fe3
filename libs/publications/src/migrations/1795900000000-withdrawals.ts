import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A lead takes a publication of the own region out of sight, and nothing else of it: the desk may only go one way. Why stands beside it
 * for its readers, who has done it for the hub.
 * See docs/decisions/0043.
 */
export class WithdrawnPublications1795900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table release.publication_event
        add because text check (because in ('figuresWrong', 'agreementEnded', 'notToBeShown')),
        add withdrawn_by uuid references identity.member (id),
        add check ((event = 'withdrawn') = (because is not null)),
        add check ((event = 'withdrawn') = (withdrawn_by is not null));
      grant update (state) on release.publication to hub_desk;
      create policy withdraw on release.publication for update to hub_desk
        using (region_id in (select identity.caller_led_regions()))
        with check (state = 'withdrawn' and region_id in (select identity.caller_led_regions()));
      grant insert on release.publication_event to hub_desk;
      create policy withdraw on release.publication_event for insert to hub_desk
        with check (event = 'withdrawn' and withdrawn_by = (select identity.caller())
          and region_id in (select identity.caller_led_regions()));
      -- For the mails, which name the reason.
      grant select (publication_id, region_id, event, at, because) on release.publication_event to hub_worker;
      create policy work on release.publication_event for select to hub_worker using (true);

      alter table rounds.notice drop constraint notice_kind_check,
        add check (kind in ('beforeDue', 'afterDue', 'beforeEnd', 'withdrawn'));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
