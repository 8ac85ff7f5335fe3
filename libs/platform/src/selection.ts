import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/**
 * Whether an answer has any field of these names anywhere under the one that is being resolved: for what costs something to
 * have ready. Fragments count, and so does what a directive may leave out.
 */
export function asksFor(
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  ...names: readonly string[]
): boolean {
  const spread = new Set<string>();
  const has = (selected: SelectionSetNode | undefined): boolean =>
    selected?.selections.some((one) => {
      if (one.kind === Kind.FIELD) return names.includes(one.name.value) || has(one.selectionSet);
      if (one.kind === Kind.INLINE_FRAGMENT) return has(one.selectionSet);
      if (spread.has(one.name.value)) return false;
      spread.add(one.name.value);
      return has(fragments[one.name.value]?.selectionSet);
    }) ?? false;
  return fieldNodes.some(({ selectionSet }) => has(selectionSet));
}
