import { buildSchema, getIntrospectionQuery, getOperationAST, parse, validate } from 'graphql';
import { asking, measuring, queryLimits, takes, type ShortLists } from './graphql-limits';

const schema = buildSchema(`
  type Query { region(code: ID!): Region  _entities(representations: [String!]!): [Region]  names: [String!]!  more: Query
    table(only: String, n: Int): Rows }
  type Rows { rows: Table! }
  type Table { all: [Round!]!  region(code: ID!): Query }
  interface Place { name: String }
  type Region implements Place { code: ID!  name: String  all: [Region!]!  few: [Region!]!
    rounds(first: Int, after: String): RoundConnection  usual(first: Int = 20): RoundConnection }
  type RoundConnection { edges: [RoundEdge!]! }
  type RoundEdge { node: Round! }
  type Round { id: ID!  period: String  name: String }
`);
const measuredBy =
  (short?: ShortLists) =>
  (query: string, variables: Record<string, unknown> = {}) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    return asking(schema, document, getOperationAST(document)!, variables, short);
  };
const asked = measuredBy();

test('a field is one, one that is looked up is ten, and what stands under a list is there once for each', () => {
  expect(asked('{ names }')).toMatchObject({ depth: 1, cost: 1 });
  expect(asked('{ region(code: "x") { code name } }')).toMatchObject({ depth: 2, cost: 12 });
  expect(asked('{ region(code: "x") { all { code name } } }')).toMatchObject({ depth: 3, cost: 11 + 20 * 2 });
});

test('a page is as long as it is asked for, by number or variable, and a whole one where nobody says', () => {
  const page = (first: string) =>
    `query ($n: Int) { region(code: "x") { rounds${first} { edges { node { id } } } more: name } }`;
  const cost = (n: number) => 10 + 10 + n * 3 + 1;
  const none = 'query { region(code: "x") { rounds { edges { node { id } } } more: name } }';
  expect(asked(none).cost).toBe(cost(100));
  expect(asked(page('(first: 5)').replace('($n: Int) ', '')).cost).toBe(cost(5));
  expect(asked(page('(first: $n)'), { n: 7 }).cost).toBe(cost(7));
  for (const n of [undefined, null, 'x', 1e9]) expect(asked(page('(first: $n)'), { n }).cost).toBe(cost(100));
  // Refused where it is looked up, and with words on pages.
  for (const n of [-1, 0]) expect(asked(page('(first: $n)'), { n }).cost).toBe(cost(0));
});

test('a page has its usual length where nobody asks for another, and a list that is short is taken for that', () => {
  const usual = (first: string) => `{ region(code: "x") { usual${first} { edges { node { id } } } } }`;
  expect([usual(''), usual('(first: 5)'), usual('(first: null)')].map((query) => asked(query).cost)).toEqual([
    20 + 20 * 3,
    20 + 5 * 3,
    20 + 100 * 3,
  ]);
  const document = parse('{ region(code: "x") { few { code name } } }');
  const cost = (short?: Record<string, number>) => asking(schema, document, getOperationAST(document)!, {}, short).cost;
  expect([cost(), cost({ 'Region.few': 2 }), cost({ 'Region.all': 2 })]).toEqual([11 + 40, 11 + 4, 11 + 40]);
});

test('what a field weighs can hang on its arguments: on the number that one holds, or on whether it is given', () => {
  const weights = {
    'Query.table': (asked: (name: string) => number | undefined) =>
      5 + (asked('n') ?? 0) * 3 + (asked('only') ? 100 : 0),
  };
  const measured = measuring({}, weights);
  const costs = (query: string, ...all: Record<string, unknown>[]) => {
    const document = parse(query);
    return all.map((variables) => measured(schema, document, getOperationAST(document)!, variables).cost);
  };
  expect(costs('{ table { rows { __typename } } }', {})).toEqual([5 + 2]);
  expect(costs('{ table(n: 7) { rows { __typename } } }', {})).toEqual([5 + 21 + 2]);
  expect(costs('{ table(n: null, only: "x") { rows { __typename } } }', {})).toEqual([5 + 100 + 2]);
  const asks = 'query ($n: Int, $only: String) { table(n: $n, only: $only) { rows { __typename } } }';
  expect(costs(asks, {}, { n: 7 }, { n: null }, { n: 8, only: 'y' }, { only: null }, { n: 'x' }, { n: 7 })).toEqual([
    7,
    28,
    7,
    131,
    7,
    Infinity,
    28,
  ]);
});

