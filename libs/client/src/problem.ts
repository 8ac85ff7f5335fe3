import type { Finding } from '@hub/kernel';

/** A hub said no. `code` is stable and public: switch on it (contracts/refusals.ts). */
export class HubProblem extends Error {
  override readonly name = 'HubProblem';
  constructor(
    readonly code: string,
    message: string,
    readonly more: {
      /** HTTP status; GraphQL answers most refusals with 200. */
      readonly status: number;
      readonly kind?: string;
      /** What to do about it. */
      readonly next?: string;
      readonly pointer?: string;
      readonly facts?: Readonly<Record<string, string | number>>;
      readonly findings?: readonly Finding[];
      /** Of a defect of the hub, to be quoted to its operator. */
      readonly reference?: string;
      /** Seconds to wait before trying again. */
      readonly retryAfter?: number;
    },
  ) {
    super(message);
  }
}

/** There is no hub at that address, or it does not answer like one. Sending the same again later is harmless. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}
