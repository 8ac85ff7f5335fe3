import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  audit,
  isSensitive,
  outerIntervals,
  printedTable,
  parseProblem,
  protect,
  readersProof,
  type Problem,
} from '@hub/disclosure';
import {
  datasetFaults,
  loadCatalogue,
  newestDataset,
  seriesKey,
  type Dataset,
  type Indicator,
} from '@hub/registry/domain';
import * as fc from 'fast-check';
import {
  aReturn,
  authorities,
  byAge,
  cells,
  dataset,
  east,
  indicator,
  north,
  policy,
  sentByHand,
  south,
} from './by-hand.builder';
import { besideFigures, compile, protectedFigures, type Cells, type CompileInput } from './compile';

const compiled = (returns: Readonly<Record<string, Cells>>, more: Partial<CompileInput> = {}) =>
  compile({
    dataset,
    authorities,
    returns: new Map(Object.entries(returns)),
    policy,
    attackers: [],
    ignoreNationalMarks: false,
    ...more,
  });
/** The same return of all three. */
const everybody = (one: Parameters<typeof cells>[0]) => ({
  [north]: cells(one),
  [south]: cells(one),
  [east]: cells(one),
});
const cellOf = ({ problem }: { problem: Problem }, id: string) => problem.cells.find((cell) => cell.id === id);
const equationsOf = ({ problem }: { problem: Problem }, total: string) =>
  problem.equations.filter((equation) => equation.total === total).map(({ parts }) => parts);

test('the dataset made by hand is one', () => expect(datasetFaults(dataset)).toEqual([]));

describe('equations', () => {
  test('categories sum to their total, and authorities to the region', () => {
    const answer = compiled(everybody({ RF01: 30, 'RF01|age=young': 12, 'RF01|age=old': 18 }));
    expect(equationsOf(answer, `${south}|RF01#count`)).toEqual([
      [`${south}|RF01|age=young#count`, `${south}|RF01|age=old#count`],
    ]);
    expect(equationsOf(answer, 'region|RF01|age=young#count')).toEqual([
      authorities.map((one) => `${one}|RF01|age=young#count`),
    ]);
    expect(cellOf(answer, 'region|RF01#count')).toMatchObject({ value: 90 });
    expect(cellOf(answer, `${east}|RF01#count`)).toMatchObject({ value: 30, owner: east });
  });

  test('a breakdown sums to the indicator that it names, its own denominators too', () => {
    const bands = { 'AS02|reason=x': 10, 'AS02|reason=y': 11, 'AS02|reason=z': 9 };
    const answers = { 'SV01#of': 20, 'SV01|age=young#of': 8, 'SV01|age=old#of': 12 };
    const answer = compiled(everybody({ RF01: 30, ...bands, ...answers }));
    expect(equationsOf(answer, `${north}|RF01#count`)).toContainEqual(
      Object.keys(bands).map((key) => `${north}|${key}#count`),
    );
    expect(equationsOf(answer, `${north}|SV01#of`)).toEqual([
      [`${north}|SV01|age=young#of`, `${north}|SV01|age=old#of`],
    ]);
  });

  test('what the categories leave of a total must not follow where one is not available', async () => {
    const answer = compiled(everybody({ RF01: 100, 'RF01|age=young': 97, 'RF01|age=old': 'notAvailable' }));
    const rest = `${north}|RF01|age=young#count~rest of age`;
    expect(cellOf(answer, rest)).toEqual({ id: rest, value: 3, locked: 'unpublished', owner: north });
    expect(equationsOf(answer, `${north}|RF01#count`)).toEqual([[`${north}|RF01|age=young#count`, rest]]);
    const decision = await protect(answer.problem);
    expect(decision.status === 'protected' && decision.published[`${north}|RF01|age=young#count`]).toBeUndefined();
  });

  test('nor what a numerator leaves of its denominator in categories that both are without', () => {
    const answer = compiled(
      everybody({
        RF01: 96,
        'RF01|age=young': 60,
        'RF01|age=old': 'notAvailable',
        RF02: 50,
        'RF02|age=young': 16,
        'RF02|age=old': 'notAvailable',
      }),
    );
    // 36 old ones, and 34 of them: 2 are left.
    const left = cellOf(answer, `${north}|RF02|age=young#count~rest of age~rest`);
    expect(left).toMatchObject({ value: 2, locked: 'unpublished', owner: north });
    expect(equationsOf(answer, `${north}|RF01|age=young#count~rest of age`)).toEqual([
      [`${north}|RF02|age=young#count~rest of age`, left!.id],
    ]);
  });

  test('a total without any category of it stands alone', () => {
    const answer = compiled(everybody({ RF01: 100, 'RF01|age=young': 'notAvailable', 'RF01|age=old': 'notAvailable' }));
    expect(equationsOf(answer, `${north}|RF01#count`)).toEqual([]);
  });
});

