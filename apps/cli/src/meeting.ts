import { allPages, type Page } from '@hub/client';
import {
  dateOf,
  listIn,
  listing,
  placeToFill,
  table,
  UsageError,
  writeWhole,
  type Command,
  type Outcome,
  type Values,
} from './command';
import { asked, ITEM, itemsInWords, options, type Body, type IssueItem } from './issue-item';

interface MeetingAnswer {
  readonly id: string;
  readonly title: string;
  readonly on: string;
  readonly boards: readonly Body[];
  readonly pack: { readonly digest: string } | null;
}
/** A meeting with what was said there. */
interface MeetingWhole extends MeetingAnswer {
  readonly present: readonly Body[];
  readonly items: readonly IssueItem[];
}

const WHOLE = `id title on boards { code name } present { code name } pack { digest } items { ${ITEM} }`;
const PACK = 'agenda pack { digest frozenAt document markdown html }';

const names = (bodies: readonly Body[]) => bodies.map(({ name }) => name).join(', ');
const whole = async (values: Values, document: string, variables: object = {}): Promise<Outcome> => {
  const { done } = await asked<{ done: MeetingWhole }>(values, document, { id: values.the('MEETING'), ...variables });
  const rows = [
    ['meeting', done.id],
    ['title', done.title],
    ['day', done.on],
    ['boards', names(done.boards)],
    ['present', names(done.present) || 'nobody has said so yet'],
    ['pack', done.pack ? `frozen, SHA-256 ${done.pack.digest}` : 'not frozen'],
  ] as const;
  return { text: `${listing(rows)}${done.items.length ? '\n' : ''}${itemsInWords(done.items)}`, json: done };
};

