import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { publicOf } from '@hub/client';
import { verifyReceipt } from '@hub/ledger/domain';
import { freshDatabase } from '../support/database';
import { rootFolder } from '../support/root';
import { figuresOf, NORTH_EAST, World } from '../support/world';

/** What the how-tos tell a newcomer to type is typed here, each by an authority of its own. */

const has = (program: string, flag: string) => spawnSync(program, [flag]).status === 0;
const withOpenssl = has('openssl', 'version') && has('curl', '--version') ? test : test.skip;
const withPython = has('openssl', 'version') && has('python3', '--version') ? test : test.skip;
const { dataset, returns } = figuresOf(`${NORTH_EAST}.quarterly`);
const { period } = returns[0]!;

let folder: string;
let ledgerKey: string;
let world: World;
let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'first-'));
  database = await freshDatabase();
  world = await World.start({ dataFolder: folder, database });
  await world.concludeAgreement(NORTH_EAST);
  await world.openRound(NORTH_EAST, dataset.code, period);
  ledgerKey = await world.ledgerKey();
});
afterAll(async () => {
  await world?.stop();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the files of a page into a folder: each block of code that begins with its name. */
function writeFilesOf(page: string, folder: string): string[] {
  const text = readFileSync(join(rootFolder, 'docs/how-to', `first-submission-${page}.md`), 'utf8');
  const files = [...text.matchAll(/^```\w+\n(?:#|\/\/) (\w+\.\w+)\n[\s\S]*?^```/gm)];
  return files.map(([block, name]) => {
    writeFileSync(join(folder, name!), block.slice(block.indexOf('\n') + 1, -3));
    return name!;
  });
}

/** A folder with the return of an authority, and the environment that the pages ask for. */
async function placeOf(place: number) {
  const one = returns.filter((each) => each.period === period)[place]!;
  const own = join(folder, one.authority);
  mkdirSync(own);
  writeFileSync(join(own, 'payload.json'), JSON.stringify(world.payload(NORTH_EAST, dataset, one)));
  const { authority } = one;
  const env = {
    PATH: process.env.PATH,
    HOME: own,
    HUB: world.hub.url,
    HUB_ID: world.hubId,
    AUTHORITY: authority,
    APPROVER_TOKEN: await world.token('authority-approver', authority),
    SECOND_APPROVER_TOKEN: await world.token('authority-approver-2', authority),
    TOKEN: await world.token('authority-system', authority),
  };
  return { own, authority, options: { cwd: own, encoding: 'utf8' as const, env } };
}

/** What was sent, and what came back: kept under the digest that the receipt holds. */
function keptIn({ own }: { own: string }, version = 1) {
  const answers = readdirSync(join(own, 'sent')).filter((name) => name.endsWith('.answer.json'));
  const read = (name: string) => JSON.parse(readFileSync(join(own, 'sent', name), 'utf8')) as Record<string, string>;
  const answer = answers.find((name) => Number(read(name).version) === version)!;
  const digest = answer.split('.')[0]!;
  return { ...read(answer), digest, answer: join('sent', answer), envelope: join('sent', `${digest}.envelope.json`) };
}
type Kept = ReturnType<typeof keptIn> & { readonly receipt: string; readonly state: string };

/** What came back is taken, and its receipt holds, by both programs that the pages name. */
function expectTaken(place: { own: string; authority: string }): void {
  const { own, authority } = place;
  const kept = keptIn(place) as Kept;
  expect(kept.state).toBe('accepted');
  const leaf = verifyReceipt(kept.receipt, ledgerKey);
  expect(leaf).toMatchObject({ authority, period, envelope: kept.digest, version: 1 });
  const programs = [
    [join(rootFolder, 'docs/examples/verify_receipt.py'), kept.answer, ledgerKey, kept.envelope],
    [join(rootFolder, 'dist/apps/cli/src/main.js'), 'receipt', 'verify', kept.answer, '--hub-key', ledgerKey].concat(
      '--envelope',
      kept.envelope,
    ),
  ];
  const said = programs.map(([program, ...args], i) =>
    execFileSync(i ? process.execPath : 'python3', [program!, ...args], { cwd: own, encoding: 'utf8' }),
  );
  for (const text of said) expect(text).toContain(kept.digest);
}

/** Figures changed, the next run is the next version; the same again finds what is there. */
function expectNext(place: { own: string }, send: () => string): void {
  const file = join(place.own, 'payload.json');
  const before = keptIn(place);
  expect(send()).toContain('These figures were there already');
  expect(existsSync(join(place.own, 'envelope.json'))).toBe(false);
  const payload = readFileSync(file, 'utf8');
  writeFileSync(file, payload.replace('{', '{ '));
  send();
  expect(keptIn(place, 2).digest).not.toBe(before.digest);
  expect(existsSync(join(place.own, keptIn(place, 2).envelope))).toBe(true);
}

withOpenssl('with curl and openssl alone', async () => {
  const place = await placeOf(0);
  expect(writeFilesOf('curl', place.own)).toEqual(['hub.sh', 'register.sh', 'send.sh']);
  const run = (file: string) => execFileSync('sh', [file], place.options);
  expect(run('register.sh')).toMatch(/"state":"PENDING".*"state":"ACTIVE"/s);
  const key = readFileSync(join(place.own, 'key.pem'));
  expect(run('register.sh')).toMatch(/"state":"ACTIVE".*"state":"ACTIVE"/s);
  expect(readFileSync(join(place.own, 'key.pem'))).toEqual(key);
  run('send.sh');
  expectTaken(place);
  expectNext(place, () => run('send.sh'));
});

withPython('with Python and openssl', async () => {
  const place = await placeOf(1);
  expect(writeFilesOf('python', place.own)).toEqual(['hub.py', 'register.py', 'send.py', 'system_token.py']);
  const run = (...args: string[]) => execFileSync('python3', args, place.options);
  const registered = run('register.py');
  expect(registered).toMatch(new RegExp(`^ACTIVE ${place.authority}-`));
  expect(run('register.py')).toBe(registered);
  expect(run('send.py')).toMatch(/accepted sub_/);
  expectTaken(place);
  expectNext(place, () => run('send.py'));

  // A system asks for its own token, with the key that its issuer has of it.
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', 'client.pem'], place.options);
  const jwk = run('-c', 'import hub, json; print(json.dumps(hub.public_key("client.pem")))');
  const client = await world.issuer.registerClient(JSON.parse(jwk) as ReturnType<typeof publicOf>);
  const token = execFileSync('python3', ['system_token.py'], {
    ...place.options,
    env: { ...place.options.env, CLIENT: client },
  });
  expect(JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())).toMatchObject({ sub: client });
});

withPython('with Python, where answers are lost on the way', async () => {
  const own = join(folder, 'lost');
  mkdirSync(own);
  writeFilesOf('python', own);
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  const answers: ((to: ServerResponse) => void)[] = [
    (to) => to.destroy(),
    (to) => void to.writeHead(200, { 'content-length': 100 }).write('{', () => to.destroy()),
    (to) => to.end('<html>Come back later</html>'),
    (to) => to.writeHead(503, { 'retry-after': inAnHour }).end('<html>'),
    (to) => to.writeHead(429, { 'retry-after': '7' }).end('{}'),
    (to) => to.writeHead(200, { 'retry-after': '9' }).end('{"errors":[{"extensions":{"kind":"tooMany"}}]}'),
    (to) => to.end('{"hubId":"here"}'),
    (to) => to.writeHead(403).end('{"code":"KEY_UNKNOWN"}'),
    (to) => to.end('{"errors":[{"extensions":{"kind":"forbidden","code":"KEY_FOREIGN"}}]}'),
  ];
  const server = createServer((_request, to) => (answers.shift() ?? (() => to.destroy()))(to)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Nothing waits here: the waits are told.
  const harness = `
import json, hub
waits = []
hub.time.sleep, hub.random.uniform = waits.append, lambda low, high: 0
print(json.dumps([hub.ask("/a"), waits]))
for path in "bc":
    try:
        hub.ask("/" + path)
    except hub.Refused as refusal:
        print(refusal)
try:
    hub.ask("/d", attempts=2)
except SystemExit as end:
    print(type(end).__name__, end)`;
  const env = {
    PATH: process.env.PATH,
    AUTHORITY: 'x',
    HUB: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const { stdout } = await promisify(execFile)('python3', ['-c', harness], { cwd: own, env }).finally(() =>
    server.close().closeAllConnections(),
  );
  const [first, ...refusals] = stdout.trim().split('\n');
  const [answer, waits] = JSON.parse(first!) as [object, number[]];
  expect(answer).toEqual({ hubId: 'here' });
  expect(waits).toEqual([0, 0, 0, expect.closeTo(3600, -2), 7, 9]);
  expect(refusals).toEqual([
    expect.stringContaining('KEY_UNKNOWN'),
    expect.stringContaining('KEY_FOREIGN'),
    expect.stringMatching(/^SystemExit the hub does not answer; run this again later/),
  ]);
});

test('with TypeScript and the package of the client, installed afresh', async () => {
  const place = await placeOf(2);
  const { own, options } = place;
  const node = (...args: string[]) => execFileSync(process.execPath, args, options);
  const npm = (...args: string[]) => execFileSync('npm', args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const made = join(own, 'made');
  node(join(rootFolder, 'infra/pack-client.mjs'), made);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', own], { ...options, cwd: made });
  rmSync(made, { recursive: true });
  const archive = readdirSync(own).find((name) => name.endsWith('.tgz'))!;

  // Its dependencies come from this checkout, so that no registry is needed.
  writeFileSync(join(own, 'package.json'), JSON.stringify({ name: 'fresh', version: '1.0.0', private: true }));
  const folders = new Set<string>();
  const gather = (name: string) => {
    const at = join(rootFolder, 'node_modules', name);
    if (folders.has(at)) return;
    folders.add(at);
    const { dependencies = {} } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as {
      dependencies?: object;
    };
    Object.keys(dependencies).forEach(gather);
  };
  const { dependencies } = JSON.parse(
    execFileSync('tar', ['-xOzf', join(own, archive), 'package/package.json'], { encoding: 'utf8' }),
  ) as { dependencies: object };
  Object.keys(dependencies).forEach(gather);
  expect([...folders].filter((each) => /@nestjs|typeorm|graphql|express/.test(each))).toEqual([]);
  npm(
    'install',
    '--offline',
    '--no-audit',
    '--no-fund',
    '--install-links=true',
    '--ignore-scripts',
    `./${archive}`,
    ...folders,
  );

  // ESM and CommonJS are typed, and give the same.
  const names = node(
    '--input-type=module',
    '-e',
    `console.log(Object.keys(await import('safeguarding-hub-client')).sort().join())`,
  );
  expect(names.split(',').length).toBeGreaterThan(30);
  expect(node('-e', `console.log(Object.keys(require('safeguarding-hub-client')).sort().join())`)).toBe(names);
  expect(writeFilesOf('typescript', own)).toEqual(['register.mts', 'send.mts']);
  writeFileSync(
    join(own, 'other.cts'),
    `import { HubClient, makePayload, type Patience } from 'safeguarding-hub-client';
     export const patience: Patience = { attempts: 3 };
     export const hub: HubClient = new HubClient({ url: 'https://hub.example' });
     // @ts-expect-error an attempt is a number
     export const wrong: Patience = { attempts: 'many' };
     export const make: typeof makePayload = makePayload;\n`,
  );
  symlinkSync(join(rootFolder, 'node_modules/@types'), join(own, 'types'));
  symlinkSync(join(rootFolder, 'node_modules/undici-types'), join(own, 'node_modules/undici-types'));
  node(
    join(rootFolder, 'node_modules/typescript/bin/tsc'),
    ...[
      'register.mts',
      'send.mts',
      'other.cts',
      '--strict',
      '--target',
      'es2023',
      '--module',
      'nodenext',
      '--types',
      'node',
    ],
    ...['--typeRoots', './types', '--preserveSymlinks'],
  );
  const registered = node('register.mjs');
  expect(node('register.mjs')).toBe(registered);
  expect(node('send.mjs')).toContain(`authority: '${place.authority}'`);
  expectTaken(place);
  expectNext(place, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['send.mjs'], options);
    expect(status).toBe(0);
    return stdout + stderr;
  });
}, 240_000);
