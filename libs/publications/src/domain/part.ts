import type { PublicationDocument } from './document';

/**
 * What of a publication somebody may see who is shown some of its authorities alone. The region's figure stays only where
 * it holds nobody else's: what is left of it beside the others would be theirs. Whether it does is asked of who belonged
 * to the region in that period, which is public, and never of who has a figure.
 * @param covers  which series they may see at all; a percentage without its denominator's is a count alone
 */
export function partOf(
  document: PublicationDocument,
  shown: 'all' | readonly string[],
  covers: (series: string) => boolean = () => true,
): PublicationDocument {
  const isShown = (authority: string) => shown === 'all' || shown.includes(authority);
  const places = [...document.authorities.keys()].filter((i) => isShown(document.authorities[i]!));
  const whole = isWhole(document.authorities, shown);
  // Intervals and proof are made from the whole print, so they stay with those who may see it; the proof's digest too, for
  // whoever is shown nearly all could try the rest against it.
  const { between: _, proof: __, revised = [], heldAgainst, ...rest } = document;
  const held = heldAgainst?.authorities.filter(isShown);
  // Without names a value that is another one than before would be theirs who sent anew.
  const theirs = revised.filter(isShown);
  return {
    ...rest,
    authorities: places.map((i) => document.authorities[i]!),
    submitted: document.submitted.filter(isShown),
    ...(theirs.length ? { revised: theirs } : {}),
    ...(held?.length ? { heldAgainst: { number: heldAgainst!.number, authorities: held } } : {}),
    series: document.series
      .filter(({ key }) => covers(key))
      .map(({ key, region, figures }) => ({
        key,
        region: whole ? region : 'notAvailable',
        figures: places.map((i) => figures[i]!),
      })),
  };
}

/** Whether the figures of these authorities are all that the publication has. */
export const isWhole = (authorities: readonly string[], shown: 'all' | readonly string[]): boolean =>
  shown === 'all' || authorities.every((authority) => shown.includes(authority));
