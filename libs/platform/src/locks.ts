import type { Tx } from './store';

/**
 * The advisory lock of whoever reads or takes away what publications are made of, from reading to the commit: one compile
 * at a time on this hub, and no raw count that goes while a compile still holds it.
 */
export const BOOK_LOCK = 7_205_003;

/** Holds whatever goes by that name until the commit: one at a time, whoever asks for the same name waits. */
export const lockName = (tx: Tx, name: string): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);

/** The same together with others who share it; `lockName` waits for all of them, and they for it. */
export const shareName = (tx: Tx, name: string): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [name]);
