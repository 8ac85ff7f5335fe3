import type { Tx } from '@hub/platform';
import { Endings, type Ending } from '../domain';

/** How patterns of a region ended, as far as the database shows them to the reader: one statement. */
export async function endingsIn(tx: Tx, regionId: number | null): Promise<Endings> {
  const rows = (await tx.query(
    `select s.key as series, a.code as authority, e.rule, e.direction, e.since, e.until, e.ended_as as end, e.reason, e.role, e.organisation as of, e.at
     from remarks.ending e join registry.series s on s.id = e.series_id left join registry.authority a on a.id = e.authority_id
     where e.region_id = $1 order by e.id desc`,
    [regionId],
  )) as Ending[];
  return new Endings(rows);
}
