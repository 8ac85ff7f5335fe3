import { Client } from 'pg';
import type { AgreementDocument } from '@hub/agreements/domain';
import { canonical, sha256 } from '@hub/kernel';
import { newId } from '@hub/platform';
import { freshDatabase } from '../support/database';
import { exampleAgreement, seedMembers, subjectOf } from '../seed/seed';

/**
 * The database's own wall around what boards do together: rows laid in by the owner, looked at over the real login of the desk, by
 * members of the seed, for the organisation that they act for. No code of the exchange stands between.
 */
const TEES = 'brd-tees';
const DURHAM = 'brd-durham';
const BLACK_COUNTRY = 'brd-black-country';
const CHAIR_DURHAM = subjectOf('board-chair', DURHAM);
const POLICE = 'agy-cleveland-police';
const HARTLEPOOL = 'E06000001';
const STOCKTON = 'E06000004';
const ISSUER = 'https://issuer.test';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let owner: Client;
let desk: Client;
let worker: Client;
const members = new Map<string, string>();

beforeAll(async () => {
  database = await freshDatabase();
  await seedMembers(database.ownerUrl, ISSUER);
  const open = async (url: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    return client;
  };
  owner = await open(database.ownerUrl);
  desk = await open(database.urls.desk);
  worker = await open(database.urls.worker);
  // One person who chairs two boards.
  const both = newId();
  await owner.query('insert into identity.member (id, issuer, subject, name) values ($1, $2, $3, $3)', [
    both,
    ISSUER,
    'chair-both',
  ]);
  for (const board of [TEES, BLACK_COUNTRY])
    await owner.query(
      `insert into identity.member_role (member_id, role, organisation) values ($1, 'board-chair', $2)`,
      [both, board],
    );
  for (const { id, subject } of (
    await owner.query<{ id: string; subject: string }>('select id, subject from identity.member')
  ).rows)
    members.set(subject, id);
  await owner.query(
    `insert into identity.signing_key (kid, organisation, algorithm, jwk, thumbprint, registered_by, registered_at)
     values ('none', $1, 'EdDSA', '{}', 'none', $2, now())`,
    [HARTLEPOOL, members.get('chair-both')],
  );
});
afterAll(async () => {
  await owner?.end();
  await desk?.end();
  await worker?.end();
  await database?.stop();
});
beforeEach(async () => {
  await owner.query('begin');
});
afterEach(async () => {
  await owner.query('rollback');
  await owner.query(
    'truncate exchange.item, exchange.evidence, exchange.named, exchange.issue, exchange.attendance, exchange.meeting',
  );
  for (const table of ['party', 'scope'])
    await owner.query(`delete from agreements.${table} where agreement_id <> 'published-under'`);
  await owner.query(`delete from agreements.agreement where id <> 'published-under'`);
});

/** What a member sees, acting for one organisation; nothing of it stays. The owner's rows are committed first. */
async function as<T>(subject: string, acting: string, work: () => Promise<T>, login = desk): Promise<T> {
  await owner.query('commit; begin');
  await login.query('begin');
  try {
    await login.query(`select set_config('hub.member', $1, true), set_config('hub.acting', $2, true)`, [
      members.get(subject) ?? newId(),
      acting,
    ]);
    return await work();
  } finally {
    await login.query('rollback');
  }
}
const column = async (sql: string, values: unknown[] = []): Promise<string[]> =>
  (await desk.query<Record<string, unknown>>(sql, values)).rows.map((row) => String(Object.values(row)[0]));
const stateOf = (statement: Promise<unknown>): Promise<string> =>
  statement.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );

async function conclude(document: AgreementDocument): Promise<void> {
  const text = canonical(document);
  await owner.query(
    `insert into agreements.agreement (id, version, region_id, state, effective, document, digest, changed_at, concluded_at)
     select $1, $2, id, 'inForce', daterange($4, $5), $6, $7, now(), now() from registry.region where code = $3`,
    [
      document.id,
      document.version,
      document.regions[0],
      document.effective.from,
      document.effective.until,
      text,
      sha256(text),
    ],
  );
  await owner.query(
    `insert into agreements.scope (agreement_id, agreement_version, region_id) select $1, $2, id from registry.region where code = any($3)`,
    [document.id, document.version, document.regions],
  );
  await owner.query(
    `insert into agreements.party (agreement_id, agreement_version, region_id, authority_id, status, signature, kid)
     select $1, $2, r.id, a.id, 'signed', 'none', 'none' from registry.region r, registry.authority a where r.code = $3 and a.code = any($4)`,
    [document.id, document.version, document.regions[0], document.parties.map(({ authority }) => authority)],
  );
}
const northEast = exampleAgreement('north-east-benchmarking.v1');
const bothRegions = exampleAgreement('north-east-west-midlands-view.v1');

