import { allPages, type Page } from '@hub/client';
import { evidenceInWords, issueSources, issueStates, issueStepNames, standingInWords } from '@hub/exchange/domain';
import { isObject } from '@hub/identity/domain';
import { isCivilDate, londonDate, nearest, parseStrictJson, screamingSnake } from '@hub/kernel';
import {
  dateOf,
  listIn,
  listing,
  readText,
  table,
  UsageError,
  type Command,
  type Outcome,
  type Values,
} from './command';
import {
  asked,
  AWAITING,
  ITEM,
  itemsInWords,
  lower,
  oneOf,
  options,
  wordOf,
  type Body,
  type IssueItem,
} from './issue-item';

interface IssueAnswer {
  readonly id: string;
  readonly state: string;
  readonly title: string;
  readonly text: string;
  readonly question: string;
  readonly risk: number;
  readonly board: Body;
  readonly replyBy: string | null;
  readonly nextReview: string | null;
  readonly wording: string;
  readonly network: boolean;
  readonly recipients: readonly Body[];
  readonly named: readonly { readonly organisation: Body; readonly repliedAt: string | null }[];
  readonly evidence:
    | readonly {
        readonly series: string;
        readonly indicator: Body;
        readonly period: string | null;
        readonly authority: Body | null;
        readonly figure: string | null;
        readonly value: string | null;
        readonly coverage: string | null;
      }[]
    | null;
  readonly items: readonly IssueItem[] | null;
}

const HEAD =
  'id state title risk board { code name } replyBy named { organisation { code name } repliedAt } nextReview wording';
const WHOLE = `${HEAD} text question network recipients { code name }
  evidence { series indicator { code name } period authority { code name } figure value coverage }
  items { ${ITEM} }`;
/** The steps that need no boards; `issue share` is the other. */
const stepsAlone = issueStepNames.filter((one) => one !== 'share');
function stateOf({ wording, board, named, replyBy, ...issue }: IssueAnswer, as: string): string {
  const state = issueStates.find((one) => screamingSnake(one) === issue.state);
  // Who is only named, or has it shared, is not told of all whom it names.
  const waiting = board.code === as ? { named, replyBy } : { named: [{ repliedAt: null }], replyBy: null };
  const words = state ? standingInWords({ state, ...waiting }, londonDate(new Date())) : lower(issue.state);
  return words + (wording === 'AWAITING' ? AWAITING : '');
}

const told = (issue: IssueAnswer, values: Values): Outcome => {
  const rows: [string, string | undefined][] = [
    ['issue', issue.id],
    ['title', issue.title],
    ['board', issue.board.name],
    ['state', stateOf(issue, values.the('as'))],
    ['risk', `${issue.risk} of 25`],
    ['question', issue.question],
    ['replies by', issue.replyBy ?? undefined],
    ['next review', issue.nextReview ?? undefined],
    ...issue.named.map(({ organisation, repliedAt }): [string, string] => [
      'names',
      `${organisation.name}, ${repliedAt ? `answered ${repliedAt.slice(0, 10)}` : 'not answered'}`,
    ]),
    ...issue.recipients.map(({ name }): [string, string] => ['shared with', name]),
    ['shared with', issue.network ? 'the network' : undefined],
    ...(issue.evidence ?? []).map(({ series, indicator, authority, ...one }): [string, string] => [
      'evidence',
      evidenceInWords({ ...one, name: `${indicator.name} (${series})`, whose: authority?.name ?? 'the region' }),
    ]),
  ];
  const items = issue.items ?? [];
  const history = items.length ? `\n${itemsInWords(items, issue)}` : '';
  return { text: `${listing(rows)}\n${issue.text}\n${history}`, json: issue };
};

/** What a field takes, in words, and whether a value is that. */
interface Field {
  readonly takes: string;
  readonly is: (value: unknown) => boolean;
  readonly needed?: true;
}
const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';
const isCodes = (value: unknown) => Array.isArray(value) && value.every(isText);
const text: Field = { takes: 'a text', is: isText };
const code: Field = { takes: 'a code', is: isText };
const codes: Field = { takes: 'a list of codes', is: isCodes };
const grade: Field = {
  takes: 'a whole number from 1 to 5',
  is: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 5,
  needed: true,
};
const needed = (field: Field): Field => ({ ...field, needed: true });

