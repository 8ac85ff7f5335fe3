import { audit, checkCertificate, protect, type Cell, type Certificate, type Policy, type Problem } from './index';
import { fallenUnder } from './brute-force';

/*
 * Suppressors that forget something, each a double of `protect` that is handed a lesser problem. What they release must
 * be caught by the enumeration, by the auditor and, with the certificate that they are content with, by the checker;
 * and the suppressor itself must make the same table safe or refuse it.
 */

const policy: Policy = { threshold: 4, zeros: 'printed', protect: 'exact', told: false, insiders: true };
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

interface Fault {
  /** What is forgotten. */
  readonly name: string;
  readonly problem: Problem;
  /** The problem as the double sees it. */
  readonly seenAs: (problem: Problem) => Problem;
  /** One pair that falls by it. */
  readonly falls: string;
}

const faults: readonly Fault[] = [
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
      ...under([{ id: 'seen', value: 94, owner: 'A' }, { id: 'rest', value: 2, owner: 'A', locked: 'unpublished' }]), // prettier-ignore
    },
    seenAs: (problem) => cellsOf(problem, (cell) => (cell.id === 'rest' ? { ...cell, sensitive: false } : cell)),
    falls: 'rest outsider',
  },
  {
    name: 'units',
    problem: cellsOf(under(four((cell) => (cell.id === 'a' ? { ...cell, value: 35 } : { ...cell, value: cell.value * 10 }))), (cell) => ({ ...cell, unit: 0.1 })), // prettier-ignore
    seenAs: (problem) => cellsOf(problem, ({ unit: _, ...cell }) => cell),
    falls: 'a outsider',
  },
];

describe.each(faults)('a suppressor that forgets $name', ({ problem, seenAs, falls }) => {
  /** The double. A lock that it does not know of it may break: such cells count as printed, as they are. */
  const forgetful = async () => {
    const decision = await protect(seenAs(problem));
    if (decision.status !== 'protected') throw new Error('the double is no threat: it refuses');
    const locked = new Set(problem.cells.filter(({ locked }) => locked === 'published').map(({ id }) => id));
    return { ...decision, suppressed: decision.suppressed.filter((id) => !locked.has(id)) };
  };

  test('is caught by the enumeration', async () => {
    expect(fallenUnder(problem, (await forgetful()).suppressed, 45)).toContain(falls);
  });

  test('is caught by the auditor, at exactly the pairs that fall', async () => {
    const { suppressed } = await forgetful();
    const { status, exposed } = await audit(problem, { suppressed });
    expect(status).toBe('exposed');
    expect(exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort()).toEqual(fallenUnder(problem, suppressed, 45));
  });

  test('is caught by the checker, whatever its own certificate says', async () => {
    const { suppressed, certificate } = await forgetful();
    const { status, exposed } = checkCertificate(problem, { suppressed }, certificate);
    expect(status).toBe('exposed');
    expect(exposed.map(({ id, attacker }) => `${id} ${attacker}`)).toContain(falls);
  });

  test('is not the one we have', async () => {
    const decision = await protect(problem);
    if (decision.status === 'protected') expect(fallenUnder(problem, decision.suppressed, 45)).toEqual([]);
    else expect(decision.exposed.length).toBeGreaterThan(0);
  });
});

describe('a suppressor that forgets that counts are whole', () => {
  // 3a + 2b = 20 with a from 1 to 3: between the whole tables lie many others, and of the whole ones there is one.
  const problem: Problem = {
    cells: [
      { id: 'a', value: 2 },
      { id: 'b', value: 7 },
      { id: 't', value: 20, locked: 'published' },
    ],
    equations: [{ total: 't', parts: ['a', 'b'], coefs: [3, 2] }],
    ranges: [{ terms: [['a', 1]], lo: 1, hi: 3 }],
    attackers: [],
    policy,
  };
  // The double: a program over fractions, content with the table a = 2.5, b = 6.25.
  const suppressed = ['a', 'b'];
  const certificateWith = (values: Record<string, number>): Certificate => ({
    v: 1,
    witnesses: [
      { attacker: 'outsider', values: {} },
      { attacker: 'outsider', values },
    ],
    covers: [{ cell: 'a', attacker: 'outsider', low: 0, high: 1 }],
  });

  test('is caught by the enumeration and the auditor', async () => {
    expect(fallenUnder(problem, suppressed, 10)).toEqual(['a outsider']);
    expect((await audit(problem, { suppressed })).exposed).toEqual([
      { id: 'a', attacker: 'outsider', interval: [2, 2] },
    ]);
  });

  test.each([
    ['as it is', { a: 2.5, b: 6.25 }],
    ['rounded', { a: 3, b: 6 }],
    ['rounded up', { a: 3, b: 7 }],
  ])('its table %s is caught by the checker', (_how, values) => {
    expect(checkCertificate(problem, { suppressed }, certificateWith(values)).status).toBe('exposed');
  });

  test('is not the one we have', async () => {
    expect(await protect(problem)).toMatchObject({ status: 'refused', exposed: [{ id: 'a', attacker: 'outsider' }] });
  });
});
