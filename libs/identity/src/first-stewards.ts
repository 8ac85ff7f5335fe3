import type { DataSource } from 'typeorm';
import { Refusal } from '@hub/kernel';
import { lockName, newId } from '@hub/platform';
import { nameOf } from './domain';
import type { Subject } from './tokens';

/**
 * Lets a steward in without an invitation, as the owner: an empty hub has nobody who could invite one, and one alone cannot
 * confirm what two have to. With two in force all others are invited. Doing it again changes nothing.
 * @returns how many stewards the hub has now
 * @throws Refusal REQUEST_MALFORMED for a name that is none; CONFIGURATION for a subject that no token carries, and where two
 *   others are stewards already
 */
export async function letInSteward(owner: DataSource, who: Subject & { readonly name: string }): Promise<number> {
  const { issuer, subject } = who;
  const name = nameOf(who.name);
  const wrong = (variable: string, expected: string) => new Refusal('CONFIGURATION', { variable, expected });
  if (subject !== subject.trim()) throw wrong('--subject', 'the sub of a token, without spaces around it');
  return owner.transaction(async (tx) => {
    // Two commands at once must not both let in the second.
    await lockName(tx, 'first stewards');
    const stewards = (await tx.query(
      `select m.issuer, m.subject from identity.member_role r join identity.member m on m.id = r.member_id
       where r.role = 'steward' and r.organisation = 'hub' and r.valid @> identity.today()`,
    )) as Subject[];
    if (stewards.some((one) => one.issuer === issuer && one.subject === subject)) return stewards.length;
    if (stewards.length >= 2)
      throw wrong('steward', 'an invitation by a steward (hub member invite): the hub has two already');
    await tx.query(
      `insert into identity.member (id, issuer, subject, name) values ($1, $2, $3, $4) on conflict (issuer, subject) do nothing`,
      [newId(), issuer, subject, name],
    );
    await tx.query(
      `insert into identity.member_role (member_id, role, organisation, valid)
       select id, 'steward', 'hub', daterange(identity.today(), null) from identity.member
       where issuer = $1 and subject = $2`,
      [issuer, subject],
    );
    return stewards.length + 1;
  });
}
