import { line, readText, UsageError, type ExitCode, type Streams } from './command';

/**
 * `hub disclosure`: JSON in, JSON out. A room of its own, so that it starts without the rest of the command line; the
 * engine is loaded only when it is asked for.
 * @param startedAt  from when a time limit counts, in milliseconds of performance.now(): 0 is the start of the process
 */
export async function disclosure(
  args: readonly string[],
  { out, err }: Streams,
  startedAt?: number,
): Promise<ExitCode> {
  const { runDisclosureCommand } = await import('@hub/disclosure');
  const asksForAnything = args[0] === 'protect' || args[0] === 'audit';
  try {
    const { exitCode, stdout, stderr } = await runDisclosureCommand(
      args,
      asksForAnything ? readText('-') : '',
      startedAt,
    );
    if (stderr) err(line(stderr));
    for (const piece of stdout) out(piece);
    return exitCode;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err(line(`malformed problem: ${error.message}`));
    return 2;
  }
}
