import { resolve } from 'node:path';
import { readConfig, whyNotStarted } from './config';

type Environment = Record<string, string>;

const database = 'postgres://hub_owner:s3cret@db.example:5432/hub';
const fourLogins = {
  DATABASE_INTAKE_URL: 'postgres://hub_intake:a@db.example/hub',
  DATABASE_READER_URL: 'postgres://hub_reader:b@db.example/hub',
  DATABASE_DESK_URL: 'postgresql://hub_desk:c@db.example/hub',
  DATABASE_WORKER_URL: 'postgres://hub_worker:d@db.example/hub',
};
const production: Environment = {
  NODE_ENV: 'production',
  HUB_ID: 'hub.north.example',
  DATABASE_URL: database,
  ...fourLogins,
  OIDC_ISSUER: 'https://issuer.example',
  OIDC_AUDIENCE: 'urn:safeguarding-hub',
  HUB_SIGNING_KEY_FILE: '/run/secrets/hub-key.json',
};

/** What the refusal of an environment says. */
function refusalOf(
  environment: Environment,
  given: readonly string[] = [],
): { variable: string; expected: string; whole: string } {
  try {
    readConfig(environment, given);
  } catch (error) {
    const { code, facts, message, more } = error as {
      code: string;
      facts: Record<string, string>;
      message: string;
      more: object;
    };
    expect(code).toBe('CONFIGURATION');
    return { variable: facts.variable!, expected: facts.expected!, whole: JSON.stringify([message, facts, more]) };
  }
  throw new Error('it was not refused');
}

const without = (environment: Environment, ...names: string[]): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));

test('an empty environment is a local hub that starts its own database and works in its own process', () => {
  expect(readConfig({})).toEqual({
    production: false,
    smtpUrl: null,
    mailFrom: 'no-reply@hub-local',
    compileSeconds: 0,
    requestSeconds: 60,
    submissionsPerMinute: 600,
    readingPerMinute: 1_000_000,
    trustedDocuments: { only: false, more: null },
    port: 4000,
    metrics: null,
    hubId: 'hub-local',
    regions: null,
    dataFolder: resolve('.data'),
    databaseUrl: null,
    loginUrls: { intake: null, reader: null, desk: null, worker: null },
    redisUrl: null,
    issuer: null,
    audience: null,
    signingKeyFile: null,
    logLevel: 'info',
    ignoreNationalMarks: false,
    crashAt: [],
    walArchive: null,
  });
});

test('what is given is taken', () => {
  const config = readConfig({
    ...production,
    PORT: '0',
    HUB_REGIONS: 'E12000001, net-south-west',
    HUB_DATA_DIR: '/var/lib/hub',
    REDIS_URL: 'rediss://cache.example:6380',
    LOG_LEVEL: 'warn',
  });
  expect(config).toMatchObject({
    production: true,
    compileSeconds: 600,
    port: 0,
    hubId: 'hub.north.example',
    regions: ['E12000001', 'net-south-west'],
    dataFolder: '/var/lib/hub',
    databaseUrl: database,
    redisUrl: 'rediss://cache.example:6380',
    issuer: 'https://issuer.example',
    audience: 'urn:safeguarding-hub',
    signingKeyFile: '/run/secrets/hub-key.json',
    logLevel: 'warn',
  });
  expect(config.loginUrls.desk).toBe(fourLogins.DATABASE_DESK_URL);
});

test('a variable that is set to nothing counts as absent', () => {
  const nothing = Object.fromEntries(
    [...Object.keys(production), 'PORT', 'HUB_REGIONS', 'HUB_DATA_DIR', 'LOG_LEVEL', 'REDIS_URL'].map((name) => [
      name,
      '',
    ]),
  );
  expect(readConfig(nothing)).toEqual(readConfig({}));
});

test('every document is answered unless some are trusted alone: the hub’s own, or those of a file too', () => {
  const trusted = (value?: string) => readConfig({ HUB_TRUSTED_DOCUMENTS: value }).trustedDocuments;
  expect(trusted()).toEqual({ only: false, more: null });
  expect(trusted('')).toEqual({ only: false, more: null });
  expect(trusted('own')).toEqual({ only: true, more: null });
  expect(trusted('/srv/documents.json')).toEqual({ only: true, more: '/srv/documents.json' });
});

test('numbers for an operator are read on this machine alone, unless an address is said', () => {
  const metrics = (value: string) => readConfig({ METRICS_PORT: value }).metrics;
  expect(metrics('9464')).toEqual({ host: '127.0.0.1', port: 9464 });
  expect(metrics('0.0.0.0:9464')).toEqual({ host: '0.0.0.0', port: 9464 });
  expect(metrics('[::]:9464')).toEqual({ host: '::', port: 9464 });
  expect(metrics('')).toBeNull();
});

