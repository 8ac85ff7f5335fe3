import type { Cell, Equation, Policy, Problem } from '@hub/disclosure';

/*
 * Tables of the hub's kind with invented counts, each from a seed, and small nasty ones made by hand. Nothing here knows
 * how the engine works.
 */

/** A seeded table: authorities in regions × ages × (sex | ethnicity with a subtotal) × quarters with the year. */
export interface Shape {
  readonly seed: number;
  /** Authorities in each region; with several regions there is a nation above them. */
  readonly regions: readonly number[];
  readonly ages: number;
  /** Categories of each breakdown beside the total; of the second all but the first are summed to a subtotal too. */
  readonly sexes: number;
  readonly ethnicities?: number;
  readonly quarters: number;
  /** Children in a leaf of the first breakdown, on average. */
  readonly mean: number;
  /** Leaves whose region total is 1…merge go to the next leaf, as the hub merges rare categories. */
  readonly merge?: number;
  readonly policy?: Partial<Policy>;
}

const POLICY: Policy = { threshold: 6, zeros: 'printed', protect: 'exact', told: false, insiders: true };

/** A generator of numbers in [0, 1), the same for the same seed (xorshift128). */
function randomFrom(seed: number): () => number {
  const state = Uint32Array.of(seed ^ 0x2545f491, seed * 0x9e3779b1, 0x6c078965, 0x5d588b65);
  const next = () => {
    let t = state[3]!;
    const s = state[0]!;
    state.copyWithin(1, 0, 3);
    t ^= t << 11;
    t ^= t >>> 8;
    state[0] = t ^ s ^ (s >>> 19);
    return state[0] / 4294967296;
  };
  for (let i = 0; i < 20; i++) next();
  return next;
}

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let count = -1;
  for (let product = 1; product > Math.exp(-mean); product *= random()) count++;
  return count;
}

/** Weights around 1, a few of them much larger. */
const weights = (n: number, spread: number, random: () => number) =>
  Array.from({ length: n }, () => Math.exp(spread * normal(random) - (spread * spread) / 2));

