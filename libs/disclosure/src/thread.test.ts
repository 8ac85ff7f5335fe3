import type * as Threads from 'node:worker_threads';
import { readersProofsInThreads, protectInThread, ProblemMalformed, type PrintedTable, type Problem } from './index';

let mockGives = true;

/*
 * Real threads with a program of a few lines, for threads cannot load TypeScript: it answers, throws or ends as the id of the first cell
 * says.
 */
jest.mock('node:worker_threads', () => {
  const real = jest.requireActual<typeof Threads>('node:worker_threads');
  const program = `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ problem, proofs }) => {
      const said = (problem ?? proofs[0].table).cells[0].id;
      if (said === 'ends') process.exit(3);
      if (said === 'throws') return parentPort.postMessage({ failure: 'the solver failed: unreachable' });
      if (said === 'malformed') return parentPort.postMessage({ answer: { status: 'malformed', reason: 'no cells', pointer: '/cells' } });
      parentPort.postMessage({ answer: problem ? { status: 'refused', exposed: [] } : proofs.map(() => null) });
    });`;
  class Worker extends real.Worker {
    constructor() {
      if (!mockGives) throw new Error('no thread');
      super(program, { eval: true });
    }
  }
  return { ...real, Worker };
});

const saying = (id: string) => ({ cells: [{ id, value: 1 }] }) as unknown as Problem;
const printed = (id: string) =>
  ({ table: { cells: [{ id }, ...Array.from({ length: 200 }, () => ({ hidden: true }))] } }) as unknown as {
    table: PrintedTable;
  };

test('a thread that ends without an answer is told, with its code', async () => {
  await expect(protectInThread(saying('ends'))).rejects.toThrow('the thread ended without an answer (code 3)');
});

test('what cannot be sent, what is malformed and what fails in a thread are told apart', async () => {
  await expect(protectInThread({ ...saying('x'), unsendable: () => 1 } as never)).rejects.toThrow(
    'could not be cloned',
  );
  await expect(protectInThread(saying('malformed'))).rejects.toEqual(new ProblemMalformed('no cells', '/cells'));
  await expect(protectInThread(saying('throws'))).rejects.toThrow('the solver failed: unreachable');
  await expect(protectInThread(saying('x'))).resolves.toEqual({ status: 'refused', exposed: [] });
});

test('of the questions of readers each has its own end: those behind one that ends its thread are answered by another', async () => {
  const asked = ['ends', 'x', 'throws', 'ends', 'ends', 'x', 'x'];
  const answers = await Promise.allSettled(asked.map((id) => readersProofsInThreads([printed(id)])));
  const ends = {
    ends: 'the thread ended without an answer (code 3)',
    throws: 'the solver failed: unreachable',
    x: 'x',
  };
  expect(answers.map((one) => (one.status === 'fulfilled' ? 'x' : (one.reason as Error).message))).toEqual(
    asked.map((id) => ends[id as keyof typeof ends]),
  );
});

test('where the machine gives no thread whoever asks is told, and the next is answered once it does', async () => {
  mockGives = false;
  try {
    await expect(protectInThread(saying('x'))).rejects.toThrow('no thread');
    await expect(readersProofsInThreads([printed('x')])).rejects.toThrow('no thread');
  } finally {
    mockGives = true;
  }
  await expect(readersProofsInThreads([printed('x')])).resolves.toEqual([null]);
});

test('where it gives one and no more, that one answers all', async () => {
  const first = readersProofsInThreads([printed('x')]);
  mockGives = false;
  try {
    const rest = [1, 2, 3].map(() => readersProofsInThreads([printed('x')]));
    await expect(Promise.all([first, ...rest])).resolves.toEqual([[null], [null], [null], [null]]);
  } finally {
    mockGives = true;
  }
});
