import * as fc from 'fast-check';
import {
  audit,
  checkCertificate,
  protect,
  type Cell,
  type Policy,
  type Problem,
  type Protected,
  type Refused,
} from './index';
import { fallen } from './brute-force.builder';
import { Deadline, OutOfTime } from './deadline';
import { splitIntoParts } from './parts';
import { parseProblem } from './problem';
import { sampleProblem } from './sample.builder';

const policy: Policy = { threshold: 4, zeros: 'printed', protect: 'exact', told: false, insiders: true };

/** Authorities × categories with row totals and region totals, as the hub prints them. */
export function table(counts: readonly (readonly number[])[], more: Partial<Policy> = {}, owners = true): Problem {
  const cells: Cell[] = [];
  const cell = (id: string, value: number, owner?: string) => {
    cells.push({ id, value, ...(owner && owners ? { owner } : {}) });
    return id;
  };
  const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);
  const equations = counts.map((row, a) => ({
    parts: row.map((value, c) => cell(`a${a}c${c}`, value, `A${a}`)),
    total: cell(`a${a}`, sum(row), `A${a}`),
  }));
  const columns = counts[0]!.map((_, c) => ({
    total: cell(`c${c}`, sum(counts.map((row) => row[c]!))),
    parts: counts.map((_row, a) => `a${a}c${c}`),
  }));
  const all = cell('all', sum(counts.map(sum)));
  const grand = [
    { total: all, parts: counts.map((_, a) => `a${a}`) },
    { total: all, parts: columns.map(({ total }) => total) },
  ];
  return {
    cells,
    equations: [...equations, ...columns, ...grand],
    ranges: [],
    attackers: [],
    policy: { ...policy, ...more },
  };
}

const protectedOf = async (problem: Problem): Promise<Protected> => {
  const decision = await protect(problem);
  if (decision.status !== 'protected') throw new Error(`refused: ${JSON.stringify(decision.exposed)}`);
  return decision;
};

// Two authorities' small counts in one row under a printed region total: the outsider is lost between them.
const planted: Problem = {
  cells: [
    { id: 'a', value: 2, owner: 'A' },
    { id: 'b', value: 3, owner: 'B' },
    { id: 'c', value: 20, owner: 'C' },
    { id: 'd', value: 30, owner: 'D' },
    { id: 't', value: 55, locked: 'published' },
  ],
  equations: [{ total: 't', parts: ['a', 'b', 'c', 'd'] }],
  ranges: [],
  attackers: [],
  policy,
};

// Two ones under a printed two: whole counts of at least 1 leave nothing else.
const ones: Problem = {
  cells: [
    { id: 'a', value: 1 },
    { id: 'b', value: 1 },
    { id: 't', value: 2, locked: 'published' },
  ],
  equations: [{ total: 't', parts: ['a', 'b'] }],
  ranges: [],
  attackers: [],
  policy,
};

