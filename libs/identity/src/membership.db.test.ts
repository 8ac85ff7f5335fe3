import * as fc from 'fast-check';
import { londonDate, Refusal, systemClock } from '@hub/kernel';
import { DeskStore, newId, openDataSource, ReaderStore, type Config } from '@hub/platform';
import { ask, freshDatabase } from '../../../test/support/database';
import { codeOf } from '../../../test/support/refusal';
import { mayAdminister, roles, type HeldRole, type Member, type Organisation, type Role } from './domain';
import { MembersService } from './members.service';
import { MembershipService } from './membership.service';
import { SystemsService } from './systems.service';

const NORTH_EAST = 'E12000001';
const WEST_MIDLANDS = 'E12000005';
const HARTLEPOOL = 'E06000001';
const ISSUER = 'https://issuer.test';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let desk: DeskStore;
let reader: ReaderStore;
let known: MembersService;
let members: MembershipService;
let systems: SystemsService;

beforeAll(async () => {
  database = await freshDatabase();
  desk = new DeskStore(await openDataSource(database.urls.desk, 'desk'));
  reader = new ReaderStore(await openDataSource(database.urls.reader, 'reader'));
  known = new MembersService(reader);
  const config = { hubId: 'hub-test', issuer: ISSUER } as Config;
  members = new MembershipService(desk, known, config, systemClock);
  systems = new SystemsService(desk, config, systemClock);
  await own(`insert into registry.organisation (code, name) values ('brd-one', 'A board'), ('agy-two', 'An agency')`);
  await own(
    `insert into registry.organisation_area (organisation, authority_id) select o.code, a.id
     from (values ('brd-one', 'E06000001'), ('agy-two', 'E06000002'), ('agy-two', 'E08000025')) o(code, area)
       join registry.authority a on a.code = o.area`,
  );
});
afterAll(async () => {
  await Promise.all([desk, reader].map((store) => store?.close()));
  await database?.stop();
});

const own = <T = Record<string, unknown>>(sql: string, values: unknown[] = []) =>
  ask<T>(database.ownerUrl, sql, values);
const today = () => londonDate(new Date());
const day = (offset: number) => londonDate(new Date(Date.now() + offset * 86_400_000));
const subject = (name: string) => ({ issuer: ISSUER, subject: name });
let people = 0;

/** Somebody new who holds these roles, as the door would find them. */
async function someoneWith(...held: [role: Role, of: string, valid?: string][]): Promise<Member> {
  const [id, name] = [newId(), `person-${++people}`];
  await own('insert into identity.member (id, issuer, subject, name) values ($1, $2, $3, $3)', [id, ISSUER, name]);
  for (const [role, of, valid = '[2020-01-01,)'] of held) {
    await own('insert into identity.member_role (member_id, role, organisation, valid) values ($1, $2, $3, $4)', [
      id,
      role,
      of,
      valid,
    ]);
  }
  return (await known.find(subject(name)))!;
}
const end = (by: Member, whose: Member, role: Role, organisation: string, on = today()) =>
  members.end(by, { member: whose.id, role, organisation, on });
/** `done`, or the code of the refusal. */
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );
const rolesOf = (member: Member | string) =>
  own<{ role: string; of: string; from: string; until: string | null }>(
    `select role, organisation as of, lower(valid)::text as from, upper(valid)::text as until
     from identity.member_role where member_id = $1 and not isempty(valid) order by role, organisation, valid`,
    [typeof member === 'string' ? member : member.id],
  );

