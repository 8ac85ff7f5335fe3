import { newId, publicId } from '@hub/platform';
import { graphql } from './graphql';
import { asOwner, type TwoRegions } from './two-regions';
import { day, NORTH_EAST, WEST_MIDLANDS, type World } from './world';

/**
 * Boards on both sides of a border, with everybody who may look at what they do together, and the documents by which they do it.
 */
export const TEES = 'brd-tees';
export const DURHAM = 'brd-durham';
export const BLACK_COUNTRY = 'brd-black-country';
export const POLICE = 'agy-cleveland-police';
export const FAR_POLICE = 'agy-west-midlands-police';
export const HARTLEPOOL = 'E06000001';
export const STOCKTON = 'E06000004';
export const COUNTY_DURHAM = 'E06000047';

export type Seat = readonly [role: string, of: string, as?: string];
export const who = {
  chair: ['board-chair', TEES],
  second: ['board-chair-2', TEES],
  police: ['agency-partner', POLICE],
  stockton: ['authority-approver', STOCKTON],
  hartlepool: ['authority-approver', HARTLEPOOL],
  elected: ['elected-member', HARTLEPOOL],
  scrutineer: ['scrutineer', HARTLEPOOL],
  neighbour: ['board-chair', DURHAM],
  neighboursScrutineer: ['scrutineer', COUNTY_DURHAM],
  otherAgency: ['agency-partner', FAR_POLICE],
  otherRegion: ['board-chair', BLACK_COUNTRY],
  // One who chairs a board here and one there.
  here: ['board-chair', 'brd-both', TEES],
  there: ['board-chair', 'brd-both', BLACK_COUNTRY],
  // Acting for a board that is not theirs.
  pretender: ['board-chair', BLACK_COUNTRY, TEES],
  lead: ['regional-lead', NORTH_EAST],
  system: ['authority-system', HARTLEPOOL],
} as const satisfies Record<string, Seat>;
export type Who = keyof typeof who;
export const actingFor = (name: Who): string => (who[name] as Seat)[2] ?? who[name][1];

export const RAISE = 'mutation ($as: ID!, $input: IssueInput!) { raiseIssue(as: $as, input: $input) { id } }';
export const AMEND =
  'mutation ($as: ID!, $id: ID!, $input: IssueInput!) { amendIssue(as: $as, id: $id, input: $input) { id } }';
export const STEP = `mutation ($as: ID!, $id: ID!, $step: IssueStep!, $replyBy: Date, $reason: String) {
  stepIssue(as: $as, id: $id, step: $step, replyBy: $replyBy, reason: $reason) { id state } }`;
export const REVIEW =
  'mutation ($as: ID!, $id: ID!, $next: Date!) { reviewIssue(as: $as, id: $id, next: $next) { id nextReview } }';
export const SHARE =
  'mutation ($as: ID!, $id: ID!, $boards: [ID!]!) { shareIssue(as: $as, id: $id, boards: $boards) { id state } }';
export const REPLY =
  'mutation ($as: ID!, $id: ID!, $text: String!, $confirmed: Boolean) { replyToIssue(as: $as, id: $id, text: $text, confirmed: $confirmed) { id } }';
export const CHALLENGE = `mutation ($as: ID!, $issue: ID!, $to: ID!, $text: String!, $due: Date!) {
  challengeAgency(as: $as, issue: $issue, agency: $to, question: $text, due: $due) { id state overdue } }`;
export const ANSWER =
  'mutation ($as: ID!, $id: ID!, $text: String!) { answerChallenge(as: $as, id: $id, text: $text) { id state } }';
export const JUDGE = `mutation ($as: ID!, $id: ID!, $satisfied: Boolean!) {
  judgeChallenge(as: $as, id: $id, satisfied: $satisfied, text: "It does.", impact: "Visits come in time.") { id state } }`;
