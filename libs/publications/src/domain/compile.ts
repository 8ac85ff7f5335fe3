import type { Problem } from '@hub/disclosure';
import { allSeries } from '@hub/registry/domain';
import type { Between } from './document';
import type { Figure, FigureKind } from './figure';
import { cellId, RawTable, REGION, type CompileInput } from './raw-table';
import { addRestsOfDenominators, addRestsOfRules, addRestsOfUntold, markSensitiveCategories } from './rests';
import { addBreakdowns, addRules, type Untold } from './sums-and-rules';

export type { Cells, CompileInput } from './raw-table';

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

/**
 * Turns the returns of a round into cells and equations (docs/disclosure-control.md): categories sum to totals,
 * authorities to the region, numerator and complement to the denominator; and every rule of the dataset, for every
 * attacker knows the rules, and what one leaves over must not follow either.
 */
export function compile(input: CompileInput): Compiled {
  const table = new RawTable(input);
  const series = allSeries(input.dataset).map(({ key }) => addSeries(table, input, key));
  const untold: Untold = new Map();
  // For the region breakdowns and rules follow from its authorities' own, so they are said once.
  for (const owner of table.sent) {
    addBreakdowns(table, input.dataset, owner, untold);
    addRules(table, input.dataset, owner);
  }
  addRestsOfUntold(table, input.dataset, untold);
  addRestsOfDenominators(table, input);
  addRestsOfRules(table, input);
  markSensitiveCategories(table, input.dataset);
  return { problem: table.problem(), series };
}

/** A series: the count of each authority that has one, and their sum. */
function addSeries(
  table: RawTable,
  { authorities, returns, policy }: CompileInput,
  key: string,
): Compiled['series'][number] {
  const contributors: string[] = [];
  const print = (owner: string): RawFigure =>
    table.isTogether(key) ? { kind: 'notAvailable' } : { cell: cellId(owner, key) };
  const figures = authorities.map((authority): RawFigure => {
    const figure = returns.get(authority)?.get(key);
    if (!figure) return { kind: 'notSubmitted' };
    if (figure.kind !== 'value') return { kind: figure.kind };
    table.add(authority, key, figure.value);
    contributors.push(authority);
    return print(authority);
  });
  // Too few behind a sum is told by their statuses, which are printed: such a sum is simply not made.
  if (contributors.length < Math.max(1, policy.leastContributors)) {
    return { key, region: { kind: 'notAvailable' }, figures };
  }
  const parts = contributors.map((authority) => cellId(authority, key));
  const total = parts.reduce((sum, id) => sum + table.values.get(id)!, 0);
  const unknown = contributors.filter((_, i) => !table.isKnownAnyway(parts[i]!));
  table.add(REGION, key, total, table.knowledgeOf(unknown));
  table.equations.push({ total: cellId(REGION, key), parts });
  return { key, region: print(REGION), figures };
}

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
