import type { MigrationInterface, QueryRunner } from 'typeorm';

/** To which addresses an authority is written, for every mail of the hub: its data protection contact last, where that is told too. */
export class MailboxesOf1795900000101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Null where none is named.
      create function rounds.mailboxes(of_authority int, with_protection boolean) returns text[]
        language sql stable set search_path = pg_catalog as $$
          select array_agg(address order by mailbox desc) from rounds.contact
          where authority_id = of_authority and (mailbox = 'reminders' or with_protection)
        $$;
      revoke all on function rounds.mailboxes(int, boolean) from public;
      grant execute on function rounds.mailboxes(int, boolean) to hub_worker;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
