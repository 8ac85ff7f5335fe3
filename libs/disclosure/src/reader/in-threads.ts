import { availableParallelism } from 'node:os';
import { Thread } from '../thread';
import type { Interval } from './intervals';
import type { PrintedTable } from './printed';
import type { Hint, ReadersProof } from './proof';

/** A table that is to be proved, and what may be begun from. */
export interface ToProve {
  readonly table: PrintedTable;
  readonly hints?: readonly Hint[];
}
type Intervals = Readonly<Record<string, Interval>>;
type Proof = ReadersProof | null;

/** What a thread is asked. */
export type ThreadQuestion = { readonly intervals: readonly PrintedTable[] } | { readonly proofs: readonly ToProve[] };
/** What it answers: of each table what was asked for. */
export type ThreadAnswer = readonly unknown[];

/**
 * `outerIntervals` of each of these tables in threads, so that a server's requests go on. Runs from the built files only (a
 * thread cannot load TypeScript).
 */
export const outerIntervalsInThreads = (tables: readonly PrintedTable[]): Promise<Intervals[]> =>
  shared(
    tables,
    (table) => table,
    (some) => ask({ intervals: some }),
  );

export const outerIntervalsInThread = async (table: PrintedTable): Promise<Intervals> =>
  (await outerIntervalsInThreads([table]))[0]!;

/**
 * `readersProof` of each of these tables, in threads as above.
 * @returns null where no whole table was found that fits
 */
export const readersProofsInThreads = (asked: readonly ToProve[]): Promise<Proof[]> =>
  shared(
    asked,
    ({ table }) => table,
    (some) => ask({ proofs: some }),
  );

/** So many hidden cells are a question: fewer cost more to send than to answer. */
const A_QUESTION = 150;

/** Asks in questions of some size, the largest tables first, so that no thread is left with one at the end. @returns in the order of `all` */
async function shared<T, A>(
  all: readonly T[],
  tableOf: (one: T) => PrintedTable,
  askOf: (some: readonly T[]) => Promise<readonly A[]>,
): Promise<A[]> {
  const sizes = all.map((one) => tableOf(one).cells.reduce((sum, cell) => sum + Number('hidden' in cell), 0));
  const questions: number[][] = [];
  let room = 0;
  for (const place of [...all.keys()].sort((a, b) => sizes[b]! - sizes[a]!)) {
    if (room <= 0) questions.push([]);
    room = (room <= 0 ? A_QUESTION : room) - sizes[place]!;
    questions.at(-1)!.push(place);
  }
  const answers: A[] = [];
  await Promise.all(
    questions.map(async (places) => {
      const some = await askOf(places.map((place) => all[place]!));
      places.forEach((place, i) => (answers[place] = some[i]!));
    }),
  );
  return answers;
}

interface Waiting {
  readonly question: ThreadQuestion;
  resolve(answer: ThreadAnswer): void;
  reject(error: Error): void;
}

/** More are of no use: an edition has some dozens of large questions. */
const MOST_THREADS = 8;
const waiting: Waiting[] = [];
let threads = 0;

function ask<A>(question: ThreadQuestion): Promise<readonly A[]> {
  return new Promise((resolve, reject) => {
    waiting.push({ question, resolve: resolve as Waiting['resolve'], reject });
    if (threads < Math.min(availableParallelism(), MOST_THREADS)) startThread();
  });
}

/** Where the machine gives no thread, those that run take the questions; where none runs, every one that waits is told. */
function startThread(): void {
  try {
    const thread = new Thread<ThreadQuestion, ThreadAnswer>('reader/reader.thread');
    threads++;
    void runThread(thread);
  } catch (error) {
    if (threads === 0) waiting.splice(0).forEach(({ reject }) => reject(error as Error));
  }
}

/** A thread takes one question after the other, with one solver, and ends with the last: what it held is given back. */
async function runThread(thread: Thread<ThreadQuestion, ThreadAnswer>): Promise<void> {
  while (waiting.length > 0 && !thread.hasEnded) {
    const { question, resolve, reject } = waiting.shift()!;
    await thread.ask(question).then(resolve, reject);
  }
  thread.end();
  threads--;
  if (waiting.length > 0) startThread();
}
