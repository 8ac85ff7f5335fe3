import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import type { Request, Response } from 'express';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Kind } from '@hub/contracts';
import { Refusal, type Finding } from '@hub/kernel';
import { driversError, toLog, whyGone } from './gone';
import type { Logger } from './logger';
import { counted } from './metrics';

const statusOf: Record<Kind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  absent: 404,
  wrongMethod: 405,
  conflict: 409,
  gone: 410,
  tooLarge: 413,
  unsupportedType: 415,
  unprocessable: 422,
  tooMany: 429,
  unavailable: 503,
};

const codes = (refusal: Refusal) => ({
  code: refusal.code,
  ...(refusal.more.pointer === undefined ? {} : { pointer: refusal.more.pointer }),
  ...(Object.keys(refusal.facts).length ? { facts: refusal.facts } : {}),
  ...(refusal.more.findings ? { findings: refusal.more.findings } : {}),
});

/** RFC 9457 problem details, for the REST door. */
export const toProblem = (refusal: Refusal, instance: string) => ({
  type: `urn:safeguarding-hub:refusal:${refusal.code}`,
  title: refusal.message,
  status: statusOf[refusal.kind],
  detail: refusal.next,
  instance,
  ...codes(refusal),
});

/** Where the same may be asked again later: in how many seconds. */
const secondsToWait = ({ kind, facts }: Refusal): number | undefined =>
  kind === 'unavailable' || kind === 'tooMany' ? Number(facts.seconds ?? 5) : undefined;

/** A finding with its words as the schema writes them: `ERROR`, `CONFIRMED`. */
const inGraphQL = ({ severity, offered, ...finding }: Finding) => ({
  severity: severity.toUpperCase(),
  ...finding,
  ...(offered ? { offered: { ...offered, answer: offered.answer.toUpperCase() } } : {}),
});

/** The same refusal in GraphQL: clients switch on `extensions.code`; `retryAfter` is in seconds. */
export const toGraphQLError = (refusal: Refusal) => {
  const retryAfter = secondsToWait(refusal);
  const { findings } = refusal.more;
  const written = findings && { findings: findings.map(inGraphQL) };
  const extensions = { kind: refusal.kind, next: refusal.next, ...codes(refusal), ...written };
  return new GraphQLError(refusal.message, {
    extensions: retryAfter === undefined ? extensions : { ...extensions, retryAfter },
  });
};

/**
 * Heads of an answer of GraphQL: nobody keeps it; and `Retry-After` where an error says it, the longest of them. Apollo's own
 * plugin for the first asks every field how long it may be kept.
 */
export const headsOfAnswers = (): ApolloServerPlugin => ({
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body, http } }) => {
      http.headers.set('cache-control', 'no-store');
      if (body.kind !== 'single') return;
      const waits = (body.singleResult.errors ?? []).flatMap(({ extensions }) => Number(extensions?.retryAfter) || []);
      if (waits.length) http.headers.set('retry-after', String(Math.max(...waits)));
    },
  }),
});

/** The headers that a refusal's kind asks for, but for the token's. */
function setHeads(response: Response, refusal: Refusal): void {
  const retryAfter = secondsToWait(refusal);
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  if (refusal.kind === 'wrongMethod') response.setHeader('Allow', String(refusal.facts.allowed));
}

/** Writes a refusal as problem details and counts it, with the headers that its kind asks for. */
export function sendProblem(response: Response, refusal: Refusal, instance: string): void {
  counted.refusals.inc({ code: refusal.code });
  const problem = toProblem(refusal, instance);
  setHeads(response, refusal);
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Answers a whole GraphQL request with one refusal, before GraphQL has seen it, and counts it. */
export function sendGraphQLRefusal(response: Response, refusal: Refusal): void {
  counted.refusals.inc({ code: refusal.code });
  response.setHeader('Cache-Control', 'no-store');
  setHeads(response, refusal);
  response.status(statusOf[refusal.kind]).json({ errors: [toGraphQLError(refusal).toJSON()] });
}

/** What to do where the hub has made a mistake. */
const afterADefect =
  'Whether anything was stored is not known. An envelope can be sent again as it is, for it is never taken twice. Where it happens again, tell the hub’s operator the reference.';

/** What went wrong without being a refusal: a database that is gone is said so, all else is a defect with a reference. */
export function toRefusalOrDefect(error: unknown, logger: Logger): Refusal | { reference: string } {
  if (error instanceof Refusal) return error;
  if (whyGone(error) !== null) {
    logger.error(toLog(error), 'the database does not answer');
    return new Refusal('UNAVAILABLE');
  }
  const { code } = driversError(error);
  // A text with a character that PostgreSQL cannot hold (U+0000) is the caller's mistake.
  if (code === '22021') return new Refusal('REQUEST_MALFORMED', { expected: 'text without U+0000' });
  const reference = randomUUID();
  logger.error({ err: error, reference }, 'defect');
  return { reference };
}

/** The methods of which there is something at the address of a request, out of the server's own routes. */
function methodsAt({ app, path }: Request): string[] {
  const layers = app.router.stack as unknown as {
    route?: { methods: Readonly<Record<string, boolean>> };
    match(path: string): boolean;
  }[];
  const methods = layers.flatMap((layer) => (layer.route && layer.match(path) ? Object.keys(layer.route.methods) : []));
  return [...new Set(methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])))];
}

