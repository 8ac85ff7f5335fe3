import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Kind, OperationTypeNode, parse } from 'graphql';
import passport from 'passport';
import { ExtractJwt, Strategy, type VerifiedCallback } from 'passport-jwt';
import { Refusal } from '@hub/kernel';
import { graphqlRequest, sendGraphQLRefusal, sendProblem, toRefusalOrDefect, type Logger } from '@hub/platform';
import type { Member } from './domain';
import type { MembersService } from './members.service';
import type { Subject, TokenVerifier } from './tokens';

/** A request after the door: who is asking, or null for nobody; and whose token it was, known to the hub or not. */
export interface Asked extends Request {
  member: Member | null;
  subject: Subject | null;
}

/** Bytes that somebody may send to GraphQL who is no member: an invitation is taken up in one line. */
export const STRANGERS_LIMIT = 4096;

/** Whether a GraphQL request does nothing but take up invitations. */
function onlyAccepts(body: unknown): boolean {
  const { query } = (body ?? {}) as { query?: unknown };
  if (typeof query !== 'string') return false;
  try {
    return parse(query, { maxTokens: 200 }).definitions.every(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === OperationTypeNode.MUTATION &&
        definition.selectionSet.selections.every(
          (selection) => selection.kind === Kind.FIELD && selection.name.value === 'acceptInvitation',
        ),
    );
  } catch {
    return false;
  }
}

/** Where a bearer token is: the Authorization header alone. */
const bearer = ExtractJwt.fromAuthHeaderAsBearerToken();

// jsonwebtoken, which passport-jwt brings, knows no EdDSA. The place is one for all strategies of a process, so each hands
// its own verifier over as what passport-jwt takes for the key.
(Strategy as unknown as { JwtVerifier: unknown }).JwtVerifier = (
  token: string,
  tokens: TokenVerifier,
  _options: object,
  done: (error: unknown, subject?: Subject) => void,
) => {
  tokens.verify(token).then(
    (subject) => done(null, subject),
    (error: unknown) => done(error),
  );
};

/** Whom a good token belongs to; `member` is null for a stranger. */
interface Found {
  readonly member: Member | null;
  readonly subject: Subject;
}

/**
 * The one door for GraphQL, `_entities` and REST alike. passport-jwt takes the token out of the request. No token: nobody
 * asks. A bad token, or one of somebody whom the hub does not know: 401, and nothing else happens. One thing is open to a
 * stranger with a good token: `acceptInvitation`, alone in a document, without fragments.
 */
export function theDoor(tokens: TokenVerifier, members: MembersService, logger: Logger): RequestHandler {
  const strategy = new Strategy(
    { jwtFromRequest: bearer, secretOrKey: tokens as unknown as string },
    (subject: Subject, done: VerifiedCallback) => {
      members.find(subject).then(
        (member) => done(null, { member, subject } satisfies Found),
        (error: unknown) => done(error, false),
      );
    },
  );
  const own = new passport.Passport();
  own.use('jwt', strategy as never);

  return (request: Request, response: Response, next: NextFunction) => {
    const asked = request as Asked;
    asked.member = null;
    asked.subject = null;
    const refuse = (why: unknown) => {
      const seen = why instanceof Refusal ? why : toRefusalOrDefect(why, logger);
      const refusal = seen instanceof Refusal ? seen : new Refusal('UNAVAILABLE');
      if (!request.path.startsWith('/graphql') && !request.originalUrl.startsWith('/graphql')) {
        return sendProblem(response, refusal, `urn:uuid:${randomUUID()}`);
      }
      sendGraphQLRefusal(response, refusal);
    };
    // Of two Authorization headers one server takes the first and another the last.
    if ((request.headersDistinct.authorization?.length ?? 0) > 1) return refuse(new Refusal('TOKEN_INVALID'));
    if (!request.headers.authorization) return next();
    if (!bearer(request)) return refuse(new Refusal('TOKEN_INVALID'));
    const answer = (error: unknown, found: Found | false, info?: unknown) => {
      if (error) return refuse(error);
      // passport-jwt reports a verifier's refusal as info, not as an error
      if (!found) return refuse(info instanceof Refusal ? info : new Refusal('TOKEN_INVALID'));
      asked.member = found.member;
      asked.subject = found.subject;
      if (found.member) return next();
      const stranger = () => refuse(new Refusal('MEMBER_UNKNOWN'));
      if (request.path !== '/graphql') return stranger();
      graphqlRequest(request, response, STRANGERS_LIMIT).then((body) => {
        request.body = body;
        return onlyAccepts(body) ? next() : stranger();
      }, stranger);
    };
    (own.authenticate('jwt', { session: false }, answer) as RequestHandler)(request, response, next);
  };
}
