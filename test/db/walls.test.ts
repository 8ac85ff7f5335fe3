import { Client } from 'pg';
import { logins } from '@hub/platform';
import { ask, asSuperuser, freshDatabase } from '../support/database';
import {
  as,
  type Asker,
  authority,
  bare,
  BIRMINGHAM,
  CHECK,
  clients,
  column,
  emptyRounds,
  everybody,
  FORBIDDEN,
  gone,
  HARTLEPOOL,
  ids,
  MIDDLESBROUGH,
  NORTH_EAST,
  publications,
  region,
  regions,
  release,
  stateOf,
  today,
  waiting,
  WEST_MIDLANDS,
} from './walls/people';
import { cell, confirmed, layRows, receipt, series } from './walls/rows';
import { regional, sight } from './walls/sight';
import { attempts } from './walls/attempts';

/**
 * The walls of the database, each tried over a real login with its own password (SET ROLE does not count), by the member
 * who may and by members who may not, on rows that the owner laid in for two regions.
 */
let database: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  database = await freshDatabase();
  for (const login of ['owner', ...logins] as const) {
    clients[login] = new Client({ connectionString: login === 'owner' ? database.ownerUrl : database.urls[login] });
    await clients[login].connect();
  }
  await layRows(clients.owner);
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.end()));
  await database?.stop();
});

describe('what each login sees, for each member', () => {
  test.each(sight)('%s', async (table, key, seen) => {
    const all = await column(clients.owner, `select distinct ${key} as key from ${table} t order by 1`);
    expect(all.length).toBeGreaterThan(0);
    for (const login of logins) {
      const expected = seen[login];
      if (!expected) {
        expect([
          login,
          await stateOf(as(login, 'leadNorthEast', (client) => client.query(`select from ${table}`))),
        ]).toEqual([login, FORBIDDEN]);
        continue;
      }
      for (const who of everybody) {
        const rows = await as(login, who, (client) =>
          column(client, `select distinct ${key} as key from ${table} t order by 1`),
        );
        expect([login, who, rows]).toEqual([login, who, expected === 'all' ? all : [...(expected[who] ?? [])].sort()]);
      }
    }
  });
});

