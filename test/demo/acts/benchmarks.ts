import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { heat, HEAT_KEY } from '@hub/benchmarks/domain';
import { run } from '../../../apps/cli/src/hub';
import { graphql } from '../../support/graphql';
import { calmHistory, EARLIER, layPublications, type Laid } from '../../support/lay';
import { rootFolder } from '../../support/root';
import { NORTH_EAST } from '../../support/world';
import { bold, mustBe, oneDecimal, say, stacked, table, timed, written, type Shown, type Stage } from '../stage';

interface Figured {
  readonly authority: { readonly name: string };
  readonly figure: Shown & { readonly between: readonly number[] | null };
  readonly limits: { readonly lower: number; readonly upper: number } | null;
  readonly comparison: string | null;
}
interface Row {
  readonly indicator: { readonly code: string; readonly name: string };
  readonly authorities: readonly Figured[];
  readonly region: Shown & { readonly unit: string | null };
}
interface Patterns {
  readonly remark: string;
  readonly list: {
    readonly edges: readonly {
      readonly node: {
        authority: { name: string } | null;
        indicator: { code: string; name: string };
        text: string;
        since: string;
        value: number;
        mean: number;
        questions: string[];
      };
    }[];
  };
}

const FIGURES =
  'authorities { authority { name } figure { kind count value between } limits { lower upper } comparison } region { kind count value unit }';

/** The last of the quarters that are made up for control charts. */
const QUARTER = '2025-Q4';
const BEFORE = '2025-Q3';
const UNUSUAL = 1;

/** What a regional meeting looks at: all indicators, one of them, what is unusual and how much of it is chance; and the files. */
export async function benchmarksAreRead(stage: Stage) {
  const { world, agreement, lead, periods } = stage;
  const latest = periods.at(-1)!;
  const ask = async <T>(fields: string): Promise<T> => {
    const { data, errors } = await graphql<{ region: T | null }>(
      world.hub.url,
      lead,
      `{ region(code: "${NORTH_EAST}") { ${fields} } }`,
    );
    mustBe(!errors && data?.region !== null, `a question of a meeting is answered: ${JSON.stringify(errors)}`);
    return data!.region!;
  };
  await timed('benchmarks', () => layPublications(world.ownerUrl, quarters(stage)));
  const shown = await timed('benchmarks', () =>
    ask<{ benchmarkTable: { edges: { node: Row }[] }; patterns: Patterns }>(
      `benchmarkTable(period: "${latest}", first: 60) { edges { node { indicator { code name } ${FIGURES} } } }
       patterns(period: "${QUARTER}") { remark list(first: 1) { edges { node { authority { name } indicator { code name } text since value mean questions } } } }`,
    ),
  );
  const rows = shown.benchmarkTable.edges.map(({ node }) => node);
  const filled = rows.filter(({ region }) => region.value !== null);
  sayHeat(latest, filled.slice(0, 12));
  sayOne(latest, filled.find(({ indicator }) => indicator.code === 'RF02') ?? filled[0]!);
  const pattern = sayPattern(shown.patterns, agreement.parties.length);
  const remarks = await timed('benchmarks', () => remarked(stage));
  const questions = await timed('benchmarks', () => tenQuestions(stage));
  const files = await timed('benchmarks', () => exported(stage, latest));
  return { heat: filled.length, pattern, remarks, questions, files };
}

/** Invented quarters, for which real figures are not published: as chance leaves them, and one authority unusual at the last. */
function quarters({ world, agreement }: Stage): Laid[] {
  const authorities = agreement.parties.map(({ authority }) => authority as string).sort();
  const calm = calmHistory(world.hubId, NORTH_EAST, authorities, agreement, [...EARLIER, QUARTER]);
  // A generator with a fixed seed: the same quarters at every run. Of twelve such numbers the sum is nearly normal.
  let seed = 20_251;
  const normal = () =>
    Array.from({ length: 12 }, () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647).reduce((a, b) => a + b) -
    6;
  return calm.map(({ series, ...one }) => {
    const isUnusual = (authority: number) => one.period === QUARTER && authority === UNUSUAL;
    const figures = authorities.map((_, i) => {
      const usual = 200 + 20 * i;
      return Math.round(usual + normal() * Math.sqrt(usual) + (isUnusual(i) ? 0.6 * usual : 0));
    });
    const line = { key: series[0]!.key, figures, region: figures.reduce((a, b) => a + b) };
    return { ...one, series: [line] };
  });
}

/** Indicators beside each other, so that a table stands in a window of 120 letters. */
const ACROSS = 6;

