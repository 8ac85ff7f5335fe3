import type { Tx } from '@hub/platform';
import { Notes, type Note } from '../domain';

const columns = `n.id, a.code as authority, n.indicator, n.kind, n.period_from as "from", n.period_until as until, n.text,
  n.written_at as "writtenAt"`;

/**
 * Notes of a region's authorities about any day of a span, as far as the database shows them to the reader: one statement that
 * waits for no other, however many there are.
 * @param regionId  null: there is no such region
 * @param from      civil dates, half-open
 */
export async function notesAbout(tx: Tx, regionId: number | null, from: string, until: string): Promise<Notes> {
  const rows = (await tx.query(
    `select ${columns} from remarks.note n join registry.authority a on a.id = n.authority_id
     where n.authority_id in (select authority_id from registry.region_authority
         where region_id = $1 and valid && daterange($2::date, $3::date))
       and n.from_date < $3 and (n.until_date is null or n.until_date > $2) order by n.id`,
    [regionId, from, until],
  )) as Note[];
  return new Notes(rows);
}

/** Notes of one authority, the newest first, those that have ended too: for those who act for it. */
export async function ownNotes(tx: Tx, authorityId: number): Promise<Note[]> {
  return (await tx.query(
    `select ${columns} from remarks.note n join registry.authority a on a.id = n.authority_id
     where n.authority_id = $1 and not n.withdrawn order by n.id desc`,
    [authorityId],
  )) as Note[];
}
