import { ProblemMalformed } from './problem';
import { protect } from './protect';
import type { Malformed, ToProtect } from './protect-in-thread';
import { answering } from './thread';

/* The entry of a worker thread: one problem in, one answer out. */
answering(({ problem, options }: ToProtect) =>
  protect(problem, options).catch((error: unknown): Malformed => {
    if (!(error instanceof ProblemMalformed)) throw error;
    const { reason, pointer } = error;
    return { status: 'malformed', reason, pointer };
  }),
);