describe('the text that says whether agreements about a region have changed', () => {
  const revisions = `select (select agreements.revisions_about(id) from registry.region where code = $1)`;
  const said = (who: Asker, code: string) => as('reader', who, (client) => column(client, revisions, [code]));

  test('is of those that the caller sees by row policies, and of no others', async () => {
    for (const who of everybody) {
      const seen = await as('reader', who, (client) =>
        column(client, 'select id from agreements.agreement order by 1'),
      );
      for (const code of regions) {
        const [text] = await said(who, code);
        expect([who, code, text]).toEqual([
          who,
          code,
          seen.includes(`agreement-${code}`) ? expect.stringMatching(new RegExp(`^agreement-${code} 1 \\d+$`)) : 'null',
        ]);
      }
    }
  });

  test('is for the reader alone, and is made by the database', async () => {
    for (const login of ['intake', 'desk', 'worker'] as const) {
      expect(await stateOf(as(login, 'leadNorthEast', (client) => client.query(revisions, [NORTH_EAST])))).toBe(
        FORBIDDEN,
      );
    }
    for (const login of logins) {
      const bump = 'update agreements.revision set number = 0';
      expect(await stateOf(as(login, 'leadNorthEast', (client) => client.query(bump)))).toBe(FORBIDDEN);
    }
  });

  test.each([
    ['the agreement', `update agreements.agreement set state = 'suspended' where id = $1`],
    ['a party', `update agreements.party set status = status where agreement_id = $1`],
    ['its regions', `insert into agreements.scope select $1, 1, id from registry.region where code = 'E12000009'`],
    [
      'a later version, which takes its place',
      `insert into agreements.agreement (id, version, region_id, state, effective, document, digest, changed_at, concluded_at)
       select id, 2, region_id, state, effective, document, digest, now(), now() from agreements.agreement where id = $1`,
    ],
  ])('is another one after a change of %s', async (_what, change) => {
    const { owner } = clients;
    await owner.query('begin');
    try {
      await owner.query(`select set_config('hub.member', $1, true)`, [ids.leadNorthEast]);
      const before = await column(owner, revisions, [NORTH_EAST]);
      const west = await column(owner, 'select number from agreements.revision where agreement_id = $1', [
        `agreement-${WEST_MIDLANDS}`,
      ]);
      await owner.query(change, [`agreement-${NORTH_EAST}`]);
      expect(await column(owner, revisions, [NORTH_EAST])).not.toEqual(before);
      expect(
        await column(owner, 'select number from agreements.revision where agreement_id = $1', [
          `agreement-${WEST_MIDLANDS}`,
        ]),
      ).toEqual(west);
    } finally {
      await owner.query('rollback');
    }
  });

  test('changes with the one above it too, where the caller sees that', async () => {
    const { owner } = clients;
    const child = JSON.stringify({ audience: [], parent: `agreement-${WEST_MIDLANDS}` });
    await owner.query('begin');
    try {
      await owner.query(
        `insert into agreements.agreement (id, version, region_id, state, effective, document, digest, changed_at, concluded_at)
         select 'child', 1, region_id, state, effective, $2, sha256('child'), now(), now() from agreements.agreement where id = $1`,
        [`agreement-${NORTH_EAST}`, child],
      );
      await owner.query(`insert into agreements.scope select 'child', 1, id from registry.region where code = $1`, [
        NORTH_EAST,
      ]);
      const say = async () => {
        const texts: string[] = [];
        for (const who of ['leadNorthEast', 'leadWestMidlands'] as const) {
          await owner.query(`select set_config('hub.member', $1, true)`, [ids[who]]);
          texts.push(...(await column(owner, revisions, [NORTH_EAST])));
        }
        return texts;
      };
      await owner.query(
        `insert into agreements.scope select id, 1, region_id from agreements.agreement where id = $1 on conflict do nothing`,
        [`agreement-${WEST_MIDLANDS}`],
      );
      const [lead] = await say();
      expect(lead).toMatch(/child 1 \d+ under$/); // the one above is of another region
      await owner.query(`insert into agreements.scope select $1, 1, id from registry.region where code = $2`, [
        `agreement-${WEST_MIDLANDS}`,
        NORTH_EAST,
      ]);
      const [seen] = await say();
      expect(seen).toMatch(/child 1 \d+ under \d+ 1$/);
      await owner.query(`update agreements.party set status = status where agreement_id = $1`, [
        `agreement-${WEST_MIDLANDS}`,
      ]);
      const [after] = await say();
      expect(after).not.toBe(seen);
    } finally {
      await owner.query('rollback');
    }
  });
});

describe('the number of changes of agreements, and of who belongs where', () => {
  const number = async () => Number((await column(clients.owner, 'select number from agreements.change_count'))[0]);

  test.each([
    ['an agreement', `update agreements.agreement set state = 'suspended' where id = $1`],
    ['its parties', `update agreements.party set status = status where agreement_id = $1`],
    ['its regions', `delete from agreements.scope where agreement_id = $1`],
    ['roles', `delete from identity.member_role where $1 <> ''`],
    ['regions', `update registry.region set name = name where $1 <> ''`],
    ['authorities', `update registry.authority set valid = valid where $1 <> ''`],
    ['who is of a region', `update registry.region_authority set valid = valid where $1 <> ''`],
    ['who is of a board', `update registry.organisation_area set valid = valid where $1 <> ''`],
  ])('grows by one at the commit of a change of %s, however many rows it is of', async (_what, change) => {
    const { owner } = clients;
    const before = await number();
    await owner.query('begin');
    try {
      expect((await owner.query(change, [`agreement-${NORTH_EAST}`])).rowCount).toBeGreaterThan(0);
      expect(await number()).toBe(before);
      // What the commit does.
      await owner.query('set constraints all immediate');
      expect(await number()).toBe(before + 1);
    } finally {
      await owner.query('rollback');
    }
  });

  test('is nobody’s to write', async () => {
    for (const login of logins) {
      const bump = 'update agreements.change_count set number = 0';
      expect(await stateOf(as(login, 'leadNorthEast', (client) => client.query(bump)))).toBe(FORBIDDEN);
    }
  });
});

