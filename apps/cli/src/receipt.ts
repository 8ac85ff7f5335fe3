import { existsSync } from 'node:fs';
import { ReceiptInvalid, verifyRecord, type Leaf } from '@hub/client';
import { strictObject } from '@hub/identity/domain';
import { sha256 } from '@hub/kernel';
import { limits } from '@hub/submissions/domain';
import { listing, readInput, readText, UsageError, type Command } from './command';

/** Why a receipt does not hold, in plain words. */
const reasons: Record<ReceiptInvalid['reason'], string> = {
  malformed:
    'this is not a receipt, or not byte for byte as the hub wrote it; a shell or an editor may have changed its newlines (`jq -j .receipt` keeps them)',
  hubKey: '--hub-key holds no verifier key; see ledgerKey and ledgerKeys in the hub’s /.well-known/hub.json',
  signer: 'it is not signed by this hub alone, or by a key of the hub that --hub-key does not name',
  signature: 'the signature of the hub does not hold',
  checkpoint: 'what the hub signed is not a checkpoint',
  leaf: 'what it says was recorded cannot be read',
  hub: 'it names another hub',
  inclusion: 'what it says was recorded is not in the signed ledger',
};

/** The verifier keys that --hub-key gives: a line, or a file with one on each line, or a saved /.well-known/hub.json. */
export function hubKeysIn(given: string): string[] {
  if (!existsSync(given)) return [given];
  const text = readText(given);
  const hub = strictObject(text, limits.jsonDepth);
  if (!hub) return text.split(/\r?\n/).flatMap((line) => line.trim() || []);
  const known = Array.isArray(hub['ledgerKeys']) ? (hub['ledgerKeys'] as ({ line?: unknown } | null)[]) : [];
  return [hub['ledgerKey'], ...known.map((key) => key?.line)].filter((line) => typeof line === 'string');
}

/**
 * The receipt in a file: the file is it, or the hub's answer that holds it, as saved.
 * @throws UsageError where the answer has none yet
 */
function receiptIn(file: string): Uint8Array {
  const bytes = readInput(file);
  const answer = strictObject(bytes, limits.jsonDepth);
  if (!answer) return bytes;
  const { receipt } = answer;
  if (typeof receipt === 'string') return Buffer.from(receipt);
  throw new UsageError(
    `${file} holds no receipt${receipt === null ? ' yet: the return waits for its approver.' : '.'}`,
  );
}

export const receiptCommands: readonly Command[] = [
  {
    name: 'receipt verify',
    usage: 'FILE --hub-key LINE|FILE [--envelope FILE]',
    summary:
      'Verifies a receipt offline, years later too; with --envelope, that it is the receipt of that very envelope. FILE is the receipt, or the answer that holds it, as saved. The file of --hub-key holds one line or several, or is a saved hub.json: any of its keys may have signed.',
    argument: 'FILE',
    options: { 'hub-key': 'required', envelope: 'optional' },
    async run(values) {
      const given = values.the('hub-key');
      const receipt = receiptIn(values.the('FILE'));
      const envelope = values.get('envelope');
      const digest = envelope === undefined ? undefined : sha256(readInput(envelope)).toString('hex');
      try {
        const leaf = verifyRecord(receipt, hubKeysIn(given));
        if (digest !== undefined && digest !== ('envelope' in leaf ? leaf.envelope : undefined))
          return refused('envelope', 'it belongs to another envelope');
        const looked =
          digest === undefined && 'envelope' in leaf
            ? 'Which envelope it is of was not looked at: --envelope FILE says whether it is yours.\n'
            : '';
        return { text: `The receipt holds.\n${looked}${listing(rowsOf(leaf))}`, json: { status: 'holds', leaf } };
      } catch (error) {
        if (!(error instanceof ReceiptInvalid)) throw error;
        if (error.reason === 'malformed' || error.reason === 'hubKey')
          throw new UsageError(`The receipt cannot be verified: ${reasons[error.reason]}.`);
        return refused(error.reason, reasons[error.reason]);
      }
    },
  },
];

/** What was recorded, line by line. */
function rowsOf(leaf: Leaf): (readonly [name: string, value: string | number | undefined])[] {
  const named = ({ id, version }: { id: string; version: number }) => `${id}, version ${version}`;
  const { hub } = leaf;
  switch (leaf.kind) {
    case 'submission':
    case 'purge':
      return [
        ['hub', hub],
        ['authority', leaf.authority],
        ['dataset', `${leaf.dataset.code} ${leaf.dataset.version}`],
        ['period', leaf.period],
        ['agreement', named(leaf.agreement)],
        ['version', leaf.version],
        ['envelope', `SHA-256 ${leaf.envelope}`],
        ...(leaf.kind === 'purge'
          ? ([
              ['purged', leaf.purgedAt],
              ['what', leaf.what.join(', ')],
              ['clause', leaf.clause || 'the authority asked for it'],
            ] as const)
          : ([['accepted', leaf.acceptedAt]] as const)),
      ];
    case 'agreement':
      return [
        ['hub', hub],
        ['agreement', named(leaf.agreement)],
        [leaf.event, leaf.at],
        ['authority', leaf.authority],
        ['digest', `SHA-256 ${leaf.digest}`],
      ];
    case 'key':
      return [
        ['hub', hub],
        ['key', `${leaf.kid} of ${leaf.organisation}`],
        [leaf.event, leaf.at],
        ['until', leaf.until],
        ['thumbprint', `SHA-256 ${leaf.digest}`],
      ];
    case 'publication':
      return [
        ['hub', hub],
        ['publication', `${leaf.publication}, number ${leaf.number} of ${leaf.region}`],
        ['dataset', `${leaf.dataset.code} ${leaf.dataset.version}`],
        ['period', leaf.period],
        [leaf.event, leaf.at],
        ['digest', `SHA-256 ${leaf.digest}`],
      ];
    case 'national':
      return [
        ['hub', hub],
        ['national release', leaf.release],
        ['dataset', `${leaf.dataset.code} ${leaf.dataset.version}`],
        ['period', leaf.period],
        ['loaded by', leaf.loadedBy],
        ['confirmed by', leaf.confirmedBy],
        ['confirmed', leaf.at],
        ['digest', `SHA-256 ${leaf.digest}`],
      ];
  }
}

const refused = (reason: string, words: string) => ({
  exitCode: 1 as const,
  text: '',
  json: { status: 'refused', reason },
  remark: `RECEIPT_INVALID: The receipt does not hold: ${words}.`,
});
