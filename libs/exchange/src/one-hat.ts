import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext, ID } from '@nestjs/graphql';
import { valueFromASTUntyped, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';
import { Refusal } from '@hub/kernel';

/** For whom the caller acts in this request. */
export const AS = { type: () => ID, description: 'The board, agency or authority that you act for: one in a request.' };

/**
 * A request acts for one organisation: what is read for one board is not to lie beside what is read for another. Stands before each
 * query and mutation of a resolver, so that of such a request nothing is done.
 * @throws Refusal ACTING_FOR_SEVERAL
 */
@Injectable()
export class OneHat implements CanActivate {
  canActivate(context: ExecutionContext): true {
    if (hatsIn(GqlExecutionContext.create(context).getInfo<GraphQLResolveInfo>()).size > 1) {
      throw new Refusal('ACTING_FOR_SEVERAL');
    }
    return true;
  }
}

function hatsIn({ operation, fragments, variableValues }: GraphQLResolveInfo): Set<unknown> {
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
  return hats;
}
