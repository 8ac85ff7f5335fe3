import type { Tx } from '@hub/platform';
import type { RegistryKeys } from '@hub/registry';
import { Notes, type Note } from '../domain';

const columns = `n.id, a.code as authority, n.indicator, n.kind, n.period_from as "from", n.period_until as until, n.text,
  n.written_at as "writtenAt"`;

/**
 * Notes of some authorities about any day of a span, as far as the database shows them to the reader: one statement, however
 * many there are.
 * @param from   civil dates, half-open
 */
export async function notesAbout(
  tx: Tx,
  keys: RegistryKeys,
  authorities: readonly string[],
  from: string,
  until: string,
): Promise<Notes> {
  const rows = (await tx.query(
    `select ${columns} from remarks.note n join registry.authority a on a.id = n.authority_id
     where n.authority_id = any($1) and n.from_date < $3 and (n.until_date is null or n.until_date > $2) order by n.id`,
    [authorities.map((code) => keys.authorityId(code)), from, until],
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
