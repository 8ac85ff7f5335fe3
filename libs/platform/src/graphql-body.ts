import { raw, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { parseStrictJson, Refusal } from '@hub/kernel';
import { sendGraphQLRefusal } from './edge';

/** How deep a request may lie; a document's own depth is another matter (`limitQueries`). */
const DEPTH = 32;

/** What the reader of bodies says, in the words of a refusal. */
function refusalOf(error: { status?: number }, limit: number): Refusal {
  if (error.status === 413) return new Refusal('REQUEST_TOO_LARGE', { limit });
  return new Refusal(error.status === 415 ? 'MEDIA_TYPE' : 'REQUEST_MALFORMED');
}

/** What was sent, where it has one reading alone: with a name twice in it one server would take the first and another the last. */
function readBody(bytes: Buffer): unknown {
  try {
    // How a number is written is for GraphQL to judge.
    return parseStrictJson(bytes, DEPTH, () => true);
  } catch {
    throw new Refusal('REQUEST_MALFORMED', { expected: 'strict JSON: {"query": …, "variables": …}, no name twice' });
  }
}

/**
 * Reads the JSON of a GraphQL request. What it cannot read is refused as everything there is: an error with its code.
 * @param limit  bytes, as they come: what is compressed is refused
 */
export function graphqlBody(limit: number): RequestHandler {
  const bytes = raw({ type: 'application/json', limit, inflate: false });
  return (request: Request, response: Response, next: NextFunction) =>
    bytes(request, response, (error?: unknown) => {
      try {
        if (error) throw refusalOf(error as { status?: number }, limit);
        const isEmpty = request.method === 'POST' && request.is('application/json') === null;
        // The door has read a stranger's already.
        if (Buffer.isBuffer(request.body) || isEmpty)
          request.body = readBody(isEmpty ? Buffer.of() : (request.body as Buffer));
        next();
      } catch (refusal) {
        sendGraphQLRefusal(response, refusal as Refusal);
      }
    });
}
