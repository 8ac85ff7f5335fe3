/** A word of the design as GraphQL writes it: `inForce` is `IN_FORCE`, `as-published` is `AS_PUBLISHED`; what is written so already stays. */
export const screamingSnake = (word: string): string =>
  word
    .replaceAll('-', '_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase();

/** As the first word of a sentence: `publication 7` is `Publication 7`. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** `AWAITING_SIGN_OFF` as files, REST and the command line write it: `awaitingSignOff`. */
export const camelCase = (word: string): string =>
  word.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
