import { answering } from '../thread';
import { outerIntervals } from './intervals';
import type { PrintedTable } from './printed';
import { NoTableFound, readersProof } from './proof';
import type { ThreadQuestion, ToProve } from './in-threads';

/* The entry of a worker thread: printed tables in, what is shown of them out. */
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

answering((asked: ThreadQuestion) =>
  'intervals' in asked
    ? inTurn<PrintedTable, unknown>(asked.intervals, outerIntervals)
    : inTurn<ToProve, unknown>(asked.proofs, proofOf),
);
