import {
  agreementDigestInput,
  parseAgreement,
  signAgreementDocument,
  signWithdrawal,
  verifyMade,
  type AgreementDocument,
  type SignatureHeld,
  type SignatureMade,
} from '@hub/agreements/domain';
import { parseAuthorityCode, parseStrictJson, Refusal, sha256 } from '@hub/kernel';
import { NotSignable, type PrivateJwk } from './signing';

export type { AgreementDocument, SignatureHeld, SignatureMade };

/** Deeper than the form of an agreement goes. */
const DEPTH = 8;

/**
 * Reads an agreement document as it stands in a file.
 * @param text  JSON; only its RFC 8785 form is signed, so spaces and the order of members do not matter
 * @throws NotStrictJson | Refusal AGREEMENT_MALFORMED | AGREEMENT_UNSUPPRESSED
 */
export const readAgreement = (text: string | Uint8Array): AgreementDocument =>
  parseAgreement(parseStrictJson(text, DEPTH));

/** SHA-256 of what the parties sign, lower-case hex: by it everybody can tell that they mean the same words. */
export const agreementDigest = (document: AgreementDocument): string =>
  sha256(agreementDigestInput(document)).toString('hex');

/**
 * A party's signature of an agreement, made on this machine; the hub takes it by `HubClient.signAgreement`.
 * @param options.digest  what has been agreed, where it is known: another document is not signed
 * @param options.at      the moment of signing; now when absent
 * @throws NotSignable when the document has another digest
 */
export async function signAgreement(options: {
  readonly document: AgreementDocument;
  readonly key: PrivateJwk;
  readonly digest?: string;
  readonly at?: Date;
}): Promise<string> {
  const { document, key, digest, at = new Date() } = options;
  if (digest !== undefined && digest !== agreementDigest(document))
    throw new NotSignable('The document does not have that digest: these are not the agreed words.');
  return signAgreementDocument(document, { ...key }, at);
}

/**
 * A party's signed notice that it leaves a version of an agreement.
 * @param options.from  the first civil date on which it is no longer a party, `2026-04-01`
 * @throws Refusal CODE_MALFORMED for an authority that is none
 */
export async function signNotice(options: {
  readonly agreement: { readonly id: string; readonly version: number };
  readonly authority: string;
  readonly from: string;
  readonly key: PrivateJwk;
  readonly at?: Date;
}): Promise<string> {
  const { agreement, authority, from, key, at = new Date() } = options;
  const { id, version } = agreement;
  const notice = { v: 1, agreement: { id, version }, authority: parseAuthorityCode(authority), from } as const;
  return signWithdrawal(notice, { ...key }, at);
}

/** A document with what its parties have signed. */
export interface SignedAgreement {
  readonly document: AgreementDocument;
  readonly signatures: readonly SignatureMade[];
}
/** What is true of a signed document, as far as this machine can see. */
export interface AgreementVerdict {
  readonly digest: string;
  /** Every party of the document, in its order; without `signature` it has not signed. */
  readonly parties: readonly {
    readonly authority: string;
    readonly signature?: SignatureHeld;
    readonly withdrawal?: SignatureHeld;
  }[];
  /** The first signature that does not hold; what comes after it was not looked at. */
  readonly broken?: { readonly authority: string; readonly what: string; readonly refusal: Refusal };
}

/**
 * Verifies offline who has signed this very document.
 * @param keysOf  the public JWKs of an authority as that authority itself gives them; absent: those beside the signatures
 */
export async function verifyAgreement(
  { document, signatures }: SignedAgreement,
  keysOf?: (authority: string) => readonly unknown[],
): Promise<AgreementVerdict> {
  const held: SignatureHeld[] = [];
  let broken: AgreementVerdict['broken'];
  for (const made of signatures) {
    try {
      held.push(await verifyMade(document, made, keysOf));
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      broken = { authority: made.authority, what: made.what, refusal };
      break;
    }
  }
  const find = (authority: string, what: SignatureHeld['what']) =>
    held.find((one) => one.authority === authority && one.what === what);
  const parties = document.parties.map(({ authority }) => {
    const [signature, withdrawal] = [find(authority, 'signature'), find(authority, 'withdrawal')];
    return { authority, ...(signature ? { signature } : {}), ...(withdrawal ? { withdrawal } : {}) };
  });
  return { digest: agreementDigest(document), parties, ...(broken ? { broken } : {}) };
}
