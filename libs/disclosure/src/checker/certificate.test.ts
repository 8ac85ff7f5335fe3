import * as fc from 'fast-check';
import { checkCertificate, protect, type Certificate, type Problem, type Protected } from '../index';
import { sampleProblem } from '../sample.builder';
import { leastCount } from './reading';

/** Sample tables of every rule, with a circle and an agency that knows a category everywhere. */
const problems: readonly [string, Problem][] = (
  [
    { protect: 'exact', told: false },
    { protect: 'exact', told: true },
    { protect: 'range', told: false },
    { protect: 'range', told: true },
  ] as const
).map((policy, i) => {
  const sample = sampleProblem({ seed: [7, 10, 3, 12][i]!, authorities: 5, breakdowns: [4, 3], largest: 40, policy });
  const problem: Problem = {
    ...sample,
    cells: sample.cells.map((cell) => (cell.id.startsWith('I0.B0.C1.A') ? { ...cell, knowers: ['police'] } : cell)),
    attackers: [{ name: 'board', knows: ['A00', 'A01'] }],
  };
  return [`${policy.protect}${policy.told ? ' and told' : ''}`, problem];
});

describe.each(problems)('a certificate for %s', (_, problem) => {
  let decision: Protected;
  beforeAll(async () => {
    const made = await protect(problem);
    if (made.status !== 'protected') throw new Error('the sample cannot be protected');
    decision = made;
  });
  const judge = (certificate: Certificate) => checkCertificate(problem, decision, certificate);

  test('holds, for every stranger of every sensitive cell', () => {
    const { certificate } = decision;
    expect(certificate.covers.length).toBeGreaterThan(20);
    expect(judge(certificate)).toEqual({ status: 'safe', exposed: [] });
  });

  test('holds in whichever order its covers stand', () => {
    const { certificate } = decision;
    expect(judge({ ...certificate, covers: [...certificate.covers].reverse() }).status).toBe('safe');
  });

  test('does not hold with any single number changed', () => {
    const { certificate } = decision;
    // Every place where a number stands, and any other number there.
    const places: ((change: number) => Certificate)[] = [
      ...certificate.witnesses.flatMap((witness, i) =>
        Object.keys(witness.values).map((id) => (change: number) => {
          const values = { ...witness.values, [id]: witness.values[id]! + change };
          return { ...certificate, witnesses: certificate.witnesses.with(i, { ...witness, values }) };
        }),
      ),
      ...certificate.covers.flatMap((cover, i) =>
        (['low', 'high'] as const).map((end) => (change: number) => ({
          ...certificate,
          covers: certificate.covers.with(i, { ...cover, [end]: cover[end] + change }),
        })),
      ),
    ];
    const change = fc.oneof(fc.constantFrom(1, -1, 0.5, NaN, Infinity), fc.integer({ min: -40, max: 40 }));
    fc.assert(
      fc.property(fc.nat(places.length - 1), change.filter(Boolean), (at, by) => {
        expect(judge(places[at]!(by)).status).toBe('exposed');
      }),
      { numRuns: 250, seed: 1 },
    );
  });

  test('does not hold with anything dropped, doubled, swapped or added', () => {
    const { certificate } = decision;
    const { witnesses, covers } = certificate;
    const anyTwo = fc.tuple(fc.nat(witnesses.length - 1), fc.nat(witnesses.length - 1));
    const anyCovers = fc.tuple(fc.nat(covers.length - 1), fc.nat(covers.length - 1));
    const refused = (changed: Certificate) => expect(judge(changed).status).toBe('exposed');
    fc.assert(
      fc.property(anyTwo, anyCovers, ([i, j], [c, d]) => {
        const [table, other] = [witnesses[i]!, witnesses[j]!];
        const [cover, second] = [covers[c]!, covers[d]!];
        refused({ ...certificate, witnesses: witnesses.toSpliced(i, 1) });
        refused({ ...certificate, witnesses: [...witnesses, table] });
        refused({ ...certificate, covers: covers.toSpliced(c, 1) });
        refused({ ...certificate, covers: [...covers, cover] });
        refused({ ...certificate, covers: [...covers, { ...cover, attacker: 'nobody' }] });
        refused({ ...certificate, covers: [...covers, { ...cover, cell: 'nowhere' }] });
        refused({ ...certificate, witnesses: [...witnesses, { attacker: 'outsider', values: {} }] });
        refused({ ...certificate, witnesses: witnesses.with(i, { ...table, attacker: 'nobody' }) });
        refused({
          ...certificate,
          witnesses: witnesses.with(i, { ...table, values: { ...table.values, nowhere: 3 } }),
        });
        // Naming a cell with the count that it has says nothing; that, too, is not how a table is written.
        const still = problem.cells.find(({ id }) => table.values[id] === undefined)!;
        refused({
          ...certificate,
          witnesses: witnesses.with(i, { ...table, values: { ...table.values, [still.id]: still.value } }),
        });
        if (table.attacker !== other.attacker) {
          const swapped = witnesses
            .with(i, { ...table, attacker: other.attacker })
            .with(j, { ...other, attacker: table.attacker });
          refused({ ...certificate, witnesses: swapped });
        }
        if (cover.attacker !== second.attacker) {
          const swapped = covers
            .with(c, { ...cover, attacker: second.attacker })
            .with(d, { ...second, attacker: cover.attacker });
          refused({ ...certificate, covers: swapped });
        }
      }),
      { numRuns: 15, seed: 2 },
    );
  });

  test('says nothing of another release, nor of other counts', () => {
    for (const id of decision.suppressed) {
      const suppressed = decision.suppressed.filter((each) => each !== id);
      expect(checkCertificate(problem, { suppressed }, decision.certificate).status).toBe('exposed');
    }
    problem.cells.forEach((cell, i) => {
      const cells = problem.cells.with(i, { ...cell, value: cell.value + 1 });
      expect(checkCertificate({ ...problem, cells }, decision, decision.certificate).status).toBe('exposed');
    });
  });
});

