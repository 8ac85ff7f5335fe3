import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { startEmbeddedPostgres } from '@hub/platform';
import { seriesKey } from '@hub/registry/domain';
import { startProcess } from '../support/hub-process';
import { rootFolder } from '../support/root';
import { figuresOf, NORTH_EAST, World } from '../support/world';
import { line, machine, option, ownFolder, ratioOf, rowsOf, summary, type Run } from './measure';

/**
 * How many benchmark queries the hub answers per second, beside a bare server that reads the same figures from the same
 * database. In turns, on a published round of real figures of twelve authorities. What both say is compared before the
 * clock starts, each answer is compared with that, and the access records of the hub are counted at the end.
 */
const RUNS = 5;
/** The hub's pool of the reader login. */
const POOL = 10;
const INDICATOR = 'CP01';
const PLACE = { dimension: 'duration', category: '2-years-or-more' };

const QUESTION = `query ($code: ID!, $indicator: String!, $period: String!, $breakdown: [CategoryInput!]) {
  region(code: $code) {
    benchmark(indicator: $indicator, period: $period, breakdown: $breakdown) {
      indicator { code name } coverage { shown submitted parties text }
      authorities { authority { code name } figure { kind count value } rank }
      region { kind count value } quartiles { lower median upper basis } publication { number digest }
    }
  }
}`;

interface Figure {
  kind: string;
  count: number | null;
}
interface Figures {
  authorities: { authority: { code: string; name: string }; figure: Figure }[];
  region: Figure;
}

async function ask(url: string, headers: Record<string, string>, body: string): Promise<string> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.text();
}

const countsOf = ({ authorities, region }: Figures) => ({
  authorities: authorities.map(({ authority, figure: { kind, count } }) => ({ ...authority, kind, count })),
  region: { kind: region.kind, count: region.count },
});

