import { ApolloServer, HeaderMap } from '@apollo/server';
import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { Refusal } from '@hub/kernel';
import { formatGraphQLError } from './edge';
import { aShelfOfTexts, knownTexts, writeAnswer, type KnownTexts } from './known-texts';
import type { Logger } from './logger';

const TEXT = `
  enum Size { SMALL LARGE }
  type Query { region(code: ID!): Region other: String }
  type Region { code: ID! name: String table(size: Size, many: Int = 2): Table page(first: Int): Page rounds: [String] }
  type Table { title: String! value: Float rows: [Row!]! broken: Row one: Row! note(of: String): String }
  type Row { name: String! is: Row }
  type Page { edges: [Row] }`;

interface World {
  readonly answer: (query: string, variables?: object, operationName?: string | null) => Promise<string>;
  readonly texts: KnownTexts;
  /** How often the table was asked for, and its title read. */
  readonly times: { asked: number; read: number };
}

const table = (times: World['times'], title: string) => ({
  get title() {
    times.read++;
    return title;
  },
  value: 4.5,
  rows: [{ name: 'Darlington' }, { name: 'É', is: { name: 'in "quotes"' } }],
  one: { name: 'one' },
});

/** A server over views that are the same object at every request, unless told otherwise; `knows`: whether it keeps texts. */
async function serverOf(
  knows: boolean,
  viewOf?: (context: { who: string }) => unknown,
  texts = aShelfOfTexts(),
): Promise<World> {
  const times = { asked: 0, read: 0 };
  const views = { table: table(times, 'kept'), page: { edges: [null, { name: 'x' }] } };
  const schema: GraphQLSchema = buildSchema(TEXT);
  const resolve = (type: string, field: string, by: GraphQLFieldResolver<never, { who: string }>) => {
    (schema.getType(type) as unknown as { getFields(): Record<string, { resolve: unknown }> }).getFields()[
      field
    ]!.resolve = by;
  };
  resolve('Query', 'region', async (_, { code }) => {
    if (code === 'absent') throw new Refusal('REGION_ABSENT');
    return { code, name: 'North East' };
  });
  resolve('Region', 'table', async (_, { size, many }, context) => {
    times.asked++;
    if (size === 'LARGE') return null;
    if (many === 0) return { ...views.table, one: null };
    if (many < 0) throw new Refusal('INDICATOR_ABSENT', { nearest: 'RF01' });
    return viewOf ? viewOf(context) : views.table;
  });
  resolve('Region', 'page', async () => views.page);
  resolve('Table', 'note', async (_, { of }, { who }) => `${of} for ${who}`);
  resolve('Table', 'broken', async () => {
    throw new Refusal('PUBLICATION_ABSENT');
  });
  const format = formatGraphQLError({ error: () => undefined } as unknown as Logger);
  const known = { root: 'region', fields: ['table', 'page'] };
  const server = new ApolloServer<{ who: string }>({
    schema,
    formatError: format,
    includeStacktraceInErrorResponses: false,
    ...(knows ? { plugins: [knownTexts(known, format, texts)], stringifyResult: writeAnswer } : {}),
  });
  await server.start();
  let asked = 0;
  const answer: World['answer'] = async (query, variables = {}, operationName = null) => {
    const { body, status } = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        search: '',
        headers: new HeaderMap([['content-type', 'application/json']]),
        body: { query, variables, operationName },
      },
      context: async () => ({ who: `reader ${++asked}` }),
    });
    const said = body.kind === 'complete' ? body.string : '';
    return `${status ?? 200} ${said.replace(/"reference":"[^"]+"/, '')}`;
  };
  return { answer, texts, times };
}