// ---------------------------------------------------------------------------------------------------------------------

describe('what each login writes, for each member', () => {
  test.each(attempts.map((attempt) => [attempt.what, attempt] as const))(
    '%s',
    async (_what, { login, command, sql, values, may, stopped = [] }) => {
      for (const who of everybody) {
        const done = await as(login, who, (client) => client.query(sql, values())).then(
          ({ rowCount }) => rowCount,
          (error: { code: string }) => error.code,
        );
        const allowed = may === 'everybody' || may.includes(who);
        const refused = stopped.includes(who) ? '23514' : command === 'insert' ? FORBIDDEN : 0;
        expect([who, done]).toEqual([who, allowed ? 1 : refused]);
      }
    },
  );
});

test('a steward confirms no national release that the same one has loaded', async () => {
  expect(await stateOf(as('desk', 'steward', (client) => client.query(confirmed, [release])))).toBe(FORBIDDEN);
});

test('every policy is tried above: a new one without a row here fails; those of the exchange in exchange.test.ts', async () => {
  const policies = await ask<{ policy: string }>(
    database.ownerUrl,
    `select schemaname || '.' || tablename || ' ' || substr(role, 5) || ' ' || lower(cmd) as policy
     from pg_policies, unnest(roles) role where role <> 'hub_owner' and schemaname <> 'exchange'`,
  );
  const tried = new Set([
    ...sight.flatMap(([table, , seen]) => Object.keys(seen).map((login) => `${table} ${login} select`)),
    ...attempts.map(({ table, login, command }) => `${table} ${login} ${command}`),
  ]);
  expect(policies.length).toBeGreaterThan(80);
  expect(policies.map(({ policy }) => policy).filter((policy) => !tried.has(policy))).toEqual([]);
  expect([...tried].filter((one) => !policies.some(({ policy }) => policy === one))).toEqual([]);
});

// ---------------------------------------------------------------------------------------------------------------------

/** Every table of these schemas, out of the catalogue. */
const tablesOf = (...schemas: string[]) =>
  column(
    clients.owner,
    `select c.oid::regclass::text from pg_class c where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text = any($1) order by 1`,
    [schemas],
  );

describe('a publication that was withdrawn', () => {
  const regionsOf = (who: Asker) => regions.filter((code) => regional !== 'all' && regional[who]?.includes(code));
  const seen = (who: Asker, sql: string) => as('reader', who, (client) => column(client, `${sql} order by 1`));

  test('is told of to members of its region: that there was one, since when, why, and which stands in its place', async () => {
    for (const who of everybody) {
      expect([who, await seen(who, `select number || ' ' || state || ' ' || region_id from release.head`)]).toEqual([
        who,
        regionsOf(who)
          .flatMap((code) => ['1 current', '10 withdrawn', '9 withdrawn'].map((one) => `${one} ${region[code]}`))
          .sort(),
      ]);
      const told = `select publication_id || ' ' || because || ' ' || replaced_by from release.withdrawal where at <= now()`;
      expect([who, await seen(who, told)]).toEqual([
        who,
        regionsOf(who)
          .map((code) => `${gone[code]} figuresWrong ${publications[code]}`)
          .sort(),
      ]);
    }
    for (const view of ['release.head', 'release.withdrawal']) {
      expect(await stateOf(clients.reader.query(`select document from ${view}`))).toBe('42703');
      for (const login of ['intake', 'desk', 'worker'] as const)
        expect([view, login, await stateOf(clients[login].query(`select from ${view}`))]).toEqual([
          view,
          login,
          FORBIDDEN,
        ]);
    }
    for (const login of ['intake', 'desk'] as const)
      expect(await stateOf(clients[login].query('select document from release.publication'))).toBe(FORBIDDEN);
  });

  test.each([
    ['reader', 'leadNorthEast', 'release.publication', 'document', '{"withdrawn":true}'],
    ['reader', 'leadNorthEast', 'release.figure', 'value', '77'],
    ['intake', 'systemHartlepool', 'release.figure', 'value', '77'],
    ['reader', 'leadNorthEast', 'release.proof', 'proof', 'withdrawn'],
    ['intake', 'approverHartlepool', 'intake.own_proof', 'proof', 'withdrawn'],
  ] as const)(
    'hub_%s as %s has no row of it in %s, and would without the policy',
    async (login, who, table, what, text) => {
      const rows = () => as(login, who, (client) => column(client, `select ${what} from ${table}`));
      expect(await rows()).not.toContain(text);
      const [was] = await column(
        clients.owner,
        `select qual from pg_policies where policyname = 'not_withdrawn' and permissive = 'RESTRICTIVE' and schemaname || '.' || tablename = $1`,
        [table],
      );
      await clients.owner.query(`alter policy not_withdrawn on ${table} using (true)`);
      try {
        expect(await rows()).toContain(text);
      } finally {
        await clients.owner.query(`alter policy not_withdrawn on ${table} using (${was!})`);
      }
      expect(await rows()).not.toContain(text);
    },
  );
});