async function main(): Promise<void> {
  const seconds = option('seconds', 5);
  const concurrency = option('concurrency', 10);
  const folder = ownFolder('query');
  const dataFolder = join(folder, 'data');
  const world = await World.start({ dataFolder, environment: { HUB_IGNORE_NATIONAL_MARKS: 'true' } });
  const embedded = await startEmbeddedPostgres(dataFolder);
  try {
    await world.concludeAgreement(NORTH_EAST);
    const figures = figuresOf(NORTH_EAST);
    const period = figures.returns.map((one) => one.period).sort().at(-1)!; // prettier-ignore
    const opened = await world.openRound(NORTH_EAST, figures.dataset.code, period);
    for (const one of figures.returns.filter((each) => each.period === period)) {
      const { answer } = await world.sendReturn(NORTH_EAST, figures.dataset, one);
      if (answer.status !== 201) throw new Error(`a return was answered ${answer.status}: ${answer.text}`);
    }
    const { state } = await world.publish(NORTH_EAST, opened);
    if (state !== 'PUBLISHED') throw new Error(`the round is ${state}`);

    const baseline = await startProcess(
      join(rootFolder, 'dist/test/bench/query-baseline.js'),
      { DATABASE_URL: world.ownerUrl, POOL: String(POOL) },
      / listens on (\S+)/,
    );
    try {
      const type = { 'content-type': 'application/json' };
      const contestants = {
        hub: {
          url: `${world.hub.url}/graphql`,
          headers: { ...type, authorization: `Bearer ${await world.token('regional-lead', NORTH_EAST)}` },
          body: JSON.stringify({
            query: QUESTION,
            variables: { code: NORTH_EAST, indicator: INDICATOR, period, breakdown: [PLACE] },
          }),
          expected: '',
          rate: 100,
          asked: 0,
          runs: [] as Run[],
        },
        baseline: {
          url: `${baseline.url}/`,
          headers: type,
          body: JSON.stringify({
            region: NORTH_EAST,
            period,
            series: seriesKey(INDICATOR, { [PLACE.dimension]: PLACE.category }, 'count'),
          }),
          expected: '',
          rate: 500,
          asked: 0,
          runs: [] as Run[],
        },
      };
      const names = ['hub', 'baseline'] as const;
      const recordsOf = async () =>
        (
          await rowsOf<{ n: number }>(
            world.ownerUrl,
            `select count(*)::int as n from platform.access_log where action = 'read.benchmark'`,
          )
        )[0]!.n;

      // As the database does by itself after a while: a plan made for empty tables serves neither.
      await rowsOf(world.ownerUrl, 'analyze');
      const recordsBefore = await recordsOf();
      for (const name of names) {
        const one = contestants[name];
        one.expected = await ask(one.url, one.headers, one.body);
        one.asked++;
      }
      const said = (JSON.parse(contestants.hub.expected) as { data: { region: { benchmark: Figures } } }).data.region
        .benchmark;
      const bare = JSON.parse(contestants.baseline.expected) as Figures;
      if (!isDeepStrictEqual(countsOf(said), countsOf(bare))) throw new Error('the two do not say the same figures');
      const hidden = said.authorities.filter(({ figure }) => figure.kind === 'HIDDEN').length;
      const config = {
        ...(await machine(world.ownerUrl)),
        concurrency,
        pool: POOL,
        seconds,
        authorities: said.authorities.length,
      };
      process.stdout.write(
        `${INDICATOR} by ${PLACE.dimension}, ${period}: ${said.authorities.length} authorities, ${hidden} of them hidden; both say the same counts\n${JSON.stringify(config)}\n`,
      );

      /** So many requests as the last run says fit into the time, each waited for. */
      const turn = async (name: (typeof names)[number], time: number): Promise<Run> => {
        const { url, headers, body, expected, rate } = contestants[name];
        const amount = Math.max(concurrency, Math.round(rate * time));
        // Its own duration is counted in whole seconds, so the clock is read here.
        let last = performance.now();
        const began = last;
        const running = autocannon({
          url,
          method: 'POST',
          headers,
          body,
          connections: concurrency,
          amount,
          verifyBody: (text) => text === expected,
        });
        running.on('response', () => (last = performance.now()));
        const done = await running;
        const took = (last - began) / 1000;
        const perSecond = done.requests.total / took;
        contestants[name].rate = perSecond;
        contestants[name].asked += done.requests.total;
        return {
          acknowledged: done['2xx'],
          seconds: took,
          perSecond,
          p50: done.latency.p50,
          p99: done.latency.p99,
          others: done.non2xx + done.errors + done.timeouts + done.mismatches,
        };
      };
      for (const name of names) for (const time of [1, Math.min(2, seconds)]) await turn(name, time);
      for (let i = 0; i < RUNS; i++) {
        for (const name of names) {
          const run = await turn(name, seconds);
          contestants[name].runs.push(run);
          process.stdout.write(line(name, run));
        }
      }
      const records = (await recordsOf()) - recordsBefore;
      process.stdout.write(`  hub: ${contestants.hub.asked} answered, ${records} access records\n`);
      const faults: string[] = [];
      for (const name of names) {
        const others = contestants[name].runs.reduce((sum, run) => sum + run.others, 0);
        if (others > 0) faults.push(`${name} gave ${others} answers that are none or not the expected one`);
      }
      if (records !== contestants.hub.asked)
        faults.push(`${contestants.hub.asked} reads left ${records} access records`);
      if (faults.length) throw new Error(faults.join('; '));
      const hub = summary(contestants.hub.runs);
      const other = summary(contestants.baseline.runs);
      const report = {
        bench: 'query',
        hub,
        baseline: other,
        ratio: ratioOf(contestants.hub.runs, contestants.baseline.runs),
        runs: RUNS,
        accessRecords: records,
        config,
      };
      process.stdout.write(`  the baseline is ${report.ratio} times as fast\n${JSON.stringify(report)}\n`);
    } finally {
      await baseline.stop();
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