describe('what is hidden', () => {
  test('a table without small counts is printed whole', async () => {
    const { suppressed, published, sensitive, attackers } = await protectedOf(
      table([
        [10, 20],
        [30, 40],
      ]),
    );
    expect({ suppressed, sensitive, attackers }).toEqual({ suppressed: [], sensitive: 0, attackers: 3 });
    expect(published).toMatchObject({ a0c0: 10, all: 100 });
  });

  test('one small count takes others with it, and zeros are never taken', async () => {
    const problem = table([
      [2, 20, 0],
      [30, 40, 9],
      [0, 12, 8],
    ]);
    const { suppressed, published } = await protectedOf(problem);
    expect(suppressed).toContain('a0c0');
    expect(suppressed.length).toBeGreaterThan(3);
    expect(published).toMatchObject({ a0c2: 0, a2c0: 0 });
    expect(fallen(problem, suppressed, 6)).toEqual([]);
  });

  test('the answer depends neither on the order of the cells nor on the run', async () => {
    const problem = sampleProblem({ seed: 5, authorities: 4, breakdowns: [5, 3] });
    const turned = { ...problem, cells: [...problem.cells].reverse(), equations: [...problem.equations].reverse() };
    const first = await protectedOf(problem);
    expect((await protectedOf(problem)).suppressed).toEqual(first.suppressed);
    expect((await protectedOf(turned)).suppressed).toEqual(first.suppressed);
  });

  test('of cells that cost the same the one with the smaller id is hidden', async () => {
    const cells = ['x', 'b', 'c', 'd'].map((id) => ({ id, value: id === 'x' ? 2 : 10 }));
    const problem: Problem = {
      cells: [...cells, { id: 't', value: 32, locked: 'published' }],
      equations: [{ total: 't', parts: ['x', 'd', 'c', 'b'] }],
      ranges: [],
      attackers: [],
      policy,
    };
    expect((await protectedOf(problem)).suppressed).toEqual(['b', 'x']);
  });

  test('the cheaper cover is taken', async () => {
    const problem = table([[2, 20, 30]], {}, false);
    const priced = {
      ...problem,
      cells: problem.cells.map((cell): Cell => (cell.id.startsWith('a0c') ? cell : { ...cell, locked: 'published' })),
    };
    // The column totals repeat the row: nothing can move, which is a refusal and not a guess.
    expect(await protect(priced)).toMatchObject({
      status: 'refused',
      exposed: [{ id: 'a0c0', attacker: 'outsider', interval: [2, 2] }],
    });
    const free = {
      ...priced,
      equations: priced.equations.slice(0, 1),
      cells: priced.cells.map((cell) => (cell.id === 'a0c1' ? { ...cell, cost: 5 } : cell)),
    };
    expect((await protectedOf(free)).suppressed).toEqual(['a0c0', 'a0c2']);
  });

  test('locked cells stay as they are: printed ones printed, hidden ones hidden', async () => {
    const problem = table([
      [2, 20, 15],
      [30, 40, 9],
      [11, 12, 8],
    ]);
    const lock = { a0c1: 'published', a1c2: 'suppressed' } as Record<string, Cell['locked']>;
    const locked = {
      ...problem,
      cells: problem.cells.map((cell): Cell => (lock[cell.id] ? { ...cell, locked: lock[cell.id]! } : cell)),
    };
    const { suppressed } = await protectedOf(locked);
    expect(suppressed).toContain('a1c2');
    expect(suppressed).not.toContain('a0c1');
    expect(fallen(locked, suppressed, 6)).toEqual([]);
  });

  test('a small complement that nobody prints does not follow from what is printed', async () => {
    const problem: Problem = {
      cells: [
        { id: 'seen', value: 94, owner: 'A' },
        { id: 'all', value: 96, owner: 'A' },
        { id: 'notSeen', value: 2, owner: 'A', locked: 'unpublished' },
      ],
      equations: [{ total: 'all', parts: ['seen', 'notSeen'] }],
      ranges: [],
      attackers: [],
      policy,
    };
    expect(fallen(problem, [], 6)).toEqual(['notSeen outsider']);
    const { suppressed, published } = await protectedOf(problem);
    expect(suppressed).toHaveLength(1);
    expect(Object.keys(published)).toHaveLength(1);
  });

  test('the threshold is counted in units', async () => {
    const cells = [
      { id: 'a', value: 35, unit: 0.1 },
      { id: 'b', value: 45, unit: 0.1 },
      { id: 'c', value: 70, unit: 0.1 },
      { id: 't', value: 150, unit: 0.1, locked: 'published' as const },
    ];
    const problem: Problem = {
      cells,
      equations: [{ total: 't', parts: ['a', 'b', 'c'] }],
      ranges: [],
      attackers: [],
      policy,
    };
    const { suppressed, sensitive } = await protectedOf(problem);
    expect(sensitive).toBe(1);
    expect(suppressed).toEqual(['a', 'b']);
  });
});