describe('the rest of a denominator', () => {
  test('is a cell that nobody prints, of the authority and of the region', () => {
    const answer = compiled(everybody({ RF01: 96, RF02: 94 }));
    const rest = `${north}|RF02#count~rest`;
    expect(cellOf(answer, rest)).toEqual({ id: rest, value: 2, locked: 'unpublished', owner: north });
    expect(cellOf(answer, 'region|RF02#count~rest')).toEqual({
      id: 'region|RF02#count~rest',
      value: 6,
      locked: 'unpublished',
    });
    expect(equationsOf(answer, 'region|RF01#count')).toContainEqual(['region|RF02#count', 'region|RF02#count~rest']);
  });

  test('keeps 94 of 96 from telling the other two', async () => {
    const answer = compiled(everybody({ RF01: 96, RF02: 94 }));
    const decision = await protect(answer.problem);
    expect(decision.status).toBe('protected');
    const { published, suppressed } = decision as Extract<typeof decision, { status: 'protected' }>;
    for (const one of authorities) {
      expect([published[`${one}|RF01#count`], published[`${one}|RF02#count`]]).not.toEqual([96, 94]);
    }
    expect(await audit(answer.problem, { suppressed })).toMatchObject({ status: 'safe' });
  });

  test('of the region is of somebody only where both numbers are of the same authorities', () => {
    const answer = compiled(
      {
        ...everybody({ RF01: 96, RF02: 50 }),
        [south]: cells({ RF01: 96, RF02: 'notAvailable' }),
      },
      { policy: { ...policy, leastContributors: 2 } },
    );
    expect(cellOf(answer, `${north}|RF02#count~rest`)).toBeDefined();
    expect(cellOf(answer, 'region|RF02#count~rest')).toBeUndefined();
  });

  test('of the region is that authority’s which alone leaves something: of the others it says that there is none', () => {
    const of = (rest: number) => ({
      [north]: cells({ RF01: 96, RF02: 94 }),
      [south]: cells({ RF01: 70, RF02: 70 }),
      [east]: cells({ RF01: 80, RF02: 80 - rest }),
    });
    expect(cellOf(compiled(of(0)), 'region|RF02#count~rest')).toMatchObject({ value: 2, owner: north });
    expect(cellOf(compiled(of(3)), 'region|RF02#count~rest')!.owner).toBeUndefined();
    // Where a nought is hidden too, that there is none is not known.
    const hidden = compiled(of(0), { policy: { ...policy, zeros: 'hidden' } });
    expect(cellOf(hidden, 'region|RF02#count~rest')!.owner).toBeUndefined();
  });

  test('of a category that sums to the denominator is the other categories', () => {
    const answer = compiled(everybody({ RF01: 30, 'AS02|reason=x': 10, 'AS02|reason=y': 11, 'AS02|reason=z': 9 }));
    expect(cellOf(answer, `${north}|AS02|reason=x#count~rest`)).toBeUndefined();
  });

  test('of an indicator that is its own denominator is nothing for the total, and something for a category', () => {
    const answer = compiled(everybody({ AS05: 40, 'AS05|reason=x': 37, 'AS05|reason=y': 12, 'AS05|reason=z': 9 }));
    expect(cellOf(answer, `${north}|AS05#count~rest`)).toBeUndefined();
    expect(cellOf(answer, `${north}|AS05#count`)!.sensitive).toBeUndefined();
    expect(cellOf(answer, `${north}|AS05|reason=x#count~rest`)).toMatchObject({ value: 3 });
  });
});

describe('sensitive beside small counts', () => {
  test('a percentage on a base under the least base, but no nil', () => {
    const answer = compiled({
      [north]: cells({ RF01: 9, RF02: 8 }),
      [south]: cells({ RF01: 10, RF02: 8 }),
      [east]: cells({ RF01: 9, RF02: 0 }),
    });
    expect(authorities.map((one) => cellOf(answer, `${one}|RF02#count`)!.sensitive)).toEqual([
      true,
      undefined,
      undefined,
    ]);
  });

  test('what a team of few holds: a mean on a base under the least base tells of each of them', () => {
    const caseload = indicator('WF04', {
      unit: 'mean',
      people: 'events',
      denominator: { own: 'holders' },
      decimals: 1,
    });
    const answer = compiled(
      {
        [north]: cells({ WF04: 1200, 'WF04#of': 80 }),
        [south]: cells({ WF04: 1200, 'WF04#of': 100 }),
        [east]: cells({ WF04: 500, 'WF04#of': 40 }),
      },
      { dataset: { ...dataset, indicators: [...dataset.indicators, caseload] } },
    );
    const isKept = (id: string) => isSensitive(cellOf(answer, id)!, answer.problem.policy);
    // 8 holders are fewer than the least base of 10, and 4 are few by themselves.
    expect(authorities.map((one) => isKept(`${one}|WF04#count`))).toEqual([true, false, true]);
    expect(authorities.map((one) => isKept(`${one}|WF04#of`))).toEqual([false, false, true]);
    expect(answer.problem.cells.some(({ id }) => id.includes('WF04#count~'))).toBe(false);
  });

  test('everyone in one answer, of a survey or where the specification says sensitive', () => {
    const answer = compiled({
      [north]: cells({ 'SV01#of': 40, SV01: 40, 'SV01|age=young': 40, 'SV01|age=old': 0, RF01: 50, RF02: 50 }),
      [south]: cells({ 'SV01#of': 40, SV01: 39, 'SV01|age=young': 20, 'SV01|age=old': 19, RF01: 50, RF02: 50 }),
      [east]: cells({ AS05: 30, 'AS05|reason=x': 30, 'AS05|reason=y': 12, 'AS05|reason=z': 7 }),
    });
    const sensitive = answer.problem.cells.filter((cell) => cell.sensitive).map(({ id }) => id);
    expect(sensitive).toEqual([`${north}|SV01#count`, `${north}|SV01|age=young#count`, `${east}|AS05|reason=x#count`]);
  });
});

