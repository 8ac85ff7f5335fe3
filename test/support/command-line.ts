import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { run } from '../../apps/cli/src/hub';
import { rootFolder } from './root';

/** What a command has answered: its exit code, and what it wrote to either stream. */
export interface Typed {
  readonly code: number;
  readonly text: string;
  readonly error: string;
}

/** Runs the command line in this process against a hub, with the token in a file. */
export async function typed(url: string, tokenFile: string, args: readonly string[]): Promise<Typed> {
  let [text, error] = ['', ''];
  const streams = { out: (one: string) => void (text += one), err: (one: string) => void (error += one) };
  const code = await run([...args, '--url', url, '--token-file', tokenFile], streams);
  return { code, text, error };
}

/** The built command line in a process of its own, with nothing of this one. */
export const built = (...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const program = join(rootFolder, 'dist/apps/cli/src/main.js');
    execFile(process.execPath, [program, ...args], (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
