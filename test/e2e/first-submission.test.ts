import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** The one block of code of a page. */
function blockOf(page: string, language: string): string {
  const text = readFileSync(join(rootFolder, 'docs/how-to', `first-submission-${page}.md`), 'utf8');
  const blocks = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  expect(blocks).toHaveLength(1);
  return blocks[0]![1]!;
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

/** What came back is taken, and its receipt holds. */
function expectTaken({ own, authority }: { own: string; authority: string }): void {
  const submission = JSON.parse(readFileSync(join(own, 'submission.json'), 'utf8')) as Record<string, string>;
  expect(submission).toMatchObject({ state: 'accepted', version: 1 });
  const leaf = verifyReceipt(submission.receipt!, ledgerKey);
  expect(leaf).toMatchObject({ authority, period, envelope: submission.digest });
}

withOpenssl('with curl and openssl alone', async () => {
  const place = await placeOf(0);
  const said = execFileSync('bash', ['--norc', '-eo', 'pipefail', '-c', blockOf('curl', 'bash')], place.options);
  expect(said).toMatch(/"state":"PENDING".*"state":"ACTIVE"/s);
  expectTaken(place);
});

withPython('with Python and openssl', async () => {
  const place = await placeOf(1);
  expect(execFileSync('python3', ['-c', blockOf('python', 'python')], place.options)).toMatch(/^accepted sub_/);
  expectTaken(place);
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
  writeFileSync(join(own, 'first.mts'), blockOf('typescript', 'ts'));
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
    ...['first.mts', 'other.cts', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node'],
    ...['--typeRoots', './types', '--preserveSymlinks'],
  );
  expect(node('first.mjs')).toContain(`authority: '${place.authority}'`);
  expectTaken(place);
}, 240_000);
