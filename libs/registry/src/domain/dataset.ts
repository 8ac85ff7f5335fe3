import type { PeriodKind } from '@hub/kernel';

/**
 * A dataset specification: what a collection asks for, as data (contracts/datasets/*.json).
 * A new collection is a new file there, not new code.
 */
export interface Dataset {
  readonly v: 1;
  readonly code: string;
  /** `major.minor` */
  readonly version: string;
  readonly title: string;
  /** What it is for, in a sentence or two. */
  readonly about?: string;
  readonly frequency: PeriodKind;
  /** `false`: an authority's own, taken and kept but never compiled; absent: true. See `isAggregated`. */
  readonly aggregated?: boolean;
  /** Everything in which this version differs from the one before; the lint asks for it. */
  readonly changes?: Changes;
  readonly dimensions: Readonly<Record<string, Dimension>>;
  readonly indicators: readonly Indicator[];
  readonly rules: readonly Rule[];
}

export interface Changes {
  /** The version before; null for the first. */
  readonly since: string | null;
  readonly list: readonly Change[];
}

export interface Change {
  readonly kind: 'added' | 'changed' | 'removed';
  /** `indicators/RF01`, `indicators/RF01/polarity`, `dimensions/source/categories/police`, `rules/police-referrals`. */
  readonly what: string;
  /** What it means for whoever sends a return. */
  readonly note: string;
}

export interface Dimension {
  readonly name: string;
  readonly categories: readonly Category[];
}

export interface Category {
  /** kebab-case, unique in its dimension */
  readonly code: string;
  readonly name: string;
  /** The code of the national return, where there is one. */
  readonly national?: string;
}

export interface Indicator {
  /** The catalogue's code, `RF01`. */
  readonly code: string;
  readonly name: string;
  /** What `count` counts, in words. */
  readonly counts: string;
  /** Whom it counts. Thresholds count people, and staff are people too. */
  readonly people: 'children' | 'events' | 'staff' | 'respondents';
  readonly unit: 'per10000' | 'percent' | 'mean';
  readonly polarity: 'higher' | 'lower' | 'neutral';
  readonly basis: 'flow' | 'snapshot' | 'rolling12' | 'survey';
  /** Decimals of the count, 0 or 1. Values inside the hub are whole numbers of 10^-decimals. */
  readonly decimals: 0 | 1;
  readonly denominator: Denominator;
  readonly source: string;
  /** Questions that a peer asks of this figure. */
  readonly challenge?: readonly string[];
  /** Everyone in one answer is then sensitive too. */
  readonly sensitive?: boolean;
  /** Of the total; false or absent: nobody does. What is printed of a breakdown is marked there: see `printMarksOf`. */
  readonly nationallyPublished?: PrintMark | false;
  /** What the authorities print themselves, each its own. */
  readonly printedLocally?: PrintMark | false;
  readonly breakdowns: readonly Breakdown[];
}

/**
 * Others print this measure, at authority level: counts of `threshold` and more, and zeros, rounded to that multiple
 * (0: exact). Such cells are known anyway and can never be cover.
 */
export interface PrintMark {
  readonly by: string;
  readonly threshold: number;
  readonly rounding: number;
  /** Months from the end of the period to the month in which it is printed. */
  readonly monthsAfter?: number;
  /** Only of periods that end so, `H1`; absent: of every period. */
  readonly in?: string;
}

export type Denominator =
  /** Children aged 0 to 17, fixed by the hub: no `of` is sent. */
  | { readonly population: '0-17' }
  /**
   * The count of another indicator of the same dataset (and of its same category, where it has the dimension). An
   * indicator that names itself has its categories divided by its own total.
   */
  | { readonly indicator: string }
  /** A count that only this row carries, in `of`. */
  | { readonly own: string };

export interface Breakdown {
  readonly dimension: string;
  /** Codes of the dimension that are asked for; absent: all of them. */
  readonly categories?: readonly string[];
  /**
   * Whether the categories cover everyone counted, once each: then they sum to the total. In an authority's own dataset those
   * that have no row may be missing: then the others sum to no more than it.
   */
  readonly exhaustive: boolean;
  /** The indicator whose total the categories sum to; absent: the indicator itself. */
  readonly sumsTo?: string;
  /** Where the Department prints these categories too. */
  readonly nationallyPublished?: PrintMark;
  /** Where the authorities print them. */
  readonly printedLocally?: PrintMark;
}

/**
 * A linear rule between counts of one return, `lower ≤ Σ factor × count ≤ upper`. A term names an indicator, or one
 * category of it, or the denominator that its row carries: `SF04`, `SF04|duration=0-10`, `CL02#of` (`termSeries`).
 * Where a term has no count the rule does not apply.
 * Everybody knows the rules, so each is also an equation or range that an attacker can use. With factors of 1 and −1 and the lower
 * bound 0 alone it says that counts are among others: what it leaves over is protected like a count, so it has to be one.
 */
export interface Rule {
  readonly code: string;
  readonly message: string;
  readonly terms: readonly (readonly [term: string, factor: number])[];
  readonly lower?: number;
  readonly upper?: number;
}