describe('decimals', () => {
  test('scale the threshold, the least base and the bounds of rules', () => {
    const posts = { 'WF01#of': 305, WF01: 12, 'WF02#of': 305, WF02: 50 };
    const answer = compiled({ ...everybody(posts), [south]: cells({ ...posts, 'WF02#of': 99, 'WF01#of': 99 }) });
    expect(cellOf(answer, `${north}|WF01#count`)).toMatchObject({ value: 12, unit: 0.1 });
    expect(cellOf(answer, 'region|WF01#count')).toMatchObject({ value: 36, unit: 0.1 });
    expect(cellOf(answer, `${north}|WF01#count~rest`)).toMatchObject({ value: 293, unit: 0.1 });
    // 9.9 posts are fewer than 10 people.
    expect(authorities.map((one) => cellOf(answer, `${one}|WF02#count`)!.sensitive)).toEqual([
      undefined,
      true,
      undefined,
    ]);
    expect(answer.problem.ranges[0]).toEqual({
      terms: [
        [`${north}|WF01#of`, 1],
        [`${north}|WF01#count`, -1],
      ],
      lo: 10,
      hi: 900,
    });
  });
});

describe('rules', () => {
  test('with one value are equations, over counts and over denominators', () => {
    const posts = { 'WF01#of': 305, 'WF02#of': 305 };
    const answer = compiled(everybody({ AS02: 21, 'AS02|reason=x': 10, 'AS02|reason=y': 11, ...posts }));
    expect(answer.problem.equations).toContainEqual({
      total: `${east}|AS02#count`,
      parts: [`${east}|AS02|reason=x#count`, `${east}|AS02|reason=y#count`],
      coefs: [1, 1],
      const: 0,
    });
    expect(answer.problem.equations).toContainEqual({
      total: `${east}|WF01#of`,
      parts: [`${east}|WF02#of`],
      coefs: [1],
      const: 0,
    });
  });

  test('with bounds are ranges, and without a number of theirs nothing', () => {
    const answer = compiled({ [north]: cells({ WF01: 12, 'WF01#of': 305 }), [south]: cells({ WF01: 12 }) });
    expect(answer.problem.ranges).toEqual([
      {
        terms: [
          [`${north}|WF01#of`, 1],
          [`${north}|WF01#count`, -1],
        ],
        lo: 10,
        hi: 900,
      },
    ]);
  });
});

