import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What one steward proposes enters the book when another one confirms it, and not before. Members of regions see what was loaded: with the
 * digest anybody holds it against the Department's own file.
 */
export class TwoStewards1795800000081 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table registry.national_release
        -- SHA-256 of what was read; null: loaded when one steward was enough, as are those below
        add digest text check (digest ~ '^[0-9a-f]{64}$'),
        add source text,
        add confirmed_by uuid,
        add confirmed_at timestamptz,
        -- of the entry in the ledger
        add receipt text,
        add withdrawn_by uuid,
        drop constraint national_release_state_check,
        add constraint national_release_state_check check (state in ('proposed', 'withdrawn', 'loading', 'loaded', 'refused')),
        add check (confirmed_by <> loaded_by),
        add check ((confirmed_by is null) = (confirmed_at is null) and (confirmed_by is null) = (receipt is null)),
        add check (state not in ('proposed', 'withdrawn') or confirmed_by is null),
        add check ((state = 'withdrawn') = (withdrawn_by is not null)),
        alter state set default 'proposed';
      create unique index national_release_once on registry.national_release (digest) where state in ('proposed', 'loading', 'loaded');

      create policy members on registry.national_release for select to hub_desk
        using (exists (select from identity.caller_regions()));
      drop policy load on registry.national_release;
      create policy propose on registry.national_release for insert to hub_desk
        with check ((select identity.caller_is_steward()) and loaded_by = identity.caller() and state = 'proposed'
          and digest is not null and confirmed_by is null);
      grant update (state, confirmed_by, confirmed_at, receipt, withdrawn_by) on registry.national_release to hub_desk;
      create policy decide on registry.national_release for update to hub_desk
        using ((select identity.caller_is_steward()) and state = 'proposed')
        with check ((select identity.caller_is_steward())
          and (state = 'loading' and confirmed_by = identity.caller() and loaded_by <> identity.caller()
            or state = 'withdrawn' and withdrawn_by = identity.caller()));
      -- What nobody has confirmed the worker cannot enter.
      drop policy settle on registry.national_release;
      create policy settle on registry.national_release for update to hub_worker
        using (state = 'loading') with check (state in ('loaded', 'refused'));
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
