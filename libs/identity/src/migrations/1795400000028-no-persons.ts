import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A system takes up no invitation to a person's role either: whoever holds its key would be the second person that a key, a
 * system and an agreement ask for.
 */
export class NoPersons1795400000028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function identity.accept_invitation(new_id uuid, of_issuer text, of_subject text, of_code bytea) returns uuid
        language plpgsql security definer set search_path = pg_catalog as $$
          declare
            invited identity.invitation;
            accepting uuid;
            held daterange;
          begin
            select * into invited from identity.invitation i where i.code_digest = of_code for update;
            if not found or invited.accepted_at is not null or invited.withdrawn_at is not null
              or invited.expires_at <= now()
              or coalesce(upper(invited.valid) <= identity.today(), false)
              or not exists (select from identity.administers(invited.invited_by) a
                where a.role = invited.role and a.organisation = invited.organisation) then
              return null;
            end if;
            insert into identity.member (id, issuer, subject, name) values (new_id, of_issuer, of_subject, invited.name)
              on conflict (issuer, subject) do nothing;
            -- locked, so that two invitations that are accepted at once do not miss each other's role
            select m.id into accepting from identity.member m
              where m.issuer = of_issuer and m.subject = of_subject for update;
            if exists (select from identity.member_role r
                where r.member_id = accepting and r.role = 'authority-system') then
              return null;
            end if;
            held := daterange(greatest(lower(invited.valid), identity.today()), upper(invited.valid));
            with earlier as (
              delete from identity.member_role r
                where r.member_id = accepting and r.role = invited.role and r.organisation = invited.organisation
                  and r.valid && held
                returning r.valid
            )
            select range_merge(range_agg(e.valid)) into held
              from (select valid from earlier union all select held) e;
            insert into identity.member_role (member_id, role, organisation, valid)
              values (accepting, invited.role, invited.organisation, held);
            update identity.invitation set accepted_at = now(), accepted_by = accepting where id = invited.id;
            return accepting;
          end
        $$;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
