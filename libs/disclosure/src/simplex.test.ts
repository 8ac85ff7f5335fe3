import type { Highs } from 'highs';
import { loadSolver } from './highs';
import { seeded } from './moves';
import type { Folded } from './fold';
import { Simplex, type Program } from './simplex';

/** A random model of a table: short rows with whole coefficients, some of them ranges. */
function sample(seed: number): { folded: Folded; program: Program } {
  const random = seeded(seed);
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const n = whole(3, 14);
  const rows = Array.from({ length: whole(1, 9) }, () => {
    const members = [...Array(n).keys()].filter(() => random() < 0.35);
    const isRange = random() < 0.2;
    return {
      terms: members.map((b): [number, number] => [b, random() < 0.1 ? whole(2, 3) : random() < 0.3 ? -1 : 1]),
      lo: isRange ? -whole(0, 3) : 0,
      hi: isRange ? whole(0, 3) : 0,
    };
  }).filter(({ terms }) => terms.length > 0);
  const limits = Array.from({ length: n }, () => (random() < 0.2 ? 0 : random() < 0.3 ? Infinity : whole(1, 9)));
  const program: Program = {
    low: Float64Array.from(limits, () => (random() < 0.3 ? 0 : -whole(1, 6))),
    high: Float64Array.from(limits),
    price: Float64Array.from(limits, () => (random() < 0.4 ? 1e-4 : 1) * (1 + random())),
    bundle: whole(0, n - 1),
    direction: random() < 0.5 ? 1 : -1,
    amount: whole(1, 4),
    furthest: random() < 0.3,
    limit: Infinity,
  };
  const bundles = limits.map((_, b) => ({ cells: [b], signs: [1] }));
  return { folded: { bundles, rows }, program };
}

/** The same program in the words of another solver: its least cost, or undefined where there is no answer. */
function peer(solver: Highs, { bundles, rows }: Folded, program: Program): number | undefined {
  const { low, high, price, bundle, direction, amount, furthest } = program;
  const n = bundles.length;
  const up = Array.from({ length: 2 * n }, (_, c) => (c % 2 === 0 ? high[c / 2]! : -low[(c - 1) / 2]!));
  const cost = Array.from({ length: 2 * n }, (_, c) => price[Math.floor(c / 2)]!);
  const least = new Array<number>(2 * n).fill(0);
  const column = 2 * bundle + (direction === 1 ? 0 : 1);
  up[column ^ 1] = 0;
  if (furthest) {
    up[column] = Math.min(up[column]!, amount);
    cost[column] = -1;
  } else least[column] = amount;
  if (least[column]! > up[column]!) return undefined;
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { terms } of rows) {
    for (const [b, coefficient] of terms) {
      indices.push(2 * b, 2 * b + 1);
      values.push(coefficient, -coefficient);
    }
    starts.push(indices.length);
  }
  const model = solver.createModel({
    numCols: 2 * n,
    numRows: rows.length,
    colCost: cost,
    colLower: least,
    colUpper: up.map((each) => Math.min(each, solver.infinity)),
    rowLower: rows.map(({ lo }) => lo),
    rowUpper: rows.map(({ hi }) => hi),
    matrix: { format: 'csr', numRows: rows.length, numCols: 2 * n, starts, indices, values },
  });
  try {
    model.options.set({ output_flag: false });
    if (model.run().modelStatus !== solver.constants.modelStatus.optimal) return undefined;
    return model.getSolution().colValue.reduce((sum, each, c) => sum + each * cost[c]!, 0);
  } finally {
    model.dispose();
  }
}

test('finds the same least cost as another solver, and keeps every row and bound', async () => {
  const solver = await loadSolver();
  const seen = { answered: 0, impossible: 0 };
  for (let seed = 1; seed <= 1500; seed++) {
    const { folded, program } = sample(seed);
    const expected = peer(solver, folded, program);
    const simplex = new Simplex(folded);
    simplex.solve({ ...program, bundle: (program.bundle + 1) % folded.bundles.length }); // leaves nothing behind
    const outcome = simplex.solve(program);
    if (typeof outcome === 'string') {
      expect({ seed, outcome }).toEqual({ seed, outcome: 'impossible' });
      expect({ seed, expected }).toEqual({ seed, expected: undefined });
      seen.impossible++;
      continue;
    }
    seen.answered++;
    const change = new Map(outcome.bundles.map((b, at) => [b, outcome.changes[at]!]));
    for (const [b, each] of change) {
      expect(each).toBeGreaterThanOrEqual(program.low[b]! - 1e-6);
      expect(each).toBeLessThanOrEqual(program.high[b]! + 1e-6);
    }
    for (const { terms, lo, hi } of folded.rows) {
      const sum = terms.reduce((all, [b, coefficient]) => all + coefficient * (change.get(b) ?? 0), 0);
      expect(sum).toBeGreaterThanOrEqual(lo - 1e-6);
      expect(sum).toBeLessThanOrEqual(hi + 1e-6);
    }
    let cost = 0;
    for (const [b, each] of change) {
      cost += b === program.bundle && program.furthest ? -Math.abs(each) : Math.abs(each) * program.price[b]!;
    }
    expect({ seed, off: Math.abs(cost - expected!) < 1e-5 }).toEqual({ seed, off: true });
  }
  expect(seen.answered).toBeGreaterThan(300);
  expect(seen.impossible).toBeGreaterThan(100);
});
