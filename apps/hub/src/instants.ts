import { isScalarType, type GraphQLSchema } from 'graphql';
import { Instant } from '@hub/platform';

/**
 * Makes the schema read a DateTime strictly. The library puts its own reading in last, by which any text is a date, one
 * that is none or another one.
 */
export function strictInstants(schema: GraphQLSchema): GraphQLSchema {
  const type = schema.getType(Instant.name);
  if (!isScalarType(type)) throw new Error('the schema has no instants');
  const { parseValue, parseLiteral, serialize } = Instant;
  Object.assign(type, { parseValue, parseLiteral, serialize });
  return schema;
}
