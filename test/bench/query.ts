import { readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { isDeepStrictEqual } from 'node:util';
import { startEmbeddedPostgres } from '@hub/platform';
import { parseSeriesKey, seriesKey } from '@hub/registry/domain';
import { ask } from '../support/database';
import { startProcess } from '../support/hub-process';
import { layPublications, type Laid } from '../support/lay';
import { postmasterOf } from '../support/postmaster';
import { familyTimeOf, processorTimeOf } from '../support/processor-time';
import { quarterly } from '../support/returns';
import { rootFolder } from '../support/root';
import { AUDIENCE, NORTH_EAST, World, type SeededRegion } from '../support/world';
import { machine, median, option, ownFolder, quantile, round, takesOnly } from './measure';
import type { Question, Table } from './query-baseline';
import { madeUp, NEWEST, QUARTERS, regions } from './query-figures';

/**
 * How fast a regional lead's questions are answered with nine regions and 24 quarters of every series published, beside two
 * servers that read the same figures from the same database (`query-baseline` says what each does and leaves out): in turns,
 * each answer held against the expected one. Processor time of an answer is told too, of the process and of the database: it
 * hardly depends on what else the machine does. Each is asked in two forms: kind and count alone (`lean`), and as a lead asks, with
 * limits, bands, ranks, comparisons, changes and notes (`lead`). Then whether it depends on how many quarters there are, what the
 * first answer after a publication takes, and whether memory stays.
 */
const SOME = 4;
const POOL = 10;
const WEST_MIDLANDS = 'E12000005';
const asked: readonly SeededRegion[] = [NORTH_EAST, WEST_MIDLANDS];

/** Per authority, per point of a line, and beside them: the least that can be asked, and what a lead asks. */
const FORMS = {
  lean: { back: '', of: 'figure { kind count }', beside: '', over: 'figure { kind count }' },
  lead: {
    back: ', back: 1',
    of: 'figure { kind count value between } limits { lower upper } rank band comparison change { by isBeyondChance } notes { id }',
    beside: 'coverage { text } regionLimits { lower upper } quartiles { lower median upper text }',
    over: 'figure { kind count value between } limits { lower upper } mean control { lower upper } signal { rule text }',
  },
} as const;
type Form = keyof typeof FORMS;
const QUESTIONS = {
  indicator: ({ back, of, beside }) =>
    `query ($code: ID!, $period: String!, $indicator: String!) { region(code: $code) { it: benchmark(indicator: $indicator, period: $period${back}) { indicator { code } ${beside} authorities { authority { code } ${of} } region { kind count } } } }`,
  heat: ({ back, of, beside }) =>
    `query ($code: ID!, $period: String!) { region(code: $code) { it: benchmarkTable(period: $period, first: 60${back}) { edges { node { indicator { code } ${beside} authorities { authority { code } ${of} } region { kind count } } } } } }`,
  spine: ({ back, of, beside }) =>
    `query ($code: ID!, $period: String!, $authority: ID!) { region(code: $code) { it: benchmarkTable(period: $period, authority: $authority, first: 60${back}) { edges { node { indicator { code } ${beside} authorities { authority { code } ${of} } region { kind count } } } } } }`,
  trend: ({ over }) =>
    `query ($code: ID!, $period: String!, $indicator: String!, $back: Int!) { region(code: $code) { it: history(indicator: $indicator, period: $period, back: $back) { indicator { code } lines { authority { code } points { period ${over} } } } } }`,
} as const satisfies Record<string, (form: (typeof FORMS)[Form]) => string>;
type Kind = keyof typeof QUESTIONS;

interface Figure {
  readonly kind: string;
  readonly count: number | null;
}
interface Row {
  readonly indicator: { readonly code: string };
  readonly authorities: readonly { readonly authority: { readonly code: string }; readonly figure: Figure }[];
  readonly region: Figure;
}
interface Lines {
  readonly indicator: { readonly code: string };
  readonly lines: readonly {
    readonly authority: { readonly code: string } | null;
    readonly points: readonly { readonly period: string; readonly figure: Figure }[];
  }[];
}

const contestants = ['hub', 'careful', 'bare'] as const;
type Contestant = (typeof contestants)[number];
interface Request {
  readonly body: string;
  readonly token: string;
  expected: string;
}
/** One question to each, and what each answers. */
type Asked = Record<Contestant, Request>;

/** Flat: `period indicator authority kind count`, sorted, so that both can be compared. */
function saidByHub(kind: Kind, text: string, period: string): string[] {
  const { data } = JSON.parse(text) as { data: { region: { it: unknown } } };
  const line = (at: string, code: string, authority: string | null, { kind: of, count }: Figure) =>
    `${at} ${code} ${authority} ${of} ${count}`;
  if (kind === 'trend') {
    const { indicator, lines } = data.region.it as Lines;
    return lines
      .flatMap(({ authority, points }) =>
        points.map((one) => line(one.period, indicator.code, authority?.code ?? null, one.figure)),
      )
      .sort();
  }
  const rows =
    kind === 'indicator'
      ? [data.region.it as Row]
      : (data.region.it as { edges: { node: Row }[] }).edges.map(({ node }) => node);
  return rows
    .flatMap(({ indicator: { code }, authorities, region }) => [
      ...authorities.map((one) => line(period, code, one.authority.code, one.figure)),
      line(period, code, null, region),
    ])
    .sort();
}
const saidByBaseline = (text: string): string[] =>
  (JSON.parse(text) as Table[])
    .flatMap(({ period, series, figures }) =>
      figures.map(
        ({ authority, kind, count }) =>
          `${period} ${parseSeriesKey(series).indicator} ${authority} ${kind} ${scaled(series, count)}`,
      ),
    )
    .sort();

const decimals = new Map(quarterly.indicators.map(({ code, decimals: of }) => [code, of]));
const scaled = (series: string, count: number | null) =>
  count === null ? null : count / 10 ** decimals.get(parseSeriesKey(series).indicator)!;

const totals = quarterly.indicators.map(({ code }) => seriesKey(code, {}, 'count'));

class Client {
  private readonly agent: Agent;
  constructor(
    private readonly url: string,
    concurrency: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  }
  send({ body, token }: Omit<Request, 'expected'>, to: { method?: string; path?: string } = {}): Promise<string> {
    return new Promise((done, failed) => {
      const bytes = Buffer.from(body);
      const headers = {
        'content-type': 'application/json',
        'content-length': bytes.length,
        authorization: `Bearer ${token}`,
      };
      const sent = request(this.url, { method: 'POST', agent: this.agent, headers, ...to }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.once('end', () => done(Buffer.concat(parts).toString()));
        answer.once('error', failed);
      });
      sent.once('error', failed);
      sent.end(bytes);
    });
  }
  close(): void {
    this.agent.destroy();
  }
}

