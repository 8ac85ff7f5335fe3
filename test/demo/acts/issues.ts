import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleAgreement } from '../../seed/seed';
import { ask } from '../../support/database';
import { graphql } from '../../support/graphql';
import { day, NORTH_EAST } from '../../support/world';
import { bold, mustBe, say, timed, type Stage } from '../stage';

const [TEES, DURHAM, FAR] = ['brd-tees', 'brd-durham', 'brd-black-country'] as const;
const POLICE = 'agy-cleveland-police';
const [HARTLEPOOL, STOCKTON] = ['E06000001', 'E06000004'] as const;

interface Issue {
  readonly id: string;
  readonly evidence: readonly { readonly figure: string | null }[] | null;
}

/** A figure becomes an issue between two boards, is answered, shared, challenged and acted on; a pack of it is written to a file. */
export async function boardsTalk(stage: Stage) {
  const told = await timed('issues', () => talk(stage));
  say();
  say(bold('Boards on both sides of a border'));
  say(
    `  Tees raises an issue on a published figure (${told.figure}). ${told.named} bodies are named and asked to answer; before they have, nobody else is told.`,
  );
  say(
    `  Sharing before the answers: ${told.early}. A chair from the West Midlands: ${told.far.before}; and ${told.far.shared} once it is shared and open to the network, for no agreement covers both. With one that both sides have signed: "${told.far.signed}".`,
  );
  say(
    `  A challenge goes to the police and is ${told.challenge}; an action is ${told.action} and late, so it stands on the agenda.`,
  );
  say(
    `  The pack, ${told.pack.lines} lines, SHA-256 ${told.pack.digest.slice(0, 16)}…; a text with a small number: ${told.words}.`,
  );
  return told;
}

