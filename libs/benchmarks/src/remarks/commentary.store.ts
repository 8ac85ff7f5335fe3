import type { Tx } from '@hub/platform';
import type { Commentary } from '../domain';

/**
 * What a region's lead and its authorities say of any period within a span, as far as the database shows it to the reader: one
 * statement that waits for no other.
 * @param regionId  null: there is no such region
 * @param from      civil dates, half-open
 */
export async function commentaryAbout(
  tx: Tx,
  regionId: number | null,
  from: string,
  until: string,
): Promise<readonly Commentary[]> {
  return (await tx.query(
    `select c.id, coalesce(a.code, g.code) as of, a.code as authority, c.indicator, c.period, c.text, c.figures,
       c.written_at as "writtenAt"
     from remarks.commentary c
       left join registry.authority a on a.id = c.authority_id left join registry.region g on g.id = c.region_id
     where (c.region_id = $1 or c.authority_id in (select authority_id from registry.region_authority
         where region_id = $1 and valid && daterange($2::date, $3::date)))
       and c.from_date >= $2 and c.until_date <= $3 order by c.id`,
    [regionId, from, until],
  )) as Commentary[];
}
