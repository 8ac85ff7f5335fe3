import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logins } from '@hub/platform';
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
