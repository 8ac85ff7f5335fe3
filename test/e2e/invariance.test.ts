import { readFileSync } from 'node:fs';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { sha256 } from '@hub/kernel';
import { innerId, publicId } from '@hub/platform';
import { loadCatalogue, newestDataset, type Dataset } from '@hub/registry/domain';
import { exampleAgreement } from '../seed/seed';
import { othersUnderTheSamePrint, type Rows } from '../support/alike';
import { boardsMeet } from '../support/boards';
import { ask } from '../support/database';
import { until } from '../support/field';
import { calmHistory, EARLIER, layPublications } from '../support/lay';
import { catchMail } from '../support/mail-catcher';
import { Normal } from '../support/normal';
import { annual, nameOf, quarterly, returnOf } from '../support/returns';
import { asOwner, BEFORE, rowsOf, twoRegions, type TwoRegions } from '../support/two-regions';
import { argumentsBelow, fieldOf, objectsOf, partsOf, schemaOf, selectionOf } from '../support/walk';
import { day, NORTH_EAST, type Row } from '../support/world';

/*
 * Invariance: two hubs that are alike but for hidden counts, so that what they print is the same. Whatever a member asks for,
 * the answers are the same, byte for byte: every field of the schema, found by introspection, and every address beside it.
 * A round is held in both, and mails are caught. At the end a leak is planted, so that the comparison is seen to notice one.
 * That an edition appears at the moment that was set, whatever its compile took, is tested in rounds.test.ts.
 */

/** Whose members look, and whose own counts stay as they are. */
const mine = 'E06000001';
/** Another authority, whose hidden counts are not the same in both, and one of these. */
const moved = 'E06000002';
const HIDDEN = 'CP01|duration=3-to-6-months#count';
const LAID = EARLIER.slice(0, -1);
/** The looking goes on beside the edition that was made here. */
const below = {
  ...argumentsBelow(BEFORE, LAID.at(-1)!),
  'Publication.why': `(series: "${HIDDEN}", authority: "${moved}")`,
};

/** Who looks: one for each way of being shown things, who runs the hub, and a stranger. */
const viewers: readonly (readonly [role: string, organisation: string])[] = [
  ['authority-analyst', mine],
  ['authority-approver', mine],
  ['regional-lead', NORTH_EAST],
  ['board-chair', 'brd-tees'],
  ['agency-partner', 'agy-cleveland-police'],
  ['steward', 'hub'],
  ['authority-analyst', 'E08000025'],
];

/** What is kept of a world: answers by what was asked, and which fields had something to say. */
interface Seen {
  readonly answers: ReadonlyMap<string, string>;
  readonly filled: ReadonlySet<string>;
  /** Documents and proofs as their texts. */
  readonly published: readonly { readonly document: string; readonly digest: string; readonly proof: string }[];
  /** What the authority whose counts were moved is shown of its own return. */
  readonly others: string;
  /** The answer to one question after a leak was planted. */
  readonly leaked: ReadonlyMap<string, string>;
}
/** Ids that root fields are asked with. */
interface Named {
  readonly round: string;
  readonly held: string;
  readonly excused: string;
  readonly publications: readonly string[];
  readonly submission: string;
  readonly envelope: string;
  /** Of the board, with a hidden figure and one of the region as its evidence: it has gone its way, and stands in the pack of a meeting; and the input of one like it. */
  readonly issue: string;
  readonly evidence: string;
  readonly meeting: string;
}

