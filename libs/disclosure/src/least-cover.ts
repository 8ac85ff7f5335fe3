import type { Highs } from 'highs';
import { solverSeconds } from './highs';

/** What is known of the least cost of a choice that meets demands. */
export interface Least {
  /** No choice costs less. */
  readonly bound: number;
  /** A choice that costs no more than the bound, by place; absent where the nodes ran out before there was one. */
  readonly chosen?: readonly number[];
  /** How far the solver chose each cell, 0 to 1. */
  readonly shares: ReadonlyMap<number, number>;
  /** Of a common machine, in microseconds, about; counted in steps of the solver. */
  readonly effort: number;
}

const INTEGRAL = 1e-6;
/** Microseconds for a program, and for a step of the solver and each row and column. */
const START = 3000;
const STEP = 0.1;

/**
 * The cheapest choice of cells with at least one out of each demand, by a whole-number program; as a linear program, a
 * bound alone.
 * @param price    of each cell; all are multiples of `step`, where that is not 0
 * @param nodes    of the whole-number program; 0: the linear program
 * @param seconds  of wall clock after which it stops
 */
export function leastCover(
  solver: Highs,
  demands: readonly (readonly number[])[],
  price: Float64Array,
  step: number,
  nodes: number,
  seconds = Infinity,
): Least {
  const places = [...new Set(demands.flat())].sort((a, b) => a - b);
  if (places.length === 0) return { bound: 0, chosen: [], shares: new Map(), effort: 0 };
  const column = new Map(places.map((place, at) => [place, at]));
  const starts = [0];
  const indices: number[] = [];
  for (const demand of demands) {
    for (const place of demand) indices.push(column.get(place)!);
    starts.push(indices.length);
  }
  const { infinity, constants } = solver;
  const unit = step || 1;
  const numCols = places.length;
  const isWhole = nodes > 0;
  const model = solver.createModel({
    numCols,
    numRows: demands.length,
    colCost: Float64Array.from(places, (place) => price[place]! / unit),
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(1),
    rowLower: new Float64Array(demands.length).fill(1),
    rowUpper: new Float64Array(demands.length).fill(infinity),
    matrix: {
      format: 'csr',
      numRows: demands.length,
      numCols,
      starts,
      indices,
      values: new Float64Array(indices.length).fill(1),
    },
    ...(isWhole ? { integrality: new Int32Array(numCols).fill(constants.variableType.integer) } : {}),
  });
  try {
    model.options.set({ output_flag: false, time_limit: solverSeconds(seconds) });
    // Between two multiples of the step there is no cost.
    if (isWhole) model.options.set({ mip_max_nodes: nodes, mip_rel_gap: 0, mip_abs_gap: step ? 0.999 : INTEGRAL });
    const { modelStatus } = model.run();
    const isOptimal = modelStatus === constants.modelStatus.optimal;
    const effort = START + Number(model.info.get('simplex_iteration_count')) * (numCols + demands.length) * STEP;
    const reached = Number(isWhole ? model.info.get('mip_dual_bound') : isOptimal ? model.getObjectiveValue() : 0);
    const bound = Number.isFinite(reached) ? rounded(reached * unit, step) : 0;
    const { colValue } = model.getSolution();
    const shares = new Map(places.map((place, at) => [place, colValue[at]!]));
    const chosen = isWhole && isOptimal ? { chosen: places.filter((place) => shares.get(place)! > 0.5) } : {};
    return { bound, ...chosen, shares, effort };
  } finally {
    model.dispose();
  }
}

/**
 * What no choice costs less than, by demands that have no cell in common, the shortest first: each costs its cheapest cell.
 */
export function packingBound(demands: readonly (readonly number[])[], price: Float64Array): number {
  const taken = new Set<number>();
  let bound = 0;
  for (const demand of [...demands].sort((a, b) => a.length - b.length)) {
    if (demand.length === 0 || demand.some((cell) => taken.has(cell))) continue;
    for (const cell of demand) taken.add(cell);
    bound += Math.min(...demand.map((cell) => price[cell]!));
  }
  return bound;
}

/** The next multiple of the step that is no less. */
const rounded = (bound: number, step: number) => (step ? Math.ceil(bound / step - INTEGRAL) * step : bound - INTEGRAL);
