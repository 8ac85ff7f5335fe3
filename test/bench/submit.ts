import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicOf } from '@hub/client';
import { startEmbeddedPostgres } from '@hub/platform';
import { allSeries, loadCatalogue, newestDataset } from '@hub/registry/domain';
import { startProcess } from '../support/hub-process';
import { rootFolder } from '../support/root';
import { NORTH_EAST, World, type Row } from '../support/world';
import { fullReturn } from './full-return';
import { line, machine, option, ownFolder, post, ratioOf, rowsOf, summary, type Parcel, type Run } from './measure';
import { baselineTables } from './submit-baseline';

/**
 * How many signed returns the hub accepts per second, beside a process that only verifies the same signatures and
 * inserts the same rows. Both on one PostgreSQL with fsync, one after the other, in turns. Counts what is stored at the
 * end and compares it with what was acknowledged.
 *
 * The baseline is as fast as the same bytes can be taken safely: it reads the same envelope, verifies the same signature, stores
 * it with the same cells under the same primary keys, and commits with the same fsync. It asks no token, agreement or round,
 * looks for no earlier return, finds nothing in the content, and writes neither findings, answers, receipt nor a ledger
 * entry: what the hub takes longer is these.
 */
const PERIOD = '2026-Q1';
const RUNS = 5;
/** The hub's pool of the intake login. */
const POOL = 10;

