import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a version was signed, so that one that arrives late does not take the place of one that was signed after it. Null where it was
 * taken before this was kept: a return that is older than that is too old to be taken within two weeks. Sent again under a later
 * signature it was signed then, and never earlier.
 */
export class SignedAt1795900000150 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table intake.submission add column signed_at timestamptz;
      grant update (signed_at) on intake.submission to hub_intake;
      create function intake.only_later() returns trigger language plpgsql as $$
        begin
          raise check_violation using message = 'a return was not signed earlier than it was';
        end $$;
      create trigger only_later before update of signed_at on intake.submission for each row
        when (new.signed_at is distinct from greatest(old.signed_at, new.signed_at)) execute function intake.only_later();
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
