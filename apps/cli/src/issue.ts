import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { parseStrictJson } from '@hub/kernel';
import {
  dateOf,
  listing,
  readText,
  notWritten,
  table,
  UsageError,
  type Command,
  type Outcome,
  type Values,
} from './command';
import { connectionOptions, hubOf } from './connection';

interface Body {
  readonly code: string;
  readonly name: string;
}
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
  readonly named: readonly { readonly organisation: Body; readonly repliedAt: string | null }[];
  readonly evidence:
    | readonly {
        readonly series: string;
        readonly period: string;
        readonly authority: Body | null;
        readonly figure: string | null;
      }[]
    | null;
  readonly items:
    | readonly {
        readonly kind: string;
        readonly at: string;
        readonly by: Body;
        readonly to: Body | null;
        readonly text: string;
        readonly state: string | null;
        readonly due: string | null;
        readonly overdue: boolean;
      }[]
    | null;
}

interface MeetingAnswer {
  readonly id: string;
  readonly title: string;
  readonly on: string;
  readonly boards: readonly Body[];
  readonly pack: { readonly digest: string } | null;
}

const HEAD = 'id state title risk board { code name } nextReview';
const WHOLE = `${HEAD} text question replyBy named { organisation { code name } repliedAt }
  evidence { series period authority { code name } figure }
  items { kind at by { code name } to { code name } text state due overdue }`;
const PACK = 'agenda pack { digest frozenAt document markdown html }';
const options = { as: 'required', ...connectionOptions } as const;
const words = (text: string) => text.toLowerCase().replaceAll('_', ' ');
const screaming = (text: string) => text.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

const told = (issue: IssueAnswer): Outcome => {
  const rows: [string, string | undefined][] = [
    ['issue', issue.id],
    ['title', issue.title],
    ['board', issue.board.name],
    ['state', words(issue.state)],
    ['risk', `${issue.risk} of 25`],
    ['question', issue.question],
    ['replies by', issue.replyBy ?? undefined],
    ['next review', issue.nextReview ?? undefined],
    ...issue.named.map(({ organisation, repliedAt }): [string, string] => [
      'names',
      `${organisation.name}, ${repliedAt ? `answered ${repliedAt.slice(0, 10)}` : 'not answered'}`,
    ]),
    ...(issue.evidence ?? []).map(({ series, period, authority, figure }): [string, string] => [
      'evidence',
      `${series}, ${authority?.name ?? 'the region'}, ${period}: ${figure ?? 'not shown to you'}`,
    ]),
  ];
  const items = (issue.items ?? []).map((item) => [
    item.at.slice(0, 10),
    words(item.kind),
    item.by.name,
    item.to?.name ?? '',
    `${item.state ? words(item.state) : ''}${item.due ? `, due ${item.due}` : ''}${item.overdue ? ', OVERDUE' : ''}`,
    item.text,
  ]);
  const history = items.length ? `\n${table(['date', 'what', 'by', 'to', 'state', 'text'], items)}` : '';
  return { text: `${listing(rows)}\n${issue.text}\n${history}`, json: issue };
};

/** An issue as a file says it, in the words of `IssueInput`. @throws UsageError */
function inputOf(values: Values): object {
  try {
    const json = parseStrictJson(readText(values.the('in'))) as { source?: unknown };
    return {
      ...json,
      ...(typeof json.source === 'string' ? { source: screaming(json.source) } : {}),
      confirmed: values.has('confirmed'),
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      '--in is a JSON file with theme, title, text, question, source, likelihood, impact and areas.',
    );
  }
}

/** A file that was not there, to be filled later; closed without, it is gone again. @throws UsageError */
function newFile(path: string): { fill(text: string): void; close(): void } {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    throw notWritten(path, error);
  }
  let isFull = false;
  return {
    fill(text) {
      try {
        writeFileSync(file, text);
        isFull = true;
      } catch (error) {
        throw notWritten(path, error);
      }
    },
    close() {
      closeSync(file);
      if (!isFull) rmSync(path, { force: true });
    },
  };
}

/** Sends one of the documents below, which stand whole so that a hub can know them, and tells what became of the issue. */
const changed = async (values: Values, document: string, variables: object): Promise<Outcome> => {
  const { done } = await hubOf(values).graphql<{ done: IssueAnswer }>(document, {
    as: values.the('as'),
    ...variables,
  });
  return told(done);
};

