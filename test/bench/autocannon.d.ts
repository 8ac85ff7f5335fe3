/** The part of autocannon that the benches use; the package brings no types. */
declare module 'autocannon' {
  interface Options {
    url: string;
    method?: 'GET' | 'POST';
    headers?: Record<string, string>;
    body?: string;
    connections: number;
    /** So many requests in all, each waited for. */
    amount: number;
    /** Whether an answer is the expected one; others are counted as mismatches. */
    verifyBody?: (body: string) => boolean;
  }
  interface Result {
    requests: { total: number };
    /** Milliseconds. */
    latency: { p50: number; p99: number };
    '2xx': number;
    non2xx: number;
    errors: number;
    timeouts: number;
    mismatches: number;
  }
  interface Running extends PromiseLike<Result> {
    on(event: 'response', listener: () => void): void;
  }
  export default function autocannon(options: Options): Running;
}