function sayHeat(period: string, rows: readonly Row[]): void {
  say();
  say(bold(`${period}, each authority beside the region: the first ${rows.length} indicators as a heat table`));
  say();
  const cell = ({ figure, comparison }: Figured) =>
    `${written(figure, 'value')} ${(comparison && heat[comparison.toLowerCase()]?.sign) || ' '}`;
  for (let from = 0; from < rows.length; from += ACROSS) {
    const some = rows.slice(from, from + ACROSS);
    table(
      [
        '',
        ...some.map(({ indicator, region }) => stacked(`${indicator.name} (${indicator.code}), ${region.unit}`, 13)),
      ],
      [
        ...some[0]!.authorities.map(({ authority }, i) => [
          authority.name,
          ...some.map(({ authorities }) => cell(authorities[i]!)),
        ]),
        ['Region', ...some.map(({ region }) => `${written(region, 'value')}  `)],
      ],
    );
    say();
  }
  for (const sentence of HEAT_KEY.split(/(?<=\.) /)) say(`  ${sentence}`);
}

function sayOne(period: string, { indicator, authorities, region }: Row): void {
  say();
  say(
    bold(
      `${indicator.name} (${indicator.code}), ${period}, ${region.unit}, with 95 % intervals; the region ${written(region, 'value')}`,
    ),
  );
  say();
  table(
    ['', 'value', 'interval', 'beside the region'],
    authorities.map(({ authority, figure, limits, comparison }) => [
      authority.name,
      written(figure, 'value'),
      limits
        ? `${oneDecimal(limits.lower)} to ${oneDecimal(limits.upper)}`
        : figure.between
          ? `count ${figure.between.join(' to ')}`
          : '[x]',
      comparison?.toLowerCase() ?? 'not compared',
    ]),
  );
}

function sayPattern({ remark, list }: Patterns, parties: number) {
  const { node } = list.edges[0]!;
  const { authority, indicator, text, since, value, mean, questions } = node;
  say();
  say(
    bold(`What is unusual at ${QUARTER} (quarters made up for this: ${parties} authorities, fifteen quarters before)`),
  );
  say(
    `  ${authority?.name ?? 'The region'}: ${indicator.name}, ${text}: ${oneDecimal(value)} per 10,000 children in the quarter, where ${oneDecimal(mean)} is usual.`,
  );
  say(`  ${remark}`);
  for (const question of questions) say(`  To ask: ${question}`);
  mustBe(remark.includes('chance alone'), 'a pattern comes with what chance would give');
  mustBe(since === QUARTER && indicator.code === 'RF01', 'the unusual quarter is found');
  return { authority: authority?.name ?? null, since, remark };
}

/** The unusual authority says why its figures do not compare, and the lead tells how the pattern ended. */
async function remarked({ world, agreement, lead }: Stage) {
  const authority = agreement.parties.map((one) => one.authority as string).sort()[UNUSUAL]!;
  const analyst = await world.token('authority-analyst', authority);
  await graphql(
    world.hub.url,
    analyst,
    `mutation { writeComparabilityNote(input: { authority: "${authority}", indicator: "RF01", kind: OWN_DEFINITION, from: "${QUARTER}", text: "Since the new front door every contact is recorded as a referral." }) { id } }`,
  );
  const { data, errors } = await graphql<{ endPattern: Remarked }>(
    world.hub.url,
    lead,
    `mutation { endPattern(region: "${NORTH_EAST}", period: "${QUARTER}", indicator: "RF01", authority: "${authority}", end: SUPPORT, reason: "A neighbour shows how contacts are told from referrals.") { authority { name } notes { about text } endings { end reason } } }`,
  );
  mustBe(!errors && data !== undefined, `a pattern is ended: ${JSON.stringify(errors)}`);
  const { authority: whose, notes, endings } = data!.endPattern;
  mustBe(notes.length === 1 && endings.length === 1, 'a note stands beside the pattern, which has its ending');
  const [note, ending] = [notes[0]!, endings[0]!];
  say(`  ${whose.name} says, ${note.about}: ${note.text}`);
  say(`  The lead ends it as ${ending.end.toLowerCase()}: ${ending.reason}`);
  return { note: note.about, ending: ending.end, commentary: await commented({ world, lead }, analyst, authority) };
}

/** The same authority says what its figure is, without writing a number: the hub prints it. */
async function commented({ world, lead }: Pick<Stage, 'world' | 'lead'>, analyst: string, authority: string) {
  const found = await graphql<{ region: Record<'now' | 'before', { edges: { node: { id: string } }[] }> }>(
    world.hub.url,
    lead,
    `{ region(code: "${NORTH_EAST}") { now: publications(first: 1, period: "${QUARTER}", dataset: "safeguarding-quarterly") { edges { node { id } } } before: publications(first: 1, period: "${BEFORE}", dataset: "safeguarding-quarterly") { edges { node { id } } } } }`,
  );
  const [now, before] = [found.data!.region.now, found.data!.region.before].map(({ edges }) => edges[0]!.node.id);
  const input = `{ of: "${authority}", indicator: "RF01", period: "${QUARTER}", text: "{a} referrals in the quarter and {b} in the one before: the new front door counts contacts.", figures: [{ publication: "${now}", series: "RF01#count", authority: "${authority}" }, { publication: "${before}", series: "RF01#count", authority: "${authority}" }] }`;
  const { data, errors } = await graphql<{ writeCommentary: { text: string; figures: { figure: string | null }[] } }>(
    world.hub.url,
    analyst,
    `mutation { writeCommentary(input: ${input}) { text figures { figure } } }`,
  );
  mustBe(!errors && data !== undefined, `a commentary is written: ${JSON.stringify(errors)}`);
  const { text, figures } = data!.writeCommentary;
  mustBe(
    figures.every(({ figure }) => figure !== null && text.includes(figure)),
    'a commentary reads with its figures as they are printed',
  );
  say(`  And beside it: ${text}`);
  return text;
}
interface Remarked {
  readonly authority: { readonly name: string };
  readonly notes: readonly { readonly about: string; readonly text: string }[];
  readonly endings: readonly { readonly end: string; readonly reason: string }[];
}

