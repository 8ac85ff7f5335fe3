import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/** Rounds, which hold no figures; and intake, where only the submitting authority can look. */
export class RoundsIntake1795400000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table rounds.round (
        id uuid primary key,
        region_id int not null references registry.region (id),
        dataset text not null,
        dataset_version text not null,
        period text not null,
        period_kind text not null,
        period_from date not null,
        period_until date not null,
        opens date not null,
        due date not null,
        closes date not null,
        closed_early_at timestamptz,
        -- null: scheduled, open or closed by its dates and the clock
        state text check (state in ('checked', 'compiling', 'held', 'published')),
        held_because text,
        unique (region_id, dataset, period),
        check (period_until <= opens and opens <= due and due <= closes),
        check ((state is not distinct from 'held') = (held_because is not null))
      );
      create table rounds.return_state (
        round_id uuid not null references rounds.round (id),
        region_id int not null references registry.region (id),
        authority_id int not null references registry.authority (id),
        version int not null,
        received_at timestamptz not null,
        primary key (round_id, authority_id)
      );
      create table intake.submission (
        id uuid primary key,
        authority_id int not null references registry.authority (id),
        dataset text not null,
        dataset_version text not null,
        period text not null,
        period_kind text not null,
        period_from date not null,
        period_until date not null,
        version int not null check (version > 0),
        state text not null check (state in ('awaitingSignOff', 'accepted', 'superseded', 'withdrawn')),
        agreement_id text not null,
        agreement_version int not null,
        jti text not null,
        kids text[] not null,
        -- the payload's digest is salted, for a bare one could be guessed
        salt bytea not null check (length(salt) = 16),
        payload_digest bytea not null check (length(payload_digest) = 32),
        -- the bytes exactly as they came, and their digest
        envelope bytea not null,
        envelope_digest bytea not null check (length(envelope_digest) = 32),
        findings jsonb not null,
        received_by uuid not null,
        received_at timestamptz not null,
        unique (authority_id, dataset, period, version),
        unique (authority_id, jti),
        unique (id, authority_id)
      );
      create unique index submission_current on intake.submission (authority_id, dataset, period) where state = 'accepted';
      create table intake.cell (
        submission_id uuid not null,
        authority_id int not null,
        series_id int not null references registry.series (id),
        kind smallint not null check (kind between 0 and 5),
        value bigint check (value >= 0),
        primary key (submission_id, series_id),
        foreign key (submission_id, authority_id) references intake.submission (id, authority_id),
        check ((kind = 0) = (value is not null))
      );
      -- apart, for it is made last, under the ledger's lock: all else of a submission is written before
      create table intake.receipt (
        submission_id uuid primary key,
        authority_id int not null,
        receipt text not null,
        foreign key (submission_id, authority_id) references intake.submission (id, authority_id)
      );
      ${behindRowSecurity('rounds.round', 'rounds.return_state', 'intake.submission', 'intake.cell', 'intake.receipt')}

      grant select on rounds.round, rounds.return_state to hub_intake, hub_reader, hub_desk, hub_worker;
      create policy region on rounds.round for select to hub_intake, hub_reader, hub_desk
        using (region_id in (select identity.caller_regions()));
      create policy region on rounds.return_state for select to hub_reader, hub_desk
        using (region_id in (select identity.caller_regions()));
      create policy own on rounds.return_state for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      grant insert, update on rounds.return_state to hub_intake;
      create policy arrive on rounds.return_state for insert to hub_intake
        with check (authority_id in (select identity.caller_authorities()));
      create policy renew on rounds.return_state for update to hub_intake
        using (authority_id in (select identity.caller_authorities()))
        with check (authority_id in (select identity.caller_authorities()));
      grant insert, update on rounds.round to hub_desk;
      create policy open on rounds.round for insert to hub_desk
        with check (region_id in (select identity.caller_led_regions()));
      create policy settle on rounds.round for update to hub_desk
        using (region_id in (select identity.caller_led_regions()))
        with check (region_id in (select identity.caller_led_regions()));
      grant update on rounds.round to hub_worker;
      create policy work on rounds.round for select to hub_worker using (true);
      create policy settle_work on rounds.round for update to hub_worker using (true) with check (true);
      create policy work on rounds.return_state for select to hub_worker using (true);

      grant select, insert on intake.submission, intake.cell, intake.receipt to hub_intake;
      grant update (state) on intake.submission to hub_intake;
      create policy own on intake.submission for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      create policy accept on intake.submission for insert to hub_intake
        with check (authority_id in (select identity.caller_authorities()));
      create policy supersede on intake.submission for update to hub_intake
        using (authority_id in (select identity.caller_authorities()))
        with check (authority_id in (select identity.caller_authorities()));
      create policy own on intake.cell for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      create policy accept on intake.cell for insert to hub_intake
        with check (authority_id in (select identity.caller_authorities()));
      create policy own on intake.receipt for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      create policy accept on intake.receipt for insert to hub_intake
        with check (authority_id in (select identity.caller_authorities()));

      -- The worker reads cells and states, never an envelope.
      grant select (id, authority_id, dataset, dataset_version, period, period_from, period_until, version, state,
        agreement_id, agreement_version, received_at) on intake.submission to hub_worker;
      grant select on intake.cell to hub_worker;
      create policy work on intake.submission for select to hub_worker using (true);
      create policy work on intake.cell for select to hub_worker using (true);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
