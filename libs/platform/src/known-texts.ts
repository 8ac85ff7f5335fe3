import type { ApolloServerPlugin } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import {
  execute,
  getNullableType,
  GraphQLError,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  isInputType,
  isLeafType,
  isObjectType,
  Kind,
  OperationTypeNode,
  responsePathAsArray,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLFormattedError,
  type GraphQLResolveInfo,
  type OperationDefinitionNode,
} from 'graphql';
import { Made } from '@hub/kernel';
import { plainText } from './plain-text';

/** Fields of one entity whose views are the same object for as long as they say the same, and the root field that finds it. */
export interface KnownFields {
  readonly root: string;
  readonly fields: readonly string[];
}

/** Bytes of answers that are kept. */
const MOST_BYTES = 32 * 1024 * 1024;

/** A part of an answer as it is written. */
class Text {
  constructor(readonly json: string) {}
  /** Whoever reads the answer instead of writing it sees what it says. */
  toJSON(): unknown {
    return JSON.parse(this.json);
  }
}
const text = new GraphQLScalarType({ name: 'Text', serialize: (value) => value });

/** Texts by the view and the selection that they are of. Who has not been handed a view by its resolver does not find its text. */
export type KnownTexts = Made<Text>;
export const aShelfOfTexts = (mostBytes = MOST_BYTES): KnownTexts =>
  new Made<Text>(mostBytes, ({ json }, key) => json.length + key.length);

/** What one request brings along. */
interface Request {
  readonly variables: Readonly<Record<string, unknown>>;
  /** What went wrong under the fields, with their whole paths. */
  readonly errors: GraphQLError[];
}

/**
 * Answers an operation in two steps: first graphql-js answers the entity and the fields, as if these were leaves, so that every resolver
 * decides, reads and records as ever; then what was selected under each is written down (`plainText`), once for each view and each
 * selection. What needs a resolver under a field is answered by graphql-js and never kept.
 */
class InTwoSteps {
  private readonly requests = new WeakMap<object, Request>();
  private readonly outer: GraphQLSchema;
  private readonly entity: GraphQLObjectType;
  private readonly documents = new WeakMap<
    FieldNode,
    { readonly document: DocumentNode; readonly variables: readonly string[] }
  >();

  constructor(
    schema: GraphQLSchema,
    private readonly known: KnownFields,
    private readonly texts: KnownTexts,
  ) {
    const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    const query = schema.getQueryType()!.toConfig();
    const root = query.fields[known.root]!;
    const entity = (getNullableType(root.type) as GraphQLObjectType).toConfig();
    const plain = Object.entries(entity.fields).filter(
      ([, { type, args }]) => isLeafType(getNullableType(type)) && !Object.keys(args ?? {}).length,
    );
    const leaves = known.fields.map((name) => {
      const { resolve, type, ...field } = entity.fields[name]!;
      const inner = getNullableType(type);
      if (!isObjectType(inner) || !resolve) throw new Error(`${name} is no field that is resolved to an object`);
      const under = new GraphQLSchema({ query: inner, types, assumeValid: true });
      const resolved: typeof resolve = async (source, args, context: object, info) => {
        const view: unknown = await resolve(source, args, context, info);
        return view === null || view === undefined ? null : this.textOf(under, view, context, info);
      };
      return [name, { ...field, type: text, resolve: resolved }];
    });
    this.entity = new GraphQLObjectType({
      ...entity,
      interfaces: [],
      fields: Object.fromEntries([...plain, ...leaves]) as typeof entity.fields,
    });
    const found = new GraphQLObjectType({ ...query, fields: { [known.root]: { ...root, type: this.entity } } });
    const inputs = types.filter(isInputType);
    this.outer = new GraphQLSchema({ query: found, types: inputs, assumeValid: true });
  }

  /** Whether an operation asks for such fields and nothing beside them; of a document that uses fragments there, nobody looks. */
  takes({ operation, selectionSet }: OperationDefinitionNode): boolean {
    const { root, fields } = this.known;
    return (
      operation === OperationTypeNode.QUERY &&
      selectionSet.selections.every(
        (found) =>
          found.kind === Kind.FIELD &&
          found.name.value === root &&
          found.selectionSet!.selections.every(
            (one) =>
              one.kind === Kind.FIELD && (one.name.value === '__typename' || one.name.value in this.entity.getFields()),
          ) &&
          found.selectionSet!.selections.some((one) => one.kind === Kind.FIELD && fields.includes(one.name.value)),
      )
    );
  }

