import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ProblemMalformed, type Problem } from './problem';
import type { Decision, ProtectOptions } from './protect';
import { outOfTime } from './refused';

type Answer =
  { decision: Decision } | { failure: { name: string; message: string; reason?: string; pointer?: string } };

/** Longer than the time limit by this much, a thread is taken to hang and is ended. */
const GRACE_MS = 10_000;

/**
 * `protect` in a thread of its own, with a solver of its own: the caller's event loop goes on. Runs from the built
 * files only (a thread cannot load TypeScript).
 * @returns the decision; `refused` with every cell unfinished where the thread did not answer within the time limit
 * @throws ProblemMalformed, or an Error where the thread failed
 */
export function protectInThread(problem: Problem, options: ProtectOptions = {}): Promise<Decision> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, 'protect.thread.js'), { workerData: { problem, options } });
    const limit = options.timeLimitSeconds;
    const timer =
      limit === undefined
        ? undefined
        : setTimeout(() => finish(() => resolve(outOfTime(problem))), limit * 1000 + GRACE_MS);
    let isDone = false;
    const finish = (settle: () => void) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      void worker.terminate();
      settle();
    };
    worker.once('message', (answer: Answer) =>
      finish(() => {
        if ('decision' in answer) resolve(answer.decision);
        else if (answer.failure.name === 'ProblemMalformed') {
          reject(new ProblemMalformed(answer.failure.reason ?? answer.failure.message, answer.failure.pointer));
        } else reject(new Error(`protection failed: ${answer.failure.message}`));
      }),
    );
    worker.once('error', (error) => finish(() => reject(error)));
    worker.once('exit', (code) => finish(() => reject(new Error(`the thread ended without an answer (code ${code})`))));
  });
}
