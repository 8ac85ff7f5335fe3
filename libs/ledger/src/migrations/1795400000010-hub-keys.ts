import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/** The public keys that the hub signs checkpoints with, old ones for ever: a receipt verifies by the key of its time. */
export class HubKeys1795400000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- the C2SP verifier key names hub and key
      create table ledger.hub_key (line text primary key, jwk jsonb not null, since timestamptz not null);
      create trigger append_only before update or delete or truncate on ledger.hub_key
        for each statement execute function ledger.refuse_change();
      ${behindRowSecurity('ledger.hub_key')}
      grant select on ledger.hub_key to hub_desk;
      create policy prove on ledger.hub_key for select to hub_desk using (true);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
