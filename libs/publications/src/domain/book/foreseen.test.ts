import { protect, type Problem } from '@hub/disclosure';
import { parsePeriod } from '@hub/kernel';
import { loadCatalogue, newestDataset, type Dataset, type PrintMark } from '@hub/registry/domain';
import type { Cells } from '../compile';
import { byHand, cellsOf, HubInMemory, published, referrals } from './book.builder';
import { asOthersPrint, longerPrint } from './others';
import { inTimeOf } from './periods';

/*
 * The Department prints in autumn what a year adds up to; the quarters have been printed here by then.
 */

const [north, south, east] = ['E06000001', 'E06000002', 'E06000003'] as const;
const quarter = byHand('quarter');
const SCHOOL = 'RF01|source=school#count';
const quarters = ['2025-Q1', '2025-Q2', '2025-Q3', '2025-Q4'] as const;

/** A dataset of which the Department prints totals and categories. */
function printed(frequency: Dataset['frequency'], mark: Partial<PrintMark> = {}): Dataset {
  const dataset = byHand(frequency);
  const nationallyPublished = { by: 'the Department', threshold: 6, rounding: 0, ...mark };
  return {
    ...dataset,
    indicators: dataset.indicators.map((one) => ({
      ...one,
      nationallyPublished,
      breakdowns: one.breakdowns.map((each) => ({ ...each, nationallyPublished })),
    })),
  };
}
const year = printed('year');

/** Publishes quarters in which one authority has those counts of schools; what is printed of each, `undefined` where it is hidden. */
async function yearOf(schools: readonly number[], datasets: readonly Dataset[] = [year]) {
  const hub = new HubInMemory();
  const prints: (number | undefined)[] = [];
  for (const [i, school] of schools.entries()) {
    const returns = {
      [north]: referrals(90, 80, school),
      [south]: referrals(70, 60, 50),
      [east]: referrals(40, 30, 60),
    };
    const edition = published(await hub.publish({ dataset: quarter, datasets, period: quarters[i]!, returns }));
    prints.push(edition.published[`${north}|${SCHOOL}`]);
  }
  return { hub, prints, last: hub.editions.at(-1)!.edition };
}

describe('a year’s total that others print', () => {
  test('does not give back the one quarter that is hidden', async () => {
    // A hidden 1, and three quarters in print: the year less these is 1 again.
    expect((await yearOf([30, 1, 25, 28], [])).prints).toEqual([30, undefined, 25, 28]);
    expect((await yearOf([30, 1, 25, 28])).prints).toEqual([30, undefined, 25, undefined]);
  });

  test('finds room for a small last quarter: before it a count of few is hidden too', async () => {
    expect((await yearOf([10, 11, 8], [])).prints).toEqual([10, 11, 8]);
    const { prints, last } = await yearOf([10, 11, 8, 2]);
    expect(prints).toEqual([undefined, undefined, undefined, undefined]);
    expect(last.leftOut).toEqual([]);
    // Twelve are not few, and nor are they where others print nothing below them.
    expect((await yearOf([12, 14, 13])).prints).toEqual([12, 14, 13]);
  });

  test('is an unknown of its own: printed by others, and tied to the quarters', async () => {
    const { last } = await yearOf([30, 4, 25, 28]);
    const total = `${north}|${SCHOOL}|2025-FY~printed by others|1`;
    const { cells, equations } = last.joint.problem;
    expect(cells.find(({ id }) => id === total)).toMatchObject({ value: 87, locked: 'published' });
    expect(equations).toContainEqual({ total, parts: quarters.map((one) => `${north}|${SCHOOL}|${one}|1`) });
  });

  test('of which they print nothing says nothing', async () => {
    const { last } = await yearOf([2, 0, 0, 1]);
    expect(last.joint.problem.cells.filter(({ id }) => id.includes(`${north}|${SCHOOL}|2025-FY`))).toEqual([]);
  });

  test('that gives a count away whatever is hidden holds nothing up: that row of that authority is left out', async () => {
    const { last } = await yearOf([30, 28, 25, 1]);
    expect(last.leftOut).toEqual([{ authority: north, indicator: 'RF01', dimension: 'source' }]);
    const of = (key: string) => last.compiled.series.find((one) => one.key === key)!;
    expect(of(SCHOOL).figures.map((one) => ('kind' in one ? one.kind : 'a figure'))).toEqual([
      'notAvailable',
      'a figure',
      'a figure',
    ]);
    // The region's figure holds nothing of it, and the total is printed as ever.
    expect(last.published[`region|${SCHOOL}`]).toBe(110);
    expect(last.published[`${north}|RF01#count`]).toBe(171);
    // Where nobody prints the year the last quarter's 1 is hidden like any other.
    expect((await yearOf([30, 28, 25, 1], [])).last.leftOut).toEqual([]);
  });
});

