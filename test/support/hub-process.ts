import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { rootFolder } from './root';

export interface HubProcess {
  readonly url: string;
  readonly pid: number;
  /** What it wrote to stderr so far, where that goes nowhere else. */
  stderr(): string;
  /** How it ended, once it has: its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number>;
  kill(): Promise<void>;
}

/**
 * Starts the built hub as a child process on a free port and waits until it listens.
 * @param log  where its stderr goes; absent: it is kept for `stderr()`
 */
export function startHubProcess(environment: Record<string, string>, log?: Writable): Promise<HubProcess> {
  return startProcess(
    join(rootFolder, 'dist/apps/hub/src/main.js'),
    { PORT: '0', ...environment },
    / listens on (\S+)/,
    log,
  );
}

/** Starts a built program with a clean environment and waits for the line that says it is ready. */
export async function startProcess(
  file: string,
  environment: Record<string, string>,
  ready: RegExp,
  log?: Writable,
): Promise<HubProcess> {
  const child: ChildProcess = spawn(process.execPath, [file], {
    cwd: rootFolder,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let err = '';
  if (log) child.stderr!.pipe(log, { end: false });
  else child.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals>((done) =>
    child.once('exit', (code, signal) => done(code ?? signal ?? 1)),
  );
  const exited = ended.then((how) => (typeof how === 'number' ? how : 128));
  const url = await new Promise<string>((found, failed) => {
    let out = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const match = ready.exec(out);
      if (match) found(match[1] ?? '');
    });
    void exited.then((code) => failed(new Error(`the process ended with ${code} before it was ready:\n${err}`)));
  });
  return {
    url,
    pid: child.pid!,
    ended,
    stderr: () => err,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
