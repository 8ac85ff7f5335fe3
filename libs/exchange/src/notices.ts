import { appendWork, newId, type Tx } from '@hub/platform';
import type { NoticeKind } from './domain';
import type { Seat } from './seats';

/** Tells organisations that something is asked of them or was shared with them: a row for each, sent by mail, without content. */
export async function tell(
  tx: Tx,
  seat: Seat,
  kind: NoticeKind,
  subject: string,
  organisations: readonly string[],
): Promise<void> {
  for (const organisation of organisations) {
    const id = newId();
    await tx.query(
      'insert into exchange.notice (id, organisation, kind, subject_id, made_at) values ($1, $2, $3, $4, $5)',
      [id, organisation, kind, subject, seat.now],
    );
    await appendWork(tx, 'exchange.tell', id, seat.now);
  }
}
