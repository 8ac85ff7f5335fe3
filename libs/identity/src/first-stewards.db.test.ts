import { DataSource } from 'typeorm';
import { openDataSource, ReaderStore, type Database } from '@hub/platform';
import { layOrganisation } from '@hub/registry';
import { ask, freshDatabase } from '../../../test/support/database';
import { letInSteward } from './first-stewards';
import { MembersService } from './members.service';

const issuer = 'https://issuer.example';
let database: Database;
let owner: DataSource;
let reader: ReaderStore;
beforeAll(async () => {
  database = await freshDatabase();
  owner = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
  reader = new ReaderStore(await openDataSource(database.urls.reader, 'reader'));
});
afterAll(async () => {
  await reader.close();
  await owner.destroy();
  await database.stop();
});
const steward = (subject: string, name = `Steward ${subject}`) => letInSteward(owner, { issuer, subject, name });

test('the owner lets two stewards in, each once; the third is invited', async () => {
  const one = { stewards: 1, name: 'Steward one' };
  // Whom the hub knows keeps the name.
  expect([await steward('one'), await steward('one', 'Somebody Else')]).toEqual([one, one]);
  const from = `insert into identity.member (id, issuer, subject, name) values (gen_random_uuid(), '${issuer}', 'later', 'Later');
    insert into identity.member_role (member_id, role, organisation, valid)
      select id, 'steward', 'hub', daterange(identity.today() + 3, null) from identity.member where subject = 'later'`;
  await ask(database.ownerUrl, from);
  await expect(steward('later')).rejects.toMatchObject({ code: 'CONFIGURATION', facts: { variable: 'steward' } });
  // Several at once, each with a connection that is open already, do not make three.
  await Promise.all(Array.from({ length: 6 }, () => owner.query('select pg_sleep(0.05)')));
  const together = await Promise.allSettled(['2', '3', '4', '5', '6', '7'].map((each) => steward(each)));
  expect(together.filter(({ status }) => status === 'fulfilled')).toMatchObject([{ value: { stewards: 2 } }]);
  await expect(steward('eight')).rejects.toMatchObject({
    code: 'CONFIGURATION',
    facts: { expected: expect.stringContaining('invitation') as string },
  });
  const members = new MembersService(reader);
  expect((await members.find({ issuer, subject: 'one' }))?.roles).toMatchObject([{ role: 'steward', of: 'hub' }]);
  expect(await members.find({ issuer: 'https://other.example', subject: 'one' })).toBeNull();
});

test('a subject that no token carries, and a name that is none, are refused', async () => {
  await expect(steward(' x')).rejects.toMatchObject({ facts: { variable: '--subject' } });
  await expect(steward('x', ' ')).rejects.toMatchObject({ code: 'REQUEST_MALFORMED' });
});

test('a board is laid in with its areas, and given another name and further areas; none is taken away', async () => {
  const areas = () =>
    ask(
      database.ownerUrl,
      `select b.name, a.code from registry.organisation b join registry.organisation_area o on o.organisation = b.code
         join registry.authority a on a.id = o.authority_id where b.code = 'brd-tees' order by 2`,
    );
  await layOrganisation(owner, { code: 'brd-tees', name: 'Tees', areas: ['E06000001', 'E06000001'] });
  await layOrganisation(owner, { code: 'brd-tees', name: 'Tees board', areas: ['E06000001', 'E06000004'] });
  await layOrganisation(owner, { code: 'brd-tees', name: 'Tees board', areas: ['E06000004'] });
  expect(await areas()).toEqual([
    { name: 'Tees board', code: 'E06000001' },
    { name: 'Tees board', code: 'E06000004' },
  ]);
  await ask(
    database.ownerUrl,
    `update registry.organisation_area set valid = daterange(identity.today() + 3, null) where organisation = 'brd-tees'
       and authority_id = (select id from registry.authority where code = 'E06000004')`,
  );
  await expect(layOrganisation(owner, { code: 'brd-tees', name: 'Tees', areas: ['E06000004'] })).rejects.toMatchObject({
    code: 'CONFIGURATION',
    facts: { expected: expect.stringContaining('E06000004') as string },
  });
  // Characters that act on the line, or that nobody sees, are in no name.
  for (const name of [
    'Tees\u202E',
    'Te\u200Bes',
    'Tees\u{E0041}',
    'Tees\nboard',
    'Tees\u001B[2J',
    ' ',
    'T'.repeat(201),
  ])
    await expect(layOrganisation(owner, { code: 'brd-x', name, areas: ['E06000001'] })).rejects.toMatchObject({
      code: 'CONFIGURATION',
      facts: { variable: '--name' },
    });
  const refused = (code: string, ...areas: string[]) =>
    expect(layOrganisation(owner, { code, name: 'X', areas })).rejects.toHaveProperty('facts.variable');
  await refused('brd-x', 'E06999999');
  await refused('brd-x', 'E12000001');
  await refused('tees', 'E06000001');
  expect(await ask(database.ownerUrl, `select from registry.organisation where code = 'brd-x' or name = 'X'`)).toEqual(
    [],
  );
});
