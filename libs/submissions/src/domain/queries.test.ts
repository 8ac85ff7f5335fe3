import { rules } from '@hub/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { contractsFolder } from '@hub/contracts';
import { modifiedZ, queriesAbout, type OwnFigures } from './queries';
import { rulesPage } from './rules';

const map = (short: Readonly<Record<string, number>>) =>
  new Map(Object.entries(short).map(([key, value]) => [key.includes('#') ? key : `${key}#count`, BigInt(value)]));
const asked = (
  now: Readonly<Record<string, number>>,
  previous: Readonly<Record<string, number>> = {},
  history: Readonly<Record<string, readonly number[]>> = {},
) => {
  const earlier = new Map(Object.entries(history).map(([key, values]) => [`${key}#count`, values.map(BigInt)]));
  const figures: OwnFigures = {
    now: map(now),
    previous: map(previous),
    history: earlier,
    scaleOf: (code) => (code.startsWith('WF') ? 10 : 1),
  };
  return queriesAbout(figures).map(({ rule, key, expected }) => `${rule} ${key} ${String(expected)}`);
};

test('a count more than doubled or halved, by more than 20, is asked about', () => {
  const rule = 'change-against-previous RF01#count 30';
  expect([61, 60, 9, 10].map((now) => asked({ RF01: now }, { RF01: 30 }))).toEqual([[rule], [], [rule], []]);
  // 30.0 and 61.0 posts, in tenths; a jump of 20.5 posts is one, of 20 posts is none.
  expect(asked({ WF01: 610 }, { WF01: 300 })).toHaveLength(1);
  expect([asked({ WF01: 215 }, { WF01: 10 }), asked({ WF01: 210 }, { WF01: 10 })].map(({ length }) => length)).toEqual([
    1, 0,
  ]);
});

describe('a total beside the own last eight periods', () => {
  const eight = [100, 104, 98, 101, 97, 103, 99, 102];
  test('is asked about beyond a modified z-score of 3.5', () => {
    // Median 100.5, median distance 2: 0.6745 × 11.5 / 2 is 3.88, and 10.5 gives 3.54 and lies 10.5 away.
    expect(asked({ RF01: 112 }, {}, { RF01: eight })).toEqual(['unusual-against-own-history RF01#count 100.5']);
    expect(asked({ RF01: 110 }, {}, { RF01: eight })).toEqual([]);
    expect(modifiedZ(112, eight)).toBeCloseTo((0.6745 * 11.5) / 2, 10);
  });
  test('is not where the history is short, the distance small, or it is a category', () => {
    expect(asked({ RF01: 150 }, {}, { RF01: eight.slice(0, 4) })).toEqual([]);
    expect(asked({ RF01: 10 }, {}, { RF01: [1, 1, 2, 1, 1, 2, 1, 1] })).toEqual([]);
    expect(asked({ 'RF01|source=police': 150 }, {}, { 'RF01|source=police': eight })).toEqual([]);
  });
  test('nor twice for one jump, nor by periods older than eight', () => {
    expect(asked({ RF01: 400 }, { RF01: 100 }, { RF01: eight })).toEqual(['change-against-previous RF01#count 100']);
    expect(asked({ RF01: 101 }, {}, { RF01: [...eight, 9000, 9000, 9000] })).toEqual([]);
  });
  test('where all are alike there is no measure', () => expect(modifiedZ(5, [4, 4, 4, 4, 4])).toBeUndefined());
  test('moves and stretches with its values', () => {
    const values = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 5, maxLength: 8 });
    fc.assert(
      fc.property(values, fc.nat(500), fc.integer({ min: 1, max: 9 }), fc.nat(100), (all, value, by, plus) => {
        const moved = (one: number) => one * by + plus;
        expect(modifiedZ(moved(value), all.map(moved)) ?? NaN).toBeCloseTo(modifiedZ(value, all) ?? NaN, 6);
      }),
    );
  });
});

