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
}