interface Given {
  readonly state?: string;
  readonly replyBy?: string | null;
  readonly sharedOn?: string | null;
  readonly recipients?: readonly string[];
  readonly network?: boolean;
  readonly wording?: string;
  readonly replied?: readonly string[];
}
/** An issue of the Tees board that names the police and Stockton. */
async function lay(given: Given = {}): Promise<string> {
  const id = newId();
  const {
    state = 'draft',
    replyBy = null,
    sharedOn = null,
    recipients = [],
    network = false,
    wording = 'shown',
  } = given;
  await owner.query(
    `insert into exchange.issue (id, region_id, board, author, state, theme, title, text, question, source, likelihood, impact,
       reply_by, shared_on, recipients, network, wording, worded_by, created_at, changed_at)
     select $1, r.id, $2, $3::uuid, $4, 't', 't', 't', 'q', 'chair', 3, 3, $5, $6, $7, $8, $9, $3::uuid, now(), now()
     from registry.region r where code = 'E12000001'`,
    [id, TEES, members.get(subjectOf('board-chair', TEES)), state, replyBy, sharedOn, recipients, network, wording],
  );
  for (const organisation of [POLICE, STOCKTON])
    await owner.query('insert into exchange.named values ($1, $2, false, $3)', [
      id,
      organisation,
      given.replied?.includes(organisation) ? new Date() : null,
    ]);
  return id;
}
async function layItem(
  issue: string | null,
  given: { kind: string; by?: string; to?: string; state?: string; due?: string; meeting?: string; wording?: string },
) {
  const id = newId();
  const { kind, by = TEES, to = null, state = null, due = null, meeting = null, wording = 'shown' } = given;
  await owner.query(
    `insert into exchange.item (id, issue_id, meeting_id, kind, by_organisation, author, to_organisation, text, state, due, wording, at)
     values ($1, $2, $3, $4, $5, $6, $7, 't', $8, $9, $10, now())`,
    [id, issue, meeting, kind, by, members.get(subjectOf('board-chair', TEES)), to, state, due, wording],
  );
  return id;
}

const who = {
  author: [subjectOf('board-chair', TEES), TEES],
  sameBoard: ['chair-both', TEES],
  // The same person as the one before, for another board.
  otherHat: ['chair-both', BLACK_COUNTRY],
  neighbour: [CHAIR_DURHAM, DURHAM],
  otherRegion: [subjectOf('board-chair', BLACK_COUNTRY), BLACK_COUNTRY],
  police: [subjectOf('agency-partner', POLICE), POLICE],
  stockton: [subjectOf('authority-approver', STOCKTON), STOCKTON],
  hartlepool: [subjectOf('authority-approver', HARTLEPOOL), HARTLEPOOL],
  electedOwn: [subjectOf('elected-member', HARTLEPOOL), HARTLEPOOL],
  scrutineerOwn: [subjectOf('scrutineer', HARTLEPOOL), HARTLEPOOL],
  scrutineerNeighbour: [subjectOf('scrutineer', 'E06000047'), 'E06000047'],
  lead: [subjectOf('regional-lead', 'E12000001'), 'E12000001'],
  // Acting for what they do not hold.
  pretender: [subjectOf('board-chair', BLACK_COUNTRY), TEES],
  nobody: ['nobody', TEES],
} as const;
type Who = keyof typeof who;
const seeing = async (id: string): Promise<Who[]> => {
  const found: Who[] = [];
  for (const [name, [subject, acting]] of Object.entries(who) as [Who, readonly [string, string]][]) {
    if ((await as(subject, acting, () => column('select id from exchange.issue where id = $1', [id]))).length)
      found.push(name);
  }
  return found;
};
const own: Who[] = ['author', 'sameBoard'];
const named: Who[] = ['police', 'stockton'];
const audienceOfOwn: Who[] = ['electedOwn', 'scrutineerOwn'];
const sharing = { state: 'shared', replyBy: '2026-01-01', sharedOn: '2026-01-02' };