/** With which arguments each root field is asked, once for each entry. One that is not here fails the test. */
const asked: Readonly<Record<string, (named: Named, as: string) => readonly string[]>> = {
  'Query.me': () => [''],
  'Query._service': () => [''],
  'Query.circles': () => [''],
  'Query.region': () => [`(code: "${NORTH_EAST}")`],
  'Query._entities': () => [`(representations: [{ __typename: "Region", code: "${NORTH_EAST}" }])`],
  'Query.round': ({ round, held }) => [`(id: "${round}")`, `(id: "${held}")`],
  'Query.publication': ({ publications }) => publications.map((id) => `(id: "${id}")`),
  'Query.submission': ({ submission }) => [`(id: "${submission}")`],
  // Of the other authority too: that it is refused says the same in both.
  'Query.ownFigures': () =>
    [mine, moved].flatMap((of) => [
      `(authority: "${of}")`,
      `(authority: "${of}", dataset: "safeguarding-quarterly", until: "${BEFORE}", back: 11, first: 4)`,
    ]),
  'Query.ownSubmissions': () => [mine, moved].map((of) => `(authority: "${of}")`),
  'Query.signingKeys': () => [`(organisation: "${mine}")`],
  'Query.members': () => [`(organisation: "${mine}")`],
  'Query.invitations': () => [`(organisation: "${mine}")`],
  'Query.systemAccounts': () => [`(organisation: "${mine}")`],
  'Query.agreements': () => [`(region: "${NORTH_EAST}")`],
  'Query.agreement': () => ['(id: "north-east-benchmarking")'],
  'Query.agreementSignatures': () => ['(id: "north-east-benchmarking")'],
  'Query.proposedDates': () => ['(dataset: "safeguarding-quarterly", period: "2026-Q2")'],
  'Query.reminderAddress': () => [`(authority: "${mine}")`],
  'Query.retentionPlan': () => [`(authority: "${mine}")`],
  'Query.erasurePlan': () => [`(authority: "${mine}")`],
  'Query.issues': (_, as) => [`(as: "${as}", first: 4)`],
  'Query.issueItems': (_, as) => [`(as: "${as}", kind: CHALLENGE, first: 20)`],
  'Query.issue': ({ issue }, as) => [`(as: "${as}", id: "${issue}")`],
  'Query.border': (_, as) => [`(as: "${as}")`],
  'Query.meeting': ({ meeting }, as) => [`(as: "${as}", id: "${meeting}")`],
  'Query.meetings': (_, as) => [`(as: "${as}", first: 2)`],
  'Query.noticeAddress': (_, as) => [`(as: "${as}")`],
  'Query.comparabilityNotes': () => [`(authority: "${mine}")`],
  'Query.openedCounts': () => [`(authority: "${mine}")`],
  'Query.nationalReleases': () => [''],
  'Query.erasure': () => ['(id: "era_hub-local_00000000000000000000000000000000")'],
  'Query.withdrawalPlan': () => [
    `(agreement: "north-east-benchmarking", version: 1, authority: "${mine}", from: "${day(60)}")`,
  ],
  // Last: everything above has left its trace there.
  'Query.accesses': () => [`(authority: "${mine}", first: 100)`],
};
/**
 * Mutations that members may send and that have to do with returns, rounds and what is published: by whom and with which arguments, in
 * this order. The first two are asked by every viewer. The others change something, so they come last.
 */
const mutations: Readonly<
  Record<string, readonly [viewer: 'all' | 'approver' | 'analyst' | 'lead' | 'chair', (named: Named) => string]>
