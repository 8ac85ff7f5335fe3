import { createServer, request, type Server } from 'node:http';
import express, { type Response } from 'express';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import type { Logger } from '@hub/platform';
import { nobodyListens } from '../../../test/support/nobody';
import type { Member } from './domain';
import { theDoor, type Asked } from './door';
import type { MembersService } from './members.service';
import { TokenVerifier, type Subject } from './tokens';

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
};
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'EdDSA' };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/jwks' ? { keys: [jwk] } : { issuer: url, jwks_uri: `${url}/jwks` }));
  });
  servers.push(server);
  const url = await listen(server);
  return { url, token: (subject: string) => sign(url, privateKey, subject) };
}
const sign = (issuer: string, key: CryptoKey, subject: string) =>
  new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'one', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience('hub')
    .setExpirationTime('5m')
    .sign(key);

const lead: Member = {
  id: '1',
  roles: [{ role: 'regional-lead', of: 'E12000001', authorities: [], regions: ['E12000001'] }],
};

/** The hub's own record: whom it knows, and what goes wrong when it is asked. */
const known = new Map<string, Member>([['lead', lead]]);
const failures: Record<string, unknown> = {
  'database gone': Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  defect: new Error('hunter2'),
};
const asked: Subject[] = [];
const members = {
  find: async (subject: Subject) => {
    asked.push(subject);
    if (failures[subject.subject]) throw failures[subject.subject];
    return known.get(subject.subject) ?? null;
  },
} as unknown as MembersService;

const logged: string[] = [];
const logger = { error: (_facts: object, text: string) => logged.push(text) } as unknown as Logger;

/** Requests that came through the door. */
let through = 0;
async function startHub(issuer: string): Promise<string> {
  const app = express();
  app.use(theDoor(new TokenVerifier(issuer, 'hub'), members, logger));
  app.use((request, response: Response) => {
    through++;
    const { member, subject } = request as Asked;
    response.json({ member, ...(member ? {} : { subject }) });
  });
  const server = createServer(app);
  servers.push(server);
  return listen(server);
}

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let hub: string;
beforeAll(async () => {
  issuer = await startIssuer();
  hub = await startHub(issuer.url);
});
beforeEach(() => {
  through = 0;
  asked.length = 0;
  logged.length = 0;
});