describe('raw figures and proofs are out of reach', () => {
  const commands = (table: string) => [
    `select from ${table}`,
    `select count(*) from ${table}`,
    `insert into ${table} default values`,
    `delete from ${table}`,
    `truncate ${table}`,
    `copy ${table} to stdout`,
  ];

  test.each([
    ['reader', ['intake', 'proof']],
    ['desk', ['intake', 'proof']],
    ['intake', ['proof']],
  ] as const)('for hub_%s: every table of %j answers 42501', async (login, schemas) => {
    const tables = await tablesOf(...schemas);
    expect(tables.length).toBeGreaterThanOrEqual(2 * schemas.length);
    for (const table of tables) {
      for (const sql of commands(table)) {
        expect([sql, await stateOf(clients[login].query(sql))]).toEqual([sql, FORBIDDEN]);
      }
      const columns = await column(
        clients.owner,
        `select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
        [table],
      );
      for (const name of columns) {
        const sql = `update ${table} set ${name} = null`;
        expect([sql, await stateOf(clients[login].query(sql))]).toEqual([sql, FORBIDDEN]);
      }
    }
  });

  test('for hub_reader also with the first wall down, and with the second: the schema, then the grants', async () => {
    const { owner, reader } = clients;
    const tables = await tablesOf('intake', 'proof');
    try {
      await owner.query('grant usage on schema intake, proof to hub_reader');
      for (const table of tables)
        expect([table, await stateOf(reader.query(`select from ${table}`))]).toEqual([table, FORBIDDEN]);
      await owner.query('grant select, update, delete on all tables in schema intake, proof to hub_reader');
      for (const table of tables) {
        expect([table, (await owner.query(`select from ${table}`)).rowCount]).not.toEqual([table, 0]);
        for (const who of ['systemHartlepool', 'leadNorthEast', 'nobody'] as const) {
          expect([table, await as('reader', who, (client) => column(client, `select 1 from ${table}`))]).toEqual([
            table,
            [],
          ]);
          expect((await as('reader', who, (client) => client.query(`delete from ${table}`))).rowCount).toBe(0);
        }
      }
    } finally {
      await owner.query('revoke all on all tables in schema intake, proof from hub_reader');
      await owner.query('revoke usage on schema intake, proof from hub_reader');
    }
    for (const table of tables) expect(await stateOf(reader.query(`select from ${table}`))).toBe(FORBIDDEN);
  });

  test('and no login becomes another, makes tables, or asks for somebody else’s reach', async () => {
    for (const login of logins) {
      expect(await column(clients[login], 'select current_user')).toEqual([`hub_${login}`]);
      for (const other of [
        'hub_owner',
        'postgres',
        ...logins.filter((one) => one !== login).map((one) => `hub_${one}`),
      ]) {
        expect([login, other, await stateOf(clients[login].query(`set role ${other}`))]).toEqual([
          login,
          other,
          FORBIDDEN,
        ]);
      }
      for (const sql of [
        'create schema mine',
        'create table public.mine (id int)',
        'create table release.mine (id int)',
        'alter table release.figure disable row level security',
        'select * from identity.reach(gen_random_uuid())',
        'select * from identity.administers(gen_random_uuid())',
      ]) {
        expect([login, sql, await stateOf(clients[login].query(sql))]).toEqual([login, sql, FORBIDDEN]);
      }
    }
  });

  test('a login with another login’s password, or none, is not let in', async () => {
    const { reader, worker } = database.urls;
    const url = new URL(worker);
    url.password = new URL(reader).password;
    for (const password of [new URL(reader).password, 'wrong', '']) {
      url.password = password;
      const client = new Client({ connectionString: url.toString(), password });
      expect(['28P01', '08P01', '28000', 'SASL']).toContain(
        await client.connect().then(
          () => 'let in',
          (error: { code?: string }) => error.code ?? 'SASL',
        ),
      );
      await client.end().catch(() => undefined);
    }
  });
});

describe('who is asking', () => {
  const figures = 'select 1 from release.figure';

  test('and on what day is part of the statement that asks for it, not a call for each row', async () => {
    const plan = await column(
      clients.reader,
      'explain (verbose, costs off) select identity.caller(), identity.today()',
    );
    expect(plan.join()).toContain('hub.member');
    expect(plan.join()).not.toContain('identity.');
  });

  test('is forgotten at the end of the transaction, on the same connection', async () => {
    const { reader } = clients;
    const process = (await column(reader, 'select pg_backend_pid()'))[0];
    for (const end of ['commit', 'rollback']) {
      await reader.query('begin');
      await reader.query(`select set_config('hub.member', $1, true)`, [ids.leadNorthEast]);
      expect(await column(reader, figures)).toHaveLength(1);
      await reader.query(end);
      expect(await column(reader, figures)).toEqual([]);
      expect(await column(reader, `select current_setting('hub.member', true)`)).toEqual(['']);
    }
    expect(await column(reader, 'select pg_backend_pid()')).toEqual([process]);
  });

  test('is nobody on a new connection, where nothing was ever set', async () => {
    for (const table of [
      'release.figure',
      'release.publication',
      'rounds.round',
      'agreements.agreement',
      'platform.access_log',
    ]) {
      expect([table, await ask(database.urls.reader, `select 1 from ${table}`)]).toEqual([table, []]);
    }
  });

  test('cannot be said so that it means somebody else', async () => {
    for (const text of ['*', 'null', "' or true --", `${ids.leadNorthEast} `]) {
      const { reader } = clients;
      await reader.query('begin');
      await reader.query(`select set_config('hub.member', $1, true)`, [text]);
      const rows = await column(reader, figures).catch((error: { code: string }) => error.code);
      await reader.query('rollback');
      expect([text, rows]).toEqual([text, '22P02']);
    }
  });

  test('is out at the next statement when the last role has ended, and in again when it is given back', async () => {
    const { owner, reader } = clients;
    const valid = (range: string) =>
      owner.query(`update identity.member_role set valid = ${range} where member_id = $1`, [ids.leadWestMidlands]);
    await reader.query('begin');
    try {
      await reader.query(`select set_config('hub.member', $1, true)`, [ids.leadWestMidlands]);
      expect(await column(reader, figures)).toHaveLength(1);
      await valid(`daterange('2020-01-01', ${today})`);
      expect(await column(reader, figures)).toEqual([]);
      await valid(`daterange('2020-01-01', ${today} + 1)`);
      expect(await column(reader, figures)).toHaveLength(1);
      await valid(`daterange(${today} + 1, null)`);
      expect(await column(reader, figures)).toEqual([]);
    } finally {
      await valid(`daterange('2019-04-01', null)`);
      await reader.query('rollback');
    }
  });

  test('loses a region with the authority that leaves it', async () => {
    const { owner } = clients;
    const leaves = (until: string) =>
      owner.query(
        `update registry.region_authority set valid = daterange(lower(valid), ${until}) where authority_id = $1 and region_id = $2`,
        [authority[BIRMINGHAM], region[WEST_MIDLANDS]],
      );
    const seen = () => as('reader', 'systemBirmingham', (client) => column(client, figures));
    expect(await seen()).toHaveLength(1);
    await leaves(today);
    try {
      expect(await seen()).toEqual([]);
    } finally {
      await leaves('null');
    }
    expect(await seen()).toHaveLength(1);
  });

  test('is found by issuer and subject together, with the roles of today alone', async () => {
    const find = (issuer: string, subject: string) =>
      ask<{
        id: string;
        role: string | null;
        organisation: string | null;
        authority: string | null;
        region: string | null;
        boards: string[] | null;
      }>(database.urls.reader, 'select * from identity.find_member($1, $2) order by authority', [issuer, subject]);
    const issuer = 'https://issuer.test';
    expect(await find('https://other.test', 'leadNorthEast')).toEqual([]);
    expect(await find(issuer, 'leadnortheast')).toEqual([]);
    expect(await find(issuer, 'chairTees')).toEqual(
      [HARTLEPOOL, MIDDLESBROUGH].map((code) => ({
        id: ids.chairTees,
        role: 'board-chair',
        organisation: 'brd-walls-tees',
        authority: code,
        region: NORTH_EAST,
        boards: ['brd-walls-tees'],
      })),
    );
    for (const who of ['formerLead', 'comingLead', 'roleless'] as const) {
      expect(await find(issuer, who)).toEqual([
        { id: ids[who], role: null, organisation: null, authority: null, region: null, boards: null },
      ]);
    }
    expect(await find(issuer, 'steward')).toMatchObject([
      { role: 'steward', organisation: 'hub', authority: null, region: null },
    ]);
  });
});

describe('what is written stays as it was', () => {
  test('hub_intake may change the state of a submission, say that it was signed later, and what a sign-off adds to one that waits, and no other column', async () => {
    const columns = await column(
      clients.owner,
      `select attname from pg_attribute where attrelid = 'intake.submission'::regclass and attnum > 0 and not attisdropped`,
    );
    expect(columns.length).toBeGreaterThan(14);
    for (const name of columns) {
      const state = await as('intake', 'systemHartlepool', (client) =>
        stateOf(client.query(`update intake.submission set ${name} = ${name}`)),
      );
      const signedOff = ['kids', 'envelope_digest', 'signed_off_by', 'signed_off_at'].includes(name);
      const free = name === 'state' || name === 'signed_at';
      expect([name, state]).toEqual([name, free ? 'none' : signedOff ? CHECK : FORBIDDEN]);
    }
    for (const [earlier, expected] of [
      ['2026-01-02', 'none'],
      ['2026-01-01', CHECK],
      ['null', CHECK],
    ] as const) {
      const state = await as('intake', 'systemHartlepool', async (client) => {
        await client.query(`update intake.submission set signed_at = '2026-01-02'`);
        const to = earlier === 'null' ? earlier : `'${earlier}'`;
        return stateOf(client.query(`update intake.submission set signed_at = ${to}`));
      });
      expect([earlier, state]).toEqual([earlier, expected]);
    }
    // A sign-off adds: what waits is accepted with it, and no signature goes.
    const signOff = `update intake.submission set state = 'accepted', signed_off_by = gen_random_uuid(), signed_off_at = now(), kids =`;
    const of = `where id = '${waiting[HARTLEPOOL]}'`;
    for (const [sql, expected] of [
      [`${signOff} '{key,other}' ${of}`, '23505'],
      [`${signOff} '{other}' ${of}`, CHECK],
      [`update intake.submission set kids = '{key,other}' ${of}`, CHECK],
    ] as const) {
      const state = await as('intake', 'systemHartlepool', (client) => stateOf(client.query(sql)));
      // Another version is in use; that is superseded first.
      expect([sql, state]).toEqual([sql, expected]);
    }
    // Of all its envelopes the one that waits.
    for (const set of [`findings = '[]'`, `envelope = ''`]) {
      const { rowCount } = await as('intake', 'systemHartlepool', (client) =>
        client.query(`update intake.raw set ${set}`),
      );
      expect([set, rowCount]).toEqual([set, 1]);
    }
    for (const sql of [
      'delete from intake.submission',
      'update intake.cell set value = 1',
      'delete from intake.cell',
      'delete from intake.raw',
      `update intake.raw set salt = ''`,
      `update intake.erasure set done_at = now()`,
      'delete from intake.erasure',
      'delete from intake.purge',
      'truncate intake.cell',
    ]) {
      expect([sql, await as('intake', 'systemHartlepool', (client) => stateOf(client.query(sql)))]).toEqual([
        sql,
        FORBIDDEN,
      ]);
    }
  });

  test('a cell has a series and a submission of its authority, also for the owner, and neither goes from under it', async () => {
    const one = `(select id from intake.submission where authority_id = ${authority[HARTLEPOOL]} and state = 'accepted')`;
    const free =
      '(select min(id) from registry.series s where not exists (select from intake.cell c where c.series_id = s.id))';
    const insert = (...rows: string[]) =>
      `insert into intake.cell (submission_id, authority_id, series_id, kind, value) values ${rows.join(', ')}`;
    const good = `(${one}, ${authority[HARTLEPOOL]}, ${free}, 0, 7)`;
    const { owner } = clients;
    for (const [sql, expected] of [
      [insert(good), 'none'],
      [insert(good, `(${one}, ${authority[HARTLEPOOL]}, 2000000, 0, 7)`), '23503'],
      [insert(good, `(gen_random_uuid(), ${authority[HARTLEPOOL]}, ${free}, 0, 7)`), '23503'],
      [insert(`(${one}, ${authority[MIDDLESBROUGH]}, ${free}, 0, 7)`), '23503'],
      [`update intake.cell set series_id = 2000000`, '23503'],
      [`update intake.submission set id = gen_random_uuid() where id = ${one}`, '23503'],
      [`delete from intake.submission where id = ${one}`, '23503'],
      ['truncate intake.submission cascade', '23503'],
      ['delete from registry.series', 'P0001'],
    ] as const) {
      await owner.query('begin');
      const state = await stateOf(owner.query(sql));
      await owner.query('rollback');
      expect([sql, state]).toEqual([sql, expected]);
    }
  });

  test('hub_worker may change the state of a publication and no other column, and no figure', async () => {
    const columns = await column(
      clients.owner,
      `select attname from pg_attribute where attrelid = 'release.publication'::regclass and attnum > 0 and not attisdropped`,
    );
    for (const name of columns) {
      const state = await as('worker', 'nobody', (client) =>
        stateOf(client.query(`update release.publication set ${name} = ${name}`)),
      );
      // What is computed from the document nobody can write, whatever is granted.
      const refused = ['threshold', 'authorities'].includes(name) ? '428C9' : FORBIDDEN;
      expect([name, state]).toEqual([name, name === 'state' ? 'none' : refused]);
    }
    for (const sql of [
      'update release.figure set kind = kind',
      'delete from release.figure',
      'delete from release.publication',
    ]) {
      expect([sql, await as('worker', 'nobody', (client) => stateOf(client.query(sql)))]).toEqual([sql, FORBIDDEN]);
    }
  });

  test('the worker reads no envelope, no payload digest and no salt', async () => {
    for (const [table, names] of [
      ['intake.raw', ['envelope', 'payload_digest', 'salt', 'findings', '*']],
      ['intake.submission', ['jti', 'kids', 'received_by', '*']],
      ['intake.purge', ['receipt', '*']],
    ] as const) {
      for (const name of names) {
        const state = await as('worker', 'nobody', (client) => stateOf(client.query(`select ${name} from ${table}`)));
        expect([table, name, state]).toEqual([table, name, FORBIDDEN]);
      }
    }
  });

  test('the worker takes findings away and writes none', async () => {
    const put = (findings: string) =>
      as('worker', 'nobody', (client) => stateOf(client.query(`update intake.raw set findings = '${findings}'`)));
    expect(await put('[]')).toBe('none');
    expect(await put('[{}]')).toBe(FORBIDDEN);
    expect(await put('null')).toBe(FORBIDDEN);
  });

  test('the planner keeps no samples of raw figures, nor of what was computed from them', async () => {
    await clients.owner.query('analyze');
    const sampled = (
      await ask<{ name: string }>(
        asSuperuser(database.ownerUrl),
        `select schemaname || '.' || tablename || '.' || attname as name from pg_stats
         where schemaname in ('intake', 'proof')`,
      )
    ).map(({ name }) => name);
    expect(sampled).toContain('intake.cell.series_id');
    for (const name of [
      'intake.cell.value',
      'intake.raw.envelope',
      'intake.raw.salt',
      'intake.raw.payload_digest',
      'intake.raw.findings',
      'proof.certificate.problem',
      'proof.certificate.decision',
      'proof.gate_refusal.detail',
      'proof.prepared.document',
      'proof.prepared.own',
      'proof.prepared.held',
      'intake.held_cell.series_id',
      'intake.opened.least',
      'intake.opened.most',
    ])
      expect(sampled).not.toContain(name);
  });

  test.each(['ledger.entry', 'ledger.node', 'ledger.checkpoint', 'ledger.hub_key', 'registry.series'])(
    '%s is append-only, for its owner too',
    async (table) => {
      const [first] = await column(
        clients.owner,
        `select attname from pg_attribute where attrelid = $1::regclass and attnum = 2`,
        [table],
      );
      for (const sql of [
        `update ${table} set ${first} = ${first}`,
        `update ${table} set ${first} = ${first} where false`,
        `delete from ${table}`,
        `truncate ${table} cascade`,
      ]) {
        await clients.owner.query('begin');
        await expect(clients.owner.query(sql)).rejects.toThrow(/append-only/);
        await clients.owner.query('rollback');
        for (const login of logins)
          expect([login, sql, await stateOf(clients[login].query(sql))]).toEqual([login, sql, FORBIDDEN]);
      }
      expect((await clients.owner.query(`select from ${table}`)).rowCount).toBeGreaterThan(0);
    },
  );

  test('a hidden figure has no place for a number, nor a raw status', async () => {
    const figure = (kind: number, value: number | null) =>
      as('worker', 'nobody', (client) =>
        stateOf(
          client.query(
            `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
         values ($1, $2, '2024-04-01', '2025-04-01', $3, $4, $5, $6)`,
            [region[NORTH_EAST], series, authority[MIDDLESBROUGH], publications[NORTH_EAST], kind, value],
          ),
        ),
      );
    expect(await figure(0, 7)).toBe('none');
    expect(await figure(1, null)).toBe('none');
    for (const kind of [1, 2, 3, 4, 5])
      for (const value of [0, 3]) expect([kind, value, await figure(kind, value)]).toEqual([kind, value, CHECK]);
    expect(await figure(0, null)).toBe(CHECK);
    expect(await figure(0, -1)).toBe(CHECK);
    expect(await figure(6, null)).toBe(CHECK);
    const raw = (kind: number, value: number | null) =>
      as('intake', 'systemHartlepool', (client) =>
        stateOf(client.query(cell, [bare[HARTLEPOOL], authority[HARTLEPOOL], series, kind, value])),
      );
    expect(await raw(0, 3)).toBe('none');
    expect(await raw(2, 3)).toBe(CHECK);
    expect(await raw(0, null)).toBe(CHECK);
  });

  test('a cell or receipt cannot be slipped into another authority’s submission', async () => {
    const slipped = await as('intake', 'systemHartlepool', (client) =>
      stateOf(client.query(cell, [bare[MIDDLESBROUGH], authority[HARTLEPOOL], series, 0, 99])),
    );
    expect(slipped).toBe('23503');
    const receipted = await as('intake', 'systemHartlepool', (client) =>
      stateOf(client.query(receipt, [bare[MIDDLESBROUGH], authority[HARTLEPOOL]])),
    );
    expect(receipted).toBe('23503');
  });

  test('the state of a return and a figure lie in the region of their round and their publication', async () => {
    const elsewhere = [emptyRounds[NORTH_EAST], region[WEST_MIDLANDS], authority[HARTLEPOOL]];
    const state = await as('intake', 'systemHartlepool', (client) =>
      stateOf(
        client.query(
          'insert into rounds.return_state (round_id, region_id, authority_id, version, received_at) values ($1, $2, $3, 2, now())',
          elsewhere,
        ),
      ),
    );
    expect(state).toBe('23503');
    const figure = await as('worker', 'nobody', (client) =>
      stateOf(
        client.query(
          `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
           values ($1, $2, '2024-04-01', '2025-04-01', $3, $4, 0, 17)`,
          [region[WEST_MIDLANDS], series, authority[HARTLEPOOL], publications[NORTH_EAST]],
        ),
      ),
    );
    expect(figure).toBe('23503');
  });
});
