import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newKey } from '@hub/client';
import { startEmbeddedPostgres } from '@hub/platform';
import { ask } from '../support/graphql';
import { rootFolder } from '../support/root';
import { figuresOf, NORTH_EAST, WEST_MIDLANDS, World, AUDIENCE, type SeededRegion } from '../support/world';

/**
 * A whole local system, made new at every start: issuer, hub, members, keys, agreements in force, published rounds on
 * real figures, and an open round with a valid payload for each authority (synthetic: no quarterly figures are public).
 * Writes `.data/dev.json` when it is ready; ends cleanly on SIGTERM.
 */

const folder = process.env.HUB_DATA_DIR ?? join(rootFolder, '.data');
const published: Record<SeededRegion, readonly string[]> = {
  [NORTH_EAST]: ['2023-FY', '2024-FY'],
  [WEST_MIDLANDS]: ['2024-FY'],
};
const say = (text: string) => process.stdout.write(`${text}\n`);

async function publishRounds(world: World, region: SeededRegion) {
  const figures = figuresOf(region);
  const done = [];
  for (const period of published[region]) {
    const round = await world.openRound(region, figures.dataset.code, period);
    for (const one of figures.returns.filter((each) => each.period === period)) {
      const { answer } = await world.sendReturn(region, figures.dataset, one);
      if (answer.status !== 201) throw new Error(`${one.authority} ${period}: ${answer.text}`);
    }
    const { state, heldBecause } = await world.publish(region, round);
    if (state !== 'PUBLISHED') throw new Error(`${region} ${period} is ${state}: ${heldBecause}`);
    const { region: seen } = await ask<{ region: { publications: { edges: { node: { id: string } }[] } } }>(
      world.hub.url,
      await world.token('regional-lead', region),
      'query ($code: ID!, $period: String!) { region(code: $code) { publications(period: $period) { edges { node { id } } } } }',
      { code: region, period },
    );
    done.push({ dataset: figures.dataset.code, period, publication: seen.publications.edges[0]!.node.id });
    say(`published ${region} ${figures.dataset.code} ${period}`);
  }
  return done;
}

/** The open round, and for each party its key and a payload in a file. */
async function openRound(world: World, region: SeededRegion) {
  const figures = figuresOf(`${region}.quarterly`);
  const period = figures.returns[0]!.period;
  const id = await world.openRound(region, figures.dataset.code, period);
  const authorities = figures.returns.map((one) => {
    const key = world.keys.get(one.authority)!;
    const keyFile = join(folder, 'keys', `${one.authority}.json`);
    const payloadFile = join(folder, 'payloads', `${one.authority}.json`);
    writeFileSync(keyFile, JSON.stringify(key), { mode: 0o600 });
    writeFileSync(payloadFile, JSON.stringify(world.payload(region, figures.dataset, one), null, 1));
    return { code: one.authority, kid: key.kid, keyFile, payloadFile };
  });
  return { openRound: { id, dataset: figures.dataset.code, version: figures.dataset.version, period }, authorities };
}

async function main(): Promise<void> {
  for (const name of ['dev.json', 'dev-issuer.json']) rmSync(join(folder, name), { force: true });
  for (const name of ['keys', 'payloads']) {
    rmSync(join(folder, name), { recursive: true, force: true });
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  }
  const postgres = await startEmbeddedPostgres(folder);
  await postgres.dropDatabase('hub_dev');
  await postgres.createDatabase('hub_dev');
  let world: World | null = null;
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    rmSync(join(folder, 'dev.json'), { force: true });
    await world?.stop();
    await postgres.stop();
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  // Of the hub too: the database is a new one, and a key that signed the ledger before would have signed two of one name.
  const hubKey = join(folder, 'keys', 'hub.json');
  writeFileSync(hubKey, JSON.stringify(await newKey('hub')), { mode: 0o600 });
  try {
    world = await World.start({
      dataFolder: folder,
      database: { ownerUrl: postgres.url('hub_dev') },
      log: process.stderr,
      environment: {
        PORT: process.env.PORT ?? '4000',
        LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
        HUB_SIGNING_KEY_FILE: hubKey,
        HUB_IGNORE_NATIONAL_MARKS: 'true',
        ...(process.env.REDIS_URL ? { REDIS_URL: process.env.REDIS_URL } : {}),
      },
    });
    say(`hub ${world.hub.url}, issuer ${world.issuer.issuer}`);
    const regions = [];
    for (const region of [NORTH_EAST, WEST_MIDLANDS] as const) {
      const { id, version } = await world.concludeAgreement(region);
      say(`agreement ${id} is in force`);
      const done = await publishRounds(world, region);
      regions.push({ code: region, agreement: { id, version }, published: done, ...(await openRound(world, region)) });
    }
    const ledgerKey = await world.ledgerKey();
    writeFileSync(join(folder, 'dev-issuer.json'), JSON.stringify({ clientSecret: world.issuer.secret }), {
      mode: 0o600,
    });
    writeFileSync(
      join(folder, 'dev.json'),
      JSON.stringify(
        {
          hub: world.hub.url,
          graphql: `${world.hub.url}/graphql`,
          issuer: world.issuer.issuer,
          audience: AUDIENCE,
          hubId: world.hubId,
          ledgerKey,
          regions,
        },
        null,
        1,
      ),
    );
    say(`ready: ${join(folder, 'dev.json')}; try  npx hub token --as regional-lead --of ${NORTH_EAST}`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await stop(1);
  }
}

void main();