describe('what a rule leaves over', () => {
  const real = newestDataset(loadCatalogue(), 'safeguarding-annual');
  const ample = {
    LA01: 480,
    'LA01|age=1-4': 90,
    'LA01|age=5-9': 110,
    'LA01|age=16-plus': 130,
    'LA05#of': 150,
    'LA09#of': 350,
    'LA09|age=1-4#of': 50,
    'LA09|age=5-9#of': 70,
    CP01: 300,
    'CP01|duration=3-months-or-less': 90,
    'CP06#of': 240,
    RF01: 3100,
    RF03: 400,
    RF04: 900,
  };
  const all = ['E06000004', 'E06000005', 'E06000047'].map((authority) => [authority, cells(ample)] as const);
  const asked = { ...policy, threshold: 10, protect: 'range', told: true } as const;

  test.each<[Readonly<Record<string, number>>, string, number]>([
    [{ LA01: 266, 'LA09#of': 262 }, 'LA09#of~rest of looked-after-12-months', 4],
    [{ CP01: 173, 'CP06#of': 170 }, 'CP06#of~rest of reviewed-plans', 3],
    [{ CP01: 173, 'CP01|duration=3-months-or-less': 40, 'CP06#of': 135 }, 'CP06#of~rest of plans-to-review', 2],
    [{ RF01: 2020, RF03: 60, RF04: 1955 }, 'RF04#count~rest of closed-referrals', 5],
    [{ LA01: 332, 'LA01|age=16-plus': 67, 'LA05#of': 262 }, 'LA05#of~rest of long-looked-after-under-16', 3],
    [{ 'LA01|age=1-4': 50, 'LA09|age=1-4#of': 43 }, 'LA09|age=1-4#of~rest of looked-after-12-months-1-4', 7],
    [{ 'LA01|age=5-9': 89, 'LA09|age=5-9#of': 83 }, 'LA09|age=5-9#of~rest of looked-after-12-months-5-9', 6],
  ])('is a count of somebody: %j', async (few, rest, value) => {
    const input = {
      dataset: real,
      authorities: [north, ...all.map(([authority]) => authority)],
      policy: asked,
      ignoreNationalMarks: true,
    };
    const answer = compiled({ ...Object.fromEntries(all), [north]: cells(few) }, input);
    expect(cellOf(answer, `${north}|${rest}`)).toEqual({
      id: `${north}|${rest}`,
      value,
      locked: 'unpublished',
      owner: north,
    });
    const decision = await protect(answer.problem);
    if (decision.status !== 'protected') throw new Error('not protected');
    const printed = Object.keys(few).filter(
      (key) => decision.published[`${north}|${key.includes('#') ? key : `${key}#count`}`] !== undefined,
    );
    expect(printed.length).toBeLessThan(Object.keys(few).length);
    expect(await audit(answer.problem, decision)).toMatchObject({ status: 'safe' });
  });

  test('is one of the region too, and of nobody where others print all of it', () => {
    const [one, two, three] = all;
    const returns = Object.fromEntries([one!, two!, three!]);
    const authorities = Object.keys(returns);
    const id = 'region|CP06#of~rest of plans-to-review';
    const answer = compiled(returns, { dataset: real, authorities, ignoreNationalMarks: true });
    expect(cellOf(answer, id)).toEqual({ id, value: 90, locked: 'unpublished' });
    expect(answer.problem.equations).toContainEqual({
      total: 'region|CP06#of',
      parts: ['region|CP01#count', 'region|CP01|duration=3-months-or-less#count', id],
      coefs: [1, -1, 1],
    });
    const marked = compiled(returns, { dataset: real, authorities });
    expect(cellOf(marked, id)).toBeUndefined();
    expect(cellOf(marked, id.replace('region', 'E06000005'))).toBeUndefined();
  });

  test('of answers to a questionnaire tells of nobody', () => {
    const workforce = newestDataset(loadCatalogue(), 'workforce');
    const answer = compiled(everybody({ SH01: 60, 'SH01#of': 90, 'SH02#of': 58, 'WF06#of': 70, 'WF08#of': 40 }), {
      dataset: workforce,
    });
    const rests = answer.problem.cells.filter(({ id, owner }) => owner === north && id.includes('~rest of'));
    expect(rests.map(({ id, value }) => [id, value])).toEqual([[`${north}|WF08#of~rest of newly-qualified`, 30]]);
    expect(answer.problem.ranges).toContainEqual({
      terms: [
        [`${north}|SH01#count`, 1],
        [`${north}|SH02#of`, -1],
      ],
      lo: 0,
    });
  });

  test('is small nowhere that all of its numbers are printed', async () => {
    const part = fc.integer({ min: 0, max: 12 });
    const sent = fc.record({ open: fc.integer({ min: 20, max: 200 }), few: part, old: part, three: part, none: part });
    let hidden = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 4, maxLength: 4 }), fc.boolean(), async (each, told) => {
        const authorities = ['E06000001', 'E06000002', 'E06000003', 'E06000004'];
        const shortOf = ({ open, few, old, three, none }: (typeof each)[number]) => ({
          LA01: open + few + old,
          'LA01|age=16-plus': old,
          'LA05#of': open,
          'LA09#of': open + old,
          CP01: open + none,
          'CP01|duration=3-months-or-less': none + three,
          'CP06#of': open,
          RF01: 2 * open + few + three,
          RF03: open + few,
          RF04: open,
        });
        const returns = new Map(authorities.map((authority, i) => [authority, cells(shortOf(each[i]!))]));
        const { problem } = compile({
          dataset: real,
          authorities,
          returns,
          policy: { ...policy, protect: 'range', told },
          attackers: [],
          ignoreNationalMarks: true,
        });
        const decision = await protect(problem);
        // Some tables cannot bear to be told of, whatever is hidden: these are not printed.
        if (decision.status !== 'protected') return;
        hidden += decision.suppressed.length;
        for (const { terms, lower, upper } of real.rules) {
          if (lower !== 0 || upper !== undefined) continue;
          for (const owner of [...authorities, 'region']) {
            const printed = terms.map(
              ([term]) => decision.published[`${owner}|${term}${term.includes('#') ? '' : '#count'}`],
            );
            if (printed.includes(undefined)) continue;
            const left = terms.reduce((sum, [, factor], i) => sum + factor * printed[i]!, 0);
            expect(left === 0 || left >= policy.threshold).toBe(true);
          }
        }
      }),
      { numRuns: 30, seed: 11 },
    );
    expect(hidden).toBeGreaterThan(100);
  });
});

