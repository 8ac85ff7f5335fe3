import type { Tx } from './store';

// Numbers of advisory locks. Whatever else is locked goes by a name, which becomes a number of 64 bits.

/** The roles of the database's cluster are made. */
export const ROLES_LOCK = 7_205_001;

/** A database is brought to the newest migration. */
export const MIGRATIONS_LOCK = 7_205_002;

/**
 * Whoever reads or takes away what publications are made of, from reading to the commit: one compile at a time on this hub,
 * and no raw count that goes while a compile still holds it.
 */
export const BOOK_LOCK = 7_205_003;

/** One writer of the ledger at a time: the index has no gap and no twin. */
export const LEDGER_LOCK = 7_205_004;

/** Holds whatever goes by that name until the commit: one at a time, whoever asks for the same name waits. */
export const lockName = (tx: Tx, name: string): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);

/** The same together with others who share it; `lockName` waits for all of them, and they for it. */
export const shareName = (tx: Tx, name: string): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [name]);
