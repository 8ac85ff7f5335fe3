import { join } from 'node:path';
import { Clients, letLeasesPass, makeField, reckon, until, type Field } from '../support/field';
import { freshDatabase } from '../support/database';
import { randomFrom } from '../support/random';
import { startHubProcess, type HubProcess } from '../support/hub-process';
import type { PlantedFault } from '../support/planted-faults';
import { rootFolder } from '../support/root';

/**
 * The hub's process is killed (SIGKILL) at a place, started again and killed at the next, while clients go on sending and a
 * lead publishes. At the end everything that anybody was told has to be true, once. HUB_KILL_SEEDS asks for more seeds, each
 * then with every place, from HUB_KILL_FROM on; each then says its counts.
 */

/** Where a return, a request for work or a compile can be cut; `n` is replaced by a small number from the seed. */
const sending = [
  'submit.received:n',
  'submit.examined:n',
  'submit.locked:n',
  'submit.judged:n',
  'submit.versioned:n',
  'submit.stored:n',
  'ledger.locked:n',
  'ledger.signed:n',
  'ledger.appended:n',
  'submit.written:n',
  'submit.written:n,commit.sent:1',
  'submit.written:n,commit.done:1',
  'submit.answering:n',
  'submit.answered:n',
];
const working = [
  'outbox.appended:1',
  'outbox.appended:1,commit.sent:1',
  'outbox.appended:1,commit.done:1',
  'relay.leased:1',
  'relay.handed:1',
  'work.begun:1',
  'compile.read:1',
  'compile.protected:1',
  'compile.prepared:1',
  'compile.prepared:1,commit.sent:1',
  'release.frozen:1',
  'release.settled:1',
  'release.written:1',
  'release.written:1,commit.sent:1',
  'release.written:1,commit.done:1',
  'work.done:1',
];
const places = [...sending, ...working];

/** In the tests each seed visits some of the places, and together they visit each at least once; a soak visits all of them. */
const EACH = 16;
const asked = process.env.HUB_KILL_SEEDS;
const from = Number(process.env.HUB_KILL_FROM ?? 1);
const seeds = Array.from({ length: Number(asked ?? 3) }, (_, i) => from + i);
const placesOf = (seed: number): string[] => {
  const random = randomFrom(seed);
  const mine = asked
    ? places
    : Array.from({ length: EACH }, (_, i) => places[((seed - 1) * EACH + i) % places.length]!);
  return mine
    .map((place) => ({ place: place.replace(':n', `:${1 + Math.floor(random() * 5)}`), at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ place }) => place);
};
const isWork = (place: string) => working.includes(place);

/** As the hub loads it: built. */
const plants = join(rootFolder, 'dist/test/support/planted-faults.js');

let template: Awaited<ReturnType<typeof freshDatabase>>;
let field: Field;
beforeAll(async () => {
  template = await freshDatabase();
  field = await makeField(template);
}, 120_000);
afterAll(async () => {
  await field?.world.stop();
  await template?.stop();
});

/**
 * One seed on a database of its own: killed at each of these places in turn, started a last time, and reckoned with.
 * @param planted   a fault that the hub has
 * @param patience  seconds in which a round is published that somebody has asked for
 */
async function endure(seed: number, visited: readonly string[], planted?: PlantedFault, patience = 180) {
  const database = await freshDatabase(template.name);
  const more: Record<string, string> = planted ? { NODE_OPTIONS: `--require ${plants}`, HUB_PLANTED: planted } : {};
  const start = (environment: Record<string, string>) =>
    startHubProcess({ ...field.environment(database), ...more, ...environment });
  let hub: HubProcess | undefined;
  let there = false;
  const clients = new Clients(field, () => (there ? [hub!.url] : []), seed);
  try {
    const kills: string[] = [];
    const began = Date.now();
    clients.start();
    for (const place of visited) {
      const killed = await start({ HUB_CRASH_AT: place }).then(
        async (next) => {
          [hub, there] = [next, true];
          await letLeasesPass(database.ownerUrl);
          let ended: number | NodeJS.Signals | undefined;
          void next.ended.then((how) => ([ended, there] = [how, false]));
          await until(`${place} is passed`, () => {
            // One round after the other, until one of them passes the place.
            if (isWork(place) && ended === undefined) clients.publishNext();
            return ended !== undefined;
          });
          return [ended, next.stderr()];
        },
        (error: Error) => [error.message.includes('ended with 128') ? 'SIGKILL' : error.message, ''], // before it could say that it listens
      );
      expect([place, ...killed]).toEqual([place, 'SIGKILL', '']);
      kills.push(place);
      if (process.env.HUB_KILL_SAYS)
        process.stdout.write(`${seed} ${place} ${Date.now() - began} ms, ${clients.acknowledged}\n`);
    }
    [hub, there] = [await start({}), true];
    await letLeasesPass(database.ownerUrl);
    await until('what was asked for is published', () => !clients.isPublishing, patience);
    await clients.stop();
    const counts = await reckon(field, clients, hub.url, database.ownerUrl);
    expect(await hub.stop()).toBe(0);
    return { seed, kills, ...counts };
  } finally {
    await clients.abandon();
    await hub?.kill();
    await database.stop();
  }
}

test(
  `killed at ${asked ? places.length : EACH} places with each of ${seeds.length} seeds, the hub has lost nothing, done nothing twice and told nobody two things`,
  async () => {
    const reports: Awaited<ReturnType<typeof endure>>[] = [];
    // As many at once as two cores can bear.
    const waiting = [...seeds];
    const take = async () => {
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
        const report = await endure(seed, placesOf(seed));
        reports.push(report);
        const { kills, ...counts } = report;
        if (asked) process.stdout.write(`${kills.length} kills: ${JSON.stringify(counts)}\n`);
      }
    };
    const ends = await Promise.allSettled([take(), take(), take()]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    const sum = (of: (report: (typeof reports)[number]) => number) => reports.reduce((all, one) => all + of(one), 0);
    const visited = new Set(reports.flatMap(({ kills }) => kills.map((place) => place.replace(/:\d+/g, ''))));
    expect(visited.size).toBe(places.length);
    expect(sum(({ published }) => published)).toBeGreaterThan(0);
    process.stdout.write(
      `kills: ${visited.size} points × ${seeds.length} seeds, ${sum(({ kills }) => kills.length)} kills; ` +
        `${sum(({ acknowledged }) => acknowledged)} acknowledged, ${sum(({ unknown }) => unknown)} tries unknown, ` +
        `accepted ${sum(({ accepted }) => accepted)} = leaves ${sum(({ leaves }) => leaves)}, ` +
        `${sum(({ published }) => published)} rounds published once\n`,
    );
  },
  seeds.length * 600_000,
);

/** A return that is not known again is taken anew, or refused where one that was signed later has come. */
const NOT_KNOWN_AGAIN = /entriesAfterAllWasSentAgain|sentAgain/;

test.each<[PlantedFault, place: string, said: RegExp]>([
  ['answers before the commit', 'submit.answered:4', NOT_KNOWN_AGAIN],
  ['an entry of its own', 'submit.written:4', /"leaves"/],
  ['a name of its own for each try', 'submit.answering:4', NOT_KNOWN_AGAIN],
  ['done before it is', 'compile.read:1', /what was asked for is published/],
])(
  'a hub that has a fault is found out: %s',
  async (planted, place, said) => {
    const found = await endure(1, [place], planted, 8).catch((error: Error) => error);
    expect(found).toBeInstanceOf(Error);
    expect((found as Error).message).toMatch(said);
    process.stdout.write(`planted and found, killed at ${place}: ${planted}\n`);
  },
  180_000,
);
