import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HubClient } from './hub-client';
import { HubProblem, Unreachable } from './problem';
import { patiently, sendPatiently } from './patience';

type Answer = { status: number; body?: object; headers?: Record<string, string> } | 'lost';
let server: Server;
let answers: Answer[];
let received: string[];
let hub: HubClient;
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push(body);
      const answer = answers.shift() ?? { status: 500 };
      if (answer === 'lost') return void request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify(answer.body ?? { code: 'UNAVAILABLE', title: 'No', status: answer.status }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  hub = new HubClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'T' });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const taken = { id: 'sub_1', state: 'accepted', version: 1, digest: 'ab', receipt: 'r', findings: [] };
let waits: number[];
beforeEach(() => {
  [answers, received, waits] = [[], [], []];
});
const patience = (random = 0.5) => ({
  random: () => random,
  wait: (milliseconds: number) => {
    waits.push(milliseconds / 1000);
    return Promise.resolve();
  },
});

test('where an answer was lost the same bytes are sent again, and the first receipt comes back', async () => {
  answers = ['lost', { status: 200, body: taken }];
  expect(await sendPatiently(hub, ' {"payload":""}', patience())).toMatchObject({ id: 'sub_1', known: true });
  expect(received).toEqual([' {"payload":""}', ' {"payload":""}']);
  expect(waits).toHaveLength(1);
});

test('waits grow, are random, and have an end', async () => {
  for (const random of [0, 0.5, 1]) {
    answers = Array.from({ length: 20 }, () => ({ status: 503 }));
    waits = [];
    await expect(sendPatiently(hub, '{}', { ...patience(random), attempts: 9 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((most) => most * random));
  }
});

test.each([
  [429, '7', 7],
  [503, '7', 7],
  [503, 'a date', 90],
])('%d: never sooner than the hub asks for, and not all at once (%s)', async (status, said, seconds) => {
  const asked = said === 'a date' ? new Date(Date.now() + seconds * 1000).toUTCString() : said;
  answers = [
    { status, headers: { 'retry-after': asked } },
    { status: 201, body: taken },
  ];
  expect(await sendPatiently(hub, '{}', patience(0))).toMatchObject({ known: false });
  expect(waits[0]!).toBeGreaterThan(seconds - 10);
  expect(waits[0]!).toBeLessThanOrEqual(seconds + 1);
  answers = [
    { status, headers: { 'retry-after': asked } },
    { status: 201, body: taken },
  ];
  await sendPatiently(hub, '{}', patience(1));
  expect(waits[1]! - waits[0]!).toBeCloseTo(1, -0.5);
});

test('a hub that asks for more patience than there is, is not waited for', async () => {
  answers = [{ status: 503, headers: { 'retry-after': '3600' } }];
  await expect(sendPatiently(hub, '{}', patience())).rejects.toBeInstanceOf(HubProblem);
  expect(waits).toEqual([]);
});

test.each([400, 401, 403, 404, 409, 413, 415, 422])('what later would not help is told at once: %d', async (status) => {
  answers = [{ status, body: { code: 'ROUND_NOT_OPEN', title: 'No', status } }];
  await expect(sendPatiently(hub, '{}', patience())).rejects.toMatchObject({ code: 'ROUND_NOT_OPEN' });
  expect(waits).toEqual([]);
});

test('a mistake of the caller is thrown as it is, and who waits is told why', async () => {
  const mistake = new TypeError('x');
  await expect(patiently(() => Promise.reject(mistake), patience())).rejects.toBe(mistake);
  const told: unknown[] = [];
  answers = ['lost', { status: 503 }, { status: 201, body: taken }];
  await sendPatiently(hub, '{}', { ...patience(1), onWait: (why, seconds) => told.push([why.constructor, seconds]) });
  expect(told).toEqual([
    [Unreachable, 1],
    [HubProblem, 2],
  ]);
});
