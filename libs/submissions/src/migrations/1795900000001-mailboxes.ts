import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A second mailbox of an authority, of its data protection contact: told of what is open and of what is withdrawn, not of returns. */
export class Mailboxes1795900000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table rounds.contact
        add mailbox text not null default 'reminders' check (mailbox in ('reminders', 'dataProtection')),
        drop constraint contact_pkey,
        add primary key (authority_id, mailbox);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
