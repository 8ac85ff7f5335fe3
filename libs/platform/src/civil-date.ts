import { GraphQLScalarType, Kind } from 'graphql';
import { isCivilDate, Refusal } from '@hub/kernel';

function parse(value: unknown): string {
  if (typeof value !== 'string' || !isCivilDate(value))
    throw new Refusal('REQUEST_MALFORMED', { expected: 'a civil date such as 2025-07-31' });
  return value;
}

/** A civil date of Europe/London, `2025-07-31`. */
export const CivilDate = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A civil date of Europe/London, such as 2025-07-31.',
  serialize: (value) => String(value),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