  /** @returns without data where the variables are refused: no resolver has run */
  async execute(
    document: DocumentNode,
    operationName: string | null,
    variables: Readonly<Record<string, unknown>>,
    contextValue: object,
  ): Promise<ExecutionResult> {
    const request: Request = { variables, errors: [] };
    this.requests.set(contextValue, request);
    const { data, errors } = await execute({
      schema: this.outer,
      document,
      contextValue,
      variableValues: variables,
      operationName,
    });
    const all = [...(errors ?? []), ...request.errors];
    return { ...(data === undefined ? {} : { data }), ...(all.length ? { errors: all } : {}) };
  }

  private async textOf(
    schema: GraphQLSchema,
    view: object,
    contextValue: object,
    info: GraphQLResolveInfo,
  ): Promise<Text | null> {
    const { variables, errors } = this.requests.get(contextValue)!;
    const { document, variables: used } = this.documentOf(info);
    const [node] = info.fieldNodes;
    const mayBeKept = info.fieldNodes.length === 1;
    const of = [view, node!];
    // One that is left out has its default, one that is null has none.
    const how = used.length
      ? JSON.stringify(used.map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : [])))
      : '';
    const known = mayBeKept ? this.texts.find(of, how) : undefined;
    if (known) return known;
    const json = plainText(view, schema, info);
    if (json !== null) {
      const made = new Text(json);
      return mayBeKept ? this.texts.of(of, how, () => made) : made;
    }
    const answer = await execute({ schema, document, rootValue: view, contextValue, variableValues: variables });
    const path = responsePathAsArray(info.path);
    for (const error of answer.errors ?? []) {
      const { message, nodes, extensions, originalError } = error;
      errors.push(
        new GraphQLError(message, { nodes, extensions, originalError, path: [...path, ...(error.path ?? [])] }),
      );
    }
    return answer.data ? new Text(JSON.stringify(answer.data)) : null;
  }

  /** What is selected under a field, as an operation of its own, and the variables that it uses. */
  private documentOf({ fieldNodes, operation, fragments }: GraphQLResolveInfo) {
    const [first] = fieldNodes;
    const known = fieldNodes.length === 1 ? this.documents.get(first!) : undefined;
    if (known) return known;
    const selections = fieldNodes.flatMap(({ selectionSet }) => selectionSet!.selections);
    const asked: OperationDefinitionNode = {
      ...operation,
      directives: [],
      selectionSet: { kind: Kind.SELECTION_SET, selections },
    };
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [asked, ...Object.values(fragments)] };
    const used = new Set<string>();
    const note = { Variable: ({ name }: { name: { value: string } }) => void used.add(name.value) };
    for (const one of [asked.selectionSet, ...Object.values(fragments)]) visit(one, note);
    const made = { document, variables: [...used].sort() };
    if (fieldNodes.length === 1) this.documents.set(first!, made);
    return made;
  }
}

/** Answers in which there are texts. */
const written = new WeakSet<object>();

/**
 * Lets an operation that asks for nothing but such fields be answered out of known texts.
 * @param format  as the server's own `formatError`
 */
export function knownTexts(
  known: KnownFields,
  format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
  texts = aShelfOfTexts(),
): ApolloServerPlugin {
  let steps: InTwoSteps;
  return {
    serverWillStart: async ({ schema }) => void (steps = new InTwoSteps(schema, known, texts)),
    requestDidStart: async () => ({
      responseForOperation: async ({ document, operation, request, contextValue }) => {
        if (!operation || !steps.takes(operation)) return null;
        const { data, errors } = await steps.execute(
          document,
          request.operationName ?? null,
          request.variables ?? {},
          contextValue,
        );
        // The server itself says what is wrong with variables.
        if (data === undefined) return null;
        if (data) written.add(data);
        const formatted = errors?.map((error) =>
          format({ ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions } }, error),
        );
        return {
          http: { status: undefined, headers: new HeaderMap() },
          body: { kind: 'single', singleResult: { data, ...(formatted ? { errors: formatted } : {}) } },
        };
      },
    }),
  };
}

const textOf = (value: unknown): string =>
  value instanceof Text
    ? value.json
    : value !== null && typeof value === 'object'
      ? `{${Object.entries(value)
          .map(([name, one]) => `${JSON.stringify(name)}:${textOf(one)}`)
          .join()}}`
      : JSON.stringify(value);

/** Writes an answer; what has a text already is not written again. */
export function writeAnswer(answer: Pick<ExecutionResult, 'data'> & { readonly errors?: unknown }): string {
  const { data, errors } = answer;
  if (!data || !written.has(data)) return `${JSON.stringify(answer)}\n`;
  return `{${errors ? `"errors":${JSON.stringify(errors)},` : ''}"data":${textOf(data)}}\n`;
}