test('the database knows the same table of who appoints whom as the domain', async () => {
  const seats = await own<Organisation>(
    `select organisation as code, kind, coalesce(array_agg(region) filter (where region is not null), '{}') as regions
     from identity.seats() group by 1, 2`,
  );
  expect(seats.length).toBeGreaterThan(160);
  const one = async (held: readonly (readonly [Role, string])[]) => {
    const member = await someoneWith(...(held as [Role, string][]));
    const rows = await own<{ role: string; organisation: string }>(
      'select role, organisation from identity.administers($1)',
      [member.id],
    );
    const asMember: Member = {
      id: member.id,
      roles: held.map(([role, of]): HeldRole => ({ role, of, authorities: [], regions: [] })),
    };
    const expected = seats.flatMap((organisation) =>
      roles
        .filter((role) => codeOf(() => mayAdminister(asMember, role, organisation)) === null)
        .map((role) => `${role}@${organisation.code}`),
    );
    expect(rows.map(({ role, organisation }) => `${role}@${organisation}`).sort()).toEqual(expected.sort());
    return expected.length;
  };
  const fitting: Record<Role, readonly string[]> = {
    'authority-system': [HARTLEPOOL, 'E08000025'],
    'authority-analyst': [HARTLEPOOL, 'E06000002'],
    'authority-approver': [HARTLEPOOL, 'E06000061 / E06000062'],
    'regional-lead': [NORTH_EAST, WEST_MIDLANDS],
    'board-chair': ['brd-one'],
    'agency-partner': ['agy-two'],
    'elected-member': [HARTLEPOOL],
    scrutineer: ['E06000002'],
    steward: ['hub', NORTH_EAST],
    auditor: ['hub'],
  };
  const pairs = roles.flatMap((role) => fitting[role].map((of) => [role, of] as const));
  let administered = 0;
  for (const pair of pairs) administered += await one([pair]);
  expect(administered).toBeGreaterThan(30);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...pairs), { minLength: 2, maxLength: 4 }), async (held) => {
      await one(held);
    }),
    { numRuns: 15, seed: 3 },
  );
}, 120_000);

