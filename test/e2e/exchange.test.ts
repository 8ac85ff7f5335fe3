import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseAgreement, type AgreementDocument } from '@hub/agreements/domain';
import type { PackDocument } from '@hub/exchange/domain';
import {
  ACTION,
  AMEND,
  ANSWER,
  APPROVE,
  askReplies,
  BLACK_COUNTRY,
  Boards,
  CALL,
  CHALLENGE,
  COUNTY_DURHAM,
  DURHAM,
  FAR_POLICE,
  FREEZE,
  HARTLEPOOL,
  ITEMS,
  JUDGE,
  LIST,
  LOOK,
  POLICE,
  RAISE,
  REPLY,
  REPORT,
  SHARE,
  STEP,
  STOCKTON,
  TEES,
  who,
  WITHDRAW,
  type Looked,
  type Who,
} from '../support/boards';
import { CountingProxy } from '../support/counting-proxy';
import { calmHistory, layPublications } from '../support/lay';
import { catchMail, type MailCatcher } from '../support/mail-catcher';
import { contents } from '../support/database';
import { asOwner, PERIOD, twoRegions, type TwoRegions } from '../support/two-regions';
import { day, NORTH_EAST } from '../support/world';
import { exampleAgreement } from '../seed/seed';
import { commandsWork } from './exchange.cli';
import { noticesAreSent } from './exchange.notices';
import { everyFieldIsSeen } from './exchange.sights';

/**
 * What boards do together, over the API: one issue of the Tees board goes its whole way, and at every stage everybody looks at it; then
 * everything that may not happen, each with its code, and nothing half done.
 */
let two: TwoRegions;
let boards: Boards;
let catcher: MailCatcher;
/** Stand before the logins that look. */
const proxies: CountingProxy[] = [];
/** The North East's publication. */
let publication: string;
const NO_PUBLICATION = `pub_hub-local_${'0'.repeat(32)}`;

const ask: Boards['ask'] = (...asked) => boards.ask(...asked) as never;
const told = <T>(...asked: Parameters<Boards['told']>) => boards.told<T>(...asked);
const done = <T = { id: string }>(...asked: Parameters<Boards['done']>) => boards.done<T>(...asked);
const input = (more: object = {}) => boards.input(more);
const raised = (more: object = {}) => boards.raised(more);
const issueAt: Boards['issueAt'] = (...asked) => boards.issueAt(...asked);

/** The hidden figures of the North East's publication, as evidence. */
async function hiddenFigures(): Promise<{ publication: string; series: string; authority: string }[]> {
  const [{ document }] = (await asOwner(
    two.world,
    `select document from release.publication p join registry.region g on g.id = p.region_id where g.code = $1 and p.period = $2`,
    [NORTH_EAST, PERIOD],
  )) as [{ document: string }];
  const { series, authorities } = JSON.parse(document) as {
    authorities: string[];
    series: { key: string; figures: (number | string)[] }[];
  };
  return series.flatMap(({ key, figures }) =>
    authorities.filter((_, i) => figures[i] === 'hidden').map((authority) => ({ publication, series: key, authority })),
  );
}

/** What everybody has to do with the issue: the first letter of its title, or the code with which there is none. */
async function everybody(id: string): Promise<Record<'sees' | 'absent', Who[]>> {
  const seen: Record<'sees' | 'absent', Who[]> = { sees: [], absent: [] };
  for (const name of Object.keys(who) as Who[]) {
    const look = await told<Looked>(name, LOOK, { id });
    const list = await told<{ edges: { node: { id: string } }[] }>(name, LIST);
    const isListed = typeof list !== 'string' && list.edges.some(({ node }) => node.id === id);
    expect([name, isListed]).toEqual([name, typeof look !== 'string']);
    if (typeof look !== 'string') seen.sees.push(name);
    else seen.absent.push(name);
  }
  return seen;
}

beforeAll(async () => {
  catcher = await catchMail();
  two = await twoRegions(async ({ urls }) => {
    for (const login of ['desk', 'reader'] as const) proxies.push(await CountingProxy.before(urls[login]));
    return { DATABASE_DESK_URL: proxies[0]!.url, DATABASE_READER_URL: proxies[1]!.url, HUB_SMTP_URL: catcher.url };
  });
  boards = await Boards.lay(two);
  publication = boards.publication;
  const { world, northEast } = two;
  const own = world.agreements.get(NORTH_EAST)!;
  const calm = calmHistory(world.hubId, NORTH_EAST, northEast.authorities, own);
  const between = { 'RF01#count': { [HARTLEPOOL]: [1, 9] as const } };
  await layPublications(
    world.ownerUrl,
    calm.map((one) => (one.period === '2024-Q1' ? { ...one, between } : one)),
  );
}, 240_000);
afterAll(async () => {
  await two?.stop();
  for (const proxy of proxies) await proxy.stop();
  await catcher?.stop();
});