const evidenceFields: Readonly<Record<string, Field>> = {
  publication: needed(code),
  series: { takes: 'a series, RF01#count', is: isText, needed: true },
  authority: code,
};
const issueFields: Readonly<Record<string, Field>> = {
  theme: needed(text),
  title: needed(text),
  text: needed(text),
  question: needed(text),
  source: {
    takes: `one of ${issueSources.join(', ')}`,
    is: (value) => typeof value === 'string' && wordOf(value, issueSources) !== undefined,
    needed: true,
  },
  likelihood: grade,
  impact: grade,
  areas: needed(codes),
  agencies: codes,
  leadArea: code,
  nextReview: {
    takes: 'a date, 2026-04-01',
    is: (value) => typeof value === 'string' && isCivilDate(value),
  },
  evidence: {
    takes: 'a list of { "publication", "series", "authority" }',
    is: (value) => Array.isArray(value) && value.every(isObject),
  },
};

/** Every mistake in an object of these fields, each with its place and what stands there. */
function mistakesIn(given: Record<string, unknown>, fields: Readonly<Record<string, Field>>, place = ''): string[] {
  const names = Object.keys(fields);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  return [
    ...unknown.map((name) => {
      const near = nearest(name, names);
      return `${place}${name}: there is no such field. ${near ? `Did you mean ${near}?` : `There are ${names.join(', ')}.`}`;
    }),
    ...Object.entries(fields).flatMap(([name, { takes, is, needed: isNeeded }]) => {
      const value = given[name] ?? null;
      if (value === null) return isNeeded ? [`${place}${name} is missing: ${takes}.`] : [];
      return is(value) ? [] : [`${place}${name} is ${takes}.`];
    }),
  ];
}

/** An issue as a file says it, in the words of `IssueInput`. @throws UsageError with every mistake, before anything is sent */
function inputOf(values: Values): object {
  const given = parseStrictJson(readText(values.the('in')));
  if (!isObject(given)) throw new UsageError(`--in is a JSON file with ${Object.keys(issueFields).join(', ')}.`);
  const evidence = Array.isArray(given['evidence']) ? given['evidence'] : [];
  const mistakes = [
    ...mistakesIn(given, issueFields),
    ...evidence.flatMap((one, i) => (isObject(one) ? mistakesIn(one, evidenceFields, `evidence ${i + 1}, `) : [])),
  ];
  if (mistakes.length) throw new UsageError(`${values.the('in')} is no issue yet.\n${mistakes.join('\n')}`);
  return { ...given, source: wordOf(given['source'] as string, issueSources), confirmed: values.has('confirmed') };
}

/** Sends one of the documents below, which stand whole so that a hub can know them, and tells what became of the issue. */
const changed = async (values: Values, document: string, variables: object): Promise<Outcome> =>
  told((await asked<{ done: IssueAnswer }>(values, document, variables)).done, values);

const ISSUE_FILE =
  'ISSUE.json: { "theme", "title", "text", "question", "source": "pattern|figure|survey|audit|review|chair", "likelihood": 1-5,\n"impact": 1-5, "areas": [codes], "agencies": [codes], "evidence": [{ "publication", "series", "authority" }] }';