async function talk({ world, periods }: Stage) {
  const asked = async <T>(
    role: string,
    as: string,
    field: string,
    selection: string,
    variables: Record<string, unknown> = {},
  ) => {
    const operation = /^(issue|issues|meeting|border)\b/.test(field) ? 'query' : 'mutation';
    const types = 'input' in variables ? ', $input: IssueInput!' : '';
    const { data, errors } = await graphql<{ it: T }>(
      world.hub.url,
      await world.token(role, as),
      `${operation} ($as: ID!${types}) { it: ${field.replace(/\(|$/, (sign) => (sign ? '(as: $as, ' : '(as: $as)'))} ${selection} }`,
      { as, ...variables },
    );
    return { it: data?.it ?? null, code: errors?.[0]?.extensions.code ?? null };
  };
  const done = async <T = { id: string; state: string; overdue: boolean }>(
    ...given: Parameters<typeof asked>
  ): Promise<T> => {
    const { it, code } = await asked<T>(...given);
    mustBe(it !== null, `${given[1]} is refused ${given[2]}: ${code}`);
    return it!;
  };
  const { region } = await world.ask<{ region: { publications: { edges: { node: { id: string } }[] } } }>(
    await world.token('board-chair', TEES),
    'query ($code: ID!, $period: String) { region(code: $code) { publications(period: $period, first: 1) { edges { node { id } } } } }',
    { code: NORTH_EAST, period: periods.at(-1)! },
  );
  const publication = region.publications.edges[0]!.node.id;
  const input = {
    ...{ theme: 'Plans', title: 'Plans across the border', source: 'FIGURE', likelihood: 4, impact: 3 },
    text: 'Plans are made on both sides for families who move between them, and the agency is asked twice.',
    question: 'Who tells whom when a plan moves?',
    areas: [STOCKTON],
    agencies: [POLICE],
    evidence: [{ publication, series: 'CP01#count', authority: STOCKTON }],
  };
  const words = (
    await asked('board-chair', TEES, 'raiseIssue(input: $input)', '{ id }', {
      input: { ...input, text: 'Three children moved.' },
    })
  ).code;
  const { id } = await done('board-chair', TEES, 'raiseIssue(input: $input)', '{ id }', { input });
  const one = (as: string) => asked<Issue>('board-chair', as, `issue(id: "${id}")`, '{ id evidence { figure } }');
  const step = (more: string) => done('board-chair', TEES, `stepIssue(id: "${id}", ${more})`, '{ id state }');
  const share = `shareIssue(id: "${id}", boards: ["${DURHAM}"])`;
  await step('step: TO_OWN_BOARD');
  await step(`step: ASK_REPLIES, replyBy: "${day(14)}"`);
  const early = (await asked('board-chair', TEES, share, '{ id }')).code;
  const before = (await one(FAR)).code;
  mustBe(
    (await one(DURHAM)).code === 'ISSUE_ABSENT',
    'a neighbour sees an issue before those whom it names have answered',
  );
  await done('authority-approver', STOCKTON, `replyToIssue(id: "${id}", text: "We see it too.")`, '{ id }');
  await done('agency-partner', POLICE, `replyToIssue(id: "${id}", text: "We are asked twice, yes.")`, '{ id }');
  await done('board-chair', TEES, share, '{ id }');
  await step('step: TO_NETWORK');
  const figure = (await one(DURHAM)).it?.evidence?.[0]?.figure;
  mustBe(Boolean(figure), 'the neighbour is not shown the figure');
  const shared = (await one(FAR)).code;

  const challenge = await done(
    'board-chair',
    TEES,
    `challengeAgency(issue: "${id}", agency: "${POLICE}", question: "Who is told?", due: "${day(7)}")`,
    '{ id }',
  );
  const answered = await done(
    'agency-partner',
    POLICE,
    `answerChallenge(id: "${challenge.id}", text: "Both boards, from now on.")`,
    '{ state }',
  );
  const action = await done(
    'board-chair',
    DURHAM,
    `setAction(issue: "${id}", owner: "${DURHAM}", role: "The chair", text: "Write the joint protocol.", due: "${day(0)}")`,
    '{ id state }',
  );
  // A day goes by.
  await ask(world.ownerUrl, `update exchange.item set due = current_date - 1 where kind = 'action'`);

  const meeting = await done(
    'board-chair',
    TEES,
    `callMeeting(title: "The chairs of the network", on: "${day(1)}", boards: ["${DURHAM}"])`,
    '{ id }',
  );
  const { pack } = await done<{ pack: { markdown: string; html: string; digest: string } }>(
    'board-chair',
    TEES,
    `freezePack(id: "${meeting.id}")`,
    '{ pack { markdown html digest } }',
  );
  const folder = mkdtempSync(join(tmpdir(), 'hub-pack-'));
  const file = join(folder, 'pack.html');
  writeFileSync(file, pack.html);
  const isWhole = readFileSync(file, 'utf8').includes(pack.digest) && pack.markdown.includes('OVERDUE');
  rmSync(folder, { recursive: true });
  mustBe(isWhole, 'the pack names what is late, and its digest');

  const example = exampleAgreement('north-east-west-midlands-view.v1');
  const places: readonly string[] = [HARTLEPOOL, STOCKTON, 'E08000027', 'E08000028'];
  await world.conclude({
    ...example,
    id: 'two-boards',
    parties: example.parties.filter(({ authority }) => places.includes(authority)),
    audience: [TEES, FAR].map((of) => ({ of: of as never, roles: ['board-chair'], presentation: 'named' })),
  });
  const signed = (await one(FAR)).it ? 'seen' : 'absent';
  mustBe(
    before === 'ISSUE_ABSENT' && shared === 'ISSUE_ABSENT' && signed === 'seen',
    'the other region sees it too early, or never',
  );
  mustBe(early === 'ISSUE_REPLY_PENDING' && words === 'WORDS_QUESTIONED', 'a rule of issues does not hold');
  return {
    figure: figure!,
    named: input.areas.length + input.agencies.length,
    early,
    words,
    far: { before, shared, signed },
    challenge: answered.state,
    action: action.state,
    pack: { digest: pack.digest, lines: pack.markdown.split('\n').length },
  };
}