test('where time is too short to find out which rows a year gives away, those around something hidden are left out', async () => {
  const asked: Problem[] = [];
  const hub = new HubInMemory(async (problem, options) => {
    asked.push(problem);
    const isLinked = problem.equations.some(({ total }) => total === `${north}|${SCHOOL}|2025-FY~printed by others|1`);
    const unfinished = problem.cells.map(({ id }) => id);
    return isLinked ? { status: 'refused', exposed: [], cut: 'construct', unfinished } : protect(problem, options);
  });
  for (const [i, school] of [30, 1, 25, 28].entries()) {
    const returns = {
      [north]: referrals(90, 80, school),
      [south]: referrals(70, 60, 50),
      [east]: referrals(40, 30, 60),
    };
    published(await hub.publish({ dataset: quarter, datasets: [year], period: quarters[i]!, returns }));
  }
  const { edition } = hub.editions.at(-1)!;
  expect(asked).toHaveLength(5);
  // What hid the 1 in the second quarter are the others' schools: their rows go too, and the totals stay.
  const everyRow = [north, south, east].map((authority) => ({ authority, indicator: 'RF01', dimension: 'source' }));
  expect(new Set(edition.leftOut)).toEqual(new Set(everyRow));
  expect([north, south, east].map((one) => edition.published[`${one}|RF01#count`])).toEqual([198, 180, 130]);
  // Without that way nothing of it would leave.
  expect(asked[3]!.equations.length).toBeGreaterThan(asked[4]!.equations.length);
});

describe('what stands on the last day of the year', () => {
  const plans = (old: number): Cells => cellsOf({ CP01: 60 + old, 'CP01|age=young': 60, 'CP01|age=old': old });
  const last = async (old: number, datasets: readonly Dataset[]) => {
    const returns = { [north]: plans(old), [south]: plans(30), [east]: plans(20) };
    return published(await new HubInMemory().publish({ dataset: quarter, datasets, period: '2025-Q4', returns }));
  };

  test('is known of the last quarter too, and no cover there', async () => {
    const { compiled, leftOut } = await last(40, [year]);
    const lockOf = (id: string) => compiled.problem.cells.find((cell) => cell.id === id)!.locked;
    expect([lockOf(`${north}|CP01|age=old#count`), leftOut]).toEqual(['published', []]);
    // Beside two printed numbers a small third one follows: ours add nothing to theirs.
    const small = await last(3, [year]);
    expect(small.leftOut).toEqual([{ authority: north, indicator: 'CP01', dimension: 'age' }]);
    expect(small.published[`${north}|CP01#count`]).toBe(63);
    expect(small.published['region|CP01|age=old#count']).toBe(50);
  });

  test('takes a row with it of which only the total is printed, where that leaves no room', async () => {
    const total = {
      ...year,
      indicators: year.indicators.map((one) => ({
        ...one,
        breakdowns: quarter.indicators.find(({ code }) => code === one.code)!.breakdowns,
      })),
    };
    const few = cellsOf({ CP01: 6, 'CP01|age=young': 3, 'CP01|age=old': 3 });
    const returns = { [north]: few, [south]: plans(30), [east]: plans(20) };
    const edition = published(
      await new HubInMemory().publish({ dataset: quarter, datasets: [total], period: '2025-Q4', returns }),
    );
    expect(edition.leftOut).toEqual([{ authority: north, indicator: 'CP01', dimension: 'age' }]);
  });

  test('is not, where it is printed before that day: it is another day’s', async () => {
    expect((await last(3, [printed('year', { monthsAfter: -1 })])).leftOut).toEqual([]);
  });

  test('of another quarter nobody prints', () => {
    const of = (period: string) =>
      asOthersPrint(quarter, parsePeriod(period), [year]).indicators[1]!.nationallyPublished;
    expect([of('2025-Q3'), of('2025-Q4')]).toEqual([undefined, expect.objectContaining({ threshold: 6 })]);
  });
});

