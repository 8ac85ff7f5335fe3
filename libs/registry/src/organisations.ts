import type { DataSource } from 'typeorm';
import { isSeenLine, Refusal } from '@hub/kernel';

/**
 * Makes a safeguarding board or an agency known, as the owner: contracts name authorities and regions alone. Again with
 * another name it is renamed, with further areas it has those too, from today on; none is taken away.
 * @param areas  codes of the authorities in which it works, one at least
 * @throws Refusal CONFIGURATION for a code that is neither a board's nor an agency's, a name that is no line that people see, or an area
 *   that is no authority today
 */
export async function layOrganisation(
  owner: DataSource,
  { code, name, areas }: { readonly code: string; readonly name: string; readonly areas: readonly string[] },
): Promise<void> {
  const wrong = (variable: string, expected: string) => new Refusal('CONFIGURATION', { variable, expected });
  if (!/^(?:brd|agy)-[a-z0-9-]+$/.test(code))
    throw wrong('--code', 'brd- or agy- and small letters, digits and hyphens, such as brd-tees');
  if (!name.trim() || name.length > 200 || !isSeenLine(name))
    throw wrong('--name', 'a name of 1 to 200 characters on one line, without those that nobody sees');
  await owner.transaction(async (tx) => {
    const known = (await tx.query(
      `select id from registry.authority where code = any($1) and kind = 'authority' and valid @> identity.today()`,
      [areas],
    )) as { id: number }[];
    if (known.length !== new Set(areas).size)
      throw wrong('--areas', 'codes of authorities of today, such as E06000001,E06000004');
    const later = (await tx.query(
      `select a.code from registry.organisation_area o join registry.authority a on a.id = o.authority_id
       where o.organisation = $1 and a.id = any($2) and lower(o.valid) > identity.today() order by a.code`,
      [code, known.map(({ id }) => id)],
    )) as { code: string }[];
    if (later.length)
      throw wrong(
        '--areas',
        `others than ${later.map((one) => one.code).join(', ')}, which it has from a later day on`,
      );
    await tx.query(
      `insert into registry.organisation (code, name) values ($1, $2) on conflict (code) do update set name = excluded.name`,
      [code, name],
    );
    await tx.query(
      `insert into registry.organisation_area (organisation, authority_id, valid)
       select $1, id, daterange(identity.today(), null) from unnest($2::int[]) id
       where not exists (select from registry.organisation_area o
         where o.organisation = $1 and o.authority_id = id and o.valid @> identity.today())`,
      [code, known.map(({ id }) => id)],
    );
  });
}
