import type { Between, Printed } from '@hub/publications/domain';

/** A published figure that an issue rests on: which, and of which frozen document. It holds no number of its own. */
export interface Evidence {
  /** As the API names it. */
  readonly publication: string;
  /** Inner id of the publication. */
  readonly id: string;
  readonly region: string;
  readonly series: string;
  readonly period: string;
  /** Null: the region. */
  readonly authority: string | null;
}

const words: Readonly<Record<Exclude<Printed, number>, string>> = {
  hidden: 'hidden',
  notCollected: 'not collected',
  notApplicable: 'not applicable',
  notAvailable: 'not available',
  notSubmitted: 'not submitted',
};

/**
 * A figure as its publication shows it, in words: the number, or for a hidden one the interval that the print leaves of it.
 * @param decimals  of the indicator: printed numbers are whole, in units of 10^-decimals
 */
export function figureInWords(printed: Printed, between: Between | undefined, decimals: 0 | 1): string {
  const number = (n: number) => (n / 10 ** decimals).toFixed(decimals);
  if (typeof printed === 'number') return number(printed);
  if (printed !== 'hidden' || !between) return words[printed];
  const [least, most] = between;
  return most === null ? `hidden: ${number(least)} or more` : `hidden: ${number(least)} to ${number(most)}`;
}
