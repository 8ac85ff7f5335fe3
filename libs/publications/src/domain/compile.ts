import type { Problem } from '@hub/disclosure';
import {
  allSeries,
  denominatorSeriesOf,
  nationalMarkOf,
  parseSeriesKey,
  seriesKey,
  termSeries,
  type Dataset,
} from '@hub/registry/domain';
import type { Figure, FigureKind } from './figure';

/** What a compile knows of one return: a figure for each series, never `hidden`. */
export type Cells = ReadonlyMap<string, Exclude<Figure, { kind: 'hidden' }>>;

export interface CompileInput {
  readonly dataset: Dataset;
  /** Every authority of the region in the period, in order of code. */
  readonly authorities: readonly string[];
  /** The returns that may enter, by authority. */
  readonly returns: ReadonlyMap<string, Cells>;
  readonly policy: {
    /** Counts 1 to threshold − 1 are sensitive. */
    readonly threshold: number;
    readonly zeros: 'printed' | 'either' | 'hidden';
    readonly protect: 'exact' | 'range';
    readonly told: boolean;
    /** A region's figure with fewer contributors than this is not printed. */
    readonly leastContributors: number;
    /** A percentage on a smaller base is not printed: its numerator is then as sensitive as a small count. */
    readonly leastBase: number;
  };
  /** Whether to act as if the Department had not published these figures. */
  readonly ignoreNationalMarks: boolean;
}

/** The figures of a round before protection, and the disclosure problem that stands for them. */
export interface Compiled {
  readonly problem: Problem;
  readonly series: readonly {
    readonly key: string;
    readonly region: RawFigure;
    readonly figures: readonly RawFigure[];
  }[];
}

/** A figure, or the cell of the problem that decides whether it is printed. */
export type RawFigure = { readonly cell: string } | { readonly kind: Exclude<FigureKind, 'value' | 'hidden'> };

type Cell = Problem['cells'][number];
type Equation = Problem['equations'][number];
type Range = NonNullable<Problem['ranges']>[number];

const REGION = 'region';
const cellId = (owner: string, key: string) => `${owner}|${key}`;

/**
 * What a figure is worth to its readers, by public things alone: whole regions before authorities, totals before
 * categories. Never a function of a count that may be hidden.
 */
const worth = (owner: string, key: string): number => (owner === REGION ? 3 : 1) * (key.includes('|') ? 1 : 2);

/**
 * Turns the returns of a round into cells and equations (design of record, section 9): categories sum to totals,
 * authorities to the region, numerator and complement to the denominator; and every rule of the dataset, for every
 * attacker knows the rules.
 */
