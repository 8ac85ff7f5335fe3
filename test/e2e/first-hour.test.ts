import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyReceipt } from '@hub/ledger/domain';
import { exampleAgreement } from '../seed/seed';
import { built, typed } from '../support/command-line';
import { ask, freshDatabase } from '../support/database';
import { rootFolder } from '../support/root';
import { figuresOf, NORTH_EAST, World } from '../support/world';

/** The runbook's first hour: from an empty database, in production, to a first accepted return. */

const { dataset, returns } = figuresOf(`${NORTH_EAST}.quarterly`);
const first = returns[0]!;

let folder: string;
let world: World;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let settings: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'first-hour-'));
  database = await freshDatabase('template0');
  settings = { NODE_ENV: 'production', HUB_SIGNING_KEY_FILE: join(folder, 'hub-key.json') };
  expect(await built('keys', 'new', '--kid', 'hub', '--out', settings.HUB_SIGNING_KEY_FILE!)).toMatchObject({
    status: 0,
  });
});
afterAll(async () => {
  await world?.stop();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** `npm run operate`, with the hub's own settings. */
const operate = (...args: string[]): Promise<{ status: number; said: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...world.environment };
    const command = ['run', '--silent', 'operate', '--', ...args];
    execFile('npm', command, { cwd: rootFolder, env }, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr }),
    );
  });

/** The command line with the token of somebody, known to the hub or not. */
async function as([role, of]: readonly [string, string], ...args: string[]): Promise<Record<string, string>> {
  const file = join(folder, 'token');
  writeFileSync(file, await world.token(role, of));
  const { code, text, error } = await typed(world.hub.url, file, [...args, '--json']);
  expect([code, error]).toEqual([0, expect.anything()]);
  return JSON.parse(text) as Record<string, string>;
}

/** One invites, and who has been given the code takes it up. */
async function invite(by: readonly [string, string], seat: string, of: string): Promise<void> {
  const role = seat.replace(/-2$/, '');
  const { code } = await as(by, 'member', 'invite', '--role', role, '--of', of, '--name', `${seat} of ${of}`);
  const file = join(folder, 'code');
  writeFileSync(file, code!);
  await as([seat, of], 'member', 'accept', '--code-file', file);
}

test('an empty hub in production lets two stewards in, and they bring everybody else', async () => {
  world = await World.start({ dataFolder: folder, database, environment: settings, seeded: false });
  expect(await ask(database.ownerUrl, 'select from identity.member')).toEqual([]);

  const steward = (subject: string) => operate('steward', '--subject', subject, '--name', `Steward ${subject}`);
  expect(await steward('steward@hub')).toEqual({
    status: 0,
    said: 'Steward steward@hub is a steward; the hub has one, and needs a second\n',
  });
  expect((await steward('steward-2@hub')).said).toContain('two, and they invite all others');
  expect(await steward('steward-3@hub')).toEqual({
    status: 1,
    said: 'not done: steward: an invitation by a steward (hub member invite): the hub has two already\n',
  });
  const board = ['--code', 'brd-tees', '--name', 'Tees board', '--areas', 'E06000001,E06000004'];
  expect(await operate('organisation', ...board)).toMatchObject({ status: 0 });
  expect(await operate('organisation', ...board.slice(2))).toMatchObject({
    status: 2,
    said: expect.stringMatching(/^Missing: --code\.\nnpm run operate -- steward/) as string,
  });
  expect(await operate('stewards')).toMatchObject({ status: 2 });

  const lead = ['regional-lead', NORTH_EAST] as const;
  await invite(['steward', 'hub'], ...lead);
  await invite(lead, 'board-chair', 'brd-tees');
  for (const { authority } of exampleAgreement('north-east-benchmarking.v1').parties)
    for (const seat of ['authority-approver', 'authority-approver-2']) await invite(lead, seat, authority);

  // Keys by two approvers of each party, the agreement, and the round.
  await world.concludeAgreement(NORTH_EAST);
  await world.openRound(NORTH_EAST, dataset.code, first.period);

  const { authority } = first;
  const client = ['--of', authority, '--client', `authority-system@${authority}`, '--name', 'Case system'];
  const { id } = await as(['authority-approver', authority], 'system', 'register', ...client);
  await as(['authority-approver-2', authority], 'system', 'confirm', id!);
  const { answer } = await world.sendReturn(NORTH_EAST, dataset, first);
  expect(answer).toMatchObject({ status: 201, body: { state: 'accepted', version: 1 } });
  const { receipt } = answer.body as unknown as { receipt: string };
  expect(verifyReceipt(receipt, await world.ledgerKey())).toMatchObject({ authority, period: first.period });
}, 240_000);
