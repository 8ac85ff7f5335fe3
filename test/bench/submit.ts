import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicOf } from '@hub/client';
import { startEmbeddedPostgres } from '@hub/platform';
import { allSeries, loadCatalogue, loadRegistry, newestDataset, populationOf } from '@hub/registry/domain';
import { parsePeriod } from '@hub/kernel';
import { ask } from '../support/database';
import { startProcess } from '../support/hub-process';
import { postmasterOf } from '../support/postmaster';
import { familyTimeOf, processorTimeOf } from '../support/processor-time';
import { rootFolder } from '../support/root';
import { NORTH_EAST, World, type Row } from '../support/world';
import { fullReturn } from './full-return';
import {
  line,
  machine,
  option,
  ownFolder,
  post,
  ratioOf,
  round,
  summary,
  type Parcel,
  type Run,
  takesOnly,
} from './measure';
import { baselineTables, type Setup } from './submit-baseline';

/**
 * How many signed returns the hub accepts per second, beside two processes that take the same bytes and keep the same cells
 * (`submit-baseline` says what each does and leaves out): the careful one is what the hub is held against, the bare one is the
 * floor. All on one PostgreSQL with fsync, one after the other, in turns. Processor time per return is told too, of the process
 * and of the database: it hardly depends on what else the machine does. Counts what is stored at the end and compares it with
 * what was acknowledged.
 */
const PERIOD = '2026-Q1';
const RUNS = 5;
/** The hub's pool of the intake login. */
const POOL = 10;

