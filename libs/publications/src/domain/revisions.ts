import type { PublicationDocument } from './document';
import type { Printed } from './figure';

/** A figure that two editions of a period print otherwise, in the whole numbers in which they do. */
export interface Revision {
  /** Key of the series. */
  readonly series: string;
  /** null: the region. */
  readonly authority: string | null;
  readonly was: number;
  readonly is: number;
}

/**
 * What differs between two editions of one period, each as its reader is shown it, in the order of the newer one. Only where both are
 * printed: what became of a figure that is hidden in one of them would be a clue to it.
 */
export function revisionsBetween(
  before: Pick<PublicationDocument, 'authorities' | 'series'>,
  after: Pick<PublicationDocument, 'authorities' | 'series'>,
): Revision[] {
  const earlier = new Map(before.series.map((one) => [one.key, one]));
  return after.series.flatMap(({ key, region, figures }) => {
    const old = earlier.get(key);
    if (!old) return [];
    const revision = (authority: string | null, was: Printed | undefined, is: Printed): Revision[] =>
      typeof was === 'number' && typeof is === 'number' && was !== is ? [{ series: key, authority, was, is }] : [];
    return [
      ...revision(null, old.region, region),
      ...after.authorities.flatMap((authority, i) =>
        revision(authority, old.figures[before.authorities.indexOf(authority)], figures[i]!),
      ),
    ];
  });
}
