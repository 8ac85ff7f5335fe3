import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyReceipt } from '@hub/ledger/domain';
import { freshDatabase } from '../support/database';
import { rootFolder } from '../support/root';
import { figuresOf, NORTH_EAST, World } from '../support/world';

/** What the README tells a newcomer to type is typed here. */

const has = (program: string, flag: string) => spawnSync(program, [flag]).status === 0;
const maybe = has('openssl', 'version') && has('curl', '--version') ? test : test.skip;

maybe('the first submission with curl and openssl alone', async () => {
  const readme = readFileSync(join(rootFolder, 'README.md'), 'utf8');
  const script = /<!-- first-submission -->\s*```bash\n([\s\S]*?)```/.exec(readme)![1]!;
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  const database = await freshDatabase();
  const world = await World.start({ dataFolder: folder, database });
  try {
    await world.concludeAgreement(NORTH_EAST);
    const { dataset, returns } = figuresOf(`${NORTH_EAST}.quarterly`);
    const one = returns[0]!;
    await world.openRound(NORTH_EAST, dataset.code, one.period);
    writeFileSync(join(folder, 'payload.json'), JSON.stringify(world.payload(NORTH_EAST, dataset, one)));
    const said = execFileSync('bash', ['--norc', '-eo', 'pipefail', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HUB: world.hub.url,
        HUB_ID: world.hubId,
        AUTHORITY: one.authority,
        APPROVER_TOKEN: await world.token('authority-approver', one.authority),
        SECOND_APPROVER_TOKEN: await world.token('authority-approver-2', one.authority),
        TOKEN: await world.token('authority-system', one.authority),
      },
    });
    expect(said).toMatch(/"state":"PENDING".*"state":"ACTIVE"/s);
    const submission = JSON.parse(readFileSync(join(folder, 'submission.json'), 'utf8')) as Record<string, string>;
    expect(submission).toMatchObject({ state: 'accepted', version: 1 });
    const { ledgerKey } = (await (await fetch(`${world.hub.url}/.well-known/hub.json`)).json()) as {
      ledgerKey: string;
    };
    const leaf = verifyReceipt(submission.receipt!, ledgerKey);
    expect(leaf).toMatchObject({ authority: one.authority, period: one.period, envelope: submission.digest });
  } finally {
    await world.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
