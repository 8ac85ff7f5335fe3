import { Refusal } from '@hub/kernel';

/** The refusal with which some work ends; null where it does its work. Anything else that is thrown is a defect, and goes on. */
export function refusalOf(work: () => unknown): Refusal | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Its code, likewise. */
export const codeOf = (work: () => unknown): string | null => refusalOf(work)?.code ?? null;
