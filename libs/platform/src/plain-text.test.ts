import fc from 'fast-check';
import { buildSchema, execute, GraphQLObjectType, GraphQLSchema, Kind, parse, type GraphQLResolveInfo } from 'graphql';
import { plainText } from './plain-text';

const TEXT = `
  enum Size { SMALL LARGE }
  type Query { view: View }
  type View {
    text: String must: String! whole: Int value: Float yes: Boolean id: ID size: Size
    inner: View sure: View! views: [View] all: [View!]! numbers: [Float]
    own: String of(one: Int): String
  }`;
const schema = (() => {
  const built = buildSchema(TEXT);
  const fields = (built.getType('View') as GraphQLObjectType).getFields();
  fields.own!.resolve = (...[view]: unknown[]) => `said of ${typeof view}`;
  // As Nest gives one to every field.
  fields.text!.resolve = (view: { text: unknown }) => view.text;
  return new GraphQLSchema({ ...built.toConfig(), query: built.getType('View') as GraphQLObjectType });
})();
const scalars = ['text', 'must', 'whole', 'value', 'yes', 'id', 'size', 'numbers', '__typename'] as const;

/** What both say of a selection under a view; the second null where it leaves the answer to graphql-js. */
function both(
  selection: string,
  of: object,
  variableValues: Record<string, unknown> = { x: true },
): [string, string | null] {
  const document = parse(`query ($x: Boolean!) ${selection} fragment F on View { text again: whole inner { value } }`);
  const [operation, fragment] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || fragment?.kind !== Kind.FRAGMENT_DEFINITION) throw new Error();
  const { data, errors } = execute({ schema, document, rootValue: of, variableValues }) as {
    data: unknown;
    errors?: unknown;
  };
  const { selectionSet } = operation;
  const info = { variableValues, fragments: { F: fragment }, fieldNodes: [{ kind: Kind.FIELD, selectionSet }] };
  return [errors ? 'errors' : JSON.stringify(data), plainText(of, schema, info as unknown as GraphQLResolveInfo)];
}

/** Mostly what the type says, and now and then something else. */
const { value: anyView } = fc.letrec<{ value: object; inner: object | null }>((tie) => {
  const odd = fc.constantFrom<unknown>(
    undefined,
    null,
    NaN,
    -0,
    1e21,
    2 ** 31,
    '',
    '7',
    new Error('x'),
    Symbol('x'),
    [],
    {},
    () => 'called',
    Promise.resolve(1),
  );
  const mostly = <T>(usual: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: odd });
  const many = fc.array(tie('value'), { maxLength: 3 });
  return {
    inner: fc.oneof({ maxDepth: 2 }, fc.constant(null), tie('value')),
    value: fc.record(
      {
        text: mostly(fc.string({ unit: 'binary' })),
        must: mostly(fc.string()),
        whole: mostly(fc.integer()),
        value: mostly(fc.double({ noNaN: true, noDefaultInfinity: true })),
        yes: mostly(fc.boolean()),
        id: mostly(fc.oneof(fc.string(), fc.integer())),
        size: mostly(fc.constantFrom('SMALL', 'LARGE')),
        numbers: mostly(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 3 })),
        inner: tie('inner'),
        sure: mostly(fc.oneof({ maxDepth: 2 }, fc.constant({ must: 'leaf' }), tie('value'))),
        views: mostly(fc.oneof({ maxDepth: 2 }, fc.constant([]), many)),
        all: mostly(fc.oneof({ maxDepth: 2 }, fc.constant([]), many)),
      },
      { requiredKeys: ['must', 'sure', 'all'] },
    ),
  };
});
const { selection } = fc.letrec<{ selection: string; one: string }>((tie) => ({
  selection: fc.array(tie('one'), { minLength: 1, maxLength: 5 }).map((all) => `{ ${all.join(' ')} }`),
  one: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(...scalars),
    fc.constantFrom(
      'a: value',
      'b: must',
      'value @include(if: $x)',
      'text @skip(if: $x)',
      '...F',
      '... @include(if: $x) { yes }',
      '... on View { id }',
    ),
    fc
      .tuple(fc.constantFrom('inner', 'sure', 'views', 'all', 'c: inner'), tie('selection'))
      .map((both) => both.join(' ')),
  ),
}));

test('writes what graphql-js answers, letter by letter, and leaves to it whatever it has an error for', () => {
  let written = 0;
  const says = (of: object, asked: string, x: boolean) => {
    const [usual, text] = both(asked, of, { x });
    if (text === null) return; // it may always leave it
    written++;
    expect(text).toBe(usual);
  };
  fc.assert(fc.property(anyView, selection, fc.boolean(), says), { numRuns: 300 });
  expect(written).toBeGreaterThan(150);
});

const plain = { must: 'x', sure: { must: 'y' }, all: [], numbers: [1, null, 2.5], value: -0 };

test.each(['own', 'of(one: 1)', 'sure { own }', 'absent'])(
  'leaves to graphql-js what needs more than the view: %s',
  (asked) => {
    expect(both(`{ must ${asked} }`, { ...plain, of: 'x' })[1]).toBeNull();
  },
);

test.each<[string, object]>([
  ['an error', { text: new Error('not told') }],
  ['a promise', { text: Promise.resolve('later') }],
  ['a function', { text: () => 'called' }],
  ['nothing where something must be', { must: null }],
  ['a number that is none', { value: NaN }],
  ['an enum that is none', { size: 'HUGE' }],
  ['one object for many', { views: plain }],
  ['a text for an object', { inner: 'text' }],
])('leaves to graphql-js what is not as its type says: %s', (_what, odd) => {
  const asked = '{ text must value size views { must } inner { must } }';
  expect(both(asked, plain)[1]).toBe(both(asked, plain)[0]);
  expect(both(asked, { ...plain, ...odd })[1]).toBeNull();
});