> = {
  'Mutation.checkSubmission': ['all', ({ envelope }) => `(envelope: ${JSON.stringify(envelope)})`],
  'Mutation.submit': ['all', ({ envelope }) => `(envelope: ${JSON.stringify(envelope)})`],
  'Mutation.confirmReturn': ['approver', ({ round }) => `(round: "${round}", authority: "${mine}", version: 1)`],
  'Mutation.withdrawSubmission': ['approver', ({ submission }) => `(id: "${submission}", reason: "Counted twice.")`],
  'Mutation.setReminderAddress': ['approver', () => `(authority: "${mine}", address: "data@mine.example")`],
  'Mutation.withdrawPublication': ['lead', ({ publications: [first] }) => `(id: "${first}", because: FIGURES_WRONG)`],
  'Mutation.eraseReturns': ['approver', () => `(authority: "${mine}", period: "${BEFORE}", plan: "none")`],
  'Mutation.raiseIssue': ['chair', ({ evidence }) => `(as: "brd-tees", input: { ${evidence} })`],
  'Mutation.setNoticeAddress': ['approver', () => `(as: "${mine}", address: "data@mine.example")`],
  'Mutation.openRound': [
    'lead',
    () =>
      `(region: "${NORTH_EAST}", dataset: "${annual.code}", period: "2019-FY", opens: "${day(-1)}", due: "${day(10)}", closes: "${day(20)}")`,
  ],
  'Mutation.grantException': [
    'lead',
    ({ excused }) => `(round: "${excused}", authority: "${mine}", until: "${day(2)}", reason: "A test.")`,
  ],
  'Mutation.moveRoundDates': [
    'lead',
    ({ excused }) => `(round: "${excused}", opens: "${day(-20)}", due: "${day(10)}", closes: "${day(40)}")`,
  ],
  'Mutation.closeRound': ['lead', ({ excused }) => `(id: "${excused}")`],
  'Mutation.checkRound': ['lead', ({ round }) => `(id: "${round}")`],
  'Mutation.publishRound': ['lead', ({ round }) => `(id: "${round}")`],
  'Mutation.openEdition': [
    'lead',
    ({ held }) => `(round: "${held}", edition: PROVISIONAL, due: "${day(10)}", closes: "${day(20)}")`,
  ],
};
/** Who sends them. */
const senders = {
  approver: ['authority-approver', mine],
  analyst: ['authority-analyst', mine],
  lead: ['regional-lead', NORTH_EAST],
  chair: ['board-chair', 'brd-tees'],
} as const;
/** The others, by what they are about: no cell and no figure is read for them. All that they answer is of types that queries show. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'keys, members and systems': [
    'registerKey',
    'approveKey',
    'revokeKey',
    'inviteMember',
    'acceptInvitation',
    'withdrawInvitation',
    'endRole',
    'registerSystem',
    'confirmSystem',
    'withdrawSystem',
  ],
  agreements: [
    'draftAgreement',
    'proposeAgreement',
    'signAgreement',
    'withdrawFromAgreement',
    'suspendAgreement',
    'resumeAgreement',
    'terminateAgreement',
  ],
  'what stewards do': ['declareCircle', 'loadNationalRelease', 'confirmNationalRelease', 'withdrawNationalRelease'],
  'words about one’s own figures': [
    'writeComparabilityNote',
    'endComparabilityNote',
    'endPattern',
    'writeCommentary',
    'withdrawCommentary',
  ],
  'words between boards': [
    'amendIssue',
    'reviewIssue',
    'stepIssue',
    'shareIssue',
    'replyToIssue',
    'challengeAgency',
    'answerChallenge',
    'judgeChallenge',
    'setAction',
    'reportAction',
    'withdrawWords',
    'approveWords',
    'callMeeting',
    'attendMeeting',
    'freezePack',
    'recordDecision',
    'addNote',
  ],
};

let first: Seen;
let second: Seen;
let schema: GraphQLSchema;

beforeAll(async () => {
  const { parties, disclosure: policy } = exampleAgreement('north-east-benchmarking.v1');
  const authorities = parties.map(({ authority }) => authority as string).sort();
  const returns = new Map(authorities.slice(0, -1).map((authority, i) => [authority, rowsOf(i + 8)]));
  returns.set(mine, withSmallPlans(returns.get(mine)!));
  const place = { dataset: quarterly, region: NORTH_EAST, period: BEFORE, authorities, policy };
  const others = await othersUnderTheSamePrint(place, returns, mine);
  const envelopes = new Map<string, string>();
  first = await seenIn(returns, envelopes, 3);
  second = await seenIn(others, envelopes, 4);
}, 240_000);

/** Thirty plans of a year or two have lasted longer: a small count is left that a national release can give away. */
const withSmallPlans = (rows: readonly Row[]): Row[] =>
  rows.map((row) => {
    const more = { '1-to-2-years': -30, '2-years-or-more': 30 }[row.breakdown?.['duration'] ?? ''] ?? 0;
    return row.indicator === 'CP01' ? { ...row, count: row.count! + more } : row;
  });

/**
 * Publishes the period before with these returns, then a revised edition, and asks for everything.
 * @param small  a count of the other authority in a round that is held
 */
