import loadHighs, { type Highs } from 'highs';

let loading: Promise<Highs> | undefined;

/** The solver of this thread, loaded once. Its calls are synchronous; models must be disposed by hand. */
export function loadSolver(): Promise<Highs> {
  loading ??= loadHighs();
  return loading;
}

/** A time limit as the solver takes it: a finite number above 0. @param seconds  Infinity where there is none */
export const solverSeconds = (seconds: number): number => Math.min(Math.max(0.01, seconds), 1e6);

/**
 * Puts the present solver aside, so that the next call loads a new one: after a trap its memory cannot be trusted, and
 * WebAssembly memory that has grown is never given back.
 */
function discardSolver(): void {
  loading = undefined;
}

/**
 * Runs work with the solver; an error inside it is replaced by a short one, for an uncaught error of the loader prints
 * its whole minified source.
 * @throws Error with a short message; the solver is then discarded
 */
export async function withSolver<T>(work: (solver: Highs) => T): Promise<T> {
  const solver = await loadSolver();
  try {
    return work(solver);
  } catch (error) {
    discardSolver();
    throw new Error(`the solver failed: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown cause'}`);
  }
}
