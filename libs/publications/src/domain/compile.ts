import { printedTable, type PrintedTable, type Problem } from '@hub/disclosure';
import {
  allSeries,
  denominatorSeriesOf,
  localMarkOf,
  nationalMarkOf,
  parseSeriesKey,
  seriesKey,
  termSeries,
  type Dataset,
  type Knowledge,
} from '@hub/registry/domain';
import type { Between, Together } from './document';
import type { Figure, FigureKind } from './figure';
import { knownBefore } from './knowledge';
import { seriesTogether } from './level';

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
    /** A percentage or mean on a smaller base is not printed: its numerator is then as sensitive as a small count. */
    readonly leastBase: number;
    /** Answers to a questionnaire are not printed where fewer people gave one. */
    readonly surveyThreshold: number;
  };
  /** Who knows returns of several authorities, or some series of them: each attacks as one. */
  readonly attackers: readonly Knowledge[];
  /** Whether to act as if the Department had not published these figures. */
  readonly ignoreNationalMarks: boolean;
  /** How finely it is broken down: `levelOfDetail`, chosen beforehand; absent: as finely as the dataset. */
  readonly level?: readonly Together[];
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
 * Turns the returns of a round into cells and equations (docs/disclosure-control.md): categories sum to totals,
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
  /** What is told together is an unknown all the same: it must not follow, from its months or what another region prints. */
  const together = seriesTogether(input.level ?? []);
  const asUnprinted = (...of: readonly string[]): Partial<Cell> =>
    of.some((key) => together.has(key)) ? { locked: 'unpublished', untold: true } : {};

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
      ...asUnprinted(key),
    });
  };
  /** Printed nationally, or a zero where zeros are printed: nothing that this publication does can hide it. */
  const isKnownAnyway = (id: string): boolean => {
    const { locked, value } = cells.get(id)!;
    return locked === 'published' || (locked === undefined && policy.zeros === 'printed' && value === 0);
  };
  /**
   * What is particular about a sum over authorities: it is known anyway when all its parts are, and to the one
   * authority whose part alone is not.
   */
  const knowledgeOf = (unknown: readonly string[]): Partial<Cell> =>
    unknown.length === 0
      ? { locked: 'published', sensitive: false }
      : unknown.length === 1
        ? { owner: unknown[0]! }
        : {};

  /** A number that nobody prints, but that must not follow from what is printed: what parts leave of their whole. */
  const addRest = (id: string, total: string, parts: readonly string[], more: Partial<Cell>) => {
    const value = parts.reduce((left, part) => left - values.get(part)!, values.get(total)!);
    const { unit } = cells.get(parts[0]!)!;
    values.set(id, value);
    cells.set(id, { id, value, locked: 'unpublished', ...(unit === undefined ? {} : { unit }), ...more });
    equations.push({ total, parts: [...parts, id] });
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
    const print = (owner: string): RawFigure =>
      together.has(key) ? { kind: 'notAvailable' } : { cell: cellId(owner, key) };
    const figures = authorities.map((authority): RawFigure => {
      const figure = returns.get(authority)?.get(key);
      if (!figure) return { kind: 'notSubmitted' };
      if (figure.kind !== 'value') return { kind: figure.kind };
      add(authority, key, figure.value);
      contributors.push(authority);
      return print(authority);
    });
    // Too few behind a sum is told by their statuses, which are printed: such a sum is simply not made.
    if (contributors.length < Math.max(1, policy.leastContributors)) {
      return { key, region: { kind: 'notAvailable' } as RawFigure, figures };
    }
    const counts = contributors.map((authority) => values.get(cellId(authority, key))!);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const unknown = contributors.filter((authority) => !isKnownAnyway(cellId(authority, key)));
    add(REGION, key, total, knowledgeOf(unknown));
    equations.push({ total: cellId(REGION, key), parts: contributors.map((authority) => cellId(authority, key)) });
    return { key, region: print(REGION), figures };
  });

  /** What categories that are not available are together, by owner, total and dimension; and which they are. */
  const untold = new Map<string, { readonly id: string; readonly categories: string }>();
  const sent = authorities.filter((authority) => returns.has(authority));
  const isShown = (id: string) => !together.has(id.slice(id.indexOf('|') + 1));
  // For the region breakdowns and rules follow from its authorities' own, so they are said once.
  for (const owner of sent) {
    const sum = (dimension: string, total: string, all: readonly string[]) => {
      const parts = all.filter((part) => values.has(part));
      const [shown, merged] = [true, false].map((is) => parts.filter((part) => isShown(part) === is)) as [string[], string[]]; // prettier-ignore
      if (!values.has(total) || !parts.length) return;
      let whole = total;
      if (shown.length && shown.length < all.length && ![total, ...shown].every(isKnownAnyway)) {
        // Categories that are not available are together what the others leave: it must not follow from them.
        const id = `${shown[0]!}~rest of ${dimension}`;
        const categories = all.flatMap((part, i) => (shown.includes(part) ? [] : [i])).join(' ');
        untold.set(`${total}|${dimension}`, { id, categories });
        addRest(id, total, shown, { owner });
        whole = id;
      }
      const left = whole === total ? parts : merged;
      if (parts.length === all.length) equations.push({ total: whole, parts: left });
      else if (merged.length) ranges.push({ terms: [[whole, 1], ...left.map((part) => [part, -1] as const)], lo: 0 });
    };
    for (const indicator of dataset.indicators) {
      for (const { dimension, exhaustive, sumsTo, categories } of indicator.breakdowns) {
        if (!exhaustive) continue;
        const codes = categories ?? dataset.dimensions[dimension]!.categories.map(({ code }) => code);
        for (const measure of ['count', 'of'] as const) {
          sum(
            dimension,
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
      // Cells are whole numbers of 10^-decimals, and so are the bounds between them.
      const scale = 10 ** indicators.get(termSeries(rule.terms[0]![0]).indicator)!.decimals;
      if (rule.lower !== undefined && rule.lower === rule.upper && one) {
        const others = terms.filter((term) => term !== one);
        equations.push({
          total: one[0],
          parts: others.map(([id]) => id),
          coefs: others.map(([, factor]) => -factor),
          const: rule.lower * scale,
        });
      } else {
        ranges.push({
          terms: terms.map(([id, factor]) => [id, factor]),
          ...(rule.lower === undefined ? {} : { lo: rule.lower * scale }),
          ...(rule.upper === undefined ? {} : { hi: rule.upper * scale }),
        });
      }
    }
  }
  // Of these too a numerator is not to tell what it leaves of its denominator.
  for (const { code, unit, denominator, breakdowns } of dataset.indicators) {
    if (unit !== 'percent' || 'population' in denominator) continue;
    const of = 'own' in denominator ? seriesKey(code, {}, 'of') : seriesKey(denominator.indicator, {}, 'count');
    for (const { dimension } of breakdowns.filter(({ sumsTo }) => !sumsTo)) {
      for (const owner of sent) {
        const part = untold.get(`${cellId(owner, seriesKey(code, {}, 'count'))}|${dimension}`);
        const whole = untold.get(`${cellId(owner, of)}|${dimension}`);
        if (part && whole && part.id !== whole.id && part.categories === whole.categories) addRest(`${part.id}~rest`, whole.id, [part.id], { owner }); // prettier-ignore
      }
    }
  }
  for (const key of keys) {
    const { indicator: code, categories, measure } = parseSeriesKey(key);
    const indicator = indicators.get(code)!;
    const denominator = denominatorSeriesOf(dataset, code, categories);
    if (measure !== 'count' || indicator.unit === 'per10000' || !denominator || denominator === key) continue;
    const isSurvey = indicator.people === 'respondents';
    const least = isSurvey ? Math.max(policy.leastBase, policy.surveyThreshold) : policy.leastBase;
    const base = least * 10 ** indicator.decimals;
    for (const owner of [...sent, REGION]) markTelling(owner, key, denominator, base);
    // What a mean is of is not a part of what it is divided by.
    if (indicator.unit === 'mean') continue;
    // Where the categories themselves sum to the denominator, the rest of one is the others.
    const breakdown = indicator.breakdowns.find(({ dimension }) => dimension in categories);
    if (breakdown?.exhaustive && breakdown.sumsTo) continue;
    const has = (owner: string, each: string) => values.has(cellId(owner, each));
    const rest = (owner: string, more: Partial<Cell>) =>
      addRest(`${cellId(owner, key)}~rest`, cellId(owner, denominator), [cellId(owner, key)], { ...more, ...asUnprinted(key, denominator) }); // prettier-ignore
    const divided = sent.filter((authority) => has(authority, key) && has(authority, denominator));
    const unknown = divided.filter((a) => ![key, denominator].every((each) => isKnownAnyway(cellId(a, each))));
    for (const authority of unknown) rest(authority, { owner: authority });
    // The region's rest is a count of somebody only where both of its numbers are of the same authorities.
    const together = sent.every((authority) => has(authority, key) === has(authority, denominator));
    // Of one authority alone it is that authority's own: that nothing is left of the others' tells of zeros, which everybody is told.
    const leaves = (a: string) => values.get(cellId(a, key)) !== values.get(cellId(a, denominator));
    const whose = policy.zeros === 'printed' ? unknown.filter(leaves) : unknown;
    if (together && unknown.length && has(REGION, key) && has(REGION, denominator))
      rest(REGION, whose.length === 1 ? knowledgeOf(whose) : knowledgeOf(unknown));
  }
  for (const { code, sensitive, breakdowns } of dataset.indicators) {
    if (!sensitive) continue;
    for (const key of keys.filter((each) => parseSeriesKey(each).indicator === code && each.includes('|'))) {
      const { categories, measure } = parseSeriesKey(key);
      const { sumsTo } = breakdowns.find(({ dimension }) => dimension in categories)!;
      for (const owner of [...sent, REGION]) markTelling(owner, key, seriesKey(sumsTo ?? code, {}, measure), 0);
    }
  }

  // Nobody's name: the place in the order of what is known. A circle knows sums of its own too, of which nobody is the
  // owner, so it stands as a knower of its cells.
  const knowers = new Map<string, string[]>();
  input.attackers.forEach(({ authorities: known, series: only }, i) => {
    const isOwn = ({ id, owner }: Cell) =>
      owner !== undefined && known.includes(owner) && (!only || only.some((key) => id === cellId(owner, key)));
    for (const id of knownBefore(cells.values(), equations, isOwn, isKnownAnyway)) {
      knowers.set(id, [...(knowers.get(id) ?? []), `circle ${i + 1}`]);
    }
  });

  return {
    problem: {
      cells: [...cells.values()].map((cell) =>
        knowers.has(cell.id) ? { ...cell, knowers: knowers.get(cell.id)! } : cell,
      ),
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
 * What is particular about a cell: counts with decimals are scaled, and so is their threshold; what the Department or
 * the authority itself prints is known anyway and can never be cover.
 */
function particulars(input: CompileInput, owner: string, key: string, value: number): Partial<Cell> {
  const national = input.ignoreNationalMarks ? undefined : nationalMarkOf(input.dataset, key);
  const marks = owner === REGION ? [] : [national, localMarkOf(input.dataset, key)];
  const { decimals } = input.dataset.indicators.find(({ code }) => code === parseSeriesKey(key).indicator)!;
  const isPrinted = marks.some((mark) => mark && (value === 0 || value >= mark.threshold * 10 ** decimals));
  return {
    ...(decimals === 0 ? {} : { unit: 10 ** -decimals }),
    ...(isPrinted ? { locked: 'published', sensitive: false } : {}),
  };
}

/**
 * The table as its readers will have it. Which cells and equations there are follows from the kinds of figures and from
 * what is printed, so other hidden counts under the same print give the same table.
 */
export const readersTable = ({ problem }: Compiled, suppressed: readonly string[]): PrintedTable =>
  printedTable(problem, { suppressed });

/** Intervals of cells, put beside the figures of a document. */
export function besideFigures(
  { series }: Compiled,
  authorities: readonly string[],
  intervals: Readonly<Record<string, Between>>,
): Record<string, Record<string, Between>> {
  const between: Record<string, Record<string, Between>> = {};
  for (const { key, region, figures } of series) {
    [region, ...figures].forEach((raw, i) => {
      const interval = 'cell' in raw ? intervals[raw.cell] : undefined;
      if (interval) (between[key] ??= {})[i === 0 ? REGION : authorities[i - 1]!] = interval;
    });
  }
  return between;
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
