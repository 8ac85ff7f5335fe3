import type { ApolloServerPlugin } from '@apollo/server';
import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  valueFromASTUntyped,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { keep, Refusal } from '@hub/kernel';
import { PAGE_SIZE } from './connection';
import { toGraphQLError } from './edge';
import type { Rate } from './rate';

/** What one request of GraphQL asks for. */
export interface Asking {
  /** Fields inside one another, fragments spread. */
  readonly depth: number;
  /** Fields that the answer would have, lists by the size asked for; one that takes arguments is looked up and counts as 10, or by its weight. */
  readonly cost: number;
  /** That part of the cost which is of fields that are looked up: what is selected under them is there then, and little work. */
  readonly lookups: number;
  /** In the document. */
  readonly aliases: number;
  /** In the document. */
  readonly directives: number;
  /** Of `_entities`. */
  readonly representations: number;
  /** Asks for the schema. */
  readonly introspects: boolean;
  /** Variables on whose values, or on how many they hold, the rest depends. */
  readonly counted: readonly string[];
}

/** Whoever asks for more is refused, and a member told by how much: the published queries of a region need a tenth of it. */
export const queryLimits = {
  /** Words and signs of a document; more is not even parsed. */
  tokens: 2_000,
  depth: 16,
  cost: 25_000,
  aliases: 40,
  directives: 20,
  representations: 100,
} as const;
/** What a request takes by itself: it is read, its sender found, its answer written. */
const REQUEST = 100;
/** So many fields that are there once something above them has been looked up are as much work as one of its cost. */
const FIELDS = 20;
/** What a request takes of its member's minute: a thousand are some 20 ms of processor. */
export const takes = ({ cost, lookups }: Pick<Asking, 'cost' | 'lookups'>): number =>
  Math.ceil(REQUEST + lookups + (cost - lookups) / FIELDS);

/** How long a list is taken to be that nobody asked for by number: the authorities of a region, the parties of an agreement. */
const USUAL_LIST = 20;
const LOOKED_UP = 10;
/** Lists that are hardly ever longer than this, by their field: `{ 'Round.mine': 2 }`. */
export type ShortLists = Readonly<Record<string, number | Narrowed>>;
/** A list that is as short where the nearest field above it that takes arguments is given this one. */
export interface Narrowed {
  readonly by: string;
  readonly to: number;
}
/**
 * What it costs to look a field up that is worked out of much, whatever is selected of it: `{ 'Region.chart': 1000 }`; or how that
 * hangs on its arguments: `asked` gives the number that one holds, undefined where it is not given, Infinity where it is and is no number.
 */
export type Weights = Readonly<Record<string, number | ((asked: (argument: string) => number | undefined) => number)>>;
const numberIn = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : (value ?? null) === null ? undefined : Infinity;
type Measure = Pick<Asking, 'depth' | 'cost' | 'lookups'>;
const nothing: Measure = { depth: 0, cost: 0, lookups: 0 };
const metaFields: Readonly<Record<string, GraphQLField<unknown, unknown>>> = {
  __schema: SchemaMetaFieldDef,
  __type: TypeMetaFieldDef,
};

/** What the variables of an operation hold: where one is not sent, what the document says of it. */
const held = ({ variableDefinitions = [] }: OperationDefinitionNode, sent: Readonly<Record<string, unknown>>) => ({
  ...Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  ),
  ...sent,
});

/**
 * Measures an operation of a valid document; each fragment once, so a document is measured in the time that it takes to
 * read it, however often its fragments spread one another.
 */
