import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * A return after the end of its round, by an exception that a lead from another authority has granted: the database holds
 * what `decideAsLead` says in the code. What is granted is not taken back; the latest day counts.
 */
export class Exceptions1795400000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table rounds.late_exception (
        id uuid primary key,
        round_id uuid not null,
        region_id int not null,
        authority_id int not null references registry.authority (id),
        -- the last day; it ends at London midnight
        until date not null,
        reason text not null check (reason <> ''),
        granted_by uuid not null,
        granted_at timestamptz not null,
        foreign key (round_id, region_id) references rounds.round (id, region_id)
      );
      create index late_exception_round on rounds.late_exception (round_id, authority_id);
      ${behindRowSecurity('rounds.late_exception')}
      grant select on rounds.late_exception to hub_intake, hub_reader;
      create policy own on rounds.late_exception for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      create policy concerned on rounds.late_exception for select to hub_reader
        using (region_id in (select identity.caller_led_regions())
          or authority_id in (select identity.caller_authorities()));
      grant select, insert on rounds.late_exception to hub_desk;
      create policy led on rounds.late_exception for select to hub_desk
        using (region_id in (select identity.caller_led_regions()));
      create policy grant_one on rounds.late_exception for insert to hub_desk
        with check (region_id in (select identity.caller_led_regions()) and granted_by = identity.caller());

      create function rounds.refuse_own_exception() returns trigger
        language plpgsql security definer set search_path = pg_catalog as $$
          begin
            if new.authority_id in (select identity.caller_authorities())
            then raise exception 'this concerns the own authority of the lead' using errcode = 'check_violation';
            end if;
            return new;
          end
        $$;
      create trigger own_authority before insert on rounds.late_exception
        for each row execute function rounds.refuse_own_exception();

      -- While an exception runs, publishing is early for that authority: its time is cut short like anybody's.
      create or replace function rounds.refuse_own_authority() returns trigger
        language plpgsql security definer set search_path = pg_catalog as $$
          begin
            if (new.closed_early_at is distinct from old.closed_early_at or (old.state is null and new.state is not null))
              and exists (
                select from registry.region_authority ra
                where ra.region_id = new.region_id and ra.valid && daterange(new.period_from, new.period_until)
                  and ra.authority_id in (select identity.caller_authorities())
                  and not exists (select from rounds.return_state s
                    where s.round_id = new.id and s.authority_id = ra.authority_id)
                  and (new.closed_early_at is distinct from old.closed_early_at or identity.today() <= new.closes
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