test('what was open, with what started and without what ended, is what is open now', () => {
  const now = { CP01: 210, CP02: 60, 'CP05#of': 50, LA01: 400, LA02: 20, LA03: 20 };
  expect(asked(now, { CP01: 200, LA01: 400 })).toEqual([]);
  expect(asked({ ...now, CP01: 206 }, { CP01: 200 })).toEqual([]);
  expect(asked({ ...now, CP01: 204 }, { CP01: 200 })).toEqual(['does-not-carry-on CP01#count 210']);
  expect(asked({ ...now, LA01: 409 }, { LA01: 400 })).toEqual(['does-not-carry-on LA01#count 400']);
  expect(asked({ CP01: 100, CP02: 60 }, { CP01: 190 })).toEqual([]);
});

test('a return that is the last one again is asked about once', () => {
  const many = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`RF01|age=${i}`, i * 3]));
  expect(asked(many, many)).toEqual(['copy-of-the-last-return RF01|age=1#count 3']);
  // One count that differs is enough, whichever it is.
  for (const [key, count] of Object.entries(many)) expect(asked({ ...many, [key]: count + 1 }, many)).toEqual([]);
  const few = { RF01: 4, RF02: 2 };
  expect(asked(few, few)).toEqual([]);
});

describe('a figure beside what is printed', () => {
  const range = { lowest: 10, highest: 50, of: 'the region’s authorities, 2025-Q1' };
  const within = (value: number, step: number, ranges = [range], earlier: Record<string, number> = {}) =>
    queriesAbout({
      now: map({ RF01: 100 }),
      previous: map(earlier),
      history: new Map(),
      scaleOf: () => 1,
      printed: new Map([['RF01', ranges]]),
      measured: () => ({ value, step }),
    }).map(({ rule, key, expected, found }) => [rule, key, expected, found]);

  test('is asked about beyond a quarter of the width of the range', () => {
    expect([60, 60.1, 0, -0.1].map((value) => within(value, 0.1).length)).toEqual([0, 1, 0, 1]);
    expect(within(70, 0.1)).toEqual([['outside-the-printed-range', 'RF01#count', range, 70]]);
  });
  test('is not where ten counts more or less would put it back', () => {
    // 25 beyond are 10 counts of 2.5, and more than 10 of 2.4.
    expect([2.5, 2.4].map((step) => within(75, step).length)).toEqual([0, 1]);
  });
  test('nor where a jump of the same count is asked about already', () => {
    expect(within(70, 0.1, [range], { RF01: 20 }).map(([rule]) => rule)).toEqual(['change-against-previous']);
  });
  test('is asked once, of the first range that it leaves', () => {
    const wide = { lowest: 0, highest: 400, of: 'England’s authorities, 2024-FY' };
    expect(within(70, 0.1, [wide, range]).map(([, , expected]) => expected)).toEqual([range]);
    expect(within(900, 0.1, [range, wide])).toHaveLength(1);
  });
});

test('every rule that a file of this library gives has its text, and its text its own code', () => {
  const known = Object.values(rules()).flatMap((list: unknown) =>
    Array.isArray(list) ? (list as { code: string }[]) : [],
  );
  const codes = known.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  const folder = join(contractsFolder, '..', 'libs');
  const checks = ['reading', 'refreshes', 'rows', 'sums', 'texts', 'asked', 'index'].map(
    (name) => `validate/${name}.ts`,
  );
  const sources = [...checks, 'payload.ts'].map((name) => join('submissions/src/domain', name));
  const ofFiles = ['make.ts', 'csv.ts', 'xlsx.ts'].map((name) => join('client/src/table', name));
  const given = [...sources, ...ofFiles].flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const calls =
      /(?:this\.error|this\.refused|reading\.error|reading\.refused|rule:|this\.once|refuse|NotATable|add)\(\s*(?:'(?:error|note)',\s*)?'([a-z-]+)'/g;
    return [...text.matchAll(calls)].map(([, code]) => code!).filter((code) => code !== 'error');
  });
  expect(given.length).toBeGreaterThan(60);
  expect([...new Set(given)].filter((code) => !codes.includes(code))).toEqual([]);
  for (const { code } of known) expect(rulesPage()).toContain(`### ${code}\n`);
});
