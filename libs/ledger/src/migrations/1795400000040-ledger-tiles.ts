import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The hash of an entry beside its bytes, made by the database itself: whoever changes the bytes changes the hash, and the
 * checkpoints that are signed no longer fit. It is what anybody may fetch. The bytes of an entry say who has sent what and
 * when; running processes write them and do not read them again.
 */
export class LedgerTiles1795400000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- RFC 6962: SHA-256(0x00 ‖ entry)
      alter table ledger.entry add column hash bytea not null
        generated always as (sha256('\\x00'::bytea || leaf)) stored;
      revoke select on ledger.entry from hub_intake, hub_desk, hub_worker;
      drop policy prove on ledger.entry;
      grant select (index, hash) on ledger.entry to hub_desk;
      create policy prove on ledger.entry for select to hub_desk using (true);

      -- Whoever appends looks whether the hub has signed what is there, under whichever of its keys.
      grant select on ledger.hub_key to hub_intake, hub_worker;
      drop policy prove on ledger.hub_key;
      create policy prove on ledger.hub_key for select to hub_intake, hub_desk, hub_worker using (true);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
