import { calculateJwkThumbprint } from 'jose';
import { isObject, parsePublicJwk, strictBase64url, strictObject, type RegisteredKey } from '@hub/identity/domain';
import { Refusal, type AuthorityCode } from '@hub/kernel';
import type { AgreementDocument } from './document';
import { verifyAgreementSignature, verifyWithdrawal } from './signature';

/** What a party can have signed: the agreement, and the notice that it leaves. */
export const signedThings = ['signature', 'withdrawal'] as const;
export type SignedThing = (typeof signedThings)[number];

/** A signature with the key that verifies it, as a hub shows it to those who have a part in the agreement. */
export interface SignatureMade {
  readonly authority: AuthorityCode;
  readonly what: SignedThing;
  /** The flattened JWS as it was sent, JSON text. */
  readonly jws: string;
  readonly kid: string;
  /** A public JWK; not judged yet. */
  readonly jwk: unknown;
}

/** What a signature says that holds. */
export interface SignatureHeld {
  readonly authority: AuthorityCode;
  readonly what: SignedThing;
  readonly kid: string;
  /** RFC 7638: what two people compare on the telephone. */
  readonly thumbprint: string;
  /** By the signer's clock. */
  readonly signedAt: Date;
  /** Of a notice: the first civil date on which it is no longer a party. */
  readonly from?: string;
}

/**
 * Verifies one signature or notice offline: that this key signed this very document, or the notice that a party to it
 * leaves. That the key was the authority's, and good then, is what the hub says of it: `keysOf` holds it against what the
 * authority itself says. A signature that the hub took counts whatever became of its key.
 * @param keysOf  the public JWKs that an authority is known to sign with; absent: the key beside the signature counts
 * @throws Refusal AGREEMENT_SIGNATURE_MALFORMED | KEY_MALFORMED | KEY_UNKNOWN (also where `keysOf` does not have it) |
 *   AGREEMENT_NOT_A_PARTY | SIGNATURE_INVALID
 */
export async function verifyMade(
  document: AgreementDocument,
  { authority, what, jws, jwk }: SignatureMade,
  keysOf?: (authority: string) => readonly unknown[],
): Promise<SignatureHeld> {
  const shown = parsePublicJwk(jwk);
  const thumbprint = await calculateJwkThumbprint(shown);
  if (keysOf) {
    const known = await Promise.all(keysOf(authority).map((key) => calculateJwkThumbprint(parsePublicJwk(key))));
    if (!known.includes(thumbprint)) throw new Refusal('KEY_UNKNOWN', { authority });
  }
  const key: RegisteredKey = {
    kid: shown.kid,
    organisation: authority,
    alg: shown.alg,
    jwk: shown,
    approvedAt: new Date(0),
    until: null,
    revokedAt: null,
  };
  const keyOf = (kid: string) => (kid === key.kid ? key : null);
  const now = new Date();
  const from = what === 'withdrawal' ? dayOf(jws) : undefined;
  const { kid, signedAt } =
    from === undefined
      ? await verifyAgreementSignature(document, jws, keyOf, now)
      : await verifyWithdrawal(document, from, jws, keyOf, now);
  return {
    authority,
    what,
    kid,
    thumbprint,
    signedAt: new Date(signedAt * 1000),
    ...(from === undefined ? {} : { from }),
  };
}

/** The day that a notice names; its signature is not looked at here. @throws Refusal AGREEMENT_SIGNATURE_MALFORMED */
function dayOf(jws: string): string {
  const payload = strictBase64url(strictObject(jws, 1)?.['payload']);
  const notice = payload && strictObject(payload, 2);
  if (!isObject(notice) || typeof notice['from'] !== 'string')
    throw new Refusal('AGREEMENT_SIGNATURE_MALFORMED', { expected: 'a notice with the day from which it holds' });
  return notice['from'];
}
