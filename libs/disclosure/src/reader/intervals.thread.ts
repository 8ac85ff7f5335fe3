import { parentPort, workerData } from 'node:worker_threads';
import { outerIntervals } from './intervals';
import type { PrintedTable } from './printed';
import type { ThreadAnswer } from './thread';

/* The entry of the worker thread: one printed table in, its intervals out. */
const answer = (message: ThreadAnswer) => parentPort!.postMessage(message);
outerIntervals(workerData as PrintedTable).then(
  (intervals) => answer({ intervals }),
  (error: unknown) => answer({ failure: (error as Error).message }),
);
