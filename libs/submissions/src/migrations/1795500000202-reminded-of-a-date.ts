import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A reminder is about a date: when that has been moved, or the round opens again for its next edition, those who are missing are
 * reminded of the new one. And a lead gives the own authority, while it has sent nothing, neither more time nor less.
 */
export class RemindedOfADate1795500000202 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table rounds.notice add column about date;
      update rounds.notice n set about = case n.kind when 'beforeEnd' then r.closes else r.due end
        from rounds.round r where r.id = n.round_id;
      alter table rounds.notice
        alter column about set not null,
        drop constraint notice_round_id_authority_id_kind_key,
        add unique (round_id, authority_id, kind, about);

      create or replace function rounds.refuse_own_authority() returns trigger
        language plpgsql security definer set search_path = pg_catalog as $$
          declare moves boolean;
          begin
            moves := new.closed_early_at is distinct from old.closed_early_at or new.due <> old.due or new.closes <> old.closes;
            if (moves or (old.state is null and new.state is not null))
              and exists (
                select from registry.region_authority ra
                where ra.region_id = new.region_id and ra.valid && daterange(new.period_from, new.period_until)
                  and ra.authority_id in (select identity.caller_authorities())
                  and not exists (select from rounds.return_state s
                    where s.round_id = new.id and s.authority_id = ra.authority_id)
                  and (moves or identity.today() <= new.closes
                    or exists (select from rounds.late_exception e where e.round_id = new.id
                      and e.authority_id = ra.authority_id and identity.today() <= e.until)))
            then raise exception 'this concerns the own authority of the lead' using errcode = 'check_violation';
            end if;
            return new;
          end
        $$;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
