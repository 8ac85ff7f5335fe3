import type { Ledger, PublicationLeaf } from '@hub/ledger';
import type { Tx } from '@hub/platform';

/** What becomes of a publication, for the ledger and for those who hold it. */
export interface Recorded {
  readonly leaf: PublicationLeaf;
  readonly regionId: number;
  /** Inner ids: of the publication, and of the one that stands in its place. */
  readonly id: string;
  readonly successor?: string;
  /** Inner id of the member who has withdrawn it. */
  readonly by?: string;
}

/**
 * Writes down what becomes of a publication: an entry of the ledger, and beside the publication its receipt. Call it last,
 * for the ledger's lock is held until the commit.
 */
export async function record(tx: Tx, ledger: Ledger, { leaf, regionId, id, successor, by }: Recorded): Promise<void> {
  const receipt = await ledger.append(tx, leaf);
  await tx.query(
    `insert into release.publication_event (publication_id, region_id, event, at, successor_id, receipt, because, withdrawn_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, regionId, leaf.event, leaf.at, successor ?? null, receipt, leaf.because ?? null, by ?? null],
  );
}
