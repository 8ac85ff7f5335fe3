import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A return that waits for its approver: one of each authority, dataset and period. The second signature completes it in its place:
 * the envelope with both is the one that is kept and receipted, and then nothing of it changes any more.
 */
export class SignOff1795500000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table intake.submission
        add column signed_off_by uuid,
        add column signed_off_at timestamptz,
        add check ((signed_off_by is null) = (signed_off_at is null));
      create unique index submission_waiting on intake.submission (authority_id, dataset, period) where state = 'awaitingSignOff';
      grant update (kids, envelope_digest, signed_off_by, signed_off_at) on intake.submission to hub_intake;
      create function intake.keep_what_is_signed() returns trigger language plpgsql as $$
        begin
          if old.state <> 'awaitingSignOff' or new.state <> 'accepted' or new.signed_off_by is null or not new.kids @> old.kids
          then raise check_violation using message = 'only a sign-off adds to an envelope';
          end if;
          return new;
        end $$;
      create trigger keep_what_is_signed before update of kids, envelope_digest, signed_off_by, signed_off_at on intake.submission
        for each row execute function intake.keep_what_is_signed();

      grant update (envelope, findings) on intake.raw to hub_intake;
      create policy sign_off on intake.raw for update to hub_intake
        using (authority_id in (select identity.caller_authorities())
          and exists (select from intake.submission s where s.id = submission_id and s.state = 'awaitingSignOff'))
        with check (authority_id in (select identity.caller_authorities()));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
