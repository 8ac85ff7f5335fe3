import { sha256, type Finding, type Period } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import { kindNumbers, kindOf } from '@hub/publications/domain';
import type { RegistryKeys } from '@hub/registry';
import { randomBytes } from 'node:crypto';
import {
  indicatorsCounted,
  type Cell,
  type CellKind,
  type PayloadHead,
  type SubmissionState,
  type Validated,
} from './domain';

/** What the number of a stored cell's kind means: one of those that a printed figure has. */
export const cellKindOf = (number: number): CellKind => kindOf(number) as CellKind;

/** Where a return of a period belongs. */
export interface Place {
  readonly authorityId: number;
  /** Its code. */
  readonly dataset: string;
  readonly period: Period;
  /** Null for an authority's own dataset. */
  readonly roundId: string | null;
  readonly regionId: number;
}

/**
 * Gives the next version its place: the one in use is superseded, and so is what waits for its approver; the round is told. In one
 * statement.
 * @param known  the number of the version, where it has been found under the same lock already
 * @returns the number of the version
 */
export async function takePlace(
  tx: Tx,
  { authorityId, dataset, period, roundId, regionId }: Place,
  cells: readonly Cell[],
  now: Date,
  known: number | null = null,
): Promise<number> {
  const counted = indicatorsCounted(cells.map(({ series, kind }) => ({ series, counted: kind === 'value' })));
  const [{ version }] = (await tx.query(
    `with next as (
       select coalesce($8::int, (select max(version) + 1 from intake.submission
         where authority_id = $1 and dataset = $2 and period = $3), 1) as version
     ), superseded as (
       update intake.submission set state = 'superseded'
       where authority_id = $1 and dataset = $2 and period = $3 and state in ('accepted', 'awaitingSignOff')
         and version is distinct from $8::int
     ), arrived as (
       insert into rounds.return_state (round_id, region_id, authority_id, version, received_at, first_received_at, counted)
       select $4, $5, $1, version, $6, $6, $7 from next where $4::uuid is not null
       on conflict (round_id, authority_id) do update
         set version = excluded.version, received_at = excluded.received_at, counted = excluded.counted
     )
     select version from next`,
    [authorityId, dataset, period.text, roundId, regionId, now, counted, known],
  )) as [{ version: number }];
  return version;
}

/** Makes room for a version that waits: what is in use stays, and what has waited is superseded. */
export const waitInPlace = (tx: Tx, { authorityId, dataset, period }: Place): Promise<unknown> =>
  tx.query(
    `update intake.submission set state = 'superseded'
     where authority_id = $1 and dataset = $2 and period = $3 and state = 'awaitingSignOff'`,
    [authorityId, dataset, period.text],
  );

/** What the row of a submission says beside its place. */
export interface SubmissionRow {
  readonly version: number;
  readonly state: SubmissionState;
  readonly head: PayloadHead;
  readonly kids: readonly string[];
  readonly digest: Buffer;
  readonly receivedBy: string;
  readonly receivedAt: Date;
  /** When it was signed, and not after it came. */
  readonly signedAt: Date;
  /** Null where another return carries it. */
  readonly jti: string | null;
  readonly carriedBy: string | null;
}

