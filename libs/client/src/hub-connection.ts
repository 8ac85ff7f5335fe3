import type { Finding } from '@hub/kernel';
import { patiently } from './patience';
import { HubProblem, Unreachable } from './problem';
import { findingOf } from './words';

/** An address without the slashes at its end, so that a path can be put behind it. */
export const baseAddress = (url: string): string => url.replace(/(?<!\/)\/+$/, '');

/** Whether what goes to that address can be read on the way: plain HTTP to another machine. */
export function isOverheard(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

export interface HubClientOptions {
  /** The hub's address, `https://hub.example`. */
  readonly url: string;
  /** An access token, or where one comes from (`clientToken`); absent for what anybody may see. */
  readonly token?: string | (() => Promise<string>);
  /** How long an answer may take; 30 seconds when absent. */
  readonly timeoutMs?: number;
  /** Lets the token go by `http://` to another machine, where something else keeps it secret on the way. */
  readonly plainHttp?: boolean;
}

/** A question waits until its member may ask on, just as long as the hub says: a minute's worth is back by then. */
const QUESTION_PATIENCE = { attempts: 6, longest: 60, random: () => 0 };
const asksTooMuch = (error: unknown): error is HubProblem =>
  error instanceof HubProblem && error.code === 'QUERIES_TOO_MANY' && error.more.retryAfter !== undefined;

/** What every question to a hub goes over, and where every refusal is read. */
export class HubConnection {
  private readonly base: string;
  /** @throws TypeError for a token that could be read on its way to the hub, unless `plainHttp` says that it may go */
  constructor(private readonly options: HubClientOptions) {
    if (options.token !== undefined && !options.plainHttp && isOverheard(options.url))
      throw new TypeError('A token goes by https://, for whoever reads it can use it; plainHttp: true lets it go.');
    this.base = baseAddress(options.url);
  }

  /**
   * Any document of the published schema. The first error is thrown, also where a part of the answer came. A hub that was asked for very
   * much in a short time, as by an export of years, is waited for: nothing was looked up, and it says for how long.
   */
  async graphql<Answer>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    };
    const { status, body } = await patiently(() => this.call('/graphql', request), QUESTION_PATIENCE, asksTooMuch);
    const { data } = body as { data?: Answer | null };
    if (!data) throw new Unreachable(`The answer is not one of a hub (HTTP ${status}).`);
    return data;
  }

  protected async call(
    path: string,
    request: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<{ status: number; body: unknown }> {
    const { timeoutMs = 30_000 } = this.options;
    const token = typeof this.options.token === 'function' ? await this.options.token() : this.options.token;
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(`${this.base}${path}`, {
        ...request,
        headers: {
          accept: 'application/json, application/problem+json',
          ...request.headers,
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
        // A hub never sends its callers elsewhere; a token must not follow.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await answer.text();
    } catch {
      throw new Unreachable(`No answer from ${this.base}.`);
    }
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      throw new Unreachable(`The answer is not one of a hub (HTTP ${answer.status}).`);
    }
    const problem = problemIn(body, answer);
    if (problem) throw problem;
    if (!answer.ok || typeof body !== 'object' || body === null)
      throw new Unreachable(`The answer is not one of a hub (HTTP ${answer.status}).`);
    return { status: answer.status, body };
  }
}

/** RFC 9110: seconds, or a moment; NaN where it says neither. */
function secondsUntil(retryAfter: string | null): number {
  if (retryAfter === null) return Number.NaN;
  const seconds = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Math.max(0, seconds);
}

/** The refusal in an answer: RFC 9457 problem details, or the first GraphQL error. */
function problemIn(body: unknown, answer: Response): HubProblem | undefined {
  const { errors, ...problem } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const [first] = Array.isArray(errors)
    ? (errors as { message?: unknown; extensions?: Record<string, unknown> }[])
    : [];
  const source = first ? (first.extensions ?? {}) : answer.ok ? undefined : problem;
  if (!source) return undefined;
  if (!first && typeof source['code'] !== 'string') return undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const retryAfter = secondsUntil(answer.headers.get('retry-after'));
  const next = text(source['next']) ?? text(source['detail']);
  const kind = text(source['kind']);
  const pointer = text(source['pointer']);
  const reference = text(source['reference']);
  return new HubProblem(
    text(source['code']) ?? 'INTERNAL',
    text(first?.message) ?? text(source['title']) ?? 'The hub refused',
    {
      status: answer.status,
      ...(kind === undefined ? {} : { kind }),
      ...(next === undefined ? {} : { next }),
      ...(pointer === undefined ? {} : { pointer }),
      ...(reference === undefined ? {} : { reference }),
      ...(source['facts'] ? { facts: source['facts'] as Record<string, string | number> } : {}),
      ...(Array.isArray(source['findings']) ? { findings: (source['findings'] as Finding[]).map(findingOf) } : {}),
      ...(Number.isFinite(retryAfter) ? { retryAfter } : {}),
    },
  );
}