describe('what cannot be protected is refused', () => {
  test('a sensitive cell that follows from locked ones, with its attackers', async () => {
    const problem: Problem = {
      cells: [
        { id: 'a', value: 2, owner: 'A' },
        { id: 'b', value: 8, owner: 'B', locked: 'published' },
        { id: 't', value: 10, locked: 'published' },
      ],
      equations: [{ total: 't', parts: ['a', 'b'] }],
      ranges: [],
      attackers: [{ name: 'board', knows: ['A', 'B'] }],
      policy,
    };
    expect(await protect(problem)).toEqual({
      status: 'refused',
      exposed: [
        { id: 'a', attacker: 'B', interval: [2, 2] },
        { id: 'a', attacker: 'outsider', interval: [2, 2] },
      ],
    });
  });

  test('two unknowns of one each under a printed two', async () => {
    expect(await protect(ones)).toMatchObject({ status: 'refused', exposed: [{ id: 'a' }, { id: 'b' }] });
    expect(await protect({ ...ones, policy: { ...policy, zeros: 'either' } })).toMatchObject({
      status: 'protected',
      suppressed: ['a', 'b'],
    });
  });

  test('a zero said to be sensitive where zeros are printed', async () => {
    const problem: Problem = {
      ...table([
        [9, 9],
        [9, 9],
      ]),
    };
    const cells = [...problem.cells, { id: 'nil', value: 0, sensitive: true }];
    expect(await protect({ ...problem, cells })).toMatchObject({ status: 'refused' });
  });

  test('no time: refused, with nothing exposed, and not even read', async () => {
    const problem = sampleProblem({ seed: 5, authorities: 8, breakdowns: [12, 12] });
    const nothing = { status: 'refused', exposed: [], cut: 'construct' };
    expect(await protect(problem, { timeLimitSeconds: 0.000001 })).toEqual(nothing);
  });

  test('a part that takes too long is named, and costs no other', async () => {
    const large = sampleProblem({ seed: 5, authorities: 14, breakdowns: [12, 12] });
    // Beside it two small parts: one is safe at once, one cannot be saved.
    const named = (part: Problem, name: string): Pick<Problem, 'cells' | 'equations'> => ({
      cells: part.cells.map((cell) => ({ ...cell, id: `${name}.${cell.id}` })),
      equations: part.equations.map(({ total, parts }) => ({
        total: `${name}.${total}`,
        parts: parts.map((id) => `${name}.${id}`),
      })),
    });
    const parts = [
      large,
      named(
        table([
          [3, 20],
          [20, 20],
        ]),
        'easy',
      ),
      named(ones, 'lost'),
    ];
    const problem = {
      ...large,
      cells: parts.flatMap(({ cells }) => cells),
      equations: parts.flatMap(({ equations }) => equations),
    };
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now++);
    try {
      const decision = await protect(problem, { timeLimitSeconds: 0.4 });
      expect(decision).toMatchObject({ status: 'refused', cut: 'construct' });
      const { unfinished, exposed, lost } = decision as Refused;
      expect(unfinished).toEqual(
        large.cells
          .filter(({ value }) => value > 0)
          .map(({ id }) => id)
          .sort(),
      );
      expect(exposed).toEqual([]);
      expect(new Set(lost!.map(({ id }) => id))).toEqual(new Set(['lost.a', 'lost.b']));
    } finally {
      clock.mockRestore();
    }
  });
});

describe('time', () => {
  const sizes = [
    { seed: 5, authorities: 4, breakdowns: [12, 12] },
    { seed: 6, authorities: 30, breakdowns: [20, 12] },
    { seed: 7, authorities: 60, breakdowns: [36, 36] },
  ].map((shape) => sampleProblem(shape));

  test.each(sizes.flatMap((problem) => [0.1, 0.01].map((limit) => [problem.cells.length, limit, problem] as const)))(
    '%i cells and %d seconds: a safe answer, or none',
    async (_cells, timeLimitSeconds, problem) => {
      const decision = await protect(problem, { timeLimitSeconds });
      if (decision.status === 'refused') return expect(decision.exposed).toEqual([]);
      expect(checkCertificate(problem, decision, decision.certificate).status).toBe('safe');
      expect(decision.complete).toBe(decision.cut ? false : undefined);
    },
  );

  test('reading and splitting a large problem look at the clock too', async () => {
    const problem = sizes[2]!;
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now++);
    try {
      expect(() => parseProblem(problem, new Deadline(10))).toThrow(OutOfTime);
      now = 0;
      expect(() => splitIntoParts(problem, new Deadline(2))).toThrow(OutOfTime);
      now = 0;
      expect(await protect(problem, { timeLimitSeconds: 0.004 })).toMatchObject({
        status: 'refused',
        cut: 'construct',
      });
      expect(now).toBeLessThan(10);
    } finally {
      clock.mockRestore();
    }
  });

  test('an answer that time cut short says in which phase, and is safe', async () => {
    const problem = sampleProblem({ seed: 5, authorities: 4, breakdowns: [5, 3] });
    const clock = jest.spyOn(performance, 'now');
    try {
      const cuts = new Set<string | undefined>();
      // A clock that goes on by one at each look: the same on every machine.
      for (const limit of [4, 16, 64, 84, 88, 92, 96, 100, 128, 256, 512, 10_000_000]) {
        let now = 0;
        clock.mockImplementation(() => now++);
        const decision = await protect(problem, { timeLimitSeconds: limit / 1000 });
        if (decision.status === 'refused') {
          expect(decision.exposed).toEqual([]);
          cuts.add(decision.cut);
          continue;
        }
        expect(checkCertificate(problem, decision, decision.certificate).status).toBe('safe');
        cuts.add(decision.cut);
      }
      expect([...cuts]).toEqual(['construct', 'tidy', 'search', undefined]);
    } finally {
      clock.mockRestore();
    }
  });

  test('a generous limit buys no further effort; seconds for the search may', async () => {
    const problem = sampleProblem({ seed: 5, authorities: 4, breakdowns: [5, 3] });
    const usual = await protectedOf(problem);
    const generous = await protect(problem, { timeLimitSeconds: 3000 });
    expect(generous).toMatchObject({ status: 'protected', suppressed: usual.suppressed });
    const longer = await protect(problem, { searchSeconds: 0.2 });
    if (longer.status !== 'protected') throw new Error('refused');
    expect(longer.suppressed.length).toBeLessThanOrEqual(usual.suppressed.length);
    expect(longer.complete).toBeUndefined();
  });
});