export const issueCommands: readonly Command[] = [
  {
    name: 'issue list',
    usage: '--as CODE [--state STATE] --url HUB --token-file F',
    summary: 'Issues that your board, agency or authority sees, newest first.',
    options: { ...options, state: 'optional' },
    more: `STATE: ${issueStates.join(', ')}.`,
    async run(values) {
      const state = values.get('state') === undefined ? null : oneOf(values, 'state', issueStates);
      const all = await allPages(async (after) => {
        const { issues } = await asked<{ issues: Page<IssueAnswer> }>(
          values,
          `query ($as: ID!, $state: IssueState, $after: String) { issues(as: $as, state: $state, first: 100, after: $after) {
            edges { node { ${HEAD} } } pageInfo { hasNextPage endCursor } } }`,
          { state, after },
        );
        return issues;
      });
      const rows = all.map((one) => [one.id, stateOf(one, values.the('as')), `${one.risk}`, one.board.name, one.title]);
      return {
        text: rows.length ? table(['issue', 'state', 'risk', 'board', 'title'], rows, [2]) : 'No issues.\n',
        json: all,
      };
    },
  },
  {
    name: 'issue show',
    usage: 'ID --as CODE --url HUB --token-file F',
    summary: 'One issue with its figures and all that hangs on it, as far as you may see it.',
    argument: 'ID',
    options,
    async run(values) {
      const { issue } = await asked<{ issue: IssueAnswer }>(
        values,
        `query ($as: ID!, $id: ID!) { issue(as: $as, id: $id) { ${WHOLE} } }`,
        { id: values.the('ID') },
      );
      return told(issue, values);
    },
  },
  {
    name: 'issue raise',
    usage: '--as BOARD --in ISSUE.json [--confirmed] --url HUB --token-file F',
    summary: 'Writes an issue down as a draft of yours. No child, case or review is discussed here.',
    options: { ...options, in: 'required', confirmed: 'flag' },
    more: ISSUE_FILE,
    run: (values) =>
      changed(
        values,
        `mutation ($as: ID!, $input: IssueInput!) { done: raiseIssue(as: $as, input: $input) { ${WHOLE} } }`,
        { input: inputOf(values) },
      ),
  },
  {
    name: 'issue amend',
    usage: 'ID --as BOARD --in ISSUE.json [--confirmed] --url HUB --token-file F',
    summary: 'Writes an issue anew, while nobody outside your board has read it.',
    argument: 'ID',
    options: { ...options, in: 'required', confirmed: 'flag' },
    more: ISSUE_FILE,
    run: (values) =>
      changed(
        values,
        `mutation ($as: ID!, $id: ID!, $input: IssueInput!) { done: amendIssue(as: $as, id: $id, input: $input) { ${WHOLE} } }`,
        { id: values.the('ID'), input: inputOf(values) },
      ),
  },
  {
    name: 'issue step',
    usage: 'ID --as BOARD --step STEP [--reply-by DATE] [--reason TEXT] --url HUB --token-file F',
    summary: `Takes an issue a step on: ${stepsAlone.join(', ')}; \`hub issue share\` shares it with boards.`,
    argument: 'ID',
    options: { ...options, step: 'required', 'reply-by': 'optional', reason: 'optional' },
    run(values) {
      const step = oneOf(values, 'step', stepsAlone);
      const needs = ({ ASK_REPLIES: 'reply-by', DECLINE: 'reason' } as Record<string, string>)[step];
      if (needs && !values.has(needs)) throw new UsageError(`--${needs} is missing: this step needs it.`);
      return changed(
        values,
        `mutation ($as: ID!, $id: ID!, $step: IssueStep!, $replyBy: Date, $reason: String) {
          done: stepIssue(as: $as, id: $id, step: $step, replyBy: $replyBy, reason: $reason) { ${WHOLE} } }`,
        {
          id: values.the('ID'),
          step,
          replyBy: dateOf(values, 'reply-by'),
          reason: values.get('reason') ?? null,
        },
      );
    },
  },
  {
    name: 'issue review',
    usage: 'ID --as BOARD --next DATE --url HUB --token-file F',
    summary: 'Says that your board has looked at its issue again, and by which day it does so next.',
    argument: 'ID',
    options: { ...options, next: 'required' },
    run: (values) =>
      changed(
        values,
        `mutation ($as: ID!, $id: ID!, $next: Date!) { done: reviewIssue(as: $as, id: $id, next: $next) { ${WHOLE} } }`,
        {
          id: values.the('ID'),
          next: dateOf(values, 'next'),
        },
      ),
  },
  {
    name: 'issue reply',
    usage: 'ID --as CODE --text TEXT [--confirmed] --url HUB --token-file F',
    summary: 'Answers an issue that names your authority or agency.',
    argument: 'ID',
    options: { ...options, text: 'required', confirmed: 'flag' },
    run: (values) =>
      changed(
        values,
        `mutation ($as: ID!, $id: ID!, $text: String!, $confirmed: Boolean) {
          done: replyToIssue(as: $as, id: $id, text: $text, confirmed: $confirmed) { ${WHOLE} } }`,
        {
          id: values.the('ID'),
          text: values.the('text'),
          confirmed: values.has('confirmed'),
        },
      ),
  },
  {
    name: 'issue share',
    usage: 'ID --as BOARD --boards CODE,CODE --url HUB --token-file F',
    summary: 'Shares an issue with boards, once those whom it names have answered or their date has passed.',
    argument: 'ID',
    options: { ...options, boards: 'required' },
    run: (values) =>
      changed(
        values,
        `mutation ($as: ID!, $id: ID!, $boards: [ID!]!) { done: shareIssue(as: $as, id: $id, boards: $boards) { ${WHOLE} } }`,
        {
          id: values.the('ID'),
          boards: listIn(values.the('boards')),
        },
      ),
  },
];