test('answers to a questionnaire are as telling as a small count where fewer people answered than it asks for', () => {
  const survey: Dataset = {
    ...dataset,
    indicators: dataset.indicators.map((one) => (one.code === 'SV01' ? { ...one, people: 'respondents' } : one)),
  };
  const answers = { RF01: 50, SV01: 12, 'SV01#of': 24 };
  const sensitive = (more: Partial<CompileInput>) =>
    cellOf(compiled(everybody(answers), more), `${north}|SV01#count`)!.sensitive === true;
  expect(sensitive({ dataset: survey, policy: { ...policy, surveyThreshold: 25 } })).toBe(true);
  expect(sensitive({ dataset: survey, policy: { ...policy, surveyThreshold: 24 } })).toBe(false);
  // Of anything but answers the least base alone is asked.
  expect(sensitive({ dataset, policy: { ...policy, surveyThreshold: 25 } })).toBe(false);
});

describe('what the Department prints', () => {
  const mark = { by: 'the Department', threshold: 6, rounding: 0 };
  const marked = (code: string, change: (one: Indicator) => Partial<Indicator>): Dataset => ({
    ...dataset,
    indicators: dataset.indicators.map((one) => (one.code === code ? { ...one, ...change(one) } : one)),
  });
  const ofTotal = marked('RF01', () => ({ nationallyPublished: mark }));
  const one = { RF01: 96, 'RF01|age=young': 90, 'RF01|age=old': 6 };

  test('is locked as printed from its threshold on, and so are nils', () => {
    const answer = compiled(
      { [north]: cells({ RF01: 6 }), [south]: cells({ RF01: 5 }), [east]: cells({ RF01: 0 }) },
      { dataset: ofTotal },
    );
    expect(authorities.map((each) => cellOf(answer, `${each}|RF01#count`)!.locked)).toEqual([
      'published',
      undefined,
      'published',
    ]);
  });

  test('is marked for a total and for each breakdown by itself', () => {
    expect(
      cellOf(compiled(everybody(one), { dataset: ofTotal }), `${north}|RF01|age=young#count`)!.locked,
    ).toBeUndefined();
    const ages = marked('RF01', () => ({ breakdowns: [{ ...byAge, nationallyPublished: mark }] }));
    const answer = compiled(everybody(one), { dataset: ages });
    expect(cellOf(answer, `${north}|RF01|age=young#count`)).toMatchObject({ locked: 'published', sensitive: false });
    expect(cellOf(answer, `${north}|RF01#count`)!.locked).toBeUndefined();
  });

  test('is known anyway in the same way where the authorities print it themselves, in a demonstration too', () => {
    const own = marked('RF01', () => ({ printedLocally: { ...mark, threshold: 1 }, nationallyPublished: false }));
    const answer = compiled(
      { [north]: cells({ RF01: 6 }), [south]: cells({ RF01: 1 }), [east]: cells({ RF01: 0 }) },
      { dataset: own, ignoreNationalMarks: true },
    );
    expect(authorities.map((each) => cellOf(answer, `${each}|RF01#count`)!.locked)).toEqual(Array(3).fill('published'));
  });

  test('can be left out of account, for a demonstration', () => {
    const answer = compiled(everybody(one), { dataset: ofTotal, ignoreNationalMarks: true });
    expect(answer.problem.cells.some(({ locked }) => locked === 'published')).toBe(false);
  });

  test('makes a sum known to all when it is all of it, and to the one authority whose part is not printed', async () => {
    const known = compiled(
      { [north]: cells({ RF01: 7 }), [south]: cells({ RF01: 0 }), [east]: cells({ RF01: 0 }) },
      { dataset: ofTotal, policy: { ...policy, threshold: 10 } },
    );
    expect(cellOf(known, 'region|RF01#count')).toMatchObject({ value: 7, locked: 'published', sensitive: false });
    expect((await protect(known.problem)).status).toBe('protected');
    const ofOne = compiled(
      { [north]: cells({ RF01: 6 }), [south]: cells({ RF01: 2 }), [east]: cells({ RF01: 0 }) },
      { dataset: ofTotal, policy: { ...policy, threshold: 10 } },
    );
    expect(cellOf(ofOne, 'region|RF01#count')).toMatchObject({ value: 8, owner: south });
    const decision = await protect(ofOne.problem);
    expect(decision.status === 'protected' && [...decision.suppressed].sort()).toEqual([
      `${south}|RF01#count`,
      'region|RF01#count',
    ]);
  });

  test('makes the rest known that both of its numbers tell, so that it holds nothing up', async () => {
    const both = {
      ...ofTotal,
      indicators: ofTotal.indicators.map((each) =>
        each.code === 'RF02' ? { ...each, nationallyPublished: mark } : each,
      ),
    };
    const answer = compiled(everybody({ RF01: 96, RF02: 94 }), { dataset: both });
    expect(answer.problem.cells.some(({ id }) => id.endsWith('~rest'))).toBe(false);
    expect((await protect(answer.problem)).status).toBe('protected');
  });
});

