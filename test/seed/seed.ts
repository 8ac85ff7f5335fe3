import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { parseAgreement, type AgreementDocument } from '@hub/agreements/domain';
import { contractsFolder } from '@hub/contracts';
import { parseStrictJson, Refusal } from '@hub/kernel';
import { newId } from '@hub/platform';
import { loadRegistry } from '@hub/registry/domain';

/**
 * Members for demonstrations, development and tests, written with the owner's login: hundreds of people who would have to
 * be invited one by one. Agreements are drafted and signed over the API, as everywhere.
 */

/** Boards and agencies that the seed makes up: a chair reaches more than one authority, and in the North East another board. */
const organisations = [
  { code: 'brd-tees', name: 'Tees safeguarding children board', areas: ['E06000001', 'E06000004'] },
  { code: 'brd-durham', name: 'Durham safeguarding children board', areas: ['E06000047'] },
  { code: 'brd-black-country', name: 'Black Country safeguarding children board', areas: ['E08000027', 'E08000028'] },
  {
    code: 'agy-cleveland-police',
    name: 'Cleveland Police',
    areas: ['E06000001', 'E06000002', 'E06000003', 'E06000004'],
  },
  { code: 'agy-west-midlands-police', name: 'West Midlands Police', areas: ['E08000025', 'E08000026', 'E08000027'] },
] as const;

const ofAuthorities = ['authority-system', 'authority-analyst', 'authority-approver', 'elected-member', 'scrutineer'];

/** Roles of which the seed makes two members, `ROLE@CODE` and `ROLE-2@CODE`: what one does, another has to confirm. */
const twice = ['authority-approver', 'agency-partner', 'board-chair', 'regional-lead', 'steward'];

/** The subject under which the development issuer knows a seeded member; `seat` is a role, or one with `-2` behind it. */
export const subjectOf = (seat: string, organisation: string): string => `${seat}@${organisation}`;

async function asOwner<T>(ownerUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  if (process.env.NODE_ENV === 'production') {
    throw new Refusal('CONFIGURATION', {
      variable: 'NODE_ENV',
      expected: 'anything but production: the seed makes members up',
    });
  }
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } finally {
    await client.end();
  }
}

/** A member for every role and organisation, as subjects of that issuer, and for some a second. Doing it again changes nothing. */
export async function seedMembers(ownerUrl: string, issuer: string): Promise<number> {
  const { authorities, regions } = loadRegistry();
  const pairs = [
    ...authorities.flatMap(({ code }) => ofAuthorities.map((role) => ({ role, of: code }))),
    ...regions.map(({ code }) => ({ role: 'regional-lead', of: code })),
    ...organisations.map(({ code }) => ({
      role: code.startsWith('brd-') ? 'board-chair' : 'agency-partner',
      of: code as string,
    })),
    { role: 'steward', of: 'hub' },
    { role: 'auditor', of: 'hub' },
  ];
  return asOwner(ownerUrl, async (client) => {
    for (const { code, name, areas } of organisations) {
      await client.query('insert into registry.organisation (code, name) values ($1, $2) on conflict do nothing', [
        code,
        name,
      ]);
      await client.query(
        `insert into registry.organisation_area (organisation, authority_id)
         select $1, id from registry.authority a where code = any($2)
           and not exists (select from registry.organisation_area o where o.organisation = $1 and o.authority_id = a.id)`,
        [code, areas],
      );
    }
    const rows = pairs.flatMap(({ role, of }) =>
      [role, ...(twice.includes(role) ? [`${role}-2`] : [])].map((seat) => ({
        id: newId(),
        role,
        of,
        subject: subjectOf(seat, of),
      })),
    );
    await client.query(
      `insert into identity.member (id, issuer, subject, name)
       select id, $2, subject, role || ' of ' || "of"
       from jsonb_to_recordset($1::jsonb) m(id uuid, subject text, role text, "of" text)
       on conflict (issuer, subject) do nothing`,
      [JSON.stringify(rows), issuer],
    );
    await client.query(
      `insert into identity.member_role (member_id, role, organisation)
       select m.id, r.role, r."of"
       from jsonb_to_recordset($1::jsonb) r(subject text, role text, "of" text)
         join identity.member m on m.subject = r.subject and m.issuer = $2
       where not exists (select from identity.member_role x where x.member_id = m.id and x.role = r.role)`,
      [JSON.stringify(rows), issuer],
    );
    return rows.length;
  });
}

/** An example agreement out of contracts, in force for years to come whenever it is taken: its own dates run out. */
export function exampleAgreement(
  name:
    | 'north-east-benchmarking.v1'
    | 'west-midlands-benchmarking.v1'
    | 'north-east-peer-challenge.v1'
    | 'north-east-west-midlands-view.v1',
): AgreementDocument {
  const it = parseAgreement(parseStrictJson(readFileSync(join(contractsFolder, 'agreements', `${name}.json`))));
  const year = new Date().getUTCFullYear();
  return parseAgreement({
    ...it,
    dpia: { ...it.dpia, reviewDate: `${year + 2}-04-01` },
    effective: { ...it.effective, until: `${year + 4}-04-01` },
  });
}