const inside = 'title value rows { name is { name } }';
const documents: readonly [what: string, query: string, variables?: object, operationName?: string][] = [
  ['one field', `{ region(code: "A") { table { ${inside} } } }`],
  [
    'aliases and names',
    `{ a: region(code: "A") { __typename c: code name t: table { x: title __typename } u: table { title } } }`,
  ],
  [
    'two regions',
    `{ a: region(code: "A") { page { edges { name } } } b: region(code: "B") { code page { edges { name } } } }`,
  ],
  [
    'variables',
    `query Q($c: ID!, $s: Size) { region(code: $c) { table(size: $s) { ${inside} } } }`,
    { c: 'A', s: 'SMALL' },
  ],
  ['a variable inside', `query ($n: String) { region(code: "A") { table { note(of: $n) } } }`, { n: 'x' }],
  [
    'what is left out inside',
    `query ($x: Boolean!) { region(code: "A") { table { title value @include(if: $x) } } }`,
    { x: false },
  ],
  [
    'what is left out outside',
    `query ($x: Boolean!) { region(code: "A") { code table @skip(if: $x) { title } } }`,
    { x: true },
  ],
  [
    'fragments inside',
    `{ region(code: "A") { table { ...T ... on Table { value } } } } fragment T on Table { title rows { ...R } } fragment R on Row { name }`,
  ],
  ['one field twice', `{ region(code: "A") { table { title } table { value } } }`],
  [
    'one of two operations',
    `query A { region(code: "A") { table { title } } } query B { region(code: "B") { code table { value } } }`,
    {},
    'B',
  ],
  ['a field that is null', '{ region(code: "A") { table(size: LARGE) { title } } }'],
  ['what must not be null', '{ region(code: "A") { code table(many: 0) { one { name } } } }'],
  ['a refused region', '{ region(code: "absent") { table { title } } }'],
  ['a refused field', '{ region(code: "A") { code table(many: -1) { title } } }'],
  ['what is refused inside', '{ region(code: "A") { t: table { title b: broken { name } } } }'],
  ['a variable that is refused', 'query ($s: Size) { region(code: "A") { table(size: $s) { title } } }', { s: 'HUGE' }],
  ['a variable that is missing', 'query ($c: ID!) { region(code: $c) { table { title } } }'],
  [
    'what is left out outside, by null',
    `query ($x: Boolean = false) { region(code: "A") { code table @skip(if: $x) { title } } }`,
    { x: null },
  ],
  [
    'what is left out inside, by null',
    `query ($x: Boolean = false) { region(code: "A") { code table { title value @include(if: $x) } } }`,
    { x: null },
  ],
  ['another field beside', '{ other region(code: "A") { table { title } } }'],
  ['another field of the region', '{ region(code: "A") { rounds table { title } } }'],
  ['fragments outside', 'query { region(code: "A") { ...X } } fragment X on Region { table { title } }'],
];

describe('an answer out of known texts', () => {
  test.each(documents)('is that of graphql-js, at the first time and at the next: %s', async (_what, ...asked) => {
    const [plain, known] = [await serverOf(false), await serverOf(true)];
    for (let i = 0; i < 3; i++) expect(await known.answer(...asked)).toBe(await plain.answer(...asked));
  });

  test('asks every resolver again, and does not read a view again', async () => {
    const { answer, times } = await serverOf(true);
    const [query] = [`{ region(code: "A") { table { title } } }`];
    const first = await answer(query);
    expect(times).toEqual({ asked: 1, read: 1 });
    expect([await answer(query), await answer(query)]).toEqual([first, first]);
    expect(times).toEqual({ asked: 3, read: 1 });
  });

  test('is another where the view is another object, whatever it says', async () => {
    const times = { asked: 0, read: 0 };
    const { answer } = await serverOf(true, ({ who }) => table(times, who));
    const query = `{ region(code: "A") { table { title } } }`;
    expect(await answer(query)).toContain('reader 1');
    expect(await answer(query)).toContain('reader 2');
  });

  test('is never kept where something under it needs a resolver', async () => {
    const { answer, texts } = await serverOf(true);
    const query = `{ region(code: "A") { table { title note(of: "this") } } }`;
    expect(await answer(query)).toContain('this for reader 1');
    expect(await answer(query)).toContain('this for reader 2');
    expect(texts.weight).toBe(0);
  });

  test('tells a variable that is left out, which has its default, from one that is null', async () => {
    const { answer } = await serverOf(true);
    const query = `query ($x: Boolean = false) { region(code: "A") { table { x: title value @include(if: $x) } } }`;
    const refused = await answer(query, { x: null });
    expect(refused).toContain('"code":"BAD_USER_INPUT"');
    expect(refused).not.toContain('INTERNAL');
    expect(await answer(query)).toBe('200 {"data":{"region":{"table":{"x":"kept"}}}}\n');
    expect(await answer(query, { x: null })).toBe(refused);
  });

  test('is another for each value of a variable that is used inside, and the same for one that is not', async () => {
    const { answer, times } = await serverOf(true);
    const query = `query ($x: Boolean!, $many: Int) { region(code: "A") { table(many: $many) { title value @include(if: $x) } } }`;
    expect(await answer(query, { x: true })).toContain('value');
    expect(await answer(query, { x: false })).not.toContain('value');
    expect(times.read).toBe(2);
    await answer(query, { x: false, many: 7 });
    expect(times.read).toBe(2);
  });
});

test('of known texts so many bytes are kept', async () => {
  const texts = aShelfOfTexts(300);
  const server = await serverOf(true, undefined, texts);
  for (const name of ['title', 'value', 'rows { name }', 'one { name }', 'title value']) {
    await server.answer(`{ region(code: "A") { table { ${name} } } }`);
    expect(texts.weight).toBeGreaterThan(0);
    expect(texts.weight).toBeLessThanOrEqual(300);
  }
});
