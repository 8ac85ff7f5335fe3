import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { NotStrictJson, parseStrictJson } from '@hub/kernel';

/** The algorithms that a key can be registered with. Ed25519 signs as EdDSA, P-256 as ES256. */
const algorithms = ['EdDSA', 'ES256'] as const;
export type Algorithm = (typeof algorithms)[number];
export const isAlgorithm = (value: unknown): value is Algorithm => algorithms.some((known) => known === value);

/** What the name of a key looks like. */
export const KID = /^[A-Za-z0-9._:-]{1,64}$/;

/**
 * The bytes of a base64url text (RFC 4648, no padding) that is the only one for them; undefined for any other: other
 * alphabets, padding, spaces, spare bits that are not zero. Libraries accept those, and then one signed message would
 * have many texts.
 */
export function strictBase64url(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** What a JWS signs (RFC 7515, 5.1): the two texts as they stand, with a dot between. */
export const signingInput = (protectedText: string, payloadText: string): Buffer =>
  Buffer.from(`${protectedText}.${payloadText}`);

/**
 * Whether the signature holds. The algorithm is the registered key's, never the header's. ES256 signatures are the 64
 * raw bytes r ‖ s.
 */
export function signatureHolds(alg: Algorithm, jwk: object, signed: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  if (key.asymmetricKeyType !== (alg === 'EdDSA' ? 'ed25519' : 'ec')) return false;
  return verify(alg === 'EdDSA' ? null : 'sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

export type JsonObject = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const hasExactly = (value: JsonObject, members: readonly string[]): boolean =>
  Object.keys(value).length === members.length && members.every((name) => Object.hasOwn(value, name));

/** A JSON object in its one reading, or undefined. */
export function strictObject(input: Uint8Array | string, depth: number): JsonObject | undefined {
  try {
    const value = parseStrictJson(input, depth);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The protected header of everything that is sent to the hub: exactly these members. */
export interface Header {
  readonly alg: Algorithm;
  readonly kid: string;
  readonly typ: string;
  /** Seconds since 1970. */
  readonly iat: number;
  /** At least 120 random bits in base64url. */
  readonly jti: string;
  /** The hub's id. */
  readonly aud: string;
}

/** Why a protected header is not accepted: its algorithm, or anything else, with what was expected. */
export type HeaderFault = { readonly fault: 'algorithm' | 'header'; readonly expected: string };

const jsonObject = 'a JSON object without duplicate members';
const headerMembers = ['alg', 'kid', 'typ', 'iat', 'jti', 'aud'];
const JTI = /^[A-Za-z0-9_-]{20,64}$/;
const AUDIENCE = /^[^\x00-\x20\x7f]{1,256}$/;

/** Reads a protected header. Members that name keys or demand understanding (`jwk`, `jku`, `x5c`, `crit`, …) are refused with every other. */
export function readHeader(bytes: Uint8Array, typ: string): Header | HeaderFault {
  const fault = (expected: string): HeaderFault => ({ fault: 'header', expected });
  const whole = 'iat in whole seconds since 1970';
  let header: unknown;
  try {
    header = parseStrictJson(bytes, 2);
  } catch (error) {
    return fault(error instanceof NotStrictJson && error.reason === 'number' ? whole : jsonObject);
  }
  if (!isObject(header)) return fault(jsonObject);
  if (Object.hasOwn(header, 'alg') && !isAlgorithm(header['alg']))
    return { fault: 'algorithm', expected: algorithms.join(' or ') };
  if (!hasExactly(header, headerMembers)) return fault(`exactly the members ${headerMembers.join(', ')}`);
  const { alg, kid, iat, jti, aud } = header;
  if (header['typ'] !== typ) return fault(`typ ${typ}`);
  if (typeof kid !== 'string' || !KID.test(kid))
    return fault('kid of 1 to 64 letters, digits, dots, colons, hyphens or underscores');
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat) || iat < 0) return fault(whole);
  if (typeof jti !== 'string' || !JTI.test(jti))
    return fault('jti of 20 to 64 base64url characters, at least 120 random bits');
  if (typeof aud !== 'string' || !AUDIENCE.test(aud)) return fault("aud, the hub's id as text");
  return { alg: alg as Algorithm, kid, typ, iat, jti, aud };
}