async function main(): Promise<void> {
  const seconds = option('seconds', 5);
  const concurrency = option('concurrency', 8);
  const folder = ownFolder('submit');
  const dataFolder = join(folder, 'data');
  const world = await World.start({ dataFolder, environment: { HUB_SUBMISSIONS_PER_MINUTE: '0' } });
  const embedded = await startEmbeddedPostgres(dataFolder);
  try {
    const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
    const agreement = await world.concludeAgreement(NORTH_EAST);
    await world.openRound(NORTH_EAST, dataset.code, PERIOD);
    const authorities = agreement.parties.map(({ authority }) => authority as string);
    const authorization = new Map<string, string>();
    for (const authority of authorities) {
      authorization.set(authority, `Bearer ${await world.token('authority-system', authority)}`);
    }

    const rows = await fullReturn(dataset);
    const cells = allSeries(dataset).length;
    const free = rows.findIndex(({ indicator, breakdown }) => indicator === 'CP07' && !breakdown);
    const most = rows[free]!.of!;
    const payloadOf = (authority: string, of: Row[]) =>
      world.payload(
        NORTH_EAST,
        { code: dataset.code, version: dataset.version },
        { authority, period: PERIOD, rows: of },
      );
    // Invented counts lie outside what is printed here and there: that is asked, and answered in each return.
    const explanations = await world.explanationsOf(authorities[0]!, payloadOf(authorities[0]!, rows));
    let made = 0;
    /** Envelopes never sent before, authorities in turn, each a new version: one count differs, and the jti. */
    const sign = async (n: number): Promise<Parcel[]> => {
      const parcels: Parcel[] = [];
      for (let i = 0; i < n; i++, made++) {
        const authority = authorities[made % authorities.length]!;
        const turn = Math.floor(made / authorities.length);
        const changed: Row[] = rows.with(free, { ...rows[free]!, count: turn % (most + 1) });
        const payload = { ...payloadOf(authority, changed), explanations, reason: 'One count differs.' };
        parcels.push({ body: await world.sign(authority, payload), authorization: authorization.get(authority)! });
      }
      return parcels;
    };

    await embedded.createDatabase('baseline');
    const baselineUrl = embedded.url('baseline');
    await rowsOf(baselineUrl, baselineTables);
    const named = async (sql: string) =>
      Object.fromEntries(
        (await rowsOf<{ name: string; id: number }>(world.ownerUrl, sql)).map(({ name, id }) => [name, id]),
      );
    const setup = {
      databaseUrl: baselineUrl,
      poolSize: POOL,
      keys: Object.fromEntries([...world.keys.values()].map((key) => [key.kid, { alg: key.alg, jwk: publicOf(key) }])),
      series: await named('select key as name, id from registry.series'),
      authorities: await named('select code as name, id from registry.authority'),
      tenths: dataset.indicators.filter(({ decimals }) => decimals === 1).map(({ code }) => code),
      own: dataset.indicators.filter(({ denominator }) => 'own' in denominator).map(({ code }) => code),
    };
    const setupFile = join(folder, 'baseline.json');
    writeFileSync(setupFile, JSON.stringify(setup));
    const baseline = await startProcess(
      join(rootFolder, 'dist/test/bench/submit-baseline.js'),
      { BENCH_SETUP: setupFile },
      / listens on (\S+)/,
    );
    try {
      const contestants = {
        hub: { url: `${world.hub.url}/submissions`, runs: [] as Run[], rate: 60, warm: 0 },
        baseline: { url: `${baseline.url}/`, runs: [] as Run[], rate: 200, warm: 0 },
      };
      const turn = async (name: keyof typeof contestants, time: number) => {
        const one = contestants[name];
        // Signed before the clock starts, half as many again as the last run needed.
        const parcels = await sign(Math.ceil(one.rate * 1.5 * time) + concurrency);
        const run = await post(one.url, 'application/jose+json', parcels.values(), { concurrency, seconds: time });
        one.rate = Math.max(one.rate, run.perSecond);
        return run;
      };
      const config = {
        ...(await machine(world.ownerUrl)),
        concurrency, pool: POOL, seconds, authorities: authorities.length,
        rows: rows.length, cells, envelopeBytes: (await sign(1))[0]!.body.length,
      }; // prettier-ignore
      process.stdout.write(
        `returns of ${rows.length} rows, the most that ${dataset.code} ${dataset.version} has room for: ${cells} cells each\n${JSON.stringify(config)}\n`,
      );
      for (const name of ['hub', 'baseline'] as const) {
        contestants[name].warm = (await turn(name, Math.min(3, seconds))).acknowledged;
      }
      // As the database does by itself after a while: a plan made for empty tables serves neither.
      for (const url of [world.ownerUrl, baselineUrl]) await rowsOf(url, 'analyze');
      for (let i = 0; i < RUNS; i++) {
        for (const name of ['hub', 'baseline'] as const) {
          const run = await turn(name, seconds);
          contestants[name].runs.push(run);
          process.stdout.write(line(name, run));
        }
      }
      const stored = {
        hub: await countOf(world.ownerUrl, 'intake.submission', 'intake.cell'),
        baseline: await countOf(baselineUrl, 'submission', 'cell'),
      };
      const faults: string[] = [];
      for (const name of ['hub', 'baseline'] as const) {
        const { runs, warm } = contestants[name];
        const acknowledged = warm + runs.reduce((sum, one) => sum + one.acknowledged, 0);
        const { submissions, cells: found } = stored[name];
        process.stdout.write(`  ${name}: ${acknowledged} acknowledged, ${submissions} stored with ${found} cells\n`);
        if (submissions !== acknowledged) faults.push(`${name} stored ${submissions} of ${acknowledged} acknowledged`);
        if (found !== submissions * cells) faults.push(`${name} stored ${found} cells, not ${submissions * cells}`);
        if (runs.some(({ others }) => others > 0)) faults.push(`${name} did not accept every return`);
      }
      if (faults.length) throw new Error(faults.join('; '));
      const hub = summary(contestants.hub.runs);
      const other = summary(contestants.baseline.runs);
      const report = {
        bench: 'submit',
        hub,
        baseline: other,
        ratio: ratioOf(contestants.hub.runs, contestants.baseline.runs),
        runs: RUNS,
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

const countOf = async (url: string, submissions: string, cells: string) =>
  (
    await rowsOf<{ submissions: number; cells: number }>(
      url,
      `select (select count(*)::int from ${submissions}) as submissions, (select count(*)::int from ${cells}) as cells`,
    )
  )[0]!;

main().catch((error: Error) => {
  process.stderr.write(`bench:submit failed: ${error.stack}\n`);
  process.exitCode = 1;
});
