import { connect, type Socket } from 'node:net';
import { hartlepool, world } from './hub';

const MEGABYTE = 1024 * 1024;

/** A connection on which bytes are sent as a test says, and what has come back. */
class Line {
  heard = '';
  readonly closed: Promise<unknown>;
  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.heard += chunk.toString()));
    this.closed = new Promise((closed) => socket.on('error', closed).on('close', closed));
  }
  static open(): Line {
    return new Line(connect(Number(new URL(world.hub.url).port), '127.0.0.1'));
  }
  say(bytes: string | Buffer): Promise<void> {
    return new Promise((said) => this.socket.write(bytes, () => said()));
  }
  head(method: string, path: string, ...headers: string[]): Promise<void> {
    return this.say([`${method} ${path} HTTP/1.1`, 'Host: hub', ...headers, '', ''].join('\r\n'));
  }
  async hears(words: RegExp): Promise<void> {
    while (!words.test(this.heard)) {
      const gone = await Promise.race([this.closed.then(() => true), new Promise((later) => setTimeout(later, 20))]);
      if (gone && !words.test(this.heard)) throw new Error(`the connection was closed after: ${this.heard}`);
    }
  }
  end(): void {
    this.socket.destroy();
  }
}

const jose = 'Content-Type: application/jose+json';
const json = 'Content-Type: application/json';
const long = `Content-Length: ${4 * MEGABYTE}`;

describe('a body that nobody wants', () => {
  test.each<{ of: string; path: string; headers: string[]; status: number }>([
    { of: 'of somebody without a token', path: '/submissions', headers: [jose, long], status: 401 },
    { of: 'under a bad token', path: '/submissions', headers: [jose, long, 'Authorization: Bearer x'], status: 401 },
    { of: 'too long for one without a token', path: '/graphql', headers: [json, long], status: 413 },
    { of: 'that is no JSON', path: '/graphql', headers: ['Content-Type: text/plain', long], status: 400 },
    { of: 'where none belongs', path: '/health/live', headers: [long], status: 405 },
  ])('$of is answered before it has come; the rest is thrown away, and the connection stays', async (one) => {
    const line = Line.open();
    await line.head('POST', one.path, ...one.headers);
    await line.say(Buffer.alloc(MEGABYTE / 16, 'a'));
    await line.hears(new RegExp(`^HTTP/1\\.1 ${one.status} `));
    // A slow client sends on, and hears no reset.
    for (let sent = 1; sent < 64; sent++) await line.say(Buffer.alloc(MEGABYTE / 16, 'a'));
    await line.head('GET', '/health/live');
    await line.hears(/HTTP\/1\.1 200 OK[^]*the process answers/);
    line.end();
  });

  test.each([
    ['that says how long it is', [`Content-Length: ${1024 * MEGABYTE}`], ''],
    ['without end', ['Transfer-Encoding: chunked'], `${MEGABYTE.toString(16)}\r\n`],
  ])('%s is answered too, and cut off where it goes on and on', async (_how, headers, before) => {
    const line = Line.open();
    await line.head('POST', '/graphql', json, ...headers);
    const piece = Buffer.concat([Buffer.from(before), Buffer.alloc(MEGABYTE, 'a'), Buffer.from(before ? '\r\n' : '')]);
    let isCut = false;
    void line.closed.then(() => (isCut = true));
    let sent = 0;
    for (; !isCut && sent < 1000; sent++) await Promise.race([line.say(piece), line.closed]);
    expect(line.heard).toMatch(/^HTTP\/1\.1 413 [^]*REQUEST_TOO_LARGE/);
    expect(sent).toBeLessThan(1000);
  });
});

describe('a sender who waits to be told to go on', () => {
  const wait = 'Expect: 100-continue';
  test('is not, without a token: the answer comes instead, and the connection ends', async () => {
    for (const [path, type, status] of [
      ['/submissions', jose, 401],
      ['/graphql', json, 413],
    ] as const) {
      const line = Line.open();
      await line.head('POST', path, type, long, wait);
      await line.closed;
      expect(line.heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Connection: close`));
    }
  });

  test('is, as a member, and what is sent then is read', async () => {
    const token = await world.token('authority-system', hartlepool);
    for (const [path, type, body, answer] of [
      ['/submissions', jose, 'no envelope', /HTTP\/1\.1 400 [^]*ENVELOPE_MALFORMED/],
      ['/graphql', json, '{"query":"{ me { id } }"}', /HTTP\/1\.1 200 [^]*"id"/],
    ] as const) {
      const line = Line.open();
      await line.head('POST', path, type, `Content-Length: ${body.length}`, wait, `Authorization: Bearer ${token}`);
      await line.hears(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
      await line.say(body);
      await line.hears(answer);
      line.end();
    }
  });
});
