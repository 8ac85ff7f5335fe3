import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@hub/kernel';
import { CONFIG, type Config, type Tx } from '@hub/platform';
import { append, emptyRoot, encodeLeaf, formatCheckpoint, formatReceipt, leafHash, nodesToRead, signNote, type Leaf } from './domain';
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
    await tx.query('select pg_advisory_xact_lock($1)', [LEDGER_LOCK]);
    const [{ size: count }] = (await tx.query(
      'select coalesce(max(index) + 1, 0)::float8 as size from ledger.entry',
    )) as [{ size: number }];
    const places = nodesToRead(count);
    const nodes = (await tx.query(
      `select n.hash from unnest($1::int[], $2::bigint[]) with ordinality p(level, index, place)
         join ledger.node n on n.level = p.level and n.index = p.index order by p.place`,
      [places.map(({ level }) => level), places.map(({ index }) => index)],
    )) as { hash: Buffer }[];
    if (nodes.length !== places.length) throw new Error('the ledger misses a node');
    const bytes = encodeLeaf(leaf);
    const { newNodes, root, inclusionProof } = append(
      count,
      nodes.map(({ hash }) => hash),
      leafHash(bytes),
    );
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

  /** The newest signed checkpoint; that of the empty tree before anything was accepted. */
  async checkpoint(tx: Tx): Promise<string> {
    const [row] = (await tx.query('select note from ledger.checkpoint order by size desc limit 1')) as { note: string }[];
    return row?.note ?? this.sign(0, emptyRoot);
  }

  private sign(size: number, root: Buffer): string {
    return signNote(formatCheckpoint({ origin: this.config.hubId, size, root }), this.config.hubId, this.key.privateKey);
  }
}
