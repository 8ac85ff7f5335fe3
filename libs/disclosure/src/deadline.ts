/** After so many short steps it is looked at the clock. */
const LOOK = 256;

/** Time ran out before an answer was there. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** The moment by which work has to stop; asked often, also in the middle of a single question. */
export class Deadline {
  static readonly none = new Deadline(Infinity);

  /** @param at  in milliseconds of performance.now() */
  constructor(public at: number) {}

  get isOver(): boolean {
    return performance.now() > this.at;
  }

  /** Seconds that are left, 0 or more. */
  get seconds(): number {
    return Math.max(0, (this.at - performance.now()) / 1000);
  }

  /** @throws OutOfTime */
  check(): void {
    if (this.isOver) throw new OutOfTime();
  }

  /** The same now and then, in a loop whose steps are short. @param step  from 0 @throws OutOfTime */
  checkAt(step: number): void {
    if (step % LOOK === 0) this.check();
  }
}
