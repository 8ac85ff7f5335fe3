import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { parseStrictJson, Refusal } from '@hub/kernel';
import { sendGraphQLRefusal } from './edge';
import { bytesOf } from './incoming';

/** How deep a request may lie; a document's own depth is another matter (`limitQueries`). */
const DEPTH = 32;

/**
 * The JSON of a GraphQL request, where it has one reading alone: with a name twice in it one server would take the first and another
 * the last. Undefined where there is none: what comes by GET, or as another type, is for the server of GraphQL to judge.
 * @param limit  bytes, as they come: what is compressed is refused
 * @throws Refusal REQUEST_TOO_LARGE | MEDIA_TYPE | REQUEST_MALFORMED
 */
export async function graphqlRequest(request: Request, response: Response, limit: number): Promise<unknown> {
  // What stands in the address of a GET is what is answered, so nothing beside it is judged in its place.
  const isJson = request.is('application/json');
  if (isJson === false || request.method !== 'POST') return undefined;
  const bytes = isJson === null ? Buffer.of() : await bytesOf(request, response, limit);
  try {
    // How a number is written is for GraphQL to judge.
    return parseStrictJson(bytes, DEPTH, () => true);
  } catch {
    throw new Refusal('REQUEST_MALFORMED', { expected: 'strict JSON: {"query": …, "variables": …}, no name twice' });
  }
}

/**
 * Reads the JSON of a GraphQL request. What it cannot read is refused as everything there is: an error with its code.
 * @param limitOf  how many bytes may come with a request
 */
export function graphqlBody(limitOf: (request: Request) => number): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (!['GET', 'POST'].includes(request.method))
      return sendGraphQLRefusal(response, new Refusal('METHOD_NOT_ALLOWED', { allowed: 'GET, POST' }));
    // The door has read a stranger's already.
    if (request.body !== undefined) return next();
    graphqlRequest(request, response, limitOf(request)).then(
      (body) => {
        request.body = body;
        next();
      },
      (refusal: unknown) => sendGraphQLRefusal(response, refusal as Refusal),
    );
  };
}
