import { resolve } from 'node:path';
import { isMailAddress, Refusal } from '@hub/kernel';
import { parseCrashSteps, type CrashStep } from './crash-points';

/** Everything that the environment decides, parsed once at start. */
export interface Config {
  readonly production: boolean;
  /** TCP port of the API; 0 takes a free one. */
  readonly port: number;
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

type Environment = Readonly<Record<string, string | undefined>>;

const refuse = (variable: string, expected: string): never => {
  throw new Refusal('CONFIGURATION', { variable, expected });
};

/** Why a process did not start, in words for who runs it: the variable and what was expected, where that is it. */
export function whyNotStarted(error: unknown): string {
  if (!(error instanceof Refusal)) return error instanceof Error ? error.message : 'unknown cause';
  const { variable, expected, ...others } = error.facts;
  if (error.code === 'CONFIGURATION' && variable !== undefined) return `${variable}: ${expected ?? 'not as it is'}`;
  const facts = Object.entries({ ...(expected === undefined ? {} : { expected }), ...others });
  return `${error.code}: ${error.message}. ${facts.map(([name, value]) => `${name} ${value}. `).join('')}${error.next}`;
}

function urlOf(env: Environment, variable: string, schemes: readonly string[], required: boolean): string | null {
  const text = env[variable];
  const expected = `a URL that begins with ${schemes.map((s) => `${s}://`).join(' or ')}`;
  if (!text) return required ? refuse(variable, expected) : null;
  if (!URL.canParse(text) || !schemes.includes(new URL(text).protocol.slice(0, -1))) refuse(variable, expected);
  return text;
}

/**
 * Reads the environment. A variable that is set to nothing counts as absent: that is what a compose file makes of an
 * unset one.
 * @param typed  what stands behind the program's name: nothing may, for who types a command there did not mean to start a server
 * @throws Refusal CONFIGURATION with the variable's name and what was expected, never its value.
 */
export function readConfig(environment: Environment, typed: readonly string[] = []): Config {
  if (typed.length > 0) refuse('arguments', 'none: this starts the server; commands are `npx hub …`');
  const env: Environment = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const production = env.NODE_ENV === 'production';
  const port = env.PORT ?? '4000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) refuse('PORT', 'a number from 0 to 65535');
  const hubId =
    env.HUB_ID ?? (production ? refuse('HUB_ID', 'the name of this hub, such as hub.north.example') : 'hub-local');
  if (!/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(hubId))
    refuse('HUB_ID', 'lower-case letters, digits, dots and hyphens');
  const regions = env.HUB_REGIONS ? env.HUB_REGIONS.split(',').map((code) => code.trim()) : null;
  if (regions?.some((code) => !/^(E12\d{6}|net-[a-z0-9-]+)$/.test(code)))
    refuse('HUB_REGIONS', 'region codes with commas between, such as E12000001,E12000005');
  const postgres = ['postgres', 'postgresql'];
  const databaseUrl = urlOf(env, 'DATABASE_URL', postgres, production);
  const loginUrls = Object.fromEntries(
    logins.map((login) => [login, urlOf(env, `DATABASE_${login.toUpperCase()}_URL`, postgres, production)]),
  ) as Record<Login, string | null>;
  const given = logins.filter((login) => loginUrls[login]);
  if (given.length !== 0 && given.length !== logins.length) {
    refuse(
      `DATABASE_${logins.find((login) => !loginUrls[login])!.toUpperCase()}_URL`,
      'all four logins, or none of them',
    );
  }
  const marks = env.HUB_IGNORE_NATIONAL_MARKS ?? 'false';
  if (!['true', 'false'].includes(marks)) refuse('HUB_IGNORE_NATIONAL_MARKS', 'true or false');
  const ignoreNationalMarks = marks === 'true';
  if (ignoreNationalMarks && production)
    refuse('HUB_IGNORE_NATIONAL_MARKS', 'absent in production: what the Department prints is known anyway');
  if (env.HUB_CRASH_AT && production) refuse('HUB_CRASH_AT', 'absent in production: it ends the process');
  const crashAt = env.HUB_CRASH_AT ? parseCrashSteps(env.HUB_CRASH_AT) : [];
  const logLevel = env.LOG_LEVEL ?? 'info';
  const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
  if (!levels.includes(logLevel)) refuse('LOG_LEVEL', levels.join(', '));
  if (production && !env.HUB_SIGNING_KEY_FILE)
    refuse('HUB_SIGNING_KEY_FILE', 'a file with the private Ed25519 JWK of this hub');
  if (env.HUB_WAL_ARCHIVE && databaseUrl)
    refuse('HUB_WAL_ARCHIVE', 'absent with a DATABASE_URL: that server has an archive of its own');
  const issuer = urlOf(env, 'OIDC_ISSUER', ['https', 'http'], production);
  if (production && issuer?.startsWith('http://') && !['127.0.0.1', 'localhost'].includes(new URL(issuer).hostname)) {
    refuse('OIDC_ISSUER', 'https in production, unless the issuer is on this machine');
  }
  const audience =
    env.OIDC_AUDIENCE ??
    (production || issuer ? refuse('OIDC_AUDIENCE', 'the audience that access tokens for this hub carry') : null);
  const wholeNumber = (variable: string, otherwise: number, from: number, to: number): number => {
    const text = env[variable] ?? String(otherwise);
    if (!/^\d{1,7}$/.test(text) || Number(text) < from || Number(text) > to)
      refuse(variable, `a whole number from ${from} to ${to}`);
    return Number(text);
  };
  const smtpUrl = urlOf(env, 'HUB_SMTP_URL', ['smtp', 'smtps'], false);
  const mailFrom = env.HUB_MAIL_FROM ?? `no-reply@${hubId}`;
  if (!isMailAddress(mailFrom)) refuse('HUB_MAIL_FROM', 'an address such as no-reply@hub.north.example');
  return {
    production,
    smtpUrl,
    mailFrom,
    compileSeconds: wholeNumber('HUB_COMPILE_SECONDS', production ? 600 : 0, production ? 60 : 0, 86_400),
    requestSeconds: wholeNumber('HUB_REQUEST_SECONDS', 60, 1, 3600),
    submissionsPerMinute: wholeNumber('HUB_SUBMISSIONS_PER_MINUTE', 600, 0, 1_000_000),
    port: Number(port),
    hubId,
    regions,
    dataFolder: resolve(env.HUB_DATA_DIR ?? '.data'),
    databaseUrl,
    loginUrls,
    redisUrl: urlOf(env, 'REDIS_URL', ['redis', 'rediss'], false),
    issuer,
    audience,
    signingKeyFile: env.HUB_SIGNING_KEY_FILE ?? null,
    logLevel,
    walArchive: env.HUB_WAL_ARCHIVE ? resolve(env.HUB_WAL_ARCHIVE) : null,
    ignoreNationalMarks,
    trustedDocuments: {
      only: env.HUB_TRUSTED_DOCUMENTS !== undefined,
      more: [undefined, 'own'].includes(env.HUB_TRUSTED_DOCUMENTS) ? null : resolve(env.HUB_TRUSTED_DOCUMENTS!),
    },
    crashAt: crashAt ?? refuse('HUB_CRASH_AT', 'a point and how often, such as submit.written:3'),
  };
}
/** The injection token of the Config. */
export const CONFIG = Symbol('Config');
