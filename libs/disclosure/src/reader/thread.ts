import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Interval } from './intervals';
import type { PrintedTable } from './printed';
import type { ReadersProof } from './proof';

/** What the thread is asked. */
export type ThreadQuestion = { readonly intervals: PrintedTable } | { readonly proofs: readonly PrintedTable[] };
type Intervals = Readonly<Record<string, Interval>>;
type Proofs = readonly (ReadersProof | null)[];
/** What it answers: what was asked for, or the message of what failed. */
export type ThreadAnswer = { readonly answer: Intervals | Proofs } | { readonly failure: string };

/**
 * `outerIntervals` in a thread of its own, so that a server's requests go on. Runs from the built files only (a thread
 * cannot load TypeScript).
 */
export const outerIntervalsInThread = (printed: PrintedTable): Promise<Intervals> => ask({ intervals: printed });

/**
 * `readersProof` of each of these tables, one after the other, in one thread as above.
 * @returns null where no whole table was found that fits
 */
export const readersProofsInThread = (tables: readonly PrintedTable[]): Promise<Proofs> => ask({ proofs: tables });

function ask<T extends Intervals | Proofs>(question: ThreadQuestion): Promise<T> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, 'reader.thread.js'), { workerData: question });
    worker.once('message', (message: ThreadAnswer) => {
      void worker.terminate();
      if ('answer' in message) resolve(message.answer as T);
      else reject(new Error(`what readers see failed: ${message.failure}`));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread ended without an answer (code ${code})`)));
  });
}