export const ACTION = `mutation ($as: ID!, $issue: ID!, $to: ID!, $text: String!, $due: Date!) {
  setAction(as: $as, issue: $issue, owner: $to, role: "Head of the front door", text: $text, due: $due) { id state overdue } }`;
export const REPORT = `mutation ($as: ID!, $id: ID!, $state: ItemState!, $impact: String) {
  reportAction(as: $as, id: $id, state: $state, text: "As planned.", impact: $impact) { id state } }`;
export const CALL = `mutation ($as: ID!, $title: String!, $on: Date!, $boards: [ID!]!) {
  callMeeting(as: $as, title: $title, on: $on, boards: $boards) { id } }`;
export const FREEZE =
  'mutation ($as: ID!, $id: ID!) { freezePack(as: $as, id: $id) { id pack { digest document markdown html } } }';
export const WITHDRAW = 'mutation ($as: ID!, $id: ID!) { withdrawWords(as: $as, id: $id) }';
export const APPROVE = 'mutation ($as: ID!, $id: ID!) { approveWords(as: $as, id: $id) }';
export const LOOK = `query ($as: ID!, $id: ID!) { issue(as: $as, id: $id) { id state title named { organisation { code } repliedAt }
  leadArea { code } evidence { series period figure value coverage authority { code } digest } items { id kind text state by { code } to { code } } } }`;
export const LIST = 'query ($as: ID!) { issues(as: $as) { edges { node { id } } } }';
export const ITEMS =
  'query ($as: ID!, $kind: ItemKind!) { issueItems(as: $as, kind: $kind) { edges { node { id issue title text } } } }';

export interface Looked {
  readonly id: string;
  readonly title: string;
  readonly named: readonly { organisation: { code: string }; repliedAt: string | null }[];
  readonly leadArea: { code: string } | null;
  readonly evidence: readonly {
    series: string;
    period: string | null;
    figure: string | null;
    value: string | null;
    coverage: string | null;
    authority: { code: string } | null;
  }[];
  readonly items: readonly {
    id: string;
    kind: string;
    text: string;
    by: { code: string };
    to: { code: string } | null;
  }[];
}

/** The arguments of a step. */
export const askReplies = { step: 'ASK_REPLIES', replyBy: day(10) };

/** Everybody of a world of two regions, as they ask a hub of it. */
export class Boards {
  private constructor(
    readonly two: TwoRegions,
    private readonly url: () => string,
    /** The North East's publication, and the one of the West Midlands. */
    readonly publication: string,
    readonly farPublication: string,
  ) {}

  /** Lays one who chairs two boards, whom nobody seeds. */
  static async lay(two: TwoRegions): Promise<Boards> {
    const { world } = two;
    const id = newId();
    await asOwner(world, 'insert into identity.member (id, issuer, subject, name) values ($1, $2, $3, $3)', [
      id,
      world.issuer.issuer,
      'board-chair@brd-both',
    ]);
    for (const board of [TEES, BLACK_COUNTRY])
      await asOwner(
        world,
        `insert into identity.member_role (member_id, role, organisation) values ($1, 'board-chair', $2)`,
        [id, board],
      );
    const rows = await asOwner<{ region: string; id: string }>(
      world,
      'select g.code as region, p.id from release.publication p join registry.region g on g.id = p.region_id',
    );
    const of = (region: string) => publicId('pub', world.hubId, rows.find((row) => row.region === region)!.id);
    return new Boards(two, () => world.hub.url, of(NORTH_EAST), of(WEST_MIDLANDS));
  }

  /** The same people, who ask another hub of the same world. */
  at(url: string): Boards {
    return new Boards(this.two, () => url, this.publication, this.farPublication);
  }

  async ask<T = Record<string, never>>(name: Who | null, query: string, variables: Record<string, unknown> = {}) {
    const token = name === null ? null : await this.two.world.token(...(who[name].slice(0, 2) as [string, string]));
    return graphql<T>(this.url(), token, query, {
      ...(name === null ? {} : { as: actingFor(name) }),
      ...variables,
    });
  }