test('an issue goes from its author to the network, and at each stage those see it whom that stage names', async () => {
  const id = await raised();
  expect((await everybody(id)).sees).toEqual(['chair']);
  await done('chair', STEP, { id, step: 'TO_OWN_BOARD' });
  expect((await everybody(id)).sees).toEqual(['chair', 'second', 'here']);
  await done('chair', STEP, { id, ...askReplies });
  const own: Who[] = ['chair', 'second', 'here'];
  expect((await everybody(id)).sees.sort()).toEqual([...own, 'police', 'stockton'].sort());

  // Neither learns of the other before it has answered.
  const before = await done<Looked>('police', LOOK, { id });
  expect(before.named.map(({ organisation }) => organisation.code)).toEqual([POLICE]);
  expect(before.leadArea).toBeNull();
  expect(before.evidence.map(({ authority }) => authority?.code)).toEqual([undefined]);
  expect(before.items).toEqual([]);
  expect(JSON.stringify(before)).not.toContain(STOCKTON);
  await done('stockton', REPLY, { id, text: 'We see it too.' });
  const after = await done<Looked>('police', LOOK, { id });
  expect(after.named.map(({ organisation }) => organisation.code)).toEqual([STOCKTON, POLICE]);
  expect(after.items).toEqual([]);

  expect(await told('chair', SHARE, { id, boards: [DURHAM] })).toBe('ISSUE_REPLY_PENDING');
  await done('police', REPLY, { id, text: 'We have changed the form.' });
  await done('chair', SHARE, { id, boards: [DURHAM] });
  const region: Who[] = ['neighbour', 'elected', 'scrutineer', 'neighboursScrutineer'];
  expect((await everybody(id)).sees.sort()).toEqual([...own, 'police', 'stockton', ...region].sort());
  const shared = await done<Looked>('neighbour', LOOK, { id });
  expect(shared.evidence.map(({ figure }) => figure)).toEqual([
    expect.stringMatching(/^[\d,]+$/),
    expect.stringMatching(/^[\d,]+$/),
  ]);
  expect(
    shared.items
      .filter(({ kind }) => kind === 'REPLY')
      .map(({ by }) => by.code)
      .sort(),
  ).toEqual([STOCKTON, POLICE]);

  await done('chair', STEP, { id, step: 'TO_NETWORK' });
  expect((await everybody(id)).sees.sort()).toEqual([...own, 'police', 'stockton', ...region].sort());
  for (const step of ['ACCEPT', 'START', 'WATCH', 'RESOLVE']) await done('chair', STEP, { id, step });
  expect(await told('chair', STEP, { id, step: 'START' })).toBe('ISSUE_STEP_REFUSED');
  expect((await everybody(id)).sees.sort()).toEqual([...own, 'police', 'stockton', ...region].sort());
}, 60_000);

test('a challenge is asked, answered and judged; an action is given, falls due and is closed with evidence', async () => {
  const issue = await issueAt('shared');
  const challenge = await done('chair', CHALLENGE, { issue, to: POLICE, text: 'What has changed?', due: day(5) });
  const kinds = async (name: Who) => {
    const looked = await told<Looked>(name, LOOK, { id: issue });
    return typeof looked === 'string'
      ? looked
      : looked.items.map(({ kind }) => kind).filter((kind) => !['STEP', 'REPLY'].includes(kind));
  };
  expect([await kinds('chair'), await kinds('neighbour'), await kinds('police')]).toEqual([
    ['CHALLENGE'],
    [],
    ['CHALLENGE'],
  ]);
  expect(await told('neighbour', JUDGE, { id: challenge.id, satisfied: true })).toBe('ITEM_ABSENT');
  expect(await told('stockton', ANSWER, { id: challenge.id, text: 'x' })).toBe('NOT_FOR_THIS_ROLE');
  expect(await told('otherAgency', ANSWER, { id: challenge.id, text: 'x' })).toBe('ITEM_ABSENT');
  expect(await told('chair', JUDGE, { id: challenge.id, satisfied: true })).toBe('ITEM_STEP_REFUSED');
  await done('police', ANSWER, { id: challenge.id, text: 'The form is mended.' });
  expect(await kinds('neighbour')).toEqual(['ANSWER', 'CHALLENGE']);
  expect(await done('chair', JUDGE, { id: challenge.id, satisfied: true })).toMatchObject({ state: 'SATISFIED' });
  expect(await told('police', ANSWER, { id: challenge.id, text: 'More.' })).toBe('ITEM_STEP_REFUSED');

  const action = await done('neighbour', ACTION, { issue, to: DURHAM, text: 'Look at the own forms.', due: day(2) });
  expect(await told('neighbour', REPORT, { id: action.id, state: 'DONE' })).toBe('ACTION_EVIDENCE_MISSING');
  expect(
    await done('neighbour', REPORT, { id: action.id, state: 'DONE', impact: 'Forms are read in time.' }),
  ).toMatchObject({ state: 'DONE' });
  expect(await told('neighbour', REPORT, { id: action.id, state: 'SLIPPED' })).toBe('ITEM_STEP_REFUSED');
  expect(await kinds('elected')).toEqual(
    expect.arrayContaining(['ACTION', 'PROGRESS', 'CHALLENGE', 'ANSWER', 'VERDICT']),
  );

  // What is given to an agency that the issue does not name it sees and answers, and nothing else of the issue.
  const unnamed = await issueAt('ownBoard', { agencies: [] });
  const given = await done('chair', CHALLENGE, { issue: unnamed, to: POLICE, text: 'What has changed?', due: day(5) });
  expect(await kinds('police')).not.toBe('ISSUE_ABSENT');
  expect(await told('police', LOOK, { id: unnamed })).toBe('ISSUE_ABSENT');
  const addressed = await done<{ edges: { node: { id: string; title: string | null } }[] }>('police', ITEMS, {
    kind: 'CHALLENGE',
  });
  expect(addressed.edges.find(({ node }) => node.id === given.id)?.node).toMatchObject({ title: null });
  await done('police', ANSWER, { id: given.id, text: 'The form is mended.' });
}, 60_000);

