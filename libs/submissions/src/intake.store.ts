import { Store } from '@hub/platform';

/**
 * The login that reaches raw figures, of the caller's own authority alone. It is not exported from this library: what
 * reads for others cannot even be given it.
 */
export class IntakeStore extends Store {}
