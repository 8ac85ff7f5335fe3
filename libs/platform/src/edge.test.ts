import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ArgumentsHost, BadRequestException, NotFoundException } from '@nestjs/common';
import { ApolloServer } from '@apollo/server';
import express, { type Request, type Response } from 'express';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { refusals, type RefusalCode } from '@hub/contracts';
import { Refusal, type Finding } from '@hub/kernel';
import { CivilDate } from './civil-date';
import { formatGraphQLError, ProblemFilter, toGraphQLError, toProblem, toRefusalOrDefect } from './edge';
import type { Logger } from './logger';
import { counted } from './metrics';

const logged: { facts: Record<string, unknown>; text: string }[] = [];
const logger = {
  error: (facts: Record<string, unknown>, text: string) => logged.push({ facts, text }),
} as unknown as Logger;
beforeEach(() => logged.splice(0));

const finding: Finding = {
  severity: 'error',
  rule: 'parts-sum-to-total',
  pointer: '/rows/3',
  message: 'The parts do not sum to their total.',
  expected: '12',
  found: '11',
};
const invalid = new Refusal('SUBMISSION_INVALID', { rows: 4 }, { pointer: '/rows', findings: [finding] });

/** What happens when a query cannot be answered because of its cause. */
const causes = {
  refusal: invalid,
  defect: new Error('column "hunter2" does not exist'),
  gone: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }),
  goneInside: Object.assign(new Error('terminating connection'), { driverError: { code: '57P01' } }),
  constraint: Object.assign(new Error('duplicate key: Key (name)=(hunter2)'), { driverError: { code: '23505' } }),
};

describe('a refusal', () => {
  test('is a problem of RFC 9457 with code, facts and findings', () => {
    expect(toProblem(invalid, 'urn:uuid:1')).toEqual({
      type: 'urn:safeguarding-hub:refusal:SUBMISSION_INVALID',
      title: refusals.SUBMISSION_INVALID.title,
      status: 422,
      detail: refusals.SUBMISSION_INVALID.next,
      instance: 'urn:uuid:1',
      code: 'SUBMISSION_INVALID',
      pointer: '/rows',
      facts: { rows: 4 },
      findings: [finding],
    });
  });

  test('is an error of GraphQL with the same code, facts and findings', () => {
    expect(toGraphQLError(invalid).toJSON()).toEqual({
      message: refusals.SUBMISSION_INVALID.title,
      extensions: {
        code: 'SUBMISSION_INVALID',
        kind: 'unprocessable',
        next: refusals.SUBMISSION_INVALID.next,
        pointer: '/rows',
        facts: { rows: 4 },
        findings: [{ ...finding, severity: 'ERROR' }],
      },
    });
  });

  test('writes the answer offered beside a finding as the schema does, in GraphQL alone', () => {
    const offered = { answer: 'confirmed', text: 'Yes.', period: '2025-Q1' } as const;
    const asked = new Refusal('SUBMISSION_INVALID', {}, { findings: [{ ...finding, severity: 'query', offered }] });
    expect(toGraphQLError(asked).extensions.findings).toMatchObject([
      { severity: 'QUERY', offered: { answer: 'CONFIRMED', text: 'Yes.' } },
    ]);
    expect(toProblem(asked, 'i').findings).toMatchObject([{ severity: 'query', offered: { answer: 'confirmed' } }]);
  });

  test('says no more than it has to say', () => {
    expect(toProblem(new Refusal('REGION_ABSENT'), 'i')).not.toHaveProperty('facts');
    expect(toGraphQLError(new Refusal('REGION_ABSENT')).extensions).toEqual({
      code: 'REGION_ABSENT',
      kind: 'absent',
      next: refusals.REGION_ABSENT.next,
    });
  });

  test.each([
    ['TOKEN_MISSING', 401],
    ['NOT_FOR_THIS_ROLE', 403],
    ['REGION_ABSENT', 404],
    ['METHOD_NOT_ALLOWED', 405],
    ['ROUND_NOT_CLOSED', 409],
    ['ENVELOPE_MALFORMED', 400],
    ['ENVELOPE_TOO_LARGE', 413],
    ['MEDIA_TYPE', 415],
    ['ENVELOPE_STALE', 422],
    ['UNAVAILABLE', 503],
  ] as [RefusalCode, number][])('%s has the status %d', (code, status) => {
    expect(toProblem(new Refusal(code), '').status).toBe(status);
  });

  test('of every code has a status', () => {
    for (const code of Object.keys(refusals) as RefusalCode[])
      expect(toProblem(new Refusal(code), '').status).toBeGreaterThanOrEqual(400);
  });
});

