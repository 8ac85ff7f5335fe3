import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { HubClient } from '@hub/client';
import { graphql, post } from '../../support/graphql';
import { hartlepool, middlesbrough, folder, world, stored, accepted } from './hub';

describe('a hub with low limits, which answers known documents alone', () => {
  const query = 'mutation { checkSubmission(envelope: "no envelope") { accepted } }';
  const known = '{ me { id } }';
  beforeAll(async () => {
    const documents = join(folder, 'documents.json');
    writeFileSync(documents, JSON.stringify([query, known]));
    const low = { HUB_SUBMISSIONS_PER_MINUTE: '2', HUB_REQUEST_SECONDS: '1', HUB_READING_PER_MINUTE: '3000' };
    await world.restart({ ...low, HUB_TRUSTED_DOCUMENTS: documents, HUB_SMTP_URL: 'smtp://relay.inside.example' });
  });

  test('tells strangers how each dependency is, and no setting, machine or moment', async () => {
    const answer = await fetch(`${world.hub.url}/health/ready`);
    expect((await answer.text()).split('\n').sort()).toEqual([
      '',
      'ok background work: in this process',
      'ok database: answers',
      'ok event loop: nothing waits long',
      'ok mail: a server is named; what it does not take the log says',
      'ok token issuer: answers',
    ]);
  });

  describe('a document', () => {
    const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
    const byHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
    const send = async (body: unknown) => {
      const answer = await fetch(`${world.hub.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await world.token('authority-approver', hartlepool)}`,
        },
        body: JSON.stringify(body),
      });
      const { errors } = (await answer.json()) as { errors?: { extensions: { code: string } }[] };
      return [answer.status, errors?.map(({ extensions }) => extensions.code)];
    };

    test('of the hub’s own client is answered', async () => {
      const token = await world.token('authority-approver', hartlepool);
      const keys = await new HubClient({ url: world.hub.url, token }).signingKeys(hartlepool);
      expect(keys.length).toBeGreaterThan(0);
    });

    test('of the operator’s list is answered, as a text or by its hash alone', async () => {
      expect(await send({ query: known })).toEqual([200, undefined]);
      expect(await send(byHash(hashOf(known)))).toEqual([200, undefined]);
    });

    const foreign = '{ me { roles { of } } }';
    test.each<[what: string, body: unknown]>([
      ['unknown text', { query: foreign }],
      ['text that differs by a space', { query: `${known} ` }],
      ['text that is no query, which nobody parses', { query: '{{{' }],
      ['question for the schema', { query: '{ __schema { types { name } } }' }],
      ['unknown hash', byHash(hashOf(foreign))],
      ['unknown text with a known hash', { query: foreign, ...byHash(hashOf(known)) }],
      ['list', [{ query: known }]],
      ['request without any', {}],
    ])('%s: refused with a code', async (_what, body) => {
      expect(await send(body)).toEqual([403, ['QUERY_UNKNOWN']]);
    });

    test('sent by GET is refused too', async () => {
      const headers = {
        authorization: `Bearer ${await world.token('authority-approver', hartlepool)}`,
        'apollo-require-preflight': 'yes',
      };
      const url = `${world.hub.url}/graphql?query=${encodeURIComponent(foreign)}`;
      expect((await fetch(url, { headers })).status).toBe(403);
      // What is known stands in the body, and what would be answered in the address.
      for (const body of [{ query: known }, byHash(hashOf(known))].map((one) => JSON.stringify(one))) {
        const status = await new Promise<number | undefined>((found, failed) => {
          const json = { ...headers, 'content-type': 'application/json', 'content-length': body.length };
          request(url, { method: 'GET', headers: json }, (answer) => found(answer.resume().statusCode))
            .on('error', failed)
            .end(body);
        });
        expect(status).toBe(403);
      }
    });
  });

  test('knows what was sent before it was started again', async () => {
    const again = await world.sign(hartlepool, accepted.payload, { jti: accepted.jti });
    expect((await world.send(hartlepool, again)).status).toBe(200);
  });

  test('asks an authority that sends very much to wait, and no other; nothing is stored', async () => {
    const before = await stored.count();
    const token = await world.token('authority-system', hartlepool);
    const answers = [];
    // Some have been used up, and one comes back every half minute.
    for (let i = 0; i < 8; i++) answers.push(await post(world.hub.url, token, 'no envelope'));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400, 429]));
    const { headers, body } = answers.find(({ status }) => status === 429)!;
    expect([body.code, headers.get('retry-after')]).toEqual([
      'SUBMISSIONS_TOO_MANY',
      String((body as { facts?: { seconds: number } }).facts?.seconds),
    ]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const { errors, retryAfter } = await graphql(world.hub.url, token, query);
    expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'SUBMISSIONS_TOO_MANY', retryAfter: Number(retryAfter) },
    ]);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    const other = await world.token('authority-system', middlesbrough);
    expect((await post(world.hub.url, other, 'no envelope')).status).toBe(400);
    expect(await stored.count()).toEqual(before);
  });

  test('asks a member who asks for very much to wait, and nobody else, nor by the other door', async () => {
    const chair = await world.token('board-chair', 'brd-tees');
    let last = await graphql(world.hub.url, chair, known);
    expect(last).toMatchObject({ status: 200, data: { me: {} } });
    // Up to the first that is refused: on a slow machine one behind it would be answered, and take what was waited for.
    for (let i = 0; i < 40 && last.status === 200; i++) last = await graphql(world.hub.url, chair, known);
    expect(last).toMatchObject({
      status: 429,
      errors: [
        { extensions: { code: 'QUERIES_TOO_MANY', kind: 'tooMany', facts: { seconds: Number(last.retryAfter) } } },
      ],
    });
    expect(last.data ?? null).toBeNull();
    expect(Number(last.retryAfter)).toBeGreaterThan(0);
    // Who waits as long as is said is answered.
    await new Promise((later) => setTimeout(later, Number(last.retryAfter) * 1000));
    expect((await graphql(world.hub.url, chair, known)).status).toBe(200);
    const other = await world.token('authority-system', middlesbrough);
    expect((await graphql(world.hub.url, other, known)).status).toBe(200);
    expect((await graphql(world.hub.url, null, known)).status).toBe(200);
  });

  test.each(['/submissions', '/graphql'])('cuts off a body that comes byte by byte: %s', async (path) => {
    const token = await world.token('authority-system', middlesbrough);
    const socket = connect(Number(new URL(world.hub.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: hub',
      `Authorization: Bearer ${token}`,
      `Content-Type: ${path === '/graphql' ? 'application/json' : 'application/jose+json'}`,
      'Content-Length: 1000000',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{`);
    const drip = setInterval(() => socket.write(' '), 100);
    await new Promise((closed) => socket.on('error', closed).on('close', closed));
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect((await fetch(`${world.hub.url}/health/live`)).status).toBe(200);
  });

  test.each([
    ['nothing', ''],
    ['half a head', 'POST /submissions HTTP/1.1\r\nX-'],
  ])('cuts off a connection on which %s is said', async (_what, said) => {
    const socket = connect(Number(new URL(world.hub.url).port), '127.0.0.1');
    socket.resume().write(said);
    await new Promise((closed) => socket.on('error', closed).on('close', closed));
    expect(socket.bytesRead).toBeGreaterThan(0);
  });
});
