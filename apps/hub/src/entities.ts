import { isObjectType, type GraphQLSchema } from 'graphql';
import { Refusal } from '@hub/kernel';

type Representation = { readonly __typename?: unknown } | null | undefined;

/**
 * Makes `_entities` answer each representation for itself: one that is refused, or that names no entity of this hub, is
 * null with its own error, and the others are answered. The library would fail them all, as a defect of the hub.
 */
export function eachEntityForItself(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()._entities;
  const resolve = field?.resolve;
  if (!field || !resolve) throw new Error('the schema has no entities');
  const isEntity = (name: unknown): boolean => {
    const type = typeof name === 'string' ? schema.getType(name) : undefined;
    return isObjectType(type) && (type.extensions.apollo as Extensions)?.subgraph?.resolveReference !== undefined;
  };
  field.resolve = (source, { representations }: { representations: readonly Representation[] }, context, info) =>
    representations.map(async (one) => {
      if (!isEntity(one?.__typename)) throw new Refusal('REQUEST_MALFORMED', { expected: 'representations of Region' });
      return ((await resolve(source, { representations: [one] }, context, info)) as unknown[])[0];
    });
  return schema;
}

/** Where @apollo/subgraph keeps what resolves a reference. */
type Extensions = { readonly subgraph?: { readonly resolveReference?: unknown } } | undefined;
