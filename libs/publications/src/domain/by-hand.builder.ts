import type { Dataset, Indicator } from '@hub/registry/domain';
import * as fc from 'fast-check';
import type { Cells, CompileInput } from './compile';

/** Of children, per 10,000 of all, unless said otherwise. */
export const indicator = (code: string, more: Partial<Indicator> = {}): Indicator => ({
  code,
  name: code,
  counts: 'children',
  people: 'children',
  unit: 'per10000',
  polarity: 'neutral',
  basis: 'flow',
  decimals: 0,
  denominator: { population: '0-17' },
  source: 'made by hand',
  breakdowns: [],
  ...more,
});
const percentage = (code: string, more: Partial<Indicator>): Indicator => indicator(code, { unit: 'percent', ...more });
export const byAge = { dimension: 'age', exhaustive: true } as const;

/** Small, and with one of everything that the real specifications have. */
export const dataset: Dataset = {
  v: 1,
  code: 'by-hand',
  version: '1.0',
  title: 'Made by hand',
  frequency: 'quarter',
  dimensions: {
    age: { name: 'Age', categories: ['young', 'old'].map((code) => ({ code, name: code })) },
    reason: { name: 'Reason', categories: ['x', 'y', 'z'].map((code) => ({ code, name: code })) },
  },
  indicators: [
    indicator('RF01', { breakdowns: [byAge] }),
    percentage('RF02', { denominator: { indicator: 'RF01' }, breakdowns: [byAge] }),
    percentage('AS02', {
      denominator: { indicator: 'RF01' },
      breakdowns: [{ dimension: 'reason', exhaustive: true, sumsTo: 'RF01' }],
    }),
    percentage('SV01', { denominator: { own: 'answers' }, sensitive: true, breakdowns: [byAge] }),
    percentage('AS05', {
      denominator: { indicator: 'AS05' },
      sensitive: true,
      breakdowns: [{ dimension: 'reason', exhaustive: false }],
    }),
    percentage('WF01', { people: 'staff', denominator: { own: 'posts' }, decimals: 1 }),
    percentage('WF02', { people: 'staff', denominator: { own: 'posts' }, decimals: 1 }),
  ],
  rules: [
    {
      code: 'two-bands',
      message: '.',
      terms: [
        ['AS02', 1],
        ['AS02|reason=x', -1],
        ['AS02|reason=y', -1],
      ],
      lower: 0,
      upper: 0,
    },
    {
      code: 'asked',
      message: '.',
      terms: [
        ['RF01', 1],
        ['SV01#of', -1],
      ],
      lower: 0,
    },
    {
      code: 'same-posts',
      message: '.',
      terms: [
        ['WF01#of', 1],
        ['WF02#of', -1],
      ],
      lower: 0,
      upper: 0,
    },
    {
      code: 'one-post',
      message: '.',
      terms: [
        ['WF01#of', 1],
        ['WF01', -1],
      ],
      lower: 1,
      upper: 90,
    },
  ],
};

export const [north, south, east] = ['E06000001', 'E06000002', 'E06000003'] as const;
export const authorities = [north, south, east];

/** What each has sent, in the form that `cells` takes: small counts and a nought among it. */
export const sentByHand: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  [north]: {
    RF01: 40,
    'RF01|age=young': 37,
    'RF01|age=old': 3,
    RF02: 12,
    'AS02|reason=x': 20,
    'AS02|reason=y': 16,
    'AS02|reason=z': 4,
  },
  [south]: {
    RF01: 60,
    'RF01|age=young': 48,
    'RF01|age=old': 12,
    RF02: 20,
    'AS02|reason=x': 31,
    'AS02|reason=y': 20,
    'AS02|reason=z': 9,
  },
  [east]: {
    RF01: 50,
    'RF01|age=young': 30,
    'RF01|age=old': 20,
    RF02: 47,
    'AS02|reason=x': 30,
    'AS02|reason=y': 0,
    'AS02|reason=z': 20,
  },
};
export const policy: CompileInput['policy'] = {
  threshold: 6,
  zeros: 'printed',
  protect: 'exact',
  told: false,
  leastContributors: 3,
  leastBase: 10,
  surveyThreshold: 10,
};

/** A return by short keys, `RF01|age=young` and `SV01#of`; a text is the reason why there is no number. */
export const cells = (short: Readonly<Record<string, number | 'notAvailable' | 'notCollected'>>): Cells =>
  new Map(
    Object.entries(short).map(([key, value]) => [
      key.includes('#') ? key : `${key}#count`,
      typeof value === 'number' ? { kind: 'value', value } : { kind: value },
    ]),
  );

/** A return that satisfies the dataset: whole, with statuses here and there. */
export const aReturn = fc
  .record({
    young: fc.nat(30),
    old: fc.nat(30),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
    posts: fc.integer({ min: 10, max: 900 }),
    without: fc.subarray(['RF02|age=old', 'AS02|reason=z', 'SV01', 'RF01|age=young', 'AS05|reason=y']),
  })
  .map(({ young, old, shares, posts, without }) => {
    const part = (i: number, of: number) => Math.floor(shares[i]! * of);
    const all = young + old;
    const [x, asked] = [part(0, all), [part(1, young), part(2, old)] as const];
    const y = part(3, all - x);
    const told = [part(4, asked[0]), part(5, asked[1])] as const;
    const [quick, late] = [part(6, young), part(7, old)];
    const factor = part(8, 60);
    return cells({
      RF01: all,
      'RF01|age=young': young,
      'RF01|age=old': old,
      RF02: quick + late,
      'RF02|age=young': quick,
      'RF02|age=old': late,
      AS02: x + y,
      'AS02|reason=x': x,
      'AS02|reason=y': y,
      'AS02|reason=z': all - x - y,
      SV01: told[0] + told[1],
      'SV01#of': asked[0] + asked[1],
      'SV01|age=young': told[0],
      'SV01|age=young#of': asked[0],
      'SV01|age=old': told[1],
      'SV01|age=old#of': asked[1],
      AS05: factor,
      'AS05|reason=x': part(9, factor),
      'AS05|reason=y': part(10, factor),
      'AS05|reason=z': factor,
      WF01: part(11, posts - 10),
      'WF01#of': posts,
      WF02: posts,
      'WF02#of': posts,
      ...Object.fromEntries(without.map((key) => [key, 'notAvailable' as const])),
    });
  });
