import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Health } from './health';

/** Milliseconds between two looks. */
const RESOLUTION = 10;
/** Milliseconds beyond which people notice, and a lease of background work may run out unseen. */
const LATE = 1_000;

/** How long things had to wait for this process's one thread since it was last asked: one line of /health/ready. */
export function eventLoopHealth(): () => Promise<Health> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  return async () => {
    const late = (nanoseconds: number) => Math.max(0, Math.round(nanoseconds / 1e6) - RESOLUTION);
    const [most, longest] = delay.count ? [late(delay.percentile(99)), late(delay.max)] : [0, 0];
    delay.reset();
    return {
      state: most > LATE ? 'degraded' : 'ok',
      text: `event loop: 99 % within ${most} ms, all within ${longest} ms`,
    };
  };
}