test('real figures that the Department has printed are no reason to hold a publication', async () => {
  const file = join(__dirname, '../../../../test/figures/E12000001.json');
  const { returns } = JSON.parse(readFileSync(file, 'utf8')) as {
    returns: {
      authority: string;
      period: string;
      rows: {
        indicator: string;
        breakdown?: Record<string, string>;
        count?: number;
        of?: number;
        status?: 'notAvailable';
      }[];
    }[];
  };
  const real = newestDataset(loadCatalogue(), 'safeguarding-annual');
  const indicators = new Map(real.indicators.map((each) => [each.code, each]));
  const year = returns.filter(({ period }) => period === '2024-FY');
  const answer = compile({
    dataset: real,
    authorities: year.map(({ authority }) => authority).sort(),
    returns: new Map(
      year.map(({ authority, rows }) => [
        authority,
        cells(
          Object.fromEntries(
            rows.flatMap(({ indicator: code, breakdown = {}, count, of }) => {
              const { decimals, denominator } = indicators.get(code)!;
              const scaled = (n?: number) => (n === undefined ? 'notAvailable' : Math.round(n * 10 ** decimals));
              return [
                [seriesKey(code, breakdown, 'count'), scaled(count)],
                ...('own' in denominator ? [[seriesKey(code, breakdown, 'of'), scaled(of)]] : []),
              ];
            }),
          ) as Parameters<typeof cells>[0],
        ),
      ]),
    ),
    policy: { ...policy, threshold: 10 },
    attackers: [],
    ignoreNationalMarks: false,
  });
  expect(answer.problem.cells.filter(({ locked }) => locked === 'published').length).toBeGreaterThan(500);
  expect((await protect(answer.problem)).status).toBe('protected');
});

describe('the region', () => {
  test('has no figure of fewer authorities than the agreement asks for', () => {
    const answer = compiled({
      [north]: cells({ RF01: 70 }),
      [south]: cells({ RF01: 80 }),
      [east]: cells({ RF01: 'notCollected' }),
    });
    const figure = answer.series.find(({ key }) => key === 'RF01#count')!;
    expect(figure.region).toEqual({ kind: 'notAvailable' });
    expect(figure.figures[2]).toEqual({ kind: 'notCollected' });
    expect(answer.problem.cells.some(({ id }) => id.startsWith('region'))).toBe(false);
  });

  test('is known to the one authority that alone is above zero', async () => {
    const answer = compiled({ [north]: cells({ RF01: 4 }), [south]: cells({ RF01: 0 }), [east]: cells({ RF01: 0 }) });
    expect(cellOf(answer, 'region|RF01#count')).toMatchObject({ value: 4, owner: north });
    expect((await protect(answer.problem)).status).toBe('protected');
  });

  test('of two above zero is known to neither', () => {
    const answer = compiled({ [north]: cells({ RF01: 4 }), [south]: cells({ RF01: 3 }), [east]: cells({ RF01: 0 }) });
    expect(cellOf(answer, 'region|RF01#count')!.owner).toBeUndefined();
  });
});