test('a variable that is not sent holds what its document says, in every count; one that is sent as null holds nothing', () => {
  const measured = measuring({ 'Table.all': { by: 'only', to: 1 } }, { 'Query.table': (of) => 5 + (of('n') ?? 0) });
  const ask = (query: string, variables: Record<string, unknown> = {}) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const operation = getOperationAST(document)!;
    const found = [variables, {}, variables].map((one) => measured(schema, document, operation, one))[2]!;
    expect(found).toEqual(
      asking(
        schema,
        document,
        operation,
        variables,
        { 'Table.all': { by: 'only', to: 1 } },
        {
          'Query.table': (of) => 5 + (of('n') ?? 0),
        },
      ),
    );
    return found;
  };
  const table = 'query ($n: Int = 300, $only: String = "x") { table(n: $n, only: $only) { rows { all { name } } } }';
  expect(ask(table).cost).toBe(5 + 300 + 1 + 1 + 1);
  expect(ask(table, { n: null, only: null }).cost).toBe(5 + 1 + 1 + 20);
  expect(ask(table, { n: 7 }).cost).toBe(5 + 7 + 1 + 1 + 1);
  const page = 'query ($n: Int = 3) { region(code: "x") { rounds(first: $n) { edges { node { id } } } } }';
  expect(ask(page).cost).toBe(10 + 10 + 3 * 3);
  expect(ask(page, { n: null }).cost).toBe(10 + 10 + 100 * 3);
  const many = `query ($r: [String!]! = [${'"a", '.repeat(150)}]) { _entities(representations: $r) { code } }`;
  expect(ask(many)).toMatchObject({ representations: 150, cost: 10 + 150 });
});

test('what is looked up is told apart: the fields under it are little work', () => {
  expect(asked('{ region(code: "x") { code all { name rounds(first: 3) { edges { node { id } } } } } }')).toMatchObject(
    {
      cost: 10 + 1 + 1 + 20 * (1 + 10 + 3 * 3),
      lookups: 10 + 20 * 10,
    },
  );
  expect(takes({ cost: 411, lookups: 210 })).toBe(100 + 210 + 11);
});

describe('a list that an argument above it makes short', () => {
  const short = { 'Table.all': { by: 'only', to: 1 } };
  const measured = measuredBy(short);
  const one = 10 + 1 + 1 + 1;
  const all = 10 + 1 + 1 + 20;
  const table = (args: string, below = 'rows { all { name } }') => `{ table(${args}) { ${below} } }`;
  const given = 'query ($it: String) { table(only: $it, n: 1) { rows { all { name } } } }';
  const spread = (args: string) => `${table(args, 'rows { ...f }')} fragment f on Table { all { name } }`;

  test.each([
    [one, table('only: "x"'), {}],
    [all, table('n: 1'), {}],
    [all, table('only: null'), {}],
    [one, given, { it: 'x' }],
    [all, given, { it: null }],
    [all, given, {}],
    [one, spread('only: "x"'), {}],
    [all, spread('n: 1'), {}],
    // The fragment is measured once for each.
    [
      one + all,
      `{ a: table(only: "x") { rows { ...f } } b: table { rows { ...f } } } fragment f on Table { all { name } }`,
      {},
    ],
    // Another field that takes arguments stands between: the list is its own.
    [10 + 1 + 10 + all, table('only: "x"', 'rows { region(code: "x") { table { rows { all { name } } } } }'), {}],
  ])('costs %i: %s %j', (expected, query, variables) => expect(measured(query, variables).cost).toBe(expected));

  test('and what is remembered of it depends on whether the variable holds anything', () => {
    const document = parse(given);
    const remembered = measuring(short);
    const costs = ['x', null, 'y', undefined].map(
      (it) => remembered(schema, document, getOperationAST(document)!, { it }).cost,
    );
    expect(costs).toEqual([one, all, one, all]);
  });
});

