import type * as Checker from './checker';
import type * as Moves from './moves';
import type * as Parts from './parts';
import type { Part } from './parts';
import type * as Protect from './protect';
import { audit, checkCertificate, type Problem } from './index';
import { fallenUnder } from './brute-force.builder';
import { faults, policy } from './faults.builder';

/*
 * Faults planted into the suppressor itself: what it reads of a problem, or how it judges a move, is changed under it. It
 * must not let anything out then, for its last step is to add up its own certificate; and where that step is taken away
 * as well, what it lets out must be caught by the enumeration, the auditor and the checker.
 */

/** Part after part as a suppressor sees it that forgets something. */
const forgetful = (forget: (part: Part, problem: Problem) => Part) => {
  jest.doMock('./parts', () => {
    const real = jest.requireActual<typeof Parts>('./parts');
    return {
      ...real,
      splitIntoParts: (problem: Problem) => {
        const { parts, lost } = real.splitIntoParts(problem);
        return { lost, parts: parts.map((part) => forget(part, problem)) };
      },
    };
  });
};
const withoutBits = (part: Part, forgotten: (name: string) => boolean): Part => {
  const knows = part.knows.slice();
  part.attackers.forEach((names, bit) => {
    if (!names.some(forgotten)) return;
    for (let cell = 0; cell < part.ids.length; cell++) knows[cell * part.words + (bit >> 5)]! &= ~(1 << (bit & 31));
  });
  return { ...part, knows };
};
/** As if every range were so wide that it says nothing. */
const withoutRanges = (part: Part): Part => ({
  ...part,
  rowLo: part.rowLo.map((lo, row) => (lo === 0 && part.rowHi[row] === 0 ? 0 : -1e9)),
  rowHi: part.rowHi.map((hi, row) => (hi === 0 && part.rowLo[row] === 0 ? 0 : 1e9)),
});

/** A range that holds a count where it is: twice b is 17 to 19. */
const tightRange: Problem = {
  cells: [
    { id: 'a', value: 2 },
    { id: 'b', value: 9 },
    { id: 'c', value: 20 },
    { id: 't', value: 31, locked: 'published' },
  ],
  equations: [{ total: 't', parts: ['a', 'b', 'c'] }],
  ranges: [{ terms: [['b', 2]], lo: 17, hi: 19 }],
  attackers: [],
  policy,
};
/** 3a + 2b = 20 with a from 1 to 3: of the whole tables there is one, of the others many. */
const fractions: Problem = {
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
const problemOf = (name: string) => faults.find((fault) => fault.name.startsWith(name))!;

const planted: { name: string; problem: Problem; falls: string; plant: () => void }[] = [
  {
    ...problemOf('insiders'),
    name: 'the insiders',
    plant: () => forgetful((part) => withoutBits(part, (name) => /^[A-D]$/.test(name))),
  },
  {
    ...problemOf('circles'),
    name: 'the circles',
    plant: () => forgetful((part) => withoutBits(part, (name) => name === 'board')),
  },
  {
    ...problemOf('knowers'),
    name: 'the knowers',
    plant: () => forgetful((part) => withoutBits(part, (name) => name === 'police')),
  },
  {
    ...problemOf('the prior'),
    name: 'the prior',
    plant: () => forgetful((part) => ({ ...part, down: part.down.map((each) => each - 1) })),
  },
  {
    name: 'a range row',
    problem: tightRange,
    falls: 'a outsider',
    plant: () => forgetful(withoutRanges),
  },
  {
    ...problemOf('what was told'),
    name: 'what was told',
    plant: () =>
      forgetful((part) => ({
        ...part,
        toldDown: part.down.slice(),
        toldUp: part.toldUp.map(() => Infinity),
      })),
  },
  {
    ...problemOf('the width'),
    name: 'the width that a range needs',
    plant: () => forgetful((part) => ({ ...part, least: part.least.map(() => 2) })),
  },
  {
    name: 'that counts are whole',
    problem: fractions,
    falls: 'a outsider',
    plant: () =>
      jest.doMock('./moves', () => {
        const real = jest.requireActual<typeof Moves>('./moves');
        // Rounded so that the wanted cell moves, and believed to keep the equations.
        const moveOf = (part: Part, cells: readonly number[]): Moves.Move => ({
          cells: Int32Array.from(cells),
          change: Float64Array.from(cells, () => -1),
          touch: new Uint32Array(part.words),
          told: true,
        });
        return { ...real, moveOf };
      }),
  },
];

describe.each(planted)('a suppressor that forgets $name', ({ problem, falls, plant }) => {
  const decide = async (isChecked: boolean) => {
    jest.resetModules();
    plant();
    if (!isChecked) {
      jest.doMock('./checker', () => ({
        ...jest.requireActual<typeof Checker>('./checker'),
        checkCertificate: () => ({ status: 'safe', exposed: [] }),
      }));
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { protect } = require('./protect') as typeof Protect;
    return protect(problem);
  };
  afterEach(() => {
    jest.dontMock('./parts').dontMock('./moves').dontMock('./checker').resetModules();
  });

  test('lets nothing out', async () => {
    expect(await decide(true)).toEqual({ status: 'refused', exposed: [] });
  });

  test('is caught by the enumeration, the auditor and the checker where it lets something out', async () => {
    const decision = await decide(false);
    if (decision.status !== 'protected') throw new Error('the fault is no threat: it refuses');
    expect(fallenUnder(problem, decision.suppressed, 45)).toContain(falls);
    const pairs = (exposed: readonly { id: string; attacker: string }[]) =>
      exposed.map(({ id, attacker }) => `${id} ${attacker}`);
    expect(pairs((await audit(problem, decision)).exposed)).toContain(falls);
    expect(pairs(checkCertificate(problem, decision, decision.certificate).exposed)).toContain(falls);
  });
});
