import { uuidv7 } from 'uuidv7';
import type { Caller, Tx } from './store';

/** What somebody did, or was refused. */
export type AccessAction =
  | 'read.region'
  | 'read.publications'
  | 'read.publication'
  | 'read.benchmark'
  | 'read.issue'
  | 'read.issues'
  | 'read.pack'
  | 'read.own'
  | 'submit'
  | 'check'
  | 'withdraw.words';

/** Who did or was refused what, on whose agreement. Never a figure, never text that failed to parse. */
export interface AccessRecord {
  readonly at: Date;
  readonly action: AccessAction;
  /** What was asked for, in codes: `E12000001 RF01 2024-FY`. */
  readonly subject: string;
  readonly regionId?: number | null;
  /** In which role, and for which organisation. */
  readonly reader?: { readonly role: string; readonly organisation: string };
  readonly purpose?: string;
  /** Whose figures were read, by inner ids; absent: those of all the region's authorities of that day. */
  readonly authorities?: readonly number[];
  readonly agreement?: { readonly id: string; readonly version: number; readonly clause: string };
  readonly refusal?: string;
}

/**
 * One row per read or refused submission, written in the same transaction as the read. What goes wrong before it is asked of the
 * database is thrown at once, so that nobody who leaves the waiting to the commit answers without a record.
 */
export function recordAccess(tx: Tx, caller: Caller | null, record: AccessRecord): Promise<void> {
  return tx.query(
    `insert into platform.access_log (id, at, member_id, action, subject, region_id, agreement_id, agreement_version,
       clause, purpose, organisation, role, refusal, authorities)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [uuidv7(), record.at, caller?.id ?? null, ...columnsOf(record), record.authorities ?? null],
  );
}

/** A refusal at the read door, in the same transaction as the look: one row a day for the like, with their number. */
export async function countRefusal(tx: Tx, record: AccessRecord & { readonly refusal: string }): Promise<void> {
  await tx.query('select platform.count_refusal($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)', [
    uuidv7(),
    record.at,
    ...columnsOf(record),
  ]);
}

const columnsOf = ({ action, subject, regionId, agreement, purpose, reader, refusal }: AccessRecord): unknown[] => [
  action,
  subject,
  regionId ?? null,
  agreement?.id ?? null,
  agreement?.version ?? null,
  agreement?.clause ?? null,
  purpose ?? null,
  reader?.organisation ?? null,
  reader?.role ?? null,
  refusal ?? null,
];
