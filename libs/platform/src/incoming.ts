import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Refusal } from '@hub/kernel';

/** Bytes that are still taken in, and thrown away, of a body that nobody reads: a client hears its answer and no reset. */
const MOST_THROWN_AWAY = 16 * 1024 * 1024;
/** Milliseconds in which the head of a request is sent, by whoever has opened a connection. */
const HEAD_MS = 20_000;
/** Connections at once: some tens of megabytes where strangers hold them all, and files are left for the database. */
const MOST_CONNECTIONS = 5_000;

/** Requests whose sender waits to be told that the body is wanted (`Expect: 100-continue`). */
const waiting = new WeakSet<IncomingMessage>();

/**
 * How a server takes requests in: a body is read where `bytesOf` asks for it and nowhere else, so that the door stands before
 * it; what nobody reads is answered at once, and its rest thrown away, up to a bound. Who sends a byte now and then does not
 * hold a connection.
 * @param seconds  a request that has not arrived whole by then is cut off
 */
export function takeIn(server: Server, seconds: number): void {
  server.requestTimeout = seconds * 1000;
  server.headersTimeout = Math.min(HEAD_MS, server.requestTimeout);
  server.maxConnections = MOST_CONNECTIONS;
  // Node looks every 30 seconds unless told otherwise.
  (server as Server & { connectionsCheckingInterval: number }).connectionsCheckingInterval = 1000;
  // Without a listener Node itself tells every sender to go on, before anybody knows who it is.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(request);
    server.emit('request', request, response);
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    response.once('finish', () => {
      if (!request.complete) throwAwayTheRest(request);
    });
  });
}

function throwAwayTheRest(request: IncomingMessage): void {
  const { socket } = request;
  const before = socket.bytesRead;
  const bound = setInterval(() => void (socket.bytesRead - before > MOST_THROWN_AWAY && socket.destroy()), 50);
  request.once('close', () => clearInterval(bound));
  request.resume();
}

/**
 * The bytes of a request's body, as they came.
 * @param limit     of the bytes; a body that says that it is longer is not read at all
 * @param tooLarge  what one that is longer is refused with
 * @throws Refusal `tooLarge`; MEDIA_TYPE for a compressed one; REQUEST_MALFORMED for one that breaks off
 */
export async function bytesOf(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  tooLarge = () => new Refusal('REQUEST_TOO_LARGE', { limit }),
): Promise<Buffer> {
  const { 'content-encoding': encoding = 'identity', 'content-length': declared = 0 } = request.headers;
  if (encoding !== 'identity') throw new Refusal('MEDIA_TYPE');
  if (Number(declared) > limit) throw tooLarge();
  if (waiting.delete(request)) response.writeContinue();
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > limit) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('REQUEST_MALFORMED');
  }
  return Buffer.concat(parts);
}