test('across regions it is seen from the day on which the parties of both have signed, and a pack holds what each board may see', async () => {
  // The second one lies under neither board: some of its figures are hidden.
  const places = [HARTLEPOOL, 'E06000002', STOCKTON, 'E08000027', 'E08000028'];
  const evidence = [
    ...(await hiddenFigures()).filter(({ authority }) => places.includes(authority)).slice(0, 1),
    // Hidden in an earlier quarter, which its line shows.
    { publication, series: 'RF01#count', authority: HARTLEPOOL },
  ];
  const id = await issueAt('shared', { evidence, nextReview: day(2) });
  await done('chair', STEP, { id, step: 'TO_NETWORK' });
  const far: Who[] = ['otherRegion', 'there'];
  expect((await everybody(id)).sees.filter((name) => far.includes(name))).toEqual([]);
  const example = exampleAgreement('north-east-west-midlands-view.v1');
  const agreement: AgreementDocument = parseAgreement({
    ...example,
    id: 'two-boards',
    parties: example.parties.filter(({ authority }) => places.includes(authority)),
    audience: [TEES, BLACK_COUNTRY].map((of) => ({ of, roles: ['board-chair'], presentation: 'named' })),
    tables: example.tables.map((table) => ({ ...table, breakdowns: 'all' })),
  });
  await two.world.propose(agreement);
  for (const authority of places.slice(1)) await two.world.signAgreement(agreement, authority);
  expect((await everybody(id)).sees.filter((name) => far.includes(name))).toEqual([]);
  await two.world.signAgreement(agreement, HARTLEPOOL);
  expect((await everybody(id)).sees.filter((name) => far.includes(name)).sort()).toEqual([...far].sort());
  const meeting = await done('chair', CALL, { title: 'Across', on: day(9), boards: [BLACK_COUNTRY] });
  const pack = await done<{ pack: { document: string } }>('chair', FREEZE, { id: meeting.id });
  const own = await done<Looked>('chair', LOOK, { id });
  const atMeeting = (name: Who) =>
    done<object>(name, 'query ($as: ID!, $id: ID!) { meeting(as: $as, id: $id) { title agenda pack { document } } }', {
      id: meeting.id,
    });
  const frozen = {
    title: 'Across',
    agenda: [expect.stringMatching(/, review$/)],
    pack: { document: pack.pack.document },
  };
  for (const name of ['chair', 'otherRegion'] as const) expect(await atMeeting(name)).toEqual(frozen);
  await two.world.withdraw(agreement, STOCKTON, day(0));
  expect((await everybody(id)).sees.filter((name) => far.includes(name))).toEqual([]);
  // Nor are they given from then on what was frozen while they saw it; who froze it keeps it.
  expect(await atMeeting('otherRegion')).toEqual({ title: 'Across', agenda: [], pack: null });
  expect(await atMeeting('chair')).toEqual(frozen);
  const { issues, completeness, handling, charts, figures } = JSON.parse(pack.pack.document) as PackDocument;
  // The chair who froze it reads the interval in the issue; the other board sees a part of the publication, which has none.
  expect(own.evidence[0]!.figure).toMatch(/^hidden: /);
  expect(issues.find((one) => one.id === id)!.evidence).toEqual([
    expect.stringMatching(/: hidden$/),
    expect.stringMatching(/: [\d,]+; \S+ per 10,000 children in the quarter /),
  ]);
  expect(completeness.every(({ coverage, digest }) => coverage === null && digest === null)).toBe(true);
  expect(completeness.find(({ period }) => period === PERIOD)!.boards).toMatchObject([{ coverage: '2 of 2' }]);
  // Nor has a hidden figure in a line that both see; and nothing is held against a region that the other board does not see.
  expect(JSON.stringify(charts)).toContain('[c]');
  expect(JSON.stringify(charts)).not.toMatch(/\[c\] \d/);
  for (const row of charts!.flatMap(({ rows }) => rows.filter(([, value]) => value === '[c]')))
    expect(row.slice(2, 4)).toEqual(['[c]', '[c]']);
  expect(figures).toEqual([]);
  // Each reads under an agreement of its own.
  for (const line of [agreement.handling, two.world.agreements.get(NORTH_EAST)!.handling])
    expect(handling).toContain(line);
}, 60_000);

test('who has no role there, or none that the exchange knows, is told so before anything else', async () => {
  const id = await issueAt('shared');
  const codes = Object.fromEntries(
    await Promise.all(
      (['pretender', 'lead', 'system', 'otherRegion'] as const).map(async (name) => [
        name,
        await told(name, LOOK, { id }),
      ]),
    ),
  );
  expect(codes).toEqual({
    pretender: 'ORGANISATION_ABSENT',
    lead: 'NOT_FOR_THIS_ROLE',
    system: 'NOT_FOR_THIS_ROLE',
    otherRegion: 'ISSUE_ABSENT',
  });
  const { errors } = await ask(null, LOOK, { as: TEES, id });
  expect(errors?.[0]?.extensions.code).toBe('TOKEN_MISSING');
});

test('words taken back leave no trace for readers, and the access log keeps that they were', async () => {
  const id = await issueAt('shared');
  const action = await done('chair', ACTION, { issue: id, to: TEES, text: 'Words that go away.', due: day(3) });
  await done('chair', REPORT, { id: action.id, state: 'ON_TRACK' });
  expect(await told('neighbour', WITHDRAW, { id: action.id })).toBe('ITEM_ABSENT');
  expect(await done('chair', WITHDRAW, { id: action.id })).toBe(true);
  for (const name of ['chair', 'neighbour'] as const)
    expect((await done<Looked>(name, LOOK, { id })).items.filter(({ kind }) => /ACTION|PROGRESS/.test(kind))).toEqual(
      [],
    );
  expect(await told('neighbour', WITHDRAW, { id })).toBe('ISSUE_ABSENT');
  await done('chair', WITHDRAW, { id });
  expect((await everybody(id)).sees).toEqual([]);
  const log = await asOwner<{ subject: string }>(
    two.world,
    `select subject from platform.access_log where action = 'withdraw.words' order by id`,
  );
  expect(log.map(({ subject }) => subject)).toEqual([action.id, id]);
  const left = await asOwner(two.world, `select from exchange.item where text like 'Words that%'`);
  expect(left).toEqual([]);
});

