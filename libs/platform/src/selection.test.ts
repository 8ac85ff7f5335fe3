import { Kind, parse, type FieldNode, type FragmentDefinitionNode } from 'graphql';
import { asksFor } from './selection';

/** The first field of the first operation. */
function infoOf(text: string) {
  const { definitions } = parse(text);
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments[one.name.value] = one;
  const [operation] = definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the first is an operation');
  return { fieldNodes: [operation.selectionSet.selections[0] as FieldNode], fragments };
}

test.each([
  ['itself', '{ region { a { notes { text } } } }', true],
  ['under another name', '{ region { a { said: notes { text } } } }', true],
  ['in a fragment of a fragment', '{ region { ...A } } fragment A on R { ...B } fragment B on R { notes }', true],
  ['in an inline fragment that may be left out', '{ region { ... on R @skip(if: true) { notes } } }', true],
  ['as a name of something else', '{ region { notes: a } }', false],
  ['beside the field, not under it', '{ region { a } other { notes } }', false],
  ['in a fragment that is spread elsewhere', '{ region { a } other { ...A } } fragment A on R { notes }', false],
])('a field is asked for: %s', (_where, text, isAsked) => {
  expect(asksFor(infoOf(text), 'notes', 'remark')).toBe(isAsked);
});
