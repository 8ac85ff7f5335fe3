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

const keyOf = ({ indicator, categories, text }: SeenPattern): string => JSON.stringify([indicator, categories, text]);

/**
 * Patterns that are seen on both sides of a border; those that more boards have come first. One without a question is left
 * out: there is no figure without its question.
 * @param all  every board whose areas are looked at, one's own with them
 */
export function sharedPatterns(
  patterns: readonly SeenPattern[],
  mine: readonly string[],
  theirs: readonly string[],
  all: readonly { readonly areas: readonly string[] }[],
): BorderPattern[] {
  const alike = new Map<string, SeenPattern[]>();
  for (const one of patterns) if (one.questions.length) alike.set(keyOf(one), [...(alike.get(keyOf(one)) ?? []), one]);
  const shared: BorderPattern[] = [];
  for (const same of alike.values()) {
    const having = [...new Set(same.map(({ authority }) => authority))].sort();
    const [here, there] = [mine, theirs].map((areas) => having.filter((one) => areas.includes(one)));
    // An area that both boards cover is no second side.
    if (!here!.length || !there!.some((one) => !mine.includes(one))) continue;
    const { authority: _, ...rest } = same[0]!;
    const boards = all.filter(({ areas }) => areas.some((area) => having.includes(area))).length;
    shared.push({ ...rest, mine: here!, theirs: there!, boards });
  }
  return shared.sort((a, b) => b.boards - a.boards || (a.indicator < b.indicator ? -1 : 1));
}
