import { camelCase, type Finding } from '@hub/kernel';

/** `camelCase` of a word whose type is written so. */
export const wordOf = <Word extends string>(word: Word): Word => camelCase(word) as Word;

/** A finding of either door with its words as files write them: GraphQL says `ERROR` and null, REST `error` and nothing. */
export const findingOf = ({ severity, expected, found, offered, ...finding }: Finding): Finding => ({
  severity: wordOf(severity),
  ...finding,
  ...(typeof expected === 'string' ? { expected } : {}),
  ...(typeof found === 'string' ? { found } : {}),
  ...(offered ? { offered: { ...offered, answer: wordOf(offered.answer) } } : {}),
});