describe('insiders and circles', () => {
  test('the planted table passes the outsider and fails its own members', async () => {
    const alone = { ...planted, policy: { ...policy, insiders: false } };
    expect((await audit(alone, { suppressed: ['a', 'b'] })).status).toBe('safe');
    const verdict = await audit(planted, { suppressed: ['a', 'b'] });
    expect(verdict).toMatchObject({ status: 'exposed', cells: 2, attackers: 5 });
    expect(verdict.exposed).toEqual([
      { id: 'a', attacker: 'B', interval: [2, 2] },
      { id: 'b', attacker: 'A', interval: [3, 3] },
    ]);
  });

  test('and is protected by a third', async () => {
    const { suppressed } = await protectedOf(planted);
    expect(suppressed).toEqual(['a', 'b', 'c']);
    expect((await audit(planted, { suppressed })).status).toBe('safe');
  });

  test('a circle that pools two of them needs a fourth', async () => {
    const circle = { ...planted, attackers: [{ name: 'board', knows: ['B', 'C'] }] };
    expect((await audit(circle, { suppressed: ['a', 'b', 'c'] })).exposed).toEqual([
      { id: 'a', attacker: 'board', interval: [2, 2] },
    ]);
    const { suppressed } = await protectedOf(circle);
    expect(fallen(circle, suppressed, 6)).toEqual([]);
  });

  test('a knower attacks like an owner', async () => {
    const police = {
      ...planted,
      cells: planted.cells.map((cell): Cell =>
        cell.id === 'b' || cell.id === 'c' ? { ...cell, knowers: ['police'] } : cell,
      ),
    };
    expect((await audit(police, { suppressed: ['a', 'b', 'c'] })).exposed).toEqual([
      { id: 'a', attacker: 'police', interval: [2, 2] },
    ]);
    expect(fallen(police, (await protectedOf(police)).suppressed, 6)).toEqual([]);
  });
});