async function seenIn(rows: Rows, envelopes: Map<string, string>, small: number): Promise<Seen> {
  const catcher = await catchMail();
  const two = await twoRegions(async () => ({ LOG_LEVEL: 'info', HUB_SMTP_URL: catcher.url }));
  try {
    const { world, northEast } = two;
    schema = await schemaOf(world.hub.url, await world.token('steward', 'hub'));
    for (const { name } of Object.values(schema.getQueryType()!.getFields())) {
      if (!asked[`Query.${name}`])
        throw new Error(`Query.${name} is new: say in the test with which arguments it is asked`);
    }
    /** The same return of an authority is the same envelope in both worlds. */
    const send = async (
      authority: string,
      one: readonly Row[],
      reason?: string,
      dataset = quarterly,
      period = BEFORE,
      more: object = {},
    ) => {
      const payload = world.payload(NORTH_EAST, nameOf(dataset), { authority, period, rows: one });
      const whole = { ...payload, ...(reason ? { reason } : {}), ...more };
      const text = JSON.stringify({ ...whole, explanations: await world.explanationsOf(authority, whole) });
      if (!envelopes.has(text)) envelopes.set(text, await world.sign(authority, text));
      const answer = await world.send(authority, envelopes.get(text)!);
      expect([authority, answer.status, answer.text.slice(0, 300)]).toEqual([authority, 201, expect.anything()]);
      return { submission: (answer.body as unknown as { id: string }).id, envelope: envelopes.get(text)! };
    };
    const held = await heldRound(two, small, (authority, one) => send(authority, one, undefined, annual, HELD_PERIOD));
    await ownReturns(two, small, send);
    const excused = await world.openRound(NORTH_EAST, annual.code, '2021-FY');
    await remindTheLast(two, excused);
    let own = { submission: '', envelope: '' };
    for (const [authority, one] of rows) {
      const sent = await send(authority, one);
      if (authority === mine) own = sent;
    }
    const published = { state: 'PUBLISHED', heldBecause: null };
    expect(await world.publish(NORTH_EAST, northEast.openRound)).toEqual(published);
    await world.ask(
      await world.token('regional-lead', NORTH_EAST),
      `mutation { openEdition(round: "${northEast.openRound}", edition: REVISED, due: "${day(10)}", closes: "${day(20)}") { id } }`,
    );
    const [corrected, late] = [northEast.authorities[4]!, northEast.authorities.at(-1)!];
    const sevenMore = (row: Row): Row =>
      row.indicator === 'RF01'
        ? { ...row, count: row.count! + 7 }
        : row.indicator === 'RF05' && row.of !== undefined
          ? { ...row, of: row.of + 7 }
          : row;
    await send(corrected, rows.get(corrected)!.map(sevenMore), 'Seven came late.');
    await send(late, rowsOf(20));
    expect(await world.publish(NORTH_EAST, northEast.openRound)).toEqual(published);
    const { id, version, handling } = world.agreements.get(NORTH_EAST)!;
    await layPublications(
      world.ownerUrl,
      calmHistory(
        world.hubId,
        NORTH_EAST,
        northEast.authorities,
        { id, version, handling },
        LAID,
        northEast.authorities.at(-1),
      ),
    );

    const texts = await ask<{ id: string; document: string; digest: string; proof: string }>(
      world.ownerUrl,
      `select p.id, p.document, encode(p.digest, 'hex') as digest, r.proof from release.publication p
         join release.proof r on r.publication_id = p.id join registry.region g on g.id = p.region_id
       where g.code = $1 and p.period = $2 order by p.number`,
      [NORTH_EAST, BEFORE],
    );
    const publication = publicId('pub', world.hubId, texts.at(-1)!.id);
    const evidence = `title: "Plans that end soon", text: "Plans end sooner than elsewhere.", theme: "Front door", source: PATTERN,
      question: "How do others decide that a plan may end?", likelihood: 3, impact: 4, areas: ["${mine}"],
      evidence: [{ publication: "${publication}", series: "${HIDDEN}", authority: "${moved}" },
        { publication: "${publication}", series: "RF01#count" }]`;
    const { raiseIssue } = await world.ask<{ raiseIssue: { id: string } }>(
      await world.token('board-chair', 'brd-tees'),
      `mutation { raiseIssue(as: "brd-tees", input: { ${evidence} }) { id } }`,
    );
    await printNationally(world, rows.get(mine)!);
    for (const indicator of ['CP01', 'CP07', 'RF01']) await noteOn(world, moved, indicator);
    await noteOn(world, mine, 'CP07');
    const hidden = `{ publication: "${publication}", series: "${HIDDEN}", authority: "${moved}" }`;
    for (const [role, of] of [
      ['authority-approver', moved],
      ['regional-lead', NORTH_EAST],
    ] as const)
      await commentOn(world, role, of, hidden);
    await endOnePattern(world);
    const named = {
      round: northEast.openRound,
      held,
      excused,
      evidence,
      issue: raiseIssue.id,
      meeting: await boardsMeet(world, raiseIssue.id, mine),
      publications: texts.map((one) => publicId('pub', world.hubId, one.id)),
      ...own,
    };
    const others = await world.ask(
      await world.token('authority-analyst', moved),
      `{ round(id: "${northEast.openRound}") { mine { check { figures { count } } } } }`,
    );
    const seen = await everyAnswer(two, named);
    // To the two who have named an address, when the hub comes to it.
    const told = () => catcher.mails.filter(({ headers }) => headers['subject']?.startsWith('Withdrawn'));
    await until('the mails about the withdrawal have left', () => Promise.resolve(told().length === 2));
    const mails = catcher.mails.map(({ to, headers, text }) => JSON.stringify([to, headers['subject'], text]));
    expect(mails.length).toBeGreaterThan(0);
    seen.answers.set('mails', new Normal({ hub: world.hub.url }).of(mails.sort().join('\n')));
    return { ...seen, published: texts, others: JSON.stringify(others), leaked: await withLeak(two, held) };
  } finally {
    await two.stop();
    await catcher.stop();
  }
}

/** An authority says that its figures of an indicator do not compare. */
async function noteOn(world: TwoRegions['world'], authority: string, indicator: string): Promise<void> {
  await world.ask(
    await world.token('authority-approver', authority),
    `mutation { writeComparabilityNote(input: { authority: "${authority}", indicator: "${indicator}", kind: BREAK,
       from: "2023-Q1", until: "2030-Q4", text: "Another recording system." }) { id } }`,
  );
}

