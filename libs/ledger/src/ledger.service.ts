import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@hub/kernel';
import { CONFIG, type Config, type Tx } from '@hub/platform';
import {
  append,
  emptyRoot,
  encodeLeaf,
  formatCheckpoint,
  formatReceipt,
  leafHash,
  nodesToRead,
  parseCheckpoint,
  signNote,
  type Leaf,
} from './domain';
import { HUB_KEY, type HubKey } from './hub-key';

/** One writer of the ledger at a time: the index has no gap and no twin. */
const LEDGER_LOCK = 7_205_004;

/** The append-only record of what was accepted, with its proofs. */
@Injectable()
export class Ledger {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(HUB_KEY) private readonly key: HubKey,
  ) {}

  /**
   * Appends a leaf inside the caller's transaction and gives its receipt. Call it last: the lock is held until the
   * commit, and what follows would hold up every other submission.
   * @returns the receipt, a C2SP tlog-proof@v1 text, valid once the transaction has committed
   */
  async append(tx: Tx, leaf: Leaf): Promise<string> {
    // Two statements in one round trip, for the lock is dear; the second has a snapshot of its own, so it sees what the
    // last holder has committed. Where a bit of the size is set there is a complete subtree of that level: these are the
    // peaks of `nodesToRead`.
    const peaks = (await tx.query(
      `select pg_advisory_xact_lock(${LEDGER_LOCK});
       select t.size::float8 as size, n.level, n.index::float8 as index, n.hash
       from (select coalesce(max(index) + 1, 0) as size from ledger.entry) t
         left join generate_series(0, 52) l(level) on (t.size >> l.level) & 1 = 1
         left join ledger.node n on n.level = l.level and n.index = (t.size >> l.level) - 1
       order by l.level desc`,
    )) as { size: number; level: number | null; index: number | null; hash: Buffer | null }[];
    const count = peaks[0]!.size;
    const nodes = nodesToRead(count).map(({ level, index }, i) => {
      const peak = peaks[i];
      if (!peak?.hash || peak.level !== level || peak.index !== index) throw new Error('the ledger misses a node');
      return peak.hash;
    });
    const bytes = encodeLeaf(leaf);
    const { newNodes, root, inclusionProof } = append(count, nodes, leafHash(bytes));
    const at = this.clock.now();
    const checkpoint = this.sign(count + 1, root);
    await tx.query(
      `with e as (insert into ledger.entry (index, leaf, at) values ($1, $2, $3)),
            c as (insert into ledger.checkpoint (size, note, at) values ($1 + 1, $4, $3))
       insert into ledger.node (level, index, hash)
       select n.level, n.index, n.hash from unnest($5::smallint[], $6::bigint[], $7::bytea[]) n(level, index, hash)`,
      [
        count,
        bytes,
        at,
        checkpoint,
        newNodes.map(({ level }) => level),
        newNodes.map(({ index }) => index),
        newNodes.map(({ hash }) => hash),
      ],
    );
    return formatReceipt({ leaf: bytes, index: count, proof: inclusionProof, checkpoint });
  }

  /**
   * The newest checkpoint, that of the empty tree before anything was accepted; signed by the current key, also when the
   * last entry was recorded under an older one. The same key signs the same note.
   */
  async checkpoint(tx: Tx): Promise<string> {
    const [row] = (await tx.query('select note from ledger.checkpoint order by size desc limit 1')) as {
      note: string;
    }[];
    if (!row) return this.sign(0, emptyRoot);
    const { size, root } = parseCheckpoint(row.note.slice(0, row.note.lastIndexOf('\n\n') + 1));
    return this.sign(size, root);
  }

  private sign(size: number, root: Buffer): string {
    return signNote(
      formatCheckpoint({ origin: this.config.hubId, size, root }),
      this.config.hubId,
      this.key.privateKey,
    );
  }
}
