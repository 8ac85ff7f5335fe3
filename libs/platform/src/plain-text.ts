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

/** Writes a value of one type as JSON, part by part. */
type Write = (value: unknown, parts: Parts) => void;

/** Joined a thousand at a time, in one list of that length: a long one would be copied again and again as it grows. */
class Parts {
  private readonly joined: string[] = [];
  private readonly last = new Array<string>(1_000).fill('');
  private length = 0;

  push(part: string): void {
    if (this.length === this.last.length) this.join();
    this.last[this.length++] = part;
  }
  /** All of it. */
  text(): string {
    this.join();
    return this.joined.join('');
  }
  private join(): void {
    this.joined.push((this.length < this.last.length ? this.last.slice(0, this.length) : this.last).join(''));
    this.length = 0;
  }
}

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
 * missing or is not of its type. Parts are joined once: text that grows by `+=` stays a tree of its parts, which is kept with it and
 * walked again by each answer that it goes into.
 * @param schema  whose root is the type of the view
 * @returns null where graphql-js has to answer
 */
export function plainText(
  view: object,
  schema: GraphQLSchema,
  { fieldNodes, fragments, variableValues }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>,
): string | null {
  const parts = new Parts();
  try {
    objectWriter(schema.getQueryType()!, fieldNodes, { schema, fragments, variableValues })(view, parts);
    return parts.text();
  } catch {
    // What was thrown is thrown again where graphql-js answers, and said by it.
    return null;
  }
}

function writerOf(type: GraphQLOutputType, nodes: readonly FieldNode[], asked: Asked): Write {
  if (isNonNullType(type)) {
    const write = writerOf(type.ofType, nodes, asked);
    return (value, parts) => (value === null || value === undefined ? notPlain() : write(value, parts));
  }
  const write = nullableWriter(type, nodes, asked);
  return (value, parts) => (value === null || value === undefined ? void parts.push('null') : write(value, parts));
}

function nullableWriter(type: GraphQLOutputType, nodes: readonly FieldNode[], asked: Asked): Write {
  if (isLeafType(type)) {
    // Neighbours often say the same: the same code, kind, period.
    let [last, text]: [unknown, string] = ['', '""'];
    return (value, parts) => {
      if (value instanceof Error || typeof value === 'function' || isPromise(value)) notPlain();
      const said: unknown = type.serialize(value);
      if (said !== last) [last, text] = [said, said === null || said === undefined ? notPlain() : JSON.stringify(said)];
      parts.push(text);
    };
  }
  if (isListType(type)) {
    const write = writerOf(type.ofType, nodes, asked);
    return (value, parts) => {
      if (!Array.isArray(value)) return notPlain();
      parts.push('[');
      value.forEach((one, i) => {
        if (i) parts.push(',');
        write(one, parts);
      });
      parts.push(']');
    };
  }
  return isObjectType(type) ? objectWriter(type, nodes, asked) : notPlain();
}

const nameWriter: Write = (name, parts) => void parts.push(JSON.stringify(name));

function objectWriter(type: GraphQLObjectType, nodes: readonly FieldNode[], asked: Asked): Write {
  const { schema, fragments, variableValues } = asked;
  if (type.isTypeOf) notPlain();

  const fields = [...collectSubfields(schema, fragments, variableValues, type, nodes)].map(
    ([answeredAs, selected], i) => {
      const name = selected[0]!.name.value;
      const before = `${i ? ',' : '{'}${JSON.stringify(answeredAs)}:`;
      if (name === '__typename') return { before, read: () => type.name, write: nameWriter };
      const field = type.getFields()[name];
      // A resolver of one parameter reads the view and nothing else: Nest gives one to every field.
      if (!field || field.args.length || (field.resolve && field.resolve.length !== 1)) return notPlain();
      const read = field.resolve ?? ((of: Readonly<Record<string, unknown>>) => of[name]);
      return { before, read: read as (view: unknown) => unknown, write: writerOf(field.type, selected, asked) };
    },
  );
  if (!fields.length) return (_, parts) => void parts.push('{}');
  return (view, parts) => {
    if (typeof view !== 'object' || view instanceof Error || isPromise(view)) notPlain();
    for (const { before, read, write } of fields) {
      parts.push(before);
      write(read(view), parts);
    }
    parts.push('}');
  };
}

const isPromise = (value: unknown): boolean => typeof (value as { then?: unknown } | null)?.then === 'function';
