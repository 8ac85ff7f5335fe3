/**
 * Whether a count lies so far from the one before that it is asked about: more than `factor` times as high or as low, and more than
 * `least` apart. All in the same unit.
 */
export function isJump(
  now: number,
  before: number,
  { factor, least }: { readonly factor: number; readonly least: number },
): boolean {
  const [small, large] = now < before ? [now, before] : [before, now];
  return large > factor * small && large - small > least;
}
