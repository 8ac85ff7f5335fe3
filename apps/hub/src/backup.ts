import { parseArgs } from 'node:util';
import { BackupProblem, backUp, endAtSignals, mostLostSeconds, restoreBackup } from '@hub/platform';

/**
 * Backups of the hub's embedded PostgreSQL, for who runs the machine (docs/runbook.md):
 *
 *   npm run backup  -- --to FOLDER
 *   npm run restore -- --from FOLDER --archive FOLDER --data-dir FOLDER [--at MOMENT] [--left PG_WAL]
 */
const usage = `npm run backup  -- --to FOLDER                while the hub runs, with HUB_DATA_DIR as it has it
npm run restore -- --from FOLDER --archive FOLDER --data-dir FOLDER [--at MOMENT] [--left PG_WAL]
  --archive   what HUB_WAL_ARCHIVE named when the backup was made
  --data-dir  a new folder; start the hub with it as HUB_DATA_DIR
  --at        2026-01-31T09:00:00Z: nothing that was committed later; absent is everything there is
  --left      the folder pg_wal of the lost server, where it can still be read: what was not archived yet is in it
`;

async function main([command, ...rest]: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const options = { to: text, from: text, archive: text, 'data-dir': text, at: text, left: text };
  let values;
  try {
    ({ values } = parseArgs({ args: [...rest], options }));
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('. ')[0]}.\n${usage}`);
    return 2;
  }
  const { to, from, archive, 'data-dir': dataFolder, at, left } = values;
  if (command === 'make' && to) {
    const { endedAt, bytes } = await backUp(process.env.HUB_DATA_DIR || '.data', to);
    process.stdout.write(
      `backup ${to}: ${Math.round(bytes / 2 ** 20)} MB, good for every moment from ${endedAt} on that is in the archive (at most ${mostLostSeconds} s behind)\n` +
        'The signing key is not in it. Keep hub-key.json, or what HUB_SIGNING_KEY_FILE names, at another place.\n',
    );
    return 0;
  }
  const wrong = (what: string) => {
    process.stderr.write(`${what}\n${usage}`);
    return 2;
  };
  const needed = command === 'make' ? { to } : { from, archive, 'data-dir': dataFolder };
  const missing = Object.entries(needed).flatMap(([name, value]) => (value ? [] : [`--${name}`]));
  if (missing.length) return wrong(`Missing: ${missing.join(', ')}.`);
  const moment = at === undefined ? undefined : new Date(at);
  const isMoment =
    at === undefined ||
    (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(at) && !Number.isNaN(moment!.getTime()));
  if (!isMoment)
    return wrong('--at is a moment with its time zone: 2026-01-31T09:00:00Z, or 2026-06-30T09:00:00+01:00.');
  if (command === 'restore' && from && archive && dataFolder) {
    const restored = await restoreBackup({
      from,
      archive,
      dataFolder,
      ...(moment ? { at: moment } : {}),
      ...(left ? { left } : {}),
    });
    const last = restored.lastChange?.toISOString() ?? 'that of the backup';
    process.stdout.write(
      `restored into ${dataFolder} in ${(restored.milliseconds / 1000).toFixed(1)} s; the last change: ${last}\n` +
        'Before the hub starts: its signing key, where HUB_SIGNING_KEY_FILE looks or as hub-key.json in that folder.\n' +
        'What was ended since that moment is back: docs/runbook.md, Restore, from step 4 on. No hub starts there before\n' +
        '`npm run operate -- open` with that folder as HUB_DATA_DIR.\n' +
        'Once it runs: hub ledger verify --url HUB --from CHECKPOINT, with the newest checkpoint that anybody kept.\n',
    );
    return 0;
  }
  process.stderr.write(usage);
  return 2;
}

endAtSignals();
main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof BackupProblem ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
