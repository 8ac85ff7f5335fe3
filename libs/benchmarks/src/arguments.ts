import { Int } from '@nestjs/graphql';
import { Refusal } from '@hub/kernel';
import type { Indicator } from '@hub/registry';
import { MOST_BACK } from './looks.service';
import { CategoryInput } from './benchmarks.view';

/** What the fields of a region take, and how it is read. */

export { purposeArgument } from '@hub/agreements';

export const breakdownArgument = {
  type: () => [CategoryInput],
  nullable: true,
  description: 'One category, such as `source` and `police`; the total when absent.',
} as const;
export const backArgument = {
  type: () => Int,
  nullable: true,
  description: `How many earlier periods are shown as points, ${MOST_BACK} at most; a change is then told against the period before.`,
} as const;
export const againstArgument = {
  type: () => String,
  nullable: true,
  description: `An earlier period of the same length that changes are told against, ${MOST_BACK} before at most; NOTHING_PUBLISHED where nothing of it is.`,
} as const;
export const datasetArgument = {
  type: () => String,
  nullable: true,
  description: 'Code of a dataset: of this one alone; of all when absent.',
} as const;
export const indicatorsArgument = {
  type: () => [String],
  nullable: true,
  description: 'Codes of indicators: these alone; all when absent.',
} as const;

/**
 * Categories by their dimensions; whether there are such is the dataset's to say.
 * @throws Refusal REQUEST_MALFORMED for what has not the form of codes; INDICATOR_ABSENT when a dimension is named twice
 */
export function categoriesOf(breakdown: readonly CategoryInput[] | null): Record<string, string> {
  if (breakdown?.some((one) => !/^[a-z]+$/.test(one.dimension) || !/^[a-z0-9-]+$/.test(one.category)))
    throw new Refusal('REQUEST_MALFORMED', { expected: 'codes such as source and police' });
  const categories = Object.fromEntries((breakdown ?? []).map((one) => [one.dimension, one.category]));
  if (Object.keys(categories).length !== (breakdown ?? []).length)
    throw new Refusal('INDICATOR_ABSENT', { expected: 'each breakdown once' });
  return categories;
}

export const indicatorOf = ({ code, name }: Indicator) => ({ code, name });