/**
 * The Department prints the plans by duration of one authority on 31 March, with their total: the small count that it hides itself is
 * what the others leave of that.
 */
async function printNationally(world: TwoRegions['world'], rows: readonly Row[]): Promise<void> {
  const map = readFileSync('contracts/national/child-protection-plans-by-duration.json', 'utf8');
  const { columns, threshold } = JSON.parse(map) as { columns: Record<string, string>; threshold: number };
  const printed = Object.values(columns).map((series) => {
    const [, duration] = /duration=(.*)#/.exec(series) ?? [];
    const { count } = rows.find((row) => row.indicator === 'CP01' && row.breakdown?.['duration'] === duration)!;
    return count! > 0 && count! < threshold ? 'c' : count;
  });
  const csv = `time_period,geographic_level,country_code,region_code,new_la_code,${Object.keys(columns).join()}
2026,Local authority,E92000001,${NORTH_EAST},${mine},${printed.join()}
`;
  const { loadNationalRelease: asked } = await world.ask<{ loadNationalRelease: { digest: string } }>(
    await world.token('steward', 'hub'),
    'mutation ($map: String!, $csv: String!) { loadNationalRelease(map: $map, csv: $csv, period: "2025-FY") { digest } }',
    { map, csv },
  );
  await world.ask(
    await world.token('steward-2', 'hub'),
    'mutation ($digest: String!) { confirmNationalRelease(digest: $digest) { state } }',
    asked,
  );
  await until('the release is loaded', async () => {
    const [row] = await asOwner(world, 'select state from registry.national_release');
    return row!['state'] === 'loaded';
  });
}

/** Somebody says something of CP07, and names a hidden figure. */
async function commentOn(world: TwoRegions['world'], role: string, of: string, figure: string): Promise<void> {
  await world.ask(
    await world.token(role, of),
    `mutation { writeCommentary(input: { of: "${of}", indicator: "CP07", period: "${BEFORE}", text: "There were {a}.", figures: [${figure}] }) { id } }`,
  );
}

/** The lead has talked about the first pattern of an authority. */
async function endOnePattern(world: TwoRegions['world']): Promise<void> {
  const lead = await world.token('regional-lead', NORTH_EAST);
  const { region } = await world.ask<{
    region: { patterns: { list: { edges: { node: { authority: { code: string } | null } }[] } } };
  }>(
    lead,
    `{ region(code: "${NORTH_EAST}") { patterns(period: "${BEFORE}", indicators: ["CP01"]) { list { edges { node { authority { code } categories { category } } } } } } }`,
  );
  const node = region.patterns.list.edges
    .map((edge) => edge.node as { authority: { code: string } | null; categories: unknown[] })
    .find((one) => one.authority && !one.categories.length)!;
  await world.ask(
    lead,
    `mutation { endPattern(region: "${NORTH_EAST}", period: "${BEFORE}", indicator: "CP01", authority: "${node.authority!.code}", end: SUPPORT, reason: "A visit is agreed.") { since } }`,
  );
}

const HELD_PERIOD = '2023-FY';

/**
 * A round that is held: its agreement asks for told, and whoever is told that a total of nine is small has nine counts of one. Another
 * count of one authority is not the same in both worlds.
 */
async function heldRound(
  { world, northEast }: TwoRegions,
  small: number,
  send: (authority: string, rows: readonly Row[]) => Promise<unknown>,
): Promise<string> {
  const own = world.agreements.get(NORTH_EAST)!;
  const tables = [{ ...own.tables[0]!, dataset: annual.code }];
  await world.conclude({ ...own, id: 'north-east-told', tables, disclosure: { ...own.disclosure, told: true } });
  const round = await world.openRound(NORTH_EAST, annual.code, HELD_PERIOD);
  const nine = annual.dimensions['source']!.categories.map(({ code: source }, i) => ({
    indicator: 'FD01',
    breakdown: { source },
    count: i < 9 ? 1 : 0,
  }));
  for (const authority of northEast.authorities) {
    const hidden = { indicator: 'EH01', count: authority === moved ? small : 40 };
    await send(authority, returnOf(annual, [{ indicator: 'FD01', count: 9 }, ...nine, hidden]));
  }
  world.agreements.set(NORTH_EAST, own);
  expect(await world.publish(NORTH_EAST, round)).toEqual({ state: 'HELD', heldBecause: 'PUBLICATION_POLICY' });
  return round;
}

