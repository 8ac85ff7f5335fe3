import type { RefusalCode } from '@hub/contracts';
import type { HeldParts } from './domain';

/** Nothing leaves, and this is why: the code for everybody, the detail for the worker's own store. */
export class Held extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly detail: unknown = {},
    /** Whose counts the detail may hold beside its own. */
    readonly linked: readonly string[] = [],
    /** What its leads and the owners may know. */
    readonly parts: HeldParts = { tables: [], own: {} },
  ) {
    super(code);
  }
}
