import { parentPort, workerData } from 'node:worker_threads';
import { outerIntervals } from './intervals';
import { NoTableFound, readersProof, type ReadersProof } from './proof';
import type { ThreadAnswer, ThreadQuestion } from './thread';

/* The entry of the worker thread: printed tables in, what is shown of them out. */
const question = workerData as ThreadQuestion;
const answered = (message: ThreadAnswer) => parentPort!.postMessage(message);
async function answerTo(asked: ThreadQuestion) {
  if ('intervals' in asked) return outerIntervals(asked.intervals);
  const proofs: (ReadersProof | null)[] = [];
  for (const table of asked.proofs) {
    proofs.push(
      await readersProof(table).catch((error: unknown) => {
        if (error instanceof NoTableFound) return null;
        throw error;
      }),
    );
  }
  return proofs;
}
answerTo(question).then(
  (answer) => answered({ answer }),
  (error: unknown) => answered({ failure: (error as Error).message }),
);
