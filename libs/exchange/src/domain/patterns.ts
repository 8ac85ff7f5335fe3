/** Something unusual in a published line, as control charts find it. */
export interface SeenPattern {
  readonly indicator: string;
  readonly name: string;
  readonly categories: Readonly<Record<string, string>>;
  /** In words, "seven periods above the mean". */
  readonly text: string;
  readonly questions: readonly string[];
  readonly authority: string;
}

/** The same pattern on both sides of a border. */
export interface BorderPattern extends Omit<SeenPattern, 'authority'> {
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
  /** How many boards, one's own with them, have it. */
  readonly boards: number;
}

/** The same pattern wherever it is seen. */
export interface AlikePatterns {
  readonly pattern: SeenPattern;
  /** Authorities, sorted. */
  readonly having: readonly string[];
  readonly boards: number;
}

const keyOf = ({ indicator, categories, text }: SeenPattern): string => JSON.stringify([indicator, categories, text]);

/**
 * Patterns that are alike, together; those that more boards have come first. One without a question is left out: there is no figure
 * without its question.
 * @param all  every board whose areas are looked at, one's own with them
 */
export function alikePatterns(
  patterns: readonly SeenPattern[],
  all: readonly { readonly areas: readonly string[] }[],
): AlikePatterns[] {
  const alike = new Map<string, SeenPattern[]>();
  for (const one of patterns) {
    if (!one.questions.length) continue;
    const key = keyOf(one);
    const same = alike.get(key);
    if (same) same.push(one);
    else alike.set(key, [one]);
  }
  return [...alike.values()]
    .map((same) => {
      const having = [...new Set(same.map(({ authority }) => authority))].sort();
      const boards = all.filter(({ areas }) => areas.some((area) => having.includes(area))).length;
      return { pattern: same[0]!, having, boards };
    })
    .sort((a, b) => b.boards - a.boards || (a.pattern.indicator < b.pattern.indicator ? -1 : 1));
}

/** Those that are seen on both sides of a border. An area that both boards cover is no second side. */
export function sharedPatterns(
  alike: readonly AlikePatterns[],
  mine: readonly string[],
  theirs: readonly string[],
): BorderPattern[] {
  return alike.flatMap(({ pattern: { authority: _, ...rest }, having, boards }) => {
    const here = having.filter((one) => mine.includes(one));
    const there = having.filter((one) => theirs.includes(one));
    if (!here.length || !there.some((one) => !mine.includes(one))) return [];
    return [{ ...rest, mine: here, theirs: there, boards }];
  });
}