/** What the questions ask for and the demonstration has none of. All else has something to say, at least once in each answer. */
const NOTHING_OF: Readonly<Record<string, string>> = {
  'benchmark.commentary': 'it is written of a quarter, and the question is of a year',
  'benchmark.authorities.notes': 'one is written from a quarter on, and the question is of a year',
  'benchmark.funnel.authorities.notes': 'as above',
  'benchmarkTable.edges.node.authorities.notes': 'as above',
  'benchmark.authorities.band': 'neither end of referrals is the better one',
  '3 benchmark.authorities.figure.between': 'none of these is hidden; in question 9 some are',
  '9 benchmark.region.count': 'it is hidden',
  '9 benchmark.region.value': 'it is hidden',
  '8 benchmark.regionChange.by': 'an authority sent one of the two years alone: the remark says so',
  '8 benchmark.regionChange.isBeyondChance': 'as above',
  '8 benchmark.authorities.change.remark': 'nothing speaks against comparing an authority with itself',
  'patterns.list.edges.node.coverage': 'no pattern is of the region',
  'patterns.list.edges.node.categories': 'the quarters that are made up have no categories',
};

/** Paths into an answer that lead to nothing wherever they are followed: null, or an empty list. */
function emptyPaths(answer: unknown): string[] {
  const filled = new Map<string, boolean>();
  const visit = (path: string, value: unknown): void => {
    const isEmpty = value === null || (Array.isArray(value) && !value.length);
    filled.set(path, filled.get(path) === true || !isEmpty);
    if (Array.isArray(value)) value.forEach((one) => visit(path, one));
    else if (value !== null && typeof value === 'object')
      for (const [name, inner] of Object.entries(value)) visit(path === '' ? name : `${path}.${name}`, inner);
  };
  visit('', answer);
  return [...filled].flatMap(([path, isFilled]) => (isFilled ? [] : [path]));
}

/** Every query of the how-to, as it stands on the page. */
async function tenQuestions({ world, lead }: Stage): Promise<number> {
  const page = readFileSync(join(rootFolder, 'docs/how-to/ten-questions.md'), 'utf8');
  const queries = [...page.matchAll(/^```graphql\n([\s\S]*?)^```$/gm)].map(([, query]) => query!);
  for (const [i, query] of queries.entries()) {
    const { data, errors } = await graphql<{ region: Record<string, unknown> | null }>(world.hub.url, lead, query);
    const empty = emptyPaths(data?.region ?? null).filter(
      (path) => !(path in NOTHING_OF || `${i + 1} ${path}` in NOTHING_OF),
    );
    mustBe(
      !errors && !empty.length,
      `question ${i + 1} of the how-to has its answer: ${JSON.stringify(errors ?? empty)}`,
    );
  }
  say();
  say(
    `  ${queries.length} questions of a quarterly meeting were asked as docs/how-to/ten-questions.md has them, and each was answered.`,
  );
  return queries.length;
}

async function exported({ world, lead }: Stage, period: string): Promise<readonly string[]> {
  const folder = join(rootFolder, '.data', 'demo-export');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const token = join(folder, 'token');
  writeFileSync(token, lead, { mode: 0o600 });
  let error = '';
  const asked = [
    'export',
    NORTH_EAST,
    '--dataset',
    'safeguarding-annual',
    '--period',
    period,
    '--from',
    '2022-FY',
    '--out',
    folder,
    '--charts',
    '--breakdowns',
  ];
  const code = await run([...asked, '--url', world.hub.url, '--token-file', token], {
    out: () => undefined,
    err: (text) => void (error += text),
  });
  rmSync(token);
  mustBe(code === 0, `the export succeeds: ${error}`);
  const files = readdirSync(folder);
  const named = files.filter((name) => !/_(bar|line|funnel|spine)\./.test(name));
  say();
  say(bold(`Files, in ${folder}`));
  for (const name of named) say(`  ${name}`);
  say(
    `  and ${files.filter((name) => name.endsWith('.svg')).length - 1} more charts as SVG, each with its table as CSV and its notes.`,
  );
  return files;
}
