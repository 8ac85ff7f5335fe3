import type { DataSource } from 'typeorm';
import { Refusal } from '@hub/kernel';
import { lockName, newId } from '@hub/platform';
import { nameOf } from './domain';
import type { Subject } from './tokens';

/**
 * Lets a steward in without an invitation, as the owner: an empty hub has nobody who could invite one, and one alone cannot
 * confirm what two have to. With two in force all others are invited. Doing it again changes nothing.
 * @returns how many stewards the hub has now, and the name under which it knows this one
 * @throws Refusal REQUEST_MALFORMED for a name that is none; CONFIGURATION for a subject that no token carries, and where two
 *   others are stewards already or this one is from a later day on
 */
export async function letInSteward(
  owner: DataSource,
  who: Subject & { readonly name: string },
): Promise<{ stewards: number; name: string }> {
  const { issuer, subject } = who;
  const name = nameOf(who.name);
  const wrong = (variable: string, expected: string) => new Refusal('CONFIGURATION', { variable, expected });
  if (subject !== subject.trim()) throw wrong('--subject', 'the sub of a token, without spaces around it');
  return owner.transaction(async (tx) => {
    // Two commands at once must not both let in the second.
    await lockName(tx, 'first stewards');
    const stewards = (await tx.query(
      `select m.issuer, m.subject, m.name from identity.member_role r join identity.member m on m.id = r.member_id
       where r.role = 'steward' and r.organisation = 'hub' and r.valid @> identity.today()`,
    )) as (Subject & { name: string })[];
    const known = stewards.find((one) => one.issuer === issuer && one.subject === subject);
    if (known) return { stewards: stewards.length, name: known.name };
    if (stewards.length >= 2)
      throw wrong('steward', 'an invitation by a steward (hub member invite): the hub has two already');
    await tx.query(
      `insert into identity.member (id, issuer, subject, name) values ($1, $2, $3, $4) on conflict (issuer, subject) do nothing`,
      [newId(), issuer, subject, name],
    );
    const [later] = (await tx.query(
      `select lower(r.valid)::text as "from", m.name from identity.member m left join identity.member_role r
         on r.member_id = m.id and r.role = 'steward' and r.organisation = 'hub' and lower(r.valid) > identity.today()
       where m.issuer = $1 and m.subject = $2`,
      [issuer, subject],
    )) as [{ from: string | null; name: string }];
    if (later.from !== null) throw wrong('steward', `nothing more: ${later.name} is one from ${later.from} on`);
    await tx.query(
      `insert into identity.member_role (member_id, role, organisation, valid)
       select id, 'steward', 'hub', daterange(identity.today(), null) from identity.member
       where issuer = $1 and subject = $2`,
      [issuer, subject],
    );
    return { stewards: stewards.length + 1, name: later.name };
  });
}
