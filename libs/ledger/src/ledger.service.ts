import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@hub/kernel';
import { CONFIG, crashPoint, crashPointAfter, LEDGER_LOCK, type Config, type Tx } from '@hub/platform';
import {
  append,
  emptyRoot,
  encodeLeaf,
  formatCheckpoint,
  formatReceipt,
  leafHash,
  ledgerOwner,
  nodeHash,
  NoteInvalid,
  nodesToRead,
  openCheckpoint,
  parseCheckpoint,
  signNote,
  type Checkpoint,
  TILE,
  type Leaf,
  type TileId,
} from './domain';
import { HUB_KEY, type HubKey } from './hub-key';

/** The append-only record of what was accepted, with its proofs. */
@Injectable()
export class Ledger {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(HUB_KEY) private readonly key: HubKey,
  ) {}

  /** The last note that this process has signed or verified: what the next append goes on from, as a rule. */
  private trusted = '';

  /**
   * Appends a leaf inside the caller's transaction and gives its receipt. Call it last: the lock is held until the
   * commit, and what follows would hold up every other submission. On a ledger that is not as the hub has signed it
   * nothing is built: the hub would sign what somebody else has written.
   * @param beside  asks for what is written with the receipt. It goes to the database as the entry does: nobody waits for the
   *   answer, for the commit comes right behind, and the lock is held for one round trip less
   * @returns the receipt, a C2SP tlog-proof@v1 text, valid once the transaction has committed
   */
  async append(tx: Tx, leaf: Leaf, beside: (receipt: string) => unknown = () => undefined): Promise<string> {
    // Two statements in one round trip, for the lock is dear; the second has a snapshot of its own, so it sees what the
    // last holder has committed. Where a bit of the size is set there is a complete subtree of that level: these are the
    // peaks of `nodesToRead`.
    const [, peaks] = (await Promise.all([
      tx.query('select pg_advisory_xact_lock($1)', [LEDGER_LOCK]),
      tx.query(
        `select t.size::float8 as size, t.note, n.level, n.index::float8 as index, n.hash
         from (select coalesce(c.size, 0) as size, c.note from (select) one
                 left join lateral (select size, note from ledger.checkpoint order by size desc limit 1) c on true) t
           left join generate_series(0, 52) l(level) on (t.size >> l.level) & 1 = 1
           left join ledger.node n on n.level = l.level and n.index = (t.size >> l.level) - 1
         order by l.level desc`,
        [],
      ),
    ])) as [
      unknown,
      { size: number; note: string | null; level: number | null; index: number | null; hash: Buffer | null }[],
    ];
    crashPoint('ledger.locked');
    const { size: count, note } = peaks[0]!;
    const nodes = nodesToRead(count).map(({ level, index }, i) => {
      const peak = peaks[i];
      if (!peak?.hash || peak.level !== level || peak.index !== index) throw new Error('the ledger misses a node');
      return peak.hash;
    });
    if (note !== null) await this.assertSigned(tx, note, count, nodes);
    const bytes = encodeLeaf(leaf);
    const { newNodes, root, inclusionProof } = append(count, nodes, leafHash(bytes));
    const at = this.clock.now();
    const checkpoint = this.sign(count + 1, root);
    crashPoint('ledger.signed');
    const entry = tx.query(
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
    this.trusted = checkpoint;
    const receipt = formatReceipt({ leaf: bytes, index: count, proof: inclusionProof, checkpoint });
    void crashPointAfter(entry, 'ledger.appended');
    beside(receipt);
    return receipt;
  }

  /**
   * The newest checkpoint, that of the empty tree before anything was accepted; signed by the current key, also when the
   * last entry was recorded under an older one. The same key signs the same note. One that the hub has not signed is shown
   * as it is found.
   */
  async checkpoint(tx: Tx): Promise<string> {
    const [row] = (await tx.query('select note from ledger.checkpoint order by size desc limit 1')) as {
      note: string;
    }[];
    if (!row) return this.sign(0, emptyRoot);
    const signed = await this.signed(tx, row.note);
    return signed ? this.sign(signed.size, signed.root) : row.note;
  }

  /** The checkpoint that was signed when there were so many entries, as it was signed then. */
  async checkpointAt(tx: Tx, size: number): Promise<string | undefined> {
    const [row] = (await tx.query('select note from ledger.checkpoint where size = $1', [size])) as { note: string }[];
    return row?.note;
  }

  /** The hashes of a tile, one after the other; undefined while the ledger has not as many, or has a gap there. */
  async tile(tx: Tx, { level, index, width }: TileId): Promise<Buffer | undefined> {
    const from = level === 0 ? 'ledger.entry where' : `ledger.node where level = ${8 * level} and`;
    const rows = (await tx.query(`select hash from ${from} index >= $1 and index < $2 order by index`, [
      index * TILE,
      index * TILE + width,
    ])) as { hash: Buffer }[];
    return rows.length === width ? Buffer.concat(rows.map(({ hash }) => hash)) : undefined;
  }

  /** @throws Error unless the hub has signed a ledger of so many entries with these peaks */
  private async assertSigned(tx: Tx, note: string, size: number, peaks: readonly Buffer[]): Promise<void> {
    const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
    const signed = note === this.trusted ? parseCheckpoint(text) : await this.signed(tx, note);
    const root = peaks.reduceRight((right, left) => nodeHash(left, right));
    if (signed?.size !== size || !signed.root.equals(root))
      throw new Error('the ledger is not as the hub has signed it');
  }

  /** What the note says, if one of the hub's keys has signed it. */
  private async signed(tx: Tx, note: string): Promise<Checkpoint | undefined> {
    const opened = (lines: readonly string[]) => {
      try {
        return openCheckpoint(note, ledgerOwner(this.config.hubId, lines));
      } catch (error) {
        if (error instanceof NoteInvalid) return undefined;
        throw error;
      }
    };
    const now = opened([this.key.line]);
    if (now) return now;
    const keys = (await tx.query('select line from ledger.hub_key')) as { line: string }[];
    return opened(keys.map(({ line }) => line));
  }

  private sign(size: number, root: Buffer): string {
    return signNote(
      formatCheckpoint({ origin: this.config.hubId, size, root }),
      this.config.hubId,
      this.key.privateKey,
    );
  }
}
