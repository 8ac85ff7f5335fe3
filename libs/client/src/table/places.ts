/**
 * A finding whose texts name places of the payload as its reader knows them.
 * @param inWords  of a row or a member of one: `/rows/5`, `/rows/5/count`
 */
export function namingPlaces<F extends { readonly message: string; readonly expected?: string }>(
  finding: F,
  inWords: (pointer: string) => string,
): F {
  const told = (text: string) => text.replace(/\/rows\/\d+(?:\/\w+)?/g, (pointer) => inWords(pointer));
  const { message, expected } = finding;
  return { ...finding, message: told(message), ...(expected === undefined ? {} : { expected: told(expected) }) };
}