/** Measures of their own, by team: those of one authority are the same in both worlds, those of the other are not. */
async function ownReturns(
  { world, northEast }: TwoRegions,
  small: number,
  send: (
    authority: string,
    rows: Row[],
    reason: undefined,
    dataset: Dataset,
    period: string,
    more: object,
  ) => Promise<unknown>,
): Promise<void> {
  const own = world.agreements.get(NORTH_EAST)!;
  const quarters = own.tables.find(({ dataset }) => dataset === quarterly.code)!;
  await world.conclude({ ...own, id: 'north-east-own', tables: [{ ...quarters, dataset: 'local-measures' }] });
  const dataset = newestDataset(loadCatalogue(), 'local-measures');
  const commentary = [{ indicator: 'LM01', text: 'Re-referrals. Team 1: assessment, team 2: duty.' }];
  for (const authority of northEast.authorities.slice(0, 2)) {
    for (const [period, more] of [
      ['2024-Q3', 0],
      ['2024-Q4', 1],
    ] as const) {
      const first = (authority === moved ? small : 3) + more;
      await send(
        authority,
        [
          { indicator: 'LM01', count: 20, of: 40 },
          { indicator: 'LM01', breakdown: { team: 't01' }, count: first, of: 10 },
          { indicator: 'LM01', breakdown: { team: 't02' }, count: 20 - first, of: 30 },
        ],
        undefined,
        dataset,
        period,
        { commentary },
      );
    }
  }
  world.agreements.set(NORTH_EAST, own);
}

/** Has the last authority reminded of a round, by mail. */
async function remindTheLast({ world, northEast }: TwoRegions, round: string): Promise<void> {
  const last = northEast.authorities.at(-1)!;
  await world.ask(
    await world.token('authority-approver', last),
    `mutation { setReminderAddress(authority: "${last}", address: "data@last.example") { address } }`,
  );
  const subject = innerId('rnd', world.hubId, round);
  await asOwner(world, 'update rounds.round set due = current_date + 1 where id = $1', [subject]);
  await asOwner(
    world,
    `insert into platform.outbox (id, type, subject, created_at, next_at) values (gen_random_uuid(), 'round.remind', $1, now(), now())`,
    [subject],
  );
  await until('the mail has left', async () => {
    const sent = await asOwner(world, 'select from rounds.notice where round_id = $1 and sent_at is not null', [
      subject,
    ]);
    return sent.length > 0;
  });
}

/** The answer to one question where a code that members see has been made to depend on hidden counts. */
async function withLeak({ world }: TwoRegions, round: string): Promise<ReadonlyMap<string, string>> {
  await asOwner(
    world,
    `update rounds.round r set state = 'held', held_because = 'PUBLICATION_' || (
       select sum(c.value) from intake.cell c join registry.authority a on a.id = c.authority_id
         join intake.submission b on b.id = c.submission_id where a.code = $2 and b.period = r.period)
     where r.id = $1`,
    [innerId('rnd', world.hubId, round), moved],
  );
  const answer = await world.ask(
    await world.token('authority-analyst', mine),
    `{ round(id: "${round}") { heldBecause } }`,
  );
  return new Map([['a code that depends on counts', JSON.stringify(answer)]]);
}

