import { chmodSync, mkdtempSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ask } from '../support/database';

/** One timed run: how many were acknowledged, how fast, and what else came back. */
export interface Run {
  readonly acknowledged: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers other than the expected one. */
  readonly others: number;
}

/** Nearest rank of sorted numbers. */
export const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;

export const median = (numbers: readonly number[]): number =>
  quantile(
    [...numbers].sort((a, b) => a - b),
    0.5,
  );

/** The median of each measure over several runs, and each run's rate. */
export const summary = (runs: readonly Run[]) => ({
  perSecond: round(median(runs.map(({ perSecond }) => perSecond))),
  p50: round(median(runs.map(({ p50 }) => p50))),
  p99: round(median(runs.map(({ p99 }) => p99))),
  acknowledged: runs.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
  others: runs.reduce((sum, { others }) => sum + others, 0),
  each: runs.map(({ perSecond }) => round(perSecond)),
});

/** How many times as fast the second is, as the median over pairs of neighbouring runs: both had the same machine. */
export const ratioOf = (first: readonly Run[], second: readonly Run[]): number =>
  round(median(first.map(({ perSecond }, i) => second[i]!.perSecond / perSecond)));

export const round = (value: number): number => Math.round(value * 100) / 100;

export interface Parcel {
  readonly body: string;
  readonly authorization: string;
}

/**
 * Posts parcels in their order over so many connections that stay open, each sending the next as soon as it has an
 * answer, until the time is over or the parcels are; then waits for what is under way.
 */
export async function post(
  url: string,
  type: string,
  parcels: Iterator<Parcel>,
  { concurrency, seconds }: { concurrency: number; seconds: number },
): Promise<Run> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const target = new URL(url);
  const one = ({ body, authorization }: Parcel) =>
    new Promise<number>((done, failed) => {
      const bytes = Buffer.from(body);
      const sent = request(
        target,
        { method: 'POST', agent, headers: { 'content-type': type, 'content-length': bytes.length, authorization } },
        (answer) => {
          answer.resume();
          answer.once('end', () => done(answer.statusCode ?? 0));
          answer.once('error', failed);
        },
      );
      sent.once('error', failed);
      sent.end(bytes);
    });
  const times: number[] = [];
  let others = 0;
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < until) {
        const next = parcels.next();
        if (next.done) return;
        const sent = performance.now();
        if ((await one(next.value)) === 201) times.push(performance.now() - sent);
        else others++;
      }
    }),
  );
  const took = (performance.now() - began) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    acknowledged: times.length,
    seconds: took,
    perSecond: times.length / took,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    others,
  };
}

/** A folder of this bench's own, which the user that runs PostgreSQL may enter. */
export function ownFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `hub-bench-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** What the figures were measured on. */
export async function machine(ownerUrl: string): Promise<Record<string, unknown>> {
  const [row] = await ask<Record<string, string>>(
    ownerUrl,
    `select current_setting('server_version') as postgresql, current_setting('fsync') as fsync,
       current_setting('synchronous_commit') as "synchronousCommit"`,
  );
  return { cores: cpus().length, processor: cpus()[0]?.model.trim(), node: process.version, ...row };
}

/** Ends the process where something else is asked than these options, before anything is measured; with `--help` too. */
export function takesOnly(...names: readonly string[]): void {
  const other = process.argv.slice(2).find((word) => word.startsWith('--') && !names.includes(word.slice(2)));
  if (other === undefined) return;
  const known = names.length ? `It takes ${names.map((name) => `--${name}`).join(', ')}.` : 'It takes no options.';
  process.stderr.write(other === '--help' ? `${known}\n` : `Unknown option '${other}'. ${known}\n`);
  process.exit(other === '--help' ? 0 : 2);
}

/** A number out of `--name N`, else the default. @throws Error when it is none, or less than `least`; 0 is too few by default */
export function option(name: string, otherwise: number, least = Number.MIN_VALUE): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!(value >= least)) throw new Error(`--${name} takes a number ${least === 0 ? 'of 0 or more' : 'above 0'}`);
  return value;
}

/** One line for people: what ran, and its figures. */
export const line = (name: string, { perSecond, p50, p99, others }: Omit<Run, 'acknowledged' | 'seconds'>): string =>
  `  ${name.padEnd(10)} ${perSecond.toFixed(1).padStart(8)} per second   p50 ${p50.toFixed(1).padStart(7)} ms   p99 ${p99.toFixed(1).padStart(7)} ms${others ? `   ${others} other answers` : ''}\n`;
