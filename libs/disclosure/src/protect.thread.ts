import { parentPort, workerData } from 'node:worker_threads';
import type { Problem } from './problem';
import { protect, type ProtectOptions } from './protect';

/*
 * The entry of the worker thread: one problem in, one answer out. Errors travel as plain data, because classes do not
 * survive the way between threads.
 */
const { problem, options } = workerData as { problem: Problem; options: ProtectOptions };
protect(problem, options).then(
  (decision) => parentPort!.postMessage({ decision }),
  (error: unknown) => {
    const { name, message, reason, pointer } = error as Error & { reason?: string; pointer?: string };
    parentPort!.postMessage({ failure: { name, message, reason, pointer } });
  },
);
