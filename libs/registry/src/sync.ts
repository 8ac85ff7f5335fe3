import type { DataSource } from 'typeorm';
import { allSeries, type Catalogue, type Registry } from './domain';

/**
 * Lays registry and catalogue from `contracts` into the database, as its owner. Authorities and regions keep their
 * inner ids; series are only ever added. Doing it again changes nothing.
 */
export async function syncRegistry(owner: DataSource, registry: Registry, catalogue: Catalogue): Promise<void> {
  await owner.transaction(async (tx) => {
    const json = (rows: unknown) => [JSON.stringify(rows)];
    await tx.query(
      `insert into registry.region (id, code, name)
       select (select coalesce(max(id), 0) from registry.region) + row_number() over (order by r.code), r.code, r.name
       from jsonb_to_recordset($1::jsonb) r(code text, name text)
       where r.code not in (select code from registry.region)`,
      json(registry.regions),
    );
    await tx.query(
      `insert into registry.authority (id, code, name, kind, valid)
       select (select coalesce(max(id), 0) from registry.authority) + row_number() over (order by a.code),
         a.code, a.name, a.kind, daterange(a."from", a."until")
       from jsonb_to_recordset($1::jsonb) a(code text, name text, kind text, "from" date, "until" date)
       where a.code not in (select code from registry.authority)`,
      json(registry.authorities),
    );
    await tx.query(
      `update registry.authority t set name = a.name, valid = daterange(a."from", a."until")
       from jsonb_to_recordset($1::jsonb) a(code text, name text, "from" date, "until" date)
       where a.code = t.code and (t.name, t.valid) is distinct from (a.name, daterange(a."from", a."until"))`,
      json(registry.authorities),
    );
    await tx.query(
      `insert into registry.region_authority (region_id, authority_id, valid)
       select r.id, t.id, t.valid from jsonb_to_recordset($1::jsonb) a(code text, region text)
         join registry.authority t on t.code = a.code join registry.region r on r.code = a.region
       where t.kind = 'authority'
         and not exists (select from registry.region_authority x where x.region_id = r.id and x.authority_id = t.id)`,
      json(registry.authorities),
    );
    await tx.query(
      `insert into registry.authority_link (from_id, to_id, kind, on_date)
       select f.id, t.id, l.kind, l."on" from jsonb_to_recordset($1::jsonb) l("from" text, "to" text, kind text, "on" date)
         join registry.authority f on f.code = l."from" join registry.authority t on t.code = l."to"
       on conflict do nothing`,
      json(registry.links),
    );
    await tx.query(
      `insert into registry.authority_cover (joint_id, covered_id)
       select j.id, c.id from jsonb_to_recordset($1::jsonb) a(code text, covers jsonb)
         cross join jsonb_array_elements_text(a.covers) covered
         join registry.authority j on j.code = a.code join registry.authority c on c.code = covered
       on conflict do nothing`,
      json(registry.authorities.filter((authority) => authority.covers)),
    );
    await tx.query(
      `insert into registry.population (authority_id, year, children)
       select t.id, p.year, p.children from jsonb_to_recordset($1::jsonb) p(authority text, year int, children int)
         join registry.authority t on t.code = p.authority
       on conflict (authority_id, year) do update set children = excluded.children
         where registry.population.children <> excluded.children`,
      json(registry.populations),
    );
    const keys = [...new Set(catalogue.datasets.flatMap((dataset) => allSeries(dataset).map((series) => series.key)))];
    await tx.query(
      `insert into registry.series (key) select k from unnest($1::text[]) k
       where k not in (select key from registry.series) order by k`,
      [keys.sort()],
    );
  });
}
