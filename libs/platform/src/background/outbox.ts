import { uuidv7 } from 'uuidv7';
import { crashPoint } from '../crash-points';
import type { Tx } from '../store';

/** Kinds of background work; each has one handler. */
export const workTypes = [
  'round.compile',
  'round.release',
  'round.publish',
  'round.remind',
  'notice.send',
  'book.load',
  'opening.tell',
  'withdrawal.tell',
  'retention.keep',
  'retention.erase',
  'exchange.tell',
  'exchange.due',
] as const;
export type WorkType = (typeof workTypes)[number];

/**
 * Work is done one piece at a time in each lane: `book` is what takes the book's lock, as a compile does for as long as it runs;
 * `mail` is what waits for the mail server, for as long as that does not answer; `work` is all else, and waits for neither: when an
 * edition appears would tell how long a compile takes, or be put off by a mail.
 */
export const lanes = ['work', 'book', 'mail'] as const;
export type Lane = (typeof lanes)[number];

const takesTheBook: readonly WorkType[] = ['round.compile', 'book.load', 'retention.keep', 'retention.erase'];
const sendsMail: readonly WorkType[] = ['notice.send', 'opening.tell', 'exchange.tell'];

export const laneOf = (type: WorkType): Lane =>
  takesTheBook.includes(type) ? 'book' : sendsMail.includes(type) ? 'mail' : 'work';

/**
 * Asks for background work inside the transaction of the change that needs it: both commit, or neither.
 * @param at    the present moment
 * @param from  when it is to be done; absent: at once
 * @returns the id of the outbox row, the only thing that a job carries
 */
export async function appendWork(tx: Tx, type: WorkType, subject: string, at: Date, from = at): Promise<string> {
  const id = uuidv7();
  await tx.query('insert into platform.outbox (id, type, subject, created_at, next_at) values ($1, $2, $3, $4, $5)', [
    id,
    type,
    subject,
    at,
    from,
  ]);
  crashPoint('outbox.appended');
  return id;
}

/**
 * Asks for work that is done once a day, unless somebody has asked for it on that day already. Two who ask at the same
 * moment may both succeed: such work has to bear being done twice.
 * @param day  civil date of Europe/London
 */
export async function appendDailyWork(tx: Tx, type: WorkType, day: string, at: Date): Promise<void> {
  const id = uuidv7();
  await tx.query(
    `insert into platform.outbox (id, type, subject, created_at, next_at)
     select $1, $2, $1, $4, $4 where not exists (
       select from platform.outbox where type = $2 and (created_at at time zone 'Europe/London')::date = $3::date)`,
    [id, type, day, at],
  );
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
