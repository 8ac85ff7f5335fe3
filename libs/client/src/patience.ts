import type { SubmissionAnswer } from './answers';
import { HubProblem, Unreachable } from './problem';

/** How long to go on where a hub is busy, away, or its answer was lost. */
export interface Patience {
  /** How often to try at most, the first time counted; 8 when absent, which is about two minutes. */
  readonly attempts?: number;
  /** The longest wait that is taken, in seconds; 300 when absent. A hub that asks for more is not waited for. */
  readonly longest?: number;
  /** Told before each wait: why, and for how many seconds. */
  readonly onWait?: (why: HubProblem | Unreachable, seconds: number) => void;
  /** A number from 0 to 1, and the wait itself in milliseconds: for tests. */
  readonly random?: () => number;
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** Whether the same may do later: nobody answered, the hub is away or busy, or it made a mistake. */
export const mayPass = (error: unknown): error is HubProblem | Unreachable =>
  error instanceof Unreachable ||
  (error instanceof HubProblem &&
    (error.more.status >= 500 ||
      error.more.status === 429 ||
      error.more.kind === 'tooMany' ||
      error.more.kind === 'unavailable'));

/**
 * Does the work until it is done or the patience is over. Waits are random, up to 1, 2, 4, … 60 seconds, so that all those
 * who were cut off do not come back at once; never less than the hub asks for (`Retry-After`).
 * @param work  something that may be done twice without harm: a read, a check, the same envelope
 * @param may   after which errors later would help
 * @throws what the work throws: at once where later would not help, else the last
 */
export async function patiently<Answer>(
  work: () => Promise<Answer>,
  patience: Patience = {},
  may: (error: unknown) => error is HubProblem | Unreachable = mayPass,
): Promise<Answer> {
  const { attempts = 8, longest = 300, random = Math.random, wait = pause, onWait } = patience;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!may(error) || attempt >= attempts) throw error;
      const asked = error instanceof HubProblem ? (error.more.retryAfter ?? 0) : 0;
      if (asked > longest) throw error;
      const seconds = Math.min(longest, asked + random() * Math.min(60, 2 ** (attempt - 1)));
      onWait?.(error, seconds);
      await wait(seconds * 1000);
    }
  }
}

type Sent = SubmissionAnswer & { readonly known: boolean };

const pause = (milliseconds: number): Promise<void> => new Promise((over) => setTimeout(over, milliseconds));

/**
 * Sends an envelope until the hub has taken or refused it. Where an answer was lost nobody knows whether it arrived: sent
 * again, byte for byte, the hub finds it by its `jti` and gives the receipt that it made the first time, days later too.
 * So keep the envelope until you hold its receipt; after a crash, send it again.
 * @throws HubProblem; Unreachable when the patience is over
 */
export const sendPatiently = (
  hub: { submit(envelope: string): Promise<Sent> },
  envelope: string,
  patience: Patience = {},
): Promise<Sent> => patiently(() => hub.submit(envelope), patience);