test('representations are counted, and multiply what is asked of each', () => {
  expect(asked('{ _entities(representations: ["a", "b"]) { code } }')).toMatchObject({ representations: 2, cost: 12 });
  expect(
    asked('query ($r: [String!]!) { _entities(representations: $r) { code name } }', { r: Array(50).fill('') }),
  ).toMatchObject({ representations: 50, cost: 110 });
  const twice = '{ a: _entities(representations: ["a"]) { code } b: _entities(representations: ["b"]) { code } }';
  expect(asked(twice)).toMatchObject({ representations: 2, aliases: 2 });
});

test('aliases and directives are counted wherever they stand, also in fragments', () => {
  const query = `query { a: names @skip(if: false) ...f } fragment f on Query { b: names ... @include(if: true) { c: names } }`;
  expect(asked(query)).toMatchObject({ aliases: 3, directives: 2 });
});

test('a fragment costs what it costs at each place, and is measured once: doubling forty times takes no time', () => {
  const levels = 40;
  const fragments = Array.from(
    { length: levels },
    (_, i) => `fragment f${i} on Query { a: more { ...f${i + 1} } b: more { ...f${i + 1} } }`,
  );
  const document = parse(`{ ...f0 } ${fragments.join(' ')} fragment f${levels} on Query { names }`);
  const found = asking(schema, document, getOperationAST(document)!, {});
  expect(found.depth).toBe(levels + 1);
  expect(found.cost).toBeGreaterThan(2 ** levels);
});

test('fragments on interfaces and inline ones are looked into', () => {
  const query = '{ region(code: "x") { ... on Place { name } ... on Region { all { all { code } } } ... { code } } }';
  expect(asked(query)).toMatchObject({ depth: 4, cost: 10 + 1 + (1 + 20 * (1 + 20)) + 1 });
});

test('asking for the schema is seen, however it is asked, and the usual way of asking is within the limits', () => {
  expect(asked('{ names }').introspects).toBe(false);
  expect(asked('{ __typename }').introspects).toBe(false);
  expect(asked('{ ...f } fragment f on Query { t: __type(name: "Query") { name } }').introspects).toBe(true);
  const usual = asked(
    getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true }),
  );
  expect(usual.introspects).toBe(true);
  for (const name of ['depth', 'cost', 'aliases', 'directives'] as const)
    expect(usual[name]).toBeLessThanOrEqual(queryLimits[name]);
});

test('what is remembered of a document is what would be measured anew, whatever its variables hold', () => {
  const document = parse(`query ($n: Int, $r: [String!]!, $other: String) {
    region(code: "x") { rounds(first: $n, after: $other) { edges { node { id } } } } _entities(representations: $r) { code } }`);
  const operation = getOperationAST(document)!;
  const measured = measuring({});
  const variables = [undefined, null, 7, 50, 1e9, 'x', 7].flatMap((n) =>
    [[], ['a'], ['b'], ['a', 'b']].map((r) => ({ n, r })),
  );
  for (const one of [...variables, ...variables]) {
    const found = measured(schema, document, operation, one);
    expect(found).toEqual(asking(schema, document, operation, one));
  }
  const [first, alike] = [
    { n: 7, r: ['a'], other: 'y' },
    { n: 7, r: ['b'] },
  ].map((one) => measured(schema, document, operation, one));
  expect(alike).toBe(first);
});
