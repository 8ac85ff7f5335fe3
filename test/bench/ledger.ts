import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { systemClock } from '@hub/kernel';
import {
  formatCheckpoint,
  Ledger,
  ledgerOwner,
  loadHubKey,
  nodeHash,
  nodesToRead,
  signNote,
  verifyRecord,
  watchLedger,
  type LedgerSource,
  type SubmissionLeaf,
} from '@hub/ledger';
import { openDataSource, readConfig, Store, withLogin } from '@hub/platform';
import { World } from '../support/world';
import { machine, median, option, ownFolder, round, takesOnly } from './measure';

/**
 * What an append and a proof cost in a ledger of 1,000 to 1,000,000 entries, in a real PostgreSQL with fsync. The ledger is
 * filled by SQL, hashes and nodes as the hub writes them; each append looks whether the peaks give the signed root, and a
 * proof over the tiles shows that the ledger continues a third of itself, so a wrong hash among these stops the bench.
 * Processor time of this process, as medians; of the database the milliseconds that pass, on a busy machine too many.
 */
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const HUB = 'hub.bench';

async function fill(db: DataSource, from: number, until: number): Promise<void> {
  await db.query(
    `insert into ledger.entry (index, leaf, at) select i, convert_to('entry ' || i, 'UTF8'), now() from generate_series($1::bigint, $2::bigint - 1) i`,
    [from, until],
  );
  await db.query(
    `insert into ledger.node (level, index, hash) select 0, index, hash from ledger.entry where index >= $1`,
    [from],
  );
  for (let level = 1; 2 ** level <= until; level++)
    await db.query(
      `insert into ledger.node (level, index, hash)
       select $1::smallint, l.index / 2, sha256('\\x01'::bytea || l.hash || r.hash) from ledger.node l
         join ledger.node r on r.level = l.level and r.index = l.index + 1
       where l.level = $1::smallint - 1 and l.index % 2 = 0 and l.index / 2 >= $2 and l.index / 2 < $3`,
      [level, Math.floor(from / 2 ** level), Math.floor(until / 2 ** level)],
    );
  await db.query('analyze ledger.entry; analyze ledger.node');
}

async function main(): Promise<void> {
  takesOnly('calls');
  const calls = option('calls', 100);
  const folder = ownFolder('ledger');
  const world = await World.start({ dataFolder: join(folder, 'data') });
  const db = await new DataSource({ type: 'postgres', url: world.ownerUrl }).initialize();
  const { desk } = JSON.parse(readFileSync(join(folder, 'data', 'roles.json'), 'utf8')) as { desk: string };
  const store = new Store(await openDataSource(withLogin(world.ownerUrl, 'hub_desk', desk), 'desk'));
  try {
    const file = join(folder, 'key');
    writeFileSync(file, JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
    const config = readConfig({ HUB_ID: HUB, HUB_SIGNING_KEY_FILE: file });
    const key = loadHubKey(config);
    const ledger = new Ledger(config, systemClock, key);
    const source: LedgerSource = {
      checkpoint: (size) =>
        size === undefined ? ledger.checkpoint(db.manager) : ledger.checkpointAt(db.manager, size),
      tile: (tile) => ledger.tile(db.manager, tile),
    };
    const signed = async (size: number): Promise<string> => {
      const peaks: Buffer[] = [];
      for (const { level, index } of nodesToRead(size)) {
        const [row] = await db.query('select hash from ledger.node where level = $1 and index = $2', [level, index]);
        peaks.push((row as { hash: Buffer }).hash);
      }
      const root = peaks.reduceRight((right, left) => nodeHash(left, right));
      return signNote(formatCheckpoint({ origin: HUB, size, root }), HUB, key.privateKey);
    };
    const costOf = async (work: (i: number) => Promise<unknown>) => {
      for (let i = 0; i < 20; i++) await work(i);
      const [each, passed]: number[][] = [[], []];
      for (let i = 0; i < calls; i++) {
        const [began, at] = [process.cpuUsage(), performance.now()];
        await work(20 + i);
        const { user, system } = process.cpuUsage(began);
        each!.push(user + system);
        passed!.push(performance.now() - at);
      }
      return { microseconds: median(each!), milliseconds: round(median(passed!)) };
    };
    const leaf = (i: number): SubmissionLeaf => ({
      v: 1,
      kind: 'submission',
      hub: HUB,
      authority: 'E06000001',
      period: '2025-Q1',
      version: i + 1,
      dataset: { code: 'safeguarding-quarterly', version: '1.0' },
      agreement: { id: 'north-east-benchmarking', version: 1 },
      envelope: 'ab'.repeat(32),
      acceptedAt: '2025-07-31T09:00:00.000Z',
    });

    const table: Record<string, unknown>[] = [];
    let there = 0;
    for (const size of SIZES) {
      await fill(db, there, size);
      const note = await signed(size);
      await db.query('insert into ledger.checkpoint (size, note, at) values ($1, $2, now())', [size, note]);
      let receipt = '';
      const append = await costOf(async (i) => {
        receipt = await store.as(null, (tx) => ledger.append(tx, leaf(i)));
      });
      verifyRecord(receipt, key.line);
      const before = [await signed(Math.floor(size / 3))];
      const proof = await costOf(() => watchLedger(source, ledgerOwner(HUB, [key.line]), before));
      there = size + 20 + calls;
      const row = {
        entries: size,
        append,
        proof,
        receiptBytes: receipt.length,
        residentMegabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
      };
      table.push(row);
      process.stdout.write(
        `  ${String(size).padStart(9)} entries   append ${append.microseconds} µs, ${append.milliseconds} ms with the database   proof ${proof.microseconds} µs, ${proof.milliseconds} ms   receipt ${row.receiptBytes} bytes   memory ${row.residentMegabytes} MB\n`,
      );
    }
    const report = { bench: 'ledger', table, calls, config: await machine(world.ownerUrl) };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    await store.close();
    await db.destroy();
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`bench:ledger failed: ${error.stack}\n`);
  process.exitCode = 1;
});
