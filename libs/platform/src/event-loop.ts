import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Health } from './health';
import type { Logger } from './logger';

/** Milliseconds between two looks. */
const RESOLUTION = 10;
/** Milliseconds beyond which people notice, and a lease of background work may run out unseen. */
const LATE = 1_000;
const MINUTE = 60_000;

/** Of what `monitorEventLoopDelay` gives, in nanoseconds. */
type Delays = Pick<IntervalHistogram, 'count' | 'max' | 'percentile' | 'reset'>;

function watched(): Delays {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  delays.enable();
  return delays;
}

/**
 * Whether the last whole minute kept things waiting for this process's one thread: one line of /health/ready. Anybody may ask for
 * that, so it holds no number, which would show what the process works at, and asking changes nothing. How long it was is logged.
 */
export function eventLoopHealth(log: Pick<Logger, 'warn'>, delays: Delays = watched()): () => Promise<Health> {
  let isLate = false;
  setInterval(() => {
    const late = (nanoseconds: number) => Math.max(0, Math.round(nanoseconds / 1e6) - RESOLUTION);
    const [most, longest] = delays.count ? [late(delays.percentile(99)), late(delays.max)] : [0, 0];
    delays.reset();
    isLate = most > LATE;
    if (isLate)
      log.warn({ most, longest }, 'the event loop kept things waiting, in milliseconds: 99 % and all of them');
  }, MINUTE).unref();
  return async () =>
    isLate
      ? { state: 'degraded', text: 'event loop: in the last minute things waited for a second and more' }
      : { state: 'ok', text: 'event loop: nothing waits long' };
}
