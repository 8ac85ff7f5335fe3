import { ProblemMalformed, type Problem } from './problem';
import type { Decision, ProtectOptions } from './protect';
import { outOfTime } from './refused';
import { Thread } from './thread';

/** Longer than the time limit by this much, a thread is taken to hang and is ended. */
const GRACE_MS = 10_000;

/** What the thread is asked. */
export interface ToProtect {
  readonly problem: Problem;
  readonly options: ProtectOptions;
}

/** What it answers of a problem that cannot be read. */
export interface Malformed {
  readonly status: 'malformed';
  readonly reason: string;
  readonly pointer: string;
}

/**
 * `protect` in a thread of its own, with a solver of its own: the caller's event loop goes on. Runs from the built files
 * only.
 * @returns the decision; `refused` with every cell unfinished where the thread did not answer within the time limit
 * @throws ProblemMalformed, or an Error where the thread failed, ended, or could not be had
 */
export async function protectInThread(problem: Problem, options: ProtectOptions = {}): Promise<Decision> {
  const thread = new Thread<ToProtect, Decision | Malformed>('protect.thread');
  const limit = options.timeLimitSeconds;
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<Decision>((resolve) => {
    if (limit !== undefined) timer = setTimeout(() => resolve(outOfTime(problem)), limit * 1000 + GRACE_MS);
  });
  try {
    const answer = await Promise.race([thread.ask({ problem, options }), hangs]);
    if (answer.status === 'malformed') throw new ProblemMalformed(answer.reason, answer.pointer);
    return answer;
  } finally {
    clearTimeout(timer);
    thread.end();
  }
}
