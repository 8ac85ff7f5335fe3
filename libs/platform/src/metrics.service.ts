import { createServer, type Server, type ServerResponse } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Pool } from 'pg';
import { Counter, Registry, type Metric } from 'prom-client';
import { WorkerStore } from './background/relay';
import { CONFIG, type Config } from './config';
import { toLog } from './gone';
import { listenOn } from './listen';
import { LOGGER, type Logger } from './logger';
import { counted, reading, readings } from './metrics';
import { Pools } from './pools';

/** Nanoseconds and bytes of Node in the units of Prometheus. */
const seconds = (nanoseconds: number): number => nanoseconds / 1e9;

/** So long the database may take to say what stands in it; one that hangs does not answer. */
const PATIENCE_MS = 5000;
const delays = monitorEventLoopDelay({ resolution: 10 });

/** The process itself. The delays are those since the last look. */
function processNow(): Metric[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const used = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of this process.',
    registers: [],
  });
  used.inc((user + system) / 1e6);
  const lag = [0.5, 0.99, 1].map(
    (quantile) =>
      [{ quantile: String(quantile) }, delays.count ? seconds(delays.percentile(quantile * 100)) : 0] as const,
  );
  delays.reset();
  return [
    used,
    reading('process_resident_memory_bytes', 'Memory of this process.', rss),
    reading('nodejs_heap_size_used_bytes', 'What of it is in use by JavaScript.', heapUsed),
    reading('process_start_time_seconds', 'When it was started.', Date.now() / 1000 - process.uptime()),
    readings('nodejs_eventloop_lag_seconds', 'How late its one thread was since the last look.', ['quantile'], lag),
  ];
}

/** Connections of each login: those that work, that wait for work, and who waits for one. */
function poolsNow(pools: readonly DataSource[]): Metric {
  const values = pools.flatMap((dataSource) => {
    const { totalCount, idleCount, waitingCount } = (dataSource.driver as unknown as { master: Pool }).master;
    const login = String((dataSource.options as { applicationName?: string }).applicationName).replace('hub ', '');
    const states = { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
    return Object.entries(states).map(([state, value]) => [{ login, state }, value] as const);
  });
  const help = 'Connections of each login, and who waits for one.';
  return readings('hub_database_connections', help, ['login', 'state'], values);
}

/** What stands in the database and needs an operator. Held rounds are told with their code, never with their region. */
async function databaseNow(store: WorkerStore): Promise<Metric[]> {
  const [outbox] = await store.ask<{ waiting: string; oldest: string }>(
    `select count(*) as waiting, coalesce(extract(epoch from clock_timestamp() - min(next_at)), 0) as oldest
     from platform.outbox where done_at is null and next_at <= clock_timestamp()`,
    [],
  );
  const held = await store.ask<{ code: string; rounds: string }>(
    `select held_because as code, count(*) as rounds from rounds.round where state = 'held' group by held_because`,
    [],
  );
  const [ledger] = await store.ask<{ size: string }>(
    'select coalesce(max(size), 0) as size from ledger.checkpoint',
    [],
  );
  const heldRounds = held.map(({ code, rounds }) => [{ code }, Number(rounds)] as const);
  return [
    reading('hub_outbox_waiting', 'Background work that is due and not done.', Number(outbox!.waiting)),
    reading('hub_outbox_oldest_seconds', 'How long the oldest of it has been due.', Number(outbox!.oldest)),
    readings('hub_rounds_held', 'Rounds that are held now, by the code that says why.', ['code'], heldRounds),
    reading('hub_ledger_entries', 'Entries of the ledger, as the newest checkpoint says.', Number(ledger!.size)),
  ];
}

/**
 * `GET /metrics` on a listener of its own, where METRICS_PORT names one: nothing of it is on the public port. It asks nobody who
 * he is, so the port is for the operator's collector alone (docs/runbook.md).
 */
@Injectable()
export class MetricsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | null = null;
  /** The question that is under way, for all who ask meanwhile. */
  private asked: Promise<Metric[] | null> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly pools: Pools,
    private readonly store: WorkerStore,
  ) {}

  /** @throws Refusal CONFIGURATION where the port is taken */
  async onApplicationBootstrap(): Promise<void> {
    const { metrics } = this.config;
    if (!metrics) return;
    delays.enable();
    const failed = (response: ServerResponse) => (error: unknown) => {
      this.logger.error({ err: error }, 'the numbers could not be told');
      response.writeHead(500).end();
    };
    this.server = createServer(({ method, url }, response) => {
      if (method === 'GET' && url === '/metrics') this.answer(response).catch(failed(response));
      else response.writeHead(404).end();
    });
    await listenOn(this.server, 'METRICS_PORT', metrics.port, metrics.host);
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async answer(response: ServerResponse): Promise<void> {
    const told = new Registry();
    for (const metric of await this.all()) told.registerMetric(metric);
    const text = await told.metrics();
    response.writeHead(200, { 'content-type': told.contentType }).end(text);
  }

  /** Everything. Where the database does not answer, all else is told, and that. */
  private async all(): Promise<Metric[]> {
    this.asked ??= databaseNow(this.store)
      .catch((error: unknown) => {
        this.logger.warn(toLog(error), 'what stands in the database could not be counted');
        return null;
      })
      .finally(() => (this.asked = undefined));
    const stands = await Promise.race([this.asked, setTimeout(PATIENCE_MS, null, { ref: false })]);
    return [
      reading('hub_database_up', 'Whether the database answered just now.', stands ? 1 : 0),
      ...(stands ?? []),
      poolsNow(this.pools.all),
      ...Object.values(counted),
      ...processNow(),
    ];
  }
}