describe('certificate', () => {
  const problem = table([
    [2, 20, 15],
    [30, 1, 9],
    [11, 12, 8],
  ]);

  test('holds by addition, for every stranger of every sensitive cell', async () => {
    const decision = await protectedOf(problem);
    expect(checkCertificate(problem, decision, decision.certificate)).toEqual({ status: 'safe', exposed: [] });
    expect(decision.certificate.covers).toHaveLength(2 * 3);
    expect((await audit(problem, decision, decision.certificate)).status).toBe('safe');
  });

  test('no change of a single table or cover goes unseen where it matters', async () => {
    const decision = await protectedOf(problem);
    const { certificate } = decision;
    const judge = (changed: typeof certificate) => checkCertificate(problem, decision, changed).status;
    certificate.witnesses.forEach((witness, at) => {
      if (!certificate.covers.some(({ low, high }) => low === at || high === at)) return;
      for (const id of Object.keys(witness.values)) {
        const values = { ...witness.values, [id]: witness.values[id]! + 1 };
        expect(judge({ ...certificate, witnesses: certificate.witnesses.with(at, { ...witness, values }) })).toBe(
          'exposed',
        );
      }
      expect(
        judge({ ...certificate, witnesses: certificate.witnesses.with(at, { ...witness, attacker: 'nobody' }) }),
      ).toBe('exposed');
    });
    certificate.covers.forEach((cover, at) => {
      expect(judge({ ...certificate, covers: certificate.covers.toSpliced(at, 1) })).toBe('exposed');
      expect(judge({ ...certificate, covers: certificate.covers.with(at, { ...cover, high: cover.low }) })).toBe(
        'exposed',
      );
      expect(judge({ ...certificate, covers: certificate.covers.with(at, { ...cover, low: 9999 }) })).toBe('exposed');
    });
    expect((await audit(problem, decision, { ...certificate, covers: [] })).status).toBe('exposed');
  });

  test('does not hold for another release', async () => {
    const decision = await protectedOf(problem);
    for (const id of decision.suppressed) {
      const suppressed = decision.suppressed.filter((each) => each !== id);
      expect(checkCertificate(problem, { suppressed }, decision.certificate).status).toBe('exposed');
    }
  });

  test.each([
    ['moves a cell that the attacker knows', 'B', { a: 3, b: 2 }],
    ['moves a printed cell', 'C', { a: 3, d: 29 }],
    ['moves a cell locked as printed', 'B', { a: 3, t: 56 }],
    ['breaks an equation', 'D', { a: 3 }],
    ['goes below one', 'C', { a: 0, b: 5 }],
    ['is not whole', 'C', { a: 2.5, b: 2.5 }],
    ['is of an attacker whom nobody named', 'board', { a: 3, b: 2 }],
    ['names an unknown cell', 'C', { a: 3, b: 2, z: 1 }],
  ])('a table that %s convinces nobody', (_fault, attacker, values) => {
    const table = { attacker, values: values as Record<string, number> };
    const certificate = {
      v: 1 as const,
      witnesses: [table, { attacker, values: {} }],
      covers: [
        { cell: 'a', attacker, low: 0, high: 1 },
        { cell: 'a', attacker, low: 1, high: 0 },
      ],
    };
    const { exposed } = checkCertificate(planted, { suppressed: ['a', 'b'] }, certificate);
    // The pairs: a before the outsider, B, C, D; b before the outsider, A, C, D. None is shown.
    expect(exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort()).toEqual([
      'a B',
      'a C',
      'a D',
      'a outsider',
      'b A',
      'b C',
      'b D',
      'b outsider',
    ]);
  });

  test('a table of one attacker serves no other', () => {
    const serving = (whose: string, whom: string) =>
      checkCertificate(
        planted,
        { suppressed: ['a', 'b'] },
        {
          v: 1,
          witnesses: [
            { attacker: whose, values: {} },
            { attacker: whose, values: { a: 3, b: 2 } },
          ],
          covers: [{ cell: 'a', attacker: whom, low: 0, high: 1 }],
        },
      ).exposed.some(({ id, attacker }) => id === 'a' && attacker === whom);
    expect(serving('outsider', 'outsider')).toBe(false);
    expect(serving('C', 'C')).toBe(false);
    expect(serving('outsider', 'C')).toBe(true);
    expect(serving('outsider', 'B')).toBe(true);
    expect(serving('B', 'B')).toBe(true);
  });
});

const count = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 2, arbitrary: fc.integer({ min: 5, max: 9 }) },
);
const counts = fc.array(fc.array(count, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 3 });
const zeros = fc.constantFrom<Policy['zeros']>('printed', 'either', 'hidden');
const runs = { numRuns: 40, seed: 20260 };

describe('against every table that fits', () => {
  test('whatever is protected, no attacker can compute a sensitive count', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(counts, zeros, fc.boolean(), async (rows, zeros, insiders) => {
        const problem = table(rows, { zeros, insiders, threshold: 3 });
        const decision = await protect(problem);
        if (decision.status === 'refused') {
          // Refused only where hiding everything would not help.
          const everything = problem.cells.filter(({ value }) => value > 0 || zeros !== 'printed').map(({ id }) => id);
          const lost = fallen(problem, everything, 2);
          expect(decision.exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort()).toEqual(lost);
          return;
        }
        made++;
        expect(fallen(problem, decision.suppressed, 2)).toEqual([]);
        expect((await audit(problem, decision)).status).toBe('safe');
      }),
      runs,
    );
    expect(made).toBeGreaterThan(10);
  });

  test('the audit finds what an enumeration finds, whatever is hidden', async () => {
    let exposed = 0;
    await fc.assert(
      fc.asyncProperty(counts, zeros, fc.array(fc.nat(30)), fc.boolean(), async (rows, zeros, picks, primary) => {
        const problem = table(rows, { zeros, threshold: 3 });
        const may = problem.cells.filter(({ value }) => value > 0 || zeros !== 'printed').map(({ id }) => id);
        const small = problem.cells
          .filter(({ value }) => value < 3 && (value > 0 || zeros === 'hidden'))
          .map(({ id }) => id);
        const suppressed = [...new Set([...(primary ? small : []), ...picks.flatMap((pick) => may[pick] ?? [])])];
        const truth = fallen(problem, suppressed, 2);
        exposed += Math.min(1, truth.length);
        const verdict = await audit(problem, { suppressed });
        expect(verdict.exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort()).toEqual(truth);
        expect(verdict.status).toBe(truth.length === 0 ? 'safe' : 'exposed');
      }),
      runs,
    );
    expect(exposed).toBeGreaterThan(10);
  });
});

