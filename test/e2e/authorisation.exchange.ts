import { asOwner, type PublishedRegion, type TwoRegions } from '../support/two-regions';
import { approverOf, day } from '../support/world';

/** What the boards of one region have raised, for the test of who may see and do what. */
export interface ExchangeFixture {
  readonly board: string;
  /** A second board of the region, over its first authority. */
  readonly second: string;
  readonly agency: string;
  /** Of an issue, as it is written in a document. */
  readonly input: string;
  /** Shared with the second board; it names the first authority and the agency, and everything hangs on it. */
  readonly seen: string;
  /** Waits for replies. */
  readonly asked: string;
  /** Of both boards; the chair is there. */
  readonly meeting: string;
  readonly toAmend: string;
  readonly toStep: string;
  readonly toAnswer: string;
  readonly toJudge: string;
  readonly actions: Readonly<Record<'agency' | 'authority', string>>;
  /** Own words of each, and words that another member of theirs wrote. */
  readonly toWithdraw: Readonly<Record<'agency' | 'authority' | 'board', string>>;
  readonly toApprove: Readonly<Record<'agency' | 'authority' | 'board', string>>;
}

/** Words about nobody. */
export const ISSUE_TEXT = 'The forms are read again.';

export async function layExchange(
  { world }: TwoRegions,
  { code, authorities }: PublishedRegion,
  [board, agency]: readonly [string, string],
  publication: string,
): Promise<ExchangeFixture> {
  const [first] = authorities as [string];
  const second = `brd-second-${code.toLowerCase()}`;
  await asOwner(world, `insert into registry.organisation (code, name) values ($1, 'A second board')`, [second]);
  await asOwner(
    world,
    'insert into registry.organisation_area (organisation, authority_id) select $1, id from registry.authority where code = $2',
    [second, first],
  );
  const input = `{ theme: "Front door", title: "Forms", text: "${ISSUE_TEXT}", question: "What comes of them?", source: FIGURE,
    likelihood: 2, impact: 3, areas: ["${first}"], agencies: ["${agency}"], leadArea: "${first}", nextReview: "${day(30)}",
    evidence: [{ publication: "${publication}", series: "RF01#count", authority: "${first}" },
      { publication: "${publication}", series: "RF01#count" }] }`;
  const act = async (seat: string, of: string, mutation: string): Promise<string> => {
    const { done } = await world.ask<{ done: { id: string } }>(
      await world.token(seat, of),
      `mutation { done: ${mutation.replace('(', `(as: "${of}", `)} { id } }`,
    );
    return done.id;
  };
  const raise = (seat = 'board-chair') => act(seat, board, `raiseIssue(input: ${input})`);
  const replies = async (issue: string): Promise<void> => {
    for (const one of [first, agency])
      await act(`${approverOf(one)}-2`, one, `replyToIssue(id: "${issue}", text: "${ISSUE_TEXT}")`);
  };
  const asked = async (): Promise<string> => {
    const issue = await raise();
    await act('board-chair', board, `stepIssue(id: "${issue}", step: TO_OWN_BOARD)`);
    await act('board-chair', board, `stepIssue(id: "${issue}", step: ASK_REPLIES, replyBy: "${day(5)}")`);
    return issue;
  };
  const shared = async (): Promise<string> => {
    const issue = await asked();
    await replies(issue);
    return act('board-chair', board, `shareIssue(id: "${issue}", boards: ["${second}"])`);
  };
  const repliesOf = async (issue: string): Promise<Record<'agency' | 'authority', string>> => {
    const { found } = await world.ask<{ found: { items: { id: string; kind: string; by: { code: string } }[] } }>(
      await world.token('board-chair', board),
      `{ found: issue(as: "${board}", id: "${issue}") { items { id kind by { code } } } }`,
    );
    const by = (of: string) => found.items.find((item) => item.kind === 'REPLY' && item.by.code === of)!.id;
    return { agency: by(agency), authority: by(first) };
  };
  const seen = await shared();
  const other = await shared();
  const challenge = () =>
    act(
      'board-chair',
      board,
      `challengeAgency(issue: "${seen}", agency: "${agency}", question: "${ISSUE_TEXT}", due: "${day(3)}")`,
    );
  const action = (owner: string) =>
    act(
      'board-chair',
      board,
      `setAction(issue: "${seen}", owner: "${owner}", role: "The lead", text: "${ISSUE_TEXT}", due: "${day(3)}")`,
    );
  const toJudge = await challenge();
  await act('agency-partner', agency, `answerChallenge(id: "${toJudge}", text: "${ISSUE_TEXT}")`);
  const closed = await action(board);
  await act(
    'board-chair',
    board,
    `reportAction(id: "${closed}", state: DONE, text: "${ISSUE_TEXT}", impact: "They are read in time.")`,
  );
  for (const one of [board, agency, first]) {
    await asOwner(
      world,
      `insert into exchange.contact (organisation, address, set_by, set_at)
       select $1, 'data@council.example', id, now() from identity.member where issuer = $2 and subject = $3`,
      [one, world.issuer.issuer, `board-chair-2@${board}`],
    );
  }
  const meeting = await act(
    'board-chair',
    board,
    `callMeeting(title: "The network", on: "${day(9)}", boards: ["${second}"])`,
  );
  await act('board-chair', board, `attendMeeting(id: "${meeting}")`);
  return {
    ...{ meeting, board, second, agency, input, seen, toJudge },
    asked: await asked(),
    toAmend: await raise(),
    toStep: await raise(),
    toAnswer: await challenge(),
    actions: { agency: await action(agency), authority: await action(first) },
    toWithdraw: { ...(await repliesOf(other)), board: await action(board) },
    toApprove: { ...(await repliesOf(seen)), board: await byTheSecond() },
  };

  /** An action that the other chair has written down. */
  async function byTheSecond(): Promise<string> {
    return act(
      'board-chair-2',
      board,
      `setAction(issue: "${seen}", owner: "${board}", role: "The chair", text: "${ISSUE_TEXT}", due: "${day(3)}")`,
    );
  }
}
