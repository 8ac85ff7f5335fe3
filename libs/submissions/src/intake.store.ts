import { lockName, Store, type Tx } from '@hub/platform';

/**
 * The login that reaches raw figures, of the caller's own authority alone. It is not exported from this library: what
 * reads for others cannot even be given it.
 */
export class IntakeStore extends Store {}

/** One step of an authority's return at a time, until the commit. @param dataset  its code @param period  its text */
export const lockReturn = (tx: Tx, authority: string, dataset: string, period: string): Promise<unknown> =>
  lockName(tx, `${authority} ${dataset} ${period}`);

/** The name of a round's lock: shared by those whose return arrives or goes, held alone by a lead who takes a step with it. */
export const roundLock = (regionId: number, dataset: string, period: string): string =>
  `round ${regionId} ${dataset} ${period}`;
