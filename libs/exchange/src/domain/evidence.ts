import { parsePeriod, periodInWords } from '@hub/kernel';

/**
 * A figure that an issue rests on, in a line: `Referrals, Stockton-on-Tees, April to June 2025 (2025-Q1): 1,234; 150.1 per 10,000
 * children in the quarter (95% limits 141.8 to 158.7), of 82,200 children, mid-year estimate of 2024`.
 */
export function evidenceInWords({
  name,
  whose,
  coverage,
  period,
  figure,
  value,
}: {
  /** Of the indicator, with its category where it is one. */
  readonly name: string;
  /** The authority, or `the region`. */
  readonly whose: string;
  /** Of the region, how many authorities stand in it: `11 of 12`. */
  readonly coverage: string | null;
  /** Null where nothing of it is shown. */
  readonly period: string | null;
  readonly figure: string | null;
  /** What is made of it. */
  readonly value: string | null;
}): string {
  const when = period === null ? '' : `, ${periodInWords(parsePeriod(period))} (${period})`;
  const who = coverage === null ? whose : `${whose} (${coverage})`;
  return `${name}, ${who}${when}: ${figure ?? 'not shown to you'}${value === null ? '' : `; ${value}`}`;
}