interface Turn {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly answered: number;
  /** Milliseconds of processor time of one answer. */
  readonly processMs: number;
  readonly databaseMs: number;
}

/** So many seconds of requests in turn over the pairs, each connection sending the next as soon as it has an answer. */
async function turn(
  { client, pid, database }: { readonly client: Client; readonly pid: number; readonly database: number },
  requests: readonly Request[],
  concurrency: number,
  seconds: number,
): Promise<Turn> {
  const times: number[] = [];
  const used = [processorTimeOf(pid), familyTimeOf(database)] as const;
  const began = performance.now();
  const until = began + seconds * 1000;
  let at = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < until) {
        const one = requests[at++ % requests.length]!;
        const sent = performance.now();
        const text = await client.send(one);
        times.push(performance.now() - sent);
        if (text !== one.expected) throw new Error(`not the expected answer: ${text.slice(0, 300)}`);
      }
    }),
  );
  const took = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => round(quantile(times, q)));
  const [processMs, databaseMs] = [processorTimeOf(pid) - used[0], familyTimeOf(database) - used[1]].map((all) =>
    round(all / times.length),
  );
  return {
    perSecond: round(times.length / took),
    p50: p50!,
    p95: p95!,
    p99: p99!,
    answered: times.length,
    processMs: processMs!,
    databaseMs: databaseMs!,
  };
}

