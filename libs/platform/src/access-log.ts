import { uuidv7 } from 'uuidv7';
import type { Caller, Tx } from './store';

/** Who did or was refused what, on whose agreement. Never a figure, never text that failed to parse. */
export interface AccessRecord {
  readonly at: Date;
  readonly action: 'read.publications' | 'read.benchmark' | 'submit' | 'check';
  /** What was asked for, in codes: `E12000001 RF01 2024-FY`. */
  readonly subject: string;
  readonly regionId?: number;
  readonly agreement?: { readonly id: string; readonly version: number; readonly clause: string };
  readonly refusal?: string;
}

/** One row per read or refused submission, written in the same transaction as the read. */
export async function recordAccess(tx: Tx, caller: Caller | null, record: AccessRecord): Promise<void> {
  await tx.query(
    `insert into platform.access_log (id, at, member_id, action, subject, region_id, agreement_id, agreement_version, clause, refusal)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      uuidv7(),
      record.at,
      caller?.id ?? null,
      record.action,
      record.subject,
      record.regionId ?? null,
      record.agreement?.id ?? null,
      record.agreement?.version ?? null,
      record.agreement?.clause ?? null,
      record.refusal ?? null,
    ],
  );
}
