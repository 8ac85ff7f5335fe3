import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newKey } from '@hub/client';
import { logins } from '@hub/platform';
import { freshDatabase } from '../../support/database';
import { until } from '../../support/field';
import { startHubProcess } from '../../support/hub-process';
import { hubEnvironment } from '../../support/world';
import { folder, database, world, metricsPort } from './hub';

const withoutLogins = Object.fromEntries(logins.map((login) => [`DATABASE_${login.toUpperCase()}_URL`, '']));

test('a hub that cannot start says in one line which setting is wrong, and why', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const good = hubEnvironment({ dataFolder: folder, issuer: world.issuer, database });
  const wrongPassword = new URL(database.urls.desk);
  wrongPassword.password = 'hunter2';
  const faults: [variable: string, environment: Record<string, string>, why: RegExp][] = [
    ['DATABASE_URL', { DATABASE_URL: 'postgres://a:hunter2@127.0.0.1:9/x' }, /answers there .*\(ECONNREFUSED\)/],
    ['DATABASE_DESK_URL', { DATABASE_DESK_URL: wrongPassword.href }, /user and password .*\(28P01\)/],
    ['PORT', { PORT: new URL(world.hub.url).port }, /free .*\(EADDRINUSE\)/],
    ['METRICS_PORT', { METRICS_PORT: String(metricsPort) }, /free .*\(EADDRINUSE\)/],
    ['HUB_DATA_DIR', { HUB_DATA_DIR: file, DATABASE_URL: '', ...withoutLogins }, /a folder.*\(EEXIST\)/],
  ];
  const starts = faults.map(async ([variable, environment, why]) => {
    const said = await startHubProcess({ ...good, ...environment }).then(
      async (hub) => `it started: ${await hub.stop()}`,
      ({ message }: Error) => message.split(' before it was ready:\n')[1]!,
    );
    expect(said).toMatch(new RegExp(`^the hub did not start: ${variable}: .*\n$`));
    expect(said).toMatch(why);
    expect(said).not.toContain('hunter2');
  });
  await Promise.all(starts);
});

test('a key that anybody on the machine can read is told at the start, one that is the hub’s alone is not', async () => {
  const file = join(folder, 'open-key.json');
  writeFileSync(file, JSON.stringify(await newKey('hub')));
  const data = await freshDatabase();
  const said = 'Anybody on this machine can read the file of HUB_SIGNING_KEY_FILE';
  const start = (mode: number) => {
    chmodSync(file, mode);
    const environment = hubEnvironment({ dataFolder: folder, issuer: world.issuer, database: data });
    return startHubProcess({ ...environment, HUB_SIGNING_KEY_FILE: file });
  };
  try {
    const open = await start(0o644);
    await until('it says so', () => open.stderr().includes(said));
    await open.stop();
    const own = await start(0o600);
    await own.stop();
    expect(own.stderr()).not.toContain(said);
  } finally {
    await data.stop();
  }
});
