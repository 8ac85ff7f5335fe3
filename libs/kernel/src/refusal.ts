import { refusals, type RefusalCode } from '@hub/contracts';

/** Parsed values and what was expected; never text that failed to parse. */
export type Facts = Readonly<Record<string, string | number>>;

/** What validation noticed: which rule, where, how grave, and what would be right. `found` is a parsed value only. */
export interface Finding {
  readonly severity: 'error' | 'query' | 'note';
  readonly rule: string;
  /** JSON pointer (RFC 6901) into the payload; '' is the whole document. */
  readonly pointer: string;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  /** Of a query: what the authority itself has last answered to the same one. */
  readonly offered?: OfferedAnswer;
}

export interface OfferedAnswer {
  readonly answer: 'confirmed' | 'corrected';
  readonly text: string;
  /** Of which return. */
  readonly period: string;
}

/**
 * A rule of the domain said no. The code is public and stable (contracts/refusals.ts); its kind becomes a status
 * only at the edge.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: RefusalCode,
    readonly facts: Facts = {},
    readonly more: { readonly pointer?: string; readonly findings?: readonly Finding[] } = {},
  ) {
    super(refusals[code].title);
  }
  get kind() {
    return refusals[this.code].kind;
  }
  get next() {
    return refusals[this.code].next;
  }
}

/** What is refused is not there for whoever asks: null. Whatever else fails is thrown on. */
export async function unlessRefused<T>(ask: () => T | Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
