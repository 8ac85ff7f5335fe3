import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshDatabase } from '../../support/database';
import { brokenDown, nameOf, newJti, quarterly, returnOf } from '../../support/returns';
import { RowCounter } from '../../support/row-counter';
import { NORTH_EAST, World } from '../../support/world';

export const PERIOD = '2025-Q1';
export const [hartlepool, middlesbrough, birmingham] = ['E06000001', 'E06000002', 'E08000025'] as const;

/** The hub at whose doors everything in this folder stands. */
export let folder: string;
export let database: Awaited<ReturnType<typeof freshDatabase>>;
export let world: World;
export let stored: RowCounter;
/** Where the numbers for who runs the hub are. */
export let metricsPort: number;
/** An accepted return, and the jti that it used up. */
export let accepted: { readonly jti: string; readonly payload: Payload };

export async function startHub(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'hub-bad-input-'));
  database = await freshDatabase();
  metricsPort = await freePort();
  world = await World.start({ dataFolder: folder, database, environment: { METRICS_PORT: String(metricsPort) } });
  const document = await world.concludeAgreement(NORTH_EAST);
  await world.propose({ ...document, version: 2 });
  await world.registerKey(birmingham);
  await world.openRound(NORTH_EAST, quarterly.code, PERIOD);
  accepted = { jti: newJti(), payload: payload('a reason') };
  const answer = await world.send(hartlepool, await world.sign(hartlepool, accepted.payload, { jti: accepted.jti }));
  expect(answer.status).toBe(201);
  stored = await RowCounter.open(world.ownerUrl);
}
export async function stopHub(): Promise<void> {
  await stored.close();
  await world.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

const freePort = () =>
  new Promise<number>((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

type Payload = ReturnType<typeof payload>;
/** A good return whose reasons hold the mark: whatever is refused, no free text of it may come back. */
export const payload = (mark: string, change: object = {}) => ({
  ...world.payload(NORTH_EAST, nameOf(quarterly), {
    authority: hartlepool,
    period: PERIOD,
    rows: returnOf(
      quarterly,
      [
        ...brokenDown(quarterly, 'SF03', 'abuse', [30, 21, 12, 18, 0, 0]),
        { indicator: 'SF04', count: 50, of: 81 },
        { indicator: 'SV01', count: 40, of: 44 },
      ],
      `Reason ${mark}.`,
    ),
  }),
  ...change,
});
