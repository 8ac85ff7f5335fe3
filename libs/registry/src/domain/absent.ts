import { nearest, Refusal, type Facts } from '@hub/kernel';
import type { Dataset, Indicator } from './dataset';
import { allSeries, type Series } from './series';

/** What is asked for and is not there, as a refusal that tells what was probably meant and repeats nothing. */

type Place = Pick<Series, 'indicator' | 'categories'>;

/** Of a word that many names hold the first are told. */
const MOST_NAMED = 5;

/** @param known  among which it was looked for */
export const indicatorAbsent = (asked: string, known: readonly Indicator[]): Refusal =>
  new Refusal('INDICATOR_ABSENT', meantBy(asked, known));

/** What was probably meant by a code or a name: the nearest one, else what holds all of its words; nothing where none does. */
function meantBy(asked: string, known: readonly { readonly code: string; readonly name: string }[]): Facts {
  // Longer texts are nobody's mistyped code.
  const text = asked.slice(0, 80).toLowerCase().trim();
  const codes = new Map(known.map((one) => [one.code, one]));
  const names = new Map(known.map((one) => [one.name.toLowerCase(), one]));
  const byCode = codes.get(nearest(text.toUpperCase(), [...codes.keys()]) ?? '');
  const byName = names.get(nearest(text, [...names.keys()]) ?? '');
  // Else whatever holds all of its words: `plans`, `child protection`.
  const words = text.split(/[^a-z0-9]+/).filter((word) => word.length > 2);
  const holds = [...names].flatMap(([name, one]) =>
    words.length && words.every((word) => name.includes(word)) ? one : [],
  );
  const meant = byCode ? [byCode] : byName ? [byName] : [...new Set(holds)].slice(0, MOST_NAMED);
  if (!meant.length) return {};
  return {
    nearest: meant.map(({ code }) => code).join(', '),
    names: meant.map(({ code, name }) => `${code} ${name}`).join('; '),
  };
}

/** An indicator, or a category of one that is there. @param datasets  in which it was looked for */
export function placeAbsent({ indicator: asked, categories }: Place, datasets: readonly Dataset[]): Refusal {
  const dataset = datasets.find(({ indicators }) => indicators.some(({ code }) => code === asked));
  if (!dataset)
    return indicatorAbsent(
      asked,
      datasets.flatMap(({ indicators }) => indicators),
    );
  return breakdownAbsent(
    categories,
    dataset.indicators.flatMap((indicator) => (indicator.code === asked ? { dataset, indicator } : [])),
  );
}

/**
 * A breakdown that none of some indicators has: which ones they have, and of one that they have which categories.
 * @param asked  each with its dataset, which knows the categories
 */
export function breakdownAbsent(
  categories: Place['categories'],
  asked: readonly { readonly dataset: Pick<Dataset, 'dimensions'>; readonly indicator: Indicator }[],
): Refusal {
  const all = asked.flatMap(({ dataset, indicator }) =>
    indicator.breakdowns.map((one) => ({ ...one, all: dataset.dimensions[one.dimension]!.categories })),
  );
  const breakdowns = [...new Set(all.map(({ dimension }) => dimension))].join(', ') || 'none';
  const of: Facts = asked.length === 1 ? { indicator: asked[0]!.indicator.code } : {};
  const [[dimension, category] = ['', ''], ...more] = Object.entries(categories);
  const here = all.filter((one) => one.dimension === dimension);
  if (!here.length || more.length)
    return new Refusal('INDICATOR_ABSENT', {
      ...of,
      breakdowns,
      ...(more.length ? { expected: 'one breakdown at a time' } : {}),
    });
  const known = [...new Set(here.flatMap((one) => one.categories ?? one.all.map(({ code }) => code)))];
  const meant = nearest(category.slice(0, 80).toLowerCase(), known);
  return new Refusal('INDICATOR_ABSENT', {
    ...of,
    dimension,
    ...(meant === undefined ? {} : { nearest: meant }),
    categories: known.join(', '),
  });
}

/**
 * Which authorities a region has in a period is a fact of the registry. One of another region is as absent as one that never was:
 * what was probably meant is looked for among the region's own.
 * @param heads    of publications of the region
 * @param pointer  to where the code stands in what was sent
 * @throws Refusal AUTHORITY_ABSENT where none of the publications has such a one, though there are some
 */
export function assertAuthority(
  authority: string | null,
  heads: readonly { readonly authorities: readonly string[] }[],
  keys: { readonly authorityName: (code: string) => string },
  pointer?: string,
): void {
  if (authority === null || !heads.length) return;
  const known = new Set(heads.flatMap(({ authorities }) => authorities));
  if (known.has(authority)) return;
  const named = [...known].map((code) => ({ code, name: keys.authorityName(code) }));
  throw new Refusal('AUTHORITY_ABSENT', meantBy(authority, named), pointer === undefined ? {} : { pointer });
}

/**
 * A series by its key, as `RF01#count`.
 * @param datasets  in which it is looked for
 * @param pointer   to where the key stands in what was sent
 * @throws Refusal INDICATOR_ABSENT with the key that was probably meant, where none of them has it
 */
export function assertSeries(asked: string, datasets: readonly Dataset[], pointer: string): void {
  const all = datasets.flatMap(allSeries);
  if (all.some(({ key }) => key === asked)) return;
  // Longer texts are nobody's mistyped key.
  const [code = '', ...rest] = asked
    .slice(0, 80)
    .trim()
    .split(/(?=[|#])/);
  const keys = [...new Set(all.flatMap(({ indicator, key }) => (indicator === code.toUpperCase() ? key : [])))];
  const indicators = datasets.flatMap((one) => one.indicators);
  const { nearest: codes, ...names }: Facts = keys.length ? {} : meantBy(code, indicators);
  const meant = keys.length
    ? nearest(`${code.toUpperCase()}${rest.join('').split('#')[0]!.toLowerCase()}#count`, keys)
    : codes && String(codes).replace(/(?=,|$)/g, '#count');
  const near: Facts = meant === undefined ? {} : { nearest: meant, ...names };
  throw new Refusal('INDICATOR_ABSENT', { ...near, expected: 'the key of a series, such as RF01#count' }, { pointer });
}
