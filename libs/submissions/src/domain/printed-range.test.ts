import { loadCatalogue, newestDataset, type Dataset } from '@hub/registry/domain';
import { measure, nationalRanges, regionalRanges } from './printed-range';

const datasets = loadCatalogue().datasets;
const quarterly = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const annual = newestDataset(loadCatalogue(), 'safeguarding-annual');
const figuresOf = (series: string, values: readonly number[]) =>
  values.map((value, i) => ({ authority: `E0600000${i}`, series, value }));
const regional = (figures: ReturnType<typeof figuresOf>, needed = 5, dataset: Dataset = quarterly) =>
  regionalRanges(dataset, figures, '2025-Q1', needed, () => 20_000);

describe('what is printed of a region', () => {
  test('is the range of rates, percentages and means, of totals alone', () => {
    const ranges = regional([
      ...figuresOf('RF01#count', [100, 200, 300, 400, 500]),
      ...figuresOf('RF02#count', [20, 30, 90, 60, 100]),
      ...figuresOf('WF04#count', [1500, 1600, 1700, 1800, 2000]),
      ...figuresOf('WF04#of', [100, 100, 100, 100, 100]),
      ...figuresOf('RF01|source=police#count', [1, 2, 3, 4, 5]),
    ]);
    expect([...ranges]).toEqual([
      ['RF01', { lowest: 50, highest: 250, of: 'the region’s authorities, 2025-Q1' }],
      ['RF02', { lowest: 15, highest: 30, of: 'the region’s authorities, 2025-Q1' }],
      ['WF04', { lowest: 15, highest: 20, of: 'the region’s authorities, 2025-Q1' }],
    ]);
  });
  test('is none of fewer authorities than are needed, a numerator without its denominator counting for none', () => {
    expect([...regional(figuresOf('RF01#count', [100, 200, 300, 400])).keys()]).toEqual([]);
    expect([...regional(figuresOf('RF02#count', [1, 2, 3, 4, 5])).keys()]).toEqual([]);
  });
});

describe('what is printed of England', () => {
  test('is of indicators of the catalogue, each once, lowest first', () => {
    const ranges = nationalRanges(annual, 'year');
    expect(ranges.size).toBeGreaterThan(25);
    for (const { lowest, highest } of ranges.values()) expect(lowest).toBeLessThan(highest);
    expect(ranges.get('SF04')).toEqual({ lowest: 44.4, highest: 100, of: 'England’s authorities, 2024-FY' });
  });
  test('of a year is held against a year alone, a share and a stock against every period', () => {
    const quarter = nationalRanges(quarterly, 'quarter');
    expect(['SF03', 'RF02', 'CP01'].map((code) => quarter.has(code))).toEqual([false, true, true]);
    expect(nationalRanges(annual, 'year').has('SF03')).toBe(true);
  });
  test('is nothing of a dataset with other indicators', () => {
    const audits = datasets.find(({ code }) => code === 'case-file-audits')!;
    expect(nationalRanges(audits, audits.frequency).size).toBe(0);
  });
});

test('one count more is a step of the measure', () => {
  const at = (count: number) =>
    measure(quarterly, 'RF01', (key) => (key === 'RF01#count' ? count : undefined), 20_000)!;
  expect(at(100)).toEqual({ value: 50, step: 0.5 });
  expect(at(102).value - at(100).value).toBeCloseTo(2 * at(100).step);
  expect(measure(quarterly, 'RF01', () => 5, undefined)).toBeUndefined();
  // In tenths: 150 cases of 10 workers, 15 on average; ten tenths more are one case.
  const cases = measure(quarterly, 'WF04', (key) => (key === 'WF04#count' ? 1500 : 100), undefined)!;
  expect(cases.value).toBe(15);
  expect(cases.step).toBeCloseTo(0.1);
});