describe('range and told, against every table that fits', () => {
  test('range: no sensitive count is proved small, and no narrow interval is left', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(counts, zeros, async (rows, zeros) => {
        const problem = table(rows, { zeros, threshold: 3, protect: 'range' });
        const decision = await protect(problem);
        if (decision.status === 'refused') {
          const everything = problem.cells.filter(({ value }) => value > 0 || zeros !== 'printed').map(({ id }) => id);
          expect(decision.exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort()).toEqual(
            fallen(problem, everything, 3),
          );
          return;
        }
        made++;
        expect(fallen(problem, decision.suppressed, 3)).toEqual([]);
        expect((await audit(problem, decision)).status).toBe('safe');
      }),
      { numRuns: 25, seed: 7 },
    );
    expect(made).toBeGreaterThan(5);
  });

  test('the audit of a range finds what an enumeration finds', async () => {
    let exposed = 0;
    await fc.assert(
      fc.asyncProperty(counts, fc.array(fc.nat(30)), async (rows, picks) => {
        const problem = table(rows, { threshold: 3, protect: 'range' });
        const small = problem.cells.filter(({ value }) => value < 3 && value > 0).map(({ id }) => id);
        const may = problem.cells.filter(({ value }) => value > 0).map(({ id }) => id);
        const suppressed = [...new Set([...small, ...picks.flatMap((pick) => may[pick] ?? [])])];
        const truth = fallen(problem, suppressed, 3);
        exposed += Math.min(1, truth.length);
        const verdict = await audit(problem, { suppressed });
        expect(verdict.exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort()).toEqual(truth);
      }),
      { numRuns: 25, seed: 8 },
    );
    expect(exposed).toBeGreaterThan(5);
  });

  test('told: nobody who was told which counts are small can compute one', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(counts, async (rows) => {
        const problem = table(rows, { threshold: 3, told: true });
        const decision = await protect(problem);
        if (decision.status === 'refused') {
          const everything = problem.cells.filter(({ value }) => value > 0).map(({ id }) => id);
          expect(decision.exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort()).toEqual(
            fallen(problem, everything, 2, true),
          );
          return;
        }
        made++;
        expect(fallen(problem, decision.suppressed, 2, true)).toEqual([]);
        expect(fallen(problem, decision.suppressed, 2)).toEqual([]);
        expect((await audit(problem, decision)).status).toBe('safe');
      }),
      { numRuns: 25, seed: 9 },
    );
    expect(made).toBeGreaterThan(5);
  });

  test('told: where zeros are hidden they are told apart from no small count', async () => {
    let zeros = 0;
    await fc.assert(
      fc.asyncProperty(counts, async (rows) => {
        const problem = table(rows, { threshold: 3, told: true, zeros: 'hidden' });
        const decision = await protect(problem);
        const suppressed = decision.status === 'refused' ? problem.cells.map(({ id }) => id) : decision.suppressed;
        const exposed = decision.status === 'refused' ? decision.exposed : [];
        const pairs = exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort();
        expect(
          [...new Set([...fallen(problem, suppressed, 2, true), ...fallen(problem, suppressed, 2)])].sort(),
        ).toEqual(pairs);
        if (decision.status === 'protected') zeros += problem.cells.filter(({ value }) => value === 0).length;
      }),
      { numRuns: 25, seed: 10 },
    );
    expect(zeros).toBeGreaterThan(10);
  });

  test('told: a hidden 5 over five counts of one is beyond help, and said to be', async () => {
    const parts = ['a', 'b', 'c', 'd', 'e'];
    const problem: Problem = {
      cells: [...parts.map((id) => ({ id, value: 1 })), { id: 't', value: 5 }],
      equations: [{ total: 't', parts }],
      ranges: [],
      attackers: [],
      policy: { threshold: 6, zeros: 'printed', protect: 'range', told: true, insiders: true },
    };
    const decision = await protect(problem);
    expect(decision).toMatchObject({ status: 'refused' });
    expect(decision.status === 'refused' && decision.exposed.map(({ id }) => id)).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
      't',
    ]);
    expect(await protect({ ...problem, policy: { ...problem.policy, told: false } })).toMatchObject({
      status: 'protected',
    });
    expect((await audit(problem, { suppressed: [...parts, 't'] })).exposed).toHaveLength(6);
  });
});

