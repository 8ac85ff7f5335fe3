import { randomBytes } from 'node:crypto';
import { refusals } from '@hub/contracts';
import { signingInput } from '@hub/identity/domain';
import { baseAddress } from './hub-connection';
import { HubProblem, Unreachable } from './problem';
import { signBytes, type PrivateJwk } from './signing';

/** Where, as whom and for what an access token is asked for: client credentials with `private_key_jwt` (RFC 7523). */
export interface ClientCredentials {
  /** The token issuer: `issuer` of the hub's /.well-known/hub.json. Its discovery document names where to ask. */
  readonly issuer: string;
  /** The client's id at the issuer. */
  readonly client: string;
  /** The private half of the key that the issuer has of the client. Not the one that signs returns. */
  readonly key: PrivateJwk;
  /** What the token is for: `audience` of hub.json, sent as `resource` (RFC 8707). */
  readonly audience: string;
  /** For issuers that want one. */
  readonly scope?: string;
  /** What the assertion is addressed to; the issuer itself when absent. Some issuers want their token endpoint here. */
  readonly assertionAudience?: string;
  /** How long an answer may take; 10 seconds when absent. */
  readonly timeoutMs?: number;
}

/** Seconds for which an assertion holds: it is used at once. */
const ASSERTION_SECONDS = 60;
/** A token is renewed this long before its end, or a fifth of its life where that is shorter. */
const MARGIN_MS = 60_000;
/** RFC 6750's form of an access token. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;
/** What an issuer may give as its reason (RFC 6749, section 5.2; RFC 8707). */
const reasons = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
];

/** https, or this very machine: a token never crosses a network in the open. */
const isSafe = (url: string) =>
  URL.canParse(url) &&
  (new URL(url).protocol === 'https:' || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(url));

async function call(url: string, timeoutMs: number, body?: URLSearchParams) {
  if (!isSafe(url)) throw new Unreachable('The token issuer is asked over https alone.');
  try {
    const answer = await fetch(url, {
      // An issuer never sends its callers elsewhere; an assertion must not follow.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'application/json' },
      ...(body ? { method: 'POST', body } : {}),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> | null };
  } catch {
    throw new Unreachable(`No answer from the issuer at ${new URL(url).origin}.`);
  }
}

function assertionOf({ issuer, client, key, assertionAudience }: ClientCredentials, now: number): string {
  const seconds = Math.floor(now / 1000);
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const head = encoded({ alg: key.alg, kid: key.kid, typ: 'JWT' });
  const claims = encoded({
    iss: client,
    sub: client,
    aud: assertionAudience ?? issuer,
    jti: randomBytes(16).toString('base64url'),
    iat: seconds,
    exp: seconds + ASSERTION_SECONDS,
  });
  return `${head}.${claims}.${signBytes(key, signingInput(head, claims)).toString('base64url')}`;
}

/**
 * One access token, asked for now.
 * @returns the token, and after how many seconds it ends; a minute where the issuer does not say
 * @throws HubProblem TOKEN_REFUSED when the issuer gives none; Unreachable
 */
export async function requestToken(
  credentials: ClientCredentials,
  now: number = Date.now(),
): Promise<{ readonly token: string; readonly seconds: number }> {
  const { issuer, client, audience, scope, timeoutMs = 10_000 } = credentials;
  const { body: found } = await call(`${baseAddress(issuer)}/.well-known/openid-configuration`, timeoutMs);
  const endpoint = found?.['token_endpoint'];
  if (found?.['issuer'] !== issuer || typeof endpoint !== 'string') {
    throw new Unreachable('The discovery document is not that of the issuer.');
  }
  const { status, body } = await call(
    endpoint,
    timeoutMs,
    new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertionOf(credentials, now),
      resource: audience,
      ...(scope === undefined ? {} : { scope }),
    }),
  );
  const { access_token: token, token_type: type, expires_in: seconds, error } = body ?? {};
  if (status === 200 && typeof token === 'string' && TOKEN.test(token) && /^bearer$/i.test(String(type))) {
    return { token, seconds: typeof seconds === 'number' && seconds > 0 ? seconds : 60 };
  }
  if (status >= 500) throw new Unreachable(`The issuer at ${new URL(endpoint).origin} does not answer just now.`);
  const { title, next, kind } = refusals.TOKEN_REFUSED;
  const reason = reasons.find((one) => one === error);
  throw new HubProblem('TOKEN_REFUSED', title, { status, kind, next, ...(reason ? { facts: { reason } } : {}) });
}

/**
 * A source of access tokens for `HubClient`: asks once, keeps the token, and renews it before it ends. Whoever asks meanwhile
 * waits for the same answer. Where a renewal fails, a token that still holds is used on.
 * @param clock  milliseconds since 1970
 */
export function clientToken(credentials: ClientCredentials, clock: () => number = Date.now): () => Promise<string> {
  let held: { readonly token: string; readonly renewAt: number; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;
  const renew = async () => {
    const asked = clock();
    try {
      const { token, seconds } = await requestToken(credentials, asked);
      const until = asked + seconds * 1000;
      held = { token, until, renewAt: until - Math.min(MARGIN_MS, seconds * 200) };
    } catch (error) {
      if (!held || clock() >= held.until) throw error;
    } finally {
      asking = undefined;
    }
    return held.token;
  };
  return async () => (held && clock() < held.renewAt ? held.token : (asking ??= renew()));
}