test('a command typed at the server is refused: it must not start one', () => {
  const { variable, expected } = refusalOf({}, ['disclosure', 'protect']);
  expect([variable, expected]).toEqual(['arguments', 'none: this starts the server; commands are `npx hub …`']);
});

describe('a wrong variable is refused with its name and what was expected, and its value is not repeated', () => {
  const local = { DATABASE_URL: database, ...fourLogins };
  const wrong: [variable: string, value: string, expected: RegExp, besides?: Environment][] = [
    ['PORT', 'seven-thousand', /0 to 65535/],
    ['HUB_SMTP_URL', 'http://hunter2@mail.example', /smtp:/],
    ['HUB_MAIL_FROM', 'The hub <hunter2>', /address/],
    ['METRICS_PORT', 'ninety', /0 to 65535/],
    ['METRICS_PORT', '65536', /0 to 65535/],
    ['METRICS_PORT', '1.2.3:9464', /0 to 65535/],
    ['METRICS_PORT', 'hunter2.example:9464', /0 to 65535/],
    ['METRICS_PORT', '9464', /another port than PORT/, { PORT: '9464' }],
    ['PORT', '65536', /0 to 65535/],
    ['PORT', '-1', /0 to 65535/],
    ['PORT', '80.5', /0 to 65535/],
    ['HUB_REQUEST_SECONDS', '4000', /1 to 3600/],
    ['HUB_COMPILE_SECONDS', '100000', /0 to 86400/],
    ['HUB_SUBMISSIONS_PER_MINUTE', 'many', /0 to 1000000/],
    ['HUB_READING_PER_MINUTE', '-1', /0 to 1000000000/],
    ['HUB_ID', 'Hub_North', /lower-case/],
    ['HUB_ID', '-hub-north', /lower-case/],
    ['HUB_ID', 'h'.repeat(64), /lower-case/],
    ['HUB_REGIONS', 'E12000001,Yorkshire', /region codes/],
    ['HUB_REGIONS', 'E06000001', /region codes/],
    ['HUB_REGIONS', 'net-north--east', /region codes/],
    ['DATABASE_URL', 'mysql://root:hunter2@db.example/hub', /postgres:\/\//],
    ['DATABASE_URL', 'hunter2', /postgres:\/\//],
    ['DATABASE_INTAKE_URL', 'hunter2', /postgres:\/\//, local],
    ['DATABASE_READER_URL', 'https://hunter2', /postgres:\/\//, local],
    ['DATABASE_DESK_URL', 'redis://hunter2', /postgres:\/\//, local],
    ['DATABASE_WORKER_URL', '//hunter2', /postgres:\/\//, local],
    ['REDIS_URL', 'https://hunter2', /redis:\/\/ or rediss:\/\//],
    ['OIDC_ISSUER', 'ftp://hunter2', /https:\/\/ or http:\/\//, { OIDC_AUDIENCE: 'x' }],
    ['LOG_LEVEL', 'chatty', /fatal, error, warn/],
    ['HUB_IGNORE_NATIONAL_MARKS', 'perhaps', /true or false/],
    ['HUB_WAL_ARCHIVE', '/srv/archive', /absent with a DATABASE_URL/, local],
    ['HUB_CRASH_AT', 'submit.lunch:1', /a point and how often/],
    ['HUB_CRASH_AT', 'submit.written:0', /a point and how often/],
    ['HUB_CRASH_AT', 'submit.written:2,', /a point and how often/],
  ];
  test.each(wrong)('%s=%s', (variable, value, expected, besides = {}) => {
    const said = refusalOf({ ...besides, [variable]: value });
    expect(said.variable).toBe(variable);
    expect(said.expected).toMatch(expected);
    expect(said.whole).not.toContain(value);
    expect(said.whole).not.toContain('hunter2');
  });
});

describe('production has no defaults for what must be decided', () => {
  test('the whole set is accepted', () => expect(readConfig(production).production).toBe(true));

  const required = [
    'HUB_ID',
    'DATABASE_URL',
    ...Object.keys(fourLogins),
    'OIDC_ISSUER',
    'OIDC_AUDIENCE',
    'HUB_SIGNING_KEY_FILE',
  ];
  test.each(required)('%s is required', (variable) => {
    expect(refusalOf(without(production, variable)).variable).toBe(variable);
    expect(refusalOf({ ...production, [variable]: '' }).variable).toBe(variable);
  });

  test('figures that the Department prints cannot be treated as unpublished', () => {
    expect(refusalOf({ ...production, HUB_IGNORE_NATIONAL_MARKS: 'true' }).variable).toBe('HUB_IGNORE_NATIONAL_MARKS');
    expect(readConfig({ ...production, HUB_IGNORE_NATIONAL_MARKS: 'false' }).ignoreNationalMarks).toBe(false);
    expect(readConfig({ HUB_IGNORE_NATIONAL_MARKS: 'true' }).ignoreNationalMarks).toBe(true);
  });

  test('nothing of a test can end the process', () => {
    expect(refusalOf({ ...production, HUB_CRASH_AT: 'submit.written:1' })).toMatchObject({
      variable: 'HUB_CRASH_AT',
      expected: expect.stringContaining('absent in production') as string,
    });
    expect(readConfig({ HUB_CRASH_AT: 'submit.written:3,commit.sent:1' }).crashAt).toEqual([
      { point: 'submit.written', nth: 3 },
      { point: 'commit.sent', nth: 1 },
    ]);
  });

  test('the issuer speaks https, unless it is on this machine', () => {
    expect(refusalOf({ ...production, OIDC_ISSUER: 'http://issuer.example' }).variable).toBe('OIDC_ISSUER');
    expect(readConfig({ ...production, OIDC_ISSUER: 'http://127.0.0.1:9000' }).issuer).toBe('http://127.0.0.1:9000');
    expect(readConfig({ OIDC_ISSUER: 'http://issuer.example', OIDC_AUDIENCE: 'x' }).issuer).toBe(
      'http://issuer.example',
    );
  });
});

test('the four logins are given together or not at all, and in production all of them', () => {
  const said = saidOf(without(production, ...Object.keys(fourLogins)));
  expect(said.match(/DATABASE_\w+_URL/g)).toEqual(Object.keys(fourLogins));

  for (const missing of Object.keys(fourLogins)) {
    const said = refusalOf({ DATABASE_URL: database, ...without(fourLogins, missing) });
    expect(said).toMatchObject({ variable: missing, expected: 'all four logins, or none of them' });
  }
  expect(readConfig(fourLogins).loginUrls.worker).toBe(fourLogins.DATABASE_WORKER_URL);
  expect(readConfig({ DATABASE_URL: database }).loginUrls).toEqual({
    intake: null,
    reader: null,
    desk: null,
    worker: null,
  });
});

test('an issuer without an audience is refused, for then any token of that issuer would do', () => {
  expect(refusalOf({ OIDC_ISSUER: 'https://issuer.example' }).variable).toBe('OIDC_AUDIENCE');
});

/** What who runs the hub reads when it does not start. */
function saidOf(environment: Environment): string {
  try {
    readConfig(environment);
  } catch (error) {
    return whyNotStarted(error);
  }
  throw new Error('it is taken');
}

test('why a process did not start is said as the variable and what was expected, of all that are wrong at once', () => {
  expect(saidOf({ PORT: 'a secret' })).toBe('PORT: a whole number from 0 to 65535');
  expect(saidOf({ NODE_ENV: 'production', LOG_LEVEL: 'loud' }).split('\n  ').slice(1)).toEqual([
    'HUB_SIGNING_KEY_FILE: a file with the private Ed25519 JWK of this hub',
    'HUB_ID: the name of this hub, such as hub.north.example',
    'DATABASE_URL: a URL that begins with postgres:// or postgresql://',
    'DATABASE_INTAKE_URL: postgres://hub_intake:…@… of this login, which production does not make itself',
    'DATABASE_READER_URL: postgres://hub_reader:…@… of this login, which production does not make itself',
    'DATABASE_DESK_URL: postgres://hub_desk:…@… of this login, which production does not make itself',
    'DATABASE_WORKER_URL: postgres://hub_worker:…@… of this login, which production does not make itself',
    'OIDC_ISSUER: a URL that begins with https:// or http://',
    'OIDC_AUDIENCE: the audience that access tokens for this hub carry',
    'LOG_LEVEL: fatal, error, warn, info, debug, trace, silent',
  ]);
});

test('a name that is nearly one of ours is refused, for what it meant to set would be left as it is; others are not ours', () => {
  expect(saidOf({ HUB_COMPILE_SECOND: '5', HUB_REGION: 'E12000001' }).split('\n  ').slice(1)).toEqual([
    'HUB_COMPILE_SECOND: no such name; HUB_COMPILE_SECONDS is one',
    'HUB_REGION: no such name; HUB_REGIONS is one',
  ]);
  const others = { HUB_URL: 'x', HUB_TOKEN_FILE: 'x', HUB_KEY: 'x', HUB_PLANTED: 'x', HUB_TEST_RUN: 'x' };
  const orchestrator = {
    HUB_PORT: 'tcp://10.0.0.1:80',
    HUB_SERVICE_HOST: '10.0.0.1',
    HUB_PORT_80_TCP_ADDR: '10.0.0.1',
  };
  expect(readConfig({ ...others, ...orchestrator })).toEqual(readConfig({}));
});
