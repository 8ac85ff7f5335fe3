import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nobodyListens } from '../../../test/support/nobody';
import { HubClient } from './hub-client';
import { HubProblem, Unreachable } from './problem';

let server: Server;
let url: string;
let seen: { method: string; path: string; headers: IncomingMessage['headers']; body: string };
let answer: { status: number; body: string; headers?: Record<string, string> };
let times = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      times++;
      seen = { method: request.method!, path: request.url!, headers: request.headers, body };
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const hub = () => new HubClient({ url, token: 'T', timeoutMs: 2000 });
const says = (status: number, body: unknown, headers?: Record<string, string>) => {
  answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body), headers };
};

test('an envelope is sent exactly as it is, with the token', async () => {
  says(201, { id: 'sub_1', state: 'accepted', version: 1, digest: 'ab', receipt: 'r', findings: [] });
  expect(await hub().submit(' {"payload":"" } ')).toMatchObject({ id: 'sub_1', known: false });
  expect(seen).toMatchObject({ method: 'POST', path: '/submissions', body: ' {"payload":"" } ' });
  expect(seen.headers).toMatchObject({ 'content-type': 'application/jose+json', authorization: 'Bearer T' });
  says(200, { id: 'sub_1', state: 'accepted', version: 1, digest: 'ab', receipt: 'r', findings: [] });
  expect(await hub().submit('{}')).toMatchObject({ known: true });
});

test('an id cannot leave its path', async () => {
  says(200, { id: 'x' });
  await hub().status('../graphql?x');
  expect(seen.path).toBe('/submissions/..%2Fgraphql%3Fx');
});

test('a problem keeps its code, findings and what to do', async () => {
  const finding = { severity: 'error', rule: 'negative', pointer: '/rows/0/count', message: 'm' };
  says(
    422,
    {
      type: 't',
      title: 'No',
      status: 422,
      detail: 'Mend it.',
      instance: 'urn:x',
      code: 'SUBMISSION_INVALID',
      findings: [finding],
    },
    { 'retry-after': '5' },
  );
  const problem = (await hub()
    .submit('{}')
    .catch((error: unknown) => error)) as HubProblem;
  expect(problem).toBeInstanceOf(HubProblem);
  expect(problem).toMatchObject({
    code: 'SUBMISSION_INVALID',
    message: 'No',
    more: { status: 422, next: 'Mend it.', findings: [finding], retryAfter: 5 },
  });
});

test('a question that asks for very much waits as long as the hub says and is asked again, a few times', async () => {
  const busy = { errors: [{ message: 'Wait', extensions: { code: 'QUERIES_TOO_MANY', kind: 'tooMany' } }] };
  says(429, busy, { 'retry-after': '0' });
  times = 0;
  await expect(hub().graphql('{ me { id } }')).rejects.toMatchObject({ code: 'QUERIES_TOO_MANY' });
  expect(times).toBe(6);
  const asked = hub().graphql('{ me { id } }');
  while (times < 8) await new Promise((later) => setImmediate(later));
  says(200, { data: { me: null } });
  expect(await asked).toEqual({ me: null });
  // Whatever else is refused is not asked again.
  says(429, { errors: [{ message: 'Wait', extensions: { code: 'SUBMISSIONS_TOO_MANY' } }] }, { 'retry-after': '0' });
  times = 0;
  await expect(hub().graphql('{ me { id } }')).rejects.toMatchObject({ code: 'SUBMISSIONS_TOO_MANY' });
  expect(times).toBe(1);
});

test('findings inside a refusal are written as files write them, whichever door has refused', async () => {
  const offered = { answer: 'CONFIRMED', text: 'Yes.', period: '2025-Q1' };
  const finding = { severity: 'QUERY', rule: 'r', pointer: '', message: 'm', offered };
  says(200, { errors: [{ message: 'No', extensions: { code: 'SUBMISSION_INVALID', findings: [finding] } }] });
  await expect(hub().check('{}')).rejects.toMatchObject({
    more: { findings: [{ severity: 'query', offered: { answer: 'confirmed' } }] },
  });
});