describe('what is no refusal', () => {
  test.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', '57P01', '57P03', '53300', '08006'])(
    'but a database that is gone (%s) is UNAVAILABLE',
    (code) => {
      for (const error of [
        Object.assign(new Error('x'), { code }),
        Object.assign(new Error('x'), { driverError: { code } }),
      ]) {
        expect(toRefusalOrDefect(error, logger)).toMatchObject({ code: 'UNAVAILABLE' });
      }
      // A line without a stack: every request says so until it is back.
      expect(logged).toEqual(Array(2).fill({ facts: { cause: code }, text: 'the database does not answer' }));
    },
  );

  test.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
  ])('but a connection that breaks (%s) is UNAVAILABLE', (message) => {
    for (const error of [new Error(message), Object.assign(new Error('x'), { driverError: new Error(message) })]) {
      expect(toRefusalOrDefect(error, logger)).toMatchObject({ code: 'UNAVAILABLE' });
    }
    for (const { facts } of logged)
      expect([Object.keys(facts), message.startsWith(String(facts['cause']))]).toEqual([['cause'], true]);
  });

  test.each([[causes.defect], [causes.constraint], ['a thrown text'], [undefined], [null], [{ code: 42 }]])(
    'is a reference, under which its cause is logged (%#)',
    (error) => {
      const seen = toRefusalOrDefect(error, logger);
      expect(seen).toEqual({ reference: expect.stringMatching(/^[0-9a-f-]{36}$/) });
      expect(logged).toEqual([
        { facts: { err: error, reference: (seen as { reference: string }).reference }, text: 'defect' },
      ]);
    },
  );
});

