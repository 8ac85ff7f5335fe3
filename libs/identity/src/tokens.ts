import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey, type RemoteJWKSet } from 'jose';
import { keep, Refusal } from '@hub/kernel';
import { strictBase64url } from './domain';

/** What the hub takes from an access token: whose it is, and nothing about what they may do. */
export interface Subject {
  readonly issuer: string;
  readonly subject: string;
}

const algorithms = ['EdDSA', 'ES256', 'PS256', 'RS256'];

const ofTheToken = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/** How many verified tokens are remembered; the oldest goes first. */
const MOST_REMEMBERED = 1_000;
/** Milliseconds after which a token is verified again: an issuer may take a key back. */
const LONGEST_REMEMBERED = 60_000;

/**
 * Verifies access tokens (RFC 9068, `typ: at+jwt`) of one OpenID Connect issuer: signature by its published keys,
 * issuer, audience, expiry.
 */
export class TokenVerifier {
  private keys: Promise<{ readonly find: JWTVerifyGetKey; readonly remote: RemoteJWKSet }> | null = null;
  /**
   * Tokens whose signature has been verified, by their SHA-256, until they expire: the same bytes under the same key
   * give the same answer. Only that is remembered; whether the subject is still a member is asked at every request.
   */
  private readonly verified = new Map<string, { readonly subject: Subject; readonly until: number }>();

  constructor(
    private readonly issuer: string | null,
    private readonly audience: string | null,
  ) {}

  /** The issuer's keys, found through its discovery document once and refreshed by jose. */
  private keySet(): NonNullable<TokenVerifier['keys']> {
    this.keys ??= (async () => {
      const address = `${this.issuer!.replace(/\/$/, '')}/.well-known/openid-configuration`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) });
      const { issuer, jwks_uri: jwks } = (await answer.json()) as { issuer?: string; jwks_uri?: string };
      if (issuer !== this.issuer || !jwks) throw new Error('the discovery document names another issuer');
      const remote = createRemoteJWKSet(new URL(jwks), { timeoutDuration: 5_000, cooldownDuration: 5_000 });
      const find: JWTVerifyGetKey = (header, input) =>
        remote(header, input).catch((error: unknown) => {
          // That the issuer has no such key is said of the token; anything else, of the issuer.
          if (ofTheToken.some((kind) => error instanceof kind)) throw error;
          throw new Refusal('UNAVAILABLE', { expected: 'the keys of the token issuer' });
        });
      return { find, remote };
    })();
    this.keys.catch(() => (this.keys = null));
    return this.keys;
  }

  /** Whether the issuer gives its keys. Where it has in the last seconds it is not asked again, however often somebody looks. */
  async reachable(): Promise<boolean> {
    if (this.issuer === null) return false;
    try {
      const { remote } = await this.keySet();
      if (!remote.coolingDown) await remote.reload();
      return true;
    } catch {
      return false;
    }
  }

  /** @throws Refusal TOKEN_INVALID; UNAVAILABLE when the issuer's keys cannot be had just now. */
  async verify(token: string): Promise<Subject> {
    if (!this.issuer || !this.audience) throw new Refusal('TOKEN_INVALID', { expected: 'an issuer in OIDC_ISSUER' });
    // jose reads other texts of the same token too.
    if (!token.split('.').every(strictBase64url)) throw new Refusal('TOKEN_INVALID');
    const digest = createHash('sha256').update(token).digest('base64url');
    const known = this.verified.get(digest);
    if (known && Date.now() < known.until) return known.subject;
    this.verified.delete(digest);
    const { find } = await this.keySet().catch(() => {
      throw new Refusal('UNAVAILABLE', { expected: 'an answer of the token issuer' });
    });
    try {
      const { payload } = await jwtVerify(token, find, {
        issuer: this.issuer,
        audience: this.audience,
        typ: 'at+jwt',
        algorithms,
        clockTolerance: 5,
        requiredClaims: ['exp', 'sub'],
      });
      const subject = { issuer: this.issuer, subject: payload.sub! };
      const remembered = Math.min(payload.exp! * 1000, Date.now() + LONGEST_REMEMBERED);
      keep(this.verified, MOST_REMEMBERED, digest, { subject, until: remembered });
      return subject;
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal('TOKEN_INVALID');
    }
  }
}
