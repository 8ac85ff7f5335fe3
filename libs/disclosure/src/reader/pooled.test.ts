import {
  faultInReadersProof,
  printedTable,
  protect,
  readersProof,
  type Problem,
  type ReadersProof,
  type Release,
} from '../index';
import { sampleProblem } from '../sample.builder';

/*
 * A proof that is careless is itself a leak: its tables are pooled. Several editions of a table, in which hidden counts stay
 * and printed ones change, each with its proof; the attacker takes for each small count what stands in most tables, and
 * what stands in the middle of them.
 */

/** The table a quarter later: one authority has more children in a printed category, and all its sums have. */
function later(problem: Problem, release: Release, by: number): Problem {
  const hidden = new Set(release.suppressed);
  const isPart = (id: string) => /\.B\d\.C\d+\.A/.test(id) && !hidden.has(id);
  const values = new Map(problem.cells.map(({ id, value }) => [id, value]));
  const owners = [...new Set(problem.cells.flatMap(({ owner }) => owner ?? []))];
  // In both breakdowns, so that the authority's total stays one.
  const owner = owners.find((one) =>
    ['B0', 'B1'].every((b) =>
      problem.cells.some(({ id, value }) => isPart(id) && value > 9 && id.includes(`.${b}.`) && id.endsWith(one)),
    ),
  )!;
  for (const b of ['B0', 'B1']) {
    const id = [...values.keys()].find(
      (one) => isPart(one) && values.get(one)! > 9 && one.includes(`.${b}.`) && one.endsWith(owner),
    )!;
    for (const changed of [id, id.replace(owner, 'region')]) values.set(changed, values.get(changed)! + by);
  }
  for (const total of [`I0.T.${owner}`, 'I0.T.region']) values.set(total, values.get(total)! + by);
  return { ...problem, cells: problem.cells.map((cell) => ({ ...cell, value: values.get(cell.id)! })) };
}

/** The careless proof: the true table, and what may be moved in it. */
function storedMoves(problem: Problem, proof: ReadersProof): ReadersProof {
  const truth = new Map(problem.cells.map(({ id, value }) => [id, value]));
  const base = Object.fromEntries(Object.keys(proof.base).map((id) => [id, truth.get(id)!]));
  return { ...proof, base };
}

const countsOf = ({ base, tables }: ReadersProof, id: string): number[] =>
  [{}, ...tables].map((table: Readonly<Record<string, number>>) => base[id]! + (table[id] ?? 0));
const middle = (counts: readonly number[]) => [...counts].sort((a, b) => a - b)[counts.length >> 1]!;
function commonest(counts: readonly number[]): number {
  const times = (count: number) => counts.filter((one) => one === count).length;
  return counts.reduce((best, count) => (times(count) > times(best) ? count : best));
}

/** Which share of the small counts the attacker has right, by what is commonest and by what is in the middle. */
function recovered(problem: Problem, proofs: readonly ReadersProof[]): number {
  const small = problem.cells.filter(({ id, value }) => value < 6 && id in proofs[0]!.base);
  const right = (guess: (counts: readonly number[]) => number) =>
    small.filter(({ id, value }) => guess(proofs.flatMap((proof) => countsOf(proof, id))) === value).length;
  return Math.max(right(middle), right(commonest)) / small.length;
}

test('pooled over six editions, proofs tell small counts no better than the print does; stored moves tell nearly all', async () => {
  const shares: { readers: number; careless: number; one: number }[] = [];
  for (const seed of [5, 8]) {
    const first = sampleProblem({ seed, authorities: 6, breakdowns: [5, 4], largest: 40 });
    const release = await protect(first);
    if (release.status !== 'protected') throw new Error('the sample cannot be protected');
    const readers: ReadersProof[] = [];
    const careless: ReadersProof[] = [];
    for (let edition = 0; edition < 6; edition++) {
      const problem = later(first, release, edition);
      const proof = await readersProof(printedTable(problem, release));
      expect(faultInReadersProof(printedTable(problem, release), proof)).toBeUndefined();
      readers.push(proof);
      careless.push(storedMoves(problem, proof));
    }
    const one = first.cells.filter(({ id, value }) => value < 6 && id in readers[0]!.base);
    shares.push({
      readers: recovered(first, readers),
      careless: recovered(first, careless),
      // What somebody has right who has seen no proof, and guesses 1 everywhere.
      one: one.filter(({ value }) => value === 1).length / one.length,
    });
  }
  const mean = (what: keyof (typeof shares)[number]) =>
    shares.reduce((sum, share) => sum + share[what], 0) / shares.length;
  expect(mean('readers')).toBeLessThan(mean('one') + 0.15);
  expect(mean('careless')).toBeGreaterThan(0.8);
});