/** The one filter of the REST side. GraphQL errors pass through to `formatGraphQLError`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}
  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<string>() === 'graphql') throw error;
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const instance = `urn:uuid:${randomUUID()}`;
    if (error instanceof HttpException) {
      const request = http.getRequest<Request>();
      const methods = error.getStatus() === 404 ? methodsAt(request) : [];
      if (methods.length && !methods.includes(request.method)) {
        return sendProblem(response, new Refusal('METHOD_NOT_ALLOWED', { allowed: methods.join(', ') }), instance);
      }
      const known = {
        404: 'PATH_ABSENT',
        400: 'REQUEST_MALFORMED',
      } as const;
      const code = known[error.getStatus() as keyof typeof known];
      if (code) return sendProblem(response, new Refusal(code), instance);
    }
    const seen = toRefusalOrDefect(error, this.logger);
    if (seen instanceof Refusal) return sendProblem(response, seen, instance);
    response
      .status(500)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'about:blank',
          title: 'The hub made a mistake',
          status: 500,
          detail: afterADefect,
          instance: `urn:uuid:${seen.reference}`,
          code: 'INTERNAL',
          reference: seen.reference,
        }),
      );
  }
}

/** The refusal inside an error, however GraphQL wrapped it: a resolver's, or a scalar's while the document was read. */
function refusalIn(error: unknown): Refusal | null {
  let seen = error;
  while (seen instanceof GraphQLError && seen.originalError) seen = seen.originalError;
  return seen instanceof Refusal ? seen : null;
}

/** The near names with which GraphQL ends what it says of an unknown one: words of the schema, which anybody may read. */
const NEAR = / Did you mean (?:[a-z ]+ )?"\w+"(?:,? (?:or )?"\w+")*\?$/;

/**
 * What GraphQL says of a document that it refuses, without the values that it repeats. The locations say where to look, and names
 * that are near an unknown one what was meant.
 */
function plainly(message: string): string {
  const [near = ''] = NEAR.exec(message) ?? [];
  const said = message
    .slice(0, message.length - near.length)
    .replace(/^(Variable "\$\w+" got invalid value)[\s\S]*$/, '$1')
    .replace(/( cannot represent [^:]*): [\s\S]*$/, '$1')
    .replace(/, found [\s\S]*$/, '')
    .replace(/^(Argument "\w+" has invalid value) [\s\S]*$/, '$1')
    .replace(/^(Unknown operation) named [\s\S]*$/, '$1')
    .replace(/^(Syntax Error: (?:Unexpected|Invalid)(?: [a-zA-Z]+(?![a-zA-Z]))*)[\s\S]*$/, '$1');
  return near && !said.endsWith('.') ? `${said}.${near}` : said + near;
}

/** What GraphQL says of an argument only once it is asked for: a variable that may be null was, where null may not be. */
const isOfAnArgument = (error: unknown): boolean =>
  error instanceof GraphQLError && /^Argument "\w+" /.test(error.message);

/** What to do about what Apollo itself refuses, by its code. */
const afterApollos: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: 'Correct the document at the place that `locations` names.',
  GRAPHQL_VALIDATION_FAILED:
    'Correct the document at the place that `locations` names; contracts/schema/hub.graphql is the schema.',
  BAD_USER_INPUT:
    'Give each variable and argument a value of its type; contracts/schema/hub.graphql has the types and says what each takes.',
  OPERATION_RESOLUTION_FAILURE: 'Name one operation of the document in `operationName`.',
};
const afterARequest =
  'Send POST /graphql with Content-Type: application/json and one object: {"query": "…", "variables": {…}}.';

/** Refusals keep their code and are counted; a document that GraphQL itself refuses keeps Apollo's; all else is a reference. */
export function formatGraphQLError(logger: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    // The parser says how many words it reads at most.
    const tooLong = /^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(formatted.message);
    const inner = tooLong ? new Refusal('QUERY_TOO_LARGE') : (refusalIn(error) ?? unwrapResolverError(error));
    const place = {
      ...(formatted.path ? { path: formatted.path } : {}),
      ...(formatted.locations ? { locations: formatted.locations } : {}),
    };
    if (!(inner instanceof Refusal)) {
      const code = isOfAnArgument(inner) ? 'BAD_USER_INPUT' : formatted.extensions?.code;
      if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') {
        const next = afterApollos[code] ?? afterARequest;
        return { message: plainly(formatted.message), ...place, extensions: { code, kind: 'malformed', next } };
      }
    }
    const seen = toRefusalOrDefect(inner, logger);
    if (seen instanceof Refusal) {
      counted.refusals.inc({ code: seen.code });
      return { ...toGraphQLError(seen).toJSON(), ...place };
    }
    return {
      message: 'The hub made a mistake',
      ...place,
      extensions: { code: 'INTERNAL', kind: 'defect', next: afterADefect, reference: seen.reference },
    };
  };
}
