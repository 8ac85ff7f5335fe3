import pino, { type Logger } from 'pino';

export type { Logger };
/** The injection token of the Logger. */
export const LOGGER = Symbol('Logger');

/** JSON lines on stderr. What is logged are codes, ids and causes, never a body, a token or a figure. */
export const makeLogger = (level: string): Logger =>
  pino(
    { level, base: null, redact: ['err.parameters', 'err.query', 'err.driverError.detail', 'err.detail'] },
    pino.destination(2),
  );
