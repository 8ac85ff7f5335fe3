import { codesIn, listIn, listing, table, UsageError, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';

interface Commentary {
  readonly id: string;
  readonly of: string;
  readonly indicator: string;
  readonly period: string;
  readonly text: string;
}

const WRITE = `mutation ($input: CommentaryInput!) {
  commentary: writeCommentary(input: $input) { id of indicator period text } }`;
const WITHDRAW = `mutation ($id: ID!) { withdrawCommentary(id: $id) }`;
const LIST = `query ($region: ID!, $period: String!, $indicator: String) {
  region(code: $region) { commentary(period: $period, indicator: $indicator) { id of indicator period text } } }`;

/** `PUBLICATION SERIES [AUTHORITY]`, several with a comma between them. */
function figuresIn(text: string | undefined) {
  return listIn(codesIn(text ?? '')).map((one) => {
    const [publication, series, authority, ...rest] = one.split(/\s+/);
    if (!publication || !series || rest.length) throw new UsageError('A figure is PUBLICATION SERIES [AUTHORITY].');
    return { publication, series, authority: authority ?? null };
  });
}

async function write(values: Values): Promise<Outcome> {
  const input = {
    of: values.the('ORGANISATION'),
    indicator: values.the('indicator'),
    period: values.the('period'),
    text: values.the('text'),
    figures: figuresIn(values.get('figures')),
  };
  const { commentary } = await hubOf(values).graphql<{ commentary: Commentary }>(WRITE, { input });
  return {
    text: listing([
      ['commentary', commentary.id],
      ['about', `${commentary.indicator} ${commentary.period}`],
      ['text', commentary.text],
    ]),
    json: commentary,
  };
}

async function withdraw(values: Values): Promise<Outcome> {
  await hubOf(values).graphql(WITHDRAW, { id: values.the('COMMENTARY') });
  return { text: 'Taken back: its text is gone.\n', json: null };
}

async function list(values: Values): Promise<Outcome> {
  const asked = {
    region: values.the('REGION'),
    period: values.the('period'),
    indicator: values.get('indicator') ?? null,
  };
  const { region } = await hubOf(values).graphql<{ region: { commentary: readonly Commentary[] | null } }>(LIST, asked);
  const all = region.commentary ?? [];
  const rows = all.map(({ id, of, indicator, text }) => [id, of, indicator, text]);
  return {
    text: rows.length ? table(['commentary', 'of', 'indicator', 'text'], rows) : 'Nothing is said of that period.\n',
    json: all,
  };
}

export const commentaryCommands: readonly Command[] = [
  {
    name: 'commentary write',
    usage:
      "ORGANISATION --indicator CODE --period P --text T [--figures 'PUBLICATION SERIES [AUTHORITY], …'] --url HUB --token-file F",
    summary:
      'Says something of an indicator in a period; {a} in the text is the first figure, as it is printed; no other number stands in it.',
    argument: 'ORGANISATION',
    options: { indicator: 'required', period: 'required', text: 'required', figures: 'optional', ...connectionOptions },
    run: write,
  },
  {
    name: 'commentary withdraw',
    usage: 'COMMENTARY --url HUB --token-file F',
    summary: 'Takes a commentary back: its text is gone.',
    argument: 'COMMENTARY',
    options: { ...connectionOptions },
    run: withdraw,
  },
  {
    name: 'commentary list',
    usage: 'REGION --period P [--indicator CODE] --url HUB --token-file F',
    summary: 'What is said of the indicators of a period, each figure as it is printed.',
    argument: 'REGION',
    options: { period: 'required', indicator: 'optional', ...connectionOptions },
    run: list,
  },
];
