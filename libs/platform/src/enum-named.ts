import { registerEnumType } from '@nestjs/graphql';

const screaming = (word: string) =>
  word
    .replaceAll('-', '_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase();

/**
 * An enum of the schema out of the design's words: `awaitingSignOff` is `AWAITING_SIGN_OFF`.
 * @param inWords  what its values mean, by their names in the schema
 */
export function enumNamed<T extends string>(
  name: string,
  words: readonly T[],
  description?: string,
  inWords: Readonly<Record<string, string>> = {},
): Record<string, T> {
  const made = Object.fromEntries(words.map((word) => [screaming(word), word])) as Record<string, T>;
  const valuesMap = Object.fromEntries(Object.entries(inWords).map(([value, text]) => [value, { description: text }]));
  registerEnumType(made, { name, valuesMap, ...(description ? { description } : {}) });
  return made;
}
