import { breakdownOf, listing, prose, UsageError, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';
import { footOf, page } from './view';

interface Pattern {
  readonly authority: { readonly code: string; readonly name: string } | null;
  readonly indicator: { readonly code: string; readonly name: string };
  readonly categories: readonly { readonly dimension: string; readonly category: string }[];
  readonly text: string;
  readonly notes: readonly { readonly about: string; readonly text: string }[];
  readonly endings: readonly { readonly end: string; readonly reason: string; readonly at: string }[];
}
interface Answer {
  readonly region: {
    readonly patterns: {
      readonly remark: string;
      readonly gaps: readonly string[];
      readonly handling: string | null;
      readonly list: { readonly edges: readonly { readonly node: Pattern }[] };
    } | null;
  };
}

const LIST = `query ($code: ID!, $period: String!) { region(code: $code) { patterns(period: $period) { remark gaps handling
  list(first: 100) { edges { node { authority { code name } indicator { code name } categories { dimension category }
    text notes { about text } endings { end reason at } } } } } } }`;
const END = `mutation ($region: ID!, $period: String!, $indicator: String!, $breakdown: [CategoryInput!], $authority: ID, $end: PatternEnd!, $reason: String!) {
  pattern: endPattern(region: $region, period: $period, indicator: $indicator, breakdown: $breakdown, authority: $authority, end: $end, reason: $reason) {
    authority { code name } indicator { code name } categories { dimension category } text
    notes { about text } endings { end reason at } } }`;

const ends = ['support', 'challenge', 'evaluation', 'none'];

function lines({ authority, indicator, categories, text, notes, endings }: Pattern): string[] {
  const which = categories.map(({ dimension, category }) => `, ${dimension}=${category}`).join('');
  return [
    `${authority ? `${authority.code} ${authority.name}` : 'The region'}: ${indicator.code} ${indicator.name}${which}, ${text}`,
    ...notes.map(({ about, text }) => `  note, ${about}: ${text}`),
    ...(endings.length
      ? endings.map(({ end, reason, at }) => `  ${at.slice(0, 10)} ${end.toLowerCase()}: ${reason}`)
      : ['  open']),
  ];
}

async function list(values: Values): Promise<Outcome> {
  const { region } = await hubOf(values).graphql<Answer>(LIST, {
    code: values.the('REGION'),
    period: values.the('period'),
  });
  const { patterns } = region;
  if (!patterns) return { text: 'Nothing of that period is shared with you.\n', json: null };
  const all = patterns.list.edges.map(({ node }) => node);
  return {
    text: page(prose([patterns.remark, ...patterns.gaps]), prose(all.flatMap(lines)), footOf(patterns)),
    json: patterns,
  };
}

async function end(values: Values): Promise<Outcome> {
  const as = values.get('ending') ?? values.get('as');
  if (as === undefined) throw new UsageError('--ending is missing.');
  if (!ends.includes(as)) throw new UsageError(`--ending is ${ends.join(', ')}.`);
  const { pattern } = await hubOf(values).graphql<{ pattern: Pattern }>(END, {
    region: values.the('REGION'),
    period: values.the('period'),
    indicator: values.the('indicator'),
    breakdown: breakdownOf(values),
    authority: values.get('authority') ?? null,
    end: as.toUpperCase(),
    reason: values.the('reason'),
  });
  const [newest] = pattern.endings;
  const rows: [string, string][] = [
    ['pattern', lines(pattern)[0]!],
    ['ended as', as],
    ['because', newest!.reason],
  ];
  return { text: listing([...rows, ['told before', pattern.endings.length - 1]]), json: pattern };
}

export const patternCommands: readonly Command[] = [
  {
    name: 'pattern list',
    usage: 'REGION --period P --url HUB --token-file F',
    summary: 'What is unusual at a period, how much of it is chance, and how each has ended.',
    argument: 'REGION',
    options: { period: 'required', ...connectionOptions },
    run: list,
  },
  {
    name: 'pattern end',
    usage:
      'REGION --period P --indicator CODE [--category D=C] [--authority CODE] --ending support|challenge|evaluation|none --reason T --url HUB --token-file F',
    summary: 'Tells how a pattern ended, and why: leads, and chairs for areas of their board.',
    argument: 'REGION',
    options: {
      period: 'required',
      indicator: 'required',
      category: 'optional',
      authority: 'optional',
      ending: 'optional',
      as: 'optional',
      reason: 'required',
      ...connectionOptions,
    },
    run: end,
  },
];
