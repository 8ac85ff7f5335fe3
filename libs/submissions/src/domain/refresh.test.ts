import * as fc from 'fast-check';
import { parsePeriod } from '@hub/kernel';
import { aDataset } from './validate.builder';
import { isEarlierOfTheYear, periodsRefreshed, takesRefresh } from './refresh';
import { validate, type Cell, type Standing, type ValidationContext } from './validate';

/** Earlier periods of the year, refreshed by rows of a later return. */

const period = parsePeriod('2025-Q3');
const dataset = aDataset;

type Row = Record<string, unknown>;
/** A whole return: referrals by source, conferences, plans open, started and ended, staff in post with their own denominator. */
const rowsOf = (n: Partial<typeof usual> = {}): Row[] => {
  const { police, other, conferences, plans, started, ended, vacant, posts } = { ...usual, ...n };
  return [
    { indicator: 'RF01', count: police + other },
    { indicator: 'RF01', breakdown: { source: 'police' }, count: police },
    { indicator: 'RF01', breakdown: { source: 'other' }, count: other },
    { indicator: 'SF03', count: conferences },
    { indicator: 'SF05', count: Math.min(conferences, 8), of: conferences },
    { indicator: 'CP01', count: plans },
    { indicator: 'CP02', count: started },
    { indicator: 'CP05', count: 0, of: ended },
    { indicator: 'WF01', count: vacant, of: posts },
  ];
};
const usual = { police: 40, other: 60, conferences: 20, plans: 100, started: 10, ended: 10, vacant: 2.5, posts: 20 };
const bodyOf = (rows: Row[], more: object = {}) => ({ rows, ...more });
const earlier = (named: string, rows: Row[]): Row[] => rows.map((row) => ({ ...row, period: named }));

const cellsOf = (rows: Row[]): Standing['cells'] => {
  const { cells, findings } = validate(bodyOf(rows), dataset, { period });
  expect(findings).toEqual([]);
  return new Map(cells.map(({ series, ...cell }) => [series, cell]));
};
const countsOf = (cells: Standing['cells']) =>
  new Map([...cells].flatMap(([series, { value }]) => (value === undefined ? [] : [[series, value] as const])));
const stands = (rows: Row[] = rowsOf(), before?: Row[]): Standing => ({
  cells: cellsOf(rows),
  ...(before ? { previous: countsOf(cellsOf(before)) } : {}),
});
const context = (more: Partial<ValidationContext> = {}): ValidationContext => ({
  period,
  refreshable: new Map([
    ['2025-Q1', stands()],
    ['2025-Q2', stands()],
  ]),
  ...more,
});
const told = (rows: Row[], more: Partial<ValidationContext> = {}, also: object = {}) =>
  validate(bodyOf([...rowsOf(), ...rows], also), dataset, context(more)).findings.map(
    ({ severity, rule, pointer }) => `${severity} ${rule} ${pointer}`,
  );
const refreshed = (rows: Row[], more: Partial<ValidationContext> = {}) =>
  validate(bodyOf([...rowsOf(), ...rows]), dataset, context(more)).refreshed;
const FIRST = `/rows/${rowsOf().length}`;

describe('which periods', () => {
  test.each([
    ['2025-Q1', '2025-Q3', true],
    ['2025-Q2', '2025-Q3', true],
    ['2025-Q3', '2025-Q3', false],
    ['2025-Q4', '2025-Q3', false],
    ['2024-Q4', '2025-Q1', false],
    ['2025-Q1', '2025-H2', false],
    ['2025-H1', '2025-H2', true],
    // January to March end the financial year that April began.
    ['2025-04', '2026-03', true],
    ['2026-03', '2026-04', false],
    ['2024-FY', '2025-FY', false],
    ['2024-CY', '2025-CY', false],
  ])('%s in a return of %s: %s', (one, other, expected) => {
    expect(isEarlierOfTheYear(parsePeriod(one), parsePeriod(other))).toBe(expected);
  });

  test('are found in the rows, the latest first, each once, whatever else stands there', () => {
    const rows = ['2025-Q1', 4, null, '2025-Q2', '2025-Q1', '2025-Q3', '2024-Q4', 'x', undefined].map((named) => ({
      period: named,
    }));
    expect(periodsRefreshed({ rows: [...rows, 'x', []] }, period).map(({ text }) => text)).toEqual([
      '2025-Q2',
      '2025-Q1',
    ]);
    expect(periodsRefreshed({ rows: 'x' }, period)).toEqual([]);
  });

  const times = { opens: '2025-07-01', closes: '2025-07-31', closedEarlyAt: null, checkUntil: null };
  const now = new Date('2025-07-10T12:00:00Z');
  test.each([
    ['published', 'provisional', true],
    ['published', 'revised', true],
    ['published', 'final', false],
    // Open again for its next edition; open for the first time.
    [null, 'revised', true],
    [null, 'final', true],
    [null, 'provisional', false],
    ['held', 'revised', true],
    ['held', 'provisional', false],
    ['compiling', 'revised', false],
    ['checked', 'revised', false],
  ] as const)('state %s, edition %s: %s', (state, edition, expected) => {
    expect(takesRefresh({ ...times, state, edition }, now)).toBe(expected);
  });
  test('and not while it is closed for its next edition', () => {
    const after = new Date('2025-08-10T12:00:00Z');
    expect(takesRefresh({ ...times, state: null, edition: 'revised' }, after)).toBe(false);
  });
});