const middle = (turns: readonly Turn[]) => ({
  perSecond: median(turns.map(({ perSecond }) => perSecond)),
  p50: median(turns.map(({ p50 }) => p50)),
  p95: median(turns.map(({ p95 }) => p95)),
  p99: median(turns.map(({ p99 }) => p99)),
  processMs: median(turns.map(({ processMs }) => processMs)),
  databaseMs: median(turns.map(({ databaseMs }) => databaseMs)),
});
const say = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  takesOnly('seconds', 'runs', 'concurrency', 'minutes');
  const seconds = option('seconds', 3);
  const runs = option('runs', 3);
  const concurrency = option('concurrency', 10);
  const minutes = option('minutes', 0.5);
  const folder = ownFolder('query');
  const dataFolder = join(folder, 'data');
  const world = await World.start({
    dataFolder,
    environment: { HUB_IGNORE_NATIONAL_MARKS: 'true', HUB_READING_PER_MINUTE: '0' },
  });
  const embedded = await startEmbeddedPostgres(dataFolder);
  try {
    for (const region of asked) await world.concludeAgreement(region);
    const laidOf = (region: string, quarters: readonly string[]): Laid[] => {
      const { id, version, handling } = world.agreements.get(region) ?? world.agreements.get(NORTH_EAST)!;
      return madeUp(world.hubId, region, { agreement: { id, version }, handling }, quarters);
    };
    const lay = async (quarters: readonly string[]) => {
      for (const region of regions()) await layPublications(world.ownerUrl, laidOf(region, quarters));
      await ask(world.ownerUrl, 'analyze');
    };
    const baselineOf = (kind: 'careful' | 'bare') =>
      startProcess(
        join(rootFolder, 'dist/test/bench/query-baseline.js'),
        {
          KIND: kind,
          DATABASE_URL: world.ownerUrl,
          POOL: String(POOL),
          OIDC_ISSUER: world.issuer.issuer,
          OIDC_AUDIENCE: AUDIENCE,
        },
        / listens on (\S+)/,
      );
    const baselines = { careful: await baselineOf('careful'), bare: await baselineOf('bare') };
    const database = postmasterOf(dataFolder);
    const by = (url: string, pid: number) => ({ client: new Client(url, concurrency), pid, database });
    const places = {
      hub: by(`${world.hub.url}/graphql`, world.hub.pid),
      careful: by(`${baselines.careful.url}/`, baselines.careful.pid),
      bare: by(`${baselines.bare.url}/`, baselines.bare.pid),
    };
    try {
      /** Questions of a kind over both regions, some indicators and some authorities, and their expected answers. */
      const questionsOf = async (kind: Kind, form: Form, back: number): Promise<Asked[]> => {
        const all: Asked[] = [];
        for (const code of asked) {
          const token = await world.token('regional-lead', code);
          const { authorities } = laidOf(code, [NEWEST])[0]!;
          for (let i = 0; i < 4; i++) {
            const indicator = quarterly.indicators[i * 7]!.code;
            const authority = authorities[i]!;
            const periods = kind === 'trend' ? QUARTERS.slice(-back - 1) : [NEWEST];
            const of: Question = {
              region: code,
              periods,
              series: kind === 'heat' || kind === 'spine' ? totals : [seriesKey(indicator, {}, 'count')],
              authority: kind === 'spine' ? authority : null,
            };
            const body = JSON.stringify(of);
            const asked: Asked = {
              hub: {
                body: JSON.stringify({
                  query: QUESTIONS[kind](FORMS[form]),
                  variables: { code, period: NEWEST, indicator, authority, back },
                }),
                token,
                expected: '',
              },
              careful: { body, token, expected: '' },
              bare: { body, token, expected: '' },
            };
            for (const name of contestants) asked[name].expected = await places[name].client.send(asked[name]);
            const said = saidByHub(kind, asked.hub.expected, NEWEST);
            for (const name of ['careful', 'bare'] as const)
              if (!isDeepStrictEqual(said, saidByBaseline(asked[name].expected)))
                throw new Error(
                  `hub and ${name} do not say the same of ${kind}: ${asked.hub.expected.slice(0, 500)} ${asked[name].expected.slice(0, 500)}`,
                );
            if (form === 'lead') {
              const stored = `${kind}-${code}-${i}-${periods.length}`;
              for (const name of ['careful', 'bare'] as const) {
                await places[name].client.send(
                  { body: asked.hub.expected, token },
                  { method: 'PUT', path: `/${stored}` },
                );
                asked[name] = { body: JSON.stringify({ ...of, stored }), token, expected: asked.hub.expected };
              }
            }
            all.push(asked);
          }
        }
        return all;
      };
      const measured = async (kind: Kind, form: Form, back: number) => {
        const asked = await questionsOf(kind, form, back);
        const label = `${kind}${form === 'lead' ? ', as a lead' : ''}`.padEnd(20);
        const one = (name: Contestant, time: number) =>
          turn(
            places[name],
            asked.map((of) => of[name]),
            concurrency,
            time,
          );
        for (const name of contestants) await one(name, 1);
        const turns: Record<Contestant, Turn[]> = { hub: [], careful: [], bare: [] };
        for (let i = 0; i < runs; i++) for (const name of contestants) turns[name].push(await one(name, seconds));
        const share = (than: Contestant) =>
          round(median(turns.hub.map(({ perSecond }, i) => perSecond / turns[than][i]!.perSecond)));
        const found = {
          hub: middle(turns.hub),
          careful: middle(turns.careful),
          bare: middle(turns.bare),
          share: share('careful'),
          shareOfBare: share('bare'),
        };
        for (const name of contestants) {
          const { perSecond, p50, p95, p99, processMs, databaseMs } = found[name];
          say(
            `  ${label} ${name.padEnd(8)} ${perSecond.toFixed(1).padStart(8)} per second   p50 ${p50} ms   p95 ${p95} ms   p99 ${p99} ms   processor ${processMs} ms, database ${databaseMs} ms`,
          );
        }
        say(
          `  ${label} the hub is ${found.share} times as fast as the careful server, ${found.shareOfBare} times as the bare one`,
        );
        return found;
      };
      const all = async (form: Form, back: number) => {
        const found = {} as Record<Kind, Awaited<ReturnType<typeof measured>>>;
        for (const kind of Object.keys(QUESTIONS) as Kind[]) found[kind] = await measured(kind, form, back);
        return found;
      };
      const figures = async () =>
        (await ask<{ n: number }>(world.ownerUrl, 'select count(*)::int as n from release.figure'))[0]!.n;

      await lay(QUARTERS.slice(-SOME));
      say(`${SOME} quarters of nine regions: ${(await figures()).toLocaleString('en-GB')} figures`);
      const few = await all('lean', SOME - 1);
      await lay(QUARTERS.slice(0, -SOME));
      const loaded = await figures();
      say(
        `24 quarters of nine regions, ${totals.length} indicators with their categories: ${loaded.toLocaleString('en-GB')} figures`,
      );
      const many = await all('lean', SOME - 1);
      const whole = await measured('trend', 'lean', QUARTERS.length - 1);
      const lead = {
        ...(await all('lead', SOME - 1)),
        trendOf24: await measured('trend', 'lead', QUARTERS.length - 1),
      };

      const flat = Object.fromEntries(
        (Object.keys(QUESTIONS) as Kind[]).map((kind) => [
          kind,
          round(few[kind].hub.perSecond / many[kind].hub.perSecond),
        ]),
      );
      say(
        `  from ${SOME} to 24 quarters an answer takes ${Object.entries(flat)
          .map(([kind, times]) => `${kind} ${times}`)
          .join(', ')} times as long`,
      );

      const first = {
        indicator: await afterPublication('indicator', 'lean'),
        heat: await afterPublication('heat', 'lean'),
      };
      const firstLead = {
        indicator: await afterPublication('indicator', 'lead'),
        heat: await afterPublication('heat', 'lead'),
      };
      const memory = await remains();
      const config = { ...(await machine(world.ownerUrl)), concurrency, pool: POOL, seconds, runs, minutes };
      process.stdout.write(
        `${JSON.stringify({ bench: 'query', figures: loaded, regions: regions().length, quarters: QUARTERS.length, indicators: totals.length, few, many, trendOf24: whole, lead, flat, firstAnswer: first, firstLead, memory, config })}\n`,
      );

      /**
       * The first answer of a publication that takes the place of another, beside those that follow it in a loop, and beside the first
       * one after another region's publication: there nothing is to be made, but process and database come from the same work.
       */
      async function afterPublication(kind: 'indicator' | 'heat', form: Form) {
        const token = await world.token('regional-lead', NORTH_EAST);
        const body = JSON.stringify({
          query: QUESTIONS[kind](FORMS[form]),
          variables: { code: NORTH_EAST, period: NEWEST, indicator: quarterly.indicators[0]!.code },
        });
        const timed = async () => {
          const began = performance.now();
          await places.hub.client.send({ body, token });
          return performance.now() - began;
        };
        const publish = async (region: string) => {
          await ask(
            world.ownerUrl,
            `update release.publication set state = 'superseded' where state = 'current' and period = $1 and region_id = (select id from registry.region where code = $2)`,
            [NEWEST, region],
          );
          await layPublications(world.ownerUrl, laidOf(region, [NEWEST]));
        };
        const [cold, warm, other]: number[][] = [[], [], []];
        for (let i = 0; i < 7; i++) {
          await publish(NORTH_EAST);
          cold!.push(await timed());
          for (let j = 0; j < 10; j++) warm!.push(await timed());
          await publish(WEST_MIDLANDS);
          other!.push(await timed());
        }
        const [ms, warmMs, otherMs] = [cold, warm, other].map((all) => round(median(all!))) as [number, number, number];
        const [times, timesOfOther] = [warm, other].map((all) => round(median(cold!) / median(all!))) as [
          number,
          number,
        ];
        say(
          `  ${kind}${form === 'lead' ? ', as a lead asks' : ''}: the first answer after a publication takes ${ms} ms, ${times} times a warm one, ${timesOfOther} times the first one after another region's`,
        );
        return { ms, warmMs, times, otherMs, timesOfOther };
      }

      /** What the hub's process holds while everything is asked in turn. */
      async function remains() {
        const mixed = (
          await Promise.all([
            questionsOf('indicator', 'lean', 0),
            questionsOf('heat', 'lead', 0),
            questionsOf('spine', 'lead', 0),
            questionsOf('trend', 'lean', 23),
          ])
        )
          .flat()
          .map((one) => one.hub);
        const held: number[] = [];
        const sample = () =>
          held.push(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${world.hub.pid}/status`, 'utf8'))![1]) / 1024);
        const slices = Math.max(8, Math.round((minutes * 60) / 5));
        for (let i = 0; i < slices; i++) {
          await turn(places.hub, mixed, concurrency, (minutes * 60) / slices);
          sample();
        }
        const quarter = Math.floor(held.length / 4);
        const [early, late] = [median(held.slice(quarter, 2 * quarter)), median(held.slice(-quarter))];
        say(`  memory over ${minutes} minutes: ${round(early)} MiB in the second quarter, ${round(late)} in the last`);
        return { minutes, earlyMiB: round(early), lateMiB: round(late), times: round(late / early) };
      }
    } finally {
      for (const { client } of Object.values(places)) client.close();
      for (const { stop } of Object.values(baselines)) await stop();
    }
  } finally {
    await world.stop();
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`bench:query failed: ${error.stack}\n`);
  process.exitCode = 1;
});
