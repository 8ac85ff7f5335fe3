import { gzipSync } from 'node:zlib';
import { auditServer } from 'graphql-http';
import { NORTH_EAST } from '../../support/world';
import { hartlepool, world, stored } from './hub';
import { deep } from './cases';

describe('what is no request', () => {
  const ask = async (body: string) => {
    const token = await world.token('authority-system', hartlepool);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${world.hub.url}/graphql`, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  };
  const good = '{ me { id } }';
  const broken: readonly (readonly [rule: string, body: string, status: number, code: string])[] = [
    ['JSON that does not parse', '{"query": zqbroken}', 400, 'REQUEST_MALFORMED'],
    ['JSON 10,000 deep', `{"query":"{ zqbroken","variables":${deep(10_000)}}`, 400, 'REQUEST_MALFORMED'],
    ['nothing at all', '', 400, 'REQUEST_MALFORMED'],
    [
      'a query twice, of which another server would take the first',
      `{"query":"{ zqbroken }","query":"${good}"}`,
      400,
      'REQUEST_MALFORMED',
    ],
    ['a byte order mark', `\uFEFF{"query":"${good}"}`, 400, 'REQUEST_MALFORMED'],
    ['a document that does not parse', '{"query":"{ \\"zqbroken\\" }"}', 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'another value than a text',
      '{"query":"mutation { submit(envelope: { zqbroken: 1 }) { id } }"}',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a variable of another type',
      '{"query":"mutation ($e: String!) { submit(envelope: $e) { id } }","variables":{"e":{"zqbroken":["zqbroken"]}}}',
      400,
      'BAD_USER_INPUT',
    ],
    [
      'one of two operations, unsaid which',
      '{"query":"query a { me { id } } query b { me { id } }"}',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'an operation that is not there',
      '{"query":"query a { me { id } }","operationName":"zqbroken"}',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'an operation without a name, by no name',
      '{"query":"{ me { id } }","operationName":""}',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a body far over the limit', JSON.stringify({ query: 'zqbroken'.repeat(900_000) }), 413, 'REQUEST_TOO_LARGE'],
  ];
  test.each(broken)(
    '%s is refused by GraphQL, and nothing is stored or repeated',
    async (_rule, body, status, code) => {
      const before = await stored.count();
      const answer = await ask(body);
      expect(answer.status).toBe(status);
      const { errors } = JSON.parse(answer.text) as { errors: { extensions: { code: string } }[] };
      expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
      expect(answer.text).not.toContain('zqbroken');
      expect(await stored.count()).toEqual(before);
      expect(world.hub.stderr()).not.toMatch(/zqbroken|"level":50/);
    },
  );
});

describe('a query that asks for too much', () => {
  const send = async (body: unknown, token: string | null, more: RequestInit = {}, path = '/graphql') => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`${world.hub.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      ...more,
    });
    const text = await answer.text();
    return {
      status: answer.status,
      text,
      body: JSON.parse(text || 'null') as {
        errors?: {
          message: string;
          extensions: { code: string; facts?: { of: string; asked: number; limit: number } };
        }[];
      },
    };
  };
  const lead = () => world.token('regional-lead', NORTH_EAST);
  const many = (count: number, part: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => part(i)).join(' ');
  const region = (inner: string) => `{ region(code: "${NORTH_EAST}") { ${inner} } }`;

  test.each<{ rule: string; query: string; variables?: object }>([
    {
      rule: 'deep',
      query: `{ __schema { types { fields { type { ${'ofType { '.repeat(14)} name ${'} '.repeat(14)} } } } } }`,
    },
    { rule: 'by many names', query: `{ ${many(41, (i) => `a${i}: me { id }`)} }` },
    { rule: 'by many directives', query: `{ me { ${many(21, () => 'id @skip(if: false)')} } }` },
    { rule: 'of many words', query: region(many(2_000, () => 'code')) },
    {
      rule: 'of pages in pages',
      query: `{ ${many(30, (i) => `a${i}: region(code: "${NORTH_EAST}") { rounds(first: 100) { edges { node { id dataset period state missing { code } } } } }`)} }`,
    },
    {
      rule: 'by fragments that double',
      query: `{ ...f0 } ${many(30, (i) => `fragment f${i} on Query { me { id } ...f${i + 1} ... { ...f${i + 1} } }`)} fragment f30 on Query { me { id } }`,
    },
    {
      rule: 'of many entities',
      query: 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Region { code } } }',
      variables: { of: Array(101).fill({ __typename: 'Region', code: NORTH_EAST }) },
    },
    {
      rule: 'of many entities by several names',
      query: `{ ${many(3, (i) => `a${i}: _entities(representations: [${many(40, () => `{ __typename: "Region", code: "${NORTH_EAST}" },`)}]) { ... on Region { code } }`)} }`,
    },
  ])(
    '$rule is refused before anything is looked up, and members alone are told by how much',
    async ({ rule, query, variables }) => {
      for (const token of [await lead(), null]) {
        const { status, text, body } = await send({ query, variables }, token);
        const isLong = token === null && JSON.stringify({ query, variables }).length > 4096;
        if (isLong) {
          expect([status, body.errors?.map(({ extensions }) => extensions.code)]).toEqual([413, ['REQUEST_TOO_LARGE']]);
          continue;
        }
        expect([status, body.errors?.map(({ extensions }) => extensions.code)]).toEqual([400, ['QUERY_TOO_LARGE']]);
        expect(text).not.toContain('stack');
        const { facts } = body.errors![0]!.extensions;
        // What is not even parsed is not measured.
        if (token === null || rule === 'of many words')
          expect(text.replace(/"locations":.*?\]/g, '')).not.toMatch(/\d/);
        else expect(facts!.asked).toBeGreaterThan(facts!.limit);
      }
    },
  );

  test('what people ask is far from the limits: every round of a region with all of its fields, twice', async () => {
    const rounds =
      'rounds { edges { cursor node { id dataset period state opens due closes heldBecause missing { code name } } } pageInfo { hasNextPage } }';
    const { status, body } = await send({ query: region(`a: ${rounds} b: ${rounds}`) }, await lead());
    expect([status, body.errors]).toEqual([200, undefined]);
  });

  test('is not even read of somebody without a token, but for a line; compressed, of nobody', async () => {
    const padded = (length: number) => {
      const query = '{ __typename }';
      return { query: query.padEnd(length - JSON.stringify({ query: '' }).length) };
    };
    expect((await send(padded(4096), null)).status).toBe(200);
    for (const length of [4097, 6_000_000]) {
      const { status, body } = await send(padded(length), null);
      expect([status, body.errors?.map(({ extensions }) => extensions)]).toEqual([
        413,
        [expect.objectContaining({ code: 'REQUEST_TOO_LARGE', facts: { limit: 4096 } })],
      ]);
    }
    const token = await lead();
    expect((await send(padded(100_000), token)).status).toBe(200);
    for (const one of [token, null]) {
      const headers = {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        ...(one ? { authorization: `Bearer ${one}` } : {}),
      };
      const compressed = gzipSync(JSON.stringify(padded(100)));
      const { status, body } = await send(undefined, one, { headers, body: compressed });
      expect([status, body.errors?.map(({ extensions }) => extensions.code)]).toEqual([415, ['MEDIA_TYPE']]);
    }
  });

  test('that Apollo refuses says what to do next, as all else that is refused', async () => {
    const token = await lead();
    const json = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const asks: [unknown, string, RegExp, RequestInit?, string?][] = [
      [{}, 'BAD_REQUEST', /^Send POST \/graphql/],
      [{ variables: {} }, 'BAD_REQUEST', /^Send POST \/graphql/],
      [[{ query: '{ me { id } }' }], 'BAD_REQUEST', /^Send POST \/graphql/],
      [{ query: '{' }, 'GRAPHQL_PARSE_FAILED', /^Correct the document/],
      [{ query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED', /^Correct the document/],
      [{ query: 'query ($a: ID!) { region(code: $a) { code } }' }, 'BAD_USER_INPUT', /^Give each variable/],
      [{ query: 'query A { me { id } } query B { me { id } }' }, 'OPERATION_RESOLUTION_FAILURE', /^Name one operation/],
      [undefined, 'BAD_REQUEST', /^Send POST \/graphql/, { method: 'GET', body: null, headers: json }],
      [
        { query: '{ me { id } }' },
        'BAD_REQUEST',
        /^Send POST \/graphql/,
        { headers: { ...json, accept: 'image/png' } },
      ],
    ];
    for (const [asked, code, next, init] of asks) {
      const { body } = await send(asked, token, init);
      expect(body.errors?.map(({ extensions }) => extensions)).toEqual([
        { code, kind: 'malformed', next: expect.stringMatching(next) as string },
      ]);
    }
  });

  test('is not sent in a batch, nor changes anything by GET, nor as a form', async () => {
    const token = await lead();
    const before = await stored.count();
    expect((await send([{ query: '{ me { id } }' }, { query: '{ me { id } }' }], token)).status).toBe(400);
    const mutation = encodeURIComponent('mutation { closeRound(id: "rnd_x") { id } }');
    const authorization = `Bearer ${token}`;
    const get = (query: string, more: Record<string, string>) =>
      send(
        undefined,
        token,
        { method: 'GET', body: null, headers: { authorization, ...more } },
        `/graphql?query=${query}`,
      );
    expect((await get(mutation, { 'apollo-require-preflight': 'yes' })).status).toBe(405);
    // A page elsewhere can make a browser send these without asking.
    expect((await get(encodeURIComponent('{ me { id } }'), {})).status).toBe(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect(
        (await send({ query: '{ me { id } }' }, token, { headers: { authorization, 'content-type': type } })).status,
      ).toBe(400);
    expect(await stored.count()).toEqual(before);
  });

  test('is believed for its token alone: no header says who asks, for whom, from where or how', async () => {
    const spoofed = {
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-user': `regional-lead@${NORTH_EAST}`,
      'x-forwarded-host': 'hub.example',
      'x-forwarded-proto': 'https',
      'x-real-ip': '127.0.0.1',
      'x-original-url': '/graphql',
      'x-rewrite-url': '/health/live',
      'x-http-method-override': 'POST',
      'x-user': `regional-lead@${NORTH_EAST}`,
      'x-member': `regional-lead@${NORTH_EAST}`,
      'x-role': 'regional-lead',
      forwarded: 'for=127.0.0.1;host=hub.example;proto=https',
      cookie: `token=${await lead()}; authorization=Bearer ${await lead()}`,
    };
    const asked = { query: `{ me { id } region(code: "${NORTH_EAST}") { code } }` };
    for (const token of [null, await lead(), await world.token('authority-analyst', hartlepool)]) {
      const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      const plain = await send(asked, token);
      const headers = { 'content-type': 'application/json', ...authorization, ...spoofed };
      const { status, text } = await send(asked, token, { headers });
      expect([status, text]).toEqual([plain.status, plain.text]);
      // Nor does one make a question out of a page that is only fetched.
      const fetched = { method: 'GET', body: null, headers: { ...authorization, ...spoofed } };
      expect((await send(undefined, token, fetched, '/submissions')).status).toBe(405);
    }
  });

  test('for the schema is answered to members, and to nobody else; a word that is nearly right is told the one of the published schema', async () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ ...f } fragment f on Query { t: __type(name: "Region") { name } }',
    ]) {
      expect((await send({ query }, await lead())).status).toBe(200);
      const { status, body } = await send({ query }, null);
      expect([status, body.errors?.map(({ extensions }) => extensions.code)]).toEqual([401, ['TOKEN_MISSING']]);
    }
    for (const [query, meant] of [
      ['{ mee { id } }', 'me'],
      ['{ me { rolez } }', 'roles'],
      ['{ region(cod: "x") { code } }', 'code'],
    ] as const) {
      const { body, text } = await send({ query }, null);
      expect(body.errors?.map(({ message }) => message)).toContainEqual(
        expect.stringContaining(`Did you mean "${meant}"?`),
      );
      expect(text).not.toMatch(/"stacktrace"|node_modules/i);
    }
  });
});

test('GraphQL is spoken over HTTP as its specification has it: the audit of graphql-http, as a member asks', async () => {
  const token = await world.token('regional-lead', NORTH_EAST);
  const asMember = (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    headers.set('apollo-require-preflight', 'true');
    return fetch(url, { ...init, headers });
  };
  const results = await auditServer({ url: `${world.hub.url}/graphql`, fetchFn: asMember });
  const by = (status: string) =>
    results.flatMap((result) =>
      result.status === status ? [`${result.id} ${result.name}: ${'reason' in result ? result.reason : ''}`] : [],
    );
  process.stdout.write(
    `graphql-http: ${results.length} audits, ${by('ok').length} ok, ${by('warn').length} warnings\n`,
  );
  expect(by('error')).toEqual([]);
  // To old clients it would rather say 200 when it has refused a query: what is refused is never 200 here.
  expect(by('warn').map((one) => one.slice(0, 4))).toEqual(['572B', 'FDE2', '7B9B']);
  expect(results.length).toBeGreaterThan(50);
});
