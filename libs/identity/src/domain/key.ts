import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { Refusal } from '@hub/kernel';
import {
  hasExactly,
  isAlgorithm,
  isObject,
  KID,
  readHeader,
  signatureHolds,
  signingInput,
  strictBase64url,
  strictObject,
  type Algorithm,
} from './jws';
import type { KeyHistory } from './key-history';

/** A public key as it is registered: no private part, no other member. */
export type PublicJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string; readonly kid: string; readonly alg: 'EdDSA' }
  | {
      readonly kty: 'EC';
      readonly crv: 'P-256';
      readonly x: string;
      readonly y: string;
      readonly kid: string;
      readonly alg: 'ES256';
    };

/** A public key as the hub has registered it; `assertGoodAt` says whether it may verify anything. */
export interface RegisteredKey extends KeyHistory {
  readonly kid: string;
  /** The code of the authority or agency that signs with it. */
  readonly organisation: string;
  readonly alg: Algorithm;
  readonly jwk: object;
}

/** The same, with the first of the keys that took each other's place up to this one: itself where it took none. */
export interface KeyInLine extends RegisteredKey {
  readonly line: string;
}

const malformed = (expected: string) => new Refusal('KEY_MALFORMED', { expected });

/** 2^255 − 19 */
const P = 2n ** 255n - 19n;
/** The y coordinates of the points of small order: with such a key one signature would hold for many messages. */
const smallOrder = [
  0n,
  1n,
  P - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
];
function isSoundEd25519(raw: Buffer): boolean {
  const y = BigInt(`0x${Buffer.from(raw).reverse().toString('hex')}`) & (2n ** 255n - 1n);
  return y < P && !smallOrder.includes(y);
}

/**
 * A public JWK that the hub can register: Ed25519 with `alg` EdDSA, or P-256 with ES256, and `kid`. `use` sig and
 * `key_ops` verify may stand beside; every other member is refused, a private part above all.
 * @param input  JSON text, or its parsed value
 * @throws Refusal KEY_MALFORMED
 */
export function parsePublicJwk(input: unknown): PublicJwk {
  const jwk = typeof input === 'string' ? strictObject(input, 2) : input;
  if (!isObject(jwk)) throw malformed('a public JWK as a JSON object');
  const { use, key_ops: operations, ...key } = jwk;
  if (use !== undefined && use !== 'sig') throw malformed('use sig');
  if (operations !== undefined && JSON.stringify(operations) !== '["verify"]') throw malformed('key_ops ["verify"]');
  const { kty, crv, x, y, kid, alg } = key;
  const isEd25519 = kty === 'OKP' && crv === 'Ed25519' && alg === 'EdDSA';
  const isP256 = kty === 'EC' && crv === 'P-256' && alg === 'ES256';
  if (!isEd25519 && !isP256) throw malformed('OKP Ed25519 with alg EdDSA, or EC P-256 with alg ES256');
  const members = ['kty', 'crv', 'x', 'kid', 'alg', ...(isP256 ? ['y'] : [])];
  if (!hasExactly(key, members)) throw malformed(`exactly the members ${members.join(', ')}`);
  if (typeof kid !== 'string' || !KID.test(kid))
    throw malformed('kid of 1 to 64 letters, digits, dots, colons, hyphens or underscores');
  const raw = strictBase64url(x);
  const sound = isEd25519
    ? raw?.length === 32 && isSoundEd25519(raw)
    : raw?.length === 32 &&
      strictBase64url(y)?.length === 32 &&
      isOnCurve({ kty: 'EC', crv, x: x as string, y: y as string });
  if (!sound) throw malformed('coordinates of 32 bytes in base64url, of a point that can sign');
  return isEd25519
    ? { kty: 'OKP', crv: 'Ed25519', x: x as string, kid, alg: 'EdDSA' }
    : { kty: 'EC', crv: 'P-256', x: x as string, y: y as string, kid, alg: 'ES256' };
}

function isOnCurve(jwk: JsonWebKey): boolean {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}

export const KEY_PROOF_TYPE = 'safeguarding-key-proof+jws;v=1';

/**
 * Verifies that the private half of a key signed `{"authority","kid"}` for that very authority or agency: a flattened JWS
 * whose protected header has the envelope's members.
 * @param proof  JSON text
 * @param jwk    the key that is to be registered
 * @returns for which hub (`aud`) and when (`iat`) it was signed
 * @throws Refusal KEY_PROOF_INVALID
 */
export async function verifyKeyProof(
  proof: string,
  jwk: PublicJwk,
  authority: string,
): Promise<{ readonly aud: string; readonly iat: number; readonly jti: string }> {
  const invalid = (expected: string) => new Refusal('KEY_PROOF_INVALID', { expected });
  const jws = strictObject(proof, 1);
  if (!jws || !hasExactly(jws, ['payload', 'protected', 'signature']))
    throw invalid('a flattened JWS: payload, protected, signature');
  const [payload, head, signature] = [jws['payload'], jws['protected'], jws['signature']].map(strictBase64url);
  if (!payload || !head || !signature) throw invalid('strict base64url');
  const header = readHeader(head, KEY_PROOF_TYPE);
  if ('fault' in header) throw invalid(header.expected);
  if (header.kid !== jwk.kid || header.alg !== jwk.alg || !isAlgorithm(jwk.alg))
    throw invalid("the new key's own kid and alg");
  const signed = signingInput(jws['protected'] as string, jws['payload'] as string);
  if (!signatureHolds(jwk.alg, jwk, signed, signature)) throw invalid('a signature by the new key');
  const claim = strictObject(payload, 1);
  if (
    !claim ||
    !hasExactly(claim, ['authority', 'kid']) ||
    claim['authority'] !== authority ||
    claim['kid'] !== jwk.kid
  ) {
    throw invalid('the payload {"authority","kid"} with the authority and key that are registered');
  }
  return { aud: header.aud, iat: header.iat, jti: header.jti };
}