export function regional(shape: Shape): Problem {
  const { seed, regions, ages, sexes, ethnicities = 0, quarters, mean, merge = 0 } = shape;
  const random = randomFrom(seed);
  const authorities = regions.flatMap((n, r) =>
    Array.from({ length: n }, (_, a) => ({ region: r, name: `A${r}-${a}` })),
  );
  const sizes = weights(authorities.length, 0.6, random);
  const byAge = weights(ages, 0.5, random);
  const bySex = weights(sexes, 0.3, random);
  const byEthnicity = weights(Math.max(1, ethnicities), 1, random);

  // Each child has an age, a sex and an ethnicity; sex and ethnicity are printed apart.
  const leaf = (u: number, a: number, s: number, e: number, q: number) =>
    (((u * ages + a) * sexes + s) * byEthnicity.length + e) * quarters + q;
  const counts = new Float64Array(authorities.length * ages * sexes * byEthnicity.length * quarters);
  authorities.forEach((_, u) => {
    for (let a = 0; a < ages; a++) {
      for (let s = 0; s < sexes; s++) {
        for (let e = 0; e < byEthnicity.length; e++) {
          const odd = Math.exp(normal(random) - 0.5); // what no margin foretells, so that small counts lie everywhere
          const rate = (mean / byEthnicity.length) * sizes[u]! * byAge[a]! * bySex[s]! * byEthnicity[e]! * odd;
          for (let q = 0; q < quarters; q++) counts[leaf(u, a, s, e, q)] = poisson(rate, random);
        }
      }
    }
  });
  if (merge > 0) mergeRare(counts, regions, authorities.length, merge);

  // The categories printed: a name and the leaves that it sums.
  const both = (s: number[], e: number[]) => s.flatMap((each) => e.map((other) => [each, other] as const));
  const everySex = [...Array(sexes).keys()];
  const everyEthnicity = [...byEthnicity.keys()];
  const categories = [
    { name: 'all', of: both(everySex, everyEthnicity) },
    ...everySex.map((s) => ({ name: `sex${s}`, of: both([s], everyEthnicity) })),
  ];
  const sums: [string, string[]][] = [['all', everySex.map((s) => `sex${s}`)]];
  if (ethnicities > 0) {
    const rest = everyEthnicity.slice(1);
    for (const e of everyEthnicity) categories.push({ name: `eth${e}`, of: both(everySex, [e]) });
    categories.push({ name: 'ethOther', of: both(everySex, rest) });
    sums.push(['ethOther', rest.map((e) => `eth${e}`)], ['all', ['eth0', 'ethOther']]);
  }
  const ageNames: [string, number[]][] = [
    ['all', [...Array(ages).keys()]],
    ...Array.from({ length: ages }, (_, a): [string, number[]] => [`age${a}`, [a]]),
  ];
  const quarterNames: [string, number[]][] = [
    ['year', [...Array(quarters).keys()]],
    ...Array.from({ length: quarters }, (_, q): [string, number[]] => [`q${q + 1}`, [q]]),
  ];

  const id = (unit: string, age: string, category: string, quarter: string) => `${unit}.${age}.${category}.${quarter}`;
  const units: { name: string; members: number[] }[] = authorities.map(({ name }, u) => ({ name, members: [u] }));
  regions.forEach((_, r) => {
    units.push({ name: `R${r}`, members: [...authorities.keys()].filter((u) => authorities[u]!.region === r) });
  });
  if (regions.length > 1) units.push({ name: 'N', members: [...authorities.keys()] });
  const cells: Cell[] = [];
  const equations: Equation[] = [];
  for (const { name, members } of units) {
    for (const [age, agesIn] of ageNames) {
      for (const { name: category, of } of categories) {
        for (const [quarter, quartersIn] of quarterNames) {
          let value = 0;
          const contributors = new Set<number>();
          for (const u of members) {
            for (const a of agesIn) {
              for (const [s, e] of of) {
                for (const q of quartersIn) {
                  const count = counts[leaf(u, a, s, e, q)]!;
                  if (count > 0) contributors.add(u);
                  value += count;
                }
              }
            }
          }
          // Beside printed zeros the one contributor of a total knows it.
          const owner = contributors.size === 1 ? authorities[[...contributors][0]!]!.name : undefined;
          const own = members.length === 1 && authorities[members[0]!]!.name === name ? name : owner;
          cells.push({ id: id(name, age, category, quarter), value, ...(own ? { owner: own } : {}) });
        }
      }
    }
    for (const [age] of ageNames) {
      for (const { name: category } of categories) {
        const quarterly = quarterNames.slice(1).map(([quarter]) => id(name, age, category, quarter));
        equations.push({ total: id(name, age, category, 'year'), parts: quarterly });
      }
      for (const [quarter] of quarterNames) {
        for (const [total, parts] of sums) {
          equations.push({
            total: id(name, age, total, quarter),
            parts: parts.map((category) => id(name, age, category, quarter)),
          });
        }
      }
    }
    for (const { name: category } of categories) {
      for (const [quarter] of quarterNames) {
        equations.push({
          total: id(name, 'all', category, quarter),
          parts: ageNames.slice(1).map(([age]) => id(name, age, category, quarter)),
        });
      }
    }
  }
  const above: [string, string[]][] = regions.map((_, r) => [
    `R${r}`,
    authorities.filter(({ region }) => region === r).map(({ name }) => name),
  ]);
  if (regions.length > 1) above.push(['N', regions.map((_, r) => `R${r}`)]);
  for (const [total, parts] of above) {
    for (const [age] of ageNames) {
      for (const { name: category } of categories) {
        for (const [quarter] of quarterNames) {
          equations.push({
            total: id(total, age, category, quarter),
            parts: parts.map((unit) => id(unit, age, category, quarter)),
          });
        }
      }
    }
  }
  return { cells, equations, ranges: [], attackers: [], policy: { ...POLICY, ...shape.policy } };
}