describe('an invitation', () => {
  let steward: Member;
  let lead: Member;
  let approver: Member;
  beforeAll(async () => {
    steward = await someoneWith(['steward', 'hub']);
    lead = await someoneWith(['regional-lead', NORTH_EAST]);
    approver = await someoneWith(['authority-approver', HARTLEPOOL]);
  });
  const invite = (more: { from?: string; until?: string; role?: Role; by?: Member } = {}) =>
    members.invite(more.by ?? approver, {
      role: more.role ?? 'authority-analyst',
      organisation: HARTLEPOOL,
      name: ' Ann Other ',
      from: more.from ?? null,
      until: more.until ?? null,
    });

  test('makes an unknown subject a member, and its code is kept nowhere', async () => {
    const invitation = await invite();
    expect(invitation).toMatchObject({ state: 'open', name: 'Ann Other', from: today(), until: null });
    expect(invitation.code).toMatch(/^[A-Za-z0-9_-]{32}$/);
    const rows = await own<{ text: string }>('select t::text as text from identity.invitation t');
    expect(rows.map(({ text }) => text).join()).not.toContain(invitation.code);
    const member = await members.accept(subject('ann'), invitation.code!);
    expect(member.roles).toMatchObject([{ role: 'authority-analyst', of: HARTLEPOOL }]);
    expect(await own('select name from identity.member where subject = $1', ['ann'])).toEqual([{ name: 'Ann Other' }]);
    const [newest] = await members.invitations(approver, HARTLEPOOL);
    expect(newest).toEqual({ ...invitation, state: 'accepted', code: null });
  });

  test.each<[string, (id: string, code: string) => Promise<unknown>]>([
    ['used twice', (_id, given) => members.accept(subject('quick'), given)],
    ['withdrawn', (id) => members.withdraw(approver, id)],
    ['expired', (_id) => own(`update identity.invitation set expires_at = now() where accepted_at is null`)],
    [
      'of a role that is over',
      () =>
        own(
          `update identity.invitation set valid = daterange('2020-01-01', (now() at time zone 'Europe/London')::date) where accepted_at is null`,
        ),
    ],
  ])('%s is absent, and nobody becomes a member', async (_what, spoil) => {
    const { id, code: given } = await invite();
    await spoil(id, given!);
    expect(await code(members.accept(subject('late'), given!))).toBe('INVITATION_ABSENT');
    expect(await known.find(subject('late'))).toBeNull();
  });

  test('with a code that is none is absent too', async () => {
    const { code: given } = await invite();
    for (const wrong of ['', 'x', given!.slice(1), `${given} `, given!.toUpperCase(), 'a'.repeat(32)]) {
      expect(await code(members.accept(subject('late'), wrong))).toBe('INVITATION_ABSENT');
    }
    expect(await code(members.accept(null, given!))).toBe('TOKEN_MISSING');
    expect(await known.find(subject('late'))).toBeNull();
  });

  test('is worth as much as the right of the one who made it', async () => {
    const removed = await someoneWith(['authority-approver', HARTLEPOOL]);
    const { code: given } = await invite({ by: removed });
    await end(approver, removed, 'authority-approver', HARTLEPOOL);
    expect(await code(members.accept(subject('late'), given!))).toBe('INVITATION_ABSENT');
  });

  test('accepted by two at once makes one of them a member', async () => {
    for (let round = 0; round < 10; round++) {
      const { code: given } = await invite();
      const codes = await Promise.all([0, 1].map((i) => code(members.accept(subject(`rival-${round}-${i}`), given!))));
      expect(codes.sort()).toEqual(['INVITATION_ABSENT', 'done']);
    }
  });

  test('to a role that is held already makes it longer, and never twice', async () => {
    const hold = async (...ranges: [from: string, until?: string][]) => {
      let member: Member | undefined;
      const name = `longer-${++people}`;
      for (const [from, until] of ranges) {
        const { code: given } = await invite({ from, until });
        member = await members.accept(subject(name), given!);
      }
      return (await rolesOf(member!)).map(({ from, until }) => [from, until]);
    };
    expect(await hold([day(0), day(30)], [day(10)])).toEqual([[day(0), null]]);
    expect(await hold([day(0)], [day(10), day(20)])).toEqual([[day(0), null]]);
    expect(await hold([day(20), day(30)], [day(0), day(25)])).toEqual([[day(0), day(30)]]);
    expect(await hold([day(0), day(10)], [day(20), day(30)], [day(5), day(25)])).toEqual([[day(0), day(30)]]);
    expect(await hold([day(0), day(10)], [day(10), day(20)])).toEqual([
      [day(0), day(10)],
      [day(10), day(20)],
    ]);
  });

  test('two accepted at once by the same subject give one role each, or one longer one', async () => {
    for (let round = 0; round < 10; round++) {
      const [one, two] = [await invite({ until: day(30) }), await invite({ from: day(10) })];
      const accepted = await Promise.all(
        [one, two].map((each) => members.accept(subject(`twice-${round}`), each.code!)),
      );
      expect((await rolesOf(accepted[0]!)).map(({ from, until }) => [from, until])).toEqual([[today(), null]]);
    }
  });

  test('is the business of those who administer the role', async () => {
    const { id } = await invite();
    expect(await code(members.withdraw(lead, id))).toBe('INVITATION_ABSENT');
    expect(await code(members.withdraw(steward, id))).toBe('INVITATION_ABSENT');
    expect((await members.invitations(lead, HARTLEPOOL)).map((each) => each.id)).not.toContain(id);
    expect(await code(members.invitations(steward, HARTLEPOOL))).toBe('ORGANISATION_ABSENT');
    expect(await code(members.withdraw(approver, id.replace('hub-test', 'hub-else')))).toBe('INVITATION_ABSENT');
    expect((await members.withdraw(approver, id)).state).toBe('withdrawn');
    expect((await members.withdraw(approver, id)).state).toBe('withdrawn');
  });

  test.each([' ', 'x'.repeat(201), 'a\nb', 'a\u202eb'])('with a name that is none is refused (%#)', async (name) => {
    const asked = { role: 'authority-analyst', organisation: HARTLEPOOL, name, from: null, until: null } as const;
    expect(await code(members.invite(approver, asked))).toBe('REQUEST_MALFORMED');
  });
});

