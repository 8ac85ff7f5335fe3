import { GraphQLScalarType, Kind } from 'graphql';
import { isCivilDate, Refusal } from '@hub/kernel';

const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

function parse(value: unknown): Date {
  const [text, day] = (typeof value === 'string' && INSTANT.exec(value)) || [];
  const instant = new Date(text ?? Number.NaN);
  // A day that no month has would roll over into the next one.
  if (Number.isNaN(instant.getTime()) || !isCivilDate(day!))
    throw new Refusal('REQUEST_MALFORMED', { expected: 'an instant such as 2025-07-31T09:00:00Z' });
  return instant;
}

/** A moment with its offset from UTC (RFC 3339), `2025-07-31T09:00:00Z`; given out in UTC. */
export const Instant = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment, such as 2025-07-31T09:00:00.000Z.',
  serialize: (value) => (value as Date).toISOString(),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
