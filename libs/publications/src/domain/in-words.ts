import { inTenths, inWholes } from '@hub/kernel';
import type { Between } from './document';
import type { Printed } from './figure';

const words: Readonly<Record<Exclude<Printed, number>, string>> = {
  hidden: 'hidden',
  notCollected: 'not collected',
  notApplicable: 'not applicable',
  notAvailable: 'not available',
  notSubmitted: 'not submitted',
};

const numbers = [inWholes, inTenths] as const;

/**
 * A figure as its publication shows it, in words: the number, or for a hidden one the interval that the print leaves of it.
 * @param decimals  of the indicator: printed numbers are whole, in units of 10^-decimals
 */
export function figureInWords(printed: Printed, between: Between | undefined, decimals: 0 | 1): string {
  const number = (n: number) => numbers[decimals](n / 10 ** decimals);
  if (typeof printed === 'number') return number(printed);
  if (printed !== 'hidden' || !between) return words[printed];
  const [least, most] = between;
  return most === null ? `hidden: ${number(least)} or more` : `hidden: ${number(least)} to ${number(most)}`;
}
