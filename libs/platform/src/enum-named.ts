import { registerEnumType } from '@nestjs/graphql';

const screaming = (word: string) =>
  word
    .replaceAll('-', '_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase();

/**
 * An enum of the schema out of the design's words: `awaitingSignOff` is `AWAITING_SIGN_OFF`.
 * @param meaning  of each word, as the schema says it
 */
export function enumNamed<T extends string>(
  name: string,
  words: readonly T[],
  description: string,
  meaning: Readonly<Record<T, string>>,
): Record<string, T> {
  const made = Object.fromEntries(words.map((word) => [screaming(word), word])) as Record<string, T>;
  const valuesMap = Object.fromEntries(words.map((word) => [screaming(word), { description: meaning[word] }]));
  registerEnumType(made, { name, description, valuesMap });
  return made;
}