describe('a role that ends', () => {
  beforeEach(() => own('delete from identity.member_role'));

  test('is out at once, at a later day, or before it began', async () => {
    const approver = await someoneWith(['authority-approver', 'E06000002']);
    const now = await someoneWith(['scrutineer', 'E06000002']);
    const later = await someoneWith(['scrutineer', 'E06000002']);
    const never = await someoneWith(['scrutineer', 'E06000002', `[${day(5)},)`]);
    expect(await end(approver, now, 'scrutineer', 'E06000002')).toMatchObject({ from: '2020-01-01', until: today() });
    expect(await end(approver, later, 'scrutineer', 'E06000002', day(9))).toMatchObject({ until: day(9) });
    expect(await end(approver, never, 'scrutineer', 'E06000002')).toMatchObject({ from: day(5), until: day(5) });
    expect(await rolesOf(now)).toMatchObject([{ until: today() }]);
    expect(await rolesOf(later)).toMatchObject([{ until: day(9) }]);
    expect(await rolesOf(never)).toEqual([]);
    // Again, and at a later day: it stays as it is.
    expect(await end(approver, now, 'scrutineer', 'E06000002', day(3))).toMatchObject({ until: today() });
    expect(await rolesOf(now)).toMatchObject([{ until: today() }]);
    expect((await members.members(approver, 'E06000002')).map(({ member }) => member).sort()).toEqual(
      [approver, now, later].map(({ id }) => id).sort(),
    );
    const [{ by }] = (await own('select ended_by as by from identity.member_role where member_id = $1', [now.id])) as [
      { by: string },
    ];
    expect(by).toBe(approver.id);
  });

  test('that nobody holds, or with a day that is over, is refused', async () => {
    const approver = await someoneWith(['authority-approver', 'E06000003']);
    const other = await someoneWith(['scrutineer', 'E06000002']);
    expect(await code(end(approver, other, 'scrutineer', 'E06000003'))).toBe('MEMBER_ABSENT');
    expect(
      await code(members.end(approver, { member: '*', role: 'scrutineer', organisation: 'E06000003', on: today() })),
    ).toBe('MEMBER_ABSENT');
    expect(await code(end(approver, approver, 'authority-approver', 'E06000003', day(-1)))).toBe('MEMBER_DATES');
    expect(await code(end(approver, other, 'scrutineer', 'E06000002'))).toBe('ORGANISATION_ABSENT');
  });

  test('with the last administrator of an authority, of a region or of the hub is refused', async () => {
    const steward = await someoneWith(['steward', 'hub']);
    expect(await code(end(steward, steward, 'steward', 'hub'))).toBe('MEMBER_LAST_ADMINISTRATOR');
    const approver = await someoneWith(['authority-approver', 'E06000005']);
    expect(await code(end(approver, approver, 'authority-approver', 'E06000005', day(60)))).toBe(
      'MEMBER_LAST_ADMINISTRATOR',
    );
    const known = await someoneWith(['regional-lead', WEST_MIDLANDS]);
    expect(await code(end(known, known, 'regional-lead', WEST_MIDLANDS))).toBe('MEMBER_LAST_ADMINISTRATOR');
    const leaving = await someoneWith(['regional-lead', WEST_MIDLANDS, `[2020-01-01,${day(90)})`]);
    expect(await code(end(leaving, known, 'regional-lead', WEST_MIDLANDS))).toBe('MEMBER_LAST_ADMINISTRATOR');
    await someoneWith(['regional-lead', WEST_MIDLANDS, `[${day(90)},)`]);
    expect(await code(end(leaving, known, 'regional-lead', WEST_MIDLANDS))).toBe('done');
  });

  test.each(['by one who administers both', 'by each other'])(
    'at once with the other one’s: one stays, 25 times over, %s',
    async (how) => {
      const lead = await someoneWith(['regional-lead', NORTH_EAST]);
      for (let round = 0; round < 25; round++) {
        const organisation = 'E06000004';
        await own(`delete from identity.member_role where organisation = $1`, [organisation]);
        const one = await someoneWith(['authority-approver', organisation]);
        const two = await someoneWith(['authority-approver', organisation]);
        const [first, second] = how === 'by each other' ? [one, two] : [lead, lead];
        const codes = await Promise.all([
          code(end(first!, two, 'authority-approver', organisation)),
          code(end(second!, one, 'authority-approver', organisation)),
        ]);
        // Who has just been removed sees nobody any more.
        const refused = how === 'by each other' ? 'MEMBER_ABSENT' : 'MEMBER_LAST_ADMINISTRATOR';
        expect([round, codes.sort()]).toEqual([round, [refused, 'done']]);
        const left = await own(
          `select from identity.member_role where organisation = $1 and valid @> identity.today()`,
          [organisation],
        );
        expect(left).toHaveLength(1);
      }
    },
    60_000,
  );
});

