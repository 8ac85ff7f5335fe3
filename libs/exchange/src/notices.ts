import { appendWork, newId, type Tx } from '@hub/platform';
import type { NoticeKind } from './domain';
import type { Seat } from './seats';

/**
 * Makes a notice and has it sent by mail, without content. One that was made before is not made again: the work then finds none.
 * @param subject  inner id of the issue or the item
 * @param about    the date that it is about, where another date is another thing to be told of
 */
export async function makeNotice(
  tx: Tx,
  now: Date,
  kind: NoticeKind,
  subject: string,
  organisation: string,
  about: string | null = null,
): Promise<void> {
  const id = newId();
  await tx.query(
    `insert into exchange.notice (id, organisation, kind, subject_id, made_at, about) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [id, organisation, kind, subject, now, about],
  );
  await appendWork(tx, 'exchange.tell', id, now);
}

/** Tells organisations that something is asked of them or was shared with them. */
export async function tell(
  tx: Tx,
  seat: Seat,
  kind: NoticeKind,
  subject: string,
  organisations: readonly string[],
): Promise<void> {
  for (const organisation of organisations) await makeNotice(tx, seat.now, kind, subject, organisation);
}

/** Has somebody told, on that morning, what is due or late of an issue or an item by then. */
export const tellLater = (tx: Tx, seat: Seat, subject: string, from: Date): Promise<unknown> =>
  appendWork(tx, 'exchange.due', subject, seat.now, from);

/** Seven o'clock of a day, at which it has begun everywhere in England. */
export const morningOf = (day: string): Date => new Date(Date.parse(`${day}T07:00:00Z`));
/** Seven o'clock of the day after, by which time something due is late. */
export const morningAfter = (day: string): Date => new Date(morningOf(day).getTime() + 86_400_000);
