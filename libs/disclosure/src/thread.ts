import { join } from 'node:path';
import { parentPort, Worker } from 'node:worker_threads';

/** An error travels as its words, because classes do not survive the way between threads. */
type Message<A> = { readonly answer: A } | { readonly failure: string };

/** A worker thread, with a solver of its own, that is asked one question at a time. */
export class Thread<Q, A> {
  private readonly worker: Worker;
  private waiting: { resolve: (answer: A) => void; reject: (error: Error) => void } | undefined;
  private ended: Error | undefined;

  /**
   * @param file  of this folder, without its ending. Threads run from the built files only: they cannot load TypeScript
   * @throws Error where the machine gives no thread
   */
  constructor(file: string) {
    this.worker = new Worker(join(__dirname, `${file}.js`));
    this.worker.on('message', (message: Message<A>) => {
      const asked = this.waiting;
      this.waiting = undefined;
      if ('answer' in message) asked?.resolve(message.answer);
      else asked?.reject(new Error(message.failure));
    });
    this.worker.on('error', (error) => this.over(error.message));
    this.worker.on('exit', (code) => this.over(`code ${code}`));
  }

  get hasEnded(): boolean {
    return this.ended !== undefined;
  }

  /**
   * @throws Error with the words of what the thread threw; where the question cannot be sent; where the thread ended before it
   *   answered: as a rule it had no memory left
   */
  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      if (this.ended) throw this.ended;
      this.worker.postMessage(question);
      this.waiting = { resolve, reject };
    });
  }

  end(): void {
    void this.worker.terminate();
  }

  private over(why: string): void {
    this.ended ??= new Error(`the thread ended without an answer (${why})`);
    this.waiting?.reject(this.ended);
    this.waiting = undefined;
  }
}

/** In a thread: answers whatever is asked. */
export function answering<Q, A>(answer: (question: Q) => Promise<A>): void {
  const say = (message: Message<A>) => parentPort!.postMessage(message);
  parentPort!.on('message', (question: Q) => {
    answer(question).then(
      (one) => say({ answer: one }),
      (error: unknown) => say({ failure: (error as Error).message }),
    );
  });
}