describe('a circle', () => {
  const whole = (...authorities: string[]) => ({ authorities, series: null });
  const knownBy = ({ problem }: { problem: Problem }, circle: string) =>
    problem.cells.filter(({ knowers }) => knowers?.includes(circle)).map(({ id }) => id);

  test('of two cannot compute the small count of a third, which it could where nobody had counted with it', async () => {
    const returns = { [north]: cells({ RF01: 20 }), [south]: cells({ RF01: 30 }), [east]: cells({ RF01: 3 }) };
    const [without, guarded] = [compiled(returns), compiled(returns, { attackers: [whole(north, south)] })];
    const careless = await protect(without.problem);
    if (careless.status !== 'protected') throw new Error('not protected');
    // With the region's figure beside their own they subtract.
    expect(careless.published['region|RF01#count']).toBe(53);
    expect(await audit(guarded.problem, careless)).toMatchObject({
      status: 'exposed',
      exposed: [{ id: `${east}|RF01#count`, attacker: 'circle 1', interval: [3, 3] }],
    });
    const careful = await protect(guarded.problem);
    if (careful.status !== 'protected') throw new Error('not protected');
    expect(careful.published['region|RF01#count']).toBeUndefined();
    expect(await audit(guarded.problem, careful)).toMatchObject({ status: 'safe' });
  });

  test('knows its sums, so that they hold nothing up', async () => {
    const returns = { [north]: cells({ RF01: 1 }), [south]: cells({ RF01: 2 }), [east]: cells({ RF01: 0 }) };
    const answer = compiled(returns, { attackers: [whole(north, south)] });
    expect(knownBy(answer, 'circle 1')).toContain('region|RF01#count');
    const decision = await protect(answer.problem);
    if (decision.status !== 'protected') throw new Error('not protected');
    expect(await audit(answer.problem, decision)).toMatchObject({ status: 'safe' });
  });

  test('does not know a sum in which somebody else has a part, nor a nil that nobody prints', () => {
    const some = compiled(everybody({ RF01: 4 }), { attackers: [whole(north, south)] });
    expect(knownBy(some, 'circle 1')).toEqual([`${north}|RF01#count`, `${south}|RF01#count`]);
    const nil = { [north]: cells({ RF01: 9 }), [south]: cells({ RF01: 9 }), [east]: cells({ RF01: 0 }) };
    const hidden = compiled(nil, { attackers: [whole(north, south)], policy: { ...policy, zeros: 'hidden' } });
    expect(knownBy(hidden, 'circle 1')).not.toContain('region|RF01#count');
  });

  test('of an agency knows its series in its areas, and what follows from them alone', () => {
    const bands = {
      RF01: 40,
      'RF01|age=young': 22,
      'RF01|age=old': 18,
      RF02: 9,
      'RF02|age=young': 5,
      'RF02|age=old': 4,
    };
    const young = ['RF01|age=young#count', 'RF02|age=young#count'];
    const [two, three] = [[north, south], authorities].map((areas) =>
      compiled(everybody(bands), { attackers: [{ authorities: areas, series: young }] }),
    ) as [ReturnType<typeof compiled>, ReturnType<typeof compiled>];
    const inEach = (areas: readonly string[]) =>
      areas.flatMap((area) => [...young.map((key) => `${area}|${key}`), `${area}|RF02|age=young#count~rest`]);
    expect(knownBy(two, 'circle 1').sort()).toEqual(inEach([north, south]).sort());
    expect(knownBy(three, 'circle 1').sort()).toEqual(inEach([...authorities, 'region']).sort());
  });

  test('has no name', () => {
    const { problem } = compiled(everybody({ RF01: 4 }), { attackers: [whole(north, south), whole(south, east)] });
    expect(new Set(problem.cells.flatMap(({ knowers }) => knowers ?? []))).toEqual(new Set(['circle 1', 'circle 2']));
  });
});

test('the policy of the agreement is passed on whole, and insiders always attack', () => {
  const asked = { ...policy, threshold: 10, zeros: 'either', protect: 'range', told: true } as const;
  expect(compiled(everybody({ RF01: 50 }), { policy: asked }).problem.policy).toEqual({
    threshold: 10,
    zeros: 'either',
    protect: 'range',
    told: true,
    insiders: true,
  });
});

test('figures are printed from what the decision prints; all else of them is hidden', () => {
  const answer = compiled({ [north]: cells({ RF01: 50 }), [south]: cells({ RF01: 'notAvailable' }) });
  const [first] = protectedFigures(answer, { [`${north}|RF01#count`]: 50 });
  expect(first).toEqual({
    key: 'RF01#count',
    region: { kind: 'notAvailable' },
    figures: [{ kind: 'value', value: 50 }, { kind: 'notAvailable' }, { kind: 'notSubmitted' }],
  });
  expect(protectedFigures(answer, {})[0]!.figures[0]).toEqual({ kind: 'hidden' });
});

