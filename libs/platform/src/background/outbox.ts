import { uuidv7 } from 'uuidv7';
import type { Tx } from '../store';

/** Kinds of background work; each has one handler. */
export type WorkType = 'round.compile';

/**
 * Asks for background work inside the transaction of the change that needs it: both commit, or neither.
 * @returns the id of the outbox row, the only thing that a job carries
 */
export async function appendWork(tx: Tx, type: WorkType, subject: string, at: Date): Promise<string> {
  const id = uuidv7();
  await tx.query('insert into platform.outbox (id, type, subject, created_at, next_at) values ($1, $2, $3, $4, $4)', [
    id,
    type,
    subject,
    at,
  ]);
  return id;
}

/** One run of one piece of work. */
export interface Run {
  readonly id: string;
  readonly type: WorkType;
  readonly subject: string;
  readonly attempt: number;
  /**
   * Marks the work done in the handler's own transaction.
   * @throws FenceLost when another run has begun since: then nothing of this one may commit
   */
  settle(tx: Tx): Promise<void>;
}

/** Another run of the same work has begun or finished; the changes of this one are rolled back. */
export class FenceLost extends Error {
  override readonly name = 'FenceLost';
}

export type Handler = (run: Run) => Promise<void>;
export type Handlers = Readonly<Record<WorkType, Handler>>;
