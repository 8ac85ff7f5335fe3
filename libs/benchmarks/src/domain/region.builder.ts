import { parsePeriod, periodsUntil } from '@hub/kernel';
import type { Printed, PublicationDocument } from '@hub/publications/domain';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { benchmarkOf, type Benchmark } from './benchmark';
import type { Seen } from './line';

/** Benchmarks of a small region, for tests. */

export const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
export const authorities = ['E06000001', 'E06000002', 'E06000003', 'E06000004', 'E06000005', 'E06000047'];
export const CHILDREN = 20_000;

export type Line = readonly [key: string, region: Printed, ...figures: Printed[]];
export const documentOf = (
  period: string,
  lines: readonly Line[],
  between?: PublicationDocument['between'],
): PublicationDocument => ({
  v: 1,
  hub: 'hub-local',
  id: 'pub_hub-local_1',
  region: 'E12000001',
  number: 1,
  dataset: { code: dataset.code, version: dataset.version },
  period,
  edition: 'provisional',
  publishedAt: '2025-08-01T09:00:00.000Z',
  agreement: { id: 'north-east-benchmarking', version: 1 },
  handling: 'For members of the region.',
  threshold: 10,
  authorities,
  submitted: authorities,
  series: lines.map(([key, region, ...figures]) => ({ key, region, figures })),
  ...(between ? { between } : {}),
});
export const benchmark = (code: string, lines: readonly Line[], between?: PublicationDocument['between']): Benchmark =>
  benchmarkOf(documentOf('2025-Q1', lines, between), dataset, code, {}, () => CHILDREN)!;
export const sum = (figures: readonly Printed[]): number =>
  figures.reduce<number>((all, one) => all + (typeof one === 'number' ? one : 0), 0);
export const referrals = (...figures: Printed[]): Line => ['RF01#count', sum(figures), ...figures];

/** Referrals of 300,000 children in each authority, where a tenth is a large step. */
export const smallRates = (figures: readonly Printed[]): Benchmark =>
  benchmarkOf(documentOf('2025-Q1', [['RF01#count', sum(figures), ...figures]]), dataset, 'RF01', {}, () => 300_000)!;

/** Referrals and re-referrals of one authority and the like of the others, over quarters. */
export const seenOver = (
  counts: readonly (Printed | null)[],
  childrenIn: (period: string) => number = () => CHILDREN,
): Seen[] =>
  periodsUntil(parsePeriod('2025-Q1'), counts.length).map((period, i) => {
    const count = counts[i]!;
    return {
      period,
      benchmark:
        count === null
          ? null
          : benchmarkOf(
              documentOf(period.text, [
                [
                  'RF01#count',
                  typeof count === 'number' ? count + 500 : count === 'notSubmitted' ? 500 : count,
                  count,
                  100,
                  100,
                  100,
                  100,
                  100,
                ],
              ]),
              dataset,
              'RF01',
              {},
              () => childrenIn(period.text),
            ),
    };
  });
