import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/** Regions, authorities and what they are made of. Reference for everybody; the owner lays it in from contracts. */
export class Registry1795400000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table registry.region (id int primary key, code text not null unique, name text not null);
      create table registry.authority (
        id int primary key,
        code text not null unique,
        name text not null,
        kind text not null check (kind in ('authority', 'joint')),
        valid daterange not null
      );
      create table registry.region_authority (
        region_id int not null references registry.region (id),
        authority_id int not null references registry.authority (id),
        valid daterange not null,
        exclude using gist (region_id with =, authority_id with =, valid with &&)
      );
      create table registry.authority_link (
        from_id int not null references registry.authority (id),
        to_id int not null references registry.authority (id),
        kind text not null check (kind in ('successor', 'recoded')),
        on_date date not null,
        primary key (from_id, to_id)
      );
      create table registry.authority_cover (
        joint_id int not null references registry.authority (id),
        covered_id int not null references registry.authority (id),
        primary key (joint_id, covered_id)
      );
      create table registry.population (
        authority_id int not null references registry.authority (id),
        year int not null,
        children int not null check (children >= 0),
        primary key (authority_id, year)
      );
      create table registry.organisation (
        code text primary key check (code ~ '^(brd|agy)-[a-z0-9-]+$'),
        name text not null
      );
      create table registry.organisation_area (
        organisation text not null references registry.organisation (code),
        authority_id int not null references registry.authority (id),
        valid daterange not null default '[2019-04-01,)',
        exclude using gist (organisation with =, authority_id with =, valid with &&)
      );
      create table registry.series (
        id int generated always as identity primary key,
        key text not null unique
      );
      create function registry.refuse_change() returns trigger language plpgsql as $$
        begin raise exception 'series are append-only: a changed definition is a new key'; end $$;
      create trigger append_only before update or delete or truncate on registry.series
        for each statement execute function registry.refuse_change();

      ${[
        'region',
        'authority',
        'region_authority',
        'authority_link',
        'authority_cover',
        'population',
        'organisation',
        'organisation_area',
        'series',
      ]
        .map(
          (table) => `
            ${behindRowSecurity(`registry.${table}`)}
            grant select on registry.${table} to hub_intake, hub_reader, hub_desk, hub_worker;
            create policy reference on registry.${table} for select to hub_intake, hub_reader, hub_desk, hub_worker using (true);`,
        )
        .join('\n')}
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