describe('ranges, coefficients and constants', () => {
  test('a range that everyone knows can give a count away, and then more is hidden', async () => {
    const base = table(
      [
        [2, 20, 15],
        [30, 40, 9],
        [11, 12, 8],
      ],
      {},
      false,
    );
    const { suppressed } = await protectedOf(base);
    // One hidden neighbour is known to within nothing: it is no cover any more.
    const cover = suppressed.find((id) => id !== 'a0c0' && id.startsWith('a0'))!;
    const value = base.cells.find(({ id }) => id === cover)!.value;
    const tight = { ...base, ranges: [{ terms: [[cover, 1]] as [string, number][], lo: value, hi: value }] };
    expect((await audit(tight, { suppressed })).status).toBe('exposed');
    expect(fallen(tight, suppressed, 3)).toContain('a0c0 outsider');
    const again = await protectedOf(tight);
    expect(fallen(tight, again.suppressed, 6)).toEqual([]);
  });

  test('coefficients that leave only every second count are understood', async () => {
    const problem: Problem = {
      cells: [
        { id: 'a', value: 2 },
        { id: 'b', value: 7 },
        { id: 't', value: 27, locked: 'published' },
      ],
      // 27 = 3a + 2b + 7: a goes in steps of two.
      equations: [{ total: 't', parts: ['a', 'b'], coefs: [3, 2], const: 7 }],
      ranges: [],
      attackers: [],
      policy,
    };
    expect((await audit(problem, { suppressed: ['a', 'b'] })).status).toBe('safe');
    expect((await protectedOf(problem)).suppressed).toEqual(['a', 'b']);
    const odd = { ...problem, ranges: [{ terms: [['a', 1]] as [string, number][], lo: 1, hi: 3 }] };
    expect((await audit(odd, { suppressed: ['a', 'b'] })).exposed).toEqual([
      { id: 'a', attacker: 'outsider', interval: [2, 2] },
    ]);
    expect(await protect(odd)).toMatchObject({ status: 'refused', exposed: [{ id: 'a', attacker: 'outsider' }] });
  });

  test('the same judgement as an enumeration, with random ranges and circles', async () => {
    let safe = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 3, maxLength: 3 }), {
          minLength: 2,
          maxLength: 2,
        }),
        fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.integer({ min: -2, max: 2 }), fc.nat(4), fc.nat(4)), {
          maxLength: 3,
        }),
        async (rows, picks) => {
          const base = table(rows, { threshold: 3 });
          const ranges = picks.map(([x, y, coefficient, below, above]) => {
            const [first, second] = [base.cells[x]!, base.cells[y]!];
            const now = first.value + coefficient * second.value;
            return {
              terms: [
                [first.id, 1],
                [second.id, coefficient],
              ] as [string, number][],
              lo: now - below,
              hi: now + above,
            };
          });
          const problem = { ...base, ranges, attackers: [{ name: 'board', knows: ['A0', 'A1'] }] };
          const decision = await protect(problem);
          if (decision.status === 'refused') {
            const everything = problem.cells.filter(({ value }) => value > 0).map(({ id }) => id);
            expect(decision.exposed.map(({ id, attacker }) => `${id} ${attacker}`).sort()).toEqual(
              fallen(problem, everything, 5),
            );
            return;
          }
          safe++;
          expect(fallen(problem, decision.suppressed, 5)).toEqual([]);
          expect((await audit(problem, decision)).status).toBe('safe');
        },
      ),
      { numRuns: 40, seed: 11 },
    );
    expect(safe).toBeGreaterThan(3);
  });
});