test('a quarter that others print, with two of its months in print, loses the third month’s row and no more', async () => {
  const hub = new HubInMemory();
  const datasets = [printed('quarter')];
  for (const period of ['2025-04', '2025-05']) {
    const returns = { [north]: referrals(30, 30, 20), [south]: referrals(20, 20, 20), [east]: referrals(30, 30, 30) };
    published(await hub.publish({ dataset: byHand('month'), datasets, period, returns }));
  }
  const whole = {
    [north]: referrals(90, 90, 43),
    [south]: referrals(60, 60, 60),
    [east]: referrals(90, 90, 90),
  };
  const edition = published(await hub.publish({ dataset: datasets[0]!, datasets, period: '2025-Q1', returns: whole }));
  expect(edition.leftOut).toEqual([{ authority: north, indicator: 'RF01', dimension: 'source' }]);
  expect(edition.published[`${south}|${SCHOOL}`]).toBe(60);
});

describe('the catalogue', () => {
  const { datasets } = loadCatalogue();
  const quarterly = newestDataset({ datasets }, 'safeguarding-quarterly');

  test('says what the Department prints of a year’s referrals, and that it prints no year to date', () => {
    const longer = (period: string, ignore = false) => longerPrint(quarterly, parsePeriod(period), datasets, ignore);
    expect(longer('2025-Q1')('RF01|source=police#count')).toEqual([{ period: '2025-FY', threshold: 6 }]);
    expect(longer('2025-Q1')('RF01|age=unborn#count')).toEqual([]);
    expect(longer('2025-Q1')('LA01#count')).toEqual([]);
    expect(longer('2025-Q1', true)('RF01|source=police#count')).toEqual([]);
  });

  test('counts an indicator over the same time in every collection: none over twelve months is the sum of what another prints', () => {
    const bases = new Map<string, Set<string>>();
    for (const { indicators } of datasets)
      for (const { code, basis } of indicators) bases.set(code, new Set(bases.get(code)).add(basis));
    expect([...bases].filter(([, each]) => each.size > 1)).toEqual([]);
    const rolling = [...bases].flatMap(([code, each]) => (each.has('rolling12') ? [code] : []));
    expect(rolling).toEqual(['LA04', 'WF03', 'WF05', 'WF09']);
    // And it is not added up from one quarter to the year, nor taken for a year's total.
    const inTime = inTimeOf(quarterly);
    expect(
      rolling
        .filter((code) => quarterly.indicators.some((one) => one.code === code))
        .map((code) => inTime(`${code}#count`)),
    ).toEqual(['stands', 'stands', 'stands']);
  });

  test('marks what stands at the end of March, but for the workforce, which is printed as of September', () => {
    const marked = (period: string) => {
      const of = new Map(
        asOthersPrint(quarterly, parsePeriod(period), datasets).indicators.map((one) => [one.code, one]),
      );
      return ['LA01', 'WF01', 'RF01'].map((code) => Boolean(of.get(code)!.nationallyPublished));
    };
    expect(marked('2025-Q4')).toEqual([true, false, false]);
    expect(marked('2025-Q2')).toEqual([false, false, false]);
  });
});