test.each([
  ['a draft', {}, true, ['author']],
  ['a draft that was taken back', { wording: 'withdrawn' }, true, []],
  ['with its own board', { state: 'ownBoard' }, true, own],
  ['with those it names', { state: 'reply', replyBy: '2999-01-01' }, true, [...own, ...named]],
  [
    'shared with a neighbour',
    { ...sharing, recipients: [DURHAM] },
    true,
    [...own, 'neighbour', ...named, ...audienceOfOwn, 'scrutineerNeighbour'],
  ],
  [
    'shared with a board of another region',
    { ...sharing, recipients: [BLACK_COUNTRY] },
    true,
    [...own, ...named, ...audienceOfOwn],
  ],
  [
    'open to the network',
    { ...sharing, network: true },
    true,
    [...own, 'neighbour', ...named, ...audienceOfOwn, 'scrutineerNeighbour'],
  ],
  ['open, and waiting for a second person', { ...sharing, network: true, wording: 'awaiting' }, true, own],
  ['open, and no agreement', { ...sharing, network: true }, false, [...own, ...named]],
] as const)('%s', async (_, given, agreed, expected) => {
  if (agreed) await conclude(northEast);
  expect(await seeing(await lay(given))).toEqual(expected);
});

test('a board of another region sees it from the day on which both regions have signed, and no longer than the agreement holds', async () => {
  await conclude(northEast);
  const id = await lay({ ...sharing, network: true });
  const far: Who[] = ['otherRegion', 'otherHat'];
  expect((await seeing(id)).filter((one) => far.includes(one))).toEqual([]);
  await conclude(bothRegions);
  expect((await seeing(id)).filter((one) => far.includes(one)).sort()).toEqual([...far].sort());
  await owner.query(
    `update agreements.party set status = 'withdrawn', notice = 'none', withdrawn_from = current_date - 1
    where agreement_id = $1 and authority_id = (select id from registry.authority where code = 'E08000028')`,
    [bothRegions.id],
  );
  expect((await seeing(id)).filter((one) => far.includes(one))).toEqual([]);
});

test('one whom an issue names learns of another only when that one has answered, or the day is over', async () => {
  await conclude(northEast);
  const names = async (name: Who, id: string) => {
    const [subject, acting] = who[name];
    return (
      await as(subject, acting, () => column('select organisation from exchange.named where issue_id = $1', [id]))
    ).sort();
  };
  const asked = await lay({ state: 'reply', replyBy: '2999-01-01' });
  expect(await names('police', asked)).toEqual([POLICE]);
  expect(await names('author', asked)).toEqual([STOCKTON, POLICE]);
  expect(await names('neighbour', asked)).toEqual([]);
  expect(await names('police', await lay({ state: 'reply', replyBy: '2999-01-01', replied: [STOCKTON] }))).toEqual([
    STOCKTON,
    POLICE,
  ]);
  expect(await names('police', await lay({ state: 'reply', replyBy: '2026-01-01' }))).toEqual([STOCKTON, POLICE]);
});

test('an item is seen by whom it concerns', async () => {
  await conclude(northEast);
  const shared = await lay({ ...sharing, recipients: [DURHAM] });
  const items = {
    asked: await layItem(shared, { kind: 'challenge', to: POLICE, state: 'asked', due: '2999-01-01' }),
    late: await layItem(shared, { kind: 'challenge', to: POLICE, state: 'asked', due: '2026-01-01' }),
    action: await layItem(shared, { kind: 'action', to: STOCKTON, state: 'onTrack', due: '2026-01-01' }),
    awaiting: await layItem(shared, { kind: 'decision', wording: 'awaiting' }),
    withdrawn: await layItem(shared, { kind: 'decision', wording: 'withdrawn' }),
    ofDraft: await layItem(await lay(), { kind: 'action', to: POLICE, state: 'onTrack' }),
  };
  const nameOf = (id: string) => Object.entries(items).find(([, one]) => one === id)![0];
  const seen = async (name: Who) =>
    (await as(who[name][0], who[name][1], () => column('select id from exchange.item'))).map(nameOf).sort();
  expect(await seen('author')).toEqual(['action', 'asked', 'awaiting', 'late', 'ofDraft']);
  expect(await seen('neighbour')).toEqual(['action', 'late']);
  expect(await seen('scrutineerOwn')).toEqual(['action', 'late']);
  expect(await seen('police')).toEqual(['asked', 'late', 'ofDraft']);
  expect(await seen('stockton')).toEqual(['action']);
  expect(await seen('hartlepool')).toEqual([]);
  expect(await seen('otherRegion')).toEqual([]);
});

