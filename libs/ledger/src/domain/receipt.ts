import { decodeLeaf, LeafInvalid, type Leaf, type SubmissionLeaf } from './leaf';
import { leafHash, verifyInclusion } from './merkle';
import { fromStrictBase64, isDecimal, NoteInvalid, openNote, parseCheckpoint, parseVerifierKey } from './note';

/** Why a receipt is not accepted. Holds nothing of the text. */
export class ReceiptInvalid extends Error {
  override readonly name = 'ReceiptInvalid';
  constructor(
    readonly reason:
      | 'malformed' // not a tlog-proof@v1 text in its only form
      | 'leaf' // the extra line is not a leaf
      | 'hubKey' // the key to verify with is not a verifier key
      | 'signer' // the checkpoint is not signed by that key alone
      | 'signature' // the checkpoint's signature does not hold
      | 'checkpoint' // the signed text is not a checkpoint
      | 'hub' // leaf, checkpoint and key do not name the same hub
      | 'inclusion', // the leaf is not in the tree of the checkpoint
  ) {
    super(`the receipt does not hold: ${reason}`);
  }
}

/** A C2SP `tlog-proof@v1`, whose extra line is the leaf. */
export interface Receipt {
  /** The leaf's bytes, as in the ledger. */
  readonly leaf: Buffer;
  readonly index: number;
  /** Nearest sibling first. */
  readonly proof: readonly Buffer[];
  /** The checkpoint as a signed note. */
  readonly checkpoint: string;
}

const HEAD = 'c2sp.org/tlog-proof@v1';
/** A path is at most as long as a size below 2^53 has bits. */
const LONGEST_PROOF = 53;

/** The receipt as the text that is stored and returned: under 4 kB, file ending `.tlog-proof`. */
export function formatReceipt({ leaf, index, proof, checkpoint }: Receipt): string {
  const hashes = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `${HEAD}\nextra ${leaf.toString('base64')}\nindex ${index}\n${hashes}\n${checkpoint}`;
}

/**
 * Reads the parts of a receipt; nothing is verified yet.
 * @throws ReceiptInvalid malformed
 */
export function parseReceipt(receipt: string | Uint8Array): Receipt {
  let text: string;
  try {
    text =
      typeof receipt === 'string'
        ? receipt
        : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(receipt);
  } catch {
    throw new ReceiptInvalid('malformed');
  }
  const gap = text.indexOf('\n\n');
  const [head, extra, place, ...hashes] = text.slice(0, Math.max(gap, 0)).split('\n');
  const leaf = extra?.startsWith('extra ') ? fromStrictBase64(extra.slice(6)) : undefined;
  const index = place?.startsWith('index ') ? place.slice(6) : undefined;
  const proof = hashes.map(fromStrictBase64).filter((hash) => hash?.length === 32) as Buffer[];
  if (
    gap < 0 ||
    head !== HEAD ||
    !leaf ||
    !isDecimal(index) ||
    proof.length !== hashes.length ||
    proof.length > LONGEST_PROOF
  ) {
    throw new ReceiptInvalid('malformed');
  }
  return { leaf, index: Number(index), proof, checkpoint: text.slice(gap + 2) };
}

/**
 * Verifies the receipt of an accepted submission, and of nothing else. Whether the leaf's `envelope` is the digest of the
 * envelope that was sent is for the caller to compare.
 * @returns what the hub has recorded
 * @throws ReceiptInvalid as `verifyRecord`, and leaf where something else was recorded
 */
export function verifyReceipt(receipt: string | Uint8Array, hubKeys: string | readonly string[]): SubmissionLeaf {
  const leaf = verifyRecord(receipt, hubKeys);
  if (leaf.kind !== 'submission') throw new ReceiptInvalid('leaf');
  return leaf;
}

/**
 * Verifies the receipt of any entry of the ledger with nothing but the hub's public keys: the checkpoint is signed by one of
 * them alone, and the leaf is in its tree.
 * @param receipt  as stored
 * @param hubKeys  C2SP verifier key, hub.json's `ledgerKey`, its name the hub's id; or several, the lines of `ledgerKeys`: an
 *   old receipt is signed by the key that the hub had then
 * @returns what the hub has recorded; look at its `kind`
 * @throws ReceiptInvalid
 */
export function verifyRecord(receipt: string | Uint8Array, hubKeys: string | readonly string[]): Leaf {
  const { leaf: bytes, index, proof, checkpoint: note } = parseReceipt(receipt);
  const refusedAs = <T>(work: () => T, reasonOf: (error: unknown) => ReceiptInvalid['reason']): T => {
    try {
      return work();
    } catch (error) {
      throw new ReceiptInvalid(reasonOf(error));
    }
  };
  const keys = refusedAs(
    () => [hubKeys].flat().map(parseVerifierKey),
    () => 'hubKey',
  );
  if (keys.length === 0) throw new ReceiptInvalid('hubKey');
  const opened = refusedAs(
    () => openNote(note, keys),
    (error) => {
      const reason = error instanceof NoteInvalid ? error.reason : 'malformed';
      return reason === 'unknownKey' ? 'signer' : reason === 'signature' ? 'signature' : 'malformed';
    },
  );
  // A further line would be a part of the text that nothing vouches for.
  const [signer] = opened.signers;
  if (opened.signatures !== 1 || !signer) throw new ReceiptInvalid('signer');
  const checkpoint = refusedAs(
    () => parseCheckpoint(opened.text),
    () => 'checkpoint',
  );
  const leaf = refusedAs(
    () => decodeLeaf(bytes),
    (error) => (error instanceof LeafInvalid ? 'leaf' : 'malformed'),
  );
  if (leaf.hub !== checkpoint.origin || checkpoint.origin !== signer.name) throw new ReceiptInvalid('hub');
  if (!verifyInclusion(index, checkpoint.size, leafHash(bytes), proof, checkpoint.root))
    throw new ReceiptInvalid('inclusion');
  return leaf;
}
