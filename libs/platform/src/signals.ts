/** What hangs is ended: nothing that was acknowledged depends on a graceful end. */
const LONGEST_END_MS = 9_000;

/**
 * Has SIGTERM and SIGINT end this process, to be called before it begins anything: at once, which stops an embedded PostgreSQL that
 * it alone uses, and in order from when it has said how.
 * @returns takes how it stops in order
 */
export function endAtSignals(): (inOrder: () => Promise<void>) => void {
  let stop: (() => Promise<void>) | null = null;
  let stopping = false;
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    process.on(signal, () => {
      if (!stop) process.exit(code);
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), LONGEST_END_MS).unref();
      void stop().then(() => process.exit(0));
    });
  }
  return (inOrder) => (stop = inOrder);
}