describe('a refresh', () => {
  test('changes single cells, and leaves the whole period as it then stands', () => {
    const [only, ...more] = refreshed(earlier('2025-Q1', [{ indicator: 'SF03', count: 21 }]));
    expect([only!.period.text, more]).toEqual(['2025-Q1', []]);
    const wanted = cellsOf(rowsOf({ conferences: 21 }));
    expect(new Map(only!.cells.map(({ series, ...cell }) => [series, cell]))).toEqual(wanted);
  });

  test('that says what stands already changes nothing', () => {
    expect(refreshed(earlier('2025-Q1', rowsOf()))).toEqual([]);
    expect(told(earlier('2025-Q1', rowsOf()))).toEqual([]);
  });

  test.each<[string, Row[], string[]]>([
    ['of a total alone', [{ indicator: 'RF01', count: 101 }], [`error parts-do-not-sum ${FIRST}/count`]],
    [
      'of a category alone',
      [{ indicator: 'RF01', breakdown: { source: 'police' }, count: 41 }],
      [`error parts-do-not-sum ${FIRST}/count`],
    ],
    [
      'of a denominator under its part',
      [{ indicator: 'SF03', count: 7 }],
      [`error numerator-above-denominator ${FIRST}`],
    ],
    ['of a part with another denominator', [{ indicator: 'SF05', count: 5, of: 19 }], [`error of-differs ${FIRST}/of`]],
    [
      'against a rule of the dataset',
      [{ indicator: 'SF03', count: 120 }],
      [`error conferences-after-referrals ${FIRST}`],
    ],
    [
      'of an own denominator under its part',
      [{ indicator: 'WF01', count: 2.5, of: 2 }],
      [`error numerator-above-denominator ${FIRST}`],
    ],
    [
      'twice',
      [
        { indicator: 'SF03', count: 21 },
        { indicator: 'SF03', count: 22 },
      ],
      [`error duplicate-row /rows/${rowsOf().length + 1}`],
    ],
    ['of nothing known', [{ indicator: 'XX01', count: 21 }], [`error unknown-indicator ${FIRST}/indicator`]],
    ['that is no number', [{ indicator: 'SF03', count: 'x' }], [`error not-a-number ${FIRST}/count`]],
  ])('is held to the period as it stands with it: %s', (_what, rows, expected) => {
    expect(told(earlier('2025-Q1', rows))).toEqual(expected);
  });

  test('that mends all that hangs together is taken', () => {
    const rows = [
      { indicator: 'RF01', count: 101 },
      { indicator: 'RF01', breakdown: { source: 'police' }, count: 41 },
    ];
    expect(told(earlier('2025-Q1', rows))).toEqual([]);
  });

  test('needs a return to refresh, of a period that is offered, and says so once', () => {
    const rows = [
      { indicator: 'SF03', count: 21 },
      { indicator: 'CP01', count: 100 },
    ];
    const none = new Map([['2025-Q1', { cells: new Map() }]]);
    expect(told(earlier('2025-Q1', rows), { refreshable: none })).toEqual([
      `error refresh-without-return ${FIRST}/period`,
    ]);
    expect(told(earlier('2025-Q2', rows.slice(0, 1)), { refreshable: none })).toEqual([
      `error refresh-not-offered ${FIRST}/period`,
    ]);
    expect(told(earlier('2025-Q4', rows.slice(0, 1)))).toEqual([`error refresh-not-offered ${FIRST}/period`]);
  });

  test('is read without the hub too, where only its form can be told', () => {
    const offline = { refreshable: undefined };
    expect(told(earlier('2025-Q1', [{ indicator: 'RF01', count: 101 }]), offline)).toEqual([]);
    expect(told(earlier('2025-Q1', [{ indicator: 'RF01', count: -1 }]), offline)).toEqual([
      `error negative ${FIRST}/count`,
    ]);
    expect(told(earlier('2024-Q4', [{ indicator: 'RF01', count: 1 }]), offline)).toEqual([
      `error refresh-not-offered ${FIRST}/period`,
    ]);
    expect(refreshed(earlier('2025-Q1', [{ indicator: 'RF01', count: 101 }]), offline)).toEqual([]);
  });
});