test('a note is read by those who were there, for the board for which they were there', async () => {
  const meeting = newId();
  await owner.query(
    `insert into exchange.meeting (id, region_id, board, boards, on_date, title, created_by, created_at)
     select $1, id, $2, $3, '2026-05-01', 't', $4, now() from registry.region where code = 'E12000001'`,
    [meeting, TEES, [TEES, BLACK_COUNTRY], members.get(subjectOf('board-chair', TEES))],
  );
  await layItem(null, { kind: 'note', meeting });
  await owner.query('insert into exchange.attendance values ($1, $2, $3)', [
    meeting,
    members.get('chair-both'),
    BLACK_COUNTRY,
  ]);
  const seen = async (name: Who) =>
    (await as(who[name][0], who[name][1], () => column('select id from exchange.item'))).length;
  expect([await seen('otherHat'), await seen('sameBoard'), await seen('author'), await seen('otherRegion')]).toEqual([
    1, 0, 0, 0,
  ]);
});

test('nobody writes for another board, and nobody but its board changes an issue', async () => {
  await conclude(northEast);
  const id = await lay({ ...sharing, network: true });
  const change = `update exchange.issue set title = 'changed'`;
  const insert = (board: string, member: string) =>
    stateOf(
      desk.query(
        `insert into exchange.issue (id, region_id, board, author, state, theme, title, text, question, source, likelihood, impact,
           wording, worded_by, created_at, changed_at)
         select $1, id, $2, $3::uuid, 'draft', 't', 't', 't', 'q', 'chair', 3, 3, 'shown', $3::uuid, now(), now()
         from registry.region where code = 'E12000001'`,
        [newId(), board, members.get(member)],
      ),
    );
  expect(await as(CHAIR_DURHAM, DURHAM, () => insert(DURHAM, CHAIR_DURHAM))).toBe('none');
  expect(await as(CHAIR_DURHAM, DURHAM, () => insert(TEES, CHAIR_DURHAM))).toBe('42501');
  expect(await as(CHAIR_DURHAM, TEES, () => insert(TEES, CHAIR_DURHAM))).toBe('42501');
  expect(await as(CHAIR_DURHAM, DURHAM, () => insert(DURHAM, 'chair-both'))).toBe('42501');
  const changed: string[] = [];
  for (const [name, [subject, acting]] of Object.entries(who)) {
    if ((await as(subject, acting, () => desk.query(change))).rowCount) changed.push(name);
  }
  expect(changed).toEqual(own);
  expect(
    await as(CHAIR_DURHAM, DURHAM, () => stateOf(desk.query(`update exchange.issue set board = $1`, [DURHAM]))),
  ).toBe('42501');
  const say = (member: string, by: string, about: string | null) =>
    stateOf(
      desk.query(
        `insert into exchange.item (id, issue_id, about_id, kind, by_organisation, author, text, wording, at)
         values ($1, $2, $3, 'answer', $4, $5, 't', 'shown', now())`,
        [newId(), hidden, about, by, members.get(member)],
      ),
    );
  const hidden = await lay({ state: 'ownBoard' });
  const asked = await layItem(hidden, { kind: 'challenge', to: POLICE, state: 'asked' });
  const [police] = who.police;
  expect(await as(...who.police, () => say(police, POLICE, asked))).toBe('none');
  expect(await as(...who.police, () => say(police, POLICE, null))).toBe('42501');
  expect(await as(...who.police, () => say(police, TEES, asked))).toBe('42501');
  expect(await as(...who.neighbour, () => say(CHAIR_DURHAM, DURHAM, asked))).toBe('42501');
  expect((await as(...who.police, () => desk.query('update exchange.named set replied_at = now()'))).rowCount).toBe(1);
  expect((await as(...who.neighbour, () => desk.query('update exchange.named set replied_at = now()'))).rowCount).toBe(
    0,
  );
  expect(
    (await as(...who.author, () => desk.query('delete from exchange.named where issue_id = $1', [id]))).rowCount,
  ).toBe(0);
});

