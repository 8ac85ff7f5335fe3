import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A key needs a second person, gives way to another with an overlap, and keeps its history. What a key is follows from
 * what has happened to it, so there is no state beside the dates that could say otherwise. The database holds the rule
 * of two persons by itself, and what has been written about a key cannot be written over.
 */
export class Keys1795400000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table identity.signing_key
        add column approved_at timestamptz,
        add column approved_by uuid references identity.member (id),
        add column until timestamptz,
        add column replaces text,
        add constraint organisation_of_kid unique (kid, organisation),
        -- a key takes the place of one of its own organisation alone
        add constraint replaces_own foreign key (replaces, organisation) references identity.signing_key (kid, organisation),
        add constraint two_persons check (approved_by <> registered_by),
        add constraint approved_whole check (approved_by is null or approved_at is not null),
        add constraint revoked_whole check (num_nulls(revoked_at, revoked_by, reason) in (0, 3)),
        add constraint other_key check (replaces <> kid);
      -- A key registered before there was a second person worked at once.
      update identity.signing_key set approved_at = registered_at where state <> 'pending';
      alter table identity.signing_key drop column state;

      create function identity.keep_key_history() returns trigger language plpgsql set search_path = pg_catalog as $$
        begin
          if (old.approved_at is not null
                and (new.approved_at, new.approved_by) is distinct from (old.approved_at, old.approved_by))
            or (old.until is not null and new.until is distinct from old.until)
            or (old.revoked_at is not null
                and (new.revoked_at, new.revoked_by, new.reason) is distinct from (old.revoked_at, old.revoked_by, old.reason))
          then raise exception 'what has happened to a key stays as it was written' using errcode = 'check_violation';
          end if;
          -- Whoever approves or revokes does so in the own name.
          if (new.approved_by is distinct from old.approved_by and new.approved_by is distinct from identity.caller())
            or (new.revoked_by is distinct from old.revoked_by and new.revoked_by is distinct from identity.caller())
            or (new.approved_at is not null and old.approved_at is null and new.approved_by is null)
          then raise exception 'a key is approved and revoked by who asks' using errcode = 'check_violation';
          end if;
          return new;
        end $$;
      create trigger keep_history before update on identity.signing_key
        for each row execute function identity.keep_key_history();

      -- Agencies sign too: their partners register and approve the keys of the agency.
      create or replace function identity.caller_approves() returns setof text
        language sql stable security definer set search_path = pg_catalog as $$
          select distinct organisation from identity.reach(identity.caller())
          where role = 'authority-approver' or (role = 'agency-partner' and organisation like 'agy-%')
        $$;

      revoke update on identity.signing_key from hub_desk;
      grant update (approved_at, approved_by, until, revoked_at, revoked_by, reason) on identity.signing_key to hub_desk;
      -- Nobody writes a key that is good already, or in another's name.
      drop policy register on identity.signing_key;
      create policy register on identity.signing_key for insert to hub_desk
        with check (organisation in (select identity.caller_approves())
          and registered_by = (select identity.caller())
          and num_nonnulls(approved_at, approved_by, until, revoked_at, revoked_by, reason) = 0);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