describe('the filter of the REST side', () => {
  /** What the filter answers over HTTP. */
  let server: Server;
  beforeAll(async () => {
    const app = express();
    const filter = new ProblemFilter(logger);
    const thrown: Record<string, unknown> = {
      ...causes,
      unavailable: new Refusal('UNAVAILABLE'),
      token: new Refusal('TOKEN_INVALID'),
      path: new NotFoundException('Cannot GET /hunter2'),
      json: new BadRequestException('Unexpected token h in JSON: hunter2'),
    };
    const refuse = (error: unknown, request: Request, response: Response) => {
      const host = {
        getType: () => 'http',
        switchToHttp: () => ({ getRequest: () => request, getResponse: () => response }),
      } as unknown as ArgumentsHost;
      filter.catch(error, host);
    };
    app.get('/:what', (request, response: Response) => refuse(thrown[request.params.what], request, response));
    app.post('/both/:what', (_request, response: Response) => void response.end());
    app.put('/both/*rest', (_request, response: Response) => void response.end());
    // As the framework does where no route has taken a request.
    app.use((request, response) => refuse(thrown['path'], request, response));
    server = createServer(app);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterAll(() => new Promise((closed) => server.close(closed)));

  const ask = async (what: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${what}`, { method });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const text = await response.text();
    expect(text).not.toContain('hunter2');
    return { status: response.status, headers: response.headers, body: JSON.parse(text) as Record<string, unknown> };
  };

  test('writes refusals as problems', async () => {
    const { status, body } = await ask('refusal');
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'SUBMISSION_INVALID',
      findings: [finding],
      instance: expect.stringMatching(/^urn:uuid:/),
    });
  });

  test('asks for patience where the database is gone, and for a token where one is wanted', async () => {
    for (const what of ['gone', 'goneInside', 'unavailable']) {
      const { status, headers, body } = await ask(what);
      expect([status, headers.get('retry-after'), body.code]).toEqual([503, '5', 'UNAVAILABLE']);
    }
    const { status, headers } = await ask('token');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  test('gives what the framework refuses a code of the catalogue', async () => {
    expect((await ask('path')).body).toMatchObject({ code: 'PATH_ABSENT', status: 404 });
    expect((await ask('json')).body).toMatchObject({ code: 'REQUEST_MALFORMED', status: 400 });
  });

  test.each([
    ['POST', 'refusal', 'GET, HEAD'],
    ['OPTIONS', 'refusal', 'GET, HEAD'],
    ['GET', 'both/1', 'POST, PUT'],
    ['DELETE', 'both/1/2', 'PUT'],
    ['DELETE', 'nowhere/else', null],
  ])('says to %s %s which methods there are: %s', async (method, path, allowed) => {
    const { status, headers, body } = await ask(path, method);
    expect([status, headers.get('allow'), body.code, body.facts]).toEqual(
      allowed === null ? [404, null, 'PATH_ABSENT', undefined] : [405, allowed, 'METHOD_NOT_ALLOWED', { allowed }],
    );
  });

  test('gives a defect as a reference, what to do, and nothing else', async () => {
    for (const what of ['defect', 'constraint']) {
      logged.splice(0);
      const { status, body } = await ask(what);
      expect(status).toBe(500);
      expect(body).toEqual({
        type: 'about:blank',
        title: 'The hub made a mistake',
        status: 500,
        detail: expect.stringContaining('sent again as it is') as string,
        code: 'INTERNAL',
        instance: `urn:uuid:${logged[0]!.facts.reference as string}`,
        reference: logged[0]!.facts.reference,
      });
    }
  });
});

describe('the filter of the GraphQL side', () => {
  let apollo: ApolloServer;
  beforeAll(async () => {
    apollo = new ApolloServer({
      typeDefs: `scalar Date enum Level { HIGH LOW } input Category { dimension: String! category: String! }
        type Query { region(code: ID!): Int fail(why: String): Int on(day: Date, n: Int, level: Level, of: Category): Int }`,
      resolvers: {
        Date: CivilDate,
        Query: {
          fail: (_root: unknown, { why }: { why: keyof typeof causes }) => {
            throw causes[why];
          },
          on: () => 1,
        },
      },
      formatError: formatGraphQLError(logger),
      includeStacktraceInErrorResponses: false,
    });
    await apollo.start();
  });
  afterAll(() => apollo.stop());

  const ask = async (query: string, variables: Record<string, unknown> = {}): Promise<GraphQLFormattedError> => {
    const { body } = await apollo.executeOperation({ query, variables });
    if (body.kind !== 'single' || body.singleResult.errors?.length !== 1) throw new Error('one error was expected');
    expect(JSON.stringify(body.singleResult)).not.toContain('hunter2');
    return body.singleResult.errors[0]!;
  };

  test('keeps a refusal’s code, facts and findings, and says where it happened', async () => {
    expect(await ask('{ fail(why: "refusal") }')).toEqual({
      ...toGraphQLError(invalid).toJSON(),
      path: ['fail'],
      locations: [{ line: 1, column: 3 }],
    });
  });

  test('says UNAVAILABLE where the database is gone', async () => {
    for (const why of ['gone', 'goneInside']) {
      expect((await ask(`{ fail(why: "${why}") }`)).extensions).toMatchObject({
        code: 'UNAVAILABLE',
        kind: 'unavailable',
      });
    }
  });

  test('gives a defect as a reference, what to do, and nothing else', async () => {
    for (const why of ['defect', 'constraint']) {
      logged.splice(0);
      expect(await ask(`{ fail(why: "${why}") }`)).toEqual({
        message: 'The hub made a mistake',
        path: ['fail'],
        locations: [{ line: 1, column: 3 }],
        extensions: {
          code: 'INTERNAL',
          kind: 'defect',
          next: expect.stringContaining('sent again as it is') as string,
          reference: logged[0]!.facts.reference,
        },
      });
    }
  });

  test('names what is near an unknown field, argument or value: words of the schema, which anybody may read', async () => {
    const { message, extensions } = await ask('{ regionn(code: "E12000001") }');
    expect(message).toBe('Cannot query field "regionn" on type "Query". Did you mean "region"?');
    expect(extensions).toEqual({
      code: 'GRAPHQL_VALIDATION_FAILED',
      kind: 'malformed',
      next: expect.stringContaining('contracts/schema/hub.graphql') as string,
    });
    for (const [query, said, variables = {}] of [
      ['{ on(leve: HIGH) }', 'Unknown argument "leve" on field "Query.on". Did you mean "level"?'],
      ['{ on(level: HIG) }', 'Value "HIG" does not exist in "Level" enum. Did you mean the enum value "HIGH"?'],
      [
        'query($l: Level) { on(level: $l) }',
        'Variable "$l" got invalid value. Did you mean the enum value "HIGH"?',
        { l: 'HIG' },
      ],
      ['{ of }', 'Cannot query field "of" on type "Query". Did you mean "on"?'],
      ['{ somethingElse }', 'Cannot query field "somethingElse" on type "Query".'],
    ] as const)
      expect((await ask(query, variables)).message).toBe(said);
  });

  test('passes on what a scalar expects, in a variable as in the document', async () => {
    const malformed = { code: 'REQUEST_MALFORMED', facts: { expected: 'a civil date such as 2025-07-31' } };
    expect((await ask('{ on(day: "hunter2") }')).extensions).toMatchObject(malformed);
    expect((await ask('query($day: Date) { on(day: $day) }', { day: 'hunter2' })).extensions).toMatchObject(malformed);
    expect(logged).toEqual([]);
  });

  test.each([
    ['{ on(n: "hunter2") }', {}, 'Int cannot represent non-integer value'],
    ['{ on(level: "hunter2") }', {}, 'Enum "Level" cannot represent non-enum value'],
    ['{ on(of: "hunter2") }', {}, 'Expected value of type "Category"'],
    ['query($n: Int) { on(n: $n) }', { n: 'hunter2; x' }, 'Variable "$n" got invalid value'],
    [
      'query($of: Category) { on(of: $of) }',
      { of: { hunter2: 1, dimension: 'a', category: 'b' } },
      'Variable "$of" got invalid value',
    ],
    ['query($l: Level) { on(level: $l) }', { l: 'hunter2' }, 'Variable "$l" got invalid value'],
    ['{ on(n: "x Did you mean \\"hunter2\\"?") }', {}, 'Int cannot represent non-integer value'],
    ['query($n: Int) { on(n: $n) }', { n: ' Did you mean "hunter2"?' }, 'Variable "$n" got invalid value'],
    ['{ on "hunter2" }', {}, 'Syntax Error: Expected Name'],
    ['{ "hunter2" }', {}, 'Syntax Error: Expected Name'],
    ['{ on(n: "\\uhunter2") }', {}, 'Syntax Error: Invalid Unicode escape sequence'],
  ])('does not repeat the values of %s', async (query, variables, message) => {
    const error = await ask(query, variables);
    expect(error.message).toBe(message);
    expect(error.locations).toHaveLength(1);
    expect(error.extensions).toEqual({
      code: expect.stringMatching(/^(GRAPHQL|BAD)_/) as string,
      kind: 'malformed',
      next: expect.stringMatching(/^(Correct the document|Give each variable)/) as string,
    });
  });
});

test('a refusal at the limits of GraphQL is counted once, where it is written', async () => {
  const refusal = new Refusal('QUERY_TOO_LARGE');
  const seen = async () => {
    const { values } = await counted.refusals.get();
    return values.find(({ labels }) => labels.code === refusal.code)?.value ?? 0;
  };
  const before = await seen();
  const { extensions } = toGraphQLError(refusal);
  const thrown = new GraphQLError(refusal.message, { originalError: refusal, extensions });
  formatGraphQLError({} as Logger)(thrown.toJSON(), thrown);
  expect((await seen()) - before).toBe(1);
});