async function main(): Promise<void> {
  takesOnly('seconds', 'concurrency');
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

    const named = async (sql: string) =>
      Object.fromEntries(
        (await ask<{ name: string; id: number }>(world.ownerUrl, sql)).map(({ name, id }) => [name, id]),
      );
    const registry = loadRegistry();
    const setup: Omit<Setup, 'kind' | 'databaseUrl'> = {
      audience: world.hubId,
      poolSize: POOL,
      keys: Object.fromEntries([...world.keys.values()].map((key) => [key.kid, { alg: key.alg, jwk: publicOf(key) }])),
      series: await named('select key as name, id from registry.series'),
      authorities: await named('select code as name, id from registry.authority'),
      children: Object.fromEntries(
        authorities.map((authority) => [authority, populationOf(registry, authority, parsePeriod(PERIOD))!]),
      ),
      tenths: dataset.indicators.filter(({ decimals }) => decimals === 1).map(({ code }) => code),
      own: dataset.indicators.filter(({ denominator }) => 'own' in denominator).map(({ code }) => code),
    };
    const stops: (() => Promise<unknown>)[] = [];
    const startBaseline = async (kind: Setup['kind']) => {
      await embedded.createDatabase(kind);
      const databaseUrl = embedded.url(kind);
      await ask(databaseUrl, baselineTables);
      for (const [organisation, key] of world.keys) {
        const row = [key.kid, organisation, key.alg, JSON.stringify(publicOf(key))];
        await ask(databaseUrl, `insert into signing_key values ($1, $2, $3, $4, now() - interval '1 day')`, row);
      }
      const setupFile = join(folder, `${kind}.json`);
      writeFileSync(setupFile, JSON.stringify({ ...setup, kind, databaseUrl } satisfies Setup));
      const { url, pid, stop } = await startProcess(
        join(rootFolder, 'dist/test/bench/submit-baseline.js'),
        { BENCH_SETUP: setupFile },
        / listens on (\S+)/,
      );
      stops.push(stop);
      return { url: `${url}/`, pid, databaseUrl };
    };
    try {
      const contestant = (place: { url: string; pid: number; databaseUrl: string }, tables: [string, string]) => ({
        ...place,
        tables,
        runs: [] as Run[],
        rate: 200,
        warm: 0,
        /** Milliseconds of processor time. */
        used: { process: 0, database: 0 },
      });
      const hub = { url: `${world.hub.url}/submissions`, pid: world.hub.pid, databaseUrl: world.ownerUrl };
      const contestants = {
        hub: contestant(hub, ['intake.submission', 'intake.cell']),
        careful: contestant(await startBaseline('careful'), ['submission', 'cell']),
        bare: contestant(await startBaseline('bare'), ['submission', 'cell']),
      };
      const names = ['hub', 'careful', 'bare'] as const;
      const server = postmasterOf(dataFolder);
      const turn = async (name: (typeof names)[number], time: number) => {
        const one = contestants[name];
        // Signed before the clock starts, half as many again as the last run needed.
        const parcels = await sign(Math.ceil(one.rate * 1.5 * time) + concurrency);
        const before = [processorTimeOf(one.pid), familyTimeOf(server)] as const;
        const run = await post(one.url, 'application/jose+json', parcels.values(), { concurrency, seconds: time });
        one.used.process += processorTimeOf(one.pid) - before[0];
        one.used.database += familyTimeOf(server) - before[1];
        one.rate = Math.max(one.rate, run.perSecond);
        return run;
      };
      const config = {
        ...(await machine(world.ownerUrl)),
        concurrency,
        pool: POOL,
        seconds,
        authorities: authorities.length,
        rows: rows.length,
        cells,
        envelopeBytes: (await sign(1))[0]!.body.length,
      };
      process.stdout.write(
        `returns of ${rows.length} rows, the most that ${dataset.code} ${dataset.version} has room for: ${cells} cells each\n${JSON.stringify(config)}\n`,
      );
      for (const name of names) {
        const one = contestants[name];
        one.warm = (await turn(name, Math.min(3, seconds))).acknowledged;
        one.used = { process: 0, database: 0 };
      }
      // As the database does by itself after a while: a plan made for empty tables serves nobody.
      for (const name of names) await ask(contestants[name].databaseUrl, 'analyze');
      for (let i = 0; i < RUNS; i++) {
        for (const name of names) {
          const run = await turn(name, seconds);
          contestants[name].runs.push(run);
          process.stdout.write(line(name, run));
        }
      }
      const faults: string[] = [];
      const told = {} as Record<(typeof names)[number], object>;
      for (const name of names) {
        const { runs, warm, used, databaseUrl, tables } = contestants[name];
        const { acknowledged, ...rest } = summary(runs);
        const { submissions, cells: found } = await countOf(databaseUrl, ...tables);
        const [process_, database] = [used.process / acknowledged, used.database / acknowledged].map(round);
        process.stdout.write(
          `  ${name}: ${process_} ms of its own processor time per return, ${database} ms of the database's; ` +
            `${warm + acknowledged} acknowledged, ${submissions} stored with ${found} cells\n`,
        );
        told[name] = { ...rest, acknowledged, processMs: process_, databaseMs: database };
        if (submissions !== warm + acknowledged)
          faults.push(`${name} stored ${submissions} of ${warm + acknowledged} acknowledged`);
        if (found !== submissions * cells) faults.push(`${name} stored ${found} cells, not ${submissions * cells}`);
        if (rest.others > 0) faults.push(`${name} did not accept every return`);
      }
      if (faults.length) throw new Error(faults.join('; '));
      const slower = (than: 'careful' | 'bare') => ratioOf(contestants.hub.runs, contestants[than].runs);
      const report = {
        bench: 'submit',
        ...told,
        ratio: slower('careful'),
        ratioToBare: slower('bare'),
        runs: RUNS,
        config,
      };
      process.stdout.write(
        `  the careful baseline is ${report.ratio} times as fast, the bare one ${report.ratioToBare} times\n${JSON.stringify(report)}\n`,
      );
    } finally {
      for (const stop of stops) await stop();
    }
  } finally {
    await world.stop();
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const countOf = async (url: string, submissions: string, cells: string) =>
  (
    await ask<{ submissions: number; cells: number }>(
      url,
      `select (select count(*)::int from ${submissions}) as submissions, (select count(*)::int from ${cells}) as cells`,
    )
  )[0]!;

main().catch((error: Error) => {
  process.stderr.write(`bench:submit failed: ${error.stack}\n`);
  process.exitCode = 1;
});