export const issueCommands: readonly Command[] = [
  {
    name: 'issue list',
    usage: '--as CODE [--state STATE] --url HUB --token-file F',
    summary: 'Issues that your board, agency or authority sees, newest first.',
    options: { ...options, state: 'optional' },
    async run(values) {
      const state = values.get('state');
      const { issues } = await hubOf(values).graphql<{ issues: { edges: { node: IssueAnswer }[] } }>(
        `query ($as: ID!, $state: IssueState) { issues(as: $as, state: $state) { edges { node { ${HEAD} } } } }`,
        { as: values.the('as'), state: state === undefined ? null : screaming(state) },
      );
      const all = issues.edges.map(({ node }) => node);
      const rows = all.map((one) => [one.id, words(one.state), `${one.risk}`, one.board.name, one.title]);
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
      const { issue } = await hubOf(values).graphql<{ issue: IssueAnswer }>(
        `query ($as: ID!, $id: ID!) { issue(as: $as, id: $id) { ${WHOLE} } }`,
        { as: values.the('as'), id: values.the('ID') },
      );
      return told(issue);
    },
  },
  {
    name: 'issue raise',
    usage: '--as BOARD --in ISSUE.json [--confirmed] --url HUB --token-file F',
    summary: 'Writes an issue down as a draft of yours. No child, case or review is discussed here.',
    options: { ...options, in: 'required', confirmed: 'flag' },
    more: 'ISSUE.json: { "theme", "title", "text", "question", "source": "pattern|figure|survey|audit|review|chair", "likelihood": 1-5,\n"impact": 1-5, "areas": [codes], "agencies": [codes], "evidence": [{ "publication", "series", "authority" }] }',
    run: (values) =>
      changed(
        values,
        `mutation ($as: ID!, $input: IssueInput!) { done: raiseIssue(as: $as, input: $input) { ${WHOLE} } }`,
        {
          input: inputOf(values),
        },
      ),
  },
  {
    name: 'issue step',
    usage: 'ID --as BOARD --step STEP [--reply-by DATE] [--reason TEXT] --url HUB --token-file F',
    summary: 'Takes an issue a step on: toOwnBoard, askReplies, toNetwork, accept, start, watch, resolve, decline.',
    argument: 'ID',
    options: { ...options, step: 'required', 'reply-by': 'optional', reason: 'optional' },
    run: (values) =>
      changed(
        values,
        `mutation ($as: ID!, $id: ID!, $step: IssueStep!, $replyBy: Date, $reason: String) {
          done: stepIssue(as: $as, id: $id, step: $step, replyBy: $replyBy, reason: $reason) { ${WHOLE} } }`,
        {
          id: values.the('ID'),
          step: screaming(values.the('step')),
          replyBy: dateOf(values, 'reply-by'),
          reason: values.get('reason') ?? null,
        },
      ),
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
          boards: values
            .the('boards')
            .split(',')
            .map((one) => one.trim())
            .filter(Boolean),
        },
      ),
  },
  {
    name: 'pack list',
    usage: '--as BOARD --url HUB --token-file F',
    summary: 'Meetings to which your board was called, those called last first.',
    options,
    async run(values) {
      const { meetings } = await hubOf(values).graphql<{ meetings: { edges: { node: MeetingAnswer }[] } }>(
        `query ($as: ID!) { meetings(as: $as) { edges { node { id title on boards { code name } pack { digest } } } } }`,
        { as: values.the('as') },
      );
      const all = meetings.edges.map(({ node }) => node);
      const rows = all.map((one) => [
        ...[one.id, one.on, one.title, one.boards.map(({ name }) => name).join(', ')],
        one.pack ? 'frozen' : 'not frozen',
      ]);
      return {
        text: rows.length ? table(['meeting', 'day', 'title', 'boards', 'pack'], rows) : 'No meetings.\n',
        json: all,
      };
    },
  },
  {
    name: 'pack',
    usage: 'MEETING --as BOARD [--freeze] [--html] [--out FILE] --url HUB --token-file F',
    summary:
      'The pack of a meeting, as Markdown or as a page that prints; before it is frozen what is due. --freeze freezes it.',
    argument: 'MEETING',
    options: { ...options, freeze: 'flag', html: 'flag', out: 'optional' },
    async run(values) {
      // A pack is frozen for good: the file is there to be filled before that.
      const out = values.get('out');
      const page = out === undefined ? null : newFile(out);
      try {
        const { found } = await hubOf(values).graphql<{
          found: { agenda: string[] | null; pack: { digest: string; markdown: string; html: string } | null };
        }>(
          values.has('freeze')
            ? `mutation ($as: ID!, $id: ID!) { found: freezePack(as: $as, id: $id) { ${PACK} } }`
            : `query ($as: ID!, $id: ID!) { found: meeting(as: $as, id: $id) { ${PACK} } }`,
          { as: values.the('as'), id: values.the('MEETING') },
        );
        if (!found.pack) {
          if (page || values.has('html')) {
            throw new UsageError(
              'The pack is not frozen yet, so there is no page of it. Without --html and --out this command says what is due; the board that called the meeting freezes the pack with --freeze.',
            );
          }
          const agenda = (found.agenda ?? []).map((line) => `- ${line}\n`).join('') || 'Nothing is due by then.\n';
          return {
            text: `${agenda}\nThe pack is not frozen yet: the board that called the meeting does it with --freeze.\n`,
            json: found,
          };
        }
        const text = values.has('html') ? found.pack.html : found.pack.markdown;
        if (!page) return { text, json: found.pack };
        page.fill(text);
        return { text: `${out}, SHA-256 of the frozen pack ${found.pack.digest}\n`, json: found.pack };
      } finally {
        page?.close();
      }
    },
  },
];