export function asking(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  sent: Readonly<Record<string, unknown>>,
  shortLists: ShortLists = {},
  weights: Weights = {},
): Asking {
  const variables: Readonly<Record<string, unknown>> = held(operation, sent);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const narrowing = new Set(Object.values(shortLists).flatMap((one) => (typeof one === 'number' ? [] : [one.by])));
  const measured = new Map<string, Measure>();
  let representations = 0;
  let introspects = false;
  const counted = new Set<string>();

  const argument = (field: FieldNode, name: string): unknown => {
    const given = field.arguments?.find((one) => one.name.value === name)?.value;
    if (given?.kind === Kind.VARIABLE) {
      counted.add(given.name.value);
      return variables[given.name.value];
    }
    if (given?.kind === Kind.LIST) return given.values;
    if (given?.kind === Kind.INT) return Number(given.value);
    return given?.kind === Kind.NULL ? undefined : given;
  };
  /** Arguments of the field that make a list below it short: those that are given. */
  const given = (field: FieldNode): string[] =>
    (field.arguments ?? []).flatMap(({ name: { value: name }, value }) => {
      if (!narrowing.has(name) || value.kind === Kind.NULL) return [];
      if (value.kind !== Kind.VARIABLE) return [name];
      counted.add(value.name.value);
      return (variables[value.name.value] ?? null) === null ? [] : [name];
    });
  /** How many of what stands under the field there can be. */
  const factor = (
    field: FieldNode,
    definition: GraphQLField<unknown, unknown>,
    parent: GraphQLCompositeType,
    narrowed: readonly string[],
  ): number => {
    const asked = argument(field, 'representations');
    if (Array.isArray(asked)) {
      representations += asked.length;
      return asked.length;
    }
    const page = definition.args.find(({ name }) => name === 'first');
    if (page) {
      const isGiven = field.arguments?.some(({ name }) => name.value === 'first');
      const first = isGiven ? argument(field, 'first') : page.defaultValue;
      // One of less than one is refused before anything of it is looked up (`pageOf`).
      return typeof first === 'number' ? Math.min(Math.max(first, 0), PAGE_SIZE) : PAGE_SIZE;
    }
    // The edges of a connection are as many as were asked for above; how deep the schema may be asked for is the rule of
    // graphql-js itself.
    if (!isListType(getNullableType(definition.type)) || /^__|Connection$/.test(parent.name)) return 1;
    const short = shortLists[`${parent.name}.${definition.name}`] ?? USUAL_LIST;
    return typeof short === 'number' ? short : narrowed.includes(short.by) ? short.to : USUAL_LIST;
  };
  /** @param narrowed  what the nearest field above that takes arguments is given of those that make lists short */
  const walk = (
    selected: SelectionSetNode | undefined,
    parent: GraphQLCompositeType,
    narrowed: readonly string[],
  ): Measure => {
    let [depth, cost, lookups] = [0, 0, 0];
    const add = (found: Measure) => {
      depth = Math.max(depth, found.depth);
      cost += found.cost;
      lookups += found.lookups;
    };
    for (const selection of selected?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        if (name === '__schema' || name === '__type') introspects = true;
        const definition =
          (Object.hasOwn(metaFields, name) ? metaFields[name] : undefined) ??
          (isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined);
        const type = definition && getNamedType(definition.type);
        const below = definition?.args.length ? given(selection) : narrowed;
        const inner = isCompositeType(type) ? walk(selection.selectionSet, type, below) : nothing;
        const times = definition ? factor(selection, definition, parent, narrowed) : 1;
        const weight = weights[`${parent.name}.${name}`] ?? (definition?.args.length ? LOOKED_UP : 0);
        const own = typeof weight === 'number' ? weight : weight((one) => numberIn(argument(selection, one)));
        add({
          depth: 1 + inner.depth,
          cost: (own || 1) + times * inner.cost,
          lookups: own + times * inner.lookups,
        });
        continue;
      }
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      const fragment = isSpread ? fragments.get(selection.name.value) : selection;
      const on = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
      const type = isCompositeType(on) ? on : parent;
      if (!isSpread) add(walk(fragment?.selectionSet, type, narrowed));
      else {
        const key = [selection.name.value, ...narrowed].join(' ');
        if (!measured.has(key)) measured.set(key, walk(fragment?.selectionSet, type, narrowed));
        add(measured.get(key)!);
      }
    }
    return { depth, cost, lookups };
  };

  const root = schema.getRootType(operation.operation);
  const { depth, cost, lookups } = root ? walk(operation.selectionSet, root, []) : nothing;
  let [aliases, directives] = [0, 0];
  visit(document, {
    Field: ({ alias }) => void (alias && aliases++),
    Directive: () => void directives++,
  });
  return { depth, cost, lookups, aliases, directives, representations, introspects, counted: [...counted] };
}

/** Of one operation, by what its counted variables hold. */
interface Measured {
  readonly counted: readonly string[];
  readonly by: Map<string, Asking>;
}
/** How many are remembered of one operation. */
const MOST_MEASURED = 20;

/** As `asking`, remembered for as long as the document is. */
export function measuring(shortLists: ShortLists, weights: Weights = {}): typeof asking {
  const known = new WeakMap<OperationDefinitionNode, Measured>();
  const told = (value: unknown) =>
    Array.isArray(value)
      ? `[${value.length}]`
      : typeof value === 'number'
        ? value
        : (value ?? null) === null
          ? ''
          : '.';
  return (schema, document, operation, sent) => {
    const before = known.get(operation);
    const variables: Readonly<Record<string, unknown>> = held(operation, sent);
    const keyOf = (counted: readonly string[]) => counted.map((name) => told(variables[name])).join(' ');
    const found = before?.by.get(keyOf(before.counted));
    if (found) return found;
    const asked = asking(schema, document, operation, variables, shortLists, weights);
    const all = before ?? { counted: asked.counted, by: new Map<string, Asking>() };
    known.set(operation, all);
    return keep(all.by, MOST_MEASURED, keyOf(all.counted), asked);
  };
}

/**
 * Refuses before anything is resolved what asks for too much, and the schema to somebody who is not signed in; and a member whose
 * questions together ask for too much in a minute.
 * @param memberOf  the id of who is asking, null for nobody
 * @param rate      of what requests of a member take (`takes`)
 */
export function limitQueries(
  memberOf: (context: unknown) => string | null,
  rate: Rate,
  shortLists: ShortLists = {},
  weights: Weights = {},
): ApolloServerPlugin {
  const refuse = (refusal: Refusal, status: number): never => {
    const { message, extensions } = toGraphQLError(refusal);
    throw new GraphQLError(message, { originalError: refusal, extensions: { ...extensions, http: { status } } });
  };
  const measured = measuring(shortLists, weights);
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
        // Which operation of the document is meant is not said: nothing is resolved, and the server says so.
        if (!operation) return;
        const asked = measured(schema, document, operation, request.variables ?? {});
        const member = memberOf(contextValue);
        for (const name of ['depth', 'cost', 'aliases', 'directives', 'representations'] as const) {
          if (asked[name] <= queryLimits[name]) continue;
          const facts = { of: name, asked: Math.min(asked[name], Number.MAX_SAFE_INTEGER), limit: queryLimits[name] };
          refuse(new Refusal('QUERY_TOO_LARGE', member === null ? {} : facts), 400);
        }
        if (asked.introspects && member === null) refuse(new Refusal('TOKEN_MISSING'), 401);
        const seconds = member === null ? 0 : rate.take(member, takes(asked));
        if (seconds) refuse(new Refusal('QUERIES_TOO_MANY', { seconds }), 429);
      },
    }),
  };
}
