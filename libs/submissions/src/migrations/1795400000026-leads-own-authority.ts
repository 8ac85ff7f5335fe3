import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A round is not closed before its date, nor published before it, by a lead whose own authority is cut off by that: the
 * database holds what `decideAsLead` says in the code.
 */
export class LeadsOwnAuthority1795400000026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function rounds.refuse_own_authority() returns trigger
        language plpgsql security definer set search_path = pg_catalog as $$
          begin
            if (new.closed_early_at is distinct from old.closed_early_at
                or (old.state is null and new.state is not null and identity.today() <= new.closes))
              and exists (
                select from registry.region_authority ra
                where ra.region_id = new.region_id and ra.valid && daterange(new.period_from, new.period_until)
                  and ra.authority_id in (select identity.caller_authorities())
                  and not exists (select from rounds.return_state s
                    where s.round_id = new.id and s.authority_id = ra.authority_id))
            then raise exception 'this concerns the own authority of the lead' using errcode = 'check_violation';
            end if;
            return new;
          end
        $$;
      create trigger own_authority before update on rounds.round
        for each row execute function rounds.refuse_own_authority();
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
