/** How wide words are, for what may not run into one another: a picture is drawn where no letters can be measured. */

/** Advance widths of Helvetica and Arial, in thousandths of the height of a line. Source: the Adobe font metrics of Helvetica. */
const WIDTHS: Readonly<Record<number, string>> = {
  222: 'ijl‘’',
  278: ' \u00a0!,./:;I[\\]ft',
  333: '()-`r“”',
  500: 'ckJsvxyz',
  556: 'abdeghnopqu0123456789?_L#$–',
  584: '+<=>−±',
  611: 'FTZ',
  667: 'ABEKPSVXY&',
  722: 'CDHNRUw',
  778: 'GOQ',
  833: 'mM',
  889: '%',
  944: 'W',
};
const widths = new Map(
  Object.entries(WIDTHS).flatMap(([width, letters]) => [...letters].map((letter) => [letter, Number(width)] as const)),
);

/** How many pixels words take. @param size  of their letters, in pixels @param isBold  about a tenth wider */
export function widthOf(words: string, size: number, isBold = false): number {
  // An accent stands over its letter; one that is not known is as wide as a letter can be.
  const letters = [...words.normalize('NFD').replace(/\p{Mark}/gu, '')];
  const thousandths = letters.reduce((sum, letter) => sum + (widths.get(letter) ?? 1000), 0);
  return (thousandths * size * (isBold ? 1.1 : 1)) / 1000;
}
