import { NotStrictJson, parseStrictJson, Refusal, sha256, type Period } from '@hub/kernel';
import {
  assertGoodAt,
  hasExactly,
  isObject,
  readHeader,
  signatureHolds,
  signingInput,
  strictBase64url,
  type Header,
} from '@hub/identity/domain';
import type { RegisteredKey } from '@hub/identity/domain';
import { limits, type Limits } from './limits';

export const ENVELOPE_TYPE = 'safeguarding-submission+jws;v=1';
const MOST_SIGNATURES = 4;

/** One signature over the payload: the two texts as they came, and what the header says. */
export interface EnvelopeSignature {
  readonly protected: string;
  readonly signature: string;
  readonly header: Header;
  /** JSON pointer to the object that holds the two texts. */
  readonly at: string;
}

/** The signed bytes: a JWS in flattened or general JSON serialization (RFC 7515). Nothing of the payload is read. */
export interface Envelope {
  /** base64url, as it came: signatures cover this text. */
  readonly payload: string;
  /** The exact bytes that were signed. */
  readonly payloadBytes: Buffer;
  /** 1 to 4, each by another key; the first is the sender's. */
  readonly signatures: readonly EnvelopeSignature[];
  /** Shared by all signatures. */
  readonly jti: string;
  /** Shared by all signatures. */
  readonly aud: string;
  /** SHA-256 of the bytes as received, lower-case hex: the `digest` of the submission. */
  readonly digest: string;
}

/**
 * Reads an envelope as far as its protected headers, in the order size, strict JSON, shape, strict base64url, header.
 * @param bytes  as received; they are to be kept as they came
 * @throws Refusal ENVELOPE_TOO_LARGE | ENVELOPE_MALFORMED | ENVELOPE_ALGORITHM | ENVELOPE_HEADER
 */
export function parseEnvelope(
  bytes: Uint8Array,
  { envelopeBytes, jsonDepth }: Pick<Limits, 'envelopeBytes' | 'jsonDepth'> = limits,
): Envelope {
  if (bytes.length > envelopeBytes) {
    throw new Refusal('ENVELOPE_TOO_LARGE', { limit: envelopeBytes, found: bytes.length });
  }
  const { payload, signatures } = shapeOf(bytes, jsonDepth);
  const decoded = (text: string, pointer: string): Buffer => {
    const part = strictBase64url(text);
    if (!part) throw malformed('base64url without padding, spaces or spare bits', pointer);
    return part;
  };
  const payloadBytes = decoded(payload, '/payload');
  const heads = signatures.map((one) => {
    const head = decoded(one.protected, `${one.at}/protected`);
    decoded(one.signature, `${one.at}/signature`);
    return head;
  });
  const read = signatures.map((one, i): EnvelopeSignature => {
    const header = readHeader(heads[i]!, ENVELOPE_TYPE);
    if ('fault' in header) {
      const code = header.fault === 'algorithm' ? 'ENVELOPE_ALGORITHM' : 'ENVELOPE_HEADER';
      throw new Refusal(code, { expected: header.expected }, { pointer: `${one.at}/protected` });
    }
    return { ...one, header };
  });
  const [{ header: first }, ...others] = read as [EnvelopeSignature, ...EnvelopeSignature[]];
  const differs = others.findIndex(({ header }) => header.jti !== first.jti || header.aud !== first.aud);
  const pointer = (i: number) => ({ pointer: `/signatures/${i}/protected` });
  if (differs >= 0) {
    throw new Refusal('ENVELOPE_HEADER', { expected: 'the same jti and aud in every signature' }, pointer(differs + 1));
  }
  const again = read.findIndex(({ header }, i) => read.findIndex((other) => other.header.kid === header.kid) < i);
  if (again >= 0) throw new Refusal('ENVELOPE_HEADER', { expected: 'another key for every signature' }, pointer(again));
  const { jti, aud } = first;
  return { payload, payloadBytes, signatures: read, jti, aud, digest: sha256(bytes).toString('hex') };
}

const malformed = (expected: string, pointer = '') => new Refusal('ENVELOPE_MALFORMED', { expected }, { pointer });

type Signed = Omit<EnvelopeSignature, 'header'>;

