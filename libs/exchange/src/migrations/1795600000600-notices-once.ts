import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A notice is made once, whoever asks for it and however often; the worker can tell whether what it is about still concerns anybody. */
export class NoticesOnce1795600000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- the date that it is about, where another date is another thing to be told of
      alter table exchange.notice add column about date;
      alter table exchange.notice drop constraint notice_kind_check, add constraint notice_kind_check
        check (kind in ('reply', 'shared', 'challenge', 'action', 'review', 'overdue'));
      delete from exchange.notice n using exchange.notice first
        where (n.organisation, n.kind, n.subject_id) = (first.organisation, first.kind, first.subject_id) and n.id > first.id;
      create unique index notice_once on exchange.notice (organisation, kind, subject_id, about) nulls not distinct;

      -- The worker reads how far an issue has come and whom it names, and no text of it.
      grant select (id, board, state, wording, reply_by, next_review, shared_on, recipients, network) on exchange.issue
        to hub_worker;
      grant select (issue_id, organisation, replied_at) on exchange.named to hub_worker;
      create policy work on exchange.issue for select to hub_worker using (true);
      create policy work on exchange.named for select to hub_worker using (true);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
