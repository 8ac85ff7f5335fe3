import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * What readers hold in hand beside a publication: the proof that nobody can compute a hidden figure from its document, and the
 * ledger's receipts of what became of it. And what each authority alone holds: which of its returns stands in it, and
 * the proof from its own side. That one is made of its own raw counts, so it lies with these.
 * See docs/decisions/0018.
 */
export class ReadersProofs1795400000180 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table release.proof (
        publication_id uuid primary key,
        region_id int not null,
        -- RFC 8785; its SHA-256 stands in the document
        proof text not null,
        foreign key (publication_id, region_id) references release.publication (id, region_id)
      );
      create table release.publication_event (
        publication_id uuid not null,
        region_id int not null,
        event text not null check (event in ('published', 'superseded', 'withdrawn')),
        at timestamptz not null,
        -- what stands in its place
        successor_id uuid,
        -- a C2SP tlog-proof@v1
        receipt text not null,
        primary key (publication_id, event),
        check (successor_id is null or event = 'superseded'),
        foreign key (publication_id, region_id) references release.publication (id, region_id),
        foreign key (successor_id, region_id) references release.publication (id, region_id)
      );
      create table intake.published_return (
        publication_id uuid not null references release.publication (id),
        authority_id int not null,
        submission_id uuid not null,
        primary key (publication_id, authority_id),
        foreign key (submission_id, authority_id) references intake.submission (id, authority_id)
      );
      create table intake.own_proof (
        publication_id uuid not null,
        authority_id int not null,
        proof text not null,
        primary key (publication_id, authority_id),
        foreign key (publication_id, authority_id) references intake.published_return (publication_id, authority_id)
      );
      -- The planner's statistics are samples of the column, and these would be raw counts.
      alter table intake.own_proof alter column proof set statistics 0;
      ${behindRowSecurity('release.proof', 'release.publication_event', 'intake.published_return', 'intake.own_proof')}

      ${['proof', 'publication_event']
        .map(
          (table) => `
            grant select on release.${table} to hub_reader;
            grant insert on release.${table} to hub_worker;
            create policy region on release.${table} for select to hub_reader
              using (region_id in (select identity.caller_regions()));
            create policy publish on release.${table} for insert to hub_worker with check (true);`,
        )
        .join('\n')}
      ${['published_return', 'own_proof']
        .map(
          (table) => `
            grant select on intake.${table} to hub_intake;
            grant insert on intake.${table} to hub_worker;
            create policy own on intake.${table} for select to hub_intake
              using (authority_id in (select identity.caller_authorities()));
            create policy publish on intake.${table} for insert to hub_worker with check (true);`,
        )
        .join('\n')}
      -- With the raw counts goes what was made of them.
      grant select (publication_id, authority_id), delete on intake.own_proof to hub_worker;
      create policy work on intake.own_proof for select to hub_worker using (true);
      create policy purge on intake.own_proof for delete to hub_worker using (true);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