/** Everything, in the same order in each world. */
async function everyAnswer({ world }: TwoRegions, named: Named) {
  const normal = new Normal({ hub: world.hub.url, issuer: world.issuer.issuer });
  const answers = new Map<string, string>();
  const filled = new Set<string>();
  const plain = (what: string, text: string): string => {
    // Several things that are looked up for one request leave their traces in any order, and in one moment or in two.
    if (what.includes('Query.accesses'))
      return new Normal({})
        .of(text)
        .replace(/<(moment|uuid) \d+>/g, '<$1>')
        .split('{"cursor"')
        .sort()
        .join('');
    return normal.of(text);
  };
  const keep = async (what: string, response: Response) => {
    const headers = [...response.headers].filter(([name]) => name !== 'date');
    const text = Buffer.from(await response.arrayBuffer()).toString(isBytes(response) ? 'base64' : 'utf8');
    answers.set(
      what,
      [
        response.status,
        JSON.stringify(headers),
        isBytes(response) ? `${text.length} characters of hashes` : plain(what, text),
      ].join('\n'),
    );
    return text;
  };
  const graphql = async (what: string, token: string, root: string, argument: string) => {
    const field = fieldOf(schema, root);
    const operation = root.startsWith('Mutation.') ? 'mutation ' : '';
    for (let part = 0; part < partsOf(field); part++) {
      const query = `${operation}{ ${field.name}${argument}${selectionOf(field, below, part)} }`;
      const response = await fetch(`${world.hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      });
      const text = await keep(`${what} ${root}${argument && ` ${normal.of(argument)}`} ${part}`, response);
      const { data } = JSON.parse(text) as { data?: Record<string, unknown> };
      fill(filled, root.split('.')[0]!, data, schema);
    }
  };
  for (const [role, organisation] of viewers) {
    const token = await world.token(role, organisation);
    const what = `${role} ${organisation}`;
    const get = (path: string) => fetch(`${world.hub.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    for (const [root, [who, argument]] of Object.entries(mutations))
      if (who === 'all') await graphql(what, token, root, argument(named));
    for (const field of Object.values(schema.getQueryType()!.getFields())) {
      if (field.name === 'accesses') continue;
      const root = `Query.${field.name}`;
      // The same region by another door: once is enough.
      if (field.name === '_entities' && role !== viewers[0]![0]) continue;
      for (const argument of asked[root]!(named, organisation)) await graphql(what, token, root, argument);
    }
    await graphql(what, token, 'Query.accesses', asked['Query.accesses']!(named, organisation)[0]!);
    await keep(`${what} the own return`, await get(`/submissions/${named.submission}`));
  }
  for (const [root, [who, argument]] of Object.entries(mutations)) {
    if (who === 'all') continue;
    const [role, organisation] = senders[who];
    await graphql(
      `
        ${role}
        ${organisation}
      `,
      await world.token(role, organisation),
      root,
      argument(named),
    );
  }
  answers.set(
    '/health/ready',
    (await (await fetch(`${world.hub.url}/health/ready`)).text()).replace(/^.* event loop.*\n/m, ''),
  );
  const tiles = await ledgerTiles(world.hub.url);
  for (const path of [
    '/.well-known/hub.json',
    '/.well-known/jwks.json',
    '/ledger/checkpoint',
    '/health/live',
    ...tiles,
  ])
    await keep(path, await fetch(`${world.hub.url}${path}`));
  answers.set('log', normal.of(world.hub.stderr().replace(/"(time|pid)":\d+/g, '')));
  return { answers, filled };
}

/** Hashes of entries, over envelopes and documents with their ids and moments: how many there are is what they tell. */
const isBytes = (response: Response) => response.headers.get('content-type') === 'application/octet-stream';

/** The first tile of hashes, as wide as the ledger is. */
async function ledgerTiles(url: string): Promise<string[]> {
  const size = Number((await (await fetch(`${url}/ledger/checkpoint`)).text()).split('\n')[1]);
  return size < 256 ? [`/ledger/tile/0/000.p/${size}`] : ['/ledger/tile/0/000'];
}

/** Notes every field that has something to say, by its coordinate. */
function fill(filled: Set<string>, type: string, value: unknown, from: GraphQLSchema): void {
  if (Array.isArray(value)) return value.forEach((one) => fill(filled, type, one, from));
  if (value === null || typeof value !== 'object') return;
  for (const [name, inner] of Object.entries(value)) {
    if (inner === null) continue;
    const coordinate = `${type}.${name}`;
    filled.add(coordinate);
    const [object] = objectsOf(fieldOf(from, coordinate));
    if (object) fill(filled, object.name, inner, from);
  }
}

/** Fields that have nothing to say here, and why that hides nothing. */
const empty: Readonly<Record<string, string>> = {
  'SigningKey.*': 'no key has ended',
  'NationalRelease.refusedBecause': 'none was refused',
  'Membership.until': 'nobody leaves',
  'Invitation.*': 'nobody is invited',
  'Circle.*': 'no circle is declared',
  'SystemAccount.*': 'no system is registered; the seeded ones are members',
  'AgreementParty.withdrawnFrom': 'nobody leaves the agreement',
  'Agreement.parent': 'it stands alone',
  'Agreement.supersededFrom': 'it has no later version',
  'Finding.found': 'a good return has no finding of that kind; bad ones are asked about in no-oracle.test.ts',
  'Finding.offered': 'nothing was answered before: see no-oracle.test.ts',
  'OfferedAnswer.*': 'nothing was answered before: see no-oracle.test.ts',
  'Submission.withdrawnBecause': 'nothing is withdrawn',
  'Publication.withdrawal': 'one is withdrawn when all else has been asked',
  'Round.checkUntil': 'no check window was set',
  'LateException.*': 'nobody was granted one',
  'OwnAnswer.*': 'answers to a whole indicator have no category',
  'OwnComment.*': 'the own return has no comment',
  'OwnCheck.reason': 'the own return replaces none that was published',
  'Purge.*': 'nothing is purged',
  'Query.erasure': 'nothing is erased',
  'Erasure.*': 'nothing is erased',
  'ValueChange.coverage': 'another authority has sent in the quarter before, so that the region is not compared',
  'WhyPart.*': 'the figure that is asked about is hidden, and has no parts',
  'Access.refusal': 'nobody of the region was refused',
  'Submission.toSign': 'the agreement asks for one signature',
  'OwnReturn.waiting': 'the agreement asks for one signature',
  'OwnReturn.withdrawn': 'nothing is withdrawn',
  'RefreshedReturn.*': 'no return refreshes earlier periods',
  'OwnSubmission.signedOffBy': 'the agreement asks for one signature',
  'OwnSubmission.carriedBy': 'no return refreshes earlier periods',
  'EnglandFigure.*': 'England’s published figures are public',
  'Benchmark.england': 'nothing is published of quarters',
  'Benchmark.together': 'no category is so rare that it is told together with another one',
  'Issue.leadArea': 'none leads',
  'Issue.nextReview': 'no review is set',
  'IssueItem.impact': 'nothing is done yet',
  'HistoryLine.recent': 'no five quarters in a row are published',
  'Pattern.yearBefore': 'nothing of months is published',
  'AuthorityFigure.recent': 'no five quarters in a row are published',
  'AuthorityFigure.recentText': 'no five quarters in a row are published',
};
const isSaidToBeEmpty = (coordinate: string) => coordinate in empty || `${coordinate.split('.')[0]}.*` in empty;

/** Every field below the queries, by its coordinate. */
function coordinates(from: GraphQLSchema): Set<string> {
  const all = new Set<string>();
  const visit = (type: GraphQLObjectType) => {
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      if (all.has(coordinate)) continue;
      all.add(coordinate);
      objectsOf(field).forEach(visit);
    }
  };
  visit(from.getQueryType()!);
  return all;
}

test('both print the same, and hide other counts', () => {
  expect(first.others).not.toBe(second.others);
  expect(first.others).toHaveLength(second.others.length);
  const [one, other] = [new Normal({}), new Normal({})];
  expect(second.published).toHaveLength(2);
  expect(second.published.map(({ document, proof }) => other.of(document + proof))).toEqual(
    first.published.map(({ document, proof }) => one.of(document + proof)),
  );
  // What readers verify is made of these texts and nothing else.
  for (const { document, digest, proof } of [...first.published, ...second.published]) {
    expect(sha256(document).toString('hex')).toBe(digest);
    expect(document).toContain(`"proof":"${sha256(proof).toString('hex')}"`);
  }
});

/** What is not the same in both, with what stands around the first difference. */
const differences = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
  [...one].flatMap(([what, answer]) => {
    const second = other.get(what) ?? 'no answer';
    if (answer === second) return [];
    const at = [...answer].findIndex((char, i) => char !== second[i]);
    return [[what, answer.slice(Math.max(0, at - 80), at + 80), second.slice(Math.max(0, at - 80), at + 80)]];
  });

test('a leak that is planted is noticed: a code that depends on counts which are not printed', () => {
  expect(first.leaked.size).toBe(1);
  expect(differences(first.leaked, second.leaked)).toHaveLength(1);
});

test('every mutation is sent, or is about something of which no count is known', () => {
  const all = Object.keys(schema.getMutationType()!.getFields());
  const known = [...Object.keys(mutations).map((root) => root.split('.')[1]!), ...Object.values(elsewhere).flat()];
  expect(known.sort()).toEqual(all.sort());
});

test('every answer is the same, byte for byte', () => {
  expect(differences(first.answers, second.answers)).toEqual([]);
  expect([...second.answers.keys()]).toEqual([...first.answers.keys()]);
  expect(first.answers.size).toBeGreaterThan(100);
});

test('every field was asked for, and has had something to say or is said to have nothing', () => {
  const all = coordinates(schema);
  expect([...all].filter((one) => !first.filled.has(one) && !isSaidToBeEmpty(one))).toEqual([]);
  const needless = Object.keys(empty).filter((one) => {
    const fields = [...all].filter((coordinate) => coordinate === one || `${coordinate.split('.')[0]}.*` === one);
    return fields.every((coordinate) => first.filled.has(coordinate));
  });
  expect(needless).toEqual([]);
  // What changes something answers with what queries show too.
  const answered = Object.values(schema.getMutationType()!.getFields()).flatMap((field) => objectsOf(field));
  const unseen = answered.filter(({ name }) => ![...all].some((coordinate) => coordinate.startsWith(`${name}.`)));
  expect(unseen.map(({ name }) => name).filter((name) => name !== 'Check')).toEqual([]);
});
