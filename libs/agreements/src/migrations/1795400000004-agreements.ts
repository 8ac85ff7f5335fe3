import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/** Agreements as signed documents, and each party's signature over the canonical form. */
export class Agreements1795400000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table agreements.agreement (
        id text not null,
        version int not null,
        region_id int not null references registry.region (id),
        state text not null check (state in ('draft', 'proposed', 'inForce', 'suspended', 'expired', 'terminated', 'superseded')),
        effective daterange not null,
        -- the RFC 8785 form that the parties sign
        document text not null,
        digest bytea not null check (length(digest) = 32),
        changed_at timestamptz not null,
        primary key (id, version)
      );
      create table agreements.party (
        agreement_id text not null,
        agreement_version int not null,
        region_id int not null references registry.region (id),
        authority_id int not null references registry.authority (id),
        status text not null check (status in ('invited', 'signed', 'withdrawn')),
        signature text,
        kid text references identity.signing_key (kid),
        withdrawn_from date,
        primary key (agreement_id, agreement_version, authority_id),
        foreign key (agreement_id, agreement_version) references agreements.agreement (id, version),
        check ((status = 'invited') = (signature is null))
      );
      ${behindRowSecurity('agreements.agreement', 'agreements.party')}

      grant select on agreements.agreement, agreements.party to hub_intake, hub_reader, hub_desk, hub_worker;
      grant insert, update on agreements.agreement, agreements.party to hub_desk;
      ${['agreement', 'party']
        .map(
          (table) => `
            create policy ask on agreements.${table} for select to hub_intake, hub_worker using (true);
            create policy region on agreements.${table} for select to hub_reader, hub_desk
              using (region_id in (select identity.caller_regions()));
            create policy draft on agreements.${table} for insert to hub_desk
              with check (region_id in (select identity.caller_led_regions()));
            create policy settle on agreements.${table} for update to hub_desk
              using (region_id in (select identity.caller_led_regions()))
              with check (region_id in (select identity.caller_led_regions()));`,
        )
        .join('\n')}
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
