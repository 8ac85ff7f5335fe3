import { registerEnumType } from '@nestjs/graphql';
import { screamingSnake } from '@hub/kernel';

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
  const made = Object.fromEntries(words.map((word) => [screamingSnake(word), word])) as Record<string, T>;
  const valuesMap = Object.fromEntries(words.map((word) => [screamingSnake(word), { description: meaning[word] }]));
  registerEnumType(made, { name, description, valuesMap });
  return made;
}
