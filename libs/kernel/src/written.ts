/** A word of the design as GraphQL writes it: `inForce` is `IN_FORCE`, `as-published` is `AS_PUBLISHED`; what is written so already stays. */
export const screamingSnake = (word: string): string =>
  word
    .replaceAll('-', '_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase();