/** Moves the counts of leaves that are rare in a region to the next leaf, until none is rare. */
function mergeRare(counts: Float64Array, regions: readonly number[], authorities: number, merge: number): void {
  const leaves = counts.length / authorities;
  let first = 0;
  for (const many of regions) {
    for (let at = 0; at < leaves; at++) {
      let sum = 0;
      for (let u = first; u < first + many; u++) sum += counts[u * leaves + at]!;
      if (sum === 0 || sum > merge || at === leaves - 1) continue;
      for (let u = first; u < first + many; u++) {
        counts[u * leaves + at + 1]! += counts[u * leaves + at]!;
        counts[u * leaves + at] = 0;
      }
    }
    first += many;
  }
}

/** Authorities × categories with totals; the names of owners are A0, A1, … */
function grid(counts: readonly (readonly number[])[], policy: Partial<Policy> = {}): Problem {
  const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);
  const cells: Cell[] = [];
  const equations: Equation[] = [];
  counts.forEach((row, a) => {
    row.forEach((value, c) => cells.push({ id: `a${a}c${c}`, value, owner: `A${a}` }));
    cells.push({ id: `a${a}`, value: sum(row), owner: `A${a}` });
    equations.push({ total: `a${a}`, parts: row.map((_, c) => `a${a}c${c}`) });
  });
  counts[0]!.forEach((_, c) => {
    const column = counts.map((row) => row[c]!);
    const only = column.filter((value) => value > 0).length === 1 ? column.findIndex((value) => value > 0) : -1;
    cells.push({ id: `c${c}`, value: sum(column), ...(only < 0 ? {} : { owner: `A${only}` }) });
    equations.push({ total: `c${c}`, parts: counts.map((_, a) => `a${a}c${c}`) });
  });
  cells.push({ id: 'all', value: sum(counts.map(sum)) });
  equations.push({ total: 'all', parts: counts.map((_, a) => `a${a}`) });
  equations.push({ total: 'all', parts: counts[0]!.map((_, c) => `c${c}`) });
  return { cells, equations, ranges: [], attackers: [], policy: { ...POLICY, ...policy } };
}

const locked = (problem: Problem, locks: Readonly<Record<string, NonNullable<Cell['locked']>>>): Problem => ({
  ...problem,
  cells: problem.cells.map((cell) => (locks[cell.id] ? { ...cell, locked: locks[cell.id]! } : cell)),
});

