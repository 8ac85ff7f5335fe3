import { holdsSmallNumber, holdsUnseen, personIn, type Finding, type Period } from '@hub/kernel';
import type { JsonObject } from '@hub/identity/domain';
import { denominatorSeriesOf, seriesKey, type Dataset, type Indicator } from '@hub/registry/domain';
import type { PrintedRange } from '../printed-range';

const LONGEST_TEXT = 2000;

export type CellKind = 'value' | (typeof statuses)[number];
export const statuses = ['notCollected', 'notApplicable', 'notAvailable'] as const;

/** What an authority's version in use of an earlier period holds, which a return may refresh. */
export interface Standing {
  /** By series; none where the authority has no return of that period, or its counts have been deleted. */
  readonly cells: ReadonlyMap<string, { readonly kind: CellKind; readonly value?: bigint }>;
  /** As below, as seen from that period. */
  readonly previous?: ReadonlyMap<string, bigint>;
  readonly history?: ReadonlyMap<string, readonly bigint[]>;
  readonly children?: number;
}

export interface ValidationContext {
  /** The payload's period. */
  readonly period: Pick<Period, 'text' | 'kind' | 'from' | 'until'>;
  /** Earlier periods that may be refreshed; absent where that is not known, as with a client that has only the file. */
  readonly refreshable?: ReadonlyMap<string, Standing>;
  /** The authority's own counts of the period before, by series; whole numbers of 10^-decimals. */
  readonly previous?: ReadonlyMap<string, bigint>;
  /** Those of its earlier periods, the newest first. */
  readonly history?: ReadonlyMap<string, readonly bigint[]>;
  /** What is printed of each indicator, by its code: what the own region may read, and national figures. */
  readonly printed?: ReadonlyMap<string, readonly PrintedRange[]>;
  /** Children aged 0 to 17 of the authority, for rates. */
  readonly children?: number;
  /** The version in use, whose place the return takes. */
  readonly replaces?: number;
  /** The agreement's: counts under it are not printed. */
  readonly threshold?: number;
}

/** A row as far as it is understood. */
export interface Row {
  readonly pointer: string;
  /** It is not in the return: the version in use has it, and `pointer` leads to what the return changes beside it. */
  readonly standing?: true;
  readonly indicator: Indicator;
  readonly categories: Readonly<Record<string, string>>;
  readonly key: string;
  readonly kind: CellKind;
  readonly count?: bigint;
  /** Whole number of 10^-decimals of the indicator that is the denominator. */
  readonly of?: bigint;
}

/** What is asked of a specification for every row of every return: found out once. */
interface Lookups {
  /** The codes of a dimension. */
  readonly codes: Map<string, readonly string[]>;
  /** The series that a count is divided by, by the count's own. */
  readonly denominators: Map<string, string | null>;
}
const lookups = new WeakMap<Dataset, Lookups>();

/** A return while it is read, of one period: its rows as far as they are understood, and what has been found. */
export class Reading {
  readonly rows = new Map<string, Row>();
  /** Series whose row is there but not understood: nothing more is said about them. */
  readonly spoilt = new Set<string>();
  /** Whether some row could not even be placed; then a missing row may be that one. */
  unplaced = false;
  readonly indicators: ReadonlyMap<string, Indicator>;
  private readonly lookups: Lookups;

  constructor(
    readonly dataset: Dataset,
    readonly context: ValidationContext,
    /** Of all periods of the return. */
    readonly findings: Finding[] = [],
  ) {
    this.indicators = new Map(dataset.indicators.map((indicator) => [indicator.code, indicator]));
    this.lookups = lookups.get(dataset) ?? { codes: new Map(), denominators: new Map() };
    lookups.set(dataset, this.lookups);
  }

  error(rule: string, pointer: string, message: string, expected?: string, found?: string): void {
    this.add({ severity: 'error', rule, pointer, message, expected, found });
  }

  add({ expected, found, ...finding }: Finding): void {
    this.findings.push({
      ...finding,
      ...(expected === undefined ? {} : { expected }),
      ...(found === undefined ? {} : { found }),
    });
  }

  refused(rule: string, pointer: string, message: string, expected: string): undefined {
    this.error(rule, pointer, message, expected);
  }

  /** The name of an unknown member may be anything, so it is not repeated. */
  onlyMembers(value: JsonObject, members: readonly string[], pointer: string): void {
    const unknown = Object.keys(value).filter((name) => !members.includes(name)).length;
    if (unknown > 0) {
      this.error(
        'unknown-member',
        pointer,
        'There are members that nobody asked for.',
        members.join(', '),
        String(unknown),
      );
    }
  }

  /**
   * A free text of the authority: said, plain, not too long, and about nobody.
   * @param forOthers  others than the authority may come to read it
   * @returns the text; undefined when it is none
   */
  checkText(text: unknown, rule: string, pointer: string, what: string, forOthers = false): string | undefined {
    if (typeof text !== 'string' || text.trim() === '' || text.length > LONGEST_TEXT || holdsUnseen(text)) {
      return this.refused(
        rule,
        pointer,
        `${what} is missing, too long or not plain text.`,
        `a text of 1 to ${LONGEST_TEXT} characters`,
      );
    }
    const person = personIn(text);
    if (person) {
      this.error(
        'looks-like-a-person',
        pointer,
        `The text holds something that looks like ${person}.`,
        'nothing about a person; months instead of days',
      );
    }
    const { threshold } = this.context;
    if (forOthers && threshold !== undefined && holdsSmallNumber(text, threshold)) {
      this.add({
        severity: 'note',
        rule: 'small-number-in-text',
        pointer,
        message: 'The text holds a small number; it may give away a count that the table hides.',
        expected: `no number from 1 to ${threshold - 1} that counts people`,
      });
    }
    return text;
  }

  codesOf(breakdown: Indicator['breakdowns'][number]): readonly string[] {
    if (breakdown.categories) return breakdown.categories;
    let codes = this.lookups.codes.get(breakdown.dimension);
    if (!codes) {
      codes = this.dataset.dimensions[breakdown.dimension]!.categories.map(({ code }) => code);
      this.lookups.codes.set(breakdown.dimension, codes);
    }
    return codes;
  }

  /** The series that a row is divided by. */
  denominatorOf(indicator: Indicator, categories: Readonly<Record<string, string>>): string | null {
    const key = seriesKey(indicator.code, categories, 'count');
    const known = this.lookups.denominators.get(key);
    if (known !== undefined) return known;
    const series = denominatorSeriesOf(this.dataset, indicator.code, categories);
    this.lookups.denominators.set(key, series);
    return series;
  }

  decimalsOf(series: string | null): 0 | 1 {
    const code = series === null ? '' : series.slice(0, series.search(/[|#]/));
    return this.indicators.get(code)?.decimals ?? 0;
  }

  /** A scaled number as it is written. */
  written(value: bigint, decimals: number): string {
    return decimals === 0 ? String(value) : String(Number(value) / 10 ** decimals);
  }
}
