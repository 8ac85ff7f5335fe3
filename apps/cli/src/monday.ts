import { camelCase } from '@hub/client';
import { parsePeriod, periodInWords } from '@hub/kernel';
import { awaitedInWords, dayInWords } from './awaited';
import { prose, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';
import { publishedInWords } from './published';
import { footOf, type Named, type Note, type Publication } from './view';

interface Pattern {
  readonly authority: Named | null;
  /** Of the region: how many authorities stand in it. */
  readonly coverage: string | null;
  readonly indicator: Named;
  readonly categories: readonly { readonly dimension: string; readonly category: string }[];
  readonly text: string;
  readonly value: number;
  readonly mean: number;
  readonly endings: readonly { readonly end: string; readonly reason: string }[];
  readonly questions: readonly string[];
  readonly notes: readonly Note[];
}
interface Part {
  readonly publication: Publication;
  readonly remark: string;
  /** How that is found, and why values were not compared. */
  readonly explained: readonly string[];
  readonly changes: readonly {
    readonly authority: Named | null;
    readonly indicator: Named;
    readonly coverage: string | null;
    readonly text: string;
    readonly questions: readonly string[];
    readonly notes: readonly Note[];
  }[];
  readonly patterns: {
    readonly found: number;
    readonly remark: string;
    /** How the charts are made. */
    readonly choices: readonly string[];
    readonly list: { readonly edges: readonly { readonly node: Pattern }[] };
  } | null;
  readonly gaps: readonly string[];
  readonly handling: string | null;
}
interface Round {
  readonly dataset: string;
  readonly period: string;
  readonly state: string;
  readonly due: string;
  readonly lateSince: string | null;
  readonly heldBecause: string | null;
  /** Who has sent nothing; null for anybody but a lead. */
  readonly missing: readonly Named[] | null;
  /** Leave to send after the end of the round. */
  readonly exceptions: readonly { readonly authority: Named; readonly until: string }[] | null;
}
interface Answer {
  readonly region: {
    readonly name: string;
    readonly rounds: { readonly edges: readonly { readonly node: Round }[] };
    readonly monday: readonly Part[];
  };
}

/** One query: who has not sent, what changed and whether it is chance, what to ask. */
const MONDAY = `query ($code: ID!) { region(code: $code) { name
  rounds(first: 20) { edges { node { dataset period state due lateSince heldBecause missing { code name } exceptions { authority { code } until } } } }
  monday { publication { number dataset period edition publishedAt revised digest } remark explained gaps handling
    changes { authority { code name } indicator { code name } text coverage questions notes { about text } }
    patterns { found remark choices list(first: 10) { edges { node { authority { code name } indicator { code name } coverage
      categories { dimension category } text value mean questions notes { about text } endings { end reason } } } } } } } }`;

/** How many changes are shown where not all are asked for. */
const MOST = 10;

/** With the code, which commands take: `January to March 2026 (2025-Q4)`. */
const inWords = (period: string): string => `${periodInWords(parsePeriod(period))} (${period})`;

/** Rounds that are not settled, with who has not sent. */
function waiting(rounds: readonly Round[]): string[] {
  const open = rounds.filter(({ state }) => !['PUBLISHED', 'SCHEDULED'].includes(state));
  if (!open.length) return ['  No round is open.'];
  return open.map(({ dataset, period, state, heldBecause, missing, exceptions, ...round }) => {
    const until = new Map((exceptions ?? []).map((one) => [one.authority.code, one.until]));
    const who = (missing ?? []).map(({ code, name }) => {
      const leave = until.get(code);
      return `${name ?? code}${leave === undefined ? '' : ` (with leave until ${dayInWords(leave)})`}`;
    });
    const held = heldBecause === null ? '' : `, ${heldBecause}`;
    const said =
      missing === null
        ? `due ${dayInWords(round.due)}; who has not sent is shown to leads`
        : awaitedInWords(round, who);
    return `  ${dataset}, ${inWords(period)}, ${camelCase(state)}${held}: ${said}`;
  });
}

function partOf(
  { publication, remark, explained, gaps, changes, patterns, handling }: Part,
  {
    region,
    code,
    why,
    most,
  }: { readonly region: string; readonly code: string; readonly why: boolean; readonly most: number },
): string[] {
  const nameOf = (one: Named | null, coverage: string | null = null) =>
    one === null ? `${region} (region${coverage === null ? '' : `, ${coverage}`})` : (one.name ?? one.code);
  const found = patterns?.list.edges.map(({ node }) => node) ?? [];
  const asked = new Map<string, readonly string[]>();
  for (const { indicator, questions } of [...changes.slice(0, most), ...found])
    asked.set(`${indicator.code} ${indicator.name}`, questions);
  const notes = new Set<string>();
  for (const { authority, indicator, notes: said } of [...changes.slice(0, most), ...found])
    for (const { about, text } of said) notes.add(`${nameOf(authority)}, ${indicator.code}, ${about}: ${text}`);
  const rest = changes.length > most ? [`  and ${changes.length - most} more, which --all shows`] : [];
  return [
    '',
    `${publication.dataset}, ${inWords(publication.period)}, ${publishedInWords(publication)}: what changed`,
    `  ${remark}`,
    ...gaps.map((one) => `  ${one}`),
    ...changes
      .slice(0, most)
      .map(
        ({ authority, indicator, coverage, text }) =>
          `  ${nameOf(authority, coverage)}: ${indicator.code} ${indicator.name}, ${text}`,
      ),
    ...rest,
    'What is unusual beside up to 23 periods before',
    `  ${patterns?.remark ?? 'Nothing that is shared has a history.'}`,
    ...found.map(({ authority, indicator, coverage, categories, text, value, mean, endings: [ended] }) => {
      const which = categories.map(({ category }) => `, ${category}`).join('');
      return `  ${nameOf(authority, coverage)}: ${indicator.code} ${indicator.name}${which}, ${text} (${value}, mean ${Math.round(mean * 10) / 10})${ended ? `; ended as ${ended.end.toLowerCase()}: ${ended.reason}` : ''}`;
    }),
    ...(patterns && patterns.found > found.length
      ? [`  and ${patterns.found - found.length} more: hub pattern list ${code} --period ${publication.period}`]
      : []),
    ...(why ? ['How that is found', ...[...explained, ...(patterns?.choices ?? [])].map((one) => `  ${one}`)] : []),
    ...(notes.size ? ['What authorities say of how these compare', ...[...notes].map((note) => `  ${note}`)] : []),
    ...([...asked.values()].some((questions) => questions.length) ? ['What to ask'] : []),
    ...[...asked].flatMap(([indicator, questions]) => questions.map((question) => `  ${indicator}: ${question}`)),
    ...footOf({ handling, digest: publication.digest }),
  ];
}

async function monday(values: Values): Promise<Outcome> {
  const { region } = await hubOf(values).graphql<Answer>(MONDAY, { code: values.the('REGION') });
  const asked = {
    region: region.name,
    code: values.the('REGION'),
    why: values.has('why'),
    most: values.has('all') ? Infinity : MOST,
  };
  const rounds = region.rounds.edges.map(({ node }) => node);
  const lines = [
    `${region.name}: who has not sent`,
    ...waiting(rounds),
    ...(region.monday.length
      ? region.monday.flatMap((part) => partOf(part, asked))
      : ['', 'Nothing is published yet.']),
  ];
  return { text: `${prose(lines).join('\n')}\n`, json: region };
}

export const mondayCommand: Command = {
  name: 'monday',
  usage: 'REGION [--all] [--why] --url HUB --token-file F',
  summary: 'A lead’s first look: who has not sent, what changed and whether it is chance, what to ask.',
  argument: 'REGION',
  options: { all: 'flag', why: 'flag', ...connectionOptions },
  more: 'With --all every change, not the largest ten alone; with --why also how that is found, and why values were not compared.\n',
  run: monday,
};
