import { canonical } from '@hub/kernel';
import type { Change, Dataset } from './dataset';
import { isAggregated } from './series';

/** A difference between two versions, without its explanation. */
export type Difference = Pick<Change, 'kind' | 'what'>;

/** Every part of a specification that can change on its own, by the name under which a change list speaks of it. */
function partsOf(dataset: Dataset): Map<string, string> {
  const parts = new Map<string, string>();
  const put = (what: string, value: unknown) => parts.set(what, canonical(value ?? null));
  for (const name of ['title', 'about', 'frequency', 'aggregated'] as const) put(name, dataset[name]);
  for (const [name, { name: title, categories }] of Object.entries(dataset.dimensions)) {
    put(`dimensions/${name}`, null);
    put(`dimensions/${name}/name`, title);
    for (const category of categories) put(`dimensions/${name}/categories/${category.code}`, category);
  }
  for (const { code, breakdowns, ...members } of dataset.indicators) {
    put(`indicators/${code}`, null);
    for (const [name, value] of Object.entries(members)) put(`indicators/${code}/${name}`, value);
    for (const breakdown of breakdowns) put(`indicators/${code}/breakdowns/${breakdown.dimension}`, breakdown);
  }
  for (const { code, ...rule } of dataset.rules) put(`rules/${code}`, rule);
  return parts;
}

/**
 * Everything in which the second specification differs from the first, in order. What is new or gone as a whole is said
 * once, without its parts.
 */
export function changesBetween(before: Dataset, after: Dataset): Difference[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const found = new Map<string, Change['kind']>();
  for (const [what, value] of now) if (old.get(what) !== value) found.set(what, old.has(what) ? 'changed' : 'added');
  for (const what of old.keys()) if (!now.has(what)) found.set(what, 'removed');
  const isWithin = (what: string) => {
    const steps = what.split('/');
    return steps.some((_, i) => i > 1 && found.get(steps.slice(0, i).join('/')) === found.get(what));
  };
  return [...found]
    .filter(([what]) => !isWithin(what))
    .map(([what, kind]) => ({ kind, what }))
    .sort((a, b) => (a.what < b.what ? -1 : 1));
}

/** What gives a series its meaning: changed, it is another series and needs another code. */
const meanings = ['counts', 'people', 'unit', 'basis', 'decimals', 'denominator'];
/** What may change in a minor version: words and marks, nothing that a sender or a stored count depends on. */
const words = ['name', 'source', 'polarity', 'challenge', 'sensitive', 'nationallyPublished', 'printedLocally'];

/** Whether a change gives an indicator another meaning under its old code. */
export const changesMeaning = ({ kind, what }: Difference): boolean => {
  const [of, , member] = what.split('/');
  return kind === 'changed' && of === 'indicators' && meanings.includes(member ?? '');
};

/** Whether a return made for the version before would no longer do, so that the major number has to rise. */
export const needsMajor = ({ kind, what }: Difference, before: Dataset, after: Dataset): boolean => {
  const [of, , member, code] = what.split('/');
  if (of === 'title' || of === 'about') return false;
  // Nobody asks an authority for its own measures: what is new there can be left out. A rule cannot.
  if (kind === 'added' && of !== 'rules' && !isAggregated(after)) return false;
  if (of === 'indicators' && member === 'breakdowns') return kind !== 'changed' || asksOtherwise(what, before, after);
  if (of === 'indicators' && member !== undefined) return !words.includes(member);
  if (of === 'dimensions' && (member === 'name' || code !== undefined)) return kind !== 'changed';
  return true;
};

/** Whether a breakdown differs in more than its marks. */
function asksOtherwise(what: string, before: Dataset, after: Dataset): boolean {
  const [, code, , dimension] = what.split('/');
  const asked = (dataset: Dataset) => {
    const {
      nationallyPublished: _n,
      printedLocally: _l,
      ...rest
    } = dataset.indicators.find((one) => one.code === code)!.breakdowns.find((one) => one.dimension === dimension)!;
    return canonical(rest);
  };
  return asked(before) !== asked(after);
}
