import { NEIGHBOURS, type NeighbourModel, type Neighbours } from '@hub/registry/domain';
import { neighbourMean } from '@hub/statistics';
import type { Benchmark } from './benchmark';

/** The mean of one's neighbour says what that one's figure says. */
const LEAST_NEIGHBOURS = 2;

/** The mean of an authority's statistical neighbours, of those whose values this reader is shown by name. */
export interface NeighbourFigure {
  /** How many neighbours it has. */
  readonly of: number;
  /** Codes of those in the mean, nearest first. */
  readonly printed: readonly string[];
  /** In the unit of the values, one decimal; null with fewer than two of them. */
  readonly mean: number | null;
  /** In words: of whom it is, or why there is none. */
  readonly text: string;
}

/**
 * Made of a benchmark as its reader sees it: of printed values that stand in it by name, and of nothing else. Most neighbours lie
 * in other regions, and are not in it; a hidden one is left out as they are.
 * @returns null where the model has no neighbours of the authority: of a joint return, and of who was established after it
 */
export function neighbourFigureOf(
  { authorities }: Pick<Benchmark, 'authorities'>,
  authority: string,
  neighbours: Neighbours,
  model: NeighbourModel,
  nameOf: (authority: string) => string,
): NeighbourFigure | null {
  const values = new Map<string, number>();
  for (const { authority: code, figure } of authorities) {
    if (code !== null && figure.value !== null) values.set(code, figure.value);
  }
  const printed = neighbours.among(authority, model, [...values.keys()]);
  if (!printed) return null;
  const whose = `its ${NEIGHBOURS} statistical neighbours (${model})`;
  if (printed.length < LEAST_NEIGHBOURS) {
    const text = `No mean: it needs ${LEAST_NEIGHBOURS}, and ${printed.length} of ${whose} can be seen here by name with a value.`;
    return { of: NEIGHBOURS, printed, mean: null, text };
  }
  // In whole tenths, as they are printed: 864.5 of them is a half, where 86.45 may lie under one.
  const mean = Math.round(neighbourMean(printed.map((code) => Math.round(values.get(code)! * 10)))!) / 10;
  return {
    of: NEIGHBOURS,
    printed,
    mean,
    text: `The mean of ${printed.length} of ${whose}, those with a value printed here: ${printed.map(nameOf).join(', ')}.`,
  };
}
