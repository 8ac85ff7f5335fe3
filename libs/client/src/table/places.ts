/**
 * A finding whose texts name places of the payload as its reader knows them. A pointer that is to be written stays one.
 * @param inWords  of a row or a member of one: `/rows/5`, `/rows/5/count`
 */
export function namingPlaces<F extends { readonly message: string; readonly expected?: string }>(
  finding: F,
  inWords: (pointer: string) => string,
): F {
  const told = (text: string) => text.replace(/(?<!pointer )\/rows\/\d+(?:\/\w+)?/g, (pointer) => inWords(pointer));
  const { message, expected } = finding;
  return { ...finding, message: told(message), ...(expected === undefined ? {} : { expected: told(expected) }) };
}

/** From so many findings on that say the same, they are told once. */
const TOGETHER = 3;
/** So many places are named; how many more there are is said. */
const NAMED = 8;

/** What a finding says, wherever it stands. */
interface Said {
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
  readonly expected?: string;
  /** An answer that was given before is of one place. */
  readonly offered?: unknown;
  /** The column of a table. */
  readonly heading?: string;
}

/** Findings that say the same of many places together, in the order of the first of each; others stay by themselves. */
export function alike<F extends Said>(findings: readonly F[]): readonly (readonly [F, ...F[]])[] {
  const groups = new Map<string, [F, ...F[]]>();
  for (const one of findings) {
    const { severity, rule, message, expected, heading, offered } = one;
    const name = JSON.stringify([severity, rule, message, expected, heading, offered ? groups.size : null]);
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return [...groups.values()].flatMap((same) => (same.length < TOGETHER ? same.map((one): [F] => [one]) : [same]));
}

/** The first of many places, and how many more there are: `a, b, c and 240 more`. */
export function firstOf(places: readonly string[]): string {
  // Nobody is told of one more where it could be named.
  const named = places.length > NAMED + 1 ? places.slice(0, NAMED) : places;
  const more = places.length - named.length;
  return `${named.join(', ')}${more ? ` and ${more} more` : ''}`;
}
