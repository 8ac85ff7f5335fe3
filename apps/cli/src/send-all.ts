import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HubProblem, sendPatiently, Unreachable, type HubClient, type Patience } from '@hub/client';
import { Refusal, sha256 } from '@hub/kernel';
import { decodeLeaf, LeafInvalid, parseReceipt, ReceiptInvalid, type Leaf } from '@hub/ledger/domain';
import { parseEnvelope, signedAt } from '@hub/submissions/domain';
import { folderToFill, readText, UsageError, writeWhole, type Outcome } from './command';
import { readEnvelope } from './envelope-file';
import { progress } from './progress';

/** An envelope, and where its receipt goes. */
interface Parcel {
  readonly file: string;
  readonly envelope: string;
  readonly place: string;
  /** Its receipt lies there already. */
  readonly isSent: boolean;
}
interface Sent {
  readonly file: string;
  readonly outcome: string;
  readonly id?: string;
  readonly version?: number;
  /** SHA-256 of the envelope in which the hub has had this return before; it is not this one, and the receipt is of that one. */
  readonly knownIn?: string;
}

/**
 * Reads every envelope and sees that its receipt will have a place of its own, before the first is sent: the one signed first, so that
 * a correction comes after what it corrects.
 * @throws UsageError where two files have one name, one cannot be read, the folder cannot be written, or where a receipt goes lies that
 *   of another envelope, or what is none: nothing is sent then
 */
export function parcelsOf(files: readonly string[], folder: string): Parcel[] {
  if (!files.length) throw new UsageError('ENVELOPE is missing: name one file or more.');
  const names = files.map((file) => basename(file));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UsageError(`Two envelopes are called ${twice}: their receipts would be one file. Nothing was sent.`);
  const parcels = files.map((file, i): Parcel => {
    const envelope = readEnvelope(file);
    const place = join(folder, `${names[i]}.receipt`);
    const isSent = existsSync(place);
    if (isSent) assertReceiptIsOf(place, file, envelope);
    return { file, envelope, place, isSent };
  });
  folderToFill(folder);
  const signed = new Map(parcels.map((parcel) => [parcel, signedAtOf(parcel.envelope)]));
  return parcels.sort((a, b) => signed.get(a)! - signed.get(b)!);
}

/** When an envelope was signed; one that cannot be read is sent last, and the hub says what is wrong with it. */
function signedAtOf(envelope: string): number {
  try {
    return signedAt(parseEnvelope(Buffer.from(envelope)));
  } catch (error) {
    if (error instanceof Refusal) return Number.MAX_SAFE_INTEGER;
    throw error;
  }
}

const digestOf = (envelope: string): string => sha256(Buffer.from(envelope)).toString('hex');

/** That a file is written as the receipt of this envelope; whether it holds, `receipt verify` says. @throws UsageError */
function assertReceiptIsOf(place: string, file: string, envelope: string): void {
  const leaf = leafIn(readText(place));
  if (leaf?.kind !== 'submission')
    throw new UsageError(
      `${place} is no receipt, or a part of one: move it away, and ${file} is sent again for its receipt. Nothing was sent.`,
    );
  const own = digestOf(envelope);
  if (leaf.envelope === own) return;
  const { authority, dataset, period, version } = leaf;
  throw new UsageError(
    `${place} is the receipt of another envelope (${authority}, ${dataset.code} ${period}, version ${version}, SHA-256 ${leaf.envelope}); ${file} is ${own}. ` +
      `Keep it with that envelope: move both away together, or give ${file} another name, and run it again. Nothing was sent.`,
  );
}

function leafIn(receipt: string): Leaf | null {
  try {
    return decodeLeaf(parseReceipt(receipt).leaf);
  } catch (error) {
    if (error instanceof ReceiptInvalid || error instanceof LeafInvalid) return null;
    throw error;
  }
}

/** Sends what is not sent yet. What ends it early (no answer, a full disk) is told beside what was sent until then. */
export async function sendAll(hub: HubClient, parcels: readonly Parcel[], patience: Patience): Promise<Outcome> {
  const bar = progress('returns');
  const sent: Sent[] = [];
  let end: Unreachable | UsageError | undefined;
  for (const [i, parcel] of parcels.entries()) {
    bar.at(i, parcels.length);
    const { file } = parcel;
    try {
      sent.push(parcel.isSent ? { file, outcome: 'sent before' } : await sendOne(hub, parcel, patience));
    } catch (error) {
      // What the hub says of one return does not stop the others; that it cannot be reached ends the matter.
      if (error instanceof HubProblem) sent.push({ file, outcome: error.code });
      else if (error instanceof Unreachable || error instanceof UsageError) end = error;
      else throw error;
    }
    if (end) break;
  }
  bar.end();
  return outcomeOf(sent, parcels.length, end);
}

async function sendOne(hub: HubClient, { file, envelope, place }: Parcel, patience: Patience): Promise<Sent> {
  const { id, version, state, digest, receipt } = await sendPatiently(hub, envelope, patience);
  const isOfThis = digest === digestOf(envelope);
  // The receipt of another envelope proves nothing of this one, and filed under its name it would stand in the way of its own.
  if (receipt !== null && isOfThis) writeWhole(place, receipt);
  return {
    ...{ file, outcome: state, id },
    ...(version === null ? {} : { version }),
    ...(isOfThis ? {} : { knownIn: digest }),
  };
}

function outcomeOf(sent: readonly Sent[], all: number, end: Error | undefined): Outcome {
  const refused = sent.filter(({ outcome }) => outcome === outcome.toUpperCase()).length;
  const elsewhere = sent.filter(({ knownIn }) => knownIn !== undefined).length;
  const remarks = [
    ...(end ? [`${end.message} ${all - sent.length} of ${all} not sent, or without a receipt: run it again.`] : []),
    ...(elsewhere
      ? [
          `${elsewhere} of ${all} the hub had already, in another envelope: that one is to be kept, its receipt shows hub submission status ID, and nothing is left to send.`,
        ]
      : []),
    ...(refused ? [`${refused} of ${all} refused: hub submission check --in FILE says why.`] : []),
  ];
  return {
    exitCode: end ? 3 : refused ? 1 : 0,
    text: sent
      .map(({ file, outcome, version, id, knownIn }) => {
        const known = knownIn === undefined ? '' : `, in the envelope ${knownIn} (${id})`;
        return `${file}: ${outcome}${version === undefined ? '' : `, version ${version}`}${known}\n`;
      })
      .join(''),
    json: sent,
    ...(remarks.length ? { remark: remarks.join('\n') } : {}),
  };
}
