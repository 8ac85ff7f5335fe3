import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Interval } from './intervals';
import type { PrintedTable } from './printed';

/** What the thread answers: intervals, or the message of what failed. */
export type ThreadAnswer = { readonly intervals: Readonly<Record<string, Interval>> } | { readonly failure: string };

/**
 * `outerIntervals` in a thread of its own, so that a server's requests go on. Runs from the built files only (a thread
 * cannot load TypeScript).
 */
export function outerIntervalsInThread(printed: PrintedTable): Promise<Readonly<Record<string, Interval>>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, 'intervals.thread.js'), { workerData: printed });
    worker.once('message', (answer: ThreadAnswer) => {
      void worker.terminate();
      if ('intervals' in answer) resolve(answer.intervals);
      else reject(new Error(`intervals failed: ${answer.failure}`));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread ended without an answer (code ${code})`)));
  });
}
