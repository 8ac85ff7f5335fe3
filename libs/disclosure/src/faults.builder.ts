import type { Cell, Policy, Problem } from './problem';

/*
 * Small problems, each with a thing that a suppressor may forget and a pair of cell and attacker that then falls.
 */

export const policy: Policy = { threshold: 4, zeros: 'printed', protect: 'exact', told: false, insiders: true };
/** Counts under a total that is printed. */
function under(parts: readonly Cell[], more: Partial<Problem> = {}): Problem {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  return {
    cells: [...parts, { id: 't', value: total, locked: 'published' }],
    equations: [{ total: 't', parts: parts.map(({ id }) => id) }],
    ranges: [],
    attackers: [],
    policy,
    ...more,
  };
}
const four = (change: (cell: Cell) => Cell = (cell) => cell) =>
  (
    [
      { id: 'a', value: 2, owner: 'A' },
      { id: 'b', value: 3, owner: 'B' },
      { id: 'c', value: 20, owner: 'C' },
      { id: 'd', value: 30, owner: 'D' },
    ] as Cell[]
  ).map(change);
const cellsOf = (problem: Problem, change: (cell: Cell) => Cell): Problem => ({
  ...problem,
  cells: problem.cells.map(change),
});
const police = (cell: Cell): Cell => (cell.id === 'b' || cell.id === 'c' ? { ...cell, knowers: ['police'] } : cell);
const twoOnes = [
  { id: 'a', value: 1 },
  { id: 'b', value: 1 },
];

export interface Fault {
  /** What is forgotten. */
  readonly name: string;
  readonly problem: Problem;
  /** The problem as the double sees it. */
  readonly seenAs: (problem: Problem) => Problem;
  /** One pair that falls by it. */
  readonly falls: string;
}

export const faults: readonly Fault[] = [
  {
    name: 'insiders',
    problem: under(four()),
    seenAs: (problem) => ({ ...problem, policy: { ...policy, insiders: false } }),
    falls: 'a B',
  },
  {
    name: 'circles',
    problem: under(four(), { attackers: [{ name: 'board', knows: ['B', 'C'] }] }),
    seenAs: (problem) => ({ ...problem, attackers: [] }),
    falls: 'a board',
  },
  {
    name: 'knowers',
    problem: under(four(police)),
    seenAs: (problem) => cellsOf(problem, ({ knowers: _, ...cell }) => cell),
    falls: 'a police',
  },
  {
    name: 'the prior: that a hidden count is at least 1 where zeros are printed',
    problem: under(twoOnes),
    seenAs: (problem) => ({ ...problem, policy: { ...policy, zeros: 'either' } }),
    falls: 'a outsider',
  },
  {
    name: 'a range that everyone knows',
    problem: under(
      [
        { id: 'a', value: 2 },
        { id: 'b', value: 9 },
        { id: 'c', value: 20 },
      ],
      { ranges: [{ terms: [['b', 1]], lo: 9, hi: 9 }] },
    ),
    seenAs: (problem) => ({ ...problem, ranges: [] }),
    falls: 'a outsider',
  },
  {
    name: 'what was told: which hidden counts are small',
    problem: under(
      four(({ owner: _, ...cell }) => ({ ...cell, value: cell.id === 'a' ? 3 : cell.value })),
      {
        policy: { ...policy, told: true },
      },
    ),
    seenAs: (problem) => ({ ...problem, policy: { ...policy, told: false } }),
    falls: 'a outsider',
  },
  {
    name: 'the width that a range needs',
    problem: under(
      [
        { id: 'a', value: 1 },
        { id: 'b', value: 2 },
        { id: 'c', value: 20 },
      ],
      { policy: { ...policy, protect: 'range' } },
    ),
    seenAs: (problem) => ({ ...problem, policy }),
    falls: 'a outsider',
  },
  {
    name: 'that a locked cell is printed',
    problem: under(four((cell) => (cell.id === 'c' ? { ...cell, locked: 'published' } : cell))),
    seenAs: (problem) => cellsOf(problem, (cell) => (cell.id === 'c' ? { id: 'c', value: 20, owner: 'C' } : cell)),
    falls: 'a B',
  },
  {
    name: 'a complement that nobody prints',
    problem: {
      ...under([
        { id: 'seen', value: 94, owner: 'A' },
        { id: 'rest', value: 2, owner: 'A', locked: 'unpublished' },
      ]),
    },
    seenAs: (problem) => cellsOf(problem, (cell) => (cell.id === 'rest' ? { ...cell, sensitive: false } : cell)),
    falls: 'rest outsider',
  },
  {
    name: 'units',
    problem: cellsOf(
      under(four((cell) => (cell.id === 'a' ? { ...cell, value: 35 } : { ...cell, value: cell.value * 10 }))),
      (cell) => ({ ...cell, unit: 0.1 }),
    ),
    seenAs: (problem) => cellsOf(problem, ({ unit: _, ...cell }) => cell),
    falls: 'a outsider',
  },
];
