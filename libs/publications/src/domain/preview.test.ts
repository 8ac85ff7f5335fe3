import { protect as realProtect, type Decision, type Problem } from '@hub/disclosure';
import {
  allSeries,
  datasetFaults,
  denominatorSeriesOf,
  loadCatalogue,
  newestDataset,
  seriesKey,
  termSeries,
  type Dataset,
  type Indicator,
} from '@hub/registry/domain';
import { indicator } from './by-hand.builder';
import { addUp, merge, mergesFor, type Returns } from './coarser';
import { dummyFigures } from './dummy';
import { preview, type PreviewInput } from './preview';

const dataset = (...indicators: Indicator[]): Dataset => ({
  v: 1,
  code: 'by-hand',
  version: '1.0',
  title: 'Made by hand',
  frequency: 'quarter',
  dimensions: {
    age: { name: 'Age', categories: ['young', 'old'].map((code) => ({ code, name: code })) },
    reason: { name: 'Reason', categories: ['x', 'y', 'z'].map((code) => ({ code, name: code })) },
  },
  indicators,
  rules: [],
});
const byAge = [{ dimension: 'age', exhaustive: true }];
const disclosure: PreviewInput['disclosure'] = {
  threshold: 6,
  zeros: 'printed',
  protect: 'exact',
  told: false,
  leastContributors: 3,
  leastAuthorities: 3,
  leastBase: 6,
  surveyThreshold: 6,
};
const authorities = ['E06000001', 'E06000002', 'E06000003'];
/** One period: for each authority its counts by category; the total is their sum. */
const period = (code: string, dimension: string, categories: readonly string[], counts: readonly number[][]): Returns =>
  new Map(
    counts.map((row, i) => [
      authorities[i]!,
      new Map(
        [
          [seriesKey(code, {}, 'count'), row.reduce((sum, one) => sum + one, 0)] as const,
          ...row.map((value, k) => [seriesKey(code, { [dimension]: categories[k]! }, 'count'), value] as const),
        ].map(([key, value]) => [key, { kind: 'value', value } as const]),
      ),
    ]),
  );
const protect = (problem: Problem) => realProtect(problem);
const look = (asked: Partial<PreviewInput>, by: (problem: Problem) => Promise<Decision> = protect) =>
  preview({ dataset: dataset(), authorities, periods: [], disclosure, enough: 0.75, ...asked }, by);

describe('counted by hand', () => {
  const ages = ['young', 'old'];
  // One small count: the first authority's 2. Its own row needs a second hidden figure, its column two more (another
  // authority knows its own), and so do their rows: everything goes, and the region's sums can stay.
  const now = period('RF01', 'age', ages, [
    [2, 20],
    [10, 20],
    [30, 40],
  ]);
  const before = period('RF01', 'age', ages, [
    [8, 20],
    [10, 20],
    [30, 40],
  ]);

  test('what would be printed of a total and of its breakdown', async () => {
    const { tables, printed, tooFew } = await look({
      dataset: dataset(indicator('RF01', { breakdowns: byAge })),
      periods: [now],
    });
    expect(tables).toEqual([
      {
        indicator: 'RF01',
        breakdown: null,
        cells: 3,
        small: 0,
        hiddenAsSmall: 0,
        hiddenAsCover: 0,
        printed: 1,
        region: { cells: 1, printed: 1 },
      },
      {
        indicator: 'RF01',
        breakdown: 'age',
        cells: 6,
        small: 1,
        hiddenAsSmall: 1,
        hiddenAsCover: 5,
        printed: 0,
        region: { cells: 2, printed: 2 },
        help: [{ kind: 'totalsOnly', printed: 1 }],
      },
    ]);
    expect([printed, tooFew]).toEqual([3 / 9, false]);
  });

  test('a half-year helps where counts can be added up: 2 and 8 are 10', async () => {
    const help = (await look({ dataset: dataset(indicator('RF01', { breakdowns: byAge })), periods: [before, now] }))
      .tables[1]!.help;
    expect(help).toEqual([
      { kind: 'longerPeriod', periods: 2, printed: 1 },
      { kind: 'totalsOnly', printed: 1 },
    ]);
  });

  test('it is not offered for what is counted on a day, nor for a share of that', async () => {
    for (const more of [{ basis: 'snapshot' }, { denominator: { indicator: 'LA01' }, unit: 'percent' }] as const) {
      const both = dataset(indicator('LA01', { basis: 'snapshot' }), indicator('RF01', { breakdowns: byAge, ...more }));
      const { tables } = await look({ dataset: both, periods: [before, now] });
      expect(tables.find(({ breakdown }) => breakdown)!.help!.map(({ kind }) => kind)).toEqual(['totalsOnly']);
    }
  });

  test('nothing is said of tables that are printed well enough', async () => {
    const { tables } = await look({
      dataset: dataset(indicator('RF01', { breakdowns: byAge })),
      periods: [now],
      enough: 0,
    });
    expect(tables.map(({ help }) => help)).toEqual([undefined, undefined]);
  });

  test('rare categories are taken together: 3 and 4 are 7', async () => {
    const byReason = dataset(indicator('RF01', { breakdowns: [{ dimension: 'reason', exhaustive: true }] }));
    const periods = [
      period(
        'RF01',
        'reason',
        ['x', 'y', 'z'],
        [
          [3, 4, 20],
          [4, 3, 30],
          [9, 9, 40],
        ],
      ),
    ];
    const { tables } = await look({ dataset: byReason, periods });
    expect(tables[1]).toMatchObject({ cells: 9, small: 4, hiddenAsSmall: 4 });
    expect(tables[1]!.help).toContainEqual({ kind: 'mergedCategories', merged: [['x', 'y']], printed: 1 });
  });

  test('with fewer returns than the agreement asks for there is no publication', async () => {
    const two = new Map([...now].slice(0, 2));
    expect(await look({ dataset: dataset(indicator('RF01', { breakdowns: byAge })), periods: [two] })).toMatchObject({
      tooFew: true,
    });
  });
});