/** A published table of the North East, to point at. */
async function layPublication(): Promise<{ publication: string; series: number }> {
  const one = async (sql: string, values: unknown[] = []) =>
    Object.values((await owner.query<Record<string, unknown>>(sql, values)).rows[0]!)[0];
  const document = { ...northEast, id: 'published-under' };
  await conclude(document);
  const region = await one(`select id from registry.region where code = 'E12000001'`);
  const [round, publication] = [newId(), newId()];
  await owner.query(
    `insert into rounds.round (id, region_id, dataset, dataset_version, period, period_kind, period_from, period_until, opens, due, closes)
     values ($1, $2, 'walls', '1.0', '2024-FY', 'year', '2024-04-01', '2025-04-01', '2025-05-01', '2025-06-01', '2025-06-02')`,
    [round, region],
  );
  await owner.query(
    `insert into release.publication (region_id, id, number, round_id, dataset, dataset_version, period, period_kind,
       period_from, period_until, edition, state, agreement_id, agreement_version, document, digest, published_at)
     values ($1, $2, 1, $3, 'walls', '1.0', '2024-FY', 'year', '2024-04-01', '2025-04-01',
       'provisional', 'current', $4, 1, '{}', sha256('{}'), now())`,
    [region, publication, round, document.id],
  );
  return {
    publication,
    series: Number(await one(`insert into registry.series (key) values ('EVIDENCE#count') returning id`)),
  };
}

