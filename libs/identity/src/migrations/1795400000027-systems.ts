import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * Service accounts of authorities' systems: one approver registers the client that the issuer knows, another confirms it.
 * A system takes up no invitation, for then one person alone would let it in.
 */
export class Systems1795400000027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table identity.system_account (
        id uuid primary key,
        organisation text not null,
        issuer text not null,
        client text not null,
        name text not null,
        valid daterange not null check (not isempty(valid)),
        registered_by uuid not null references identity.member (id),
        registered_at timestamptz not null,
        confirmed_by uuid references identity.member (id),
        confirmed_at timestamptz,
        member_id uuid references identity.member (id),
        withdrawn_by uuid references identity.member (id),
        withdrawn_at timestamptz,
        constraint two_persons check (confirmed_by <> registered_by),
        constraint confirmed_whole check (num_nulls(confirmed_by, confirmed_at, member_id) in (0, 3)),
        constraint withdrawn_whole check (num_nulls(withdrawn_by, withdrawn_at) in (0, 2)),
        check (confirmed_at is null or withdrawn_at is null)
      );
      create unique index system_account_waiting on identity.system_account (organisation, issuer, client)
        where confirmed_at is null and withdrawn_at is null;

      -- The second person's word: the client becomes a member and holds the role. It is worth as much as the right of the
      -- one who registered it. A subject that ever held another role is somebody, and no system.
      create function identity.confirm_system(new_id uuid, of_id uuid) returns text
        language plpgsql security definer set search_path = pg_catalog as $$
          declare
            account identity.system_account;
            confirmed uuid;
            held daterange;
          begin
            select * into account from identity.system_account s
              where s.id = of_id and s.withdrawn_at is null
                and exists (select from identity.caller_administers() a
                  where a.role = 'authority-system' and a.organisation = s.organisation)
              for update;
            if not found then return 'absent'; end if;
            if account.confirmed_at is not null then return 'confirmed'; end if;
            if account.registered_by = identity.caller() then return 'self'; end if;
            if not exists (select from identity.administers(account.registered_by) a
                where a.role = 'authority-system' and a.organisation = account.organisation)
              or coalesce(upper(account.valid) <= identity.today(), false) then
              return 'absent';
            end if;
            insert into identity.member (id, issuer, subject, name)
              values (new_id, account.issuer, account.client, account.name) on conflict (issuer, subject) do nothing;
            select m.id into confirmed from identity.member m
              where m.issuer = account.issuer and m.subject = account.client for update;
            if exists (select from identity.member_role r where r.member_id = confirmed and r.role <> 'authority-system') then
              return 'taken';
            end if;
            held := daterange(greatest(lower(account.valid), identity.today()), upper(account.valid));
            with earlier as (
              delete from identity.member_role r
                where r.member_id = confirmed and r.role = 'authority-system' and r.organisation = account.organisation
                  and r.valid && held
                returning r.valid
            )
            select range_merge(range_agg(e.valid)) into held
              from (select valid from earlier union all select held) e;
            insert into identity.member_role (member_id, role, organisation, valid)
              values (confirmed, 'authority-system', account.organisation, held);
            update identity.system_account
              set confirmed_at = now(), confirmed_by = identity.caller(), member_id = confirmed where id = of_id;
            return 'confirmed';
          end
        $$;
      revoke all on function identity.confirm_system(uuid, uuid) from public;
      grant execute on function identity.confirm_system(uuid, uuid) to hub_desk;

      ${behindRowSecurity('identity.system_account')}
      grant select, insert, update (withdrawn_at, withdrawn_by) on identity.system_account to hub_desk;
      create policy administered on identity.system_account for select to hub_desk
        using (('authority-system', organisation) in (select role, organisation from identity.caller_administers()));
      create policy register on identity.system_account for insert to hub_desk
        with check (registered_by = (select identity.caller())
          and num_nonnulls(confirmed_by, confirmed_at, member_id, withdrawn_by, withdrawn_at) = 0
          and ('authority-system', organisation) in (select role, organisation from identity.caller_administers()));
      create policy withdraw on identity.system_account for update to hub_desk
        using (('authority-system', organisation) in (select role, organisation from identity.caller_administers()))
        with check (withdrawn_by = (select identity.caller()));

      update identity.invitation set withdrawn_at = now(), withdrawn_by = invited_by
        where role = 'authority-system' and accepted_at is null and withdrawn_at is null;
      drop policy invite on identity.invitation;
      create policy invite on identity.invitation for insert to hub_desk
        with check (invited_by = (select identity.caller()) and role <> 'authority-system'
          and (role, organisation) in (select role, organisation from identity.caller_administers()));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