export function insertSubmission(
  tx: Tx,
  id: string,
  { authorityId, period }: Place,
  row: SubmissionRow,
): Promise<unknown> {
  const { dataset, agreement } = row.head;
  return tx.query(
    `insert into intake.submission (id, authority_id, dataset, dataset_version, period, period_kind, period_from, period_until,
       version, state, agreement_id, agreement_version, jti, kids, envelope_digest, received_by, received_at, signed_at, carried_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    [
      id,
      authorityId,
      dataset.code,
      dataset.version,
      period.text,
      period.kind,
      period.from,
      period.until,
      row.version,
      row.state,
      agreement.id,
      agreement.version,
      row.jti,
      row.kids,
      row.digest,
      row.receivedBy,
      row.receivedAt,
      row.signedAt,
      row.carriedBy,
    ],
  );
}

/** What is in use, or waits, was sent once more under a later signature: nothing signed before that takes its place any more. */
export const signAgain = (tx: Tx, id: string, at: Date): Promise<unknown> =>
  tx.query(
    `update intake.submission set signed_at = greatest(signed_at, $2)
     where (id = $1 or carried_by = $1) and state in ('accepted', 'awaitingSignOff')`,
    [id, at],
  );

/** Completes what has waited: the envelope with all signatures takes the place of the one with some. */
export function signOff(
  tx: Tx,
  id: string,
  signed: { kids: readonly string[]; bytes: Uint8Array; findings: readonly Finding[]; by: string; at: Date },
): Promise<unknown>[] {
  const { kids, bytes, findings, by, at } = signed;
  return [
    tx.query('update intake.raw set envelope = $2, findings = $3 where submission_id = $1', [
      id,
      bytes,
      JSON.stringify(findings),
    ]),
    tx.query(
      `update intake.submission set state = 'accepted', kids = $2, envelope_digest = $3, signed_off_by = $4, signed_off_at = $5
       where id = $1`,
      [id, kids, sha256(bytes), by, at],
    ),
  ];
}

/** The envelope and what goes with it when the agreement says so; the submission stays. */
export function insertRaw(
  tx: Tx,
  id: string,
  authorityId: number,
  {
    bytes,
    payload,
    findings,
    reason,
  }: { bytes: Uint8Array; payload: Buffer; findings: readonly Finding[]; reason: string | undefined },
): Promise<unknown> {
  const salt = randomBytes(16);
  return tx.query(
    `insert into intake.raw (submission_id, authority_id, envelope, salt, payload_digest, findings, reason)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, authorityId, bytes, salt, sha256(salt, payload), JSON.stringify(findings), reason ?? null],
  );
}

/** Answers to what was asked, and comments. What was not asked stays in the envelope alone. */
export function insertSaid(
  tx: Tx,
  keys: RegistryKeys,
  id: string,
  authorityId: number,
  { asked, said }: Pick<Validated, 'asked' | 'said'>,
): Promise<unknown>[] {
  const answers = asked.flatMap(({ rule, pointer, series, refreshes }) => {
    const given = said.answers.find((one) => one.rule === rule && one.pointer === pointer);
    return given ? [{ rule, series: keys.seriesId(series), answer: given.answer, text: given.text, refreshes }] : [];
  });
  const written: Promise<unknown>[] = [];
  if (answers.length) {
    written.push(
      tx.query(
        `insert into intake.answer (submission_id, authority_id, rule, series_id, answer, text, refreshes)
       select $1, $2, a.rule, a.series, a.answer, a.text, a.refreshes
       from jsonb_to_recordset($3::jsonb) a(rule text, series int, answer text, text text, refreshes text)`,
        [id, authorityId, JSON.stringify(answers)],
      ),
    );
  }
  if (said.commentary.length) {
    written.push(
      tx.query(
        `insert into intake.comment (submission_id, authority_id, indicator, text)
       select $1, $2, c.indicator, c.text from jsonb_to_recordset($3::jsonb) c(indicator text, text text)`,
        [id, authorityId, JSON.stringify(said.commentary)],
      ),
    );
  }
  return written;
}

/** In the order of their key, for then each finds its place in the index beside the one before. */
export function insertCells(
  tx: Tx,
  keys: RegistryKeys,
  id: string,
  authorityId: number,
  cells: readonly Cell[],
): Promise<unknown> {
  return tx.query(
    `insert into intake.cell (submission_id, authority_id, series_id, kind, value)
     select $1, $2, c.series, c.kind, c.value from unnest($3::int[], $4::smallint[], $5::bigint[]) c(series, kind, value)
     order by c.series`,
    [
      id,
      authorityId,
      cells.map(({ series }) => keys.seriesId(series)),
      cells.map(({ kind }) => kindNumbers[kind]),
      cells.map(({ value }) => value?.toString() ?? null),
    ],
  );
}

export const insertReceipt = (tx: Tx, id: string, authorityId: number, receipt: string): Promise<unknown> =>
  tx.query('insert into intake.receipt (submission_id, authority_id, receipt) values ($1, $2, $3)', [
    id,
    authorityId,
    receipt,
  ]);