test('reading what another board wrote leaves one record for a look, which the authority that it names sees', async () => {
  const id = await issueAt('shared', { evidence: [] });
  const reads = () =>
    asOwner<{ action: string; subject: string; organisation: string; role: string; areas: string[] }>(
      two.world,
      `select action, subject, organisation, role,
         array(select a.code from registry.authority a where a.id = any(l.authorities)) as areas
       from platform.access_log l where action in ('read.issue', 'read.issues') order by id`,
    );
  const before = (await reads()).length;
  const leaves = async (work: () => Promise<unknown>) => {
    const seen = (await reads()).length;
    await work();
    return (await reads()).slice(seen);
  };
  const neighbour = { organisation: DURHAM, role: 'board-chair' };
  expect(await leaves(() => done('chair', LOOK, { id }))).toEqual([]);
  expect(await leaves(() => done('neighbour', LOOK, { id }))).toEqual([
    { action: 'read.issue', subject: id, areas: [STOCKTON], ...neighbour },
  ]);
  // A page of many leaves one, and what is not there leaves none.
  expect(await leaves(() => done('neighbour', LIST))).toMatchObject([
    { action: 'read.issues', subject: TEES, ...neighbour },
  ]);
  expect(await leaves(() => told('otherRegion', LOOK, { id }))).toEqual([]);
  expect((await reads()).length).toBe(before + 2);
  const { accesses } = await two.world.ask<{ accesses: { edges: { node: object }[] } }>(
    await two.world.token('authority-approver', STOCKTON),
    `{ accesses(authority: "${STOCKTON}", first: 2) { edges { node { action subject organisation } } } }`,
  );
  expect(accesses.edges.map(({ node }) => node)).toEqual([
    { action: 'ISSUES', subject: TEES, organisation: DURHAM },
    { action: 'ISSUE', subject: id, organisation: DURHAM },
  ]);
  // What was taken back is gone for its readers; that it was read, and that it was taken back, stays.
  await done('chair', WITHDRAW, { id });
  expect(await told('neighbour', LOOK, { id })).toBe('ISSUE_ABSENT');
  const kept = await asOwner<{ action: string }>(
    two.world,
    'select action from platform.access_log where subject = $1 order by id',
    [id],
  );
  expect(kept.map(({ action }) => action)).toEqual(['read.issue', 'withdraw.words']);
}, 60_000);

everyFieldIsSeen(() => ({ boards }));
commandsWork(() => ({ boards }));
describe('notices', () => noticesAreSent(() => ({ boards, catcher })));

