import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import passport from 'passport';
import { ExtractJwt, Strategy, type VerifiedCallback } from 'passport-jwt';
import { Refusal } from '@hub/kernel';
import { sendProblem, toGraphQLError, toRefusalOrDefect, type Logger } from '@hub/platform';
import type { Member } from './domain';
import type { MembersService } from './members.service';
import type { Subject, TokenVerifier } from './tokens';

/** A request after the door: who is asking, or null for nobody. */
export interface Asked extends Request {
  member: Member | null;
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

/**
 * The one door for GraphQL, `_entities` and REST alike. passport-jwt takes the token out of the request. No token: nobody
 * asks. A bad token, or one of somebody whom the hub does not know: 401, and nothing else happens.
 */
export function theDoor(tokens: TokenVerifier, members: MembersService, logger: Logger): RequestHandler {
  const strategy = new Strategy(
    { jwtFromRequest: bearer, secretOrKey: tokens as unknown as string },
    (subject: Subject, done: VerifiedCallback) => {
      members.find(subject).then(
        (member) => done(null, member ?? false),
        (error: unknown) => done(error, false),
      );
    },
  );
  const own = new passport.Passport();
  own.use('jwt', strategy as never);

  return (request: Request, response: Response, next: NextFunction) => {
    const asked = request as Asked;
    asked.member = null;
    if (!request.headers.authorization) return next();
    const refuse = (why: unknown) => {
      const seen = why instanceof Refusal ? why : toRefusalOrDefect(why, logger);
      const refusal = seen instanceof Refusal ? seen : new Refusal('UNAVAILABLE');
      if (!request.path.startsWith('/graphql') && !request.originalUrl.startsWith('/graphql')) {
        return sendProblem(response, refusal, `urn:uuid:${randomUUID()}`);
      }
      if (refusal.kind === 'unavailable') response.setHeader('Retry-After', '5');
      response.status(refusal.kind === 'unavailable' ? 503 : 401).json({ errors: [toGraphQLError(refusal).toJSON()] });
    };
    if (!bearer(request)) return refuse(new Refusal('TOKEN_INVALID'));
    const answer = (error: unknown, member: Member | false, info?: unknown) => {
      if (error) return refuse(error);
      // passport-jwt reports a verifier's refusal as info, not as an error
      if (!member) return refuse(info instanceof Refusal ? info : new Refusal('TOKEN_INVALID'));
      asked.member = member;
      next();
    };
    (own.authenticate('jwt', { session: false }, answer) as RequestHandler)(request, response, next);
  };
}