  /** The answer, or the code of the refusal. */
  async told<T>(name: Who, query: string, variables: Record<string, unknown> = {}): Promise<T | string> {
    const { data, errors } = await this.ask<Record<string, T>>(name, query, variables);
    return errors?.[0] ? errors[0].extensions.code : Object.values(data!)[0]!;
  }

  /** The answer of what must succeed. @throws Error with the code otherwise */
  async done<T = { id: string }>(name: Who, query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const answer = await this.told<T>(name, query, variables);
    if (typeof answer === 'string') throw new Error(`${name}: ${answer}`);
    return answer;
  }

  input(more: object = {}) {
    const { publication } = this;
    return {
      theme: 'Front door',
      title: 'Referrals from across the border',
      text: 'Referrals to the front door rise where the agency changed its form.',
      question: 'What does the agency send, and what comes of it?',
      source: 'PATTERN',
      likelihood: 4,
      impact: 3,
      areas: [STOCKTON],
      agencies: [POLICE],
      leadArea: STOCKTON,
      evidence: [
        { publication, series: 'RF01#count', authority: STOCKTON },
        { publication, series: 'RF01#count' },
      ],
      ...more,
    };
  }

  async raised(more: object = {}): Promise<string> {
    return (await this.done('chair', RAISE, { input: this.input(more) })).id;
  }

  /** An issue of Tees that has come so far. */
  async issueAt(stage: 'ownBoard' | 'reply' | 'shared', more: object = {}): Promise<string> {
    const id = await this.raised(more);
    await this.done('chair', STEP, { id, step: 'TO_OWN_BOARD' });
    if (stage === 'ownBoard') return id;
    await this.done('chair', STEP, { id, ...askReplies });
    if (stage === 'reply') return id;
    await this.done('police', REPLY, { id, text: 'We have changed the form.' });
    await this.done('stockton', REPLY, { id, text: 'We see it too.' });
    await this.done('chair', SHARE, { id, boards: [DURHAM] });
    return id;
  }
}

/**
 * The Tees board's issue goes its way in any world: asked, answered, shared with a board over County Durham, with a challenge and an
 * action, and a meeting whose pack is frozen. One path for tests that compare worlds.
 * @param issue  a draft of its chair
 * @param named  the authority that it names
 * @returns the meeting
 */
export async function boardsMeet(world: World, issue: string, named: string): Promise<string> {
  const act = async (role: string, as: string, mutation: string): Promise<string> => {
    const document = `mutation { done: ${mutation.replace('(', `(as: "${as}", `)} { id } }`;
    return (await world.ask<{ done: { id: string } }>(await world.token(role, as), document)).done.id;
  };
  const chair = (mutation: string) => act('board-chair', TEES, mutation);
  await chair(`stepIssue(id: "${issue}", step: TO_OWN_BOARD)`);
  await chair(`stepIssue(id: "${issue}", step: ASK_REPLIES, replyBy: "${day(10)}")`);
  await act('authority-approver', named, `replyToIssue(id: "${issue}", text: "We see it too.")`);
  await chair(`shareIssue(id: "${issue}", boards: ["${DURHAM}"])`);
  await chair(`stepIssue(id: "${issue}", step: TO_NETWORK)`);
  const asked = await chair(
    `challengeAgency(issue: "${issue}", agency: "${POLICE}", question: "Who is told?", due: "${day(3)}")`,
  );
  await act('agency-partner', POLICE, `answerChallenge(id: "${asked}", text: "Both.")`);
  await chair(
    `setAction(issue: "${issue}", owner: "${TEES}", role: "The chair", text: "Write to both.", due: "${day(3)}")`,
  );
  const meeting = await chair(`callMeeting(title: "The network", on: "${day(9)}", boards: ["${DURHAM}"])`);
  await chair(`attendMeeting(id: "${meeting}")`);
  return chair(`freezePack(id: "${meeting}")`);
}