describe('bad input has its code, and leaves nothing half done', () => {
  let before: Record<string, string>;
  const ids = {} as Record<'draft' | 'ownBoard' | 'reply' | 'shared' | 'action', string>;
  beforeAll(async () => {
    ids.draft = await raised();
    ids.ownBoard = await issueAt('ownBoard');
    ids.reply = await issueAt('reply');
    ids.shared = await issueAt('shared');
    ids.action = (await done('chair', ACTION, { issue: ids.shared, to: TEES, text: 'Look again.', due: day(3) })).id;
    // Notices leave in the background.
    const pending = 'select from platform.outbox where done_at is null and next_at <= now()';
    while ((await asOwner(two.world, pending)).length) await new Promise((later) => setTimeout(later, 100));
    before = await contents(two.world.ownerUrl);
  }, 60_000);

  const raise = (more: object) => told('chair', RAISE, { input: input(more) });
  test('what can be no evidence is named with what was probably meant, alike whatever is published', async () => {
    const refusal = async (second: object) => {
      const evidence = [{ publication, series: 'RF01#count' }, second];
      return (await ask('chair', RAISE, { as: TEES, input: input({ evidence }) })).errors![0]!.extensions;
    };
    const series = 'rf01|source=polise';
    const malformed = await refusal({ publication, series });
    expect(malformed).toMatchObject({
      code: 'INDICATOR_ABSENT',
      facts: { nearest: 'RF01|source=police#count' },
      pointer: '/evidence/1/series',
    });
    for (const other of [boards.farPublication, NO_PUBLICATION])
      expect(await refusal({ publication: other, series })).toEqual(malformed);
    expect(await refusal({ publication, series: 'RF01#count', authority: 'Hartlepol' })).toMatchObject({
      code: 'AUTHORITY_ABSENT',
      facts: { nearest: HARTLEPOOL },
      pointer: '/evidence/1/authority',
    });
    // What is there and not seen is refused as what is not there, to the letter.
    const unseen = await refusal({ publication: boards.farPublication, series: 'RF01#count' });
    expect(unseen).toMatchObject({ code: 'EVIDENCE_NOT_SEEN', pointer: '/evidence/1' });
    expect(await refusal({ publication: NO_PUBLICATION, series: 'RF01#count' })).toEqual(unseen);
  });
  test.each([
    [
      'a step that the life does not allow',
      'ISSUE_STEP_REFUSED',
      () => told('chair', STEP, { id: ids.draft, step: 'ACCEPT' }),
    ],
    [
      'changing what others have read',
      'ISSUE_STEP_REFUSED',
      () => told('chair', AMEND, { id: ids.reply, input: input() }),
    ],
    ['a step of another board', 'ISSUE_ABSENT', () => told('neighbour', STEP, { id: ids.shared, step: 'ACCEPT' })],
    [
      'sharing before the reply date',
      'ISSUE_REPLY_PENDING',
      () => told('chair', SHARE, { id: ids.reply, boards: [DURHAM] }),
    ],
    [
      'resolving before the reply date',
      'ISSUE_REPLY_PENDING',
      () => told('chair', STEP, { id: ids.reply, step: 'RESOLVE' }),
    ],
    [
      'sharing with a board outside the agreement',
      'ISSUE_BOARD_OUTSIDE',
      () => told('chair', SHARE, { id: ids.shared, boards: [BLACK_COUNTRY] }),
    ],
    [
      'sharing with a board that does not exist',
      'ISSUE_BOARD_OUTSIDE',
      () => told('chair', SHARE, { id: ids.shared, boards: ['brd-nowhere'] }),
    ],
    [
      'replies by yesterday',
      'REQUEST_MALFORMED',
      () => told('chair', STEP, { id: ids.ownBoard, step: 'ASK_REPLIES', replyBy: day(-1) }),
    ],
    ['no reason', 'REQUEST_MALFORMED', () => told('chair', STEP, { id: ids.draft, step: 'DECLINE' })],
    [
      'evidence of another region',
      'EVIDENCE_NOT_SEEN',
      () => raise({ evidence: [{ publication: boards.farPublication, series: 'RF01#count' }] }),
    ],
    [
      'evidence of no publication',
      'EVIDENCE_NOT_SEEN',
      () => raise({ evidence: [{ publication: NO_PUBLICATION, series: 'RF01#count' }] }),
    ],
    [
      'evidence of what is no publication’s id',
      'REQUEST_MALFORMED',
      () => raise({ evidence: [{ publication: 'pub_hub-local_0', series: 'RF01#count' }] }),
    ],
    ['evidence of no series', 'INDICATOR_ABSENT', () => raise({ evidence: [{ publication, series: 'XX99#count' }] })],
    [
      'evidence of a series of another dataset',
      'INDICATOR_ABSENT',
      () => raise({ evidence: [{ publication, series: 'WF06#count' }] }),
    ],
    [
      'evidence of an authority of another region',
      'AUTHORITY_ABSENT',
      () => raise({ evidence: [{ publication, series: 'RF01#count', authority: 'E08000025' }] }),
    ],
    [
      'evidence of no authority in a publication that is not seen',
      'EVIDENCE_NOT_SEEN',
      () => raise({ evidence: [{ publication: NO_PUBLICATION, series: 'RF01#count', authority: 'E06000099' }] }),
    ],
    ['an area that no agreement covers', 'ISSUE_BODY_OUTSIDE', () => raise({ areas: ['E08000025'], leadArea: null })],
    ['an agency that serves none of the areas', 'ISSUE_BODY_OUTSIDE', () => raise({ agencies: [FAR_POLICE] })],
    ['a lead that is not among the areas', 'REQUEST_MALFORMED', () => raise({ leadArea: HARTLEPOOL })],
    ['a risk of six', 'REQUEST_MALFORMED', () => raise({ likelihood: 6 })],
    ['a text with a name', 'WORDS_REFUSED', () => raise({ text: 'Ask Sarah Henderson.', confirmed: true })],
    [
      'a text that names an area of the issue',
      'WORDS_REFUSED',
      () => raise({ text: 'Stockton is slow.', confirmed: true }),
    ],
    ['a small number beside a group', 'WORDS_QUESTIONED', () => raise({ text: 'Three children were moved.' })],
    [
      'a small number in a reply',
      'WORDS_QUESTIONED',
      () => told('police', REPLY, { id: ids.reply, text: 'It was 4 girls.' }),
    ],
    [
      'a reply of one who is not asked',
      'ISSUE_ABSENT',
      () => told('hartlepool', REPLY, { id: ids.reply, text: 'We too.' }),
    ],
    ['a reply after sharing', 'ISSUE_STEP_REFUSED', () => told('police', REPLY, { id: ids.shared, text: 'Again.' })],
    [
      'closing an action without evidence',
      'ACTION_EVIDENCE_MISSING',
      () => told('chair', REPORT, { id: ids.action, state: 'DONE' }),
    ],
    [
      'an action due yesterday',
      'REQUEST_MALFORMED',
      () => told('chair', ACTION, { issue: ids.shared, to: TEES, text: 'x', due: day(-1) }),
    ],
    [
      'a challenge to an authority',
      'ISSUE_BODY_OUTSIDE',
      () => told('chair', CHALLENGE, { issue: ids.shared, to: STOCKTON, text: 'x', due: day(1) }),
    ],
    [
      'a challenge to an agency elsewhere',
      'ISSUE_BODY_OUTSIDE',
      () => told('chair', CHALLENGE, { issue: ids.shared, to: FAR_POLICE, text: 'x', due: day(1) }),
    ],
    ['approving the own words', 'WORDS_SECOND_PERSON', () => told('chair', APPROVE, { id: ids.shared })],
    ['an id that is none', 'ISSUE_ABSENT', () => told('chair', STEP, { id: 'iss_hub-local_1', step: 'ACCEPT' })],
    [
      'acting for two boards at once',
      'ACTING_FOR_SEVERAL',
      () =>
        told(
          'here',
          `mutation ($as: ID!, $input: IssueInput!) { raiseIssue(as: $as, input: $input) { id }
        other: raiseIssue(as: "${BLACK_COUNTRY}", input: $input) { id } }`,
          { input: input() },
        ),
    ],
    [
      'the same behind a fragment',
      'ACTING_FOR_SEVERAL',
      () =>
        told(
          'here',
          `query ($as: ID!) { issues(as: $as) { edges { cursor } } ...Other }
        fragment Other on Query { other: issues(as: "${BLACK_COUNTRY}") { edges { cursor } } }`,
        ),
    ],
  ] as const)('%s', async (_, code, work) => {
    expect(await work()).toBe(code);
  });
  test('nothing of it was written', async () => {
    expect(await contents(two.world.ownerUrl)).toEqual(before);
  });
});

const BORDER = `query ($as: ID!) { border(as: $as) { period sides { board { code } agencies { code } issues { state count }
  challenges { count overdue } actions { count overdue } due { id kind text overdue }
  patterns { indicator { code } questions mine { code } theirs { code } boards } } } }`;
interface Side {
  readonly board: { code: string };
  readonly agencies: readonly { code: string }[];
  readonly issues: readonly { state: string; count: number }[];
  readonly challenges: { count: number; overdue: number };
  readonly actions: { count: number; overdue: number };
  readonly due: readonly { id: string; kind: string; overdue: boolean }[];
  readonly patterns: readonly { questions: readonly string[] }[];
}
const border = async (name: Who) => (await done<{ sides: Side[] }>(name, BORDER)).sides;

