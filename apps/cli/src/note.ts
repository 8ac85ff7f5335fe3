import { listing, table, UsageError, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';

interface Note {
  readonly id: string;
  readonly authority: { readonly code: string; readonly name: string };
  readonly indicator: string;
  readonly about: string;
  readonly text: string;
}

const WRITE = `mutation ($input: ComparabilityNoteInput!) {
  note: writeComparabilityNote(input: $input) { id authority { code name } indicator about text } }`;
const END = `mutation ($id: ID!, $until: String) {
  note: endComparabilityNote(id: $id, until: $until) { id authority { code name } indicator about text } }`;
const LIST = `query ($authority: ID!) {
  notes: comparabilityNotes(authority: $authority) { id authority { code name } indicator about text } }`;

const kinds: Readonly<Record<string, string>> = {
  'own-definition': 'OWN_DEFINITION',
  'system-change': 'SYSTEM_CHANGE',
  break: 'BREAK',
};

const told = (note: Note): Outcome => ({
  text: listing([
    ['note', note.id],
    ['authority', note.authority.name],
    ['indicator', note.indicator],
    ['about', note.about],
    ['text', note.text],
  ]),
  json: note,
});

async function write(values: Values): Promise<Outcome> {
  const kind = kinds[values.the('kind')];
  if (!kind) throw new UsageError(`--kind is ${Object.keys(kinds).join(', ')}.`);
  const input = {
    authority: values.the('AUTHORITY'),
    indicator: values.the('indicator'),
    kind,
    from: values.the('from'),
    until: values.get('until') ?? null,
    text: values.the('text'),
  };
  return told((await hubOf(values).graphql<{ note: Note }>(WRITE, { input })).note);
}

async function end(values: Values): Promise<Outcome> {
  const until = values.get('until') ?? null;
  const { note } = await hubOf(values).graphql<{ note: Note | null }>(END, { id: values.the('NOTE'), until });
  return note ? told(note) : { text: 'Taken back: its text is gone.\n', json: null };
}

async function list(values: Values): Promise<Outcome> {
  const { notes } = await hubOf(values).graphql<{ notes: readonly Note[] }>(LIST, {
    authority: values.the('AUTHORITY'),
  });
  const rows = notes.map(({ id, indicator, about, text }) => [id, indicator, about, text]);
  return {
    text: rows.length
      ? table(['note', 'indicator', 'about', 'text'], rows)
      : 'It has said nothing of how its figures compare.\n',
    json: notes,
  };
}

export const noteCommands: readonly Command[] = [
  {
    name: 'note write',
    usage:
      'AUTHORITY --indicator CODE --kind own-definition|system-change|break --from P [--until P] --text T --url HUB --token-file F',
    summary: 'Says beside every figure of an indicator how it compares: another definition or system, a break.',
    argument: 'AUTHORITY',
    options: {
      indicator: 'required',
      kind: 'required',
      from: 'required',
      until: 'optional',
      text: 'required',
      ...connectionOptions,
    },
    run: write,
  },
  {
    name: 'note end',
    usage: 'NOTE [--until P] --url HUB --token-file F',
    summary: 'Says until which period a note holds; without one it is taken back.',
    argument: 'NOTE',
    options: { until: 'optional', ...connectionOptions },
    run: end,
  },
  {
    name: 'note list',
    usage: 'AUTHORITY --url HUB --token-file F',
    summary: 'What the own authority has said of how its figures compare.',
    argument: 'AUTHORITY',
    options: { ...connectionOptions },
    run: list,
  },
];