test('every policy lets in whom it is for and keeps out another; a new one without a row here fails', async () => {
  const { publication, series } = await layPublication();
  const region = `(select id from registry.region where code = 'E12000001')`;
  const draft = await lay({ state: 'ownBoard' });
  const shared = await lay({ ...sharing, recipients: [DURHAM] });
  const challenge = await layItem(shared, { kind: 'challenge', to: POLICE, state: 'asked', due: '2999-01-01' });
  const pointing = (issue: string, place: number) =>
    `insert into exchange.evidence values ('${issue}', ${place}, ${region}, '${publication}', sha256('{}'), ${series}, null)`;
  await owner.query(pointing(draft, 0));
  const meeting = newId();
  const calling = (id: string, board: string, by: string) =>
    `insert into exchange.meeting (id, region_id, board, boards, on_date, title, created_by, created_at)
     values ('${id}', ${region}, '${board}', '{${board},${DURHAM}}', '2026-05-01', 't', ${by}, now())`;
  await owner.query(calling(meeting, TEES, `'${members.get('chair-both')}'`));
  await owner.query(`insert into exchange.attendance values ('${meeting}', '${members.get('chair-both')}', '${TEES}')`);
  const address = (whose: string) =>
    `insert into exchange.contact values ('${whose}', 'a@b.example', '${members.get('chair-both')}', now())`;
  await owner.query(address(POLICE));
  const notice = `insert into exchange.notice (id, organisation, kind, subject_id, made_at)
     values (gen_random_uuid(), '${POLICE}', 'reply', gen_random_uuid(), now())`;
  await owner.query(notice);
  const raise = `insert into exchange.issue (id, region_id, board, author, state, theme, title, text, question, source, likelihood,
       impact, wording, worded_by, created_at, changed_at)
     values (gen_random_uuid(), ${region}, '${TEES}', identity.caller(), 'draft', 't', 't', 't', 'q', 'chair', 3, 3, 'shown', identity.caller(), now(), now())`;
  const say = `insert into exchange.item (id, issue_id, kind, by_organisation, author, text, wording, at)
     values (gen_random_uuid(), '${draft}', 'decision', '${TEES}', identity.caller(), 't', 'shown', now())`;

  const attempts: readonly [policy: string, sql: string, may: Who, mayNot: Who][] = [
    ['issue desk select', `select from exchange.issue where id = '${draft}'`, 'sameBoard', 'neighbour'],
    ['issue desk insert', raise, 'sameBoard', 'neighbour'],
    ['issue desk update', `update exchange.issue set title = 'u' where id = '${shared}'`, 'sameBoard', 'neighbour'],
    ['issue worker select', `select id, state from exchange.issue where id = '${draft}'`, 'nobody', 'nobody'],
    ['named desk select', `select from exchange.named where issue_id = '${shared}'`, 'neighbour', 'otherRegion'],
    [
      'named desk insert',
      `insert into exchange.named values ('${draft}', 'agy-other', false, null)`,
      'sameBoard',
      'neighbour',
    ],
    ['named desk update', `update exchange.named set replied_at = now()`, 'police', 'neighbour'],
    ['named desk delete', `delete from exchange.named where issue_id = '${draft}'`, 'sameBoard', 'neighbour'],
    ['named worker select', 'select organisation from exchange.named', 'nobody', 'nobody'],
    ['evidence desk select', `select from exchange.evidence where issue_id = '${draft}'`, 'sameBoard', 'neighbour'],
    ['evidence desk insert', pointing(draft, 1), 'sameBoard', 'neighbour'],
    ['evidence desk delete', `delete from exchange.evidence where issue_id = '${draft}'`, 'sameBoard', 'neighbour'],
    ['item desk select', `select from exchange.item where id = '${challenge}'`, 'police', 'stockton'],
    ['item desk insert', say, 'sameBoard', 'neighbour'],
    [
      'item desk update',
      `update exchange.item set state = 'answered' where id = '${challenge}'`,
      'police',
      'neighbour',
    ],
    ['item worker select', `select id, due from exchange.item where id = '${challenge}'`, 'nobody', 'nobody'],
    ['meeting desk select', `select from exchange.meeting where id = '${meeting}'`, 'neighbour', 'otherRegion'],
    ['meeting desk insert', calling(newId(), TEES, 'identity.caller()'), 'sameBoard', 'otherHat'],
    [
      'meeting desk update',
      `update exchange.meeting set pack = '{}', digest = sha256('{}'), frozen_at = now()`,
      'sameBoard',
      'neighbour',
    ],
    [
      'attendance desk select',
      `select from exchange.attendance where meeting_id = '${meeting}'`,
      'neighbour',
      'otherRegion',
    ],
    [
      'attendance desk insert',
      `insert into exchange.attendance values ('${meeting}', identity.caller(), '${DURHAM}')`,
      'neighbour',
      'otherRegion',
    ],
    ['contact desk select', 'select from exchange.contact', 'police', 'neighbour'],
    ['contact desk insert', address(DURHAM), 'neighbour', 'sameBoard'],
    ['contact desk update', `update exchange.contact set address = 'c@d.example'`, 'police', 'neighbour'],
    ['contact desk delete', 'delete from exchange.contact', 'police', 'neighbour'],
    ['contact worker select', 'select from exchange.contact', 'nobody', 'nobody'],
    ['notice desk insert', notice, 'sameBoard', 'lead'],
    ['notice worker select', 'select from exchange.notice', 'nobody', 'nobody'],
    ['notice worker insert', notice, 'nobody', 'nobody'],
    ['notice worker update', 'update exchange.notice set sent_at = now()', 'nobody', 'nobody'],
  ];
  const done = (name: Who, sql: string, login: Client) => {
    const [subject, acting] = who[name];
    const work = () =>
      login.query(sql).then(
        ({ rowCount }) => rowCount! > 0,
        () => false,
      );
    return as(subject, acting, work, login);
  };
  for (const [policy, sql, may, mayNot] of attempts) {
    const login = policy.includes(' worker ') ? worker : desk;
    expect([policy, await done(may, sql, login)]).toEqual([policy, true]);
    // The worker's policies name the role and no member: what holds it is what it was not granted.
    if (login === desk) expect([policy, await done(mayNot, sql, login)]).toEqual([policy, false]);
  }
  for (const text of [
    'select text from exchange.item',
    'select title from exchange.issue',
    'select from exchange.meeting',
  ]) {
    expect(await as('nobody', TEES, () => stateOf(worker.query(text)), worker)).toBe('42501');
  }
  const policies = await owner.query<{ policy: string }>(
    `select tablename || ' ' || substr(role, 5) || ' ' || lower(cmd) as policy
     from pg_policies, unnest(roles) role where role <> 'hub_owner' and schemaname = 'exchange' order by 1`,
  );
  expect(attempts.map(([policy]) => policy).sort()).toEqual(policies.rows.map(({ policy }) => policy));
});
