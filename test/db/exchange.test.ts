import { Client } from 'pg';
import type { AgreementDocument } from '@hub/agreements/domain';
import { canonical, sha256 } from '@hub/kernel';
import { newId, type Login } from '@hub/platform';
import { freshDatabase } from '../support/database';
import { exampleAgreement, seedMembers, subjectOf } from '../seed/seed';

/**
 * The database's own wall around what boards do together: rows laid in by the owner, looked at over the real login of the desk, by
 * members of the seed, for the organisation that they act for. No code of the exchange stands between.
 */
const TEES = 'brd-tees';
const DURHAM = 'brd-durham';
const BLACK_COUNTRY = 'brd-black-country';
const POLICE = 'agy-cleveland-police';
const HARTLEPOOL = 'E06000001';
const STOCKTON = 'E06000004';
const ISSUER = 'https://issuer.test';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let owner: Client;
let desk: Client;
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
  desk = await open(database.urls['desk' as Login]);
  await owner.query(`insert into registry.organisation (code, name) values ($1, 'Durham')`, [DURHAM]);
  await owner.query(
    `insert into registry.organisation_area (organisation, authority_id)
     select $1, id from registry.authority where code = 'E06000047'`,
    [DURHAM],
  );
  // One person who chairs two boards.
  for (const [name, ...boards] of [
    ['chair-durham', DURHAM],
    ['chair-both', TEES, BLACK_COUNTRY],
  ] as const) {
    const id = newId();
    await owner.query('insert into identity.member (id, issuer, subject, name) values ($1, $2, $3, $3)', [
      id,
      ISSUER,
      name,
    ]);
    for (const board of boards)
      await owner.query(`insert into identity.member_role (member_id, role, organisation) values ($1, 'board-chair', $2)`, [id, board]); // prettier-ignore
  }
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
  await owner.query('delete from agreements.party; delete from agreements.scope; delete from agreements.agreement');
});

/** What a member sees, acting for one organisation; nothing of it stays. The owner's rows are committed first. */
async function as<T>(subject: string, acting: string, work: () => Promise<T>): Promise<T> {
  await owner.query('commit; begin');
  await desk.query('begin');
  try {
    await desk.query(`select set_config('hub.member', $1, true), set_config('hub.acting', $2, true)`, [
      members.get(subject) ?? newId(),
      acting,
    ]);
    return await work();
  } finally {
    await desk.query('rollback');
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
  neighbour: ['chair-durham', DURHAM],
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

// prettier-ignore
test.each([
  ['a draft', {}, true, ['author']],
  ['a draft that was taken back', { wording: 'withdrawn' }, true, []],
  ['with its own board', { state: 'ownBoard' }, true, own],
  ['with those it names', { state: 'reply', replyBy: '2999-01-01' }, true, [...own, ...named]],
  ['shared with a neighbour', { ...sharing, recipients: [DURHAM] }, true, [...own, 'neighbour', ...named, ...audienceOfOwn, 'scrutineerNeighbour']],
  ['shared with a board of another region', { ...sharing, recipients: [BLACK_COUNTRY] }, true, [...own, ...named, ...audienceOfOwn]],
  ['open to the network', { ...sharing, network: true }, true, [...own, 'neighbour', ...named, ...audienceOfOwn, 'scrutineerNeighbour']],
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
  expect(await as('chair-durham', DURHAM, () => insert(DURHAM, 'chair-durham'))).toBe('none');
  expect(await as('chair-durham', DURHAM, () => insert(TEES, 'chair-durham'))).toBe('42501');
  expect(await as('chair-durham', TEES, () => insert(TEES, 'chair-durham'))).toBe('42501');
  expect(await as('chair-durham', DURHAM, () => insert(DURHAM, 'chair-both'))).toBe('42501');
  const changed: string[] = [];
  for (const [name, [subject, acting]] of Object.entries(who)) {
    if ((await as(subject, acting, () => desk.query(change))).rowCount) changed.push(name);
  }
  expect(changed).toEqual(own);
  expect(
    await as('chair-durham', DURHAM, () => stateOf(desk.query(`update exchange.issue set board = $1`, [DURHAM]))),
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
  expect(await as(...who.neighbour, () => say('chair-durham', DURHAM, asked))).toBe('42501');
  expect((await as(...who.police, () => desk.query('update exchange.named set replied_at = now()'))).rowCount).toBe(1);
  expect((await as(...who.neighbour, () => desk.query('update exchange.named set replied_at = now()'))).rowCount).toBe(
    0,
  );
  expect(
    (await as(...who.author, () => desk.query('delete from exchange.named where issue_id = $1', [id]))).rowCount,
  ).toBe(0);
});
