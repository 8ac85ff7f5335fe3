import { line, readInput, type ExitCode, type Streams } from './command';

/**
 * `hub disclosure`: JSON in, JSON out. A room of its own, so that it starts without the rest of the command line; the
 * engine is loaded only when it is asked for.
 */
export async function disclosure(args: readonly string[], { out, err }: Streams): Promise<ExitCode> {
  const { runDisclosureCommand } = await import('@hub/disclosure');
  const asksForAnything = args[0] === 'protect' || args[0] === 'audit';
  const { exitCode, stdout, stderr } = await runDisclosureCommand(
    args,
    asksForAnything ? readInput('-').toString('utf8') : '',
  );
  if (stderr) err(line(stderr));
  out(stdout);
  return exitCode;
}
