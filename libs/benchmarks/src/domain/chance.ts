/** How many of something chance alone gives: `fewer than one`, `about 3`. */
export const aboutByChance = (expected: number): string =>
  expected < 1 ? 'fewer than one' : `about ${Math.round(expected)}`;