async function ask(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${hub}${path}`, { headers });
  const text = await response.text();
  expect(text).not.toContain('hunter2');
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as Record<string, unknown> };
}
const paths = ['/graphql', '/submissions'];

test.each(paths)('%s without a token: nobody asks, and the database is not asked who', async (path) => {
  expect(await ask(path)).toMatchObject({ status: 200, body: { member: null, subject: null } });
  expect(asked).toEqual([]);
});

test.each(paths)('%s with a good token: the member that the hub’s own record has for its subject', async (path) => {
  expect(await ask(path, { authorization: `Bearer ${await issuer.token('lead')}` })).toMatchObject({
    status: 200,
    body: { member: lead },
  });
  expect(asked).toEqual([{ issuer: issuer.url, subject: 'lead' }]);
});

test('the scheme is read in any case', async () => {
  expect((await ask('/graphql', { authorization: `bearer ${await issuer.token('lead')}` })).body).toEqual({
    member: lead,
  });
});

test('a token elsewhere than in the header is none', async () => {
  const token = await issuer.token('lead');
  expect(
    (await ask(`/graphql?access_token=${token}`, { cookie: `token=${token}`, 'x-authorization': `Bearer ${token}` }))
      .body,
  ).toEqual({ member: null, subject: null });
});

test.each(paths)('%s with two Authorization headers is refused, whichever of them is good', async (path) => {
  const good = `Bearer ${await issuer.token('lead')}`;
  for (const authorization of [
    [good, good],
    ['', good],
    [good, 'Bearer hunter2'],
  ]) {
    const status = await new Promise((done, fail) => {
      const sent = request(`${hub}${path}`, { headers: { Authorization: authorization } }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      });
      sent.on('error', fail).end();
    });
    expect([status, through]).toEqual([401, 0]);
  }
});

const bad: [string, () => Promise<string>, string?][] = [
  ['a token that is none', async () => 'Bearer hunter2'],
  ['a token of another issuer', async () => `Bearer ${await (await startIssuer()).token('lead')}`],
  [
    'a token of somebody whom the hub does not know',
    async () => `Bearer ${await issuer.token('stranger')}`,
    'MEMBER_UNKNOWN',
  ],
  ['another scheme', async () => 'Basic aHVudGVyMg=='],
  ['a scheme without a token', async () => 'Bearer'],
  ['a token without a scheme', async () => issuer.token('lead')],
];
describe.each(bad)('%s', (_what, authorization, code = 'TOKEN_INVALID') => {
  test('is a problem with 401 for REST, and nothing else happens', async () => {
    const { status, headers, body } = await ask('/submissions/sub_x', { authorization: await authorization() });
    expect(status).toBe(401);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toMatchObject({
      status: 401,
      code,
      type: `urn:safeguarding-hub:refusal:${code}`,
    });
    expect(through).toBe(0);
  });

  test('is one error with 401 for GraphQL, and nothing else happens', async () => {
    const { status, headers, body } = await ask('/graphql', { authorization: await authorization() });
    expect(status).toBe(401);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: expect.objectContaining({ code, kind: 'unauthenticated' }),
        },
      ],
    });
    expect(through).toBe(0);
  });
});

describe('a stranger with a good token', () => {
  const accept = 'mutation ($code: String!) { acceptInvitation(code: $code) { id } }';
  const send = async (body: unknown, path = '/graphql') => {
    const response = await fetch(`${hub}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await issuer.token('stranger')}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test.each([
    accept,
    'mutation { one: acceptInvitation(code: "a") { id roles { of } } two: acceptInvitation(code: "b") { id } }',
    'mutation A { acceptInvitation(code: "a") { id } } mutation B { acceptInvitation(code: "b") { id } }',
  ])('is let through as nobody, with a name, to take up an invitation: %s', async (query) => {
    expect(await send({ query, variables: { code: 'x' } })).toEqual({
      status: 200,
      body: { member: null, subject: { issuer: issuer.url, subject: 'stranger' } },
    });
  });

  test.each<[string, unknown, string?]>([
    ['a query', { query: '{ me { id } }' }],
    ['another mutation', { query: 'mutation { endRole { id } }' }],
    ['another field beside it', { query: 'mutation { acceptInvitation(code: "a") { id } __typename }' }],
    ['another operation beside it', { query: `${accept} query A { me { id } }`, operationName: 'A' }],
    ['another field under its name', { query: 'mutation { acceptInvitation: registerKey { kid } }' }],
    ['a query of that name', { query: '{ acceptInvitation(code: "a") { id } }' }],
    ['a fragment', { query: 'mutation { ... F } fragment F on Mutation { acceptInvitation(code: "a") { id } }' }],
    ['an inline fragment', { query: 'mutation { ... { acceptInvitation(code: "a") { id } } }' }],
    ['a document that is none', { query: 'mutation {' }],
    ['a list of requests', [{ query: accept }]],
    ['a body that is none', '{'],
    ['no query', {}],
    ['more than a line', { query: accept, variables: { code: 'x'.repeat(5_000) } }],
    ['another address', { query: accept }, '/graphql/'],
    ['REST', { query: accept }, '/submissions'],
  ])('is refused with 401 for anything else: %s', async (_what, body, ...elsewhere) => {
    const { status, body: answer } = await send(body, ...elsewhere);
    expect(status).toBe(401);
    expect(JSON.stringify(answer)).toContain('"MEMBER_UNKNOWN"');
    expect(through).toBe(0);
  });
});

test('a member who is removed is out at the next request, under the same token', async () => {
  const authorization = `Bearer ${await issuer.token('passing')}`;
  known.set('passing', { id: '2', roles: [] });
  expect((await ask('/graphql', { authorization })).status).toBe(200);
  known.delete('passing');
  expect((await ask('/graphql', { authorization })).status).toBe(401);
});

test.each(['database gone', 'defect'])(
  '%s, when the member is looked for: 503, to try again, and the cause in the log alone',
  async (what) => {
    for (const path of paths) {
      const { status, headers, body } = await ask(path, { authorization: `Bearer ${await issuer.token(what)}` });
      expect([status, headers.get('retry-after')]).toEqual([503, '5']);
      expect(JSON.stringify(body)).toContain('"UNAVAILABLE"');
    }
    expect(through).toBe(0);
    expect(logged).toHaveLength(2);
  },
);

test('an issuer that does not answer: 503, to try again', async () => {
  const own = hub;
  hub = await startHub(await nobodyListens());
  try {
    for (const path of paths) {
      const { status, headers, body } = await ask(path, { authorization: `Bearer ${await issuer.token('lead')}` });
      expect([status, headers.get('retry-after')]).toEqual([503, '5']);
      expect(JSON.stringify(body)).toContain('"UNAVAILABLE"');
      expect((await ask(path)).status).toBe(200);
    }
  } finally {
    hub = own;
  }
});

test('two doors in one process each hear their own issuer', async () => {
  const other = await startIssuer();
  const own = hub;
  const second = await startHub(other.url);
  for (const [address, good, wrong] of [
    [own, issuer, other],
    [second, other, issuer],
  ] as const) {
    hub = address;
    expect((await ask('/graphql', { authorization: `Bearer ${await good.token('lead')}` })).status).toBe(200);
    expect((await ask('/graphql', { authorization: `Bearer ${await wrong.token('lead')}` })).status).toBe(401);
  }
  hub = own;
});
