import { existsSync } from 'node:fs';
import { auditLedger, HubClient, LedgerBroken, ledgerOf, ledgerOwner, watchLedger } from '@hub/client';
import { strictObject } from '@hub/identity/domain';
import { NoteInvalid } from '@hub/ledger/domain';
import { listing, readText, UsageError, writeWhole, type Command, type Outcome, type Values } from './command';
import { hubAddress } from './connection';
import { hubKeysIn } from './receipt';

/** What `hub ledger watch` remembers. `--from` of `hub ledger verify` takes the file too. */
interface Watched {
  readonly v: 1;
  readonly hub: string;
  /** Verifier keys of the hub, all that were ever seen. */
  readonly keys: readonly string[];
  /** Signed checkpoints, the newest last. */
  readonly checkpoints: readonly string[];
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
function watchedIn(text: string): Watched | undefined {
  const value = strictObject(text, 3);
  if (!value) return undefined;
  const { v, hub, keys, checkpoints } = value;
  return v === 1 && typeof hub === 'string' && isTexts(keys) && isTexts(checkpoints)
    ? { v, hub, keys, checkpoints }
    : undefined;
}

/** What was found, in plain words; entries are counted from 0. */
function wordsOf({ fault, first, until }: LedgerBroken): string {
  const gone =
    until - first === 1
      ? `entry ${first} is gone`
      : `entries ${first} to ${until - 1} are gone, ${until - first} of them`;
  const span = until - first > 1 ? `one of the entries ${first} to ${until - 1}` : `entry ${first}`;
  switch (fault) {
    case 'unsigned':
      return 'the newest checkpoint is not signed by a known key of this hub';
    case 'shrunk':
      return `the ledger has fewer entries than it had: ${gone}`;
    case 'forked':
      return `the hub has signed another history than before: ${span} is the first that differs`;
    case 'missing':
      return `${span} is not there`;
    case 'altered':
      return `${span} is not the one that was signed; it is the first`;
    case 'unrecorded':
      return `${span} stands behind the last one that was signed`;
    case 'node':
      return `what the hub keeps of entries ${first} to ${until - 1} does not belong to them`;
  }
}
function broken(error: unknown): Outcome {
  if (error instanceof NoteInvalid)
    throw new UsageError(`A checkpoint that was seen before is not one of this hub: ${error.reason}.`);
  if (!(error instanceof LedgerBroken)) throw error;
  const { fault, first, until, evidence } = error;
  const notes = evidence.length ? `Keep these signed notes, they prove it:\n\n${evidence.join('\n')}` : '';
  return {
    exitCode: 1,
    text: notes,
    json: { status: 'broken', fault, first, until, evidence },
    remark: `LEDGER_BROKEN: The ledger does not hold: ${wordsOf(error)}.`,
  };
}

/** The hub that --url names, its ledger, and its keys: those of --hub-key alone where that is given. */
async function hubOf(values: Values) {
  const url = hubAddress(values.the('url'));
  const { hubId, ledgerKeys } = await new HubClient({ url }).describe();
  const given = values.get('hub-key');
  const lines = given === undefined ? ledgerKeys.map(({ line }) => line) : hubKeysIn(given);
  return { hub: hubId, lines, source: ledgerOf(url) };
}
function ownerOf(hub: string, lines: readonly string[]) {
  try {
    return ledgerOwner(hub, lines);
  } catch {
    throw new UsageError('--hub-key holds no verifier key; see ledgerKey and ledgerKeys in hub.json.');
  }
}

export const ledgerCommands: readonly Command[] = [
  {
    name: 'ledger verify',
    usage: '--url HUB [--from CHECKPOINT] [--hub-key LINE|FILE]',
    summary:
      'Reads every entry’s hash, builds the ledger’s tree anew and holds it against what the hub has signed; names the first entry that is altered, gone, inserted or out of order. --from is a signed checkpoint seen earlier, or the file of `ledger watch`: the ledger has to continue it.',
    options: { url: 'required', from: 'optional', 'hub-key': 'optional' },
    async run(values) {
      const from = values.get('from');
      const text = from === undefined ? undefined : readText(from);
      const watched = text === undefined ? undefined : watchedIn(text);
      const before = watched?.checkpoints ?? (text === undefined ? [] : [text]);
      const { hub, lines, source } = await hubOf(values);
      const owner = ownerOf(hub, values.has('hub-key') ? lines : [...lines, ...(watched?.keys ?? [])]);
      try {
        const { size, root, note } = await auditLedger(source, owner, before);
        const shown = listing([
          ['hub', hub],
          ['entries', size],
          ['root', root.toString('base64')],
        ]);
        return {
          text: `The ledger holds.\n${shown}`,
          json: { status: 'holds', hub, size, root: root.toString('base64'), checkpoint: note },
        };
      } catch (error) {
        return broken(error);
      }
    },
  },
  {
    name: 'ledger watch',
    usage: '--url HUB --state FILE [--hub-key LINE|FILE]',
    summary:
      'Looks whether the ledger continues the one that it saw before, and remembers the checkpoint in FILE; exit 1 when it has forked or shrunk. Cheap: let it run every hour, at somebody else’s place than the hub’s.',
    options: { url: 'required', state: 'required', 'hub-key': 'optional' },
    async run(values) {
      const file = values.the('state');
      const known = existsSync(file) ? watchedIn(readText(file)) : undefined;
      if (existsSync(file) && !known) throw new UsageError(`${file} is not a file of \`hub ledger watch\`.`);
      const { hub, lines, source } = await hubOf(values);
      if (known && known.hub !== hub) throw new UsageError(`${file} remembers another hub: ${known.hub}.`);
      // A key that was there once is not forgotten, and keys that the person gave are the only ones.
      const keys = values.has('hub-key') ? lines : [...new Set([...(known?.keys ?? []), ...lines])];
      const owner = ownerOf(hub, keys);
      try {
        const checkpoints = known?.checkpoints ?? [];
        const { size, root, note } = await watchLedger(source, owner, checkpoints);
        const last = checkpoints.at(-1);
        if (last !== note) {
          const seen: Watched = { v: 1, hub, keys, checkpoints: [...checkpoints, note] };
          writeWhole(file, `${JSON.stringify(seen, null, 2)}\n`);
        }
        return {
          text: `The ledger continues: ${size} entries.\n`,
          json: { status: last === undefined ? 'begun' : 'continues', hub, size, root: root.toString('base64') },
        };
      } catch (error) {
        return broken(error);
      }
    },
  },
];