/** The nasty ones, small enough that every set of hidden cells can be tried. */
export const handMade: Readonly<Record<string, () => Problem>> = {
  'one small cell': () =>
    grid([
      [2, 20, 15],
      [30, 40, 9],
      [11, 12, 8],
    ]),
  'one small cell, outsider only': () =>
    grid(
      [
        [2, 20, 15],
        [30, 40, 9],
        [11, 12, 8],
      ],
      { insiders: false },
    ),
  'one small cell, range': () =>
    grid(
      [
        [2, 20, 15],
        [30, 40, 9],
        [11, 12, 8],
      ],
      { protect: 'range' },
    ),
  'a row of zeros': () =>
    grid([
      [3, 12, 7],
      [0, 0, 0],
      [9, 4, 21],
    ]),
  'a block defeated by its totals': () =>
    grid(
      [
        [1, 1, 30],
        [1, 1, 40],
        [20, 30, 50],
      ],
      { insiders: false },
    ),
  'all small': () =>
    grid([
      [1, 2, 3],
      [2, 1, 2],
      [3, 4, 1],
    ]),
  'a diagonal of one contributor each': () =>
    grid([
      [4, 0, 0],
      [0, 3, 0],
      [0, 0, 5],
    ]),
  'two insiders in a column': () =>
    grid([
      [2, 14],
      [3, 25],
      [30, 17],
    ]),
  'a region of one authority': () => {
    const base = grid([
      [3, 12],
      [9, 17],
    ]);
    const other: Cell[] = ['c0', 'c1', 'all'].flatMap((id) => {
      const value = { c0: 4, c1: 11, all: 15 }[id]!;
      return [
        { id: `b-${id}`, value, owner: 'B' },
        { id: `n-${id}`, value: value + base.cells.find((cell) => cell.id === id)!.value },
      ];
    });
    const equations = ['c0', 'c1', 'all'].map((id) => ({ total: `n-${id}`, parts: [id, `b-${id}`] }));
    return {
      ...base,
      cells: [...base.cells, ...other],
      equations: [...base.equations, { total: 'b-all', parts: ['b-c0', 'b-c1'] }, ...equations],
    };
  },
  'nested and overlapping regions': () => {
    const base = grid([
      [2, 19],
      [13, 8],
      [7, 15],
    ]);
    const value = (id: string) => base.cells.find((cell) => cell.id === id)!.value;
    const board = ['c0', 'c1', ''].map((c) => ({ id: `north${c}`, value: value(`a0${c}`) + value(`a1${c}`) }));
    const other = ['c0', 'c1', ''].map((c) => ({ id: `east${c}`, value: value(`a1${c}`) + value(`a2${c}`) }));
    return {
      ...base,
      cells: [...base.cells, ...board, ...other],
      equations: [
        ...base.equations,
        ...['c0', 'c1', ''].map((c) => ({ total: `north${c}`, parts: [`a0${c}`, `a1${c}`] })),
        ...['c0', 'c1', ''].map((c) => ({ total: `east${c}`, parts: [`a1${c}`, `a2${c}`] })),
      ],
    };
  },
  'breakdowns sharing a margin': () => {
    const base = grid([
      [2, 19],
      [13, 8],
    ]);
    const split = { a0: [10, 11], a1: [14, 7] };
    const cells: Cell[] = Object.entries(split).flatMap(([unit, parts]) =>
      parts.map((value, s) => ({ id: `${unit}s${s}`, value, owner: `A${unit[1]}` })),
    );
    const sums = [0, 1].map((s) => ({ id: `s${s}`, value: split.a0[s]! + split.a1[s]! }));
    return {
      ...base,
      cells: [...base.cells, ...cells, ...sums],
      equations: [
        ...base.equations,
        ...['a0', 'a1'].map((unit) => ({ total: unit, parts: [`${unit}s0`, `${unit}s1`] })),
        ...[0, 1].map((s) => ({ total: `s${s}`, parts: [`a0s${s}`, `a1s${s}`] })),
        { total: 'all', parts: ['s0', 's1'] },
      ],
    };
  },
  'revised: an earlier release locks cells': () =>
    locked(
      grid([
        [2, 20, 15],
        [30, 40, 9],
        [11, 12, 8],
      ]),
      { a0c1: 'published', a1c2: 'suppressed', all: 'published' },
    ),
  'late: all but one authority was printed': () =>
    locked(
      grid([
        [2, 20],
        [30, 4],
        [11, 12],
      ]),
      { a1c0: 'published', a1: 'published', a2c0: 'published' },
    ),
  'a printed percentage with its base': () => {
    // 7 of 40 is printed as 18 %: 17.5 ≤ 100 · seen / all < 18.5, in whole numbers.
    const base = grid(
      [
        [7, 33],
        [4, 46],
        [12, 28],
      ],
      { protect: 'exact' },
    );
    return {
      ...base,
      ranges: [
        {
          terms: [
            ['a0c0', 200],
            ['a0', -35],
          ],
          lo: 0,
        },
        {
          terms: [
            ['a0c0', 200],
            ['a0', -37],
          ],
          hi: -1,
        },
      ],
    };
  },
};

const exact = { protect: 'exact' } as const;
const range = { protect: 'range' } as const;
const told = { protect: 'range', told: true } as const;