/** More issues of a board, each with open challenges and actions, laid in as the owner. */
async function layMany(board: string, count: number): Promise<void> {
  await asOwner(
    two.world,
    `with made as (
       insert into exchange.issue (id, region_id, board, author, state, theme, title, text, question, source, likelihood, impact,
         reply_by, shared_on, network, wording, worded_by, created_at, changed_at)
       select gen_random_uuid(), g.id, $1, m.id, 'network', 't', 't', 't', 'q', 'chair', 3, 3, '2026-01-01', '2026-01-02', true,
         'shown', m.id, now(), now()
       from generate_series(1, $2::int), registry.region g,
         (select member_id as id from identity.member_role where role = 'board-chair' limit 1) m
       where g.code = $3 returning id, author)
     insert into exchange.item (id, issue_id, kind, by_organisation, author, to_organisation, text, state, due, wording, at)
     select gen_random_uuid(), made.id, kind, $1, made.author, $4, 't', state, '2026-01-05', 'shown', now()
     from made, (values ('challenge', 'asked'), ('action', 'onTrack')) one(kind, state)`,
    [board, count, NORTH_EAST, POLICE],
  );
}

test('the border page shows both sides in as many statements, however much there is', async () => {
  const issue = await issueAt('shared');
  await done('chair', CHALLENGE, { issue, to: POLICE, text: 'What has changed?', due: day(1) });
  await border('chair');
  const statements = async () => {
    const before = proxies.reduce((sum, { statements: n }) => sum + n, 0);
    const sides = await border('neighbour');
    return { sides, count: proxies.reduce((sum, { statements: n }) => sum + n, 0) - before };
  };
  await statements();
  const few = await statements();
  const tees = few.sides.find(({ board }) => board.code === TEES)!;
  expect(few.sides[0]!.board.code).toBe(DURHAM);
  expect(tees.issues.find(({ state }) => state === 'SHARED')!.count).toBeGreaterThan(0);
  // A challenge that is neither answered nor late names nobody to the neighbour yet.
  const own = (await border('chair'))[0]!;
  expect(own.board.code).toBe(TEES);
  expect(own.challenges.count).toBeGreaterThan(tees.challenges.count);
  expect(own.agencies.map(({ code }) => code)).toEqual([POLICE]);
  await layMany(TEES, 60);
  const many = await statements();
  const after = many.sides.find(({ board }) => board.code === TEES)!;
  expect(few.count).toBeGreaterThan(5);
  expect(many.count).toBe(few.count);
  expect(after.challenges.count).toBe(tees.challenges.count + 60);
  expect(after.actions.overdue).toBe(tees.actions.overdue + 60);
  expect(after.due.length).toBe(10);
  expect(after.due.every(({ overdue }) => overdue)).toBe(true);
  const questions = many.sides.flatMap(({ patterns }) => patterns).map((one) => one.questions.length);
  expect(questions.length).toBeGreaterThan(0);
  expect(Math.min(...questions)).toBeGreaterThan(0);
  expect((await border('otherRegion')).map(({ board }) => board.code)).toEqual([BLACK_COUNTRY]);
  await asOwner(two.world, `delete from exchange.item where text = 't'`);
  await asOwner(two.world, `delete from exchange.issue where text = 't'`);
}, 60_000);

const MEETING = `{ id present { code } boards { code } items { id kind text issue about { code } }
  pack { digest document markdown html } }`.replace('about { code }', 'about');
const READ = `query ($region: ID!, $period: String!, $indicator: String!) { region(code: $region) {
  benchmark(indicator: $indicator, period: $period) { region { value population { children year } } regionLimits { lower upper }
    authorities { authority { code name } figure { value population { children year } } limits { lower upper } comparison } } } }`;
interface Limits {
  readonly lower: number;
  readonly upper: number;
}
interface Read {
  readonly benchmark: {
    readonly region: { value: number; population: { children: number; year: string } };
    readonly regionLimits: Limits;
    readonly authorities: readonly {
      authority: { code: string; name: string };
      figure: { value: number | null };
      limits: Limits | null;
      comparison: string | null;
    }[];
  };
}
interface Met {
  readonly id: string;
  readonly present: readonly { code: string }[];
  readonly items: readonly { id: string; kind: string; text: string; issue: string | null; about: string | null }[];
  readonly pack: { digest: string; document: string; markdown: string; html: string } | null;
}
const meet = (name: Who, field: string, variables: Record<string, unknown>) =>
  told<Met>(
    name,
    `mutation ($as: ID!, $id: ID!${'text' in variables ? ', $text: String!' : ''}${'issue' in variables ? ', $issue: ID, $action: DecidedActionInput' : ''}) {
    ${field} ${MEETING} }`,
    variables,
  );

