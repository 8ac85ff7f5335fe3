import { londonDate, parsePeriod, type AuthorityCode } from '@hub/kernel';
import type { Holding } from '../domain';

/** Of a submission `b` what a holding is made of, but for its authority and whether counts are there. */
export const heldColumns = `b.id, b.dataset, b.dataset_version as "datasetVersion", b.period, b.version,
  b.received_at as "receivedAt", b.agreement_id as "agreementId", b.agreement_version as "agreementVersion",
  exists (select from intake.raw w where w.submission_id = b.id) as envelope`;
export interface HeldRow {
  readonly id: string;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly period: string;
  readonly version: number;
  readonly receivedAt: Date;
  readonly agreementId: string;
  readonly agreementVersion: number;
  readonly envelope: boolean;
}

/** @param cells  whether counts of it are there */
export const toHolding = (row: HeldRow, authority: AuthorityCode, cells: boolean): Holding => ({
  id: row.id,
  authority,
  dataset: { code: row.dataset, version: row.datasetVersion },
  period: parsePeriod(row.period),
  version: row.version,
  receivedOn: londonDate(row.receivedAt),
  agreement: { id: row.agreementId, version: row.agreementVersion },
  envelope: row.envelope,
  cells,
});
