import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/** Publications and their figures, where a hidden number cannot be stored; and the worker's own store of proofs. */
export class Release1795400000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table release.publication (
        region_id int not null references registry.region (id),
        id uuid primary key,
        number int not null check (number > 0),
        round_id uuid not null references rounds.round (id),
        dataset text not null,
        dataset_version text not null,
        period text not null,
        period_kind text not null,
        period_from date not null,
        period_until date not null,
        edition text not null check (edition in ('provisional', 'revised', 'final')),
        state text not null check (state in ('current', 'superseded', 'withdrawn')),
        agreement_id text not null,
        agreement_version int not null,
        -- the RFC 8785 bytes, and their SHA-256
        document text not null,
        digest bytea not null check (length(digest) = 32),
        published_at timestamptz not null,
        unique (region_id, number),
        foreign key (agreement_id, agreement_version) references agreements.agreement (id, version)
      );
      create unique index publication_current on release.publication (region_id, dataset, period) where state = 'current';
      create table release.figure (
        region_id int not null references registry.region (id),
        series_id int not null references registry.series (id),
        period_from date not null,
        period_until date not null,
        -- null: the region
        authority_id int references registry.authority (id),
        publication_id uuid not null references release.publication (id),
        kind smallint not null check (kind between 0 and 5),
        value bigint check (value >= 0),
        check ((kind = 0) = (value is not null)),
        unique nulls not distinct (region_id, publication_id, series_id, authority_id)
      );
      create index figure_book on release.figure (series_id, authority_id, period_from, period_until);
      create table proof.certificate (
        publication_id uuid primary key references release.publication (id),
        problem jsonb not null,
        decision jsonb not null,
        at timestamptz not null
      );
      create table proof.gate_refusal (
        id uuid primary key,
        round_id uuid not null references rounds.round (id),
        code text not null,
        detail jsonb not null,
        at timestamptz not null
      );
      ${behindRowSecurity('release.publication', 'release.figure', 'proof.certificate', 'proof.gate_refusal')}

      grant select on release.publication, release.figure to hub_intake, hub_reader, hub_desk, hub_worker;
      grant insert on release.publication, release.figure to hub_worker;
      grant update (state) on release.publication to hub_worker;
      ${['publication', 'figure']
        .map(
          (table) => `
            create policy region on release.${table} for select to hub_intake, hub_reader, hub_desk
              using (region_id in (select identity.caller_regions()));
            create policy work on release.${table} for select to hub_worker using (true);
            create policy publish on release.${table} for insert to hub_worker with check (true);`,
        )
        .join('\n')}
      create policy settle on release.publication for update to hub_worker using (true) with check (true);

      grant select, insert on proof.certificate, proof.gate_refusal to hub_worker;
      ${['certificate', 'gate_refusal']
        .map(
          (table) => `
            create policy work on proof.${table} for select to hub_worker using (true);
            create policy keep on proof.${table} for insert to hub_worker with check (true);`,
        )
        .join('\n')}
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