const SMALL = { regions: [3], ages: 2, sexes: 2, quarters: 2, mean: 12 };
const MIDDLE = { regions: [5], ages: 3, sexes: 2, quarters: 4, mean: 9 };
const SINGLE = { regions: [12], ages: 4, sexes: 2, quarters: 4, mean: 6 };
const LINKED = { regions: [5], ages: 3, sexes: 2, ethnicities: 4, quarters: 4, mean: 6 };
const LARGE = { regions: [4, 4, 4], ages: 5, sexes: 2, ethnicities: 5, quarters: 4, mean: 4.5 };
const HUGE = { regions: [5, 5, 5, 5], ages: 10, sexes: 3, ethnicities: 7, quarters: 4, mean: 6 };

/** The seeded ones, by the sizes in which the measures are given. */
export const seededTables: Readonly<Record<string, Shape>> = {
  '108 exact': { ...SMALL, seed: 1, policy: exact },
  '108 range': { ...SMALL, seed: 1, policy: range },
  '360 exact': { ...MIDDLE, seed: 2, policy: exact },
  '360 range': { ...MIDDLE, seed: 2, policy: range },
  '975 exact': { ...SINGLE, seed: 3, policy: exact },
  '975 range': { ...SINGLE, seed: 3, policy: range },
  '975 told': { ...SINGLE, seed: 3, merge: 6, policy: told },
  '975 told, range alone': { ...SINGLE, seed: 3, merge: 6, policy: range },
  '975 sparse': { ...SINGLE, seed: 4, mean: 1, policy: exact },
  '960 linked exact': { ...LINKED, seed: 5, policy: exact },
  '960 linked range': { ...LINKED, seed: 5, policy: range },
  '960 linked told': { ...LINKED, seed: 5, merge: 6, policy: told },
  '960 linked told, range alone': { ...LINKED, seed: 5, merge: 6, policy: range },
  '4320 exact': { ...LARGE, seed: 6, policy: exact },
  '4320 range': { ...LARGE, seed: 6, policy: range },
  '16500 exact': { ...HUGE, seed: 7, policy: exact },
};

/**
 * A table, and the same after one record more has come late: one authority's count and all totals above it are greater
 * by one. The count was neither nil nor small, so that nothing else of the problem changes.
 */
export function lateRecord(shape: Shape): readonly [Problem, Problem] {
  const before = regional(shape);
  const above = (leaf: string, ethnicity: readonly string[]): ((id: string) => boolean) => {
    const [unit, age, sex, quarter] = leaf.split('.') as [string, string, string, string];
    const names = [
      [unit, `R${unit.slice(1).split('-')[0]}`, 'N'],
      [age, 'all'],
      [sex, ...ethnicity, 'all'],
      [quarter, 'year'],
    ];
    return (id) => id.split('.').every((name, at) => names[at]!.includes(name));
  };
  const isLarge = (isAbove: (id: string) => boolean) =>
    before.cells.every(({ id, value }) => !isAbove(id) || value >= before.policy.threshold);
  const leaves = before.cells.map(({ id }) => id).filter((id) => /^A\S*\.age\d+\.sex\d+\.q\d+$/.test(id));
  const ethnicities = [['eth0'], ['eth1', 'ethOther'], ['eth2', 'ethOther'], ['eth3', 'ethOther']];
  const isAbove = leaves.flatMap((leaf) => ethnicities.map((each) => above(leaf, each))).find(isLarge)!;
  const cells = before.cells.map((cell) => (isAbove(cell.id) ? { ...cell, value: cell.value + 1 } : cell));
  return [before, { ...before, cells }];
}

/** So many tables of one shape side by side, with no equation between them: parts of a fixed size. */
export function copies(shape: Shape, times: number): Problem {
  const tables = Array.from({ length: times }, (_, i) => regional({ ...shape, seed: shape.seed + i }));
  return {
    ...tables[0]!,
    cells: tables.flatMap(({ cells }, i) => cells.map((cell) => ({ ...cell, id: `${i}/${cell.id}` }))),
    equations: tables.flatMap(({ equations }, i) =>
      equations.map(({ total, parts }) => ({ total: `${i}/${total}`, parts: parts.map((id) => `${i}/${id}`) })),
    ),
  };
}