export const meetingCommands: readonly Command[] = [
  {
    name: 'meeting call',
    usage: '--as BOARD --title TEXT --on DATE [--boards CODE,CODE] --url HUB --token-file F',
    summary: 'Calls boards to a meeting; your own is always there, and meets alone where you name no other.',
    options: { ...options, title: 'required', on: 'required', boards: 'optional' },
    async run(values) {
      const { done } = await asked<{ done: MeetingAnswer }>(
        values,
        `mutation ($as: ID!, $title: String!, $on: Date!, $boards: [ID!]!) {
          done: callMeeting(as: $as, title: $title, on: $on, boards: $boards) { id title on boards { code name } } }`,
        {
          title: values.the('title'),
          on: dateOf(values, 'on'),
          boards: listIn(values.get('boards') ?? ''),
        },
      );
      return {
        text: listing([
          ['meeting', done.id],
          ['title', done.title],
          ['day', done.on],
          ['boards', names(done.boards)],
        ]),
        json: done,
      };
    },
  },
  {
    name: 'meeting decide',
    usage:
      'MEETING --as BOARD --text TEXT [--issue ISSUE [--action TEXT --owner CODE --role POST --due DATE]] [--confirmed] --url HUB --token-file F',
    summary: 'Writes a decision down, into the history of its issue, with an action that follows from it.',
    argument: 'MEETING',
    options: {
      ...{ ...options, text: 'required', issue: 'optional', confirmed: 'flag' },
      ...{ action: 'optional', owner: 'optional', role: 'optional', due: 'optional' },
    },
    async run(values) {
      const [text, owner, role, due] = [
        ...['action', 'owner', 'role'].map((one) => values.get(one)),
        dateOf(values, 'due'),
      ];
      const parts = [text, owner, role, due ?? undefined];
      const isAction = parts.some((one) => one !== undefined);
      if (isAction && (parts.some((one) => one === undefined) || !values.has('issue')))
        throw new UsageError('An action needs --issue, --action, --owner, --role and --due.');
      return whole(
        values,
        `mutation ($as: ID!, $id: ID!, $text: String!, $issue: ID, $action: DecidedActionInput, $confirmed: Boolean) {
          done: recordDecision(as: $as, meeting: $id, text: $text, issue: $issue, action: $action, confirmed: $confirmed) { ${WHOLE} } }`,
        {
          text: values.the('text'),
          issue: values.get('issue') ?? null,
          action: isAction ? { text, owner, role, due } : null,
          confirmed: values.has('confirmed'),
        },
      );
    },
  },
  {
    name: 'meeting show',
    usage: 'MEETING --as BOARD --url HUB --token-file F',
    summary:
      'A meeting with its decisions and actions, and the notes of it if you were there; `hub pack list` lists meetings.',
    argument: 'MEETING',
    options,
    run: (values) => whole(values, `query ($as: ID!, $id: ID!) { done: meeting(as: $as, id: $id) { ${WHOLE} } }`),
  },
  {
    name: 'meeting attend',
    usage: 'MEETING --as BOARD --url HUB --token-file F',
    summary: 'Says that you are there for your board: you read and write its notes from then on.',
    argument: 'MEETING',
    options,
    run: (values) =>
      whole(values, `mutation ($as: ID!, $id: ID!) { done: attendMeeting(as: $as, id: $id) { ${WHOLE} } }`),
  },
  {
    name: 'meeting note',
    usage: 'MEETING --as BOARD --text TEXT [--confirmed] --url HUB --token-file F',
    summary: 'Writes a note down that those alone read who said that they were there.',
    argument: 'MEETING',
    options: { ...options, text: 'required', confirmed: 'flag' },
    run: (values) =>
      whole(
        values,
        `mutation ($as: ID!, $id: ID!, $text: String!, $confirmed: Boolean) {
          done: addNote(as: $as, meeting: $id, text: $text, confirmed: $confirmed) { ${WHOLE} } }`,
        { text: values.the('text'), confirmed: values.has('confirmed') },
      ),
  },
  {
    name: 'pack list',
    usage: '--as BOARD --url HUB --token-file F',
    summary: 'Meetings to which your board was called, those called last first.',
    options,
    async run(values) {
      const all = await allPages(async (after) => {
        const { meetings } = await asked<{ meetings: Page<MeetingAnswer> }>(
          values,
          `query ($as: ID!, $after: String) { meetings(as: $as, first: 100, after: $after) {
            edges { node { id title on boards { code name } pack { digest } } } pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
        return meetings;
      });
      const rows = all.map((one) => [
        ...[one.id, one.on, one.title, names(one.boards)],
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
      const out = values.get('out');
      // A pack is frozen for good: that its file can be written is seen before that.
      if (out !== undefined) placeToFill(out);
      const { found } = await asked<{
        found: { agenda: string[] | null; pack: { digest: string; markdown: string; html: string } | null };
      }>(
        values,
        values.has('freeze')
          ? `mutation ($as: ID!, $id: ID!) { found: freezePack(as: $as, id: $id) { ${PACK} } }`
          : `query ($as: ID!, $id: ID!) { found: meeting(as: $as, id: $id) { ${PACK} } }`,
        { id: values.the('MEETING') },
      );
      if (!found.pack) {
        if (out !== undefined || values.has('html')) {
          throw new UsageError(
            'The pack is not frozen yet, or no agreement shows it to your board any more: there is no page of it. Without --html and --out this command says what is due; the board that called the meeting freezes the pack with --freeze.',
          );
        }
        const agenda = (found.agenda ?? []).map((line) => `- ${line}\n`).join('') || 'Nothing is due by then.\n';
        return {
          text: `${agenda}\nThe pack is not frozen yet, or no agreement shows it to your board any more. The board that called the meeting freezes it with --freeze.\n`,
          json: found,
        };
      }
      const text = values.has('html') ? found.pack.html : found.pack.markdown;
      if (out === undefined) return { text, json: found.pack };
      writeWhole(out, text);
      return { text: `${out}, SHA-256 of the frozen pack ${found.pack.digest}\n`, json: found.pack };
    },
  },
];
