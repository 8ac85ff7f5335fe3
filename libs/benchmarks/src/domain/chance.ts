/** Said where limits are explained: how they are too narrow, and how comparisons with the region too few. */
export const WHAT_LIMITS_LEAVE_OUT =
  'Limits take children for independent of one another. Children of one family are counted together more often than chance would: limits are somewhat too narrow. Each authority is compared with a region that includes it, which sets it a little less apart than the others alone would.';

/** How many of something chance alone gives: `fewer than one`, `about 3`. */
export const aboutByChance = (expected: number): string =>
  expected < 1 ? 'fewer than one' : `about ${Math.round(expected)}`;
