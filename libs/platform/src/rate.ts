import type { Clock } from '@hub/kernel';

/**
 * How often somebody may do something: as many times as a minute has, at once or spread, and then as they come back one by
 * one. Held in this process: two processes let twice as much through.
 */
export class Rate {
  private readonly left = new Map<string, { times: number; at: number }>();

  /** @param perMinute  0 is no limit */
  constructor(
    private readonly perMinute: number,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes so many, or none.
   * @param who   one of a bounded number: an organisation of the registry, never a text that a caller makes up
   * @param many  where it is more than a minute has, a whole minute's worth
   * @returns 0 where there were so many left, otherwise in how many whole seconds there will be
   */
  take(who: string, many = 1): number {
    if (this.perMinute === 0) return 0;
    const now = this.clock.now().getTime();
    const before = this.left.get(who) ?? { times: this.perMinute, at: now };
    // A clock that is put back gives nothing.
    const back = (Math.max(0, now - before.at) * this.perMinute) / 60_000;
    const times = Math.min(this.perMinute, before.times + back);
    const taken = Math.min(many, this.perMinute);
    this.left.set(who, { times: times >= taken ? times - taken : times, at: now });
    return times >= taken ? 0 : Math.ceil(((taken - times) * 60) / this.perMinute);
  }
}
