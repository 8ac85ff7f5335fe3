import {
  ProblemMalformed,
  isProtected,
  isSensitive,
  leastOf,
  parseCertificate,
  parseProblem,
  parseRelease,
  type Cell,
  type Policy,
} from './index';

const good = {
  cells: [
    { id: 'a', value: 3, owner: 'A', knowers: ['police'], cost: 2.5 },
    { id: 'b', value: 8, locked: 'published', unit: 0.5 },
    { id: 't', value: 11 },
    { id: 'n', value: 0 },
  ],
  equations: [{ total: 't', parts: ['a', 'b'], coefs: [1, 1], const: 0 }],
  ranges: [
    {
      terms: [
        ['a', 1],
        ['b', -1],
      ],
      lo: -9,
      hi: 5,
    },
  ],
  attackers: [{ name: 'board', knows: ['A'] }],
  policy: { threshold: 5, zeros: 'printed', protect: 'exact', told: false, insiders: true },
};

/** A copy with one member put at a path. */
function withAt(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(good)) as Record<string, unknown>;
  const steps = path.split('/').slice(1);
  const last = steps.pop()!;
  let at = copy;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

function refusalOf(json: unknown): ProblemMalformed {
  try {
    parseProblem(json);
  } catch (error) {
    if (error instanceof ProblemMalformed) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('reads a problem with every member, and fills in what the policy leaves out', () => {
  expect(parseProblem(good)).toEqual(good);
  const bare = { cells: [], equations: [], policy: {} };
  expect(parseProblem(bare)).toEqual({
    ...bare,
    ranges: [],
    attackers: [],
    policy: { threshold: 6, zeros: 'printed', protect: 'range', told: false, insiders: true },
  });
});

test.each([
  ['', 'unknown member', '/surprise', 1],
  ['/cells/0', 'unknown member', '/cells/0/colour', 'red'],
  ['/policy', 'unknown member', '/policy/threshhold', 5],
  ['/equations/0', 'unknown member', '/equations/0/weights', []],
  ['/ranges/0', 'unknown member', '/ranges/0/low', 1],
  ['/attackers/0', 'unknown member', '/attackers/0/owners', []],
  ['', 'member cells is missing', '/cells', undefined],
  ['', 'member equations is missing', '/equations', undefined],
  ['', 'member policy is missing', '/policy', undefined],
  ['/cells', 'expected a list', '/cells', {}],
  ['/cells/0', 'expected an object', '/cells/0', 7],
  ['/cells/0', 'member value is missing', '/cells/0/value', undefined],
  ['/cells/0/id', 'a text that is not empty', '/cells/0/id', ''],
  ['/cells/1/id', 'given twice', '/cells/1/id', 'a'],
  ['/cells/0/value', 'whole number', '/cells/0/value', 2.5],
  ['/cells/0/value', 'whole number', '/cells/0/value', '3'],
  ['/cells/0/value', 'never negative', '/cells/0/value', -3],
  ['/cells/0/value', 'too large', '/cells/0/value', 1e13],
  ['/cells/0/cost', '0 or more', '/cells/0/cost', -1],
  ['/cells/1/unit', 'above 0', '/cells/1/unit', 0],
  ['/cells/0/owner', 'this name is kept', '/cells/0/owner', 'outsider'],
  ['/cells/0/knowers/1', 'named twice', '/cells/0/knowers', ['p', 'p']],
  ['/cells/1/locked', 'expected one of', '/cells/1/locked', 'maybe'],
  ['/cells/0/sensitive', 'true or false', '/cells/0/sensitive', 1],
  ['/cells/3/locked', 'a zero is never hidden', '/cells/3/locked', 'suppressed'],
  ['/equations/0/total', 'no cell has this id', '/equations/0/total', 'x'],
  ['/equations/0/parts/1', 'no cell has this id', '/equations/0/parts', ['a', 'x']],
  ['/equations/0/coefs', 'one coefficient', '/equations/0/coefs', [1]],
  ['/equations/0/coefs/1', 'whole number', '/equations/0/coefs', [1, 0.5]],
  ['/equations/0', 'do not meet', '/equations/0/const', 1],
  ['/equations/0', 'do not meet', '/cells/2/value', 12],
  ['/ranges/0', 'outside this range', '/ranges/0/hi', -6],
  ['/ranges/0', 'outside this range', '/ranges/0/lo', -4],
  ['/ranges/0/terms/0/0', 'no cell has this id', '/ranges/0/terms', [['x', 1]]],
  ['/ranges/0/terms/0', 'an id and a coefficient', '/ranges/0/terms', [['a']]],
  ['/ranges/0', 'lo or hi', '/ranges/0', { terms: [] }],
  ['/attackers/0/name', 'has this name', '/attackers/0/name', 'police'],
  ['/policy/threshold', '1 or more', '/policy/threshold', 0],
  ['/policy/threshold', 'whole number', '/policy/threshold', 5.5],
  ['/policy/zeros', 'expected one of', '/policy/zeros', 'shown'],
  ['/policy/protect', 'expected one of', '/policy/protect', 'p-percent'],
  ['/policy/told', 'true or false', '/policy/told', 'yes'],
])('at "%s": %s (%s = %j)', (pointer, reason, path, value) => {
  const refusal = refusalOf(withAt(path, value));
  expect(refusal.pointer).toBe(pointer);
  expect(refusal.message).toContain(reason);
});

describe('a hierarchy that goes round', () => {
  const nil = (id: string) => ({ id, value: 0 });
  const problem = (equations: unknown[]) => ({
    ...good,
    cells: ['a', 'b', 'c', 'd'].map(nil),
    equations,
    ranges: [],
    attackers: [],
  });

  test.each([
    ['a total among its own parts', '/equations/0', [{ total: 'a', parts: ['a', 'b'] }]],
    [
      'over two sums',
      '/equations/1',
      [
        { total: 'a', parts: ['b', 'c'] },
        { total: 'b', parts: ['a', 'd'] },
      ],
    ],
    [
      'over three',
      '/equations/2',
      [
        { total: 'a', parts: ['b', 'd'] },
        { total: 'b', parts: ['c', 'd'] },
        { total: 'c', parts: ['a', 'd'] },
      ],
    ],
    [
      'under another name',
      '/equations/1',
      [
        { total: 'a', parts: ['b'] },
        { total: 'b', parts: ['a', 'c'] },
      ],
    ],
  ])('%s is refused, though zeros meet it', (_, pointer, equations) => {
    const refusal = refusalOf(problem(equations));
    expect([refusal.pointer, refusal.reason]).toEqual([pointer, 'a total is a part of itself, over the sums below it']);
  });

  test.each([
    [
      'one count under two names, both ways',
      [
        { total: 'a', parts: ['b'] },
        { total: 'b', parts: ['a'] },
      ],
    ],
    [
      'a part of two totals',
      [
        { total: 'a', parts: ['c', 'd'] },
        { total: 'b', parts: ['c', 'd'] },
      ],
    ],
    [
      'a total twice',
      [
        { total: 'a', parts: ['b', 'c'] },
        { total: 'a', parts: ['d', 'c'] },
      ],
    ],
    [
      'opening + started = closing + ended, quarter by quarter',
      [
        { total: 'a', parts: ['b', 'c', 'd'], coefs: [1, 1, -1] },
        { total: 'b', parts: ['a', 'c'], coefs: [1, -1] },
      ],
    ],
  ])('%s is none', (_, equations) => {
    expect(parseProblem(problem(equations)).equations).toHaveLength(2);
  });

  test('two sums that contradict each other cannot both be met', () => {
    const cells = [
      { id: 't', value: 5 },
      { id: 'a', value: 2 },
      { id: 'b', value: 3 },
      { id: 'c', value: 1 },
    ];
    const equations = [
      { total: 't', parts: ['a', 'b'] },
      { total: 't', parts: ['a', 'b', 'c'] },
    ];
    expect(refusalOf({ ...good, cells, equations, ranges: [] }).message).toBe(
      'the values do not meet this equation (at /equations/1)',
    );
  });
});

test('a message never repeats what was sent', () => {
  expect(refusalOf(withAt('/cells/0/locked', 'Jane Doe, 3 May')).message).not.toContain('Jane');
  expect(refusalOf(withAt('/Jane', 1)).message).not.toContain('Jane');
});

describe('what is sensitive', () => {
  const policy: Policy = { threshold: 5, zeros: 'printed', protect: 'exact', told: false, insiders: true };
  const cell = (value: number, more: Partial<Cell> = {}): Cell => ({ id: 'x', value, ...more });

  test.each([
    [0, 'printed', false],
    [0, 'either', false],
    [0, 'hidden', true],
    [1, 'printed', true],
    [4, 'printed', true],
    [5, 'printed', false],
  ] as const)('%i with zeros %s: %s', (value, zeros, verdict) =>
    expect(isSensitive(cell(value), { ...policy, zeros })).toBe(verdict),
  );

  test('a cell says so itself, and its unit scales the threshold', () => {
    expect(isSensitive(cell(90, { sensitive: true }), policy)).toBe(true);
    expect(isSensitive(cell(2, { sensitive: false }), policy)).toBe(false);
    expect(leastOf(cell(49, { unit: 0.1 }), policy)).toBe(50);
    expect(isSensitive(cell(49, { unit: 0.1 }), policy)).toBe(true);
    expect(isSensitive(cell(50, { unit: 0.1 }), policy)).toBe(false);
    expect(isSensitive(cell(2, { unit: 3 }), policy)).toBe(false);
  });

  test('what is printed anyway is not ours to protect', () => {
    expect(isProtected(cell(2, { locked: 'published' }), policy)).toBe(false);
    expect(isProtected(cell(2, { locked: 'unpublished' }), policy)).toBe(true);
  });
});

describe('a decision', () => {
  const problem = parseProblem({
    ...good,
    cells: [
      ...good.cells,
      { id: 'kept', value: 40, locked: 'suppressed' },
      { id: 'rest', value: 2, locked: 'unpublished' },
    ],
  });
  test.each([
    [['x'], '/decision/suppressed/0'],
    [['kept', 'a', 'a'], '/decision/suppressed/2'],
    [['kept', 'b'], '/decision/suppressed/1'],
    [['kept', 'n'], '/decision/suppressed/1'],
    [['a'], '/cells/4'],
    ['a', '/decision/suppressed'],
  ])('%j is refused at %s', (suppressed, pointer) => {
    expect(() => parseRelease({ suppressed }, problem)).toThrow(
      expect.objectContaining({ name: 'ProblemMalformed', pointer }),
    );
  });
  test('may name what nobody prints', () => {
    expect(parseRelease({ suppressed: ['kept', 'rest'] }, problem).suppressed).toEqual(['kept', 'rest']);
  });
});

test.each([
  [{ v: 2, witnesses: [], covers: [] }, '/certificate/v'],
  [{ v: 1, witnesses: [{ attacker: 'outsider', values: { a: 1.5 } }], covers: [] }, '/certificate/witnesses/0/values'],
  [{ v: 1, witnesses: [{ attacker: 'outsider', values: [] }], covers: [] }, '/certificate/witnesses/0/values'],
  [
    { v: 1, witnesses: [], covers: [{ cell: 'a', attacker: 'outsider', low: '0', high: 1 }] },
    '/certificate/covers/0/low',
  ],
  [{ v: 1, witnesses: [], covers: [], note: '' }, '/certificate'],
])('a certificate of another shape is malformed: %j', (json, pointer) => {
  expect(() => parseCertificate(json)).toThrow(expect.objectContaining({ name: 'ProblemMalformed', pointer }));
});
