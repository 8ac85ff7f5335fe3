import { valueFromASTUntyped, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';
import { Refusal } from '@hub/kernel';

/**
 * A request acts for one organisation: what is read for one board is not to lie beside what is read for another. Asked by each
 * field before it does anything, so that of such a request nothing is done.
 * @throws Refusal ACTING_FOR_SEVERAL
 */
export function assertOneHat({ operation, fragments, variableValues }: GraphQLResolveInfo): void {
  const hats = new Set<unknown>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === 'FragmentSpread') collect(fragments[selection.name.value]!.selectionSet);
      else if (selection.kind === 'InlineFragment') collect(selection.selectionSet);
      else {
        const as = selection.arguments?.find(({ name }) => name.value === 'as');
        if (as) hats.add(valueFromASTUntyped(as.value, variableValues as never));
      }
    }
  };
  collect(operation.selectionSet);
  if (hats.size > 1) throw new Refusal('ACTING_FOR_SEVERAL');
}