describe('what the engine refuses', () => {
  const both = dataset(indicator('RF01', { breakdowns: byAge }), indicator('RF02'));
  const now = period(
    'RF01',
    'age',
    ['young', 'old'],
    [
      [2, 20],
      [10, 20],
      [30, 40],
    ],
  );
  const exposed = (...ids: string[]): Decision => ({
    status: 'refused',
    exposed: ids.map((id) => ({ id, attacker: 'outsider', interval: [2, 2] })),
  });

  test('is left out, the breakdown before its total, and the total is what is offered', async () => {
    let first = true;
    const { tables } = await look({ dataset: both, periods: [now] }, async (problem) => {
      const decision = first
        ? exposed('E06000001|RF01#count', 'E06000001|RF01|age=young#count~rest of age')
        : protect(problem);
      first = false;
      return decision;
    });
    expect(tables.map(({ printed, refused }) => [printed, refused])).toEqual([
      [1, undefined],
      [null, 'unprotectable'],
      [null, undefined],
    ]);
    expect(tables[1]!.help).toEqual([{ kind: 'totalsOnly', printed: 1 }]);
  });

  test('a total that cannot be protected takes its breakdown with it', async () => {
    const { tables, printed } = await look({ dataset: both, periods: [now] }, async () =>
      exposed('E06000001|RF01#count'),
    );
    expect(tables.map(({ refused }) => refused)).toEqual(['unprotectable', 'unprotectable', undefined]);
    expect(printed).toBe(0);
  });

  test('and so is what it could not decide in its time, by that name', async () => {
    const { tables } = await look({ dataset: both, periods: [now] }, async () => exposed());
    expect(tables[0]).toMatchObject({ refused: 'undecided', printed: null, hiddenAsCover: 3 });
  });
});