test('a meeting: its pack holds what every called board may see and is frozen, notes are for those present, decisions flow back', async () => {
  const issue = await issueAt('shared', { title: 'Forms across the border' });
  await issueAt('ownBoard', { title: 'For the own board alone' });
  await issueAt('reply', { title: 'Nobody has answered yet' });
  const unanswered = await done('chair', CHALLENGE, {
    issue,
    to: POLICE,
    text: 'Not to be told before it is answered.',
    due: day(3),
  });
  expect(unanswered).toMatchObject({ state: 'ASKED' });
  const challenge = await done('chair', CHALLENGE, { issue, to: POLICE, text: 'What was changed?', due: day(3) });
  await done('police', ANSWER, { id: challenge.id, text: 'The form was shortened.' });
  await done('chair', JUDGE, { id: challenge.id, satisfied: true });
  const call = { title: 'The network', on: day(20) };
  expect(await told('chair', CALL, { ...call, boards: [BLACK_COUNTRY] })).toBe('ISSUE_BOARD_OUTSIDE');
  const { id } = await done('chair', CALL, { ...call, boards: [DURHAM] });
  expect(await meet('otherRegion', 'attendMeeting(as: $as, id: $id)', { id })).toBe('MEETING_ABSENT');
  const note = 'addNote(as: $as, meeting: $id, text: $text)';
  expect(await meet('chair', note, { id, text: 'Said among us.' })).toBe('MEETING_ABSENT');
  await meet('chair', 'attendMeeting(as: $as, id: $id)', { id });
  expect(await meet('chair', note, { id, text: 'Said among us.' })).toMatchObject({ items: [{ kind: 'NOTE' }] });
  const seen = (await meet('second', 'attendMeeting(as: $as, id: $id)', { id })) as Met;
  expect(seen.items.map(({ kind }) => kind)).toEqual(['NOTE']);
  const find = `query ($as: ID!, $id: ID!) { meeting(as: $as, id: $id) ${MEETING} }`;
  expect((await done<Met>('neighbour', find, { id })).items).toEqual([]);

  const action = { owner: DURHAM, role: 'The chair', text: 'Read the forms together.', due: day(4) };
  const decided = await meet(
    'neighbour',
    'recordDecision(as: $as, meeting: $id, text: $text, issue: $issue, action: $action)',
    {
      ...{ id, text: 'The forms are read together.', issue, action },
    },
  );
  expect((decided as Met).items.map(({ kind, issue: about }) => [kind, about])).toEqual([
    ['ACTION', issue],
    ['DECISION', issue],
  ]);
  expect((await done<Looked>('chair', LOOK, { id: issue })).items.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['ACTION', 'DECISION']),
  );

  // Both see what is on the agenda before the meeting, and which meetings there are.
  const agendas = `query ($as: ID!) { meetings(as: $as) { edges { node { id agenda pack { digest } } } } }`;
  type Agendas = { edges: { node: { id: string; agenda: string[]; pack: object | null } }[] };
  for (const name of ['chair', 'neighbour'] as const) {
    const { edges } = await done<Agendas>(name, agendas);
    const { node } = edges.find((one) => one.node.id === id)!;
    expect(node.pack).toBeNull();
    expect(node.agenda).toContainEqual(
      expect.stringContaining('Forms across the border, Durham safeguarding children board'),
    );
    expect(JSON.stringify(node)).not.toMatch(/Nobody has answered|own board alone/);
  }
  expect((await done<Agendas>('otherRegion', agendas)).edges.some(({ node }) => node.id === id)).toBe(false);

  expect(await meet('neighbour', 'freezePack(as: $as, id: $id)', { id })).toBe('MEETING_ABSENT');
  const { pack } = (await meet('chair', 'freezePack(as: $as, id: $id)', { id })) as Met;
  expect(createHash('sha256').update(pack!.document).digest('hex')).toBe(pack!.digest);
  for (const text of [pack!.document, pack!.markdown, pack!.html]) {
    expect(text).toContain('Forms across the border');
    // What a chair comes for: the words of the issue, the replies to it, answer and verdict with what came of it.
    for (const said of [
      'Read the forms together.',
      'Referrals to the front door rise where the agency changed its form.',
      'We have changed the form.',
      'The form was shortened.',
      'It does.',
      'Visits come in time.',
    ])
      expect(text).toContain(said);
    for (const secret of ['For the own board alone', 'Nobody has answered yet', 'Not to be told', 'Said among us'])
      expect(text).not.toContain(secret);
  }
  if (process.env.KEEP_PACK) writeFileSync(process.env.KEEP_PACK, pack!.html);
  const { completeness, charts, patterns, handling, figures } = JSON.parse(pack!.document) as PackDocument;
  expect(completeness.find(({ period }) => period === PERIOD)).toMatchObject({
    coverage: '11 of 12',
    boards: [{ coverage: '1 of 1' }, { coverage: '2 of 2' }],
  });
  expect(handling).toBe(two.world.agreements.get(NORTH_EAST)!.handling);
  // Each pattern has its question and its line; the evidence has one too.
  expect(patterns.length).toBeGreaterThan(0);
  expect(patterns.every(({ question }) => question)).toBe(true);
  expect(charts!.length).toBeGreaterThan(1);
  // The newest figures of what it speaks of, in the areas of both boards beside the region, as the read door answers each.
  const [table] = figures!;
  expect([figures!.length, table!.columns.slice(1)]).toEqual([
    1,
    [
      'Where',
      'Value',
      'Hidden: at least',
      'Hidden: at most',
      'Lower 95% limit',
      'Upper 95% limit',
      'Beside the region',
    ],
  ]);
  const ofReferrals = table!.rows.filter(([name]) => name!.startsWith('RF01 ')).map((row) => row.slice(1));
  const answered = await done<Read>('neighbour', READ, { region: NORTH_EAST, period: PERIOD, indicator: 'RF01' });
  const areas = [HARTLEPOOL, STOCKTON, COUNTY_DURHAM];
  expect(ofReferrals).toEqual([
    ...answered.benchmark.authorities
      .filter(({ authority }) => areas.includes(authority.code))
      .map(({ authority, figure, limits, comparison }) => [
        ...[authority.name, String(figure.value), '[z]', '[z]', String(limits!.lower), String(limits!.upper)],
        comparison!.toLowerCase(),
      ]),
    expect.arrayContaining(['Region (11 of 12)', String(answered.benchmark.region.value)]),
  ]);
  expect(ofReferrals).toHaveLength(areas.length + 1);
  expect(table!.svg).toContain(handling);
  for (const { rows } of charts!) expect(rows.at(-1)![0]).toBe(PERIOD);
  for (const { svg, columns } of [...figures!, ...charts!]) {
    expect(pack!.html).toContain(svg);
    expect(pack!.markdown).toContain(`| ${columns.join(' | ')} |`);
  }
  await issueAt('shared', { title: 'After the pack was frozen' });
  expect(((await meet('chair', 'freezePack(as: $as, id: $id)', { id })) as Met).pack).toEqual(pack);
  expect((await done<Met>('neighbour', find, { id })).pack).toEqual(pack);
  const read = await asOwner(
    two.world,
    `select organisation, array(select a.code from registry.authority a where a.id = any(authorities) order by a.code) as whose
     from platform.access_log where action = 'read.pack' and subject = $1`,
    [id],
  );
  // The region's figure stands in it, which is of all of them.
  expect(read).toEqual([{ organisation: DURHAM, whose: [...two.northEast.authorities].sort() }]);
  expect((JSON.parse(pack!.document) as PackDocument).authorities).toEqual([...two.northEast.authorities].sort());
}, 60_000);

