import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { canonical, parseStrictJson } from '@hub/kernel';
import {
  isObject,
  KEY_PROOF_TYPE,
  parsePublicJwk,
  signatureHolds,
  signingInput,
  strictObject,
  type Algorithm,
  type PublicJwk,
} from '@hub/identity/domain';
import { ENVELOPE_TYPE, limits, parseEnvelope, type Envelope } from '@hub/submissions/domain';

/** A private key with its name and algorithm (RFC 7517). Keep it where nobody else can read it. */
export type PrivateJwk = PublicJwk & { readonly d: string };

/** Why signing is not possible: the key, the payload or the other envelope. Holds nothing of them. */
export class NotSignable extends Error {
  override readonly name = 'NotSignable';
}

/**
 * A new key pair, made on this machine.
 * @param kid  its name: 1 to 64 letters, digits, dots, colons, hyphens or underscores
 * @throws Refusal KEY_MALFORMED when the name is not of that form
 */
export async function newKey(kid: string, alg: Algorithm = 'EdDSA'): Promise<PrivateJwk> {
  const pair = alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { d, ...jwk } = pair.privateKey.export({ format: 'jwk' });
  return { ...parsePublicJwk({ ...jwk, kid, alg }), d: d! };
}

/** The public half, as it is registered. */
export const publicOf = ({ d: _private, ...jwk }: PrivateJwk): PublicJwk => jwk as PublicJwk;

/**
 * Reads a private key as `hub keys new` writes it.
 * @param input  JSON text, or its parsed value
 * @throws NotSignable | Refusal KEY_MALFORMED
 */
export function parsePrivateJwk(input: unknown): PrivateJwk {
  const jwk = typeof input === 'string' ? strictObject(input, 2) : input;
  if (!isObject(jwk) || typeof jwk['d'] !== 'string') throw new NotSignable('The key is not a private JWK.');
  const { d, key_ops: _operations, ext: _extractable, ...rest } = jwk;
  const publicJwk = parsePublicJwk(rest);
  const key: PrivateJwk = { ...publicJwk, d: d as string };
  if (!halvesMatch(key)) throw new NotSignable('The two halves of the key do not belong together.');
  return key;
}

function halvesMatch(key: PrivateJwk): boolean {
  try {
    const anything = Buffer.from('anything');
    return signatureHolds(key.alg, publicOf(key), anything, signBytes(key, anything));
  } catch {
    return false;
  }
}

/** The bare signature, as JWS writes it (RFC 7518, section 3.4). */
export const signBytes = (key: PrivateJwk, bytes: Uint8Array): Buffer =>
  sign(key.alg === 'EdDSA' ? null : 'sha256', bytes, {
    key: createPrivateKey({ key: { ...key }, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363',
  });

export interface SignOptions {
  readonly key: PrivateJwk;
  /** The hub's id, `hubId` of /.well-known/hub.json. */
  readonly aud: string;
  /** At least 120 random bits in base64url; made when absent. Keep it to send the very same return again. */
  readonly jti?: string;
  /** Seconds since 1970; now when absent. */
  readonly iat?: number;
}

function signText(payload: Uint8Array, typ: string, { key, aud, jti, iat }: SignOptions) {
  const header = {
    alg: key.alg,
    kid: key.kid,
    typ,
    iat: iat ?? Math.floor(Date.now() / 1000),
    jti: jti ?? randomBytes(16).toString('base64url'),
    aud,
  };
  const encoded = {
    payload: Buffer.from(payload).toString('base64url'),
    protected: Buffer.from(canonical(header)).toString('base64url'),
  };
  const signature = signBytes(key, signingInput(encoded.protected, encoded.payload));
  return { ...encoded, signature: signature.toString('base64url') };
}

/**
 * Signs a payload exactly as given, byte for byte; it has to be strict JSON. With `also`, adds this key's signature to
 * an envelope over the same bytes (the approver's sign-off).
 * @param options.also  the text of that envelope; its `jti` and `aud` are taken over
 * @returns the envelope: the text that is sent, and that the hub's `digest` is made of
 * @throws NotStrictJson for the payload | NotSignable when `also` holds another payload | Refusal ENVELOPE_… when the
 *   hub would not read the envelope, for its `jti`, `iat` or `aud` for instance
 */
export async function signEnvelope(
  options: SignOptions & { readonly payload: string | Uint8Array; readonly also?: string },
): Promise<string> {
  const payload = typeof options.payload === 'string' ? Buffer.from(options.payload) : options.payload;
  parseStrictJson(payload, limits.jsonDepth);
  const envelope =
    options.also === undefined ? signText(payload, ENVELOPE_TYPE, options) : together(options.also, payload, options);
  const text = JSON.stringify(envelope);
  parseEnvelope(Buffer.from(text));
  return text;
}

function together(also: string, payload: Uint8Array, options: SignOptions) {
  const first: Envelope = parseEnvelope(Buffer.from(also));
  if (!first.payloadBytes.equals(payload)) throw new NotSignable('The other envelope holds another payload.');
  if (first.aud !== options.aud) throw new NotSignable('The other envelope is addressed to another hub.');
  const { protected: head, signature } = signText(payload, ENVELOPE_TYPE, { ...options, jti: first.jti });
  const signatures = first.signatures.map((one) => ({ protected: one.protected, signature: one.signature }));
  return { payload: first.payload, signatures: [...signatures, { protected: head, signature }] };
}

/** Proof that the caller holds the private key, for registering it for that authority. */
export async function keyProof(options: SignOptions & { readonly authority: string }): Promise<string> {
  const claim = canonical({ authority: options.authority, kid: options.key.kid });
  return JSON.stringify(signText(Buffer.from(claim), KEY_PROOF_TYPE, options));
}