describe('made-up figures', () => {
  const quarterly = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
  const children = new Map([
    ['E06000001', 21_000],
    ['E06000047', 100_000],
  ]);
  let periods: Returns[];
  beforeAll(async () => {
    const made = await dummyFigures(quarterly, children, 3);
    periods = made.map(
      (one) =>
        new Map(
          [...one].map(([authority, counts]) => [
            authority,
            new Map([...counts].map(([key, value]) => [key, { kind: 'value', value } as const])),
          ]),
        ),
    );
  });

  /** Everything that the figures of one authority break: sums, wholes and rules. */
  const broken = (of: Dataset, returns: Returns): string[] => {
    const faults: string[] = [];
    for (const cells of returns.values()) {
      const value = (key: string) => (cells.get(key) as { value?: number } | undefined)?.value;
      for (const { code, unit, breakdowns } of of.indicators) {
        for (const { dimension, categories, exhaustive, sumsTo } of breakdowns) {
          const codes = categories ?? of.dimensions[dimension]!.categories.map((one) => one.code);
          const sum = codes.reduce((total, one) => total + value(seriesKey(code, { [dimension]: one }, 'count'))!, 0);
          if (exhaustive && sum !== value(seriesKey(sumsTo ?? code, {}, 'count')))
            faults.push(`${code} by ${dimension}`);
        }
        const whole = denominatorSeriesOf(of, code, {});
        if (unit === 'percent' && value(seriesKey(code, {}, 'count'))! > value(whole!)!)
          faults.push(`${code} of ${whole!}`);
      }
      for (const { code, terms, lower = -Infinity, upper = Infinity } of of.rules) {
        const { decimals } = of.indicators.find((one) => one.code === termSeries(terms[0]![0]).indicator)!;
        const sum = terms.reduce((total, [term, factor]) => total + factor * value(termSeries(term).key)!, 0);
        if (sum < lower * 10 ** decimals || sum > upper * 10 ** decimals) faults.push(code);
      }
    }
    return faults;
  };

  test('fill every series, keep every sum and rule, differ by authority and period, and come again', async () => {
    for (const returns of periods) {
      for (const cells of returns.values())
        expect([...cells.keys()]).toEqual(allSeries(quarterly).map(({ key }) => key));
      expect(broken(quarterly, returns)).toEqual([]);
    }
    const [first, second] = periods;
    expect(first).not.toEqual(second);
    expect([...(await dummyFigures(quarterly, children, 1))[0]!.get('E06000001')!.values()]).toEqual(
      [...first!.get('E06000001')!.values()].map((figure) => (figure as { value: number }).value),
    );
  });

  // The rules of a coarser table must be true of it: an untrue one would let the engine hide less than it has to.
  test('added up they keep the rules that are left', () => {
    const added = addUp(quarterly, periods);
    expect(broken(added.dataset, added.returns)).toEqual([]);
    const rules = added.dataset.rules.map(({ code }) => code);
    expect(rules).toContain('closed-referrals');
    expect(rules).not.toContain('looked-after-in-period');
    const [count, ...all] = [added.returns, ...periods].map((one) => one.get('E06000001')!.get('RF01#count')) as {
      value: number;
    }[];
    expect(count!.value).toBe(all.reduce((sum, { value }) => sum + value, 0));
    expect(added.returns.get('E06000001')!.get('CP01#count')).toEqual(
      periods.at(-1)!.get('E06000001')!.get('CP01#count'),
    );
  });

  test.each([10, 40, 200, 100_000])('with categories taken together until few are under %i, too', (threshold) => {
    const tables = quarterly.indicators.flatMap(({ code, breakdowns }) =>
      breakdowns.map(({ dimension }) => ({ indicator: code, breakdown: dimension })),
    );
    const merges = mergesFor(quarterly, periods[0]!, tables, threshold, 1);
    const merged = merge(quarterly, periods[0]!, merges);
    expect(merges.length).toBeGreaterThan(5);
    expect(datasetFaults(merged.dataset)).toEqual([]);
    expect(broken(merged.dataset, merged.returns)).toEqual([]);
    const neighbours = merges.find(({ breakdown, indicators }) => breakdown === 'age' && indicators.includes('RF01'));
    const list = 'unborn under-1 1-4 5-9 10-15 16-17 18-plus unknown';
    for (const group of neighbours?.groups ?? []) expect(list).toContain(group.join(' '));
  });

  test('rules about all of a group, about each of a group and about some of it', () => {
    const groups = [
      {
        breakdown: 'source',
        indicators: ['FD01', 'FD02', 'FD03', 'RF01', 'RF02', 'RF03', 'RF04'],
        groups: [['police', 'housing']],
      },
      {
        breakdown: 'duration',
        indicators: ['AS02'],
        groups: [
          ['0-10', '11-20'],
          ['41-45', '46-50'],
        ],
      },
    ];
    const { dataset: coarse, returns } = merge(quarterly, periods[0]!, groups);
    const about = (term: string) => coarse.rules.filter(({ terms }) => terms.some(([one]) => one === term));
    expect(broken(coarse, returns)).toEqual([]);
    // RF05 is the referrals of the police, a part of those of police or housing.
    expect(about('RF01|source=police-and-more').map(({ terms, lower, upper }) => [terms, lower, upper])).toEqual([
      [
        [
          ['RF05', 1],
          ['RF01|source=police-and-more', -1],
        ],
        undefined,
        0,
      ],
      [
        [
          ['RF01|source=police-and-more', 1],
          ['RF03|source=police-and-more', -1],
          ['RF04|source=police-and-more', -1],
        ],
        0,
        undefined,
      ],
    ]);
    // Of the bands up to 45 days one is in a group that goes beyond: at most all of that group.
    expect(about('AS02|duration=0-10-and-more')).toMatchObject([{ upper: 0 }]);
    expect(about('AS02|duration=0-10-and-more')[0]).not.toHaveProperty('lower');
  });
});