test('every equation and range holds for every valid return, and the problem is one', () => {
  let [equations, ranges, rests] = [0, 0, 0];
  fc.assert(
    fc.property(
      fc.tuple(aReturn, aReturn, aReturn, aReturn),
      fc.nat(4),
      fc.constantFrom('printed', 'either', 'hidden'),
      fc.boolean(),
      (returns, sent, zeros, national) => {
        const names = [north, south, east, 'E06000004'];
        const mark = { by: 'the Department', threshold: 6, rounding: 0 };
        const { problem, series } = compile({
          dataset: national
            ? { ...dataset, indicators: dataset.indicators.map((one) => ({ ...one, nationallyPublished: mark })) }
            : dataset,
          authorities: names,
          returns: new Map(names.slice(0, sent).map((name, i) => [name, returns[i]!])),
          policy: { ...policy, zeros },
          attackers: [
            { authorities: [north, south], series: null },
            { authorities: [east], series: ['RF01|age=young#count'] },
            { authorities: names, series: null },
          ],
          ignoreNationalMarks: false,
        });
        const values = new Map(problem.cells.map(({ id, value }) => [id, value]));
        for (const { total, parts, coefs, const: shift = 0 } of problem.equations) {
          const sum = parts.reduce((all, part, i) => all + (coefs?.[i] ?? 1) * values.get(part)!, shift);
          if (sum !== values.get(total)) throw new Error(`${total} is not the sum of ${parts.join(', ')}`);
          equations++;
        }
        for (const { terms, lo = -Infinity, hi = Infinity } of problem.ranges) {
          const sum = terms.reduce((all, [id, factor]) => all + factor * values.get(id)!, 0);
          if (sum < lo || sum > hi) throw new Error(`${JSON.stringify(terms)} leaves its range`);
          ranges++;
        }
        const read = parseProblem(JSON.parse(JSON.stringify(problem)));
        expect(read.cells.length).toBe(problem.cells.length);
        rests += problem.cells.filter(({ locked }) => locked === 'unpublished').length;
        // Whatever is known of an authority is its own; whatever it could not say stays what it said.
        const strangers = problem.cells.filter(
          ({ id, owner }) => !id.startsWith('region') && owner !== id.split('|')[0],
        );
        expect(strangers).toEqual([]);
        // Who knows every return knows everything that is not known anyway, sums and rests too.
        const open = problem.cells.filter(
          ({ locked, value }) => locked === 'unpublished' || (!locked && (value > 0 || zeros !== 'printed')),
        );
        expect(open.filter(({ knowers = [] }) => !knowers.includes('circle 3'))).toEqual([]);
        for (const { figures } of series) {
          expect(figures.slice(sent).every((figure) => 'kind' in figure && figure.kind === 'notSubmitted')).toBe(true);
        }
      },
    ),
    { numRuns: 100, seed: 7 },
  );
  // It was not vacuous.
  expect([equations > 2000, ranges > 150, rests > 800]).toEqual([true, true, true]);
});

test('the cost of a cell is a function of its place alone', () => {
  const [small, large] = [compiled(everybody({ RF01: 3 })), compiled(everybody({ RF01: 3000 }))];
  expect(small.problem.cells.map(({ id, cost }) => [id, cost])).toEqual(
    large.problem.cells.map(({ id, cost }) => [id, cost]),
  );
});

describe('what stands beside hidden figures', () => {
  const of = (all: typeof sentByHand) =>
    compiled(Object.fromEntries(Object.entries(all).map(([authority, one]) => [authority, cells(one)])), {
      dataset: { ...dataset, rules: [] },
    });

  test('is made of the print: other hidden counts under the same print give the same', async () => {
    const answer = of(sentByHand);
    const decision = await protect(answer.problem);
    if (decision.status !== 'protected') throw new Error('refused');
    const table = printedTable(answer.problem, { suppressed: decision.suppressed });
    const intervals = await outerIntervals(table);
    expect(Object.keys(intervals).sort()).toEqual([...decision.suppressed].sort());
    // Every table of the reader's proof is what the authorities might have sent.
    const { base, tables } = await readersProof(table);
    const fillings = [{}, ...tables].map(
      (changes: Record<string, number>) => (id: string) => base[id]! + (changes[id] ?? 0),
    );
    expect(fillings.length).toBeGreaterThan(1);
    for (const count of fillings) {
      const sent = structuredClone(sentByHand) as Record<string, Record<string, number>>;
      for (const id of decision.suppressed) {
        const [authority, ...key] = id.split('|');
        if (authority !== 'region') sent[authority!]![key.join('|').replace('#count', '')] = count(id);
      }
      const other = of(sent);
      expect(other.problem).not.toEqual(answer.problem);
      expect(JSON.stringify(printedTable(other.problem, { suppressed: decision.suppressed }))).toBe(
        JSON.stringify(table),
      );
    }
  });

  test('stands by series and authority, beside hidden figures alone', async () => {
    const answer = of(sentByHand);
    const decision = await protect(answer.problem);
    if (decision.status !== 'protected') throw new Error('refused');
    const intervals = await outerIntervals(printedTable(answer.problem, { suppressed: decision.suppressed }));
    const between = besideFigures(answer, authorities, intervals);
    for (const { key, region, figures } of protectedFigures(answer, decision.published)) {
      [region, ...figures].forEach((figure, i) => {
        const interval = between[key]?.[['region', ...authorities][i]!];
        expect(interval !== undefined).toBe(figure.kind === 'hidden');
        const count = sentByHand[authorities[i - 1]!]?.[key.replace('#count', '')];
        if (!interval || count === undefined) return;
        expect(count).toBeGreaterThanOrEqual(interval[0]);
        expect(count).toBeLessThanOrEqual(interval[1] ?? Infinity);
      });
    }
    expect(Object.keys(between).length).toBeGreaterThan(1);
  });
});
