import type { Period, PeriodKind } from '@hub/kernel';
import type { Figure } from '@hub/publications/domain';
import type { Indicator } from '@hub/registry/domain';
import { valueBy, type Band, type Comparison, type Limits, type Quartiles } from '@hub/statistics';

/** One figure as a reader sees it. Every number in it is printed, or made of printed ones alone. */
export interface ShownFigure {
  readonly kind: Figure['kind'];
  /** In whole units or tenths, as the indicator counts; null unless the kind is value. */
  readonly count: number | null;
  /** The denominator, where it is printed itself; null for rates, whose population is public. */
  readonly of: number | null;
  /** Rate per 10,000, percentage or mean, one decimal; null where it cannot be made of printed figures. */
  readonly value: number | null;
  /** Whether the value is there, and why not: the kind, or beside a printed count that of what it would be divided by. */
  readonly valueKind: Figure['kind'];
  readonly unit: string;
  /**
   * Beside a hidden count what the publication's print leaves of it: the least and the largest; the least alone where it
   * is that many or more. Made from the whole print: for readers who may see all of it.
   */
  readonly between: readonly number[] | null;
  /** Beside a rate: the children that it is of, and of which year they are the mid-year estimate: `2024`, or `2023 to 2024` of several bodies. */
  readonly population?: { readonly children: number; readonly year: string };
}

/** Whether somebody has sent it, printed or hidden. */
export const isSent = ({ kind }: Pick<Figure, 'kind'>): boolean => kind === 'value' || kind === 'hidden';

/**
 * The value that a count has over a base, both in the indicator's own numbers.
 * @returns one decimal; undefined when there is nothing to divide by
 */
export function valueOver(
  count: number,
  base: number,
  { unit, decimals }: Pick<Indicator, 'unit' | 'decimals'>,
): number | undefined {
  const whole = (number: number) => Math.round(number * 10 ** decimals);
  return valueBy[unit](whole(count), unit === 'per10000' ? base : whole(base));
}

/** Of what is shorter than a year. */
const WITHIN: Readonly<Partial<Record<PeriodKind, string>>> = {
  month: ' in the month',
  quarter: ' in the quarter',
  half: ' in the half-year',
};

/** Behind the unit of a rate of what happens in less than a year, which would be taken for one of a year: ` in the quarter`; else empty. */
export const withinInWords = (
  { basis, unit }: Pick<Indicator, 'basis' | 'unit'>,
  { kind }: Pick<Period, 'kind'>,
): string => (basis === 'flow' && unit === 'per10000' ? (WITHIN[kind] ?? '') : '');

/** One authority in a benchmark. */
export interface AuthorityFigure {
  /** Null for one of the others, where they are shown without names. */
  readonly authority: string | null;
  readonly figure: ShownFigure;
  /** Among the printed values. */
  readonly rank: number | null;
  /** 95 % limits of the value, in its unit, one decimal; null for means, and for what is counted in tenths. */
  readonly limits: Limits | null;
  /** The same before they are rounded, which are not shown; absent where they are not kept. */
  readonly exactLimits?: Limits | null;
  /** The interval beside the region's value. */
  readonly comparison: Comparison | null;
  /** The quarter of the printed values in which it lies, A the best; null where neither end is better. */
  readonly band: Band | null;
  /**
   * Between which places it stands once those without a printed value are counted in, as far as their intervals tell. Of a
   * hidden figure too.
   */
  readonly places: readonly [first: number, last: number] | null;
  /** From which band to which, the better one first, in the same way. */
  readonly bands: readonly [best: Band, worst: Band] | null;
  /** What its value is a part of, in whole units: the children of a rate, the printed denominator of a percentage. */
  readonly base: number | null;
}

/** Who stands behind a figure of the region. */
export interface Coverage {
  /** Authorities whose own figure is printed. */
  readonly shown: number;
  /** Authorities in the region's figure, printed and hidden alike. */
  readonly submitted: number;
  /** Authorities of the region in that period. */
  readonly parties: number;
  /** `11 of 12`; `none of 12 sent it` where no return has such a row: a breakdown that nobody has, say. */
  readonly text: string;
  /** Their codes, to tell whether two figures are of the same ones; nobody is shown them. */
  readonly inside: readonly string[];
}

export interface Benchmark {
  readonly indicator: Indicator;
  readonly categories: Readonly<Record<string, string>>;
  /** The same by name, `{ 'Source of the referral or contact': 'Police' }`; empty of a total. */
  readonly categoryNames: Readonly<Record<string, string>>;
  /** In words the categories that this one is told together with, itself among them; null where it is told by itself. */
  readonly together: string | null;
  readonly coverage: Coverage;
  readonly authorities: readonly AuthorityFigure[];
  readonly region: ShownFigure;
  /** What the region's value is a part of, as `base` of an authority; of a hidden one too. */
  readonly regionBase: number | null;
  readonly regionLimits: Limits | null;
  readonly quartiles: ShownQuartiles | null;
}

/** The cuts of printed values into quarters, and what they could be with those that are not printed. */
export interface ShownQuartiles extends Quartiles {
  readonly least: number;
  readonly most: number;
  /** How many figures are there without a printed value. */
  readonly unprinted: number;
  /** Between what each cut lies once those are counted in; null for readers who are not shown their intervals. */
  readonly ranges: Readonly<Record<'lower' | 'median' | 'upper', Limits>> | null;
}

/** What is counted, by name: `Contacts`, of a category `Contacts (Police)`. */
export const nameOf = ({ indicator, categoryNames }: Pick<Benchmark, 'indicator' | 'categoryNames'>): string => {
  const names = Object.values(categoryNames);
  return names.length ? `${indicator.name} (${names.join(', ')})` : indicator.name;
};
/** The same with what the category is one of: `Contacts (Source of the referral or contact: Police)`. */
export const longNameOf = ({ indicator, categoryNames }: Pick<Benchmark, 'indicator' | 'categoryNames'>): string => {
  const names = Object.entries(categoryNames).map((one) => one.join(': '));
  return names.length ? `${indicator.name} (${names.join('; ')})` : indicator.name;
};

/** Said of such a value, of which there is nothing to draw or to compare. */
export const WHOLE_OF_ITSELF = 'it is 100 % of itself, whoever has sent it: its categories say more';
/** Whether a value is 100 % by what it counts: the total of answers of which several may be given. It says nothing of anybody. */
export const isWholeOfItself = ({
  indicator: { code, denominator },
  categories,
}: Pick<Benchmark, 'indicator' | 'categories'>): boolean =>
  'indicator' in denominator && denominator.indicator === code && !Object.keys(categories).length;
