import { HubProblem, allPages, type Page } from '@hub/client';
import { issueStateWords, issueStepNames, stepOfWords } from '@hub/exchange/domain';
import { screamingSnake } from '@hub/kernel';
import { dateOf, UsageError, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';

export interface Body {
  readonly code: string;
  readonly name: string;
}
/** What hangs on an issue or was said at a meeting. */
export interface IssueItem {
  readonly id: string;
  readonly kind: string;
  readonly issue: string | null;
  readonly title: string | null;
  /** The id of the one that it is about. */
  readonly about: string | null;
  readonly at: string;
  readonly by: Body;
  readonly to: Body | null;
  readonly ownerRole: string | null;
  readonly text: string;
  readonly impact: string | null;
  readonly state: string | null;
  readonly due: string | null;
  readonly overdue: boolean;
  readonly wording: string;
}
export const ITEM =
  'id kind issue title about at by { code name } to { code name } ownerRole text impact state due overdue wording';

export const options = { as: 'required', ...connectionOptions } as const;
export const AWAITING = ', waits for a second person to approve it';
export const lower = (text: string) => text.toLowerCase().replaceAll('_', ' ');
/** A word of the hub's, however it is written, as the API takes it; undefined where it is none of these. */
export const wordOf = (text: string, among: readonly string[]) =>
  among.map(screamingSnake).find((one) => one === screamingSnake(text));

/** @throws UsageError */
export function oneOf(values: Values, name: string, among: readonly string[]): string {
  const word = wordOf(values.the(name), among);
  if (word === undefined) throw new UsageError(`--${name} is one of ${among.join(', ')}.`);
  return word;
}

/** What the API names, as it is typed here. */
const typed: Readonly<Record<string, string>> = {
  shareIssue: '`hub issue share`',
  stepIssue: '`hub issue step` with --step',
  answerChallenge: '`hub issue answer`',
  judgeChallenge: '`hub issue judge`',
  reportAction: '`hub issue progress`',
  ...Object.fromEntries(issueStepNames.map((one) => [screamingSnake(one), one])),
};

/**
 * Sends one of the documents below for the organisation for which the person acts.
 * @throws HubProblem which says of a refused step what may be typed instead
 */
export async function asked<T>(values: Values, document: string, variables: object): Promise<T> {
  try {
    return await hubOf(values).graphql<T>(document, { as: values.the('as'), ...variables });
  } catch (error) {
    const possible = error instanceof HubProblem && error.more.facts?.['possible'];
    if (typeof possible !== 'string') throw error;
    const { code, message, more } = error as HubProblem;
    const facts = { ...more.facts, possible: possible.replace(/\w+/g, (word) => typed[word] ?? word) };
    throw new HubProblem(code, message, { ...more, facts });
  }
}

/** Of an issue what its steps are told by. */
interface Stepped {
  readonly board: Body;
  readonly named: readonly { readonly organisation: Body }[];
}

/** To whom something went: of a step, those whom it brought in. */
function toWhom({ to, text, kind, ownerRole }: IssueItem, issue: Stepped | undefined): string {
  const step = kind === 'STEP' ? stepOfWords(text) : undefined;
  if (step?.step === 'toOwnBoard') return issue?.board.name ?? '';
  if (step?.step === 'askReplies') return issue?.named.map(({ organisation }) => organisation.name).join(', ') ?? '';
  if (step?.step === 'share') return step.more ?? '';
  if (step?.step === 'toNetwork') return 'the network';
  return to ? `${to.name}${ownerRole ? ` (${ownerRole})` : ''}` : '';
}
function standing({ kind, text, state, due, overdue, wording }: IssueItem): string {
  const reached = kind === 'STEP' ? stepOfWords(text)?.state : undefined;
  const now = reached ? issueStateWords[reached] : state ? lower(state) : '';
  return `${now}${due ? `, due ${due}` : ''}${overdue ? ', OVERDUE' : ''}${wording === 'AWAITING' ? AWAITING : ''}`.replace(
    /^, /,
    '',
  );
}

/**
 * Items in the order in which they come, each with its id, and under each what is about it, oldest first.
 * @param issue  on which they hang; absent: each says it
 */
export function itemsInWords(items: readonly IssueItem[], issue?: Stepped): string {
  const isThere = (id: string | null) => items.some((one) => one.id === id);
  const block = (item: IssueItem, depth: number): string => {
    const to = toWhom(item, issue);
    const now = standing(item);
    const begin = `${item.at.slice(0, 10)}  `;
    // A step is history: nothing is done with it by its id.
    const [beside, ...below] = item.kind === 'STEP' ? [item.text] : [item.id, ...item.text.split('\n')];
    const head = `${begin}${lower(item.kind).padEnd(9)}  ${beside}`;
    const lines = [
      `${item.by.name}${to ? ` to ${to}` : ''}${now ? `: ${now}` : ''}`,
      ...(issue || !item.issue ? [] : [`about ${item.title ? `${item.title}, ` : ''}${item.issue}`]),
      ...below,
      ...(item.impact ? [`impact: ${item.impact}`] : []),
    ];
    const own = [head, ...lines.map((line) => `${' '.repeat(begin.length)}${line}`)];
    const about = items.filter((one) => one.about === item.id).reverse();
    return [...own.map((line) => `${'  '.repeat(depth)}${line}\n`), ...about.map((one) => block(one, depth + 1))].join(
      '',
    );
  };
  return items
    .filter(({ about }) => !isThere(about))
    .map((one) => block(one, 0))
    .join('');
}

const changed = async (values: Values, document: string, variables: object): Promise<Outcome> => {
  const { done } = await asked<{ done: IssueItem }>(values, document, variables);
  return { text: itemsInWords([done]), json: done };
};

/** The same of what is said about a challenge or an action, with the words that were sent below it. */
async function said(values: Values, document: string, variables: object): Promise<Outcome> {
  const { text, json } = await changed(values, document, variables);
  const impact = values.get('impact');
  return { text: `${text}You said: ${values.the('text')}\n${impact ? `Impact: ${impact}\n` : ''}`, json };
}

/** Challenges and actions: put to somebody, answered, reported on and judged. */
export const itemCommands: readonly Command[] = [
  {
    name: 'issue due',
    usage: '--as CODE [--all] --url HUB --token-file F',
    summary:
      'Challenges and actions that are open, the first day first, with the id by which each is answered or reported on: those addressed to you, and those of issues that you see. With --all those that are done with too.',
    options: { ...options, all: 'flag' },
    async run(values) {
      const found: IssueItem[] = [];
      for (const kind of ['CHALLENGE', 'ACTION'])
        found.push(
          ...(await allPages(async (after) => {
            const { issueItems } = await asked<{ issueItems: Page<IssueItem> }>(
              values,
              `query ($as: ID!, $kind: ItemKind!, $open: Boolean, $after: String) {
                issueItems(as: $as, kind: $kind, open: $open, first: 100, after: $after) {
                  edges { node { ${ITEM} } } pageInfo { hasNextPage endCursor } } }`,
              { kind, open: !values.has('all'), after },
            );
            return issueItems;
          })),
        );
      const dueOf = ({ due }: IssueItem) => due ?? '';
      found.sort((a, b) => (dueOf(a) < dueOf(b) ? -1 : dueOf(a) > dueOf(b) ? 1 : 0));
      return { text: itemsInWords(found) || 'Nothing is open.\n', json: found };
    },
  },
  {
    name: 'issue challenge',
    usage: 'ID --as BOARD --agency CODE --question TEXT --due DATE [--confirmed] --url HUB --token-file F',
    summary: 'Asks an agency a question about an issue, to be answered by a day.',
    argument: 'ID',
    options: { ...options, agency: 'required', question: 'required', due: 'required', confirmed: 'flag' },
    run: (values) =>
      changed(
        values,
        `mutation ($as: ID!, $id: ID!, $agency: ID!, $question: String!, $due: Date!, $confirmed: Boolean) {
          done: challengeAgency(as: $as, issue: $id, agency: $agency, question: $question, due: $due, confirmed: $confirmed) { ${ITEM} } }`,
        {
          id: values.the('ID'),
          agency: values.the('agency'),
          question: values.the('question'),
          due: dateOf(values, 'due'),
          confirmed: values.has('confirmed'),
        },
      ),
  },
  {
    name: 'issue answer',
    usage: 'CHALLENGE --as AGENCY --text TEXT [--confirmed] --url HUB --token-file F',
    summary: 'Answers a challenge that is addressed to your agency; `hub issue due` gives its id.',
    argument: 'CHALLENGE',
    options: { ...options, text: 'required', confirmed: 'flag' },
    run: (values) =>
      said(
        values,
        `mutation ($as: ID!, $id: ID!, $text: String!, $confirmed: Boolean) {
          done: answerChallenge(as: $as, id: $id, text: $text, confirmed: $confirmed) { ${ITEM} } }`,
        { id: values.the('CHALLENGE'), text: values.the('text'), confirmed: values.has('confirmed') },
      ),
  },
  {
    name: 'issue judge',
    usage:
      'CHALLENGE --as BOARD --state satisfied|notSatisfied --text TEXT [--impact TEXT] [--confirmed] --url HUB --token-file F',
    summary:
      'Says whether the answer to a challenge satisfies your board, and with --impact what it did for children; where it does not, the agency answers again.',
    argument: 'CHALLENGE',
    options: { ...options, state: 'required', text: 'required', impact: 'optional', confirmed: 'flag' },
    run: (values) =>
      said(
        values,
        `mutation ($as: ID!, $id: ID!, $satisfied: Boolean!, $text: String!, $impact: String, $confirmed: Boolean) {
          done: judgeChallenge(as: $as, id: $id, satisfied: $satisfied, text: $text, impact: $impact, confirmed: $confirmed) { ${ITEM} } }`,
        {
          id: values.the('CHALLENGE'),
          satisfied: oneOf(values, 'state', ['satisfied', 'notSatisfied']) === 'SATISFIED',
          text: values.the('text'),
          impact: values.get('impact') ?? null,
          confirmed: values.has('confirmed'),
        },
      ),
  },
  {
    name: 'issue action',
    usage: 'ID --as BOARD --owner CODE --role POST --text TEXT --due DATE [--confirmed] --url HUB --token-file F',
    summary: 'Gives an action to a board, an agency or an authority. POST answers for it there: a post, not a person.',
    argument: 'ID',
    options: { ...options, owner: 'required', role: 'required', text: 'required', due: 'required', confirmed: 'flag' },
    run: (values) =>
      changed(
        values,
        `mutation ($as: ID!, $id: ID!, $owner: ID!, $role: String!, $text: String!, $due: Date!, $confirmed: Boolean) {
          done: setAction(as: $as, issue: $id, owner: $owner, role: $role, text: $text, due: $due, confirmed: $confirmed) { ${ITEM} } }`,
        {
          id: values.the('ID'),
          owner: values.the('owner'),
          role: values.the('role'),
          text: values.the('text'),
          due: dateOf(values, 'due'),
          confirmed: values.has('confirmed'),
        },
      ),
  },
  {
    name: 'issue progress',
    usage:
      'ACTION --as CODE --state onTrack|slipped|done --text TEXT [--impact TEXT] [--confirmed] --url HUB --token-file F',
    summary:
      'Says how an action stands, for its owner or the board that gave it; done only with --impact: what it changed for children, and how that is known.',
    argument: 'ACTION',
    options: { ...options, state: 'required', text: 'required', impact: 'optional', confirmed: 'flag' },
    run: (values) =>
      said(
        values,
        `mutation ($as: ID!, $id: ID!, $state: ItemState!, $text: String!, $impact: String, $confirmed: Boolean) {
          done: reportAction(as: $as, id: $id, state: $state, text: $text, impact: $impact, confirmed: $confirmed) { ${ITEM} } }`,
        {
          id: values.the('ACTION'),
          state: oneOf(values, 'state', ['onTrack', 'slipped', 'done']),
          text: values.the('text'),
          impact: values.get('impact') ?? null,
          confirmed: values.has('confirmed'),
        },
      ),
  },
  {
    name: 'issue approve',
    usage: 'ID --as CODE --url HUB --token-file F',
    summary:
      'Approves words of another member of your organisation that wait for a second person: an issue, or what hangs on one.',
    argument: 'ID',
    options,
    async run(values) {
      await asked(values, 'mutation ($as: ID!, $id: ID!) { approveWords(as: $as, id: $id) }', { id: values.the('ID') });
      return { text: `${values.the('ID')} is approved.\n`, json: { id: values.the('ID') } };
    },
  },
  {
    name: 'issue withdraw',
    usage: 'ID --as CODE --url HUB --token-file F',
    summary: 'Takes an issue of your board, or your own words, back for good; their readers see no trace of it.',
    argument: 'ID',
    options,
    async run(values) {
      await asked(values, 'mutation ($as: ID!, $id: ID!) { withdrawWords(as: $as, id: $id) }', {
        id: values.the('ID'),
      });
      return { text: `${values.the('ID')} is taken back.\n`, json: { id: values.the('ID') } };
    },
  },
];