/** The texts of a flattened or general JWS that has these members and no others. */
function shapeOf(bytes: Uint8Array, depth: number): { payload: string; signatures: Signed[] } {
  let jws: unknown;
  try {
    jws = parseStrictJson(bytes, depth);
  } catch (error) {
    // The pointer would hold names out of a text that is not understood.
    const reasons = {
      byteOrderMark: 'JSON in UTF-8 without a byte order mark before it',
      depth: `JSON no deeper than ${depth}`,
      duplicateKey: 'JSON without duplicate members',
      encoding: 'JSON in UTF-8',
      number: 'JSON with numbers in their one form',
      string: 'JSON in well-formed Unicode',
      syntax: 'JSON: a JWS in flattened or general serialization',
    };
    throw malformed(reasons[error instanceof NotStrictJson ? error.reason : 'syntax']);
  }
  const shape = 'payload, protected and signature; or payload and signatures';
  if (!isObject(jws) || typeof jws['payload'] !== 'string') throw malformed(shape);
  const { payload } = jws;
  if (!Object.hasOwn(jws, 'signatures'))
    return { payload, signatures: [signedBy(jws, ['payload', 'protected', 'signature'], '')] };
  const list = jws['signatures'];
  if (!hasExactly(jws, ['payload', 'signatures'])) throw malformed(shape);
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_SIGNATURES) {
    throw malformed(`1 to ${MOST_SIGNATURES} signatures`, '/signatures');
  }
  return { payload, signatures: list.map((one, i) => signedBy(one, ['protected', 'signature'], `/signatures/${i}`)) };
}

function signedBy(holder: unknown, members: readonly string[], at: string): Signed {
  if (isObject(holder) && Object.hasOwn(holder, 'header')) {
    throw new Refusal('ENVELOPE_HEADER', { expected: 'no unprotected header' }, { pointer: `${at}/header` });
  }
  if (!isObject(holder) || !hasExactly(holder, members))
    throw malformed(`exactly the members ${members.join(', ')}`, at);
  const { protected: head, signature } = holder;
  if (typeof head !== 'string' || typeof signature !== 'string') throw malformed('protected and signature as text', at);
  return { protected: head, signature, at };
}

/**
 * Verifies every signature with the key that is registered under its `kid`; the key alone fixes the algorithm.
 * @param keyOf  the registered key of that name whatever its state, or null
 * @param now    by the hub's clock; each key must be good at that moment
 * @returns the keys, in the order of the signatures
 * @throws Refusal KEY_UNKNOWN (also for a key that is not approved yet) | KEY_REVOKED | KEY_RETIRED | ENVELOPE_ALGORITHM
 *   when the header names another algorithm than the key's | SIGNATURE_INVALID
 */
export async function verifySignatures<Key extends RegisteredKey>(
  envelope: Envelope,
  keyOf: (kid: string) => Promise<Key | null>,
  now: Date,
): Promise<Key[]> {
  const keys: Key[] = [];
  for (const { protected: head, signature, header, at } of envelope.signatures) {
    const key = await keyOf(header.kid);
    assertGoodAt(key, now);
    if (header.alg !== key.alg) {
      throw new Refusal('ENVELOPE_ALGORITHM', { expected: key.alg }, { pointer: `${at}/protected` });
    }
    if (!signatureHolds(key.alg, key.jwk, signingInput(head, envelope.payload), Buffer.from(signature, 'base64url'))) {
      throw new Refusal('SIGNATURE_INVALID', { kid: key.kid }, { pointer: `${at}/signature` });
    }
    keys.push(key);
  }
  return keys;
}

/** When what an envelope holds was signed, in seconds since 1970: its first signature; who adds another has made nothing newer. */
export const signedAt = ({ signatures }: Pick<Envelope, 'signatures'>): number =>
  Math.min(...signatures.map(({ header }) => header.iat));

/**
 * A return that was on its way for long does not take the place of one that was signed after it.
 * @param signed   when the envelope was signed, in seconds since 1970
 * @param periods  whose figures it would leave
 * @param latest   when the latest return that the hub has of each period was signed; of none: nothing is known
 * @throws Refusal SUBMISSION_OLDER
 */
export function assertNotOlder(
  signed: number,
  periods: readonly Pick<Period, 'text'>[],
  latest: ReadonlyMap<string, number>,
): void {
  for (const { text } of periods) {
    const other = latest.get(text);
    if (other !== undefined && signed < other)
      throw new Refusal('SUBMISSION_OLDER', { period: text, iat: signed, latest: other });
  }
}

/** @throws Refusal ENVELOPE_AUDIENCE unless the envelope is addressed to this hub */
export function assertAudience(envelope: Envelope, hubId: string): void {
  if (envelope.aud !== hubId) throw new Refusal('ENVELOPE_AUDIENCE', { expected: hubId });
}

/**
 * @param now  by the hub's clock
 * @throws Refusal ENVELOPE_STALE when a signature is older than 14 days, or more than 5 minutes ahead
 */
export function assertFresh(
  envelope: Envelope,
  now: Date,
  { iatPastSeconds, iatFutureSeconds }: Pick<Limits, 'iatPastSeconds' | 'iatFutureSeconds'> = limits,
): void {
  const seconds = now.getTime() / 1000;
  for (const { header } of envelope.signatures) {
    if (header.iat > seconds + iatFutureSeconds || header.iat < seconds - iatPastSeconds) {
      throw new Refusal('ENVELOPE_STALE', {
        iat: header.iat,
        earliest: Math.ceil(seconds - iatPastSeconds),
        latest: Math.floor(seconds + iatFutureSeconds),
      });
    }
  }
}
