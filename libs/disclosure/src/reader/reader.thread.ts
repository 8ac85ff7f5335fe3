import { parentPort } from 'node:worker_threads';
import { outerIntervals } from './intervals';
import { NoTableFound, readersProof } from './proof';
import type { ThreadAnswer, ThreadQuestion, ToProve } from './thread';

/* The entry of a worker thread: printed tables in, what is shown of them out. */
const answered = (message: ThreadAnswer) => parentPort!.postMessage(message);
const proofOf = ({ table, hints }: ToProve) =>
  readersProof(table, hints).catch((error: unknown) => {
    if (error instanceof NoTableFound) return null;
    throw error;
  });

/** One after the other: the solver is one, and of many models at once each would hold its memory. */
async function inTurn<T, A>(all: readonly T[], answer: (one: T) => Promise<A>): Promise<A[]> {
  const answers: A[] = [];
  for (const one of all) answers.push(await answer(one));
  return answers;
}

parentPort!.on('message', (asked: ThreadQuestion) => {
  const working: Promise<readonly unknown[]> =
    'intervals' in asked ? inTurn(asked.intervals, outerIntervals) : inTurn(asked.proofs, proofOf);
  working.then(
    (answers) => answered({ answers }),
    (error: unknown) => answered({ failure: (error as Error).message }),
  );
});