describe('a release that nothing can be shown about', () => {
  const cells: Problem['cells'] = [
    { id: 'a', value: 2 },
    { id: 'b', value: 20 },
    { id: 'nil', value: 0 },
    { id: 'kept', value: 30, locked: 'suppressed' },
    { id: 'seen', value: 40, locked: 'published' },
  ];
  const problem: Problem = {
    cells,
    equations: [],
    ranges: [],
    attackers: [],
    policy: { threshold: 6, zeros: 'printed', protect: 'exact', told: false, insiders: true },
  };
  const certificate: Certificate = {
    v: 1,
    witnesses: [
      { attacker: 'outsider', values: {} },
      { attacker: 'outsider', values: { a: 3 } },
    ],
    covers: [{ cell: 'a', attacker: 'outsider', low: 0, high: 1 }],
  };

  test('the certificate itself would hold', () => {
    expect(checkCertificate(problem, { suppressed: ['a', 'kept'] }, certificate).status).toBe('safe');
  });

  test.each<[string, string[], Partial<Problem>?]>([
    ['an unknown cell is hidden', ['a', 'kept', 'x']],
    ['a cell locked as printed is hidden', ['a', 'kept', 'seen']],
    ['a zero is hidden where everyone knows that zeros are printed', ['a', 'kept', 'nil']],
    ['a cell locked as hidden is printed', ['a']],
    ['an id is given twice', ['a', 'kept'], { cells: [...cells, cells[1]!] }],
    ['a count is not whole, or below nothing', ['a', 'kept'], { cells: cells.with(1, { id: 'b', value: 2.5 }) }],
    ['the counts do not meet an equation or range', ['a', 'kept'], { equations: [{ total: 'b', parts: ['seen'] }] }],
    ['an equation or range names an unknown cell', ['a', 'kept'], { ranges: [{ terms: [['x', 1]], lo: -5 }] }],
  ])('%s', (fault, suppressed, more = {}) => {
    const verdict = checkCertificate({ ...problem, ...more }, { suppressed }, certificate);
    expect(verdict).toMatchObject({ status: 'exposed', fault });
  });
});

test.each([
  [6, 1, 6],
  [6, 0.1, 60],
  [5, 0.3, 17],
  [6, 2.5, 3],
  [6, 7, 1],
  [6, 1e-7, 60_000_000],
  [6, 1e12, 1],
])('%d in units of %d is reached at %d', (threshold, unit, least) => {
  expect(leastCount(threshold, unit)).toBe(least);
});
