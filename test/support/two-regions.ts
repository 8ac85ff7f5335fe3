import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { AgreementDocument } from '@hub/agreements/domain';
import type { PrivateJwk } from '@hub/client';
import { startEmbeddedPostgres, type Database } from '@hub/platform';
import { ask as query, freshDatabase } from './database';
import { brokenDown, nameOf, quarterly, returnOf } from './returns';
import { rootFolder } from './root';

import { NORTH_EAST, WEST_MIDLANDS, World, type Row, type SeededRegion } from './world';

/** The published period, and the one before it, whose round is still open. */
export const PERIOD = '2026-Q1';
export const BEFORE = '2025-Q4';

export interface PublishedRegion {
  readonly code: SeededRegion;
  /** In the order of their codes; the last one has sent nothing. */
  readonly authorities: readonly string[];
  readonly round: string;
  /** The round of the period before: open, with a return of the first authority. */
  readonly openRound: string;
  /** What each authority's return for the published period became. */
  readonly submissions: ReadonlyMap<string, { readonly id: string; readonly envelope: string }>;
}

export interface TwoRegions {
  readonly world: World;
  readonly database: Database;
  readonly northEast: PublishedRegion;
  readonly westMidlands: PublishedRegion;
  stop(): Promise<void>;
}

/**
 * What authority number `i` returns: contacts that are all large; plans by duration with small numbers, and a total;
 * a percentage of them that is small here and there; workers per case in tenths. The third authority collects no RF05.
 */
export function rowsOf(i: number): Row[] {
  const durations = [30 + 7 * i, i % 4 === 1 ? 4 : 25 + i, 40 + 3 * i, i % 5 === 2 ? 2 : 18 + 2 * i, 15 + i, 12 + i];
  const plans = brokenDown(quarterly, 'CP01', 'duration', durations);
  const total = plans[0]!.count!;
  const referrals = 300 + 17 * i;
  return returnOf(quarterly, [
    ...plans,
    { indicator: 'CP07', count: i % 3 === 1 ? total - 3 : total - 20 - i, of: total },
    { indicator: 'RF01', count: referrals },
    ...(i === 2 ? [] : [{ indicator: 'RF05', count: 41 + 5 * i, of: referrals }]),
    { indicator: 'WF04', count: 1500.5 + 10 * i, of: 100 + i },
  ]);
}

/**
 * A hub with both seeded regions, each with a round published out of invented returns. The first authority of each had a
 * jump to explain; the last one has sent nothing. The first suite that asks sends, publishes and keeps the database as a
 * template; the others copy it, each for itself.
 * @param environmentOf  more environment for the hub, which may depend on the database
 */
export async function twoRegions(
  environmentOf: (database: Database) => Promise<Record<string, string>> = async () => ({}),
): Promise<TwoRegions> {
  const { template, kept } = await keptTemplate();
  const database = await freshDatabase(template);
  try {
    const world = await World.start({ dataFolder, database, environment: await environmentOf(database) });
    for (const [authority, key] of kept.keys) world.keys.set(authority, key);
    for (const document of kept.agreements) world.agreements.set(document.regions[0]!, document);
    const [northEast, westMidlands] = kept.regions.map((region) => ({
      ...region,
      submissions: new Map(region.submissions),
    })) as PublishedRegion[] as [PublishedRegion, PublishedRegion];
    const stop = async () => {
      await world.stop();
      await database.stop();
    };
    return { world, database, northEast, westMidlands, stop };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** The hub's own key stays the same, so that copies continue the ledger that they hold. */
export const dataFolder = join(rootFolder, '.data', 'test', 'two-regions');

interface Kept {
  readonly keys: [string, PrivateJwk][];
  readonly agreements: AgreementDocument[];
  readonly regions: (Omit<PublishedRegion, 'submissions'> & {
    submissions: [string, { id: string; envelope: string }][];
  })[];
}

/** Whether it is the template of a run that has ended: its name holds the number of that run's process. */
function isLeft(name: string): boolean {
  const [, run] = /^two_regions_(\d+)_/.exec(name) ?? [];
  if (run === undefined) return false;
  try {
    process.kill(Number(run), 0);
    return false;
  } catch {
    return true;
  }
}

/** The template of this run, made by whoever comes first. */
async function keptTemplate(): Promise<{ template: string; kept: Kept }> {
  const server = await startEmbeddedPostgres(join(rootFolder, '.data', 'test'), { fsync: false });
  const client = new Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(7205901)');
    const databases = (
      await client.query<{ name: string; oid: number }>('select datname as name, oid from pg_database')
    ).rows;
    // A new run makes everything anew, by the code of that run.
    const template = `two_regions_${process.env.HUB_TEST_RUN}`;
    const file = join(dataFolder, `${template}.json`);
    if (!databases.some(({ name }) => name === template)) {
      for (const { name } of databases) if (isLeft(name)) await server.dropDatabase(name);
      const database = await freshDatabase();
      try {
        writeFileSync(file, JSON.stringify(await makeTwoRegions(database)));
        await server.createDatabase(template, database.name);
      } finally {
        await database.stop();
      }
    }
    return { template, kept: JSON.parse(readFileSync(file, 'utf8')) as Kept };
  } finally {
    await client.end();
    await server.stop();
  }
}

async function makeTwoRegions(database: Database): Promise<Kept> {
  const world = await World.start({ dataFolder, database });
  try {
    const regions = await Promise.all([publish(world, NORTH_EAST), publish(world, WEST_MIDLANDS)]);
    return {
      keys: [...world.keys],
      agreements: [...world.agreements.values()],
      regions: regions.map((region) => ({ ...region, submissions: [...region.submissions] })),
    };
  } finally {
    await world.stop();
  }
}

async function publish(world: World, code: SeededRegion): Promise<PublishedRegion> {
  const { parties } = await world.concludeAgreement(code);
  const authorities = parties.map(({ authority }) => authority).sort();
  const openRound = await world.openRound(code, quarterly.code, BEFORE);
  const round = await world.openRound(code, quarterly.code, PERIOD);
  const send = async (authority: string, period: string, rows: Row[], explanations: object[] = []) => {
    const payload = world.payload(code, nameOf(quarterly), { authority, period, rows });
    const envelope = await world.sign(authority, { ...payload, ...(explanations.length ? { explanations } : {}) });
    const answer = await world.send(authority, envelope);
    if (answer.status !== 201) throw new Error(`${authority} ${period}: ${answer.status} ${answer.text.slice(0, 600)}`);
    return { id: (answer.body as unknown as { id: string }).id, envelope };
  };
  const first = authorities[0]!;
  await send(first, BEFORE, returnOf(quarterly, [{ indicator: 'RF01', count: 90 }]));
  const submissions = new Map<string, { id: string; envelope: string }>();
  for (const [i, authority] of authorities.slice(0, -1).entries()) {
    const rows = rowsOf(i);
    const pointer = `/rows/${rows.findIndex(({ indicator }) => indicator === 'RF01')}`;
    const jump = { rule: 'change-against-previous', pointer, answer: 'confirmed', text: 'New front door since April.' };
    submissions.set(authority, await send(authority, PERIOD, rows, i === 0 ? [jump] : []));
  }
  const { state, heldBecause } = await world.publish(code, round);
  if (state !== 'PUBLISHED') throw new Error(`the round of ${code} is ${state}: ${heldBecause}`);
  return { code, authorities, round, openRound, submissions };
}

/** One statement as the owner, in the world's database. */
export const asOwner = <T = Record<string, unknown>>(world: World, sql: string, values: unknown[] = []): Promise<T[]> =>
  query<T>(world.ownerUrl, sql, values);
