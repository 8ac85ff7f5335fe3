#!/usr/bin/env node
import { run } from './hub';

// A reader that goes away (`hub … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const streams = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};
run(process.argv.slice(2), streams).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    streams.err(`hub made a mistake: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}\n`);
    process.exitCode = 70;
  },
);
