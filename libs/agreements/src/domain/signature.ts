import { FlattenedSign, flattenedVerify, importJWK, type JWK } from 'jose';
import {
  assertGoodAt,
  hasExactly,
  strictBase64url,
  strictObject,
  type JsonObject,
  type RegisteredKey,
} from '@hub/identity/domain';
import { canonical, Refusal, type AuthorityCode } from '@hub/kernel';
import type { AgreementDocument } from './document';

export const AGREEMENT_SIGNATURE_TYPE = 'safeguarding-agreement+jws;v=1';

/** What a verified signature says. */
export interface AgreementSignature {
  readonly authority: AuthorityCode;
  readonly kid: string;
  /** When it was signed, by the signer's clock; seconds since 1970. */
  readonly signedAt: number;
}

export const WITHDRAWAL_TYPE = 'safeguarding-agreement-withdrawal+jws;v=1';

/** One party's notice that it leaves: signed like the agreement itself. */
export interface WithdrawalNotice {
  readonly v: 1;
  readonly agreement: { readonly id: string; readonly version: number };
  readonly authority: AuthorityCode;
  /** The first civil date on which it is no longer a party. */
  readonly from: string;
}

/** The text that the parties sign: the RFC 8785 form of the document. */
export const agreementDigestInput = (document: AgreementDocument): string => canonical(document);

/**
 * One party's signature: a flattened JWS (RFC 7515) over the RFC 8785 form, as JSON text.
 * @param jwk       private key with `kid` and `alg` (EdDSA or ES256)
 * @param signedAt  the moment of signing
 */
export const signAgreementDocument = (document: AgreementDocument, jwk: JWK, signedAt: Date): Promise<string> =>
  signText(agreementDigestInput(document), AGREEMENT_SIGNATURE_TYPE, jwk, signedAt);

/** One party's signed notice of withdrawal; as `signAgreementDocument`. */
export const signWithdrawal = (notice: WithdrawalNotice, jwk: JWK, signedAt: Date): Promise<string> =>
  signText(canonical(notice), WITHDRAWAL_TYPE, jwk, signedAt);

async function signText(text: string, typ: string, jwk: JWK, signedAt: Date): Promise<string> {
  const { kid, alg } = jwk;
  if (!kid || (alg !== 'EdDSA' && alg !== 'ES256'))
    throw new Refusal('KEY_MALFORMED', { expected: 'kid, and alg EdDSA or ES256' });
  const jws = await new FlattenedSign(Buffer.from(text))
    .setProtectedHeader({ alg, kid, typ, iat: Math.floor(signedAt.getTime() / 1000) })
    .sign(await importJWK(jwk, alg));
  return JSON.stringify({ payload: jws.payload, protected: jws.protected, signature: jws.signature });
}

type KeyOf = (kid: string) => RegisteredKey | null | undefined | Promise<RegisteredKey | null | undefined>;

/**
 * Verifies one party's signature of exactly this document. The key's organisation says which party signed; whether it
 * is the one that the caller acts for is for the caller to compare.
 * @param jwsText  as received
 * @param keyOf    the registered key of that name, whatever its state
 * @param now      when the hub has it; the key must be good at that moment
 * @throws Refusal AGREEMENT_SIGNATURE_MALFORMED; KEY_UNKNOWN (also for a key that is not approved yet) | KEY_REVOKED | KEY_RETIRED;
 *   AGREEMENT_NOT_A_PARTY when the key belongs to none of the parties; SIGNATURE_INVALID, also for another document
 */
export async function verifyAgreementSignature(
  document: AgreementDocument,
  jwsText: string,
  keyOf: KeyOf,
  now: Date,
): Promise<AgreementSignature> {
  const { key, payload, signedAt } = await verified(document, jwsText, AGREEMENT_SIGNATURE_TYPE, keyOf, now);
  if (!payload.equals(Buffer.from(agreementDigestInput(document)))) {
    throw new Refusal('SIGNATURE_INVALID', { expected: 'the RFC 8785 form of this document as payload' });
  }
  return { authority: key.organisation as AuthorityCode, kid: key.kid, signedAt };
}

/**
 * Verifies a party's notice that it leaves this version of the agreement from that date on.
 * @throws Refusal as `verifyAgreementSignature`; SIGNATURE_INVALID also for a notice about another agreement, party or date
 */
export async function verifyWithdrawal(
  document: AgreementDocument,
  from: string,
  jwsText: string,
  keyOf: KeyOf,
  now: Date,
): Promise<AgreementSignature> {
  const { key, payload, signedAt } = await verified(document, jwsText, WITHDRAWAL_TYPE, keyOf, now);
  const authority = key.organisation as AuthorityCode;
  const { id, version } = document;
  const notice: WithdrawalNotice = { v: 1, agreement: { id, version }, authority, from };
  if (!payload.equals(Buffer.from(canonical(notice)))) {
    throw new Refusal('SIGNATURE_INVALID', {
      expected: 'the RFC 8785 form of {"v","agreement","authority","from"} as payload',
    });
  }
  return { authority, kid: key.kid, signedAt };
}

/** A signature by a registered key of one of the parties. */
async function verified(
  document: AgreementDocument,
  jwsText: string,
  type: string,
  keyOf: KeyOf,
  now: Date,
): Promise<{ key: RegisteredKey; payload: Buffer; signedAt: number }> {
  const parts = membersOf(jwsText, ['payload', 'protected', 'signature']);
  const [payload, header, signature] = [parts.payload, parts.protected, parts.signature].map(strictBase64url);
  if (!payload?.length || !header?.length || !signature?.length) throw malformed('strict base64url');
  const { alg, kid, typ, iat } = membersOf(header, ['alg', 'kid', 'typ', 'iat']);
  if (typ !== type) throw malformed(`typ ${type}`);
  if (typeof kid !== 'string' || kid === '') throw malformed('kid as text');
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat) || iat < 0) throw malformed('iat as whole seconds');

  const key = await keyOf(kid);
  assertGoodAt(key, now);
  // The registered key fixes the algorithm; what the header says must agree with it.
  if (alg !== key.alg) throw new Refusal('SIGNATURE_INVALID', { expected: `alg ${key.alg}` });
  if (!document.parties.some(({ authority }) => authority === key.organisation)) {
    throw new Refusal('AGREEMENT_NOT_A_PARTY', { authority: key.organisation });
  }
  const holds = await flattenedVerify(
    parts as { payload: string; protected: string; signature: string },
    await importJWK(key.jwk as JWK, key.alg),
    { algorithms: [key.alg] },
  ).catch(() => undefined);
  if (!holds) throw new Refusal('SIGNATURE_INVALID', { kid: key.kid });
  return { key, payload, signedAt: iat };
}

const malformed = (expected: string) => new Refusal('AGREEMENT_SIGNATURE_MALFORMED', { expected });

/** The object that the text holds, when it has exactly these members. */
function membersOf<Name extends string>(input: string | Uint8Array, expected: readonly Name[]): Record<Name, unknown> {
  const found: JsonObject | undefined = strictObject(input, 1);
  if (!found) throw malformed('strict JSON');
  if (!hasExactly(found, expected)) throw malformed(`exactly the members ${expected.join(', ')}`);
  return found as Record<Name, unknown>;
}
