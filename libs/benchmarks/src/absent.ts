import { nearest, Refusal, type Facts } from '@hub/kernel';
import type { PublicationHead } from '@hub/publications';
import type { Dataset, Indicator } from '@hub/registry';
import type { Place } from './look';

/** What is asked for and is not there, as a refusal that tells what was probably meant and repeats nothing. */

/** Of a word that many names hold the first are told. */
const MOST_NAMED = 5;

/** @param known  among which it was looked for */
export function indicatorAbsent(asked: string, known: readonly Indicator[]): Refusal {
  // Longer texts are nobody's mistyped code.
  const text = asked.slice(0, 80).toLowerCase().trim();
  const codes = new Map(known.map((one) => [one.code, one]));
  const names = new Map(known.map((one) => [one.name.toLowerCase(), one]));
  const byCode = codes.get(nearest(text.toUpperCase(), [...codes.keys()]) ?? '');
  const byName = names.get(nearest(text, [...names.keys()]) ?? '');
  // Else whatever holds all of its words: `plans`, `child protection`.
  const words = text.split(/[^a-z0-9]+/).filter((word) => word.length > 2);
  const holds = [...names].flatMap(([name, one]) => (words.length && words.every((word) => name.includes(word)) ? one : [])); // prettier-ignore
  const meant = byCode ? [byCode] : byName ? [byName] : [...new Set(holds)].slice(0, MOST_NAMED);
  if (!meant.length) return new Refusal('INDICATOR_ABSENT');
  return new Refusal('INDICATOR_ABSENT', {
    nearest: meant.map(({ code }) => code).join(', '),
    names: meant.map(({ code, name }) => `${code} ${name}`).join('; '),
  });
}

/** An indicator, or a category of one that is there. @param datasets  in which it was looked for */
export function placeAbsent({ indicator: asked, categories }: Place, datasets: readonly Dataset[]): Refusal {
  const dataset = datasets.find(({ indicators }) => indicators.some(({ code }) => code === asked));
  if (!dataset) return indicatorAbsent(asked, datasets.flatMap(({ indicators }) => indicators)); // prettier-ignore
  return breakdownAbsent(categories, dataset, dataset.indicators.filter(({ code }) => code === asked)); // prettier-ignore
}

/** A breakdown that none of some indicators of a dataset has: which ones they have, and of one that they have which categories. */
export function breakdownAbsent(
  categories: Place['categories'],
  { dimensions }: Dataset,
  indicators: readonly Indicator[],
): Refusal {
  const all = indicators.flatMap(({ breakdowns }) => breakdowns);
  const breakdowns = [...new Set(all.map(({ dimension }) => dimension))].join(', ') || 'none';
  const [indicator] = indicators.map(({ code }) => code);
  const of: Facts = indicators.length === 1 ? { indicator: indicator! } : {};
  const [[dimension, category] = ['', ''], ...more] = Object.entries(categories);
  const here = all.filter((one) => one.dimension === dimension);
  if (!here.length || more.length)
    return new Refusal('INDICATOR_ABSENT', { ...of, breakdowns, ...(more.length ? { expected: 'one breakdown at a time' } : {}) }); // prettier-ignore
  const known = dimensions[dimension]!.categories.filter(({ code }) =>
    here.some((one) => one.categories?.includes(code) ?? true),
  );
  const meant = nearest(category.slice(0, 80).toLowerCase(), known.map(({ code }) => code)); // prettier-ignore
  return new Refusal('INDICATOR_ABSENT', {
    ...of,
    dimension,
    ...(meant === undefined ? {} : { nearest: meant }),
    categories: known.map(({ code }) => code).join(', '),
  });
}

/**
 * Which authorities a region has in a period is a fact of the registry. One of another region is as absent as one that never was.
 * @throws Refusal AUTHORITY_ABSENT where none of the publications has such a one, though there are some
 */
export function assertAuthority(
  authority: string | null,
  heads: readonly Pick<PublicationHead, 'authorities'>[],
): void {
  if (authority === null || !heads.length) return;
  if (!heads.some(({ authorities }) => authorities.includes(authority))) throw new Refusal('AUTHORITY_ABSENT');
}
