#!/usr/bin/env node
import { notWritten, wantsHelp } from './command';
import { disclosure } from './disclosure';

// A reader that goes away (`hub … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`${notWritten('Standard output', error).message}\n`);
  process.exit(2);
});
const streams = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};
if (process.stdout.columns) process.env['COLUMNS'] ??= String(process.stdout.columns);
const args = process.argv.slice(2);
// Disclosure control needs nothing of the rest, whose loading takes longer than a table of a few hundred cells.
const done =
  args[0] === 'disclosure' && !wantsHelp(args)
    ? disclosure(args.slice(1), streams, 0)
    : import('./hub.js').then(({ run }) => run(args, streams));
done.then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    streams.err(`hub made a mistake: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}\n`);
    process.exitCode = 70;
  },
);
