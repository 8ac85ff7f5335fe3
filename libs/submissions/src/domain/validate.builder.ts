import type { Dataset, Indicator } from '@hub/registry/domain';

const base: Omit<Indicator, 'code' | 'name' | 'unit' | 'denominator'> = {
  counts: 'something',
  people: 'children',
  polarity: 'neutral',
  basis: 'flow',
  decimals: 0,
  source: 'a test',
  breakdowns: [],
};
const perChildren = { unit: 'per10000', denominator: { population: '0-17' } } as const;

/** A small dataset with every kind of denominator, a breakdown, a rule, and a stock that carries on. */
export const aDataset: Dataset = {
  v: 1,
  code: 'test-stocks',
  version: '1.0',
  title: 'Test',
  frequency: 'quarter',
  dimensions: {
    source: { name: 'Source', categories: ['police', 'other'].map((code) => ({ code, name: code })) },
  },
  indicators: [
    {
      ...base,
      ...perChildren,
      code: 'RF01',
      name: 'Referrals',
      breakdowns: [{ dimension: 'source', exhaustive: true }],
    },
    { ...base, ...perChildren, code: 'SF03', name: 'Conferences' },
    { ...base, code: 'SF05', name: 'Leading to a plan', unit: 'percent', denominator: { indicator: 'SF03' } },
    { ...base, ...perChildren, code: 'CP01', name: 'Plans open' },
    { ...base, ...perChildren, code: 'CP02', name: 'Plans started' },
    { ...base, code: 'CP05', name: 'Long plans ended', unit: 'percent', denominator: { own: 'plans ended' } },
    { ...base, code: 'WF01', name: 'Vacancies', unit: 'percent', decimals: 1, denominator: { own: 'posts' } },
  ],
  rules: [
    {
      code: 'conferences-after-referrals',
      message: 'There are more conferences than referrals.',
      terms: [
        ['SF03', 1],
        ['RF01', -1],
      ],
      upper: 0,
    },
  ],
};
