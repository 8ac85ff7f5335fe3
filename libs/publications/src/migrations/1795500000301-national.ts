import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * National releases that a steward has loaded: facts that are printed. And what each opens of an authority's counts, which its own
 * approvers alone read; it goes with the counts.
 */
export class National1795500000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table registry.national_release (
        id uuid primary key,
        title text not null,
        dataset text not null,
        dataset_version text not null,
        period text not null,
        release text not null,
        -- one period of it, as it was read
        facts jsonb not null,
        loaded_by uuid not null,
        asked_at timestamptz not null,
        state text not null default 'loading' check (state in ('loading', 'loaded', 'refused')),
        refused_because text,
        check ((state = 'refused') = (refused_because is not null))
      );
      create table intake.opening (
        id uuid primary key,
        release_id uuid not null references registry.national_release (id),
        authority_id int not null references registry.authority (id),
        period text not null,
        found_at timestamptz not null,
        -- null: no mail has left
        told_at timestamptz,
        unique (release_id, authority_id),
        unique (id, authority_id)
      );
      create table intake.opened (
        opening_id uuid not null,
        authority_id int not null,
        series_id int not null references registry.series (id),
        least bigint not null,
        most bigint not null,
        primary key (opening_id, series_id),
        foreign key (opening_id, authority_id) references intake.opening (id, authority_id) on delete cascade
      );
      alter table intake.opened alter column least set statistics 0, alter column most set statistics 0;
      ${behindRowSecurity('registry.national_release', 'intake.opening', 'intake.opened')}
      grant select, insert on registry.national_release to hub_desk;
      create policy steward on registry.national_release for select to hub_desk using ((select identity.caller_is_steward()));
      create policy load on registry.national_release for insert to hub_desk
        with check ((select identity.caller_is_steward()) and loaded_by = identity.caller() and state = 'loading');
      grant select, update (state, refused_because) on registry.national_release to hub_worker;
      create policy work on registry.national_release for select to hub_worker using (true);
      create policy settle on registry.national_release for update to hub_worker using (true) with check (true);
      -- Its title is told to whom it opens something of.
      grant select (id, title) on registry.national_release to hub_intake;
      create policy concerned on registry.national_release for select to hub_intake
        using (exists (select from intake.opening o where o.release_id = national_release.id));

      grant insert on intake.opening, intake.opened to hub_worker;
      grant select (id, release_id, authority_id, period, told_at), update (told_at), delete on intake.opening to hub_worker;
      create policy find on intake.opening for insert to hub_worker with check (true);
      create policy work on intake.opening for select to hub_worker using (true);
      create policy tell on intake.opening for update to hub_worker using (true) with check (true);
      create policy purge on intake.opening for delete to hub_worker using (true);
      create policy find on intake.opened for insert to hub_worker with check (true);
      ${['opening', 'opened']
        .map(
          (table) => `
            grant select on intake.${table} to hub_intake;
            create policy own on intake.${table} for select to hub_intake using (
              (select code from registry.authority a where a.id = authority_id) in (select identity.caller_approves()));`,
        )
        .join('\n')}
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