describe('an earlier answer to start from', () => {
  /** Two tables that share nothing. */
  const two = (left: number[][], right: number[][], more: Partial<Policy>): Problem => {
    const parts = Object.entries({ left: table(left, more), right: table(right, more) });
    return {
      ...parts[0]![1],
      cells: parts.flatMap(([name, { cells }]) => cells.map((cell) => ({ ...cell, id: `${name} ${cell.id}` }))),
      equations: parts.flatMap(([name, { equations }]) =>
        equations.map(({ total, parts }) => ({ total: `${name} ${total}`, parts: parts.map((id) => `${name} ${id}`) })),
      ),
    };
  };
  const left = [
    [2, 20, 15, 7],
    [30, 3, 9, 8],
    [11, 12, 1, 33],
    [9, 17, 21, 5],
  ];
  const right = [
    [3, 14, 25, 6],
    [8, 19, 2, 31],
    [27, 7, 16, 4],
    [1, 22, 13, 5],
  ];
  /** The second authority has one small count less, and another a new one. */
  const later = [
    [3, 14, 25, 6],
    [8, 19, 12, 31],
    [27, 2, 16, 4],
    [1, 22, 13, 5],
  ];

  test.each(['exact', 'range'] as const)(
    'is enough where nothing changed, and mended where it did (%s)',
    async (rule) => {
      const first = await protectedOf(two(left, right, { protect: rule }));
      expect(await protect(two(left, right, { protect: rule }), { start: first })).toMatchObject({
        status: 'protected',
        suppressed: first.suppressed,
      });
      const changed = two(left, later, { protect: rule });
      // By itself the earlier answer does not do.
      expect((await audit(changed, { suppressed: first.suppressed })).status).toBe('exposed');
      const again = await protect(changed, { start: first });
      if (again.status !== 'protected') throw new Error('refused');
      expect(await audit(changed, again)).toMatchObject({ status: 'safe' });
      const ofLeft = (ids: readonly string[]) => ids.filter((id) => id.startsWith('left'));
      expect(ofLeft(again.suppressed)).toEqual(ofLeft(first.suppressed));
    },
  );

  test('that leaves most open is laid aside', async () => {
    const problem = sampleProblem({ seed: 5, authorities: 4, breakdowns: [5, 3] });
    const anew = await protectedOf(problem);
    const small = problem.cells
      .filter(({ value }) => value > 0 && value < problem.policy.threshold)
      .map(({ id }) => id);
    const one = anew.suppressed.find((id) => !small.includes(id))!;
    const again = await protect(problem, { start: { suppressed: [...small, one] } });
    expect(again).toMatchObject({ status: 'protected', suppressed: anew.suppressed });
  });

  test('that shows all but little is mended there, and what is hidden elsewhere stays', async () => {
    const problem = sampleProblem({ seed: 5, authorities: 8, breakdowns: [5, 3] });
    const first = await protectedOf(problem);
    const must = new Set(
      problem.cells.filter(({ value }) => value > 0 && value < problem.policy.threshold).map(({ id }) => id),
    );
    const complementary = first.suppressed.filter((id) => !must.has(id));
    expect(complementary.length).toBeGreaterThan(2);
    // One cell of the earlier answer is missing: what leaned on it is mended, and every other cell of it is still there.
    const [missing] = complementary;
    const start = { suppressed: first.suppressed.filter((id) => id !== missing), certificate: first.certificate };
    const again = await protect(problem, { start });
    if (again.status !== 'protected') throw new Error('refused');
    expect(await audit(problem, again)).toMatchObject({ status: 'safe' });
    expect(again.suppressed.length).toBeLessThanOrEqual(first.suppressed.length + 1);
    const kept = again.suppressed.filter((id) => first.suppressed.includes(id));
    expect(kept.length).toBeGreaterThanOrEqual(first.suppressed.length - 3);
  });

  test('that hides nothing, everything or what nobody knows does no harm', async () => {
    const problem = sampleProblem({ seed: 5, authorities: 4, breakdowns: [5, 3] });
    const zeros = problem.cells.filter(({ value }) => value === 0).map(({ id }) => id);
    for (const start of [[], problem.cells.map(({ id }) => id), ['nobody knows this']]) {
      const decision = await protect(problem, { start: { suppressed: start } });
      if (decision.status !== 'protected') throw new Error('refused');
      expect(await audit(problem, decision)).toMatchObject({ status: 'safe' });
      expect(decision.suppressed.filter((id) => zeros.includes(id))).toEqual([]);
    }
  });
});
