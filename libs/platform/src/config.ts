import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { isMailAddress, isRegionCode, Refusal } from '@hub/kernel';
import { parseCrashSteps, type CrashStep } from './crash-points';
import { Variables, type Environment } from './variables';

/** Everything that the environment decides, parsed once at start. */
export interface Config {
  readonly production: boolean;
  /** TCP port of the API; 0 takes a free one. */
  readonly port: number;
  /** Where the numbers for an operator are read; null: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
  /** The hub's name: origin of its checkpoints, audience of envelopes, part of its ids. */
  readonly hubId: string;
  /** Regions that this hub answers for; null is all. */
  readonly regions: readonly string[] | null;
  readonly dataFolder: string;
  /** The owner's connection, for migrations; null starts the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  readonly loginUrls: Readonly<Record<Login, string | null>>;
  /** null: background work runs in this process. */
  readonly redisUrl: string | null;
  readonly issuer: string | null;
  readonly audience: string | null;
  readonly signingKeyFile: string | null;
  readonly logLevel: string;
  /** How long a compile is given: an edition asked for by hand appears so many seconds later; 0, outside production: when it is ready. */
  readonly compileSeconds: number;
  /** A request whose head and body are not there by then is cut off. */
  readonly requestSeconds: number;
  /** Returns that an authority may send or check in a minute; 0 is no limit. */
  readonly submissionsPerMinute: number;
  /** What the questions of a member may weigh together in a minute (`queryLimits`); 0 is no limit. */
  readonly readingPerMinute: number;
  /** Where the embedded PostgreSQL copies its log, so that backups can be made whole; null keeps none. */
  readonly walArchive: string | null;
  /** Treat figures as not yet published by the Department. For demonstrations; production refuses it. */
  readonly ignoreNationalMarks: boolean;
  /** null: no mail leaves the hub. */
  readonly smtpUrl: string | null;
  /** The sender of its mails. */
  readonly mailFrom: string;
  /** Which GraphQL documents the hub answers. */
  readonly trustedDocuments: TrustedDocuments;
  /** Where a test ends this process; production refuses it. */
  readonly crashAt: readonly CrashStep[];
}

export interface TrustedDocuments {
  /** No others than those that it knows. */
  readonly only: boolean;
  /** A file with further ones, beside those of the hub's own client and command line. */
  readonly more: string | null;
}

/** The four logins of running processes; the fifth role, the owner, only migrates. */
export type Login = 'intake' | 'reader' | 'desk' | 'worker';
export const logins: readonly Login[] = ['intake', 'reader', 'desk', 'worker'];
/** The setting that holds the connection of a login. */
export const urlOf = (login: Login) => `DATABASE_${login.toUpperCase()}_URL`;

/** Why a process did not start, in words for who runs it: each variable that is wrong and what was expected of it. */
export function whyNotStarted(error: unknown): string {
  if (!(error instanceof Refusal)) return error instanceof Error ? error.message : 'unknown cause';
  const { variable, expected, ...others } = error.facts;
  const { findings } = error.more;
  const lines = findings?.map((each) => `${each.pointer.slice(1)}: ${each.expected}`) ?? [];
  if (lines.length > 0) return lines.length === 1 ? lines[0]! : lines.map((line) => `\n  ${line}`).join('');
  if (error.code === 'CONFIGURATION' && variable !== undefined) return `${variable}: ${expected ?? 'not as it is'}`;
  const facts = Object.entries({ ...(expected === undefined ? {} : { expected }), ...others });
  return `${error.code}: ${error.message}. ${facts.map(([name, value]) => `${name} ${value}. `).join('')}${error.next}`;
}

const postgres = ['postgres', 'postgresql'];
const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

function identityOf(env: Variables, production: boolean): Pick<Config, 'hubId' | 'regions' | 'mailFrom'> {
  const hubId = env.text('HUB_ID') ?? 'hub-local';
  const mailFrom = env.text('HUB_MAIL_FROM') ?? `no-reply@${hubId}`;
  if (production) env.required('HUB_ID', 'the name of this hub, such as hub.north.example');
  if (!/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(hubId))
    env.refuse('HUB_ID', 'lower-case letters, digits, dots and hyphens');
  else if (!isMailAddress(mailFrom)) env.refuse('HUB_MAIL_FROM', 'an address such as no-reply@hub.north.example');
  const codes = env.text('HUB_REGIONS');
  const regions = codes === undefined ? null : codes.split(',').map((code) => code.trim());
  if (regions && !regions.every(isRegionCode))
    env.refuse('HUB_REGIONS', 'region codes with commas between, such as E12000001,E12000005');
  return { hubId, regions, mailFrom };
}

function databaseOf(env: Variables, production: boolean): Pick<Config, 'databaseUrl' | 'loginUrls' | 'walArchive'> {
  const databaseUrl = env.url('DATABASE_URL', postgres, production);
  const absent = logins.filter((login) => env.text(urlOf(login)) === undefined);
  // A hub that made the roles itself would have to be the owner of all roles, and keep their passwords beside its data.
  const expected = production
    ? 'postgres://hub_ROLE:…@… of this login, which production does not make itself'
    : 'all four logins, or none of them';
  if (production || absent.length < logins.length)
    for (const login of absent) env.refuse(urlOf(login), expected.replace('ROLE', login));
  const walArchive = env.path('HUB_WAL_ARCHIVE');
  if (walArchive !== null && databaseUrl !== null)
    env.refuse('HUB_WAL_ARCHIVE', 'absent with a DATABASE_URL: that server has an archive of its own');
  const loginUrls = Object.fromEntries(logins.map((login) => [login, env.url(urlOf(login), postgres)]));
  return { databaseUrl, loginUrls: loginUrls as Config['loginUrls'], walArchive };
}