describe('a system of an authority', () => {
  const STOCKTON = 'E06000004';
  let first: Member;
  let second: Member;
  let clients = 0;
  beforeAll(async () => {
    first = await someoneWith(['authority-approver', STOCKTON]);
    second = await someoneWith(['authority-approver', STOCKTON]);
  });
  const register = (more: { by?: Member; client?: string; from?: string; until?: string; of?: string } = {}) =>
    systems.register(more.by ?? first, {
      organisation: more.of ?? STOCKTON,
      client: more.client ?? `client-${++clients}`,
      name: ' Case system ',
      from: more.from ?? null,
      until: more.until ?? null,
    });
  /** Everything that is stored about members and systems. */
  const stored = () =>
    own(`select (select jsonb_agg(s order by s.id) from identity.system_account s) as systems,
           (select jsonb_agg(m order by m.id) from identity.member m) as members,
           (select jsonb_agg(r order by r.member_id, r.role, r.organisation, r.valid) from identity.member_role r) as roles,
           (select count(*) from identity.invitation) as invitations`);
  /** The code of a refusal after which everything stands as before. */
  const refused = async (work: () => Promise<unknown>) => {
    const before = await stored();
    const given = await code(work());
    expect(await stored()).toEqual(before);
    return given;
  };

  test('is nobody until a second approver confirms it, and then holds the one role', async () => {
    const { id, client, ...rest } = await register({ until: day(30) });
    expect(rest).toMatchObject({ of: STOCKTON, name: 'Case system', state: 'pending', from: today(), member: null });
    expect(await known.find(subject(client))).toBeNull();
    expect(await systems.confirm(second, id)).toMatchObject({ state: 'confirmed', client });
    const member = (await known.find(subject(client)))!;
    expect(member.roles).toMatchObject([{ role: 'authority-system', of: STOCKTON }]);
    const before = await stored();
    expect(await systems.confirm(second, id)).toMatchObject({ state: 'confirmed', member: member.id });
    expect(await stored()).toEqual(before);
    expect(await rolesOf(member)).toEqual([{ role: 'authority-system', of: STOCKTON, from: today(), until: day(30) }]);
    // It ends at once, as every role does.
    await end(second, member, 'authority-system', STOCKTON);
    expect((await known.find(subject(client)))!.roles).toEqual([]);
  });

  test('is not confirmed by the one who registered it, by another authority, or once it is withdrawn', async () => {
    const { id } = await register();
    const stranger = await someoneWith(['authority-approver', HARTLEPOOL]);
    const lead = await someoneWith(['regional-lead', NORTH_EAST]);
    expect(await refused(() => systems.confirm(first, id))).toBe('SYSTEM_SELF_CONFIRMED');
    expect(await refused(() => systems.confirm(stranger, id))).toBe('SYSTEM_ABSENT');
    expect(await refused(() => systems.confirm(lead, id))).toBe('NOT_FOR_THIS_ROLE');
    expect(await refused(() => systems.confirm(null, id))).toBe('TOKEN_MISSING');
    expect(await refused(() => systems.confirm(second, id.replace('hub-test', 'hub-else')))).toBe('SYSTEM_ABSENT');
    expect(await refused(() => systems.withdraw(stranger, id))).toBe('SYSTEM_ABSENT');
    expect(await systems.withdraw(second, id)).toMatchObject({ state: 'withdrawn' });
    expect(await refused(() => systems.withdraw(first, id))).toBe('done');
    expect(await refused(() => systems.confirm(second, id))).toBe('SYSTEM_ABSENT');
  });

  test('of an approver who has been removed meanwhile lets nobody in, nor does one approve who has been', async () => {
    const removed = await someoneWith(['authority-approver', STOCKTON]);
    const { id, client } = await register({ by: removed });
    const waiting = await register();
    await end(first, removed, 'authority-approver', STOCKTON);
    expect(await refused(() => systems.confirm(second, id))).toBe('SYSTEM_ABSENT');
    expect(await known.find(subject(client))).toBeNull();
    // The token still lives, and the caller is whom the door found before: the database looks again.
    expect(await refused(() => systems.confirm(removed, waiting.id))).toBe('SYSTEM_ABSENT');
    expect(await refused(() => register({ by: removed }))).toMatch(/row-level security/);
    expect(await refused(() => systems.withdraw(removed, waiting.id))).toBe('SYSTEM_ABSENT');
    expect(
      await refused(() =>
        members.invite(removed, { role: 'scrutineer', organisation: STOCKTON, name: 'X', from: null, until: null }),
      ),
    ).toMatch(/row-level security/);
  });

  test('is registered once while it waits, and by its own authority', async () => {
    const { client } = await register();
    expect(await refused(() => register({ client }))).toBe('done');
    expect(await refused(() => register({ client, until: day(5) }))).toBe('SYSTEM_TAKEN');
    expect(await refused(() => register({ client, by: second }))).toBe('SYSTEM_TAKEN');
    expect(await refused(() => register({ of: HARTLEPOOL }))).toBe('ORGANISATION_ABSENT');
    expect(await refused(() => register({ from: day(-1) }))).toBe('MEMBER_DATES');
    for (const none of ['', ' x', 'a\nb', 'é', 'x'.repeat(256)]) {
      expect(await refused(() => register({ client: none }))).toBe('REQUEST_MALFORMED');
    }
    // Its own authority sees it, and nobody else.
    const stranger = await someoneWith(['authority-approver', HARTLEPOOL]);
    expect((await systems.list(second, STOCKTON)).map((one) => one.client)).toContain(client);
    expect(await code(systems.list(stranger, STOCKTON))).toBe('ORGANISATION_ABSENT');
  });

  test('is no person: a subject with another role is not made a system', async () => {
    const person = await someoneWith(['authority-analyst', STOCKTON, `[2020-01-01,${today()})`]);
    const [{ subject: client }] = (await own('select subject from identity.member where id = $1', [person.id])) as [
      { subject: string },
    ];
    const { id } = await register({ client });
    expect(await refused(() => systems.confirm(second, id))).toBe('SYSTEM_TAKEN');
  });

  test('of two authorities serves both, each of which has confirmed it', async () => {
    const [one, other] = [
      await someoneWith(['authority-approver', HARTLEPOOL]),
      await someoneWith(['authority-approver', HARTLEPOOL]),
    ];
    const here = await register();
    const there = await register({ by: one, of: HARTLEPOOL, client: here.client });
    await systems.confirm(second, here.id);
    await systems.confirm(other, there.id);
    expect((await known.find(subject(here.client)))!.roles.map(({ of }) => of)).toEqual([HARTLEPOOL, STOCKTON]);
  });

  test('two who confirm at once let it in once', async () => {
    const third = await someoneWith(['authority-approver', STOCKTON]);
    for (let round = 0; round < 5; round++) {
      const { id, client } = await register();
      const codes = await Promise.all([second, third].map((by) => code(systems.confirm(by, id))));
      expect(codes).toEqual(['done', 'done']);
      expect(await rolesOf((await known.find(subject(client)))!)).toHaveLength(1);
    }
  });

  test('becomes no person: its token takes up no invitation', async () => {
    const { id, client } = await register();
    await systems.confirm(second, id);
    const asked = { role: 'authority-approver', organisation: STOCKTON, name: 'X', from: null, until: null } as const;
    const { code: given } = await members.invite(first, asked);
    expect(await refused(() => members.accept(subject(client), given!))).toBe('INVITATION_ABSENT');
    // The invitation still stands, for a person.
    expect((await members.accept(subject('a-person'), given!)).roles).toMatchObject([{ role: 'authority-approver' }]);
  });

  test('is not invited', async () => {
    const asked = { role: 'authority-system', organisation: STOCKTON, name: 'X', from: null, until: null } as const;
    expect(await refused(() => members.invite(first, asked))).toBe('SYSTEM_NOT_INVITED');
    await expect(
      desk.as(first, (tx) =>
        tx.query(
          `insert into identity.invitation (id, role, organisation, name, valid, code_digest, invited_by, invited_at, expires_at)
           values ($1, 'authority-system', $2, 'X', '[2026-01-01,)', sha256('x'), $3, now(), now())`,
          [newId(), STOCKTON, first.id],
        ),
      ),
    ).rejects.toThrow(/row-level security/);
  });
});
