/**
 * When what has been compiled appears: at the moment that was set before, or, where it was not ready by then, so many whole steps
 * later. How long a compile takes depends on hidden counts, so the moment must not: all that it can tell is that a
 * compile took longer than the time that compiles are given.
 * @param set    the moment that was known before the compile began
 * @param ready  when the compile has ended
 * @param step   milliseconds; 0: as soon as it is ready, for development
 */
export function momentOf(set: Date, ready: Date, step: number): Date {
  const late = ready.getTime() - set.getTime();
  if (late <= 0) return set;
  return step === 0 ? ready : new Date(set.getTime() + Math.ceil(late / step) * step);
}
