interface DriversError {
  readonly code?: unknown;
  readonly message?: unknown;
}
/** What `pg` said, which TypeORM wraps. */
export const driversError = (error: unknown): DriversError =>
  ((error as { driverError?: unknown } | null | undefined)?.driverError ?? error ?? {}) as DriversError;

/** A server that is not there, is not reached, is going down or coming up, or has no connection left. */
const gone = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH ENOTFOUND EAI_AGAIN 57P01 57P02 57P03 53300 08000 08001 08003 08006'.split(
    ' ',
  ),
);

/** What `pg` says, without a code, when a connection breaks under it or cannot be had in time. */
const cutOff =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** Why the database cannot be had just now, as its code or in `pg`'s words; null where an error says something else. */
export function whyGone(error: unknown): string | null {
  const { code, message } = driversError(error);
  return gone.has(String(code)) ? String(code) : (cutOff.exec(String(message))?.[0] ?? null);
}

/**
 * What a line of the log is given of an error: of a database that is away why, for every request says so until it is back; whole, with
 * where it came from, what nobody has understood yet.
 */
export function toLog(error: unknown): { readonly cause: string } | { readonly err: unknown } {
  const cause = whyGone(error);
  return cause === null ? { err: error } : { cause };
}
