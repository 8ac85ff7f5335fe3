import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@hub/platform';
import { Clients, letLeasesPass, makeField, reckon, until, type Field } from '../support/field';
import { startHubProcess, type HubProcess } from '../support/hub-process';
import { postmasterOf } from '../support/postmaster';

/** Two hubs on one PostgreSQL with fsync, and clients that go on sending while the server or a hub is stopped. */

let folder: string;
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
let ownerUrl: string;
let field: Field;
let hubs: HubProcess[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-outages-'));
  server = await startEmbeddedPostgres(folder);
  await server.createDatabase('hub');
  ownerUrl = server.url('hub');
  field = await makeField({ ownerUrl }, folder);
  hubs = await Promise.all([start(), start()]);
}, 180_000);
afterAll(async () => {
  await Promise.all(hubs.map((hub) => hub.stop()));
  await field?.world.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
const start = () => startHubProcess(field.environment({ ownerUrl }));

/** The embedded server: its number, and how it was started. */
function postmaster(): { pid: number; command: string[] } {
  const pid = postmasterOf(folder);
  return { pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1) };
}
const isAlive = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
};
const readiness = async (hub: HubProcess) => {
  const answer = await fetch(`${hub.url}/health/ready`);
  return { status: answer.status, text: await answer.text() };
};
/** So many more are acknowledged from here on. */
const more = (clients: Clients, n: number) => {
  const from = clients.acknowledged;
  return until(`${n} more are acknowledged`, () => clients.acknowledged >= from + n);
};

test('PostgreSQL stops at once, twice, and starts again: the hubs live on, and what was acknowledged is there once', async () => {
  const clients = new Clients(field, () => hubs.map(({ url }) => url), 1, 20);
  clients.start();
  try {
    for (let stops = 0; stops < 2; stops++) {
      await more(clients, 30);
      clients.publishNext();
      const { pid, command } = postmaster();
      process.kill(pid, 'SIGQUIT');
      await until('the server is gone', () => !isAlive(pid));
      await until('both hubs say so', async () =>
        (await Promise.all(hubs.map(readiness))).every(
          ({ status, text }) => status === 503 && text.includes('missing database: does not answer'),
        ),
      );
      const [program, ...args] = command;
      const asServer = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
      spawn(program!, args, { ...asServer, cwd: '/', detached: true, stdio: 'ignore' }).unref();
      await until('both hubs are ready', async () =>
        (await Promise.all(hubs.map(readiness))).every(({ status }) => status === 200),
      );
      await letLeasesPass(ownerUrl);
      await until('the round is published', () => !clients.isPublishing);
    }
    await more(clients, 30);
    const { text } = await readiness(hubs[0]!);
    await clients.stop();
    const counts = await reckon(field, clients, hubs[0]!.url, ownerUrl);
    expect(counts.published).toBe(2);
    // Two hubs and the clients share the processors of this machine.
    process.stdout.write(
      `PostgreSQL stopped at once, 2 times: ${JSON.stringify(counts)}; under load, ${/event loop: .*/.exec(text)![0]}\n`,
    );
  } finally {
    await clients.abandon();
  }
}, 240_000);

test('SIGTERM under load ends a hub with 0 within ten seconds; what it had taken is answered, and nothing is lost or done twice', async () => {
  let listening = [...hubs];
  const clients = new Clients(field, () => listening.map(({ url }) => url), 2, 5, 2);
  clients.start();
  try {
    const took: number[] = [];
    for (let i = 0; i < 2; i++) {
      await more(clients, 30);
      clients.publishNext();
      const leaving = listening[0]!;
      const said = leaving.stderr().length;
      const asked = Date.now();
      const ended = leaving.stop();
      expect([await ended, leaving.stderr().slice(said)]).toEqual([0, '']);
      took.push(Date.now() - asked);
      expect(took.at(-1)).toBeLessThan(10_000);
      hubs = listening = [listening[1]!, await start()];
      await letLeasesPass(ownerUrl);
      await until('the round is published', () => !clients.isPublishing);
    }
    await clients.stop();
    const counts = await reckon(field, clients, hubs[0]!.url, ownerUrl);
    process.stdout.write(
      `SIGTERM under load, 2 times: ended after ${took.join(' and ')} ms; ${JSON.stringify(counts)}\n`,
    );
  } finally {
    await clients.abandon();
  }
}, 240_000);
