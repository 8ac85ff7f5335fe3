import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { graphql } from './graphql';

/** What tests share that ask for every field of the running hub's schema. */

export type Field = GraphQLField<unknown, unknown>;

/** The schema as the hub says that it is. */
export async function schemaOf(url: string, token: string): Promise<GraphQLSchema> {
  const { data } = await graphql<IntrospectionQuery>(url, token, getIntrospectionQuery());
  return buildClientSchema(data!);
}

/**
 * With which arguments fields are asked for that stand below others.
 * @param period   of which there is a publication
 * @param against  another one, of before
 */
export const argumentsBelow = (period: string, against: string): Readonly<Record<string, string>> => ({
  'Region.benchmark': `(indicator: "CP07", period: "${period}", against: "${against}")`,
  'Region.benchmarkTable': `(period: "${period}", indicators: ["RF01"], against: "${against}", first: 1)`,
  'Region.history': `(indicator: "RF01", period: "${period}", back: 12)`,
  'Region.chart': `(kind: BAR, indicator: "CP07", period: "${period}")`,
  'Region.commentary': `(period: "${period}")`,
  'Region.patterns': `(period: "${period}", indicators: ["CP01"])`,
  'Patterns.list': '(first: 50)',
  // A page of them costs too much with everything that stands under each.
  'Region.rounds': '(first: 9)',
  'Region.publications': `(first: 2, period: "${period}")`,
  'Publication.why': '(series: "RF01#count")',
  'SigningKey.goodAt': '(at: "2026-01-01T00:00:00Z")',
});

/** @param coordinate  `Query.region` */
export function fieldOf(schema: GraphQLSchema, coordinate: string): Field {
  const [type, name] = coordinate.split('.') as [string, string];
  return (schema.getType(type) as GraphQLObjectType).getFields()[name]!;
}

export function objectsOf(field: Field): readonly GraphQLObjectType[] {
  const type = getNamedType(field.type);
  if (isUnionType(type)) return type.getTypes();
  return isObjectType(type) ? [type] : [];
}

/** A region with everything that hangs on it is more than one request may ask for, so it is asked for field by field. */
const PARTS = 12;
const isPartial = ({ name }: GraphQLObjectType): boolean => name === 'Region';

/** How many requests it takes to ask for everything under a field. */
export const partsOf = (field: Field): number => (objectsOf(field).some(isPartial) ? PARTS : 1);

/** The selection of everything under a field, as deep as it goes; of a region one of the parts. */
export function selectionOf(
  field: Field,
  below: Readonly<Record<string, string>>,
  part = 0,
  above: readonly string[] = [],
): string {
  const objects = objectsOf(field);
  if (!objects.length) return '';
  const inner = objects.map((type) => {
    if (above.includes(type.name)) throw new Error(`${type.name} contains itself: say in the test how deep to look`);
    const wanted = Object.values(type.getFields()).filter((_, i) => !isPartial(type) || i % PARTS === part);
    const fields = wanted.map(
      (one) =>
        `${one.name}${below[`${type.name}.${one.name}`] ?? ''}${selectionOf(one, below, part, [...above, type.name])}`,
    );
    return isUnionType(getNamedType(field.type)) ? `... on ${type.name} { ${fields.join(' ')} }` : fields.join(' ');
  });
  return ` { ${inner.join(' ')} }`;
}