function issuerOf(env: Variables, production: boolean): Pick<Config, 'issuer' | 'audience'> {
  const issuer = env.url('OIDC_ISSUER', ['https', 'http'], production);
  if (production && issuer?.startsWith('http://') && !['127.0.0.1', 'localhost'].includes(new URL(issuer).hostname))
    env.refuse('OIDC_ISSUER', 'https in production, unless the issuer is on this machine');
  const expected = 'the audience that access tokens for this hub carry';
  const isNeeded = production || issuer !== null;
  const audience = isNeeded ? env.required('OIDC_AUDIENCE', expected) : (env.text('OIDC_AUDIENCE') ?? null);
  return { issuer, audience };
}

/** What a demonstration or a test may do, and production never. */
function playOf(env: Variables, production: boolean): Pick<Config, 'ignoreNationalMarks' | 'crashAt'> {
  const marks = 'HUB_IGNORE_NATIONAL_MARKS';
  const ignoreNationalMarks = env.oneOf(marks, ['true', 'false'], 'false', 'true or false') === 'true';
  if (ignoreNationalMarks && production)
    env.refuse(marks, 'absent in production: what the Department prints is known anyway');
  const steps = env.text('HUB_CRASH_AT');
  const crashAt = steps === undefined ? [] : parseCrashSteps(steps);
  if (steps !== undefined && production) env.refuse('HUB_CRASH_AT', 'absent in production: it ends the process');
  else if (!crashAt) env.refuse('HUB_CRASH_AT', 'a point and how often, such as submit.written:3');
  return { ignoreNationalMarks, crashAt: crashAt ?? [] };
}

function trustedOf(env: Variables): TrustedDocuments {
  const text = env.text('HUB_TRUSTED_DOCUMENTS');
  return { only: text !== undefined, more: text === undefined || text === 'own' ? null : resolve(text) };
}

/** `9464` listens on this machine alone, `ADDRESS:9464` where a collector elsewhere reaches it: nobody is asked for a token there. */
function metricsOf(env: Variables): Config['metrics'] {
  const text = env.text('METRICS_PORT');
  if (text === undefined) return null;
  const [, host = '127.0.0.1', digits] = /^(?:([\d.]{7,15}|\[[\da-f:]{2,39}\]):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const address = host.replace(/[[\]]/g, '');
  if (!(port <= 65_535) || isIP(address) === 0)
    env.refuse(
      'METRICS_PORT',
      'a whole number from 0 to 65535, or an address of this machine before it, such as 10.0.0.5:9464',
    );
  else if (port !== 0 && port === Number(env.text('PORT') ?? 4000))
    env.refuse('METRICS_PORT', 'another port than PORT');
  return { host: address, port };
}

/**
 * Reads the environment. A variable that is set to nothing counts as absent.
 * @param typed  what stands behind the program's name: nothing may, for who types a command there did not mean to start a server
 * @throws Refusal CONFIGURATION with the name of every wrong variable and what was expected, never its value.
 */
export function readConfig(environment: Environment, typed: readonly string[] = []): Config {
  const env = new Variables(environment);
  if (typed.length > 0) env.refuse('arguments', 'none: this starts the server; commands are `npx hub …`');
  const production = env.text('NODE_ENV') === 'production';
  const signingKeyFile = env.text('HUB_SIGNING_KEY_FILE') ?? null;
  if (production && signingKeyFile === null)
    env.refuse('HUB_SIGNING_KEY_FILE', 'a file with the private Ed25519 JWK of this hub');
  const config: Config = {
    production,
    ...identityOf(env, production),
    ...databaseOf(env, production),
    ...issuerOf(env, production),
    ...playOf(env, production),
    port: env.number('PORT', 4000, 0, 65_535),
    metrics: metricsOf(env),
    dataFolder: env.path('HUB_DATA_DIR') ?? resolve('.data'),
    redisUrl: env.url('REDIS_URL', ['redis', 'rediss']),
    signingKeyFile,
    logLevel: env.oneOf('LOG_LEVEL', levels, 'info'),
    compileSeconds: env.number('HUB_COMPILE_SECONDS', production ? 600 : 0, production ? 60 : 0, 86_400),
    requestSeconds: env.number('HUB_REQUEST_SECONDS', 60, 1, 3600),
    submissionsPerMinute: env.number('HUB_SUBMISSIONS_PER_MINUTE', 600, 0, 1_000_000),
    readingPerMinute: env.number('HUB_READING_PER_MINUTE', 1_000_000, 0, 1_000_000_000),
    smtpUrl: env.url('HUB_SMTP_URL', ['smtp', 'smtps']),
    trustedDocuments: trustedOf(env),
  };
  env.end();
  return config;
}
/** The injection token of the Config. */
export const CONFIG = Symbol('Config');