test('a mistake of the hub has a reference, a refusal has none', async () => {
  says(500, { title: 'The hub made a mistake', status: 500, reference: 'ref-1', code: 'INTERNAL' });
  await expect(hub().submit('{}')).rejects.toMatchObject({ code: 'INTERNAL', more: { reference: 'ref-1' } });
  says(409, { title: 'No', status: 409, instance: 'ref-2', code: 'ROUND_NOT_OPEN' });
  await expect(hub().submit('{}')).rejects.toHaveProperty('more', { status: 409 });
});

test('a GraphQL refusal is the same problem, with HTTP 200 and with 401', async () => {
  for (const status of [200, 401]) {
    says(status, {
      data: { closeRound: null },
      errors: [
        { message: 'No such round', extensions: { code: 'ROUND_ABSENT', kind: 'absent', next: 'Check the id.' } },
      ],
    });
    await expect(hub().closeRound('rnd_1')).rejects.toMatchObject({
      code: 'ROUND_ABSENT',
      more: { kind: 'absent', status },
    });
  }
});

test('words of the graph come as files write them', async () => {
  says(200, {
    data: {
      checkSubmission: {
        accepted: false,
        findings: [{ severity: 'ERROR', rule: 'r', pointer: '', message: 'm', expected: null, found: '1' }],
      },
    },
  });
  expect(await hub().check('{}')).toEqual({
    accepted: false,
    findings: [{ severity: 'error', rule: 'r', pointer: '', message: 'm', found: '1' }],
  });
  const node = (id: string) => ({
    node: {
      id,
      dataset: 'd',
      period: '2025-Q1',
      edition: 'REVISED',
      state: 'COMPILING',
      opens: 'o',
      due: 'd',
      closes: 'c',
      heldBecause: null,
      missing: [{ code: 'E06000001' }],
    },
  });
  says(200, {
    data: { region: { rounds: { edges: [node('rnd_1')], pageInfo: { hasNextPage: false, endCursor: null } } } },
  });
  expect(await hub().rounds('E12000001')).toMatchObject([
    { id: 'rnd_1', edition: 'revised', state: 'compiling', missing: ['E06000001'] },
  ]);
  says(200, { data: { registerKey: { kid: 'a', state: 'PENDING' } } });
  expect(
    await hub().registerKey('E06000001', { kty: 'OKP', crv: 'Ed25519', x: 'x', kid: 'a', alg: 'EdDSA' }, '{}'),
  ).toEqual({ kid: 'a', state: 'pending' });
  says(200, { data: { signingKeys: [{ kid: 'a', state: 'RETIRED', until: '2025-07-01T09:00:00.000Z' }] } });
  expect(await hub().signingKeys('E06000001')).toEqual([
    { kid: 'a', state: 'retired', until: '2025-07-01T09:00:00.000Z' },
  ]);
});

test.each([
  ['nobody listens', nobodyListens, 200, '{}'],
  ['a page answers', null, 200, '<html>'],
  ['something else answers', null, 404, '{}'],
  ['it sends us elsewhere', null, 302, '{}'],
])('unreachable: %s', async (_what, other, status, body) => {
  says(status, body, status === 302 ? { location: await nobodyListens() } : {});
  const client = new HubClient({ url: (await other?.()) ?? url, token: 'T', timeoutMs: 2000 });
  await expect(client.submit('{}')).rejects.toBeInstanceOf(Unreachable);
  await expect(client.closeRound('rnd_1')).rejects.toBeInstanceOf(Unreachable);
});

test('a token is not sent by http:// to another machine, unless it is said that it may', () => {
  for (const there of ['http://hub.example', 'http://127.0.0.1.example/', 'http://192.168.0.1:4000']) {
    expect(() => new HubClient({ url: there, token: 'T' })).toThrow('https://');
    expect(() => new HubClient({ url: there, token: 'T', plainHttp: true })).not.toThrow();
    expect(() => new HubClient({ url: there })).not.toThrow();
  }
  for (const here of ['https://hub.example', 'http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])
    expect(() => new HubClient({ url: here, token: 'T' })).not.toThrow();
});
