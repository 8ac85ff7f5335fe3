import type { Dataset } from '@hub/registry/domain';

/** The columns of a return as a table, in the order of the template. */
export const columns = [
  'dataset',
  'version',
  'period',
  'authority',
  'indicator',
  'dimension',
  'category',
  'name',
  'count',
  'of',
  'status',
  'reason',
  'commentary',
  'query',
  'answer',
  'explanation',
] as const;
export type Column = (typeof columns)[number];

/** Without these there is no return. */
export const requiredColumns: readonly Column[] = ['indicator', 'count'];

/** One place of a dataset that a row can fill: an indicator's total, or one category of it. */
export interface Place {
  readonly indicator: string;
  readonly dimension?: string;
  readonly category?: string;
  /** For people. */
  readonly name: string;
}

/** Every place of the dataset: each indicator's total, then its categories. */
export function placesOf(dataset: Dataset): Place[] {
  return dataset.indicators.flatMap(({ code, name, breakdowns }) => [
    { indicator: code, name },
    ...breakdowns.flatMap(({ dimension, categories }) => {
      const all = dataset.dimensions[dimension]!.categories;
      return all
        .filter((one) => !categories || categories.includes(one.code))
        .map((one) => ({ indicator: code, dimension, category: one.code, name: `${name}: ${one.name}` }));
    }),
  ]);
}
