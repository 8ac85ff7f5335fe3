import {
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields';

/** Writes a value of one type as JSON. */
type Write = (value: unknown) => string;

/** What a selection depends on beside its fields. */
type Asked = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>;

/** Thrown where a value is not as plain as its type says: graphql-js has an answer to that, and words for what is wrong. */
class NotPlain extends Error {}
const notPlain = (): never => {
  throw new NotPlain();
};

/**
 * What is selected under a field, written of a view at once: the text that `JSON.stringify` makes of what graphql-js answers. The first
 * reader after a publication waits for it. Where anything is not plain nothing is written, and graphql-js answers: a field with
 * arguments or a resolver of its own, a type that is more than one kind of object, a promise, a function, an error, a value that is
 * missing or is not of its type. The items of a list are joined: text that grows by `+=` stays a tree of its parts, which is kept with it
 * and walked again by each answer that it goes into.
 * @param schema  whose root is the type of the view
 * @returns null where graphql-js has to answer
 */
export function plainText(
  view: object,
  schema: GraphQLSchema,
  { fieldNodes, fragments, variableValues }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>,
): string | null {
  try {
    return objectWriter(schema.getQueryType()!, fieldNodes, { schema, fragments, variableValues })(view);
  } catch {
    // What was thrown is thrown again where graphql-js answers, and said by it.
    return null;
  }
}

function writerOf(type: GraphQLOutputType, nodes: readonly FieldNode[], asked: Asked): Write {
  const isSure = isNonNullType(type);
  const write = writerOfSome(isSure ? type.ofType : type, nodes, asked);
  return (value) => (value !== null && value !== undefined ? write(value) : isSure ? notPlain() : 'null');
}

/** Of a value that is there. */
function writerOfSome(type: GraphQLOutputType, nodes: readonly FieldNode[], asked: Asked): Write {
  if (isLeafType(type)) {
    // Neighbours often say the same: the same kind, period.
    let [last, text]: [unknown, string] = [undefined, ''];
    return (value) => {
      if (value === last) return text;
      if (isOdd(value)) notPlain();
      const said: unknown = type.serialize(value);
      text = said === null || said === undefined ? notPlain() : JSON.stringify(said);
      last = value;
      return text;
    };
  }
  if (isListType(type)) {
    const write = writerOf(type.ofType, nodes, asked);
    return (value) => (Array.isArray(value) ? `[${value.map(write).join()}]` : notPlain());
  }
  return isObjectType(type) ? objectWriter(type, nodes, asked) : notPlain();
}

function objectWriter(type: GraphQLObjectType, nodes: readonly FieldNode[], asked: Asked): Write {
  const { schema, fragments, variableValues } = asked;
  if (type.isTypeOf) notPlain();

  const fields = [...collectSubfields(schema, fragments, variableValues, type, nodes)].map(
    ([answeredAs, selected], i) => {
      const name = selected[0]!.name.value;
      const before = `${i ? ',' : '{'}${JSON.stringify(answeredAs)}:`;
      if (name === '__typename') return { before, read: () => type.name, write: JSON.stringify as Write };
      const field = type.getFields()[name];
      // A resolver of one parameter reads the view and nothing else: Nest gives one to every field.
      if (!field || field.args.length || (field.resolve && field.resolve.length !== 1)) return notPlain();
      const read = field.resolve ?? ((of: Readonly<Record<string, unknown>>) => of[name]);
      return { before, read: read as (view: unknown) => unknown, write: writerOf(field.type, selected, asked) };
    },
  );
  if (!fields.length) return () => '{}';
  return (view) => {
    if (typeof view !== 'object' || isOdd(view)) notPlain();
    let text = '';
    for (const { before, read, write } of fields) text += before + write(read(view));
    return `${text}}`;
  };
}

/** A function, an error, a promise. */
const isOdd = (value: unknown): boolean =>
  typeof value === 'function' ||
  (typeof value === 'object' && (value instanceof Error || typeof (value as { then?: unknown }).then === 'function'));
