import { existsSync } from 'node:fs';
import { ReceiptInvalid, verifyRecord } from '@hub/client';
import { sha256 } from '@hub/kernel';
import { listing, readInput, readText, UsageError, type Command } from './command';

/** Why a receipt does not hold, in plain words. */
const reasons: Record<ReceiptInvalid['reason'], string> = {
  malformed: 'this is not a receipt, or not as the hub wrote it',
  hubKey: '--hub-key is not a verifier key; see ledgerKey in the hub’s /.well-known/hub.json',
  signer: 'it is not signed by this hub alone',
  signature: 'the signature of the hub does not hold',
  checkpoint: 'what the hub signed is not a checkpoint',
  leaf: 'what it says was recorded cannot be read',
  hub: 'it names another hub',
  inclusion: 'what it says was recorded is not in the signed ledger',
};

export const receiptCommands: readonly Command[] = [
  {
    name: 'receipt verify',
    usage: 'FILE --hub-key LINE|FILE [--envelope FILE]',
    summary:
      'Verifies a receipt offline, years later too; with --envelope, that it is the receipt of that very envelope.',
    argument: 'FILE',
    options: { 'hub-key': 'required', envelope: 'optional' },
    async run(values) {
      const given = values.the('hub-key');
      const receipt = readInput(values.the('FILE'));
      const envelope = values.get('envelope');
      const digest = envelope === undefined ? undefined : sha256(readInput(envelope)).toString('hex');
      const line = existsSync(given) ? readText(given).trim() : given;
      try {
        const leaf = verifyRecord(receipt, line);
        if (digest !== undefined && digest !== leaf.envelope)
          return refused('envelope', 'it belongs to another envelope');
        const { hub, authority, dataset, period, agreement, version } = leaf;
        const text = listing([
          ['hub', hub],
          ['authority', authority],
          ['dataset', `${dataset.code} ${dataset.version}`],
          ['period', period],
          ['agreement', `${agreement.id}, version ${agreement.version}`],
          ['version', version],
          ['envelope', `SHA-256 ${leaf.envelope}`],
          ...(leaf.kind === 'purge'
            ? ([
                ['purged', leaf.purgedAt],
                ['what', leaf.what.join(', ')],
                ['clause', leaf.clause || 'the authority asked for it'],
              ] as const)
            : ([['accepted', leaf.acceptedAt]] as const)),
        ]);
        return { text: `The receipt holds.\n${text}`, json: { status: 'holds', leaf } };
      } catch (error) {
        if (!(error instanceof ReceiptInvalid)) throw error;
        if (error.reason === 'malformed' || error.reason === 'hubKey')
          throw new UsageError(`The receipt cannot be verified: ${reasons[error.reason]}.`);
        return refused(error.reason, reasons[error.reason]);
      }
    },
  },
];

const refused = (reason: string, words: string) => ({
  exitCode: 1 as const,
  text: '',
  json: { status: 'refused', reason },
  remark: `RECEIPT_INVALID: The receipt does not hold: ${words}.`,
});