describe('what is asked about a refresh', () => {
  const jump = earlier('2025-Q1', [{ indicator: 'SF03', count: 90 }]);
  const before = { refreshable: new Map([['2025-Q1', stands(rowsOf(), rowsOf())]]) };

  test('is asked of its own period before, at its own row, and answered there', () => {
    expect(told(jump, before)).toEqual([`query change-against-previous ${FIRST}`, `error query-unanswered ${FIRST}`]);
    const answer = { rule: 'change-against-previous', pointer: FIRST, answer: 'confirmed', text: 'Late entries.' };
    expect(told(jump, before, { explanations: [answer] })).toEqual([`query change-against-previous ${FIRST}`]);
  });

  test('is not what stood before and was asked about then', () => {
    // Its plans never carried on; nothing of them is sent.
    const odd = { refreshable: new Map([['2025-Q1', stands(rowsOf({ plans: 150 }), rowsOf())]]) };
    expect(told(earlier('2025-Q1', [{ indicator: 'SF03', count: 21 }]), odd)).toEqual([]);
    // Of the plans that ended it is asked, at the row that changed.
    expect(told(earlier('2025-Q1', [{ indicator: 'CP05', count: 0, of: 11 }]), odd)).toContain(
      `query does-not-carry-on ${FIRST}`,
    );
  });

  test('the period after it carries on from what it leaves', () => {
    const previous = countsOf(cellsOf(rowsOf({ plans: 140 })));
    const main = { previous, refreshable: new Map([['2025-Q2', stands(rowsOf({ plans: 140 }))]]) };
    expect(told([], main)).toEqual([
      expect.stringContaining('query does-not-carry-on'),
      expect.stringContaining('query-unanswered'),
    ]);
    expect(told(earlier('2025-Q2', [{ indicator: 'CP01', count: 100 }]), main)).toEqual([]);
    // And so do two that are refreshed together.
    const both = new Map([
      ['2025-Q1', stands(rowsOf({ plans: 140 }))],
      ['2025-Q2', stands(rowsOf(), rowsOf({ plans: 140 }))],
    ]);
    const rows = [
      ...earlier('2025-Q1', [{ indicator: 'CP01', count: 100 }]),
      ...earlier('2025-Q2', [{ indicator: 'CP01', count: 101 }]),
    ];
    expect(told(rows, { refreshable: both })).toEqual([]);
  });
});

test('a refresh is taken exactly when the period as a whole return would be, and leaves what that would', () => {
  const numbers = fc.record({
    police: fc.nat(60),
    other: fc.nat(60),
    conferences: fc.integer({ min: 8, max: 150 }),
    plans: fc.nat(200),
    started: fc.nat(30),
    ended: fc.nat(30),
    vacant: fc.nat(30).map((n) => n / 10),
    posts: fc.nat(30).map((n) => n / 10),
  });
  const keyOf = ({ indicator, breakdown }: Row) => JSON.stringify([indicator, breakdown]);
  fc.assert(
    fc.property(numbers, fc.subarray(rowsOf().map(keyOf)), (n, chosen) => {
      const changed = rowsOf(n).filter((row) => chosen.includes(keyOf(row)));
      const whole = rowsOf().map((row) => changed.find((one) => keyOf(one) === keyOf(row)) ?? row);
      // A row that is not sent is divided by what its denominator has become.
      const conferences = whole.find(({ indicator }) => indicator === 'SF03')!['count'];
      const asWhole = whole.map((row) =>
        row['indicator'] === 'SF05' && !chosen.includes(keyOf(row)) ? { ...row, of: conferences } : row,
      );
      const alone = validate(bodyOf(asWhole), dataset, { period: parsePeriod('2025-Q1') });
      const beside = validate(bodyOf([...rowsOf(), ...earlier('2025-Q1', changed)]), dataset, context());
      const rules = (all: typeof alone.findings) => all.map(({ rule }) => rule).sort();
      expect(rules(beside.findings)).toEqual(rules(alone.findings));
      const [left] = beside.refreshed;
      const byKey = (cells: readonly Cell[]) => new Map(cells.map((cell) => [cell.series, cell]));
      if (left) expect(byKey(left.cells)).toEqual(byKey(alone.cells));
      else if (!alone.findings.length)
        expect(byKey(alone.cells)).toEqual(
          new Map([...stands().cells].map(([series, cell]) => [series, { series, ...cell }])),
        );
    }),
    { numRuns: 300 },
  );
});