test('the pack of a board that meets alone holds its own issues, and nothing of it reaches a pack with another board', async () => {
  const issue = await issueAt('ownBoard', { title: 'Among ourselves', nextReview: day(2) });
  await raised({ title: 'A draft of the chair' });
  await done('chair', CHALLENGE, { issue, to: POLICE, text: 'Asked and not answered.', due: day(3) });
  await done('chair', ACTION, { issue, to: TEES, text: 'Read our own forms.', due: day(4) });
  const frozen = async (...others: string[]) => {
    const { id } = await done('chair', CALL, { title: 'Of our own', on: day(5), boards: others });
    const { pack } = (await meet('chair', 'freezePack(as: $as, id: $id)', { id })) as Met;
    return JSON.parse(pack!.document) as PackDocument;
  };
  const alone = await frozen();
  expect(alone.issues.map(({ title }) => title)).toContain('Among ourselves');
  expect(alone.agenda.filter((line) => line.includes('Among ourselves'))).toEqual([
    `${day(2)}: Among ourselves, review`,
    expect.stringContaining(`${day(3)}: Among ourselves, `),
    expect.stringContaining(`${day(4)}: Among ourselves, `),
  ]);
  expect(alone.challenges.map(({ text }) => text)).toContain('Asked and not answered.');
  expect(alone.changed).toContainEqual(expect.stringContaining('Among ourselves: Brought before its own board'));
  expect(JSON.stringify(alone)).not.toContain('A draft of the chair');
  expect(JSON.stringify(await frozen(DURHAM))).not.toMatch(/Among ourselves|Asked and not|our own forms|A draft/);
}, 60_000);

test('a count named as evidence stands beside its rate, as the region’s pages have it', async () => {
  const evidence = [HARTLEPOOL, undefined].map((authority) => ({ publication, series: 'RF01#count', authority }));
  const id = await issueAt('shared', { title: 'Counts beside rates', evidence });
  const shown = (await done<Looked>('neighbour', LOOK, { id })).evidence;
  const { benchmark } = await done<Read>('neighbour', READ, { region: NORTH_EAST, period: PERIOD, indicator: 'RF01' });
  const mine = benchmark.authorities.find(({ authority }) => authority.code === HARTLEPOOL)!;
  const number = (n: number) => n.toLocaleString('en-GB');
  const said = ({ value, population }: Read['benchmark']['region'], { lower, upper }: Limits) =>
    `${number(value)} per 10,000 children in the quarter (95% limits ${number(lower)} to ${number(upper)}), of ${number(population.children)} children, mid-year estimate of ${population.year}`;
  const values = [
    said(mine.figure as Read['benchmark']['region'], mine.limits!),
    said(benchmark.region, benchmark.regionLimits),
  ];
  expect(shown.map(({ value, coverage }) => [value, coverage])).toEqual([
    [values[0], null],
    [values[1], '11 of 12'],
  ]);
  const meeting = await done('chair', CALL, { title: 'Rates', on: day(5), boards: [DURHAM] });
  const { pack } = (await meet('chair', 'freezePack(as: $as, id: $id)', { id: meeting.id })) as Met;
  const { issues } = JSON.parse(pack!.document) as PackDocument;
  const inWords = 'April to June 2026 (2026-Q1)';
  expect(issues.find(({ title }) => title === 'Counts beside rates')!.evidence).toEqual([
    `Referrals, Hartlepool, ${inWords}: ${shown[0]!.figure}; ${values[0]}`,
    `Referrals, the region (11 of 12), ${inWords}: ${shown[1]!.figure}; ${values[1]}`,
  ]);
}, 60_000);

test('a hidden figure stays hidden in all that a chair can get', async () => {
  const hidden = (await hiddenFigures()).slice(0, 12);
  expect(hidden.length).toBe(12);
  const id = await issueAt('shared', { evidence: hidden });
  for (const name of ['chair', 'neighbour', 'scrutineer'] as const) {
    const { evidence } = await done<Looked>(name, LOOK, { id });
    expect(evidence.length).toBe(hidden.length);
    for (const { figure, value } of evidence)
      expect([figure, value]).toEqual([expect.stringMatching(/^hidden(: \d+ (to \d+|or more))?$/), null]);
  }
});

test('where an agreement asks for a second person, questioned words wait for one', async () => {
  const { world } = two;
  const base = world.agreements.get(NORTH_EAST)!;
  await world.conclude({ ...base, id: 'second-person', signOff: true });
  world.agreements.set(NORTH_EAST, base);
  const id = (await done('chair', RAISE, { input: input({ text: 'Three children were moved.', confirmed: true }) })).id;
  await done('chair', STEP, { id, step: 'TO_OWN_BOARD' });
  expect(await told('chair', STEP, { id, ...askReplies })).toBe('WORDS_AWAITING');
  expect(await told('chair', APPROVE, { id })).toBe('WORDS_SECOND_PERSON');
  await done('second', APPROVE, { id });
  await done('chair', STEP, { id, ...askReplies });
  await done('police', REPLY, { id, text: 'It was two girls.', confirmed: true });
  expect((await done<Looked>('chair', LOOK, { id })).items.filter(({ kind }) => kind === 'REPLY')).toEqual([]);
  expect((await done<Looked>('police', LOOK, { id })).items.filter(({ kind }) => kind === 'REPLY').length).toBe(1);
}, 60_000);

test('of a figure whose publication is taken away nothing is told any more, its period neither', async () => {
  const id = await issueAt('shared', { evidence: [{ publication, series: 'RF01#count' }] });
  const evidence = async () => (await done<Looked>('neighbour', LOOK, { id })).evidence;
  expect(await evidence()).toMatchObject([
    { period: PERIOD, figure: expect.stringMatching(/^[\d,]+$/) as string, coverage: '11 of 12' },
  ]);
  const withdraw = `mutation ($id: ID!) { withdrawPublication(id: $id, because: FIGURES_WRONG) { at } }`;
  expect((await ask('lead', withdraw, { id: publication })).errors).toBeUndefined();
  expect(await evidence()).toMatchObject([{ period: null, figure: null, digest: null }]);
});
