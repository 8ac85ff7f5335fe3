import { GraphQLScalarType, Kind } from 'graphql';
import { Refusal } from '@hub/kernel';

function parse(value: unknown): string {
  const day = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00:00Z`) : null;
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== value) {
    throw new Refusal('REQUEST_MALFORMED', { expected: 'a civil date such as 2025-07-31' });
  }
  return value as string;
}

/** A civil date of Europe/London, `2025-07-31`. */
export const CivilDate = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A civil date of Europe/London, such as 2025-07-31.',
  serialize: (value) => String(value),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
