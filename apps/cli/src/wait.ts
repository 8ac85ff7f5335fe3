/** How often to look, and when to give up; milliseconds. */
export interface Wait {
  /** Before the second look; each wait after it is half as long again. */
  readonly first?: number;
  readonly longest?: number;
  readonly giveUpAfter: number;
}

/**
 * Looks again until it is done, less and less often.
 * @returns what was seen last: not done where it was given up
 */
export async function waitUntil<Seen>(
  seen: Seen,
  isDone: (one: Seen) => boolean,
  look: () => Promise<Seen>,
  { first = 300, longest = 5_000, giveUpAfter }: Wait,
): Promise<Seen> {
  const until = Date.now() + giveUpAfter;
  let last = seen;
  for (let pause = first; !isDone(last) && Date.now() < until; pause = Math.min(longest, pause * 1.5)) {
    await new Promise((later) => setTimeout(later, Math.min(pause, Math.max(1, until - Date.now()))));
    last = await look();
  }
  return last;
}
