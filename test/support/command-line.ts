import { run } from '../../apps/cli/src/hub';

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
