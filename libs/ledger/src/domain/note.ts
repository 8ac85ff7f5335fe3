import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { sha256 } from '@hub/kernel';

/**
 * Signed notes (C2SP signed-note): a text, an empty line, and signature lines `— name base64(key id ‖ signature)`.
 * Only Ed25519 (algorithm byte 0x01) is made or verified.
 */

/** Why a note or a verifier key is not accepted. Holds nothing of the text. */
export class NoteInvalid extends Error {
  override readonly name = 'NoteInvalid';
  constructor(readonly reason: 'malformed' | 'verifierKey' | 'unknownKey' | 'signature') {
    super(`not a valid signed note: ${reason}`);
  }
}

export interface VerifierKey {
  readonly name: string;
  /** Four bytes: the beginning of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key). */
  readonly keyId: Buffer;
  readonly publicKey: KeyObject;
}

/** A signature line whose key was known and whose signature holds. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: Buffer;
}

export interface OpenedNote {
  /** The signed text, with its last newline. */
  readonly text: string;
  readonly signers: readonly NoteSigner[];
  /** How many signature lines there are, those of unknown keys included. */
  readonly signatures: number;
}

const ED25519 = 1;
/** DER of a SubjectPublicKeyInfo of Ed25519 up to the 32 bytes of the key (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const NAME = /^[^\s+\p{C}]+$/u;
/** ASCII control characters other than newline. */
const CONTROL = /[\x00-\x09\x0b-\x1f]/;
const SIGNATURE_LINE = /^— (\S+) (\S+)$/;

/** The bytes of a base64 text that is the only one for them (RFC 4648, padded); undefined for any other. */
export function fromStrictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

const rawOf = (publicKey: KeyObject): Buffer => {
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new TypeError('a note is signed with Ed25519');
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
};
const typed = (raw: Uint8Array) => Buffer.concat([Buffer.of(ED25519), raw]);
const keyIdOf = (name: string, raw: Uint8Array): Buffer => sha256(`${name}\n`, typed(raw)).subarray(0, 4);

/** The verifier key as one line, `name+hex key id+base64(0x01 ‖ public key)`; hub.json's `ledgerKey`. */
export function verifierKeyLine(name: string, publicKey: KeyObject): string {
  if (!NAME.test(name)) throw new TypeError('the name of a key has no spaces and no plus');
  const raw = rawOf(publicKey);
  return `${name}+${keyIdOf(name, raw).toString('hex')}+${typed(raw).toString('base64')}`;
}

/** @throws NoteInvalid verifierKey, also when the key id does not belong to the name and key */
export function parseVerifierKey(line: string): VerifierKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line);
  const bytes = match && NAME.test(match[1]!) ? fromStrictBase64(match[3]!) : undefined;
  if (!match || !bytes || bytes.length !== 33 || bytes[0] !== ED25519) throw new NoteInvalid('verifierKey');
  const raw = bytes.subarray(1);
  const keyId = keyIdOf(match[1]!, raw);
  if (keyId.toString('hex') !== match[2]) throw new NoteInvalid('verifierKey');
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
  return { name: match[1]!, keyId, publicKey };
}

/**
 * Signs a text as a note.
 * @param text        ends with a newline; no control characters but newlines
 * @param privateKey  Ed25519
 */
export function signNote(text: string, name: string, privateKey: KeyObject): string {
  if (!text.endsWith('\n') || CONTROL.test(text)) throw new TypeError('the text of a note is lines of plain text');
  if (!NAME.test(name)) throw new TypeError('the name of a key has no spaces and no plus');
  const keyId = keyIdOf(name, rawOf(createPublicKey(privateKey)));
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

/**
 * Opens a note that at least one of the given keys has signed. Lines of unknown keys are passed over; a line of a known
 * key that does not hold, or a second one of the same key, spoils the note.
 * @throws NoteInvalid malformed | unknownKey | signature
 */
export function openNote(note: string, verifierKeys: readonly VerifierKey[]): OpenedNote {
  const gap = note.lastIndexOf('\n\n');
  if (gap < 0 || !note.endsWith('\n') || CONTROL.test(note)) throw new NoteInvalid('malformed');
  const text = note.slice(0, gap + 1);
  const lines = note.slice(gap + 2, -1).split('\n');
  const signers: NoteSigner[] = [];
  for (const line of lines) {
    const match = SIGNATURE_LINE.exec(line);
    const bytes = match && NAME.test(match[1]!) ? fromStrictBase64(match[2]!) : undefined;
    if (!match || !bytes || bytes.length < 5) throw new NoteInvalid('malformed');
    const keyId = bytes.subarray(0, 4);
    const key = verifierKeys.find((known) => known.name === match[1] && known.keyId.equals(keyId));
    if (!key) continue;
    if (signers.some((other) => other.name === key.name && other.keyId.equals(keyId)))
      throw new NoteInvalid('malformed');
    if (!verify(null, Buffer.from(text), key.publicKey, bytes.subarray(4))) throw new NoteInvalid('signature');
    signers.push({ name: key.name, keyId: key.keyId });
  }
  if (signers.length === 0) throw new NoteInvalid('unknownKey');
  return { text, signers, signatures: lines.length };
}

/** What a checkpoint says (C2SP tlog-checkpoint): the hub `origin` has recorded `size` entries with this root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** The text that is signed: three lines, origin, size and root in base64. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!NAME.test(origin) || !Number.isSafeInteger(size) || size < 0 || root.length !== 32) {
    throw new TypeError('not a checkpoint');
  }
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** @throws NoteInvalid malformed unless the text is exactly the three lines, each in its only form */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...more] = text.split('\n');
  const bytes = root === undefined ? undefined : fromStrictBase64(root);
  if (!origin || !NAME.test(origin) || !isDecimal(size) || bytes?.length !== 32 || end !== '' || more.length > 0) {
    throw new NoteInvalid('malformed');
  }
  return { origin, size: Number(size), root: bytes };
}

/** Whether the text is the only decimal form of a whole number below 2^53. */
export const isDecimal = (text: string | undefined): text is string =>
  text !== undefined && /^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