export function compile(input: CompileInput): Compiled {
  const { dataset, authorities, returns, policy } = input;
  const indicators = new Map(dataset.indicators.map((indicator) => [indicator.code, indicator]));
  const cells = new Map<string, Cell>();
  const values = new Map<string, number>();
  const equations: Equation[] = [];
  const ranges: Range[] = [];

  const add = (owner: string, key: string, value: number, more: Partial<Cell> = {}) => {
    const id = cellId(owner, key);
    values.set(id, value);
    cells.set(id, {
      id,
      value,
      ...(owner === REGION ? {} : { owner }),
      cost: worth(owner, key),
      ...particulars(input, owner, key, value),
      ...more,
    });
  };
  /** A number that nobody prints, but that must not follow from what is printed: the rest of a denominator. */
  const addRest = (owner: string, key: string, denominator: string) => {
    const [n, d] = [values.get(cellId(owner, key)), values.get(cellId(owner, denominator))];
    if (n === undefined || d === undefined) return;
    const id = `${cellId(owner, key)}~rest`;
    const { decimals } = indicators.get(parseSeriesKey(key).indicator)!;
    cells.set(id, {
      id,
      value: d - n,
      ...(owner === REGION ? {} : { owner }),
      locked: 'unpublished',
      ...(decimals === 0 ? {} : { unit: 10 ** -decimals }),
    });
    equations.push({ total: cellId(owner, denominator), parts: [cellId(owner, key), id] });
  };

  /** A count on too small a base, or of everybody where the answer is sensitive, is as telling as a small one. */
  const markTelling = (owner: string, key: string, base: string, leastBase: number) => {
    const [cell, of] = [cells.get(cellId(owner, key)), values.get(cellId(owner, base))];
    if (!cell || cell.locked || of === undefined || cell.value === 0) return;
    const everybody = indicators.get(parseSeriesKey(key).indicator)!.sensitive === true && cell.value === of;
    if (of < leastBase || everybody) cells.set(cell.id, { ...cell, sensitive: true });
  };

  const keys = allSeries(dataset).map(({ key }) => key);
  const series = keys.map((key) => {
    const contributors: string[] = [];
    const figures = authorities.map((authority): RawFigure => {
      const figure = returns.get(authority)?.get(key);
      if (!figure) return { kind: 'notSubmitted' };
      if (figure.kind !== 'value') return { kind: figure.kind };
      add(authority, key, figure.value);
      contributors.push(authority);
      return { cell: cellId(authority, key) };
    });
    // Too few behind a sum is told by their statuses, which are printed: such a sum is simply not made.
    if (contributors.length < Math.max(1, policy.leastContributors)) {
      return { key, region: { kind: 'notAvailable' } as RawFigure, figures };
    }
    const counts = contributors.map((authority) => values.get(cellId(authority, key))!);
    const total = counts.reduce((sum, count) => sum + count, 0);
    // Where zeros are printed and one alone is above zero, that authority knows the sum, for it is its own count.
    const [alone, ...others] = contributors.filter((_, i) => counts[i] !== 0);
    const knower = policy.zeros === 'printed' && alone && !others.length ? { owner: alone } : {};
    add(REGION, key, total, knower);
    equations.push({ total: cellId(REGION, key), parts: contributors.map((authority) => cellId(authority, key)) });
    return { key, region: { cell: cellId(REGION, key) } as RawFigure, figures };
  });

  const sent = authorities.filter((authority) => returns.has(authority));
  // For the region breakdowns and rules follow from its authorities' own, so they are said once.
  for (const owner of sent) {
    const equation = (total: string, parts: string[]) => {
      if (values.has(total) && parts.every((part) => values.has(part))) equations.push({ total, parts });
    };
    for (const indicator of dataset.indicators) {
      for (const { dimension, exhaustive, sumsTo, categories } of indicator.breakdowns) {
        if (!exhaustive) continue;
        const codes = categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code);
        for (const measure of ['count', 'of'] as const) {
          equation(
            cellId(owner, seriesKey(sumsTo ?? indicator.code, {}, measure)),
            codes.map((code) => cellId(owner, seriesKey(indicator.code, { [dimension]: code }, measure))),
          );
        }
      }
    }
    for (const rule of dataset.rules) {
      const terms = rule.terms.map(([term, factor]) => [cellId(owner, termSeries(term).key), factor] as const);
      if (!terms.every(([id]) => values.has(id))) continue;
      const one = terms.find(([, factor]) => factor === 1);
      if (rule.lower !== undefined && rule.lower === rule.upper && one) {
        const others = terms.filter((term) => term !== one);
        equations.push({
          total: one[0],
          parts: others.map(([id]) => id),
          coefs: others.map(([, factor]) => -factor),
          const: rule.lower,
        });
      } else {
        ranges.push({
          terms: terms.map(([id, factor]) => [id, factor]),
          ...(rule.lower === undefined ? {} : { lo: rule.lower }),
          ...(rule.upper === undefined ? {} : { hi: rule.upper }),
        });
      }
    }
  }
  for (const key of keys) {
    const { indicator: code, categories, measure } = parseSeriesKey(key);
    const indicator = indicators.get(code)!;
    const denominator = denominatorSeriesOf(dataset, code, categories);
    if (measure !== 'count' || indicator.unit !== 'percent' || !denominator || denominator === key) continue;
    const base = policy.leastBase * 10 ** indicator.decimals;
    for (const owner of [...sent, REGION]) markTelling(owner, key, denominator, base);
    // Where the categories themselves sum to the denominator, the rest of one is the others.
    const breakdown = indicator.breakdowns.find(({ dimension }) => dimension in categories);
    if (breakdown?.exhaustive && breakdown.sumsTo) continue;
    for (const authority of sent) addRest(authority, key, denominator);
    const together = authorities.every((a) => values.has(cellId(a, key)) === values.has(cellId(a, denominator)));
    if (together) addRest(REGION, key, denominator);
  }
  for (const { code, sensitive, breakdowns } of dataset.indicators) {
    if (!sensitive) continue;
    for (const key of keys.filter((each) => parseSeriesKey(each).indicator === code && each.includes('|'))) {
      const { categories, measure } = parseSeriesKey(key);
      const { sumsTo } = breakdowns.find(({ dimension }) => dimension in categories)!;
      for (const owner of [...sent, REGION]) markTelling(owner, key, seriesKey(sumsTo ?? code, {}, measure), 0);
    }
  }

  return {
    problem: {
      cells: [...cells.values()],
      equations,
      ranges,
      attackers: [],
      policy: {
        threshold: policy.threshold,
        zeros: policy.zeros,
        protect: policy.protect,
        told: policy.told,
        insiders: true,
      },
    },
    series,
  };
}

/**
 * What is particular about a cell: counts with decimals are scaled, and so is their threshold; what the Department
 * prints is known anyway and can never be cover.
 */
function particulars(input: CompileInput, owner: string, key: string, value: number): Partial<Cell> {
  const national = input.ignoreNationalMarks || owner === REGION ? undefined : nationalMarkOf(input.dataset, key);
  if (national && (value === 0 || value >= national.threshold)) return { locked: 'published', sensitive: false };
  const { decimals } = input.dataset.indicators.find(({ code }) => code === parseSeriesKey(key).indicator)!;
  return decimals === 0 ? {} : { unit: 10 ** -decimals };
}

/** The figures as they will be printed: what the decision suppressed is hidden, all else is its value. */
export function protectedFigures(
  compiled: Compiled,
  published: Readonly<Record<string, number>>,
): { key: string; region: Figure; figures: Figure[] }[] {
  const print = (raw: RawFigure): Figure => {
    if (!('cell' in raw)) return raw;
    const value = published[raw.cell];
    return value === undefined ? { kind: 'hidden' } : { kind: 'value', value };
  };
  return compiled.series.map(({ key, region, figures }) => ({
    key,
    region: print(region),
    figures: figures.map(print),
  }));
}
