import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * What an agreement says must go is put where it can go: the envelope and all that was computed from it leave the
 * submission, whose row, receipt and leaf stay, so that what was promised can still be verified when nothing is left.
 */
export class Retention1795400000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table intake.raw (
        submission_id uuid primary key,
        authority_id int not null,
        -- the bytes exactly as they came
        envelope bytea not null,
        -- the payload's digest is salted, for a bare one could be guessed; the salt goes with it
        salt bytea not null check (length(salt) = 16),
        payload_digest bytea not null check (length(payload_digest) = 32),
        -- hold counts of this return, and of the one before
        findings jsonb not null,
        foreign key (submission_id, authority_id) references intake.submission (id, authority_id)
      );
      insert into intake.raw (submission_id, authority_id, envelope, salt, payload_digest, findings)
        select id, authority_id, envelope, salt, payload_digest, findings from intake.submission;
      alter table intake.submission
        drop column envelope, drop column salt, drop column payload_digest, drop column findings;
      -- A dropped column's bytes stay in the rows until these are written anew.
      alter table intake.submission alter column version type int using version + 0;

      -- The planner's statistics are samples of the column: of these there shall be none. Changing a type, even to the
      -- same one, takes away what was sampled already.
      alter table intake.raw
        alter column envelope set statistics 0, alter column salt set statistics 0,
        alter column payload_digest set statistics 0, alter column findings set statistics 0;
      alter table intake.cell alter column value type bigint, alter column value set statistics 0;
      alter table proof.certificate
        alter column problem type jsonb, alter column problem set statistics 0,
        alter column decision type jsonb, alter column decision set statistics 0;
      alter table proof.gate_refusal alter column detail type jsonb, alter column detail set statistics 0;

      -- What an authority has asked to be erased, exactly as the plan showed it.
      create table intake.erasure (
        id uuid primary key,
        authority_id int not null references registry.authority (id),
        plan bytea not null check (length(plan) = 32),
        submissions uuid[] not null,
        asked_by uuid not null,
        asked_at timestamptz not null,
        done_at timestamptz,
        unique (authority_id, plan)
      );
      -- What has gone, on which clause, and the ledger's receipt for it.
      create table intake.purge (
        id uuid primary key,
        submission_id uuid not null,
        authority_id int not null,
        what text[] not null,
        agreement_id text not null,
        agreement_version int not null,
        clause text not null,
        erasure_id uuid references intake.erasure (id),
        purged_at timestamptz not null,
        receipt text not null,
        foreign key (submission_id, authority_id) references intake.submission (id, authority_id)
      );
      create index purge_submission on intake.purge (submission_id);
      ${behindRowSecurity('intake.raw', 'intake.erasure', 'intake.purge')}

      grant select, insert on intake.raw to hub_intake;
      create policy own on intake.raw for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      create policy accept on intake.raw for insert to hub_intake
        with check (authority_id in (select identity.caller_authorities()));
      -- The worker never reads an envelope; it takes one away, or the findings that hold counts of a purged return.
      grant select (submission_id, authority_id), update (findings), delete on intake.raw to hub_worker;
      create policy work on intake.raw for select to hub_worker using (true);
      create policy forget on intake.raw for update to hub_worker using (true) with check (findings = '[]');
      create policy purge on intake.raw for delete to hub_worker using (true);
      -- It is in the ledger's leaf anyway.
      grant select (envelope_digest) on intake.submission to hub_worker;
      grant delete on intake.cell to hub_worker;
      create policy purge on intake.cell for delete to hub_worker using (true);
      grant delete on proof.certificate, proof.gate_refusal to hub_worker;
      create policy purge on proof.certificate for delete to hub_worker using (true);
      create policy purge on proof.gate_refusal for delete to hub_worker using (true);
      grant delete on rounds.return_state to hub_worker;
      create policy purge on rounds.return_state for delete to hub_worker using (true);

      grant select, insert on intake.erasure to hub_intake;
      create policy own on intake.erasure for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      create policy ask on intake.erasure for insert to hub_intake
        with check (authority_id in (select identity.caller_authorities())
          and (select code from registry.authority a where a.id = authority_id) in (select identity.caller_approves()));
      grant select, update (done_at) on intake.erasure to hub_worker;
      create policy work on intake.erasure for select to hub_worker using (true);
      create policy settle on intake.erasure for update to hub_worker using (true) with check (true);

      grant select on intake.purge to hub_intake;
      create policy own on intake.purge for select to hub_intake
        using (authority_id in (select identity.caller_authorities()));
      grant insert on intake.purge to hub_worker;
      create policy record on intake.purge for insert to hub_worker with check (true);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
